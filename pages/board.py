"""Scorecard: the nearest threshold and why, what changed, how sure we are; then each threshold with its reason."""

import streamlit as st

from screens import forecasts_under_way, sources_footer
from screens.board import as_frame, draw_rows, draw_table, filtered
from screens.first import headline, ranking
from screens.frame import record
from screens.frame.downloads import briefing_downloads, table_download
from screens.frame.navigation import Page
from screens.frame.page import as_of_line, page
from screens.frame.text import escaped
from screens.frame.work import compared_under_way

PAGE = Page(title="Scorecard", place=1, address="scorecard", home=True)

with page(
    "Preparedness scorecard", "When are the thresholds for self-improvement crossed?", assumptions=True
) as frame:
    with frame.choices.popover("Filter", type="tertiary"):
        only_rsi = st.toggle("Bears on self-improvement only", value=True, key="rsi", bind="query-params")
        card = record.scorecard(
            frame.store, frame.as_of, everything=not only_rsi, assumptions=frame.assumptions
        )
        rows = filtered(card.rows)
    frame.choices.page_link("pages/meeting.py", label="Meeting", icon=":material/groups:")
    frame.choices.page_link("pages/briefing.py", label="Briefing", icon=":material/download:")
    frame.retitle(headline.nearest(rows))
    progress = st.container()
    opened = record.Opened.of(frame.store)
    then = headline.since(opened, frame.as_of)
    before = record.scorecard(frame.store, then, everything=not only_rsi, assumptions=frame.assumptions)
    moved, near = headline.moves(rows, before.rows), headline.ahead(rows)
    if near:
        why, what, sure = st.columns(3, gap="large")
        headline.draw_column(why, "Because", headline.because(near[0]))
        found = headline.news(opened, then, frame.as_of)
        headline.draw_column(what, headline.day_of_comparison(then), headline.changed(rows, moved, found))
        headline.draw_column(
            sure, "How sure", headline.how_sure(near[0], record.class_outcomes(frame.store, frame.as_of))
        )
        st.header(escaped(headline.above_half(rows)), anchor=False)
        st.markdown(escaped(headline.together_of(opened, frame.as_of, rows)))
        frame.send()
        ranking.draw(frame, rows, moved, then)
    headline.draw_unmeasured(rows)
    st.caption(escaped(f"{headline.reached(rows)} {ranking.note(rows)} {as_of_line(frame)}"))

    st.header("Each threshold, with its reason and its evidence", anchor=False)
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
        if not forecasts_under_way(frame, card):
            compared_under_way(frame, before, then)
