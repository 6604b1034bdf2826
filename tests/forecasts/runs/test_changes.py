"""What moved a probability: on the real vintages, and on made-up evidence where the cause is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forecasts.runs import run as runs
from forecasts.runs.changes import ORDER, Change, Refits, State, explain, goalposts, path_between
from forecasts.runs.request import Request, store_default_priors
from scorecard.governance.proposals import propose, rule
from scorecard.people import Actor
from scorecard.records import PriorSet
from scorecard.store import Store
from tests.scorecard.examples import FACTS, INDICATOR, criterion, having_read, reading, run, system, threshold

LONG_RANGE = "openai.pf2.research.long_range_autonomy"  # measured by one indicator, METR's 50 % horizon
HIGH = "openai.pf2.ai_self_improvement.high"
JANUARY, MARCH, JUNE = date(2026, 1, 31), date(2026, 3, 31), date(2026, 6, 30)
BY = [date(2027, 6, 30)]


def adds_up(one: Change) -> bool:
    return one.before + sum(one.parts.values()) + one.remainder == pytest.approx(one.after, abs=1e-12)


def test_the_real_vintages_split_into_the_march_correction_and_later_systems(published: Store) -> None:
    far = [date(2027, 12, 31)]
    (whole,) = explain(published, JANUARY, JUNE, thresholds=[LONG_RANGE], by=far, method="quick")
    assert adds_up(whole)
    assert tuple(whole.parts) == ORDER
    assert whole.readings["metr_p50_horizon"] == {"new": 10, "revised": 17}
    assert abs(whole.parts["new data"]) > 0.01
    assert abs(whole.parts["revised data"]) > 0.005
    assert (
        whole.parts["changed priors"] == whole.parts["changed criterion"] == whole.parts["changed model"] == 0
    )
    assert abs(whole.remainder) < 0.2, "five months and what the class was learnt to say in them"
    assert "revised data" in whole.words


def test_what_the_correction_touched_is_revised_and_what_came_after_is_new(published: Store) -> None:
    """The states themselves: METR's correction of 3 March changes values of January's systems only."""
    with published.view(as_of=JANUARY) as then, published.view(as_of=JUNE) as now:
        from scorecard.evidence.readings.vintages import current
        from scorecard.records import Measurement

        old, new = (v.all(Measurement, indicator="metr_p50_horizon", main=True) for v in (then, now))
    start = state(measurements=tuple(old))
    _, added, revised, *_ = path_between(start, replace(start, as_of=JUNE, measurements=tuple(new)))
    before = {m.system: m.value for m in current(old)}
    second = {m.system: m.value for m in current(added.measurements)}
    third = {m.system: m.value for m in current(revised.measurements)}
    assert {name: second[name] for name in before} == before, "with new data alone, January's values stand"
    later = set(second) - set(before)
    assert {"claude_opus_4_6", "gpt_5_3_codex", "gemini_3_1_pro"} <= later
    assert before["gpt_5"] == pytest.approx(214, abs=1)
    assert third["gpt_5"] == pytest.approx(203, abs=1)
    assert {name: second[name] for name in later} == {name: third[name] for name in later}
    corrected = {name: third[name] for name in before if third[name] != before[name]}
    first = {
        name: min(m.known_at for m in new if (m.system, m.value) == (name, v))
        for name, v in corrected.items()
    }
    assert Counter(first.values()) == {date(2026, 3, 3): 14, date(2026, 5, 8): 3}, (
        "the three oldest came in May"
    )


# ---- made-up evidence ----------------------------------------------------------------------------

EARLY = tuple(
    reading(f"s{i}", date(2023 + i // 2, 1 + 6 * (i % 2), 1), 4.0 * 1.8**i, known_at=date(2025, 12, 1))
    for i in range(6)
)


def state(**more: Any) -> State:
    fields: dict[str, Any] = {
        "as_of": JANUARY,
        "measurements": EARLY,
        "systems": (),
        "indicators": {"horizon": INDICATOR},
        "prior_set": PriorSet(
            id="none", name="", author="", rationale="", priors={}, settings={}, known_at=JANUARY
        ),
        "criteria": (criterion(),),
        "findings": (),
        "thresholds": (threshold(),),
    }
    return State(**{**fields, **more})


@pytest.fixture
def made_up(tmp_path: Path) -> Store:
    """Six readings of one indicator on a steady trend, and one criterion."""
    store = Store(tmp_path / "scorecard.duckdb")
    known = [r for r in FACTS if r.TABLE not in ("measurements", "systems")]
    names = [system(m.system, m.observed_on) for m in EARLY]
    store.append([*known, *names, *EARLY], action="import", actor="a test")
    store_default_priors(store)
    return store


def split(store: Store) -> Change:
    (one,) = explain(store, JANUARY, MARCH, by=BY, method="quick")
    assert adds_up(one)
    return one


def test_nothing_happened_nothing_changed(made_up: Store) -> None:
    one = split(made_up)
    assert set(one.parts.values()) == {0.0}
    assert -0.1 < one.remainder < 0.02, "two months without a record are worth something"


def test_a_faster_system_is_new_data(made_up: Store) -> None:
    new = reading("s9", date(2026, 2, 20), 2000.0, known_at=date(2026, 3, 1))
    made_up.append([system("s9", date(2026, 2, 20)), new], action="import", actor="a test")
    one = split(made_up)
    assert one.parts["new data"] > 0.05
    assert one.parts["revised data"] == 0.0
    assert one.readings == {"horizon": {"new": 1, "revised": 0}}


def test_a_raised_value_is_revised_data(made_up: Store) -> None:
    last = EARLY[-1]
    raised = reading(last.system, last.observed_on, 1500.0, vintage="2026-03", known_at=date(2026, 3, 1))
    made_up.append([raised], action="import", actor="a test")
    one = split(made_up)
    assert one.parts["revised data"] > 0.05
    assert one.parts["new data"] == 0.0


def test_a_lower_level_is_a_changed_criterion_and_faster_priors_are_changed_priors(made_up: Store) -> None:
    """Adopted after the record began, so that what stood at either end differs."""
    researcher, chair = (Actor(name=n, identity="typed by hand", role="chair") for n in ("one", "two"))
    before, after = ends_of(made_up)
    lower = criterion("lower", level=400.0, author="one", supersedes="horizon-40h")
    propose(made_up, lower, researcher)
    rule(made_up, "criteria", "lower", "adopted", actor=chair, reason="closer to the work")
    with made_up.view() as now:
        base = now.get(PriorSet, id="default")
    faster = {**base.settings, "paces": {"value": {"horizon": {"median": 4.0, "spread": 0.3}}}}
    changed = replace(after, criteria=(lower,), prior_set=replace(base, id="faster", settings=faster))
    refits = Refits(method="quick")
    p = [refits.crossings(s, ["lab.high"])["lab.high"].p_by(BY[0]) for s in path_between(before, changed)]
    assert p[0] == p[1] == p[2]
    assert p[3] > p[2] + 0.02, "faster priors"
    assert p[4] > p[3] + 0.02, "a lower level"


def test_a_split_begins_at_the_forecast_of_its_earlier_day(published: Store) -> None:
    """Criteria that somebody proposed in between are a part of the change, and not of where it began."""
    since, until = date(2026, 11, 1), date(2026, 12, 1)
    (said,) = runs.run(published, Request(as_of=since, thresholds=(HIGH,), method="quick"))
    (change,) = explain(published, since, until, thresholds=[HIGH], by=[date(2027, 12, 1)], method="quick")
    assert change.before == pytest.approx(said.quoted.p_by(date(2027, 12, 1)), abs=0.02), "fewer worlds"
    assert abs(change.parts["changed criterion"]) > 0.05
    assert adds_up(change)


def ends_of(store: Store) -> tuple[State, State]:
    from forecasts.runs.changes import _ends

    start, end, _ = _ends(store, JANUARY, MARCH)
    return start, end


def test_goalposts_move_only_when_criteria_do(made_up: Store) -> None:
    new = reading("s9", date(2026, 2, 20), 2000.0, known_at=date(2026, 3, 1))
    made_up.append([system("s9", date(2026, 2, 20)), new], action="import", actor="a test")
    (one,) = goalposts(made_up, JANUARY, MARCH, by=BY[0], method="quick")
    assert one.then_then == one.then_now
    assert one.now_then == one.now_now
    assert one.now_now is not None
    assert one.then_then is not None
    assert one.now_now > one.then_then
    assert one.criteria_then == one.criteria_now == ("horizon-40h",)


def test_a_run_of_an_older_model_is_set_apart(made_up: Store) -> None:
    """By the sampler ends are stored runs; here one of another version, so that the model is a part."""
    from forecasts.runs.changes import _ends

    made_up.append(having_read(made_up, run(JANUARY, model_version="0.1")), action="forecast", actor="a test")
    _, _, stored = _ends(made_up, JANUARY, MARCH)
    assert stored[0]["lab.high"].model_version == "0.1"
    made_up.append([run(MARCH, model_version="0.1")], action="forecast", actor="a test")
    assert _ends(made_up, JANUARY, MARCH)[2][1] == {}, "at the later end the path is the present model's"


def test_days_out_of_order_are_refused(made_up: Store) -> None:
    with pytest.raises(ValueError, match="must lie before"):
        explain(made_up, MARCH, JANUARY)
