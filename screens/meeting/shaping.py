"""What the chair does to the agenda: an item up or down, dropped or taken up, and given its minutes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from scorecard.governance import meetings
from scorecard.governance.agenda import REST, grouped
from scorecard.people import Actor
from scorecard.records import AgendaItem, Meeting
from screens.frame import session
from screens.frame.page import Frame


def total(items: Sequence[AgendaItem]) -> str:
    """How many minutes are set aside for what the meeting takes, for a sentence; nothing when none are."""
    rest = grouped(items).get(REST, [])
    minutes = sum(item.timebox for at, item in enumerate(items) if at not in rest)
    return meetings.in_minutes(minutes) if minutes else ""


def draw(frame: Frame, meeting: Meeting, items: Sequence[AgendaItem], at: int | None = None) -> None:
    """What the chair can do to one item; without its place on the agenda the chair picks one there."""
    with st.expander("Order and time"):
        if at is None:
            titles = {item.key: item.title for item in items}
            chosen = st.selectbox("Item", titles, format_func=lambda key: titles.get(key, key), key="shaped")
            at = next((n for n, item in enumerate(items) if item.key == chosen), 0)
        item, taken = items[at], len(items) - len(grouped(items).get(REST, []))
        who = session.name_field("In the chair", key="shaper")
        with st.container(horizontal=True):
            if at < taken:
                if st.button("Move up", icon=":material/arrow_upward:", disabled=not at):
                    _shape(frame, meeting, item, "up", who)
                if st.button("Move down", icon=":material/arrow_downward:", disabled=at == taken - 1):
                    _shape(frame, meeting, item, "down", who)
                if st.button("Drop to “for information”"):
                    _shape(frame, meeting, item, "drop", who)
            elif st.button("Take it up"):
                _shape(frame, meeting, item, "take", who)
        # The field is named after what is stored, so that it never holds what somebody else has changed since.
        with st.form(f"timebox-{item.key}-{item.timebox}", border=False):
            minutes = st.number_input(
                "Minutes for this item",
                0,
                meetings.LONGEST,
                item.timebox,
                5,
                key=f"minutes-{item.key}-{item.timebox}",
            )
            if st.form_submit_button("Set the time"):
                _shape(frame, meeting, item, minutes, who)


def _shape(frame: Frame, meeting: Meeting, item: AgendaItem, change: meetings.Move | int, who: Actor) -> None:
    made = session.tried(lambda: meetings.shape(frame.store, meeting.id, item.key, change, who))
    if made:
        keys = [one.key for one in made.agenda]
        st.query_params["item"] = str(keys.index(item.key) + 1)
        session.done(f"Kept with the meeting: {item.title}.")


def place_in_words(items: Sequence[AgendaItem], at: int) -> str:
    """Where an item stands on the agenda, and the minutes it has."""
    taken = len(items) - len(grouped(items).get(REST, []))
    place = (
        f"Item {at + 1} of {taken}"
        if at < taken
        else f"For information, {at + 1 - taken} of {len(items) - taken}"
    )
    minutes = items[at].timebox
    return f"{place}, {meetings.in_minutes(minutes)}" if minutes else place
