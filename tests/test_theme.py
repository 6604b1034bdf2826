"""The charts' colours can be told apart in print without colour, and the server keeps to this machine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from scorecard.charts import style
from screens.frame.tokens import DARK, LIGHT

CONFIG: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
THEME: dict[str, Any] = CONFIG["theme"]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" in 0..1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """CIE L* in 0..100: how light a colour looks once it is printed grey."""
    return float(116 * luminance(colour) ** (1 / 3) - 16)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_series_stay_apart_in_greyscale() -> None:
    pairs = combinations(THEME["chartCategoricalColors"], 2)
    assert min(abs(lightness(one) - lightness(other)) for one, other in pairs) >= 9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_page(scheme: str) -> None:
    theme = THEME[scheme]
    page, side = theme["backgroundColor"], theme["secondaryBackgroundColor"]
    for text in (theme["textColor"], theme["linkColor"], theme["primaryColor"]):
        assert min(contrast(text, page), contrast(text, side)) >= 4.5


def test_series_stand_out_from_the_page() -> None:
    page = THEME["light"]["backgroundColor"]
    assert min(contrast(colour, page) for colour in THEME["chartCategoricalColors"]) >= 3


@pytest.mark.parametrize(("scheme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_what_is_drawn_by_hand_stands_out_from_the_page_and_only_gets_likelier(
    scheme: str, colours: Mapping[str, str]
) -> None:
    page = THEME[scheme]["backgroundColor"]
    assert colours["page"] == page
    assert min(contrast(colours[text], page) for text in ("ink", "muted")) >= 4.5
    ramp = [contrast(colours[step], page) for step in ("under33", "under50", "under67", "over67")]
    assert ramp == sorted(ramp)
    assert ramp[0] >= 3


def test_every_colour_of_a_chart_has_one_for_the_dark_that_stands_out() -> None:
    page = THEME["dark"]["backgroundColor"]
    used = {
        name: value for name, value in vars(style).items() if isinstance(value, str) and value.startswith("#")
    }
    assert set(used.values()) <= set(style.DARK)
    for name in ("INK", "GREY", "TREND", "LEVEL"):
        assert contrast(style.DARK[used[name]], page) >= 4.5, name


def test_a_sequence_of_colours_only_gets_darker() -> None:
    steps = [lightness(colour) for colour in THEME["chartSequentialColors"]]
    assert len(steps) == 10
    assert steps == sorted(steps, reverse=True)


def test_the_server_is_for_this_machine_and_tells_nobody() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
