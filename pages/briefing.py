"""Briefing: for a meeting or a day and a reader; seen before it is made, then taken away in any format."""

import streamlit as st

from scorecard.ui import briefing, forecasts_under_way, page
from scorecard.ui.page import escaped, view_link
from scorecard.ui.record import scorecard

with page("Briefing", "What the board reads: the same record gives the same file, byte for byte.") as frame:
    asked = briefing.ask(frame)
    audience = briefing.ask_audience()
    if not asked.snapshot and asked.as_of == frame.as_of:
        forecasts_under_way(frame, scorecard(frame.store, frame.as_of))
    made = briefing.made(frame.store, asked, audience)
    st.subheader(briefing.answer(made), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        bound = f" Snapshot {made.snapshot[:12]}." if made.snapshot else ""
        st.caption(escaped(f"{asked.why} Content {made.short_hash}, as on every page.{bound}".strip()))
        view_link(frame)
    briefing.draw_files(made)
    briefing.draw_preview(made)
    if made.withheld:
        with st.expander(f"Withheld from this audience ({sum(w.count for w in made.withheld)})"):
            for w in made.withheld:
                st.markdown(f"- {w.what}: {w.count}, because {w.reason}")
    st.subheader("Duties to report", anchor=False)
    briefing.draw_duties(made)
    if audience != "public":
        st.subheader("Commentary", anchor=False)
        briefing.draw_commentary(frame, made)
    if not asked.snapshot:
        st.subheader("Keep it", anchor=False)
        briefing.draw_keep(frame, made)
