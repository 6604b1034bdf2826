"""Oversight: do monitors, safeguards and the reading of reasoning keep pace with capability?"""

import pandas as pd
import streamlit as st

from scorecard.briefings.charts.milestones import race
from scorecard.thresholds.oversight import areas
from scorecard.ui import draw_chart, oversight, page, record, sources_footer
from scorecard.ui.downloads import table_download
from scorecard.ui.page import as_of_line, view_link

with page(
    "Oversight", "Whether monitors, safeguards and the reading of reasoning keep pace with capability."
) as frame:
    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    capability, listed = areas()
    found = oversight.standing(opened, frame.as_of)
    st.subheader(oversight.answer(found), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    st.caption(oversight.capability_line(oversight.runs(opened, frame.as_of).get(capability)))
    newest = [one.newest.source for one in found if one.newest]
    titles = [known.titles.get(id, id) for id in dict.fromkeys(newest)]
    draw_chart(race(found, as_of=frame.as_of, sources=titles))
    for area in listed:
        oversight.draw_area(area, found, known, frame.as_of)
    whole = [oversight.frame_of(area, found, known, frame.as_of).assign(area=area.name) for area in listed]
    table_download(pd.concat([t for t in whole if not t.empty]), frame, "oversight")
    sources_footer(
        [known.sources[id] for id in dict.fromkeys(newest) if id in known.sources], None,
        note="Bars are proposals of this project; the same from `python -m scorecard oversight`.",
    )  # fmt: skip
