"""Which run stands for a threshold: what it read is what would be read now, or it says why it is outdated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scorecard.records import POOL, QUICK, PriorSet
from scorecard.store import Store
from tests.scorecard.examples import KNOWN, criterion, determination, having_read, reading, run, system
from tests.scorecard.thresholds.test_board import rows, ruling


def test_a_run_holds_until_its_evidence_moves(store: Store) -> None:
    store.append([run(date(2026, 2, 1))], action="forecast", actor="a test")
    assert rows(store, date(2026, 1, 31))[0].forecast is None
    later = rows(store, date(2026, 2, 20))[0].forecast
    assert later is not None
    assert later.p_now == pytest.approx(0.1 + 0.08 * 19 / 365, abs=1e-9)
    assert later.outdated == ""
    revised = rows(store, date(2026, 3, 3))[0]
    assert revised.forecast is not None
    assert revised.forecast.run == later.run
    assert revised.forecast.outdated == (
        "older than its evidence: what it read on 1 February 2026 has changed since"
    )
    assert revised.as_json()["outdated"] == revised.forecast.outdated
    store.append([run(date(2026, 3, 3))], action="forecast", actor="a test")
    renewed = rows(store, date(2026, 3, 3))[0].as_json()
    assert (renewed["forecast_run"], renewed["outdated"]) == ("run-2026-03-03-0000", None)


@pytest.mark.parametrize(
    ("vintage", "known_at"), [("2026-02b", date(2026, 2, 10)), ("2025-11", date(2026, 1, 5))]
)
def test_a_reading_of_the_same_day_or_an_older_vintage_is_not_passed_over(
    store: Store, vintage: str, known_at: date
) -> None:
    day = date(2026, 2, 10)
    store.append([run(day)], action="forecast", actor="a test")
    before = rows(store, day)[0].forecast
    assert before is not None
    assert before.outdated == ""
    late = reading("one", date(2025, 3, 1), 70.0, vintage=vintage, known_at=known_at)
    store.append([late], action="enter", actor="a test")
    after = rows(store, day)[0].forecast
    assert after is not None
    assert after.outdated.startswith("older than its evidence")
    store.append(having_read(store, replace(run(day), id="again")), action="forecast", actor="a test")
    renewed = rows(store, day)[0].forecast
    assert renewed is not None
    assert (renewed.run.id, renewed.outdated) == ("again", "")


def test_what_no_forecast_reads_makes_none_old(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    kept = system("one", date(2025, 3, 1))
    store.append(
        [
            reading("one", date(2025, 3, 1), 9.0, condition="shown only", main=False),
            replace(kept, aliases=("uno",), note="another spelling"),
            criterion(rationale="the same in other words"),
        ],
        action="enter",
        actor="a test",
    )
    row = rows(store, date(2026, 2, 1))[0]
    assert row.forecast is not None
    assert row.forecast.outdated == ""
    store.append([replace(kept, developer="Another")], action="enter", actor="a test")
    row = rows(store, date(2026, 2, 1))[0]
    assert row.forecast is not None
    assert row.forecast.outdated != ""


def test_a_prior_set_that_is_adopted_leaves_the_last_forecast_in_its_place(store: Store) -> None:
    ours = PriorSet(
        id="ours",
        name="Ours",
        author="a researcher",
        rationale="an example",
        priors={},
        settings={},
        known_at=KNOWN,
    )
    store.append([run(), ours], action="forecast", actor="a test")
    store.append([ruling("prior_sets/ours", "adopted")], action="adopt", actor="the chair")
    day = date(2026, 2, 2)
    row = rows(store, day)[0].forecast
    assert row is not None
    assert row.outdated == "made under prior set default, before ours was in use"
    assert rows(store, date(2026, 2, 1))[0].as_json()["outdated"], "adopted on 20 January"
    # What somebody tried under priors of their own never takes the place.
    store.append([run(day, prior_set="tried")], action="forecast", actor="a test")
    kept = rows(store, day)[0].forecast
    assert kept is not None
    assert kept.run.prior_set == "default"
    store.append([run(day, id="new", prior_set="ours")], action="forecast", actor="a test")
    renewed = rows(store, day)[0].forecast
    assert renewed is not None
    assert (renewed.run.id, renewed.outdated) == ("new", "")
    taken_back = replace(ruling("prior_sets/ours", "withdrawn"), id="r2", known_at=day)
    store.append([taken_back], action="withdraw", actor="the chair")
    again = rows(store, day)[0].forecast
    assert again is not None
    assert (again.run.prior_set, again.outdated) == ("default", "")


def test_a_crossed_threshold_keeps_no_outdated_forecast(store: Store) -> None:
    found = determination("crossed", date(2026, 3, 2))
    store.append([run(), found], action="forecast", actor="a test")
    row = rows(store, date(2026, 3, 3))[0]
    assert row.forecast is None
    assert "no longer a question" in row.unforecast


def test_a_sampled_run_goes_before_a_quick_one_however_they_were_stored(store: Store) -> None:
    day = date(2026, 2, 1)
    for id, model in (("q1", QUICK), ("s", POOL), ("q2", QUICK)):
        made = replace(run(day), id=id, model=model)
        store.append([made], action="forecast", actor="a test")
        forecast = rows(store, day)[0].forecast
        assert forecast is not None
        assert forecast.run.id == ("q1" if id == "q1" else "s")
        assert forecast.as_json()["model"] == forecast.run.model


def test_a_run_under_other_criteria_says_so(store: Store) -> None:
    foreign = run(id="other", criteria=("another",))
    store.append([foreign], action="forecast", actor="a test")
    assert rows(store, date(2026, 2, 2))[0].forecast is None, "criteria that this day does not know"
    store.append([criterion("another", author="a researcher")], action="forecast", actor="a test")
    row = rows(store, date(2026, 2, 2))[0]
    assert row.forecast is not None
    assert row.forecast.outdated == "made under other criteria than those in use now"
    store.append([run()], action="forecast", actor="a test")
    assert rows(store, date(2026, 2, 2))[0].as_json()["outdated"] is None
