"""Next evaluation: which result would narrow a threshold's date most, what is due, and what has no fresh evidence."""

from datetime import date
from typing import Any

import streamlit as st

from forecasts.planning import SEED, plan
from scorecard.briefings.charts.narrowing import narrowing
from scorecard.store import Store
from scorecard.ui import draw_chart, next_evaluation, page, record, sources_footer, threshold
from scorecard.ui.page import as_of_line, view_link
from scorecard.ui.record import Opened


@st.cache_data(show_spinner="Simulating what each result would show ...", max_entries=64)
def weighed(opened: Opened, day: date, threshold: str) -> dict[str, Any]:
    return plan(Store(opened.address), day, threshold=threshold)


@st.cache_data(show_spinner=False, max_entries=16)
def due(opened: Opened, day: date) -> dict[str, Any]:
    return plan(Store(opened.address), day, weigh=False)


with page("Next evaluation", "Which result would tell most, what is due, what nobody has measured.") as frame:
    card, known = record.scorecard(frame.store, frame.as_of), record.evidence(frame.store, frame.as_of)
    about, title = threshold.choose(row for row in card.rows if row.criteria)
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    found, calendar = (
        weighed(Opened.of(frame.store), frame.as_of, about),
        due(Opened.of(frame.store), frame.as_of),
    )
    options, refused = next_evaluation.parted(found)

    st.header(title, anchor=False)
    st.subheader(next_evaluation.answer(options, names), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    if options:
        draw_chart(narrowing(options, names, as_of=frame.as_of, name=title))
    next_evaluation.draw_options(frame, options, refused, found["kinds"], names)
    st.subheader("Calendar of re-tests", anchor=False)
    next_evaluation.draw_retests(frame, calendar, names)
    st.subheader("Thresholds without fresh evidence", anchor=False)
    next_evaluation.draw_stale(calendar, card)
    sources_footer(
        [row.source for row in card.rows if row.threshold.id == about], card.entry,
        note=f"Seed {SEED}; the same from `python -m forecasts next-evaluation`.",
    )  # fmt: skip
