"""Scorecard: each threshold that bears on self-improvement, its status with the reason, and when it is crossed."""

import streamlit as st

from scorecard.ui import draw_chart, forecasts_under_way, page, sources_footer
from scorecard.ui.board import answer, as_frame, draw_rows, draw_table, filtered
from scorecard.ui.downloads import briefing_downloads, table_download
from scorecard.ui.page import as_of_line, view_link
from scorecard.ui.record import scorecard

with page(
    "Preparedness scorecard", "When are the thresholds for recursive self-improvement crossed?"
) as frame:
    only_rsi = st.sidebar.toggle("Bears on self-improvement only", value=True, key="rsi", bind="query-params")
    card = scorecard(frame.store, frame.as_of, everything=not only_rsi)
    rows = filtered(card.rows)

    st.subheader(answer(rows, frame.as_of), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    progress, picture = st.container(), st.container()

    draw_rows(frame, rows)
    table = as_frame(rows, frame.as_of)
    with st.expander("As a table, to sort and search"):
        draw_table(rows, frame)
    table_download(table, frame, "scorecard-table")
    st.caption("The day's briefing, every number with its source:")
    briefing_downloads(frame)
    read = [row.source for row in rows] + [row.latest.source for row in rows if row.latest]
    sources_footer(
        read, card.entry, note="Probabilities are forecasts from criteria that are proposed, not adopted."
    )

    with progress:
        forecasts_under_way(frame, card)
    with picture:
        if any(row.forecast for row in rows):
            from scorecard.briefings.charts import overview  # a second of imports, after the rows

            chart = overview(rows, as_of=frame.as_of)
            draw_chart(chart)
