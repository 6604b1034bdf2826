"""What readers are told: the slow rise that was never told, a thousand worlds of rises, noise, jumps and plateaus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import numpy as np
import pytest

from scorecard.clock import MONTH
from scorecard.governance.alerts.telling import DRAWS, Note, compose
from scorecard.governance.alerts.told import Amounts, ToldState, changes
from scorecard.records import Reader

START = date(2026, 1, 5)
READER = Reader(id="board", name="the board", author="the chair", known_at=START)
THRESHOLDS = 18  # on the scorecard, of which one has a story and the others their noise
WEEKS = 52
DAYS = 5.0  # standard deviation of a median over seeds of a run


def state(week: int, p: float, q50: date, threshold: str = "one", **more: object) -> ToldState:
    made = ToldState(
        threshold=threshold,
        on=START + timedelta(days=7 * week),
        p_12_months=p,
        q50=q50,
        error=sqrt(p * (1 - p) / DRAWS),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def told(weeks: Sequence[Mapping[str, ToldState]], reader: Reader = READER) -> list[tuple[int, Note]]:
    """The notes of weekly looks, each measured from what the earlier ones told, as `due` composes them."""
    before: dict[str, ToldState] = {}
    notes: list[tuple[int, Note]] = []
    last: date | None = None
    for week, states in enumerate(weeks):
        on = START + timedelta(days=7 * week)
        note = compose(reader, before, states, {}, on, last=last)
        if note is not None:
            before |= {one.threshold: states[one.threshold] for one in note.told}
            last = on
            notes.append((week, note))
    return notes


def test_fifteen_weeks_of_a_slow_rise_are_told() -> None:
    """Chance 20 % to 83 %, median a year sooner, 4.5 points and 25 days a week: never told while each week was
    compared with the one before."""
    weeks = [
        {"one": state(i, 0.20 + 0.045 * i, date(2028, 1, 1) - timedelta(days=25 * i))} for i in range(15)
    ]
    notes = told(weeks)
    points = [0.045 * (later - sooner) for (sooner, _), (later, _) in pairwise(notes)]
    assert len(notes) == 8  # the first says where it stands, then one every other week
    assert max(points) < 0.10
    sentences = [note.notice.sentences[0] for _, note in notes]
    for named in ("33 %", "50 %", "66 %"):
        assert sum(f"past {named}" in one or f", {named}" in one for one in sentences) == 1
    assert "chance within 12 months from 20 % to 29 %" in sentences[1]


def test_a_level_passed_downwards_is_told_too() -> None:
    weeks = [{"one": state(i, p, date(2028, 1, 1))} for i, p in enumerate((0.52, 0.51, 0.485, 0.45))]
    notes = told(weeks)
    assert [week for week, _ in notes] == [0, 2]
    assert "from 52 % to 48 %, past 50 %" in notes[1][1].notice.sentences[0]


def test_a_drift_that_stays_small_is_told_after_a_quarter() -> None:
    then, month = state(0, 0.20, date(2030, 1, 1)), date(2030, 1, 1)
    assert changes(then, state(4, 0.235, month), Amounts()) == ()
    (drift,) = changes(then, state(13, 0.235, month), Amounts())
    assert drift.kind == "drift"
    assert drift.words == "slow drift: chance within 12 months from 20 % to 24 %"


def test_a_digest_waits_and_a_raised_level_does_not() -> None:
    weekly = replace(READER, digest="monthly")
    calm = [{"one": state(i, 0.2 + 0.06 * i, date(2030, 1, 1))} for i in range(3)]
    assert [week for week, _ in told(calm, weekly)] == [0]
    raised = [*calm, {"one": state(3, 0.4, date(2030, 1, 1), capability="warning")}]
    assert [week for week, _ in told(raised, weekly)] == [0, 3]


def test_only_what_a_reader_follows_is_told() -> None:
    mine = replace(READER, thresholds=("two",))
    weeks = [{n: state(i, 0.1 + 0.2 * i, date(2030, 1, 1), n) for n in ("one", "two")} for i in range(2)]
    notes = told(weeks, mine)
    assert [[one.partition(":")[0] for one in note.notice.sentences] for _, note in notes] == [
        ["two"],
        ["two"],
    ]


# ---- a thousand worlds ------------------------------------------------------------------------------


def noisy(rng: np.random.Generator, p: np.ndarray) -> np.ndarray:
    """Chances as runs would say them: each week's draws differ by the Monte Carlo error of a run."""
    seen = np.clip(p, 0.001, 0.999)
    return np.clip(rng.normal(seen, np.sqrt(seen * (1 - seen) / DRAWS)), 0.0, 1.0)


def dates(rng: np.random.Generator, months: np.ndarray) -> list[date]:
    """Median dates as runs would say them, the truth in months from the start; two runs of the same differ by days."""
    return [START + timedelta(days=float(MONTH * (36 + m))) for m in rng.normal(months, DAYS / MONTH)]


@pytest.mark.parametrize("seed", range(10))
def test_every_one_of_a_thousand_slow_rises_is_told_in_time(seed: int) -> None:
    """A hundred worlds a seed: 0.2 to 2.5 points more a week, a median up to a week nearer each week: a note before
    10 points or 4 months have gathered since the last one, all the way up."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        a_week, sooner = rng.uniform(0.002, 0.025), rng.uniform(0.0, 7.0) / MONTH
        truth = np.minimum(rng.uniform(0.02, 0.4) + a_week * np.arange(WEEKS), 0.95)
        months = -sooner * np.arange(WEEKS)
        p, q50 = noisy(rng, truth), dates(rng, months)
        weeks = [{"one": state(i, float(p[i]), q50[i])} for i in range(WEEKS)]
        at = [week for week, _ in told(weeks)]
        for sooner_week, later in zip(at, [*at[1:], WEEKS - 1], strict=True):
            assert truth[later] - truth[sooner_week] < 0.10
            assert abs(months[later] - months[sooner_week]) < 4.0


def test_noise_alone_is_told_less_than_once_a_reader_and_month() -> None:
    """A hundred readers of eighteen thresholds for a year, with nothing but the errors of the runs."""
    rng = np.random.default_rng(20)
    false = 0
    for _ in range(100):
        level = rng.uniform(0.02, 0.98, THRESHOLDS)
        p = noisy(rng, np.repeat(level[None, :], WEEKS, axis=0))
        q50 = [dates(rng, np.zeros(WEEKS)) for _ in range(THRESHOLDS)]
        weeks = [
            {f"t{k}": state(i, float(p[i, k]), q50[k][i], f"t{k}") for k in range(THRESHOLDS)}
            for i in range(WEEKS)
        ]
        false += len(told(weeks)) - 1  # the first note says where everything stands
    assert false / (100 * 12) < 1.0


def test_a_jump_is_told_the_week_it_comes_a_plateau_is_not_and_a_reversal_both_ways() -> None:
    rng = np.random.default_rng(21)
    late, plateau, both = 0, 0, 0
    for _ in range(300):
        at, size = int(rng.integers(5, 30)), rng.uniform(0.08, 0.4)
        low = rng.uniform(0.05, 0.5)
        jump = np.where(np.arange(WEEKS) < at, low, low + size)
        back = np.where(np.arange(WEEKS) < at + 10, jump, low)
        still = np.zeros(WEEKS)
        for truth in (jump, back):
            p, q50 = noisy(rng, truth), dates(rng, still)
            weeks = [week for week, _ in told([{"one": state(i, float(p[i]), q50[i])} for i in range(WEEKS)])]
            late += at not in weeks
            if truth is jump:
                plateau += sum(week > at for week in weeks)
            else:
                both += at + 10 in weeks
    assert late == 0
    assert both == 300
    assert plateau / (300 * 8) < 0.1  # a month after the jump, of one threshold
