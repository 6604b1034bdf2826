"""Source: everything that rests on one source, and what would change without it."""

from datetime import date

import streamlit as st

from forecasts.runs.request import Request
from forecasts.runs.run import preview
from scorecard.charts import crossing
from scorecard.charts.dependents import rests
from scorecard.evidence.readings.dependents import losses
from scorecard.records import ForecastRun
from scorecard.store import Store, StoreError
from screens import draw_chart, sources_footer
from screens.evidence import sources
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame, choice
from screens.frame.record import Opened
from screens.frame.text import escaped


@st.cache_data(show_spinner="Asking for the forecast without it ...", max_entries=32)
def asked(opened: Opened, as_of: date, about: str, without: str) -> ForecastRun:
    """A first forecast of one threshold without the readings of a source; nothing is stored."""
    return preview(Store(opened.address), Request(as_of=as_of, thresholds=(about,)), without=without)[0]


def draw(frame: Frame) -> None:

    known, card = record.evidence(frame.store, frame.as_of), record.scorecard(frame.store, frame.as_of)
    opened = Opened.of(frame.store)
    names = sources.used(opened, frame.as_of)
    if not names:
        raise StoreError(f"no source was known on {frame.as_of}; pick a later day")
    chosen = choice(frame, "Source", names, key="source")
    if chosen not in names:
        raise StoreError(f"there is no source {chosen!r} known by {frame.as_of}; pick one at the top")
    source = known.sources[chosen]
    found = sources.rests(opened, frame.as_of, chosen)
    lost = losses(known.measurements, known.indicators, chosen)
    moved = sources.affected(card.rows, found.criteria, lost)

    frame.answer(sources.answer(source, found.counts, lost, moved))
    sources.draw_source(source)
    if found.counts:
        draw_chart(rests(found.counts, as_of=frame.as_of, source=source.title))
    if lost:
        st.markdown("**What each series would lose**")
        table = sources.losses_frame(lost, known, found.criteria)
        sources.draw_losses(table, alt=f"What each series would lose without {source.title}")
        table_download(table, frame, f"without-{chosen}")
    if moved:
        st.subheader("The forecast without it", anchor=False)
        about = choice(frame, "Threshold", moved, key="threshold", place=st.container())
        if about not in moved:
            raise StoreError(f"the forecast of {about!r} does not read this source; pick another threshold")
        before, after = (asked(opened, frame.as_of, about, left_out) for left_out in ("", chosen))
        st.markdown(
            f"**{escaped(moved[about])}.** {escaped(sources.answer_without(before, after, frame.as_of))}"
        )
        draw_chart(crossing(after, as_of=frame.as_of, before=before, name=f"{moved[about]}, without it"))
        sources.draw_without(before, after, frame.as_of)
    sources_footer([source], card.entry)
