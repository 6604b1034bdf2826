"""The form on the Evidence page that proposes that a reading be read otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import get_args

import streamlit as st

from scorecard.evidence.readings.vintages import current
from scorecard.governance.adjustments import adjust
from scorecard.records import Doubt, Indicator, Measurement
from scorecard.words import title_of, value_in_words
from screens.frame import session
from screens.frame.page import Frame
from screens.frame.record import Evidence
from screens.frame.text import escaped


def draw(frame: Frame, indicator: Indicator, readings: Sequence[Measurement], known: Evidence) -> None:
    """Which reading, what it should be, which doubt says so; a colleague adopts it under Meeting, Proposals."""
    newest = sorted(current(readings), key=lambda m: m.observed_on, reverse=True)

    def named(m: Measurement) -> str:
        condition = f", {m.condition}" if m.condition else ""
        return (
            f"{known.systems.get(m.system, m.system)}{condition}: {value_in_words(m.value, indicator.unit)}"
        )

    with st.expander("Adjust a reading for contamination, cheating or under-elicitation"):
        st.caption(
            "The published value stays and is shown beside the adjusted one; forecasts read the adjusted one once "
            "somebody else has adopted it under Meeting, Proposals."
        )
        with st.form(f"adjust-{indicator.id}", border=False):
            left, right = st.columns((2, 1))
            chosen = left.selectbox("Reading", newest, format_func=named, key="adjust_reading")
            doubt: Doubt = right.selectbox("Doubt", get_args(Doubt), format_func=title_of, key="adjust_doubt")
            columns = st.columns(3)
            value, low, high = (
                place.number_input(
                    escaped(f"{label}, {indicator.unit}"), value=None, key=f"adjust_{label}", format="%f"
                )
                for place, label in zip(columns, ("Value", "Low (optional)", "High (optional)"), strict=True)
            )
            reason = st.text_area("Reason, so that a colleague can judge it", key="adjust_reason")
            who = session.name_field("Proposed by", key="adjust_by")
            if not st.form_submit_button("Propose the adjustment"):
                return
        if value is None:
            st.error("An adjustment needs a value. Nothing was recorded.")
            return
        deed = partial(
            adjust, frame.store, who, chosen, doubt=doubt, value=value, low=low, high=high, rationale=reason
        )
        if made := session.tried(deed):
            st.success(escaped(f"Proposed as {made.id}; somebody else rules on it under Meeting, Proposals."))
