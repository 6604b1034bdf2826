"""Draws the project's charts on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import altair as alt
    from streamlit.delta_generator import DeltaGenerator


def draw_chart(chart: alt.LayerChart | alt.Chart, place: DeltaGenerator | None = None) -> None:
    """A chart as wide as its place, in its own style.

    Every part was validated when it was made; Streamlit's own way validates the whole again, which took longer than
    all else on a page.
    """
    (place or st).vega_lite_chart(chart.to_dict(validate=False), theme=None)
