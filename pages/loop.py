"""Loop and errors: does self-improvement close on itself, when are pace thresholds met, and do errors multiply?"""

from datetime import date
from typing import Any

import streamlit as st

from forecasts.dynamics import answers
from scorecard.ui import loop, page, record, sources_footer
from scorecard.ui.page import as_of_line, view_link

type Held = tuple[tuple[str, float], ...]


@st.cache_data(show_spinner="Simulating scenarios ...", max_entries=64)
def scenarios(opened: record.Opened, day: date, held: Held) -> dict[str, Any]:
    paths = answers.QUICK if held else 2 * answers.QUICK
    return answers.loop(loop.readings(opened, day), day, paths=paths, fixed=dict(held))


@st.cache_data(show_spinner="Finding what drives the spread ...", max_entries=16)
def spread(opened: record.Opened, day: date) -> dict[str, Any]:
    return answers.spread(loop.readings(opened, day), day)


@st.cache_data(show_spinner=False, max_entries=64)
def compounding(
    opened: record.Opened, day: date, monitors: int, cycles: int, speed: float, held: Held
) -> dict[str, Any]:
    found = loop.readings(opened, day)
    return answers.errors(found, day, monitors=monitors, cycles=cycles, speed=speed, fixed=dict(held))


with page(
    "Loop and errors",
    "Whether AI research feeds itself, when pace thresholds are met, and whether errors multiply.",
) as frame:
    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    answered = st.empty()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    st.info(
        "Exploratory. These are equations with assumed parameters laid over the fitted trend; no series identifies "
        "most of them. Use them to see what an answer depends on, not as a measurement."
    )
    st.subheader("The loop", anchor=False)
    held = tuple(sorted(loop.levers().items()))
    try:
        found = scenarios(opened, frame.as_of, held)
    except ValueError as error:
        answered.subheader(f"Nothing can be said about this day: {error}.", anchor=False)
        st.stop()
    loop.draw_scenarios(found, frame, known.titles)
    st.subheader("Pace thresholds", anchor=False)
    loop.draw_thresholds(found, frame, known.titles)
    st.subheader("Do errors multiply?", anchor=False)
    monitors, cycles, speed, kept = loop.error_levers()
    errors = compounding(opened, frame.as_of, monitors, cycles, speed, tuple(kept.items()))
    answered.subheader(loop.answer(found, errors), anchor=False)
    loop.draw_errors(errors, frame, known.titles)
    st.subheader("What drives the spread", anchor=False)
    loop.draw_drivers(spread(opened, frame.as_of), frame)
    sources_footer(
        [known.sources[id] for id in loop.sources_of(found, errors) if id in known.sources], None,
        note=f"Priors {found['priors']}, {found['paths']:,} paths, seed {found['seed']}; "
        "the same from `python -m forecasts dynamics`.",
    )  # fmt: skip
