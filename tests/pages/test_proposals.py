"""Proposals made and ruled on from the screen, in the meeting too; decisions with all their parts, signed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from forecasts.priors.changing import changed_priors
from forecasts.runs.request import store_default_priors
from scorecard import jobs
from scorecard.governance.criteria import propose_criterion
from scorecard.governance.meetings import open_meeting, schedule
from scorecard.governance.proposals import Proposable, find, propose, rule
from scorecard.governance.snapshots import reopen
from scorecard.jobs import ChangesJob
from scorecard.people import Actor
from scorecard.records import (
    Buffer,
    Criterion,
    Decision,
    Moved,
    Override,
    PriorSet,
    Report,
    SignOff,
    Subject,
    Tripwire,
)
from scorecard.store import Store, verify
from scorecard.thresholds.board import standing_prior_set
from scorecard.thresholds.standing import last_rulings
from scorecard.thresholds.standing import standing as in_use
from screens.frame.record import Opened
from screens.meeting import effects
from screens.meeting import proposals as screen
from tests.pages.conftest import HIGH, example_runs
from tests.pages.test_meeting import CHAIR, press, to_take
from tests.pages.test_pages import opened

RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
TODAY = datetime.now(UTC).date()


def proposed(store: Store, **more: Any) -> Criterion:
    """A criterion of the researcher's: the 80 % horizon at half an hour, which systems on record reach."""
    with store.view() as now:
        old = next(c for c in now.all(Criterion, threshold=HIGH) if c.indicator == "metr_p80_horizon")
    fields: dict[str, Any] = {
        "id": "half-an-hour",
        "threshold": HIGH,
        "indicator": "metr_p80_horizon",
        "level": 30.0,
        "level_sd": 1.0,
        "rationale": "Half an hour is already close to delegated work.",
        "author": RESEARCHER.name,
        "source": old.source,
        "supersedes": old.id,
        "known_at": TODAY,
    }
    made = Criterion(**{**fields, **more})
    propose_criterion(store, made, RESEARCHER)
    return made


def standing(store: Store, id: str) -> str:
    with store.view() as now:
        return find(now, "criteria", id).standing


def test_a_proposal_says_what_it_changes_and_is_adopted_by_another(filled: Store) -> None:
    proposed(filled)
    at = opened("meeting.py", tab="proposals")
    assert at.header[0].value.startswith("1 proposal awaits a second person")
    said = [m.value.replace("\\", "") for m in at.markdown]
    assert any("Level: 40 h → 30 min" in text for text in said)
    assert any("read differently" in text and "now reaches it" in text for text in said)
    key = "criteria-half-an-hour"
    at.text_input(key=f"ruler-{key}").input(RESEARCHER.name)
    at.text_input(key=f"reason-{key}").input("Mine is right.")
    at.button(key=f"adopt-{key}").click().run()
    assert "somebody else has to decide" in at.error[0].value
    assert standing(filled, "half-an-hour") == "proposed"
    at.text_input(key=f"ruler-{key}").input("the chair")
    at.button(key=f"adopt-{key}").click().run()
    assert standing(filled, "half-an-hour") == "adopted"
    at = opened("meeting.py", tab="proposals")
    assert at.header[0].value.startswith("No proposals await a second person; 1 adopted")
    assert any(c.value.startswith("Adopted by the chair") for c in at.caption)


def test_the_dates_that_a_proposal_would_move_stand_beside_its_ruling(filled: Store) -> None:
    proposed(filled)
    store_default_priors(filled)
    with filled.view() as now:
        base = now.get(PriorSet, id=standing_prior_set(now))
    changed = changed_priors(base, [Override.parse("metr_p80_horizon:pace=doubling_days(60,80,107)")])
    reason = "Every release of this year doubled it in weeks."
    made = changed.as_set(base, name="Weeks", author=RESEARCHER.name, reason=reason, known_at=TODAY)
    propose(filled, made, RESEARCHER)
    at = opened("meeting.py", tab="proposals")
    said = [m.value.replace("\\", "") for m in at.markdown]
    assert any("doubling time now" in text and "→ 80 days (80 %: 59.9 to 107)" in text for text in said)
    asked: tuple[tuple[Proposable, str], ...] = (("criteria", "half-an-hour"), ("prior_sets", made.id))
    for subject, id in asked:
        effects.worked_out(Opened.of(filled), subject, id, TODAY).result()
    tables = [table.value for table in opened("meeting.py", tab="proposals").dataframe]
    assert len(tables) == 2
    for table in tables:
        assert "OpenAI: self-improvement, High" in set(table["threshold"])
        told = [cell.split(" → ") for name in ("within 12 months", "even odds by") for cell in table[name]]
        assert all(len(both) == 2 for both in told)
        assert any(before != after for before, after in told)


def test_a_criterion_and_a_warning_rule_are_proposed_on_the_page(filled: Store) -> None:
    at = opened("meeting.py", tab="proposals")
    at.selectbox(key="criterion_threshold").set_value(HIGH)
    at.selectbox(key="criterion_indicator").set_value("metr_p80_horizon")
    at.number_input(key="criterion_level").set_value(960.0)
    at.text_area(key="criterion_reason").input("Two working days are what was asked for.")
    press(at, "Propose the criterion")
    assert "short name" in at.error[0].value
    at.text_input(key="criterion_id").input("two-days")
    press(at, "Propose the criterion")
    assert standing(filled, "two-days") == "proposed"
    at.number_input(key="buffer_tolerance").set_value(5.0)
    at.text_area(key="buffer_reason").input("The board accepts one chance in twenty.")
    press(at, "Propose the warning rule")
    with filled.view() as now:
        (rule,) = now.all(Buffer)
    assert rule.tolerance == pytest.approx(0.05)


def test_a_default_is_declined_with_a_reason(filled: Store) -> None:
    at = opened("meeting.py", tab="proposals")
    chosen = str(at.selectbox(key="default").value)
    key = chosen.replace("/", "-", 1)
    at.text_input(key=f"ruler-{key}").input("the chair")
    at.button(key=f"decline-{key}").click().run()
    assert "needs a reason" in at.error[0].value
    at.text_input(key=f"reason-{key}").input("Nobody here can defend the level.")
    at.button(key=f"decline-{key}").click().run()
    assert standing(filled, chosen.removeprefix("criteria/")) == "declined"


def test_a_proposal_is_ruled_on_in_the_meeting(filled: Store) -> None:
    proposed(filled)
    meeting = open_meeting(filled, schedule(filled, CHAIR, held_on=TODAY).id, CHAIR)
    keys = [item.key for item in meeting.agenda]
    at = opened(
        "meeting.py",
        meeting=meeting.id,
        item=str(keys.index("proposal/criteria/half-an-hour") + 1),
    )
    at.text_input(key="ruler-criteria-half-an-hour").input("the chair")
    at.text_input(key="reason-criteria-half-an-hour").input("Agreed in the meeting.")
    at.button(key="adopt-criteria-half-an-hour").click().run()
    assert standing(filled, "half-an-hour") == "adopted"


def test_the_room_sees_one_item_and_nothing_to_fill_in(filled: Store) -> None:
    meeting = open_meeting(filled, schedule(filled, CHAIR, held_on=TODAY).id, CHAIR)
    at = opened("meeting.py", meeting=meeting.id, item="nonsense", present="yes")
    assert not at.exception
    assert f"Item 1 of {to_take(meeting)}" in [c.value for c in at.caption]
    assert len(at.header) == 1
    assert len(at.text_area) == 0
    press(at, "Next")
    assert at.query_params["present"] == "yes"
    press(at, "Back to taking minutes")
    assert len(at.text_area) > 0


def test_a_decision_is_recorded_with_all_that_belongs_to_it_and_signed(filled: Store) -> None:
    meeting = open_meeting(filled, schedule(filled, CHAIR, held_on=TODAY).id, CHAIR)
    at = opened("threshold.py", threshold=HIGH, tab="record")
    at.selectbox(key="finding").set_value("look_deeper")
    for key, text in (
        ("decision_text", "Look deeper."),
        ("decided_by", "the chair"),
        ("decision_residual_risk", "high"),
    ):
        at.text_input(key=key).input(text)
    for key, text in (
        ("decision_reason", "It moved."),
        ("decision_options", "Look deeper\nCarry on"),
        ("decision_votes", "the chair: deeper\na researcher: carry on"),
        ("decision_tripwires", "whenever"),
        ("decision_evaluations", "one"),
        ("decision_elicitation", "two"),
        ("decision_limits", "three"),
    ):
        at.text_area(key=key).input(text)
    at.selectbox(key="decision_safeguards").set_value("more evidence")
    press(at, "Record the decision")
    assert "is no condition" in at.error[0].value
    at.text_area(key="decision_tripwires").input("revised metr_p80_horizon\non 2027-02-01")
    press(at, "Record the decision")
    with filled.view() as now:
        (made,) = now.all(Decision)
        assert [w.words for w in now.all(Tripwire)] == ["revised metr_p80_horizon", "on 2027-02-01"]
        assert {r.about for r in now.all(Report)} == {"capability", "safeguards"}
    assert made.meeting == meeting.id
    assert made.options == ("Look deeper", "Carry on")
    assert made.votes == {"the chair": "deeper", "a researcher": "carry on"}

    at = opened("meeting.py", tab="decisions")
    at.text_input(key=f"signer-{made.id}").input("the chair")
    at.button(key=f"sign-it-{made.id}").click().run()
    with filled.view() as now:
        (signed,) = now.all(SignOff)
    assert signed.subject == f"decisions/{made.id}"
    bound = json.loads(reopen(filled, signed.snapshot).content)
    assert {"decisions", "tripwires", "reports", "forecast_runs"} <= {row["table"] for row in bound["rows"]}
    at = opened("meeting.py", tab="decisions")
    assert any(c.value.startswith("Signed by the chair") for c in at.caption)
    at.text_input(key=f"signer-{made.id}").input("the chair")
    at.button(key=f"sign-it-{made.id}").click().run()
    assert "has signed" in at.error[0].value
    assert verify(filled).sound


def test_the_table_of_proposals_holds_every_criterion(filled: Store) -> None:
    table = screen.as_frame(screen.proposals_known(filled))
    with filled.view() as now:
        criteria = {c.id for c in now.all(Criterion)}
        gone = last_rulings(now)
    assert set(table.loc[table["kind"] == "Criterion", "id"]) == criteria
    withdrawn = table["id"].map(lambda id: Subject("criteria", id) in gone)
    assert (table["standing"] == withdrawn.map({True: "withdrawn", False: "proposed"})).all()
    assert table["proposed on"].map(lambda day: isinstance(day, date)).all()


def test_two_versions_of_a_framework_stand_clause_by_clause(shown: Store) -> None:
    at = opened("threshold.py", tab="record", framework="anthropic_rsp")
    assert not at.exception
    assert any(m.value.startswith("**From ") for m in at.markdown)
    latest = at.selectbox(key="new").value
    assert any("alike)" in c.value or "the same in both" in c.value for c in at.caption)
    at.selectbox(key="old").set_value(latest).run()
    assert any(": none of " in m.value for m in at.markdown), "a version changes nothing against itself"


def test_the_threshold_says_which_criteria_are_adopted(filled: Store) -> None:
    def said() -> str:
        return " ".join(c.value for c in opened("threshold.py", threshold=HIGH).caption)

    assert "nobody else stands by these levels" in said()
    with filled.view() as now:
        ours = [c.id for c in in_use(now, Criterion) if c.threshold == HIGH]
    rule(filled, "criteria", ours[0], "adopted", actor=CHAIR, reason="We stand by it.")
    assert f"1 of {len(ours)} criteria are adopted" in said()


def test_a_moved_probability_is_split_in_the_meeting(filled: Store) -> None:
    """The split itself is a job's; here one has ended, and its outcome is drawn as steps."""
    filled.append(example_runs(filled, TODAY - timedelta(days=100)), action="forecast", actor="a test")
    meeting = open_meeting(filled, schedule(filled, CHAIR, held_on=TODAY, moved_by=0.001).id, CHAIR)
    keys = [item.key for item in meeting.agenda]
    number = keys.index(f"moved/{HIGH}")
    query = {"meeting": meeting.id, "item": str(number + 1)}
    assert "What changed it?" in [b.label for b in opened("meeting.py", **query).button]

    moved = meeting.agenda[number].data
    assert isinstance(moved, Moved)
    assert meeting.since_on is not None
    work = ChangesJob(
        since=meeting.since_on,
        until=TODAY,
        thresholds=(HIGH,),
        by=(moved.by,),
        method="quick",
    )
    report = jobs.Reporter(filled, work)
    report.found(
        [
            {
                "threshold": HIGH,
                "by": "2027-02-28",
                "before": 0.2,
                "after": 0.3,
                "parts": {"new data": 0.08},
                "words": "P(crossed) went from 20 % to 30 %: new data +8.0, remainder +2.0 points.",
            }
        ]
    )
    report.done("1 change split")
    at = opened("meeting.py", **query)
    assert not at.exception
    assert len(at.get("vega_lite_chart")) == 2, "the chance then and now, and what moved it"
    assert any("new data" in m.value for m in at.markdown)
