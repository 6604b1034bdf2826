"""Draws the project's charts on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import altair as alt
    from streamlit.delta_generator import DeltaGenerator


def draw_chart(chart: alt.LayerChart, place: DeltaGenerator | None = None) -> None:
    """A chart as wide as its place, in its own style.

    Streamlit's own way validates the whole specification again, which took longer than all else on a page.
    """
    from scorecard.briefings.charts import as_spec  # half a second, after what stands above the first chart

    (place or st).vega_lite_chart(as_spec(chart), theme=None)
