"""Record a decision on the Threshold page, bound to the forecast on the screen, and list those made."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from scorecard.briefings.words import day_in_words, title_of
from scorecard.governance.decisions import decide, standing
from scorecard.records import Decision, Finding
from scorecard.store import StoreError
from scorecard.ui import session
from scorecard.ui.page import Frame, escaped
from scorecard.ui.record import Dossier


def draw(frame: Frame, dossier: Dossier) -> None:
    """The decisions in force with what they rest on, then the form for a new one."""
    for made in standing(list(dossier.decisions)):
        _draw_made(made, dossier)
    run = dossier.row.forecast.run if dossier.row.forecast else None
    with st.form("decision", border=True, clear_on_submit=False):
        st.caption(
            f"The decision is bound to forecast run {run.id[:12]} shown above." if run
            else "There is no forecast for this day; the decision is recorded without one."
        )  # fmt: skip
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
        dissent = st.text_input("Dissent (who, and why; optional)", key="decision_dissent")
        left, middle, right = st.columns(3)
        with left:
            who = session.name_field("Decided by", key="decided_by")
        owner = middle.text_input("Owner (optional)", key="decision_owner")
        review = right.date_input("Review on (optional)", value=None, key="decision_review")
        holds = st.text_input("Holds as long as (optional)", key="decision_holds")
        if not st.form_submit_button("Record the decision", type="primary"):
            return
    if finding is None:
        st.error("A decision needs a finding; choose one. Nothing was recorded.")
        return
    try:
        made = decide(
            frame.store, threshold=dossier.row.threshold.id, finding=finding, decision=decision, reason=reason,
            actor=who, forecast_run=run.id if run else "", system=system, dissent=dissent, owner=owner,
            review_on=review, holds_while=holds,
        )  # fmt: skip
    except StoreError as error:
        st.error(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was recorded.")
        return
    st.toast(f"Recorded decision {made.id}.")
    st.rerun()


def _draw_made(made: Decision, dossier: Dossier) -> None:
    with st.container(border=True):
        st.markdown(f"**{title_of(made.finding)}**: {escaped(made.decision)}")
        st.markdown(escaped(made.reason))
        facts = [f"Decided by {made.decided_by} on {day_in_words(made.known_at)}", f"record {made.id}"]
        if made.forecast_run:
            run = dossier.runs.get(made.forecast_run)
            known = f" (as of {day_in_words(run.as_of)}, prior set {run.prior_set})" if run else ""
            facts.append(f"rests on forecast run {made.forecast_run[:12]}{known}")
        optional = (("system", made.system), ("owner", made.owner), ("holds while", made.holds_while),
                    ("dissent", made.dissent))  # fmt: skip
        facts += [f"{name}: {text}" for name, text in optional if text]
        facts += [f"review on {day_in_words(made.review_on)}"] if made.review_on else []
        st.caption(escaped("; ".join(facts)))
