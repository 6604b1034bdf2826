"""Forecasts: every run of a threshold, by shape and combined, two beside each other."""

import streamlit as st

from scorecard.charts import crossing
from screens import crossings, draw_chart, runs
from screens.assumptions import beliefs
from screens.frame.page import Frame, choice
from screens.frame.record import Dossier
from screens.frame.text import escaped
from screens.threshold import summary as threshold


def draw(frame: Frame, found: Dossier, name: str) -> None:
    """The forecasts on record of one threshold."""
    on_record = {run.id: run for run in found.runs.values() if run.as_of <= frame.as_of}
    if not on_record:
        st.info("No forecast of this threshold is on record for this day or before.")
        return
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
        st.subheader("If any, some or all criteria have to be met", anchor=False)
        crossings.draw_together(frame, chosen)
    if criteria:
        st.subheader("Crossed, determined, published", anchor=False)
        crossings.draw_reported(frame, found, chosen)
    st.subheader("Parameters and checks", anchor=False)
    beliefs.draw_parameters(chosen)
    threshold.draw_checks(chosen)
