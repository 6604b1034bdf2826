"""Next evaluation: which result would narrow a threshold's date most, and when its own measures are due again."""

import streamlit as st

from forecasts import SEED
from scorecard.charts.narrowing import narrowing
from screens import draw_chart, next_evaluation
from screens.frame import record
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.text import bulleted, escaped

SHOWN = 0.05  # months: what is less rounds to nothing


def draw(frame: Frame, about: str, title: str) -> None:
    """Which result would tell most about one threshold; without criteria nothing can be weighed."""
    known, opened = record.evidence(frame.store, frame.as_of), Opened.of(frame.store)
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    found = next_evaluation.weighed(opened, frame.as_of, about)
    options, refused = next_evaluation.parted(found)

    st.markdown(f"**{escaped(next_evaluation.answer(options, names))}**")
    if any(12 * o["weighted_narrowing_years"] >= SHOWN for o in options):
        draw_chart(narrowing(options, names, as_of=frame.as_of, name=title))
    st.markdown(bulleted(next_evaluation.due_again(next_evaluation.due(opened, frame.as_of), about, names)))
    with st.expander("Every result that was weighed"):
        next_evaluation.draw_options(frame, options, refused, found["kinds"], names)
        st.caption(f"Seed {SEED}; the same from `preparedness forecast next-evaluation`.")
