"""The meeting held on the screen, safeguards planned there, and decisions with their scores; roles hold throughout."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.governance.agenda import REST, grouped
from scorecard.governance.decisions import decide
from scorecard.governance.meetings import close, open_meeting, schedule
from scorecard.people import Actor
from scorecard.records import Decision, ForecastRun, Meeting, Minute, Safeguard, SignOff
from scorecard.store import Store, verify
from tests.pages.conftest import HIGH
from tests.pages.test_pages import opened
from tests.shared_stores import build_once, copy_store

CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
TODAY = datetime.now(UTC).date()


def press(at: AppTest, label: str) -> AppTest:
    next(b for b in at.button if b.label == label).click().run()
    assert not at.exception
    return at


def meetings_of(store: Store) -> list[Meeting]:
    with store.view() as now:
        return now.all(Meeting)


@pytest.fixture
def meeting(filled: Store, filled_folder: Path, shared: Path) -> Meeting:
    """A meeting of today, open, in the store that the app opens."""

    def meet(store: Store) -> None:
        copy_store(filled_folder, store.path.parent)
        open_meeting(store, schedule(store, CHAIR, held_on=TODAY).id, CHAIR)

    copy_store(build_once(shared, "meeting", meet), filled.path.parent)
    return meetings_of(filled)[0]


def to_take(meeting: Meeting) -> int:
    """How many items the meeting takes one by one; the others are for information."""
    return len(meeting.agenda) - len(grouped(meeting.agenda).get(REST, []))


def test_a_meeting_is_scheduled_and_opened(filled: Store) -> None:
    at = opened("meeting.py")
    assert "would have" in at.header[0].value
    assert any("writes itself" in c.value for c in at.caption)
    at.text_input(key="attendees").input("a researcher, the board secretary")
    at.text_input(key="chair").input("the chair")
    press(at, "Schedule the meeting")
    (made,) = meetings_of(filled)
    assert (made.chair, made.attendees) == ("the chair", ("a researcher", "the board secretary"))
    again = opened("meeting.py", meeting=made.id)
    assert "would have" in again.header[0].value
    press(again, "Open the meeting")
    (made,) = meetings_of(filled)
    assert made.state == "open"
    assert made.agenda


def test_one_item_a_screen_with_minutes_in_place(filled: Store, meeting: Meeting) -> None:
    at = opened("meeting.py", meeting=meeting.id)
    assert at.header[1].value.startswith(meeting.agenda[0].title[:12].replace("(", "\\(")[:8])
    assert next(b for b in at.button if b.label == "Previous").disabled
    press(at, "Next")
    assert at.query_params["item"] == "2"
    assert f"Item 2 of {to_take(meeting)}" in [c.value for c in at.caption]
    key = meeting.agenda[1].key
    at.text_area(key=f"words-{key}").input("We looked at it.")
    next(b for b in at.button if b.label == "Keep the minute").click().run()
    with filled.view() as now:
        (taken,) = now.all(Minute)
    assert (taken.item, taken.words) == (key, "We looked at it.")
    back = opened("meeting.py", meeting=meeting.id, item="2")
    assert back.text_area(key=f"words-{key}").value == "We looked at it."


def test_the_chair_shapes_the_agenda_and_the_room_sees_the_time(filled: Store, meeting: Meeting) -> None:
    first, last = meeting.agenda[0], meeting.agenda[to_take(meeting) - 1]
    at = opened("meeting.py", meeting=meeting.id)
    assert next(b for b in at.button if b.label == "Move up").disabled
    press(at, "Move down")
    assert at.query_params["item"] == "2", "the page follows the item"
    press(at, "Move up")
    at.number_input(key=f"minutes-{first.key}-0").set_value(15)
    press(at, "Set the time")
    made = meetings_of(filled)[0]
    assert (made.agenda[0].key, made.agenda[0].timebox) == (first.key, 15)
    room = opened("meeting.py", meeting=meeting.id, present="yes")
    assert f"Item 1 of {to_take(meeting)}, 15 minutes" in [c.value for c in room.caption]
    assert not [b for b in room.button if b.label == "Move down"], "the room shapes nothing"
    at = opened("meeting.py", meeting=meeting.id, item=str(to_take(meeting)))
    assert "(15 minutes in all)" in at.header[0].value
    press(at, "Drop to “for information”")
    assert meetings_of(filled)[0].agenda[to_take(meeting) - 1].place == "dropped"
    press(at, "Take it up")
    assert meetings_of(filled)[0].agenda[to_take(meeting) - 1].key == last.key
    assert verify(filled).sound


def test_the_agenda_is_shaped_before_the_meeting_too(filled: Store) -> None:
    """The page of a scheduled one lists every item; the chair picks one of them to shape."""
    made = schedule(filled, CHAIR, held_on=TODAY)
    at = opened("meeting.py", meeting=made.id)
    picked = at.selectbox(key="shaped")
    picked.select_index(1).run()
    key = at.selectbox(key="shaped").value
    press(at, "Move up")
    assert meetings_of(filled)[0].agenda[0].key == key
    assert at.selectbox(key="shaped").value == key, "the item stays picked where it went"
    assert next(b for b in at.button if b.label == "Move up").disabled
    press(opened("meeting.py", meeting=made.id), "Open the meeting")
    assert meetings_of(filled)[0].agenda[0].key == key


def test_it_is_closed_signed_and_reopened_as_it_was(filled: Store, meeting: Meeting) -> None:
    at = opened("meeting.py", meeting=meeting.id)
    at.text_area(key="summary").input("Nothing to decide.")
    at.text_input(key="closer").input("the chair")
    press(at, "Close the meeting")
    (made,) = meetings_of(filled)
    assert made.state == "closed"
    at = opened("meeting.py", meeting=meeting.id)
    assert any("Nothing to decide." in m.value for m in at.markdown)
    at.text_input(key="signer").input("the chair")
    press(at, "Sign")
    with filled.view() as now:
        (signed,) = now.all(SignOff)
    assert (signed.name, signed.snapshot) == ("the chair", made.snapshot)
    at = opened("meeting.py", meeting=meeting.id)
    assert any("the chair, administrator" in m.value and "typed by hand" in m.value for m in at.markdown)
    assert verify(filled).sound


def test_what_is_refused_is_said_and_nothing_recorded(filled: Store, meeting: Meeting) -> None:
    at = opened("meeting.py", meeting=meeting.id)
    press(at, "Close the meeting")
    assert "takes a summary" in at.error[0].value
    assert meetings_of(filled)[0].state == "open"
    assert "no meeting" in opened("meeting.py", meeting="never").error[0].value


def test_a_damaged_snapshot_is_told(filled: Store, meeting: Meeting) -> None:
    closed = close(filled, meeting.id, CHAIR, "Done.")
    path = filled.files.folder / f"{closed.snapshot[:24]}.json"
    path.write_bytes(path.read_bytes() + b" ")
    at = opened("meeting.py", meeting=meeting.id)
    assert not at.exception
    assert "not what was stored" in at.error[0].value


def test_without_a_provider_the_page_says_who_acts(shown: Store) -> None:
    captions = [c.value for c in opened("meeting.py", tab="decisions").caption]
    assert any("this machine alone" in text and "administrator" in text for text in captions)


def test_open_to_others_without_a_provider_is_for_reading_only(
    filled: Store, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound to another address, whoever comes is a viewer, and the functions that write refuse."""
    from streamlit import config

    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        at = opened("meeting.py", meeting=meeting.id)
        assert any("reading only" in c.value for c in at.caption)
        at.text_area(key="summary").input("Mine.")
        press(at, "Close the meeting")
        assert "takes a chair" in at.error[0].value
    finally:
        config.set_option("server.address", before)
    assert meetings_of(filled)[0].state == "open"


def test_a_safeguard_is_planned_on_the_threshold_page(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH, tab="safeguards")
    assert any("nobody owns this yet" in str(d.value) for d in at.dataframe)
    at.text_input(key="safeguard_name").input("Weight security")
    at.text_input(key="safeguard_owner").input("the security lead")
    for key, days in (("10", 100), ("50", 200), ("90", 400)):
        at.date_input(key=f"safeguard_{key}").set_value(TODAY + timedelta(days=days))
    press(at, "Keep the plan")
    with filled.view() as now:
        (made,) = now.all(Safeguard)
    assert made.ready_50 == TODAY + timedelta(days=200)
    at = opened("threshold.py", threshold=HIGH, tab="safeguards")
    assert any("All together" in m.value for m in at.markdown)


def decided(store: Store, day: date, **more: Any) -> Decision:
    with store.view() as now:
        run = now.all(ForecastRun, threshold=HIGH)[0]
    fields: dict[str, Any] = {
        "threshold": HIGH,
        "finding": "not_crossed",
        "decision": "Carry on.",
        "reason": "Far off.",
        "forecast_run": run.id,
        "although": "an example",
        "today": day,
        "actor": CHAIR,
    }
    return decide(store, **{**fields, **more})


def test_decisions_show_their_forecast_and_how_it_scored(filled: Store) -> None:
    """Scored by what OpenAI said of the threshold last by the day of review; silence resolves nothing."""
    assert "No decision" in opened("meeting.py", tab="decisions").header[0].value
    decided(filled, date(2026, 10, 20), review_on=date(2026, 11, 10))
    at = opened("meeting.py", tab="decisions")
    assert any("not resolved yet" in m.value for m in at.markdown)
    decided(filled, date(2026, 8, 1), review_on=date(2026, 10, 15))
    at = opened("meeting.py", tab="decisions")
    assert "mean Brier score 0.01" in at.header[0].value
    assert any("found not crossed" in m.value and "1 October 2026" in m.value for m in at.markdown)
