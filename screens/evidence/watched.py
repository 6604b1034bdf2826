"""The watch list on the screen: where somebody should look now, the inbox, and which measures are due again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import get_args

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.clock import today
from scorecard.evidence.refresh.handling import handle, note_look
from scorecard.evidence.refresh.searched import Watch, watch_list_of
from scorecard.records import InboxItem, InboxState
from scorecard.words import day_in_words
from screens import next_evaluation
from screens.frame import record, session
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.tables import data_table
from screens.frame.text import Marked, bulleted, escaped, joined, link

NEXT = {state: state.replace("_", " ") for state in get_args(InboxState) if state != "seen"}


PUBLISHER_WIDTH = 200  # pixels: the longest name fits
# What is shown of the list; the download carries all.
SHOWN = ("publisher", "due", "looks for", "reaches", "last looked on", "every, days", "decisive", "address")


def draw(frame: Frame) -> None:
    """The list with what is due, forms to say that one looked, and each open item with what can become of it."""
    with frame.store.view(as_of=frame.as_of) as known:
        lines = watch_list_of(known)
        items = sorted(known.all(InboxItem), key=lambda i: (i.published_on, i.id))
    frame.answer(answer(lines, frame))
    table = as_frame(lines, frame)
    data_table(
        table[list(SHOWN)],
        alt=f"Who is watched, and up to which day somebody looked, on {day_in_words(frame.as_of)}",
        links=("address",),
        config={"publisher": st.column_config.TextColumn(width=PUBLISHER_WIDTH)},
    )
    table_download(table, frame, "watch-list")
    st.caption(
        "Silence counts only up to the day that the looks at the decisive publishers reach. "
        "`preparedness refresh` fetches what a program can read and fills the inbox."
    )
    if frame.is_today and lines:
        _look_form(frame, lines)
    st.subheader("Inbox", anchor=False)
    waiting = [item for item in items if item.state in ("seen", "read")]
    if not waiting:
        st.caption("Nothing waits: nothing new was fetched, or all of it was entered or set aside.")
    for item in waiting:
        _draw_item(frame, item)
    if done := [item for item in items if item not in waiting]:
        with st.expander(f"Dealt with ({len(done)})"):
            st.markdown(bulleted(map(_said, done)))
    _draw_measures(frame)


def _draw_measures(frame: Frame) -> None:
    """Which measures are due again, and which thresholds lack fresh evidence."""
    calendar = next_evaluation.due(Opened.of(frame.store), frame.as_of)
    known = record.evidence(frame.store, frame.as_of)
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    thresholds = record.threshold_names(Opened.of(frame.store))
    st.subheader("Measures due again", anchor=False)
    next_evaluation.draw_retests(frame, calendar, names, thresholds)
    stale = calendar["without_fresh_evidence"]
    with st.expander(escaped(f"Thresholds without fresh evidence ({len(stale)})")):
        next_evaluation.draw_stale(stale, thresholds)


def answer(lines: Sequence[Watch], frame: Frame) -> str:
    """How much of the list is due, in a sentence; how far the search reaches stands below every answer."""
    due = sum(line.overdue(frame.as_of) for line in lines)
    return f"At {due} of {len(lines)} publishers somebody should look again."


def as_frame(lines: Sequence[Watch], frame: Frame) -> pd.DataFrame:
    """The watch list as a table, longest unseen first."""
    return pd.DataFrame(
        [
            {
                "publisher": line.watched.publisher,
                "looks for": line.watched.looks_for,
                "due": line.overdue(frame.as_of),
                "address": web_address(line.watched.address),
                "reaches": line.last.reaches if line.last else None,
                "last looked on": line.last.looked_on if line.last else None,
                "by": line.last.looked_by if line.last else "",
                "found": line.last.found if line.last else None,
                "every, days": line.watched.every_days,
                "decisive": line.watched.decisive,
                "unread": line.waiting,
            }
            for line in lines
        ]
    )


def _look_form(frame: Frame, lines: Sequence[Watch]) -> None:
    names = {line.watched.id: f"{line.watched.publisher}: {line.watched.looks_for}" for line in lines}
    with st.expander("I looked somewhere"), st.form("look", border=False):
        chosen = st.selectbox("Where", list(names), format_func=names.__getitem__, key="look_at")
        left, right = st.columns(2)
        reaches = left.date_input(
            "What I saw reaches to", value=today(), max_value=today(), format="YYYY-MM-DD", key="look_to"
        )
        found = right.number_input("New things there", value=0, min_value=0, step=1, key="look_found")
        note = st.text_input("What was there, in a sentence", key="look_note")
        who = session.name_field("Looked by", key="look_by")
        pressed = st.form_submit_button("Note the look")
    deed = partial(
        note_look,
        frame.store,
        chosen,
        found=int(found),
        reaches=reaches,
        note=note,
        actor=who,
        today=today(),
    )
    if pressed and (look := session.tried(deed)):
        session.done(f"Noted: {names[chosen]}, looked at up to {day_in_words(look.reaches)}.", "look_note")


def _draw_item(frame: Frame, item: InboxItem) -> None:
    with st.container(border=True):
        st.markdown(escaped(_said(item)))
        if not frame.is_today:
            return
        with st.form(f"inbox-{item.id}", border=False):
            left, right = st.columns((1, 2))
            state = left.selectbox("It was", list(NEXT), format_func=NEXT.__getitem__, key=f"inbox_{item.id}")
            reason = right.text_input(
                "Which rows came of it, or why nothing does", key=f"inbox_reason_{item.id}"
            )
            who = session.name_field("Handled by", key=f"inbox_by_{item.id}")
            if not st.form_submit_button("Keep"):
                return
        deed = partial(handle, frame.store, item.id, state, reason=reason, actor=who, today=today())
        if moved := session.tried(deed):
            session.done(f"{item.title}: {NEXT[moved.state]}.", f"inbox_reason_{item.id}")


def _said(item: InboxItem) -> Marked:
    became = f": {item.reason}" if item.reason else ""
    state = f"{item.state.replace('_', ' ')} by {item.handled_by}{became}"
    return joined("", [link(item.title, item.address), f", {day_in_words(item.published_on)}; {state}"])
