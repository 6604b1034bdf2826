"""The Briefing page: meeting or day, reader, preview, files, commentary, filings, and keeping what was read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.briefings import export
from scorecard.governance.commentary import comment
from scorecard.governance.meetings import close, open_meeting, schedule
from scorecard.people import Actor
from scorecard.records import Commentary, Decision, FilingEntry, LogEntry, Snapshot
from scorecard.store import Store, verify
from tests.pages.conftest import HIGH
from tests.pages.test_meeting import press
from tests.pages.test_pages import opened
from tests.scorecard.examples import track

CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
TODAY = datetime.now(UTC).date()


def briefing(**query: str) -> AppTest:
    at = opened("briefing.py", **query)
    assert not at.exception
    return at


def files(at: AppTest) -> dict[str, Any]:
    """What the page has made: the export of each format."""
    return dict(at.session_state["briefing_files"][1])


def labels(at: AppTest) -> list[str]:
    return [str(button.proto.label) for button in at.get("download_button")]


def test_files_are_made_for_the_reader_and_are_what_the_command_line_makes(shown: Store) -> None:
    at = briefing(audience="public")
    assert "public briefing of" in at.header[0].value
    assert "with a forecast, from" in at.header[0].value
    assert "Download: Markdown" not in labels(at)
    at.multiselect(key="formats").set_value(["markdown", "json"])
    press(at, "Make the files")
    made = files(at)
    assert {"Download: Markdown", "Download: JSON", "Download all (ZIP)"} <= set(labels(at))
    for format, file in made.items():
        assert file == export(shown, format, as_of=TODAY, audience="public")
    assert json.loads(made["json"].content)["audience"] == "public"


def test_files_of_another_briefing_are_not_offered(shown: Store) -> None:
    at = briefing(audience="internal")
    at.multiselect(key="formats").set_value(["csv"])
    press(at, "Make the files")
    assert "Download: CSV" in labels(at)
    at.selectbox(key="audience").select("board").run()
    assert not at.exception
    assert "Download: CSV" not in labels(at)
    assert any("make them again" in c.value for c in at.caption)


def test_commentary_is_written_in_a_persons_name_and_follows_the_record(filled: Store) -> None:
    at = briefing()
    at.selectbox(key="commentary_threshold").select(HIGH)
    at.text_area(key="commentary_text").input("A chance of 30 % is near.")
    press(at, "Keep the commentary")
    assert "typed by hand and would not follow the record" in at.error[0].value
    at.text_area(key="commentary_text").input("The chance of {p_12_months} is near.")
    at.text_input(key="commentary_author").input("a researcher")
    press(at, "Keep the commentary")
    with filled.view() as now:
        (kept,) = now.all(Commentary)
    assert (kept.author, kept.threshold) == ("a researcher", HIGH)
    assert any("near" in m.value for m in at.markdown)
    at.multiselect(key="formats").set_value(["json"])
    press(at, "Make the files")
    (told,) = json.loads(files(at)["json"].content)["commentary"]
    assert "The chance of 18 % is near." in told["text"]


def test_commentary_is_not_shown_beside_the_public_briefing(filled: Store) -> None:
    comment(filled, actor=CHAIR, threshold=HIGH, text="Ours alone.")
    assert any("Ours alone" in m.value for m in briefing(audience="board").markdown)
    public = briefing(audience="public")
    assert not any("Ours alone" in m.value for m in public.markdown)
    assert any("commentary on thresholds: 1" in m.value for m in public.markdown)


def test_filings_tell_what_is_due_and_missing_and_a_field_is_drafted(filled: Store) -> None:
    at = briefing(developer="OpenAI")
    listed = next(d.value for d in at.dataframe if "not on record as filed" in d.value.columns)
    assert {"missing", "drafted"} >= set(listed["state"])
    assert {"All filings (Word)", "All filings (PDF)", "All filings (Calendar)"} <= set(labels(at))
    at.selectbox(key="filing").select("new_york_raise.disclosure").run()
    at.selectbox(key="filing_field").select("owner")
    at.text_area(key="filing_text").input("Safety office")
    press(at, "Keep the draft")
    assert not at.exception
    with filled.view() as now:
        (kept,) = now.all(FilingEntry)
    assert (kept.duty, kept.field, kept.text, kept.state) == (
        "new_york_raise.disclosure",
        "owner",
        "Safety office",
        "drafted",
    )


def test_the_public_preview_shows_no_filings(shown: Store) -> None:  # a fixture
    at = briefing(audience="public")
    assert "All filings (Word)" not in labels(at)


def test_a_closed_meeting_is_briefed_from_its_snapshot_whatever_came_later(filled: Store) -> None:
    meeting = schedule(filled, CHAIR, held_on=TODAY)
    assert "The meeting is scheduled" in " ".join(
        c.value for c in briefing(**{"for": f"meeting-{TODAY}"}).caption
    )
    open_meeting(filled, meeting.id, CHAIR)
    closed = close(filled, meeting.id, CHAIR, "Nothing to decide.")
    before = briefing(**{"for": f"meeting-{meeting.id}"})
    assert f"Snapshot {closed.snapshot[:12]}" in " ".join(c.value for c in before.caption)
    filled.append([track()], action="backtest", actor="a test")
    comment(filled, actor=CHAIR, threshold=HIGH, text="Written later.")
    after = briefing(**{"for": f"meeting-{meeting.id}"})
    assert after.header[0].value == before.header[0].value
    assert [c.value for c in after.caption if "Content" in c.value] == [
        c.value for c in before.caption if "Content" in c.value
    ]
    assert [c.value for c in briefing().caption if "Content" in c.value] != [
        c.value for c in after.caption if "Content" in c.value
    ]


def test_a_briefing_is_kept_and_found_again(filled: Store) -> None:
    at = briefing()
    at.text_input(key="keep_title").input("For the board in winter")
    at.text_input(key="keeper").input("the board secretary")
    press(at, "Keep this state as a snapshot")
    with filled.view() as now:
        (kept,) = now.all(Snapshot)
    assert (kept.kind, kept.title, kept.author) == (
        "briefing",
        "For the board in winter",
        "the board secretary",
    )
    assert verify(filled).sound
    again = briefing(**{"for": f"kept-{kept.id[:12]}"})
    assert any("Kept by the board secretary" in c.value for c in again.caption)
    assert not any(b.label == "Keep this state as a snapshot" for b in again.button)


@pytest.mark.parametrize(("name", "value"), [("for", "meeting-never"), ("audience", "press")])
def test_what_there_is_not_is_said(shown: Store, name: str, value: str) -> None:
    at = briefing(**{name: value})
    assert value in at.error[0].value
    assert "pick one at the top" in at.error[0].value


def test_a_viewer_may_read_and_not_write(shown: Store) -> None:
    from streamlit import config

    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        at = briefing()
        at.text_area(key="commentary_text").input("Mine.")
        press(at, "Keep the commentary")
        assert "takes a researcher" in at.error[0].value
        at = press(briefing(), "Keep this state as a snapshot")
        assert "takes a researcher" in at.error[0].value
    finally:
        config.set_option("server.address", before)
    with shown.view() as now:
        assert now.all(Commentary) == []
        assert now.all(Snapshot) == []


# ---- a form that is sent twice: pressed again, or opened anew after the server was killed ----------


def said(at: AppTest, words: str) -> AppTest:
    """Commentary written and sent, in a page that is open already or was opened anew."""
    at.selectbox(key="commentary_threshold").select(HIGH)
    at.text_area(key="commentary_text").input(words)
    at.text_input(key="commentary_author").input("a researcher")
    press(at, "Keep the commentary")
    assert not at.exception
    assert not at.error
    return at


def on_record(store: Store) -> list[str]:
    with store.view() as now:
        return [one.text for one in now.all(Commentary)]


def test_a_second_press_and_a_press_in_a_page_opened_anew_record_once(filled: Store) -> None:
    at = said(opened("briefing.py"), "It came closer.")
    assert on_record(filled) == ["It came closer."]
    said(at, "It came closer.")
    said(opened("briefing.py"), "It came closer.")  # the first session's memory is gone, as after a kill
    with filled.view() as now:
        log: list[LogEntry] = [entry for entry in now.log() if entry.action == "comment"]
    assert len(log) == 1
    assert log[0].token


def test_other_words_and_the_same_after_them_are_acts_of_their_own(filled: Store) -> None:
    at = opened("briefing.py")
    for words in ("It came closer.", "It went away.", "It came closer."):
        said(at, words)
    with filled.view() as now:
        assert sum(entry.action == "comment" for entry in now.log()) == 3


def test_a_decision_sent_twice_is_one(filled: Store) -> None:
    for _ in range(2):
        at = opened("threshold.py", threshold=HIGH, tab="record")
        at.selectbox(key="finding").set_value("look_deeper")
        at.text_input(key="decision_text").input("Hold.")
        at.text_area(key="decision_reason").input("Close.")
        at.text_input(key="decided_by").input("the chair")
        press(at, "Record the decision")
        assert not at.exception
        assert not at.error
    with filled.view() as now:
        assert len(now.all(Decision)) == 1
