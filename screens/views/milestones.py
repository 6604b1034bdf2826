"""Milestones: what was promised and predicted in public, what resolves it, and our probability beside it."""

import streamlit as st

from scorecard.charts.milestones import promises
from screens import draw_chart, milestones, sources_footer
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame


def draw(frame: Frame) -> None:

    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    found = milestones.rows(opened, frame.as_of)
    frame.answer(milestones.answer(found, frame.as_of))
    if found:
        draw_chart(promises(found, as_of=frame.as_of))
        everything = st.toggle("Show observations too", key="observations")
        shown = [row for row in found if everything or row.outlook.kind != "observation"]
        table = milestones.as_frame(shown, known)
        milestones.draw_register(table)
        table_download(table, frame, "milestones")
        st.caption(
            "Ours is the probability that the threshold is crossed by the same day, where a threshold stands for the "
            "event; crossing comes before anybody says so. A goal whose day has passed without a finding is overdue, "
            "not missed."
        )
        st.subheader("What resolves it, and what was said", anchor=False)
        milestones.draw_event(frame, shown)
    used = [row.outlook.source for row in found]
    sources_footer(
        [known.sources[id] for id in dict.fromkeys(used) if id in known.sources],
        None,
        note="The criteria are proposals of this project unless they say otherwise.",
    )
