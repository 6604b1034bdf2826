"""Evidence: one indicator with every reading in every vintage, what it does not measure, and its sources."""

import streamlit as st

from scorecard.charts import evidence_chart, vintages
from scorecard.store import StoreError
from scorecard.words import day_in_words
from screens import draw_chart, sources_footer
from screens.evidence import adjusting
from screens.evidence.readings import answer, as_frame, draw_meaning, draw_table
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame, choice
from screens.threshold.occasions import published


def draw(frame: Frame) -> None:

    known = record.evidence(frame.store, frame.as_of)
    if not known.indicators:
        raise StoreError(f"nothing had been measured that was known on {frame.as_of}; pick a later day")
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    chosen = choice(frame, "Indicator", names, key="indicator")
    if chosen not in names:
        raise StoreError(
            f"there is no indicator {chosen!r} with a reading by {frame.as_of}; pick one at the top"
        )
    indicator = known.indicators[chosen]
    readings = known.measurements[chosen]

    frame.answer(answer(indicator, readings, known.systems, frame.as_of))

    chart = evidence_chart(
        indicator,
        readings,
        known.systems,
        as_of=frame.as_of,
        sources=known.titles,
        events=published(indicator, known),
    )
    draw_chart(chart)
    draw_meaning(indicator, known.sources.get(indicator.source), frame.as_of)

    st.subheader("Readings, every vintage", anchor=False)
    table = as_frame(indicator, readings, known, frame.as_of)
    draw_table(table, alt=f"Readings of {indicator.name} known on {day_in_words(frame.as_of)}")
    table_download(table, frame, f"readings-{chosen}")
    if len({m.vintage for m in readings}) > 1:
        revised = vintages(indicator, readings, known.systems, as_of=frame.as_of, sources=known.titles)
        draw_chart(revised)
    if frame.is_today:
        adjusting.draw(frame, indicator, readings, known)
    sources_footer([known.sources[m.source] for m in readings if m.source in known.sources], None)
