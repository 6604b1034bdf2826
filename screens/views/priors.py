"""Assumptions: what is measured and what is believed before the data; move a number and see the dates move."""

import streamlit as st

from scorecard.charts import levels_of
from screens.assumptions import beliefs, editing, priors_form, tornado
from screens.frame.page import Frame, told_in_words
from screens.frame.record import Dossier, evidence
from screens.frame.text import escaped
from screens.threshold import summary as threshold


def draw(frame: Frame, found: Dossier) -> None:
    """The assumptions behind one threshold's date, sorted by how far they move it, to change and to propose."""
    if not found.row.criteria:
        st.info(escaped(found.row.unforecast))
        return
    _assume(frame, found)
    priors_form.draw_work(frame, found)
    with st.expander("Every prior set, and where it stands"):
        beliefs.draw_sets(frame.store, found.standing)


@st.fragment  # so that an edit draws the dates again and not the page
def _assume(frame: Frame, found: Dossier) -> None:
    with told_in_words():
        answer = st.container()
        edit = editing.ask(frame, found.row.threshold.id, st.container())
        answer.subheader(
            escaped(beliefs.answer(edit.before, edit.after, frame.as_of, changed=edit.moved)), anchor=False
        )
        answer.caption(
            "A first forecast, by approximation; priors that are proposed are refitted by sampling."
        )
        known = evidence(frame.store, frame.as_of)
        indicator = threshold.leading(found.row, known)
        if indicator is None or not edit.after.publishable:
            st.info("Without a forecast for this day there is nothing to change. Choose a later day.")
            return
        st.subheader("What the date leans on", anchor=False)
        tornado.draw(frame, found, edit, known)
        if edit.moved:
            st.subheader("Propose what was changed", anchor=False)
            priors_form.draw_save(frame, found, edit.changes, edit.measures, edit.base.id)
        editing.draw_dates(edit, frame.as_of)
        behind = st.expander("By model, by parameter, and the priors alone", key="behind", on_change="rerun")
        if behind.open:
            with behind:
                beliefs.draw_shapes(edit.before, edit.after)
                beliefs.draw_parameters(edit.after)
                levels = levels_of(edit.after, found.row.criteria, indicator)
                editing.draw_priors_alone(frame, edit, known, indicator, levels)
