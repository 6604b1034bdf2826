"""Next evaluation: which result would narrow a threshold's date most, what is due, and what has no fresh evidence."""

from datetime import date
from typing import Any

import streamlit as st

from forecasts import SEED
from forecasts.runs.planning import plan
from scorecard.charts.narrowing import narrowing
from scorecard.store import Store
from screens import draw_chart, next_evaluation
from screens.frame import record
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.text import escaped

SHOWN = 0.05  # months: what is less rounds to nothing


@st.cache_data(show_spinner="Simulating what each result would show ...", max_entries=64)
def weighed(opened: Opened, day: date, threshold: str) -> dict[str, Any]:
    return plan(Store(opened.address), day, threshold=threshold)


@st.cache_data(show_spinner=False, max_entries=16)
def due(opened: Opened, day: date) -> dict[str, Any]:
    return plan(Store(opened.address), day, weigh=False)


def draw(frame: Frame, about: str, title: str) -> None:
    """Which result would tell most about one threshold; without criteria nothing can be weighed."""
    card, known = record.scorecard(frame.store, frame.as_of), record.evidence(frame.store, frame.as_of)
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    found, calendar = (
        weighed(Opened.of(frame.store), frame.as_of, about),
        due(Opened.of(frame.store), frame.as_of),
    )
    options, refused = next_evaluation.parted(found)

    st.markdown(f"**{escaped(next_evaluation.answer(options, names))}**")
    if any(12 * o["weighted_narrowing_years"] >= SHOWN for o in options):
        draw_chart(narrowing(options, names, as_of=frame.as_of, name=title))
    next_evaluation.draw_options(frame, options, refused, found["kinds"], names)
    st.subheader("Calendar of re-tests", anchor=False)
    next_evaluation.draw_retests(frame, calendar, names)
    st.subheader("Thresholds without fresh evidence", anchor=False)
    next_evaluation.draw_stale(calendar, card)
    st.caption(f"Seed {SEED}; the same from `preparedness forecast next-evaluation`.")
