"""Meeting: the agenda written from what changed, one item a screen, minutes in place, signed off under a snapshot."""

import streamlit as st

from scorecard.store import StoreError
from scorecard.ui import meeting, page
from scorecard.ui.page import choice, view_link

NEW = "new"

with page("Meeting", "What changed since the last meeting, what is due, what was said and decided.") as frame:
    there = {one.id: one for one in meeting.all_meetings(frame)}
    names = {id: f"{one.title} ({one.state})" for id, one in there.items()} | {NEW: "Schedule a meeting"}
    chosen = choice("Meeting", names, key="meeting")
    if chosen == NEW:
        st.subheader("Schedule a meeting; its agenda writes itself.", anchor=False)
        meeting.draw_schedule(frame)
        st.stop()
    if chosen not in there:
        raise StoreError(f"there is no meeting {chosen!r}; pick one on the left")
    one = there[chosen]
    items = meeting.agenda(frame, one)
    if not (one.state == "open" and meeting.presenting()):
        st.subheader(meeting.answer(one, items), anchor=False)
        view_link(frame)
    if one.state == "scheduled":
        meeting.draw_open(frame, one, items)
    elif one.state == "open":
        meeting.draw_items(frame, one, items)
    else:
        meeting.draw_closed(frame, one)
