"""Assumptions: what is measured and what is believed before the data; move a number and see the dates move."""

import streamlit as st

from scorecard.charts import levels_of
from screens import crossings
from screens.assumptions import beliefs, editing, measures, priors_form
from screens.frame.page import Frame
from screens.frame.record import Dossier, evidence
from screens.frame.text import escaped
from screens.threshold import summary as threshold


def draw(frame: Frame, found: Dossier, name: str) -> None:
    """The assumptions behind one threshold's date, to change and to propose, and how far the date leans on each."""
    about = found.row.threshold.id
    if not found.row.criteria:
        st.info(escaped(found.row.unforecast))
        return
    edit = editing.ask(frame, about)
    st.subheader(
        escaped(beliefs.answer(edit.before, edit.after, frame.as_of, changed=edit.moved)),
        anchor=False,
    )
    st.caption("A first forecast, by approximation; priors that are proposed are refitted by sampling.")
    known = evidence(frame.store, frame.as_of)
    indicator = threshold.leading(found.row, known)
    if indicator is None or not edit.after.publishable:
        st.info("Without a forecast for this day there is nothing to change. Choose a later day.")
        return

    st.subheader("What the date leans on", anchor=False)
    crossings.draw_leanings(frame, found, name)
    st.subheader("Change an assumption", anchor=False)
    measures.draw_form(found.row, known, edit.measures)
    editing.draw_form(edit, indicator, frame.as_of)
    editing.draw_dates(edit, frame.as_of)
    beliefs.draw_shapes(edit.before, edit.after)

    st.subheader("What the priors alone say", anchor=False)
    levels = levels_of(edit.after, found.row.criteria, indicator)
    editing.draw_priors_alone(frame, edit, known, indicator, levels)
    st.subheader("What the data made of them", anchor=False)
    beliefs.draw_parameters(edit.after)
    if edit.moved:
        st.subheader("Propose what was changed", anchor=False)
        priors_form.draw_save(frame, found, edit.changes, edit.measures, edit.base.id)
    priors_form.draw_work(frame, found)
    st.subheader("Prior sets", anchor=False)
    beliefs.draw_sets(frame.store, found.standing)
