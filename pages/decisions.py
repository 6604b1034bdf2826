"""Decisions: every one on record, the forecast it rested on, and how that forecast scored."""

import streamlit as st

from scorecard.ui import decision_log, page
from scorecard.ui.downloads import table_download
from scorecard.ui.page import as_of_line, view_link

with page(
    "Decisions", "What was decided, on which forecast, by whom, and how good that forecast was."
) as frame:
    log = decision_log.read(frame.store, frame.as_of)
    st.subheader(decision_log.answer(log), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    for entry in log:
        decision_log.draw(frame, entry)
    if log:
        table_download(decision_log.as_frame(log), frame, "decisions")
    st.caption(
        "A forecast is scored on P(crossed by the review date, or a year after the decision) once the developer has "
        "said whether it was. That is the developer's word, which comes after the crossing itself. Brier: 0 is best."
    )
