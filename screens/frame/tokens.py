"""Colours of what is drawn outside Streamlit's own parts, for the light and the dark theme."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

# One hue: lightness carries the chance, so that grey copies and colour-blind readers lose nothing. In the dark the ramp
# is turned round: brighter is likelier. Contrast against the page is 3:1 or more for bars, 4.5:1 for text.
LIGHT: Mapping[str, str] = {
    "ink": "#0f1722",
    "muted": "#536070",
    "page": "#ffffff",
    "rule": "#d5dbe3",
    "track": "#e8ecf1",
    "link": "#1b4f86",
    "pressed": "#ffffff",  # letters on the theme's own colour
    "under33": "#7893b3",
    "under50": "#5578a3",
    "under67": "#2f5f96",
    "over67": "#0f2f57",
}
DARK: Mapping[str, str] = {
    "ink": "#e8edf3",
    "muted": "#a7b3c2",
    "page": "#11161d",
    "rule": "#333d4a",
    "track": "#242c37",
    "link": "#8cbcea",
    "pressed": "#0f1722",
    "under33": "#617d9e",
    "under50": "#7d9fc6",
    "under67": "#a9caec",
    "over67": "#eaf3fc",
}
# For style sheets, which cannot ask which theme is on.
LIGHT_STYLE, DARK_STYLE = (
    f"<style>:root {{ {''.join(f'--{name}: {value};' for name, value in colours.items())} }}</style>"
    for colours in (LIGHT, DARK)
)
STEPS = ((0.33, "under33"), (0.5, "under50"), (0.67, "under67"))


def is_dark() -> bool:
    """Whether the reader sees the dark theme, by the system's setting or the menu's."""
    return st.context.theme.type == "dark"


def step_of(p: float) -> str:
    """The token of a chance in 0..1: darker, in the dark theme brighter, means likelier."""
    return next((name for limit, name in STEPS if p < limit), "over67")
