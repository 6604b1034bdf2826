"""Oversight: do monitors, safeguards and the reading of reasoning keep pace with capability?"""

import pandas as pd
import streamlit as st

from scorecard.charts.milestones import race
from screens import draw_chart, oversight, sources_footer
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.text import escaped


def draw(frame: Frame) -> None:

    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    held, found = oversight.bars_in_use(opened, frame.as_of)
    frame.answer(oversight.answer(found))
    run = oversight.runs(opened, frame.as_of).get(held.capability)
    st.caption(escaped(oversight.capability_line(run, record.threshold_names(opened))))
    newest = [one.newest.source for one in found if one.newest]
    titles = [known.titles.get(id, id) for id in dict.fromkeys(newest)]
    draw_chart(race(found, as_of=frame.as_of, sources=titles))
    for area in held.areas:
        oversight.draw_area(area, found, known, frame.as_of)
    whole = [
        oversight.frame_of(area, found, known, frame.as_of).assign(area=area.name) for area in held.areas
    ]
    table_download(pd.concat([t for t in whole if not t.empty]), frame, "oversight")
    sources_footer(
        [known.sources[id] for id in dict.fromkeys(newest) if id in known.sources],
        None,
        note="Bars are proposals of this project; the same from `preparedness oversight`.",
    )
