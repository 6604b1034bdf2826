"""The scorecard's rows: what could be known on a day, which run holds, and why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scorecard.records import POOL, QUICK, Ruling, Verdict
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow, board, standing_criteria, standing_prior_set
from tests.scorecard.examples import criterion, determination, framework, reading, run, threshold


def rows(store: Store, as_of: date) -> list[ScorecardRow]:
    with store.view(as_of=as_of) as known, store.view() as now:
        return board(known, now, as_of=as_of)


def ruling(subject: str, verdict: Verdict) -> Ruling:
    return Ruling(
        id="r",
        subject=subject,
        ruling=verdict,
        ruled_by="the chair",
        reason="seen",
        known_at=date(2026, 1, 20),
    )


def test_a_day_shows_the_vintage_known_then(store: Store) -> None:
    for day, value in ((date(2026, 1, 31), 214.0), (date(2026, 3, 3), 203.0)):
        latest = rows(store, day)[0].latest
        assert latest is not None
        assert latest.measurement.value == value


def test_what_was_not_known_yet_is_not_shown(store: Store) -> None:
    assert rows(store, date(2024, 12, 31)) == []
    early = rows(store, date(2026, 1, 1))
    assert early[0].latest is None


def test_age_and_staleness_count_from_the_reading(store: Store) -> None:
    latest = rows(store, date(2026, 3, 1))[0].latest
    assert latest is not None
    assert latest.age_days == 181
    assert latest.marks == ("stale",)


def test_only_the_version_in_force_has_rows(store: Store) -> None:
    store.append(
        [framework("2", date(2026, 2, 1)), threshold("lab.high.2", version="2")],
        action="import",
        actor="a test",
    )
    assert [r.threshold.id for r in rows(store, date(2026, 1, 31))] == ["lab.high"]
    assert [r.threshold.id for r in rows(store, date(2026, 2, 1))] == ["lab.high.2"]


@pytest.mark.parametrize(
    ("finding", "name"),
    [("crossed", "crossed"), ("precautionary", "treated as crossed"), ("not_crossed", "not crossed")],
)
def test_status_is_the_developers_latest_word(store: Store, finding: str, name: str) -> None:
    store.append(
        [determination("look_deeper", date(2026, 1, 5)), determination(finding, date(2026, 1, 9))],
        action="import", actor="a test",
    )  # fmt: skip
    row = rows(store, date(2026, 2, 1))[0]
    assert row.status.name == name
    assert "9 January 2026" in row.status.reason
    assert "read in the document itself" in row.status.reason


def test_silence_is_not_a_determination(store: Store) -> None:
    assert rows(store, date(2026, 2, 1))[0].status.name == "no determination"


def test_a_run_holds_until_its_evidence_moves(store: Store) -> None:
    store.append([run(date(2026, 2, 1))], action="forecast", actor="a test")
    assert rows(store, date(2026, 1, 31))[0].forecast is None
    later = rows(store, date(2026, 2, 20))[0].forecast
    assert later is not None
    assert later.p_now == pytest.approx(0.1 + 0.08 * 19 / 365, abs=1e-9)
    assert rows(store, date(2026, 3, 3))[0].forecast is None, "a revised value became known"


def test_a_sampled_run_goes_before_a_quick_one_however_they_were_stored(store: Store) -> None:
    day = date(2026, 2, 1)
    for id, model in (("q1", QUICK), ("s", POOL), ("q2", QUICK)):
        made = replace(run(day), id=id, model=model)
        store.append([made], action="forecast", actor="a test")
        forecast = rows(store, day)[0].forecast
        assert forecast is not None
        assert forecast.run.id == ("q1" if id == "q1" else "s")
        assert forecast.as_json()["model"] == forecast.run.model


def test_a_run_under_other_criteria_does_not_count(store: Store) -> None:
    store.append([run(criteria=("another",))], action="forecast", actor="a test")
    row = rows(store, date(2026, 2, 2))[0]
    assert row.forecast is None
    assert row.unforecast == "No forecast has been run for this day yet."


def test_a_failed_run_quotes_nothing(store: Store) -> None:
    store.append(
        [run(publishable=False, result={"message": "R-hat was 1.2; sample longer."})],
        action="forecast",
        actor="a",
    )
    row = rows(store, date(2026, 2, 2))[0]
    assert row.unforecast == "R-hat was 1.2; sample longer."
    assert row.as_json()["p_now"] is None


def test_a_threshold_without_criteria_says_what_is_needed(store: Store) -> None:
    store.append(
        [threshold("lab.low", needed="A published cost ratio would be needed.")],
        action="import",
        actor="a test",
    )
    row = next(r for r in rows(store, date(2026, 2, 2)) if r.threshold.id == "lab.low")
    assert row.unforecast == "Nobody can measure this yet. A published cost ratio would be needed."


def test_adopted_criteria_replace_what_they_supersede(store: Store) -> None:
    proposed = criterion("stricter", author="a researcher", supersedes="horizon-40h")
    store.append([proposed], action="propose", actor="a researcher")
    with store.view() as now:
        assert [c.id for c in standing_criteria(now)] == ["horizon-40h"]
    store.append([ruling("criteria/stricter", "adopted")], action="adopt", actor="the chair")
    with store.view() as now:
        assert [c.id for c in standing_criteria(now)] == ["stricter"]


def test_the_default_prior_set_stands_until_one_is_adopted(store: Store) -> None:
    with store.view() as now:
        assert standing_prior_set(now) == "default"


def test_json_has_the_promised_fields(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    row = rows(store, date(2026, 2, 2))[0].as_json()
    assert set(row) >= {
        "threshold", "framework", "version", "category", "level", "kind", "status", "reason", "latest",
        "p_now", "p_12_months", "p_by", "q10", "q50", "q90", "p_beyond_horizon",
    }  # fmt: skip
    assert set(row["latest"]) >= {"value", "unit", "system", "date", "source", "age_days"}
    assert row["q90"] is None
    assert row["p_beyond_horizon"] == 0.1
    assert list(row["p_by"]) == ["2026-12-31", "2027-12-31", "2028-03-31", "2028-12-31", "2030-12-31"]


def test_readings_that_are_not_main_are_not_the_latest(store: Store) -> None:
    store.append(
        [reading("two", date(2025, 9, 1), 9999.0, condition="cheating counted", main=False)],
        action="import", actor="a test",
    )  # fmt: skip
    latest = rows(store, date(2026, 2, 1))[0].latest
    assert latest is not None
    assert latest.measurement.value == 214.0
