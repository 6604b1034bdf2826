"""Forecasts on record of a threshold: a line each, then one in full, beside another where that is asked for."""

import streamlit as st

from scorecard.charts import crossing
from screens import crossings, draw_chart, runs
from screens.assumptions import beliefs
from screens.frame.downloads import table_download
from screens.frame.page import Frame, choice
from screens.frame.record import Dossier
from screens.frame.text import escaped

ASKED = ("run", "beside")  # in the address: which forecast is shown in full, and beside which


def draw(frame: Frame, found: Dossier, name: str) -> None:
    """The log of forecasts, newest first; one in full is drawn once it is unfolded or the address names it."""
    on_record = {run.id: run for run in found.runs.values() if run.as_of <= frame.as_of}
    if not on_record:
        st.markdown("No forecast of this threshold is on record for this day or before.")
        return
    table = runs.as_log(on_record.values())
    runs.draw_log(table)
    table_download(table, frame, f"forecasts-{found.row.threshold.id}")
    named = any(key in st.query_params for key in ASKED)
    whole = st.expander(
        "One in full, by model, with its parameters and checks",
        expanded=named,
        key="whole",
        on_change="rerun",
    )
    if whole.open:
        with whole:
            _draw_whole(frame, found, name)


def _draw_whole(frame: Frame, found: Dossier, name: str) -> None:
    on_record = {run.id: run for run in found.runs.values() if run.as_of <= frame.as_of}
    labels = runs.labels(on_record.values())
    left, right = st.columns(2)
    beside = {runs.NOTHING: "Nothing", **labels}
    chosen = on_record.get(choice(frame, "Forecast", labels, key="run", place=left))
    other = on_record.get(choice(frame, "Beside it", beside, key="beside", place=right))
    if chosen is None:
        st.warning("That forecast run is not on record for this threshold and day.")
        return

    st.markdown(f"**{escaped(runs.answer(chosen, other))}**")
    draw_chart(crossing(chosen, as_of=chosen.as_of, before=other, name=name))
    if chosen.publishable:
        st.caption(escaped(runs.chances(chosen)))
        runs.draw_beside(chosen, other)
        crossings.draw_evidence(frame, found, chosen, other)
    criteria = chosen.quoted.by_criterion if chosen.publishable else {}
    if len(criteria) > 1:
        st.markdown("**If any, some or all criteria have to be met**")
        crossings.draw_together(frame, chosen)
    if criteria:
        st.markdown("**Crossed, determined, published**")
        crossings.draw_reported(frame, found, chosen)
    st.markdown("**Parameters and checks**")
    beliefs.draw_parameters(chosen)
    runs.draw_checks(chosen)
