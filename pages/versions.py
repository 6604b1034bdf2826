"""Framework versions: two versions of a developer's framework, clause by clause."""

import streamlit as st

from scorecard.ui import page, versions
from scorecard.ui.downloads import table_download
from scorecard.ui.page import choice, view_link

with page(
    "Framework versions", "What a developer changed in its own thresholds, in our words, clause by clause."
) as frame:
    there = versions.frameworks(frame)
    names = {id: f"{held[-1].developer}: {held[-1].name}" for id, held in there.items()}
    chosen = choice("Framework", names, key="framework")
    old, new = versions.choose(there.get(chosen) or next(iter(there.values())))
    rows = versions.compared(frame, chosen, old, new)
    st.subheader(versions.answer(rows, old, new), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Our paraphrase of both, so a change of our reading shows too; the sources are on Threshold."
        )
        view_link(frame)
    versions.draw(rows)
    table_download(versions.as_frame(rows, old, new), frame, f"versions-{chosen}")
