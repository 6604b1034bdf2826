"""Proposals: criteria, prior sets and warning rules, proposed by one person and ruled on by another."""

import streamlit as st

from scorecard.ui import page, proposals
from scorecard.ui.downloads import table_download
from scorecard.ui.page import view_link

with page(
    "Proposals",
    "How thresholds are measured and what is believed: proposed by one person, adopted by another.",
) as frame:
    found = proposals.read(frame.store)
    st.subheader(proposals.answer(found), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("As they stand now, whatever day the other pages show.")
        view_link(frame)
    for shown in found:
        if shown.proposal.standing == "proposed" and not shown.default:
            proposals.draw(frame, shown)
    proposals.draw_defaults(frame, found)
    criterion, buffer = st.tabs(["Propose a criterion", "Propose a warning rule"])
    with criterion:
        proposals.draw_criterion_form(frame)
    with buffer:
        proposals.draw_buffer_form(frame)
    st.caption("Prior sets are proposed on the Threshold page, where the changed forecast is seen at once.")
    ruled = [shown for shown in found if shown.proposal.rulings]
    if ruled:
        st.subheader("Ruled on", anchor=False)
        for shown in ruled:
            proposals.draw(frame, shown)
    table_download(proposals.as_frame(found), frame, "proposals")
