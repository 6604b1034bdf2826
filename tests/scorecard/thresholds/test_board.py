"""The scorecard's rows: what could be known on a day, which run holds, and why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import (
    Assessment,
    Criterion,
    Deadline,
    Look,
    Measurement,
    Meeting,
    Ruling,
    ThresholdEvent,
    Verdict,
    Watched,
)
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow, board, standing_prior_set
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.standing import standing
from tests.scorecard.examples import (
    criterion,
    determination,
    framework,
    reading,
    refused,
    run,
    threshold,
)


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
        action="import",
        actor="a test",
    )
    row = rows(store, date(2026, 2, 1))[0]
    assert row.status.name == name
    assert "9 January 2026" in row.status.reason
    assert "read in the document itself" in row.status.reason


def test_silence_is_not_a_determination(store: Store) -> None:
    assert rows(store, date(2026, 2, 1))[0].status.name == "no determination"


def test_a_failed_run_quotes_nothing(store: Store) -> None:
    store.append(
        [run(**refused())],
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
    assert row.unforecast == (
        "We hold no series that measures it; whether anybody publishes one was not looked for."
        " A published cost ratio would be needed."
    )


def test_adopted_criteria_replace_what_they_supersede(store: Store) -> None:
    proposed = criterion("stricter", author="a researcher", supersedes="horizon-40h")
    store.append([proposed], action="propose", actor="a researcher")
    with store.view() as now:
        assert [c.id for c in standing(now, Criterion)] == ["horizon-40h"]
    store.append([ruling("criteria/stricter", "adopted")], action="adopt", actor="the chair")
    with store.view() as now:
        assert [c.id for c in standing(now, Criterion)] == ["stricter"]


def test_the_default_prior_set_stands_until_one_is_adopted(store: Store) -> None:
    with store.view() as now:
        assert standing_prior_set(now) == "default"


def test_json_has_the_promised_fields(store: Store) -> None:
    deadlines = load(DATA).of(Deadline)
    store.append([run(), *deadlines], action="forecast", actor="a test")
    row = rows(store, date(2026, 2, 2))[0].as_json()
    assert set(row) >= {
        "threshold",
        "framework",
        "version",
        "category",
        "level",
        "kind",
        "status",
        "reason",
        "latest",
        "p_now",
        "p_12_months",
        "p_by",
        "q10",
        "q50",
        "q90",
        "p_beyond_horizon",
    }
    assert set(row["latest"]) >= {"value", "unit", "system", "date", "source", "age_days"}
    assert row["q90"] is None
    assert row["p_beyond_horizon"] == 0.1
    assert list(row["p_by"]) == sorted(one.day.isoformat() for one in deadlines)


def meeting(state: Literal["scheduled", "closed"], held_on: date, known_at: date) -> Meeting:
    return Meeting(
        id=f"{held_on}",
        title="A meeting",
        held_on=held_on,
        chair="the chair",
        attendees=(),
        state=state,
        moved_by=0.05,
        known_at=known_at,
    )


def test_a_scheduled_meeting_is_the_next_meeting_from_the_day_it_was_called(store: Store) -> None:
    store.append(
        [meeting("scheduled", date(2026, 4, 10), date(2026, 3, 1))], action="schedule", actor="a test"
    )
    for day, expected in ((date(2026, 2, 2), date(2026, 5, 2)), (date(2026, 3, 2), date(2026, 4, 10))):
        with store.view(as_of=day) as known:
            assert calendar(known).next_meeting(day) == expected
    store.append([meeting("closed", date(2026, 4, 10), date(2026, 4, 10))], action="close", actor="a test")
    with store.view(as_of=date(2026, 4, 11)) as known:
        assert calendar(known).next_meeting(date(2026, 4, 11)) == date(2026, 7, 11)


def test_what_was_adopted_later_changes_nothing_on_an_earlier_day(store: Store) -> None:
    """Criteria are those of the day; the option that reads today's is another view."""
    store.append(
        [
            criterion(id="later", author="a researcher", known_at=date(2026, 6, 1)),
            Ruling(
                id="r",
                subject="criteria/later",
                ruling="adopted",
                ruled_by="the chair",
                reason="agreed",
                known_at=date(2026, 6, 2),
            ),
        ],
        action="propose",
        actor="a test",
    )
    day = date(2026, 2, 2)
    with store.view(as_of=day) as known, store.view(as_of=day, assumptions=date(2026, 6, 3)) as todays:
        assert [c.id for c in standing(known, Criterion)] == ["horizon-40h"]
        assert [c.id for c in standing(todays, Criterion)] == ["horizon-40h", "later"]
        assert known.all(Measurement) == todays.all(Measurement)


def test_before_the_first_criterion_was_recorded_the_first_ones_are_applied(store: Store) -> None:
    with store.view(as_of=date(2020, 1, 1)) as known:
        assert [c.id for c in standing(known, Criterion)] == ["horizon-40h"]


def test_readings_that_are_not_main_are_not_the_latest(store: Store) -> None:
    store.append(
        [reading("two", date(2025, 9, 1), 9999.0, condition="cheating counted", main=False)],
        action="import",
        actor="a test",
    )
    latest = rows(store, date(2026, 2, 1))[0].latest
    assert latest is not None
    assert latest.measurement.value == 214.0


def applying(kind: str = "applies", on: date = date(2026, 1, 20), system: str = "Two") -> ThresholdEvent:
    return ThresholdEvent(
        id=f"lab.{kind}",
        thresholds=("lab.high",),
        kind=kind,  # type: ignore[arg-type]  # one of the kinds, by parameter
        developer="Lab",
        system=system,
        happened_on=on,
        statement="with its mitigations",
        source="paper",
        grade="primary",
        known_at=on,
    )


def test_what_a_developer_acts_on_is_its_status(store: Store) -> None:
    store.append([applying()], action="import", actor="a test")
    row = replace(rows(store, date(2026, 2, 2))[0], forecast=None)
    assert (row.status.name, row.status.reached) == ("treated as applying", True)
    assert row.unforecast.startswith("Treated as applying since 20 January 2026 (Two)")


def test_a_weaker_system_later_does_not_undo_a_crossing(store: Store) -> None:
    found = determination("crossed", date(2026, 1, 15))
    later = determination("not_crossed", date(2026, 1, 30), id="lab.later", system="Small")
    store.append([found, later], action="import", actor="a test")
    assert rows(store, date(2026, 2, 2))[0].status.name == "crossed"


def test_after_a_crossing_the_row_names_the_next_level(store: Store) -> None:
    critical = threshold("lab.critical", level="Critical")
    store.append([critical, applying("crossed")], action="import", actor="a test")
    row = next(r for r in rows(store, date(2026, 2, 2)) if r.threshold.id == "lab.high")
    assert row.above == "Critical"
    assert replace(row, forecast=None).unforecast.endswith("Next level: Critical.")


def test_silence_is_vouched_for_up_to_the_last_look_only(store: Store) -> None:
    day = date(2026, 1, 25)
    page = Watched(
        id="lab_news",
        publisher="Lab",
        address="https://example.org",
        looks_for="cards",
        every_days=7,
        decisive=True,
        developer="Lab",
        known_at=day,
    )
    look = Look(
        watched="lab_news",
        looked_on=day,
        reaches=date(2026, 1, 24),
        looked_by="a researcher",
        found=0,
        known_at=day,
    )
    store.append([threshold("lab.low"), page, look], action="import", actor="a test")
    row = next(r for r in rows(store, date(2026, 2, 2)) if r.threshold.id == "lab.low")
    assert row.status.reason.endswith("was found in what was read, up to 24 January 2026.")
    assert row.as_json()["searched_to"] == "2026-01-24"


def test_the_row_sets_the_voices_side_by_side(store: Store) -> None:
    found = determination("not_crossed", date(2026, 1, 15))
    doubt = Assessment(
        id="a",
        assessor="A judge",
        independent=True,
        of=found.id,
        verdict="partly",
        made_on=date(2026, 1, 20),
        reason="thin evidence",
        source="paper",
        grade="primary",
        known_at=date(2026, 1, 20),
    )
    store.append([found, doubt], action="import", actor="a test")
    before = next(r for r in rows(store, date(2026, 1, 18)) if r.threshold.id == "lab.high")
    row = next(r for r in rows(store, date(2026, 2, 2)) if r.threshold.id == "lab.high")
    assert (before.voices.contested, row.voices.contested) == (False, True)
    assert "A judge supports it in part" in row.voices.others
    told = row.as_json()
    assert told["voices"]["contested"]
    assert [h["kind"] for h in told["timeline"]][:1] == ["not_crossed"]
