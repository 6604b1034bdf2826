"""Loop and errors: does self-improvement close on itself, when are pace thresholds met, and do errors multiply?"""

from datetime import date

import streamlit as st

from forecasts.dynamics import answers
from scorecard.records import Drivers, ErrorsAnswer, LoopAnswer
from screens import loop, sources_footer
from screens.frame import record
from screens.frame.page import Frame
from screens.frame.text import escaped

type Held = tuple[tuple[str, float], ...]


@st.cache_data(show_spinner="Simulating scenarios ...", max_entries=64)
def scenarios(opened: record.Opened, day: date, held: Held) -> LoopAnswer:
    paths = answers.QUICK if held else 2 * answers.QUICK
    ours = record.loop_assumptions(opened, day)
    return answers.loop(loop.readings_of_day(opened, day), day, ours, paths=paths, fixed=dict(held))


@st.cache_data(show_spinner="Finding what drives the spread ...", max_entries=16)
def spread(opened: record.Opened, day: date) -> Drivers:
    return answers.spread(loop.readings_of_day(opened, day), day, record.loop_assumptions(opened, day))


@st.cache_data(show_spinner=False, max_entries=64)
def compounding(
    opened: record.Opened, day: date, monitors: int, cycles: int, speed: float, held: Held
) -> ErrorsAnswer:
    found = loop.readings_of_day(opened, day)
    ours = record.loop_assumptions(opened, day)
    return answers.errors(found, day, ours, monitors=monitors, cycles=cycles, speed=speed, fixed=dict(held))


def draw(frame: Frame) -> None:
    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    answered, told = st.empty(), st.empty()
    st.info(
        "Exploratory. These are equations with assumed parameters laid over the fitted trend; no series identifies "
        "most of them. Use them to see what an answer depends on, not as a measurement."
    )
    st.subheader("The loop", anchor=False)
    held = tuple(sorted(loop.levers().items()))
    try:
        found = scenarios(opened, frame.as_of, held)
    except ValueError as error:
        frame.answer(f"Nothing can be said about this day: {error}.", answered)
        return
    loop.draw_scenarios(found, frame, known.titles)
    st.subheader("Pace thresholds", anchor=False)
    st.caption(
        "Exploratory, another argument than the scorecard's, which gives it weight 0: it asks what a self-improving "
        "loop would do under assumed equations, while a threshold's own page goes by measured series and what the "
        "developer found. The chance of a crossing is the scorecard's; how far scenarios lie from it says how much "
        "the loop's assumptions matter."
    )
    loop.draw_thresholds(found, frame, known.titles)
    st.subheader("Do errors multiply?", anchor=False)
    monitors, cycles, speed, kept = loop.error_levers()
    errors = compounding(opened, frame.as_of, monitors, cycles, speed, tuple(kept.items()))
    frame.answer(loop.answer(found, errors), answered)
    told.caption(escaped(loop.symbols(found, errors)))
    loop.draw_errors(errors, frame, known.titles)
    loop.draw_drivers(spread(opened, frame.as_of), frame)
    sources_footer(
        [known.sources[id] for id in loop.sources_of(found, errors) if id in known.sources],
        None,
        note=f"Priors {found.priors}, {found.paths:,} paths, seed {found.seed}; "
        "the same from `preparedness forecast dynamics`.",
    )
