"""The judge on hand-made cases: what is asked, what is known, how it is scored, and fair baselines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from forecasts.judging.reference.baselines import FairLine, NoChange
from forecasts.judging.reference.change_points import FALSE_ONCE_IN, bet, first_alarm
from forecasts.judging.reference.contender import MONTHS, SeriesQuestion, question
from forecasts.judging.reference.judge import judge
from forecasts.judging.reference.scoring import ContenderScores, scored, yearly_rise
from forecasts.judging.reference.series_class import ReferenceSeries, origins_of, reference_class
from forecasts.judging.reference.summary import figures
from forecasts.readings import Readings
from scorecard.places import DATA
from tests.forecasts.examples import indicator


def made(t: Sequence[float], y: Sequence[float], id: str = "one", ceiling: float = np.inf) -> ReferenceSeries:
    size = len(t)
    return ReferenceSeries(
        id=id,
        name=id,
        indicator=indicator(),
        half="design",
        retired=False,
        readings=Readings(
            t=np.array(t),
            y=np.array(y),
            s=np.full(size, 0.1),
            exact=np.ones(size, dtype=bool),
            ceiling=ceiling,
        ),
    )


STEPS = made([-0.9, -0.6, -0.3, -0.1, 0.2, 0.5, 1.2], [0.0, 1.0, 2.0, 3.0, 3.5, 3.2, 5.0])


def test_an_origin_has_four_records_before_it_and_three_months_after() -> None:
    found = origins_of(STEPS.readings)
    assert found[0] == 0.0
    assert found[-1] <= 1.2 - 0.25


def test_a_question_knows_nothing_younger_than_its_origin() -> None:
    other = made([0.1, 0.3, 0.9], [0.0, 1.0, 2.0], id="other")
    asked = question(STEPS, [STEPS, other], 0.35, seed=1)
    assert asked.known.t.max() < 0.35
    assert [one.t.max() for one in asked.others] == [0.3]
    assert len(asked.others) == 1  # never the series itself


class Certain:
    """Knows that the record rises by `step` at once, and says so with two draws."""

    def __init__(self, asked: SeriesQuestion, step: float) -> None:
        self.paths = np.full((2, MONTHS + 1), asked.known.record + step)
        self.paths[:, 0] = asked.known.record
        self._reading = np.full(2, asked.known.record + step)

    def record(self, t: float) -> np.ndarray:
        del t
        return self._reading


def test_scores_of_a_certain_forecast_are_its_errors() -> None:
    asked = question(STEPS, [STEPS], 0.0, seed=1)
    found = scored(asked, Certain(asked, 0.5), STEPS.readings)
    frontier = {r.lead: r.crps for r in found.reached if r.kind == "frontier"}
    # The record stands at 3.5 from 0.2 on, and at 3 before.
    assert frontier == pytest.approx({3: 0.0, 6: 0.0, 12: 0.0})
    assert [r.crps for r in found.reached if r.kind == "record"] == pytest.approx([0.0])
    rise = yearly_rise(STEPS.readings)
    assert rise == pytest.approx(5.0 / 2.1)
    quarter = found.dated[0]  # reached for certain in the first month, where it took 2.4
    assert quarter.happened == pytest.approx(2.4 if 3 + 0.25 * rise <= 3.5 else 14.4)
    assert quarter.within in (0.0, 1.0)


def test_a_level_that_was_not_reached_counts_against_who_said_it_would_be() -> None:
    asked = question(STEPS, [STEPS], 0.0, seed=1)
    bold, shy = (scored(asked, Certain(asked, step), STEPS.readings) for step in (50.0, 0.0))
    unreached = [i for i, d in enumerate(shy.dated) if not np.isfinite(d.happened)]
    assert unreached
    assert all(bold.dated[i].crps > shy.dated[i].crps for i in unreached)


def test_the_fair_line_covers_what_it_should_on_true_lines() -> None:
    """Sixty lines with noise: the next reading lies inside the Student interval as often as that says."""
    inside = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        t = np.sort(rng.random(10) * 0.9 - 0.9)
        one = made(list(t), list(3 * t + 0.05 * rng.standard_normal(10)))
        asked = question(one, [one], 0.0, seed=seed)
        if len(FairLine(asked)._fitted[0]) < 5:
            continue
        truth = 3 * 0.3 + 0.05 * rng.standard_normal()
        low, high = np.quantile(FairLine(asked).record(0.3), [0.1, 0.9])
        inside.append(low <= truth <= high)
    assert len(inside) > 40
    assert np.mean(inside) == pytest.approx(0.8, abs=0.13)


def test_the_judge_gives_the_same_numbers_whoever_goes_through_the_series() -> None:
    listed = [STEPS, made([-0.9, -0.7, -0.5, -0.2, 0.4, 1.0], [0.0, 0.4, 0.9, 1.5, 2.0, 2.2], id="two")]
    contenders = {"line": FairLine, "no change": NoChange}
    one = judge(listed, contenders, seed=3)
    two = judge(listed, contenders, seed=3, spread=lambda work, ids: [work(id) for id in ids])
    assert repr(one) == repr(two)  # a missing score is no number, and no number equals another
    found = figures(one, "no change", "line", ["one", "two"], {"one": 2.0, "two": 1.5})
    assert found.frontier.series == 2
    assert found.frontier.low <= found.frontier.value <= found.frontier.high
    assert figures(one, "line", "line", ["one"], {"one": 2.0}).frontier.value == 1.0
    assert isinstance(one["line"]["one"], ContenderScores)


def test_a_bet_on_high_values_is_fair_and_the_alarm_keeps_its_rate() -> None:
    rng = np.random.default_rng(1)
    bets = []
    for _ in range(4000):
        draws = np.where(rng.random(300) < 0.6, 0.0, rng.gamma(1.0, size=300))
        bets.append(bet(draws, 0.0 if rng.random() < 0.6 else float(rng.gamma(1.0))))
    assert np.mean(bets) == pytest.approx(1.0, abs=0.15)
    waits = [first_alarm(list(rng.choice(bets, 400))) for _ in range(150)]
    assert np.mean([400 if wait is None else wait for wait in waits]) > FALSE_ONCE_IN
    surprises = [bet(np.zeros(300), 1.0)] * 3
    assert first_alarm(surprises) is not None


@pytest.fixture(scope="module")
def listed() -> list[ReferenceSeries]:
    return reference_class(DATA)


def test_the_class_is_read_through_the_importer_in_stated_units(listed: list[ReferenceSeries]) -> None:
    by = {one.id: one for one in listed}
    assert len(listed) == 50
    assert sum(one.retired for one in listed) == 12
    assert sum(one.half == "design" for one in listed) == 22
    assert by["metr_p50_horizon"].half == by["epoch_eci"].half == "test"
    gpqa = by["epoch_gpqa_diamond"].readings
    assert gpqa.record == pytest.approx(np.log(0.946 / 0.054), abs=0.01)
    assert gpqa.ceiling == pytest.approx(np.log((198 - 0.5) / 0.5))
    horizon = by["metr_p50_horizon"].readings
    assert np.exp2(horizon.record * 1.724) > 900  # minutes
    assert sum(len(origins_of(one.readings)) for one in listed) > 440


def test_a_system_and_day_has_one_reading(listed: list[ReferenceSeries]) -> None:
    tables = {one.id: len(one.readings) for one in listed}
    # Terminal-Bench's table has 180 rows, a scaffold each.
    assert tables["epoch_terminalbench"] < 60
