"""Record a decision on the Threshold page, bound to the forecast on the screen, and list those made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from scorecard.governance.decisions import CAPABILITY, SUFFICIENCY, decide, standing_decisions
from scorecard.governance.tripwires import FORMS, read_condition
from scorecard.records import Decision, Finding
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.words import chance_in_words, day_in_words, title_of
from screens.board import median
from screens.frame import session
from screens.frame.page import Frame
from screens.frame.record import Dossier
from screens.frame.text import escaped
from screens.meeting.agenda import all_meetings


def draw_folded(frame: Frame, dossier: Dossier) -> None:
    """What is in force and what came before, to be read; the form for a new decision behind one press."""
    standing = draw_standing(dossier)
    if not standing:
        st.markdown("No decision on this threshold is in force.")
    earlier = [made for made in dossier.decisions if made not in standing]
    if earlier:
        with st.expander(escaped(f"Earlier decisions ({len(earlier)})")):
            for made in earlier:
                _draw_made(made, dossier)
    with st.expander("Record a decision", key="decide"):
        draw_form(frame, dossier, border=False)


def draw_standing(dossier: Dossier) -> list[Decision]:
    """The decisions in force with what they rest on; they are returned too."""
    standing = standing_decisions(list(dossier.decisions))
    for made in standing:
        _draw_made(made, dossier)
    return standing


def draw_form(frame: Frame, dossier: Dossier, *, border: bool = True) -> None:
    """The form for a decision, which is bound to the forecast of the day."""
    run = dossier.row.forecast.run if dossier.row.forecast else None
    outdated = dossier.row.forecast.outdated if dossier.row.forecast else ""
    with st.form("decision", border=border):
        st.caption(
            escaped(f"The decision is bound to {_said(dossier.row.forecast)}.")
            if dossier.row.forecast
            else "There is no forecast for this day; the decision is recorded without one."
        )
        left, right = st.columns(2)
        finding: Finding | None = left.selectbox(
            "Finding",
            get_args(Finding),
            index=None,
            placeholder="Choose",
            format_func=title_of,
            key="finding",
        )
        system = right.text_input("System it is about (optional)", key="decision_system")
        decision = st.text_input("Decision", key="decision_text")
        reason = st.text_area("Reason", key="decision_reason")
        although = (
            st.text_input(
                "Why it rests on this forecast although that is outdated",
                key="decision_although",
                help=escaped(f"The forecast is {outdated}."),
            )
            if outdated
            else ""
        )
        dissent = st.text_input("Dissent (who, and why; optional)", key="decision_dissent")
        left, middle, right = st.columns(3)
        with left:
            who = session.name_field("Decided by", key="decided_by")
        owner = middle.text_input("Owner (optional)", key="decision_owner")
        review = right.date_input(
            "Review on (optional)", value=None, format="YYYY-MM-DD", key="decision_review"
        )
        holds = st.text_input("Holds as long as (optional)", key="decision_holds")
        more = _draw_more(frame)
        if not st.form_submit_button("Record the decision", type="primary"):
            return
    if finding is None:
        st.error("A decision needs a finding; choose one. Nothing was recorded.")
        return

    def decided() -> Decision:
        with frame.store.view() as now:
            conditions = [read_condition(text, now) for text in _lines(more.tripwires)]
        return decide(
            frame.store,
            threshold=dossier.row.threshold.id,
            finding=finding,
            decision=decision,
            reason=reason,
            actor=who,
            forecast_run=run.id if run else "",
            although=although,
            system=system,
            dissent=dissent,
            owner=owner,
            review_on=review,
            holds_while=holds,
            tripwires=conditions,
            **more.fields,
        )

    recorded = session.tried(decided)
    if recorded is None:
        return
    session.done(
        f"Recorded: {recorded.decision} It stands above, and under Meeting, Decisions.",
        *(
            "finding",
            "decision_text",
            "decision_reason",
            "decision_dissent",
            "decision_holds",
            "decision_owner",
        ),
        *("decision_system", "decision_review", "decision_due", "decision_conflicts", "decision_options"),
        *("decision_votes", "decision_tripwires", "decision_safeguards", "decision_residual_risk"),
        *(f"decision_{name}" for name in CAPABILITY),
    )


@dataclass(frozen=True, slots=True)
class _More:
    """What else belongs to a decision: its conditions as typed, and the other fields of `decide`."""

    tripwires: str
    fields: dict[str, Any]


def _draw_more(frame: Frame) -> _More:
    held = [m.id for m in all_meetings(frame) if m.state == "open"]
    with st.expander("Meeting, options, votes, tripwires, reports (optional)"):
        left, middle, right = st.columns(3)
        meeting = left.selectbox(
            "Decided in the meeting",
            held,
            index=0 if held else None,
            placeholder="No meeting is open",
            key="decision_meeting",
        )
        due = middle.date_input("To be carried out by", value=None, format="YYYY-MM-DD", key="decision_due")
        conflicts = right.text_input("Conflicts of interest", key="decision_conflicts")
        left, right = st.columns(2)
        options = left.text_area("Options considered, one a line", key="decision_options")
        votes = right.text_area("Votes, one a line as name: vote", key="decision_votes")
        tripwires = st.text_area(
            "Tripwires, one a line: when one fires, the decision is on the next agenda",
            key="decision_tripwires",
            help=f"A line is one of\n```\n{FORMS}\n```",
        )
        capability = {
            name: column.text_area(escaped(f"Capability report: {name}"), key=f"decision_{name}")
            for name, column in zip(CAPABILITY, st.columns(len(CAPABILITY)), strict=True)
        }
        left, right = st.columns(2)
        found = left.selectbox(
            "Safeguards report: they are",
            SUFFICIENCY,
            index=None,
            placeholder="Not reported",
            key="decision_safeguards",
        )
        risk = right.text_input("Safeguards report: residual risk", key="decision_residual_risk")
    return _More(
        tripwires,
        {
            "meeting": meeting or "",
            "due_on": due,
            "conflicts": conflicts,
            "options": tuple(_lines(options)),
            "votes": _votes(votes),
            "capability": capability if any(map(str.strip, capability.values())) else None,
            "safeguards": {"finding": found or "", "residual_risk": risk} if found or risk.strip() else None,
        },
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _votes(text: str) -> Mapping[str, str] | None:
    """Name to vote; a line without a colon is a person whose vote was not noted."""
    pairs = [line.partition(":") for line in _lines(text)]
    return {name.strip(): vote.strip() for name, _, vote in pairs} or None


def _said(f: Forecast) -> str:
    """The forecast that a decision rests on, in words."""
    chance = f"{chance_in_words(f.p_12_months)} within 12 months, " if f.p_12_months is not None else ""
    ahead = f.q50 is not None and f.q50 > f.as_of
    date = median(f) if ahead else median(f).lower()
    return f"the forecast of {day_in_words(f.run.as_of)}: {chance}median date {date}"


def _draw_made(made: Decision, dossier: Dossier) -> None:
    with st.container(border=True):
        st.markdown(f"**{escaped(title_of(made.finding))}**: {escaped(made.decision)}")
        st.markdown(escaped(made.reason))
        if made.dissent:
            st.markdown(f"**Dissent.** {escaped(made.dissent)}")
        facts = [f"Decided by {made.decided_by} on {day_in_words(made.known_at)}", f"record {made.id}"]
        if made.forecast_run:
            run = dossier.runs.get(made.forecast_run)
            known = f" (as of {day_in_words(run.as_of)}, prior set {run.prior_set})" if run else ""
            facts.append(f"rests on forecast run {made.forecast_run[:12]}{known}")
        optional = (
            ("system", made.system),
            ("owner", made.owner),
            ("holds while", made.holds_while),
        )
        facts += [f"{name}: {text}" for name, text in optional if text]
        facts += [f"review on {day_in_words(made.review_on)}"] if made.review_on else []
        st.caption(escaped("; ".join(facts)))
