"""Briefing: for a meeting or a day and a reader; seen before it is made, then taken away in any format."""

import streamlit as st

from screens import briefing, filings, forecasts_under_way
from screens.frame.navigation import Page
from screens.frame.page import page
from screens.frame.record import scorecard
from screens.frame.text import escaped

PAGE = Page(title="Briefing", place=6)

with page("Briefing", "What the board reads: the same record gives the same file, byte for byte.") as frame:
    asked, answered = briefing.ask(frame), st.container()
    reader, files = st.columns((1, 3))
    audience = briefing.ask_audience(frame, reader)
    if not asked.snapshot and asked.as_of == frame.as_of:
        forecasts_under_way(frame, scorecard(frame.store, frame.as_of))
    made = briefing.made(frame.store, asked, audience)
    frame.answer(briefing.answer(made), answered)
    if asked.why:
        answered.caption(escaped(asked.why))
    with files:
        briefing.draw_files(made)
    briefing.draw_preview(made)
    if made.withheld:
        with st.expander(f"Withheld from this audience ({sum(w.count for w in made.withheld)})"):
            for w in made.withheld:
                st.markdown(f"- {escaped(w.what)}: {escaped(w.count)}, because {escaped(w.reason)}")
    if audience != "public":
        st.subheader("Filings", anchor=False)
        if asked.snapshot:
            st.caption("As the record stands now: a snapshot does not bind what is drafted and filed.")
        filings.draw_filings(frame, asked.as_of)
        st.subheader("Commentary", anchor=False)
        briefing.draw_commentary(frame, made)
    if not asked.snapshot:
        briefing.draw_keep(frame, made)
