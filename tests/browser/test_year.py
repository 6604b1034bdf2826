"""A year of governance in a real browser, with people signed in by a real provider.

The record's clock is today's; a year passes by the days that meetings and evidence are dated.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from scorecard import commands
from scorecard.evidence.readings.vintages import current
from scorecard.governance.claims import SignIn
from scorecard.governance.proposals import find
from scorecard.records import Decision, Firing, Indicator, Measurement, Meeting, SignOff
from scorecard.store import Store, verify
from tests.browser.house import PATIENCE, House
from tests.browser.watched import Watched
from tests.doors import joined

HIGH = "openai.pf2.ai_self_improvement.high"
INDICATOR = "metr_p80_horizon"
TODAY = datetime.now(UTC).date()
A_YEAR_ON = TODAY + timedelta(days=365)


def test_a_year_of_governance(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = house.app.store
    with house.person("a researcher") as researcher:
        propose_a_criterion(researcher)
        rule_on_it(researcher, "Mine is right.")
        refused(researcher, "to rule takes a chair")
    with house.person("a viewer") as viewer:
        viewer.open("/meeting?tab=proposals")
        rule_on_it(viewer, "I like it.")
        refused(viewer, "to rule takes a chair")
    assert standing(store) == "proposed"

    with house.person("the chair") as chair:
        first = hold_a_meeting(chair, store, TODAY)
        decide(chair)
        show_to_the_room(chair, first)
        adopt_in_the_meeting(chair, store, first)
        with house.person("a viewer") as viewer:
            viewer.open(f"/meeting?meeting={first.id}")
            close(viewer, "Mine.")
            refused(viewer, "to hold a meeting takes a chair")
        close(chair, "The criterion is adopted; deployment is on hold.")
        sign_all(chair, store)
        kept = download(chair, first.id, tmp_path / "then.json")

        revise_the_evidence(store, tmp_path, monkeypatch)
        second = hold_a_meeting(chair, store, A_YEAR_ON)
        fired(chair, store, second)
        reopened = download(chair, first.id, tmp_path / "now.json")

    who = SignIn(issuer=house.provider.url, subject="the chair", issued=0)
    name = f"The chair <chair@example.org, {who.id}>"
    assert reopened == kept, "a snapshot reopens byte for byte"
    with store.view() as now:
        assert sha256(kept).hexdigest() == now.get(Meeting, id=first.id).snapshot
        (decision,) = now.all(Decision, meeting=first.id)
        signed = now.all(SignOff)
    assert (decision.threshold, decision.decided_by) == (HIGH, name)
    assert {(s.name, s.identity, s.role) for s in signed} == {
        (name, "signed in with single sign-on", "chair")
    }
    assert {s.subject for s in signed} == {f"meetings/{first.id}", f"decisions/{decision.id}"}
    assert verify(store).sound


def propose_a_criterion(seen: Watched) -> None:
    seen.open("/meeting?tab=proposals")
    page = seen.page
    choose(page, "Threshold", "OpenAI: self-improvement, High")
    choose(page, "Measured by", "METR 80% time horizon (software tasks) (minutes)")
    page.get_by_label("Level, in the indicator's unit").fill("1200")
    page.get_by_label("A short name for it").fill("twenty-hours")
    page.get_by_label("Reason, so that a colleague can judge it").first.fill(
        "Half a working week, done four times in five, is close to work that is delegated."
    )
    page.get_by_role("button", name="Propose the criterion").click()
    expect(page.get_by_text("Criterion twenty-hours: proposed.")).to_be_visible(timeout=PATIENCE)
    seen.settle()


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list by typing what it is called."""
    page.get_by_role("combobox", name=re.compile(f"{re.escape(label)}$")).first.click()
    page.keyboard.type(option)
    page.get_by_role("option").filter(has_text=option).first.click()


def rule_on_it(seen: Watched, reason: str) -> None:
    seen.page.get_by_label("Reason for the ruling").first.fill(reason)
    seen.page.get_by_role("button", name="Adopt", exact=True).first.click()


def refused(seen: Watched, words: str) -> None:
    error = seen.page.get_by_test_id("stAlertContentError")
    expect(error).to_contain_text(words, timeout=PATIENCE)
    expect(error).to_contain_text("Nothing was recorded")


def standing(store: Store) -> str:
    with store.view() as now:
        return find(now, "criteria", "twenty-hours").standing


def hold_a_meeting(seen: Watched, store: Store, day: date) -> Meeting:
    """Scheduled and opened by the chair; its agenda has written itself."""
    page = seen.page
    seen.open("/meeting?meeting=new")
    page.get_by_role("spinbutton", name="year, Held on").click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.get_by_label("Who attends (commas between names)").fill("A researcher, the board secretary")
    page.get_by_role("button", name="Schedule the meeting").click()
    page.get_by_role("button", name="Open the meeting").click(timeout=PATIENCE)
    expect(page.get_by_text("Item 1 of")).to_be_visible(timeout=PATIENCE)
    seen.settle()
    with store.view() as now:
        (made,) = [m for m in now.all(Meeting, held_on=day) if m.state == "open"]
    assert made.chair.startswith("The chair <chair@example.org, ")
    return made


def decide(seen: Watched) -> None:
    """On the threshold's page, with a tripwire; the open meeting is the one that decides."""
    page = seen.page
    seen.open(f"/threshold?threshold={HIGH}&tab=record")
    seen.unfold("Record a decision")
    choose(page, "Finding", "Cannot rule out")
    page.get_by_label("Decision", exact=True).fill("Pause internal deployment.")
    page.get_by_label("Reason", exact=True).fill("The forecast is close and the evidence is old.")
    seen.unfold("Meeting, options, votes, tripwires, reports (optional)")
    page.get_by_role("textbox", name="Tripwires, one a line").fill(f"revised {INDICATOR}")
    page.get_by_label("Votes, one a line as name: vote").fill("The chair: hold\nA researcher: look deeper")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Pause internal deployment.").first).to_be_visible(timeout=PATIENCE)
    seen.settle()


def show_to_the_room(seen: Watched, meeting: Meeting) -> None:
    """By keyboard alone: P shows the item in large letters, the arrows turn."""
    page = seen.page
    seen.open(f"/meeting?meeting={meeting.id}")
    small = page.get_by_role("heading", level=2).last.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Back to taking minutes")).to_be_visible(timeout=PATIENCE)
    seen.settle()
    expect(page.get_by_role("tab", name="Decisions")).to_be_hidden()
    expect(page.get_by_text("Link to this view")).to_be_hidden()
    large = page.get_by_role("heading", level=2).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert large >= 1.8 * small
    seen.picture("meeting-room")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Item 2 of")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Item 1 of")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("p")
    page.get_by_label("Minute on item 1").fill("We looked at the evidence behind it.")
    page.get_by_role("button", name="Keep the minute").first.click()
    expect(page.get_by_text("Minute kept.")).to_be_visible(timeout=PATIENCE)
    seen.settle()


def adopt_in_the_meeting(seen: Watched, store: Store, meeting: Meeting) -> None:
    keys = [item.key for item in meeting.agenda]
    seen.open(f"/meeting?meeting={meeting.id}&item={keys.index('proposal/criteria/twenty-hours') + 1}")
    seen.picture("meeting-proposal")
    rule_on_it(seen, "Agreed by everybody present.")
    expect(seen.page.get_by_text("Criterion twenty-hours: adopted.")).to_be_visible(timeout=PATIENCE)
    assert standing(store) == "adopted"


def close(seen: Watched, summary: str) -> None:
    seen.unfold("The meeting as a whole, and its end")
    seen.page.get_by_label("What came of it").fill(summary)
    seen.page.get_by_role("button", name="Close the meeting").click()


def sign_all(seen: Watched, store: Store) -> None:
    """The minutes on the meeting's page, then the decision on its own."""
    page = seen.page
    page.get_by_role("button", name="Sign", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_text("(signed in with single sign-on)").first).to_be_visible(timeout=PATIENCE)
    seen.settle()
    seen.open("/meeting?tab=decisions")
    seen.unfold("Sign it, or take away what it rested on")
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.get_by_text("Signed by The chair").first).to_be_visible(timeout=PATIENCE)
    seen.settle()


def download(seen: Watched, meeting: str, path: Path) -> bytes:
    seen.open(f"/meeting?meeting={meeting}")
    with seen.page.expect_download() as started:
        seen.page.get_by_role("button", name="Download the snapshot (JSON)").click()
    started.value.save_as(path)
    return path.read_bytes()


def revise_the_evidence(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command line: the newest reading is corrected upwards by a fifth, in a file dated 100 days from now."""
    with store.view() as now:
        readings = [
            m for m in current(now.all(Measurement, indicator=INDICATOR, main=True)) if not m.condition
        ]
    old = max(readings, key=lambda m: m.observed_on)
    known_at = TODAY + timedelta(days=100)
    table, mapping = folder / "correction.csv", folder / "mapping.yaml"
    table.write_text(
        f"system,observed_on,value,low,high,interval,vintage\n{old.system},{old.observed_on},{old.value * 1.2},"
        f"{old.value},{old.value * 1.5},0.95,{known_at}\n",
        encoding="utf-8",
    )
    names = ("system", "observed_on", "value", "low", "high", "interval", "vintage")
    mapping.write_text(
        f"rows: measurements\ncolumns: {{{', '.join(f'{n}: {n}' for n in names)}}}\n"
        f"constants: {{indicator: {INDICATOR}}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    arguments = ["import", "generic", str(table), "--mapping", str(mapping), "--known-at", str(known_at)]
    result = CliRunner().invoke(joined(commands), [*arguments, "--source", old.source])
    assert result.exit_code == 0, result.output
    assert "0 new, 1 changed" in result.output


def fired(seen: Watched, store: Store, meeting: Meeting) -> None:
    """The correction fires the tripwire, which stands first on the agenda a year later."""
    with store.view() as now:
        (firing,) = now.all(Firing)
        name = now.get(Indicator, id=INDICATOR).id
    assert name in firing.words
    assert meeting.agenda[0].kind == "tripwire"
    expect(seen.page.get_by_role("heading", level=2).last).to_contain_text("A tripwire fired: 1 reading of")
    seen.picture("meeting-tripwire")
