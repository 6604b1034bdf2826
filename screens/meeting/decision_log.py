"""The log of decisions with the forecast each rested on, its tripwires and how it scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from scorecard.governance.decisions import standing_decisions
from scorecard.governance.scored import Scored, scored
from scorecard.governance.snapshots import reopen, sign_decision
from scorecard.governance.tripwires import fired
from scorecard.records import Decision, Determination, ForecastRun, Report, SignOff, Subject, Tripwire
from scorecard.store import Store
from scorecard.thresholds.board import named_thresholds
from scorecard.words import chance_in_words, day_in_words, title_of
from screens.frame import session
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.text import escaped


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEntry:
    """A decision with all that is on record about it."""

    decision: Decision
    about: str  # the threshold's whole name
    in_force: bool
    score: Scored | None
    reports: tuple[Report, ...]
    tripwires: tuple[tuple[Tripwire, str], ...]  # with what made it fire, or ""
    signed: tuple[SignOff, ...]


def decisions_known(store: Store, as_of: date) -> list[DecisionEntry]:
    """Every decision known on a day, newest first."""
    return _read(Opened.of(store), as_of)


@st.cache_data(show_spinner=False, max_entries=8)
def _read(opened: Opened, as_of: date) -> list[DecisionEntry]:
    store = Store(opened.address)
    with store.view(as_of=as_of) as known, store.view() as now:
        decisions, names = known.all(Decision), named_thresholds(now)
        alive = {d.id for d in standing_decisions(decisions)}
        runs = {run.id: run for run in now.all(ForecastRun)}
        found = known.all(Determination)
        seen = {one.tripwire.id: one.words for one in fired(known, now, as_of)}
        wires, reports, signed = now.all(Tripwire), now.all(Report), now.all(SignOff)
    return [
        DecisionEntry(
            decision=d,
            about=names.get(d.threshold, d.threshold),
            in_force=d.id in alive,
            score=scored(d, runs[d.forecast_run], found, as_of) if d.forecast_run in runs else None,
            reports=tuple(r for r in reports if r.decision == d.id),
            tripwires=tuple((w, seen.get(w.id, "")) for w in wires if w.decision == d.id),
            signed=tuple(s for s in signed if s.subject == str(Subject(Decision.TABLE, d.id))),
        )
        for d in reversed(decisions)
    ]


def answer(log: Sequence[DecisionEntry]) -> str:
    """The log in a sentence."""
    if not log:
        return "No decision is on record for this day yet."
    alive = sum(entry.in_force for entry in log)
    done = [e.score.brier for e in log if e.score and e.score.brier is not None]
    words = f"{len(log)} {'decision' if len(log) == 1 else 'decisions'} on record, {alive} in force."
    if done:
        words += f" The forecasts of {len(done)} can be scored: mean Brier score {sum(done) / len(done):.2f}."
    return words


def draw(frame: Frame, entry: DecisionEntry) -> None:
    """One decision with all that belongs to it, who signed it, and the form to sign."""
    made, score = entry.decision, entry.score
    with st.container(border=True):
        state = "" if entry.in_force else " (superseded)"
        st.markdown(f"**{escaped(title_of(made.finding))}{escaped(state)}**: {escaped(made.decision)}")
        st.markdown(f"{escaped(made.reason)}")
        if made.dissent:
            st.markdown(f"**Dissent.** {escaped(made.dissent)}")
        st.caption(escaped(f"{entry.about}; {made.decided_by}, {day_in_words(made.known_at)}"))
        if score:
            st.markdown(
                escaped(
                    f"Rested on {chance_in_words(score.p)} that it is crossed by {day_in_words(score.by)}. "
                    + outcome(score)
                )
            )
        for report in entry.reports:
            told = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in report.contents.items())
            st.caption(escaped(f"{report.about} report, {report.finding.replace('_', ' ')}. {told}"))
        for wire, words in entry.tripwires:
            st.caption(
                escaped(f"Tripwire {wire.words}: " + (f"fired, {words}" if words else "has not fired"))
            )
        _draw_signatures(frame, entry)


def _draw_signatures(frame: Frame, entry: DecisionEntry) -> None:
    for one in entry.signed:
        words = f"Signed by {one.name}, {one.role}, {day_in_words(one.known_at)} ({one.identity}): {one.statement}"
        st.caption(escaped(words))
    id = entry.decision.id
    with st.expander("Sign it, or take away what it rested on"):
        with st.form(f"sign-{id}", border=False):
            who = session.name_field("Signed by", key=f"signer-{id}")
            statement = st.text_input("Statement", value="I stand by this decision.", key=f"statement-{id}")
            signing = st.form_submit_button("Sign the decision", key=f"sign-it-{id}")
        signed = session.tried(lambda: sign_decision(frame.store, id, who, statement)) if signing else None
        if signed:
            session.done("Signed. Your name stands under the decision.")
        st.caption(escaped(f"Record {id}."))
        if entry.signed:
            snapshot = entry.signed[0].snapshot
            view = reopen(frame.store, snapshot)
            st.download_button(
                "Download what was signed (JSON)",
                view.content,
                file_name=f"{snapshot[:24]}.json",
                mime="application/json",
                key=f"signed-{id}",
            )
            st.caption(escaped(f"Snapshot {snapshot}."))


def outcome(score: Scored) -> str:
    """What happened, and the scores, in a sentence."""
    if score.outcome is None or score.brier is None or score.log_score is None:
        return "It is not resolved yet."
    what = "It was found crossed" if score.outcome else "It was found not crossed"
    return f"{what} ({score.resolved_by}): Brier {score.brier:.2f}, log score {score.log_score:.2f}."


def as_frame(log: Sequence[DecisionEntry]) -> pd.DataFrame:
    """The log as a table to download."""
    return pd.DataFrame(
        [
            {
                "id": e.decision.id,
                "threshold": e.decision.threshold,
                "decided_on": e.decision.known_at,
                "finding": e.decision.finding,
                "decision": e.decision.decision,
                "decided_by": e.decision.decided_by,
                "in_force": e.in_force,
                "forecast_run": e.decision.forecast_run,
                "p": e.score.p if e.score else None,
                "by": e.score.by if e.score else None,
                "outcome": e.score.outcome if e.score else None,
                "brier": e.score.brier if e.score else None,
                "log_score": e.score.log_score if e.score else None,
            }
            for e in log
        ]
    )


def view(frame: Frame) -> None:
    """Every decision on record, the forecast it rested on, and how that forecast scored."""
    log = decisions_known(frame.store, frame.as_of)
    frame.answer(answer(log))
    for entry in log:
        draw(frame, entry)
    if not log:
        st.caption("A decision is taken on an item of an open meeting, or on a threshold's page.")
        st.page_link(
            "pages/threshold.py",
            label="Decide on a threshold",
            icon=":material/arrow_forward:",
            query_params={"tab": "record"},
        )
        return
    table_download(as_frame(log), frame, "decisions")
    st.caption(
        "A forecast is scored by its chance of a crossing by the review date, or within a year of the decision, once "
        "the developer has said whether it was crossed, which comes after the crossing itself. Brier: 0 is best."
    )
