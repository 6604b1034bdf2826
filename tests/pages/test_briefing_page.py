"""The Briefing page: meeting or day, reader, preview, files, commentary, duties, and keeping what was read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.briefings import export
from scorecard.governance.commentary import comment
from scorecard.governance.meetings import close, open_meeting, schedule
from scorecard.governance.roles import Actor
from scorecard.records import Commentary, Snapshot
from scorecard.store import Store, verify
from tests.pages.conftest import HIGH, example_track
from tests.pages.test_meeting import press
from tests.pages.test_pages import opened

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


def test_files_are_made_for_the_reader_and_are_what_the_command_line_makes(filled: Store) -> None:
    at = briefing(audience="public")
    assert "public briefing of" in at.subheader[0].value
    assert "fields that duties ask for" in at.subheader[0].value
    assert "Download: Markdown" not in labels(at)
    at.multiselect(key="formats").set_value(["markdown", "json"])
    press(at, "Make the files")
    made = files(at)
    assert {"Download: Markdown", "Download: JSON", "Download all (ZIP)"} <= set(labels(at))
    for format, file in made.items():
        assert file == export(filled, format, as_of=TODAY, audience="public")
    assert json.loads(made["json"].content)["audience"] == "public"


def test_files_of_another_briefing_are_not_offered(filled: Store) -> None:
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


def test_duties_flag_what_is_missing_and_can_be_taken_away(filled: Store) -> None:
    at = briefing()
    duty = next(d.value for d in at.dataframe if "asks for" in d.value.columns)
    assert set(duty[""]) == {"missing", ""}
    assert duty[""].iloc[0] == "missing"
    assert (duty["what the record holds"] == "").tolist() == (duty[""] == "missing").tolist()
    assert labels(at).count("Checklist (Markdown)") == labels(at).count("Checklist (JSON)") > 5


def test_a_closed_meeting_is_briefed_from_its_snapshot_whatever_came_later(filled: Store) -> None:
    meeting = schedule(filled, CHAIR, held_on=TODAY)
    assert "The meeting is scheduled" in " ".join(
        c.value for c in briefing(**{"for": f"meeting-{TODAY}"}).caption
    )
    open_meeting(filled, meeting.id, CHAIR)
    closed = close(filled, meeting.id, CHAIR, "Nothing to decide.")
    before = briefing(**{"for": f"meeting-{meeting.id}"})
    assert f"Snapshot {closed.snapshot[:12]}" in " ".join(c.value for c in before.caption)
    filled.append([example_track()], action="backtest", actor="a test")
    comment(filled, actor=CHAIR, threshold=HIGH, text="Written later.")
    after = briefing(**{"for": f"meeting-{meeting.id}"})
    assert after.subheader[0].value == before.subheader[0].value
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
def test_what_there_is_not_is_said(filled: Store, name: str, value: str) -> None:
    at = briefing(**{name: value})
    assert value in at.error[0].value
    assert "pick one on the left" in at.error[0].value


def test_a_viewer_may_read_and_not_write(filled: Store) -> None:
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
    with filled.view() as now:
        assert now.all(Commentary) == []
        assert now.all(Snapshot) == []
