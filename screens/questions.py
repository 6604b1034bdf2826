"""The organisation's own experts on the screen: questions asked, answered blind, pooled, resolved and scored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from scorecard.governance import questions
from scorecard.governance.questions import QuestionView
from scorecard.store import Store
from scorecard.words import chance_in_words, day_in_words
from screens.frame import session
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.tables import data_table
from screens.frame.text import escaped


@st.cache_data(show_spinner=False, max_entries=32)
def _found(opened: Opened, day: date, reader: str) -> list[QuestionView]:
    store = Store(opened.address)
    with store.view(as_of=day) as known, store.view() as now:
        return questions.asked(known, now, as_of=day, reader=reader)


def draw(frame: Frame, about: dict[str, str]) -> None:
    """Every question as the person here may see it, with its forms; `about` names what can be asked (id to name)."""
    found = _found(Opened.of(frame.store), frame.as_of, session.actor().name)
    frame.answer(answer(found))
    for one in found:
        with st.expander(escaped(_title(one)), expanded=one.state == "open"):
            _draw(frame, one)
    table = as_frame(found)
    if not table.empty:
        table_download(table, frame, "experts", label="Download questions and answers (CSV)")
    if frame.is_today:
        with st.expander("Ask the experts"):
            _draw_ask(frame, about)


def answer(found: Sequence[QuestionView]) -> str:
    """Where things stand, in a sentence."""
    if not found:
        return "Nobody has asked the organisation's own experts yet. Their answers would stand here beside the model's."
    count = {state: sum(one.state == state for one in found) for state in ("open", "closed", "resolved")}
    words = f"{count['open']} open, {count['closed']} closed, {count['resolved']} resolved."
    both = [one for one in found if "pool Brier" in one.scores and "model Brier" in one.scores]
    if both:
        pool, model = (
            sum(one.scores[f"{who} Brier"] for one in both) / len(both) for who in ("pool", "model")
        )
        words += (
            f" Mean Brier score of the {len(both)} resolved with both: experts {pool:.2f}, model {model:.2f}."
        )
    return words


def _title(one: QuestionView) -> str:
    q = one.question
    ended = "" if q.happened is None else ": happened" if q.happened else ": did not happen"
    state = f"open until {day_in_words(q.closes_on)}" if one.state == "open" else one.state
    return f"{one.name} by {day_in_words(q.due_on)} ({state}{ended})"


def _draw(frame: Frame, one: QuestionView) -> None:
    q = one.question
    st.markdown(f"**What resolves it.** {escaped(one.criteria)}")
    if q.note:
        st.markdown(escaped(q.note))
    st.caption(escaped(f"Asked by {q.asked_by}, {day_in_words(q.known_at)}; {q.id}"))
    if one.state == "open":
        mine = one.answers[0] if one.answers else None
        given = f"{one.given} answer{'s' if one.given != 1 else ''} so far, hidden until it closes."
        st.markdown(escaped(f"{given} Yours: {chance_in_words(mine.probability)}." if mine else given))
        if frame.is_today:
            _draw_answer(frame, one)
        return
    figures = st.columns(3)
    figures[0].metric("Experts, pooled", "no answer" if one.pool is None else chance_in_words(one.pool))
    figures[1].metric(
        "Model, as of the closing day", "no forecast" if one.ours is None else chance_in_words(one.ours)
    )
    figures[2].metric(
        "Outcome", {None: "Not yet known", True: "Happened", False: "Did not happen"}[q.happened]
    )
    if one.answers:
        data_table(_answers(one), chances=("probability", "weight"), alt="What each expert answered")
        st.caption(
            "The pool is the mean of log-odds, weighted by past Brier scores; the model never enters it."
        )
    if one.scores:
        st.caption(
            escaped("; ".join(f"{name} score {value:.2f}" for name, value in one.scores.items()))
            + " (lower is better)."
        )
    if q.happened is not None:
        st.markdown(escaped(f"Resolved by {q.resolved_by}, {day_in_words(q.known_at)}: {q.grounds}"))
    elif frame.is_today:
        _draw_resolve(frame, one)


def _answers(one: QuestionView) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "expert": a.author,
                "probability": a.probability,
                "weight": a.weight,
                "reason": a.reason,
                "Brier score": a.brier,
            }
            for a in one.answers
        ]
    )


def as_frame(found: Sequence[QuestionView]) -> pd.DataFrame:
    """Closed questions and their answers as a table, an answer a row; open ones stay blind."""
    return pd.DataFrame(
        [
            {
                "question": one.question.id,
                "name": one.name,
                "by": one.question.due_on,
                "state": one.state,
                "expert": a.author,
                "probability": a.probability,
                "weight": a.weight,
                "reason": a.reason,
                "pool": one.pool,
                "model": one.ours,
                "forecast run": one.run,
                "happened": one.question.happened,
                "Brier score": a.brier,
            }
            for one in found
            if one.state != "open"
            for a in one.answers
        ]
    )


def _draw_answer(frame: Frame, one: QuestionView) -> None:
    mine, id = (one.answers[0] if one.answers else None), one.question.id
    with st.form(f"answer-{id}", border=False):
        left, right = st.columns((1, 2))
        percent = left.number_input(
            "Probability, %",
            min_value=0.1,
            max_value=99.9,
            value=100 * mine.probability if mine else None,
            placeholder="0.1 to 99.9",
            key=f"percent-{id}",
        )
        reason = right.text_input("Reason", value=mine.reason if mine else "", key=f"why-{id}")
        who = session.name_field("Answered by", key=f"who-{id}")
        if not st.form_submit_button("Change my answer" if mine else "Answer", type="primary"):
            return
    if percent is None:
        st.error("An answer needs a probability. Nothing was recorded.")
        return
    deed = partial(questions.answer, frame.store, who, question=id, probability=percent / 100, reason=reason)
    if session.tried(deed):
        session.done("Recorded: your answer.")


def _draw_resolve(frame: Frame, one: QuestionView) -> None:
    id = one.question.id
    with st.form(f"resolve-{id}", border=False):
        left, right = st.columns((1, 2))
        came = left.selectbox(
            "What became of it", ("Happened", "Did not happen"), index=None, key=f"came-{id}"
        )
        on = left.date_input("Settled on", value=frame.as_of, max_value=frame.as_of, key=f"on-{id}")
        grounds = right.text_area("Grounds: what was seen, and where", key=f"grounds-{id}")
        who = session.name_field("Resolved by", key=f"resolver-{id}")
        if not st.form_submit_button("Resolve"):
            return
    if came is None:
        st.error("Say what became of it. Nothing was recorded.")
        return
    deed = partial(
        questions.resolve, frame.store, who, question=id, happened=came == "Happened", on=on, grounds=grounds
    )
    if session.tried(deed):
        session.done("Recorded: what became of it.")


def _draw_ask(frame: Frame, about: dict[str, str]) -> None:
    with st.form("ask", border=False):
        subject = st.selectbox(
            "Does it happen", list(about), format_func=lambda id: about[id], key="ask_about"
        )
        left, right = st.columns(2)
        due = left.date_input(
            "By", value=frame.as_of + timedelta(days=365), min_value=frame.as_of, key="ask_due"
        )
        closes = right.date_input(
            "Answers until", value=frame.as_of + timedelta(days=14), min_value=frame.as_of, key="ask_closes"
        )
        note = st.text_input("What an expert should know (optional)", key="ask_note")
        who = session.name_field("Asked by", key="ask_by")
        if not st.form_submit_button("Ask", type="primary"):
            return
    deed = partial(questions.ask, frame.store, who, about=subject, due_on=due, closes_on=closes, note=note)
    if session.tried(deed):
        session.done("Asked. Everybody may answer until the day given.", "ask_note")
