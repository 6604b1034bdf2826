"""Draws the project's charts on a page: at any width, in the theme's colours, title and sources as text around it."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

import streamlit as st

from scorecard.words import TICKS
from screens.frame.downloads import take_away
from screens.frame.text import escaped
from screens.frame.tokens import is_dark

if TYPE_CHECKING:
    import altair as alt
    from streamlit.delta_generator import DeltaGenerator

LONGEST_ALT = 300  # characters that are read out; the table stands behind the chart
# On a phone half of the width is the plot's: labels beside it get two fifths and end in an ellipsis.
NARROWED = "isValid(containerSize()[0]) ? min({wide}, 0.42 * containerSize()[0]) : {wide}"
UNDER = "isValid(containerSize()[0]) ? min({wide}, 0.85 * containerSize()[0]) : {wide}"  # a legend has its own line
STACKED = "isValid(containerSize()[0]) && containerSize()[0] < 520 ? 1 : 0"
# The same durations in the units in which people plan work: 8 h, 40 h, 167 h and 2,000 h.
LANDMARKS = (
    "datum.value == 480 ? 'a working day' : datum.value == 2400 ? 'a working week' : datum.value == 10020 ? "
    f"'a month of work' : datum.value == 120000 ? 'a working year' : {TICKS['minutes']}"
)
USUAL_LABEL = 180  # pixels: what the chart language allows where nothing is said
# A time axis is drawn out with the wheel only while Ctrl is held, so that a page scrolls over its charts as anywhere;
# a finger scrolls too, and only a mouse moves what was drawn out.
ZOOM = {
    "name": "zoom",
    "bind": "scales",
    "select": {
        "type": "interval",
        "encodings": ["x"],
        "zoom": "wheel![event.ctrlKey]",
        "translate": "[pointerdown[event.pointerType === 'mouse'], window:pointerup] > window:pointermove!",
        "clear": "dblclick",
    },
}
HOW_TO_ZOOM = "Ctrl and the wheel draw the time axis out, dragging moves it, a double click puts it back."
SHOWN_DAYS = "(domain('x')[1] - domain('x')[0]) / 86400000"
TICK_EVERY = f"{SHOWN_DAYS} > 730 ? 'year' : {SHOWN_DAYS} > 62 ? 'month' : 'week'"
TICK_WORDS = f"timeFormat(datum.value, {SHOWN_DAYS} > 730 ? '%Y' : {SHOWN_DAYS} > 62 ? '%b %Y' : '%d %b')"
APART = 6  # pixels between two labels under a plot: years that touch read as one number
NARROW_LABEL = 110  # pixels: what is no longer fits beside a plot on a phone anyway


def draw_chart(
    chart: alt.LayerChart, place: DeltaGenerator | None = None, *, run: str = "", section: bool = False
) -> None:
    """A chart as wide as its place, under its title and its sources as text that wraps; `run` is cited with it.

    `section`: its title is the heading of all that follows on the page, which then needs no other.
    Streamlit's own way validates the whole specification again, which took longer than all else on a page.
    """
    from scorecard.charts import as_spec, in_the_dark

    spec, title, under = for_screen(as_spec(chart))
    zoomed = drawn_out(spec)
    with place or st.container(), st.container(gap="xsmall"):
        if section:
            st.subheader(escaped(title), anchor=False)
        elif title:
            st.markdown(f"**{escaped(title)}**")
        st.vega_lite_chart(in_the_dark(spec) if is_dark() else spec, theme=None)
        if under:
            st.caption(escaped(under), help=HOW_TO_ZOOM if zoomed else None)
        take_away(chart, title, under, run)


def for_screen(spec: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    """A chart's specification for a screen of any width, with its title and the words under it taken out."""
    heading = spec.pop("title", None) or {}
    heading = {"text": heading} if isinstance(heading, str) else heading
    subtitle = heading.get("subtitle") or []
    lines = [subtitle] if isinstance(subtitle, str) else subtitle
    narrowed: dict[str, Any] = _narrowed(spec)
    if "description" in narrowed:
        narrowed["description"] = shorten(narrowed["description"], LONGEST_ALT, placeholder=" …")
    config = narrowed.setdefault("config", {})
    config.setdefault("legend", {})["columns"] = {"expr": STACKED}
    config.setdefault("axisX", {})["labelSeparation"] = APART
    config.setdefault("axisY", {})["labelLimit"] = {"expr": NARROWED.format(wide=USUAL_LABEL)}
    return narrowed, str(heading.get("text", "")), " ".join(lines)


def drawn_out(spec: dict[str, Any]) -> bool:
    """Let a time axis be drawn out, its ticks following; whether the chart has one."""
    timed = [
        layer
        for layer in spec.get("layer", ())
        if layer.get("encoding", {}).get("x", {}).get("type") == "temporal"
    ]
    for layer in timed:
        axis = layer["encoding"]["x"].get("axis")
        if axis and "tickCount" in axis:
            axis.pop("format", None)
            axis |= {"tickCount": {"expr": TICK_EVERY}, "labelExpr": TICK_WORDS}
    if timed:
        timed[0].setdefault("params", []).append(ZOOM)
    return bool(timed)


def _narrowed(part: Any, limit: str = NARROWED) -> Any:
    """The same with every wide limit on labels bound to the width that there is, and durations that people know."""
    if isinstance(part, list):
        return [_narrowed(one, limit) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: {"expr": limit.format(wide=value)}
        if name == "labelLimit" and isinstance(value, int | float) and value > NARROW_LABEL
        else LANDMARKS
        if name == "labelExpr" and value == TICKS["minutes"]
        else value
        if name in ("datasets", "values")
        else _narrowed(value, UNDER if name == "legend" else limit)
        for name, value in part.items()
    }
