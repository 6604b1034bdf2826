"""The alert levels run over past months on a made-up record, and scored against what a made-up developer found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scorecard.clock import plus_months
from scorecard.evidence.facts import load
from scorecard.governance.alerts.issuing import NothingToIssue, issue, owed
from scorecard.governance.alerts.levels import evaluate
from scorecard.governance.alerts.replaying import replay
from scorecard.places import DATA
from scorecard.records import AlertChange, AlertRule, ForecastRun
from scorecard.store import Store
from tests.scorecard.examples import determination, result, run

START, END = date(2026, 2, 1), date(2026, 12, 1)


@pytest.fixture
def ruled(store: Store) -> Store:
    store.append(load(DATA).of(AlertRule), action="build", actor="a test")
    return store


def said(day: date, p: float) -> ForecastRun:
    """A run of the day whose chance within 12 months is `p`, from nothing now."""
    base = result(day)
    cdf = replace(base.cdf, p=tuple(min(1.0, p * i) for i in range(len(base.cdf.p))))
    return run(as_of=day, id=f"run-{day}", result=result(day, cdf=cdf, p_now=0.0, p_12_months=p))


def forecast(store: Store, chances: list[float]) -> None:
    runs = [said(plus_months(START, i), p) for i, p in enumerate(chances)]
    store.append(runs, action="forecast", actor="a test")


def test_a_warning_is_scored_by_the_days_before_what_it_warned_of(ruled: Store) -> None:
    forecast(ruled, [0.05, 0.2, 0.4, 0.5, 0.6])
    ruled.append([determination("crossed", date(2026, 7, 15))], action="import", actor="a test")
    found = replay(ruled, START, END)
    (event,) = [one for one in found.happened if one.threshold == "lab.high"]
    assert event.warned_on == date(2026, 4, 1)
    assert event.days == 105
    assert "warned 105 days before, since 1 April 2026: the chance within 12 months is 40 %" in event.words
    (raised,) = found.raised
    assert (raised.outcome, raised.until) == ("it came", date(2026, 7, 15))
    assert found.false == 0
    assert "1 events are far too few" in found.words


def test_a_warning_that_nothing_followed_is_false_once_it_stands_down(ruled: Store) -> None:
    forecast(ruled, [0.05, 0.4, 0.1, 0.1, 0.1, 0.1])
    (raised,) = replay(ruled, START, END).raised
    assert (raised.on, raised.outcome, raised.until) == (date(2026, 3, 1), "stood down", date(2026, 5, 1))
    assert replay(ruled, START, END).false_a_year == pytest.approx(1.2, abs=0.05)


def test_what_had_no_forecast_is_missed_and_said_so(ruled: Store) -> None:
    ruled.append([determination("crossed", date(2026, 7, 15))], action="import", actor="a test")
    found = replay(ruled, START, END)
    (event,) = found.happened
    assert event.days is None
    assert (
        event.words == "missed: none of the 6 looks before it had a forecast, since no criterion measures it"
    )


def test_a_past_look_knows_nothing_of_later_findings(ruled: Store) -> None:
    """Known in August, found in June: until August the levels do not know it."""
    forecast(ruled, [0.05])
    late = determination("cannot_rule_out", date(2026, 6, 15), known_at=date(2026, 8, 20))
    ruled.append([late], action="import", actor="a test")
    (raised,) = replay(ruled, START, END).raised
    assert raised.on == date(2026, 9, 1)


def test_changes_of_level_are_put_on_the_record_once_up_and_down(ruled: Store, tmp_path: Path) -> None:
    forecast(ruled, [0.05, 0.4, 0.1, 0.1, 0.1])
    for month in range(5):
        day = plus_months(START, month)
        evaluate(ruled, day)
        assert evaluate(ruled, day) == []
    with ruled.view() as now:
        changes = [one for one in now.all(AlertChange) if one.scale == "capability"]
    assert [(one.before, one.level) for one in changes] == [("normal", "warning"), ("warning", "watch")]
    assert changes[0].due_on == date(2026, 3, 15)
    assert changes[1].reason.startswith(
        "stood down from warning: the chance within 12 months is 10 %, below 22 %"
    )
    assert evaluate(ruled, START) == [], "a day is not looked at again once a later one was"


def test_an_issue_day_freezes_the_runs_of_its_day_and_a_missed_one_is_caught_up_and_said(
    ruled: Store,
) -> None:
    forecast(ruled, [0.05, 0.1, 0.2])
    first = date(2026, 2, 1)
    assert owed(ruled, date(2026, 2, 2)) == [first]
    made = issue(ruled, first, date(2026, 2, 2))
    assert (made.runs, made.reconstructed, made.note) == ((f"run-{first}",), False, "on its day")
    with ruled.view() as now:
        assert made.head in [entry.hash for entry in now.log()]
    assert owed(ruled, date(2026, 2, 20)) == []
    late = date(2026, 4, 2)
    assert owed(ruled, late) == [date(2026, 3, 1), date(2026, 4, 1)]
    caught_up = issue(ruled, date(2026, 3, 1), late)
    assert caught_up.reconstructed
    assert caught_up.note == "32 days late, from what was known on its day"
    assert not issue(ruled, date(2026, 4, 1), late).reconstructed
    with pytest.raises(NothingToIssue, match="no forecast of 2026-05-01 is on record"):
        issue(ruled, date(2026, 5, 1), date(2026, 5, 1))
