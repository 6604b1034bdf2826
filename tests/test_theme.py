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
from tests.colours import contrast, lightness

CONFIG: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
THEME: dict[str, Any] = CONFIG["theme"]


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
    assert contrast(colours["pressed"], THEME[scheme]["primaryColor"]) >= 4.5
    ramp = [contrast(colours[step], page) for step in ("under33", "under50", "under67", "over67")]
    assert ramp == sorted(ramp)
    assert ramp[0] >= 3


def test_every_colour_of_a_chart_has_one_for_the_dark() -> None:
    used = {
        name: value for name, value in vars(style).items() if isinstance(value, str) and value.startswith("#")
    }
    assert set(used.values()) <= set(style.DARK)
    assert style.DARK[style.PAGE] == THEME["dark"]["backgroundColor"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_chart_draws_with_stands_out_and_is_read_in_grey(scheme: str) -> None:
    """Bands and the grid are fainter: a band's edge is drawn in a colour that is here."""
    page = THEME[scheme]["backgroundColor"]
    drawn = [style.INK, style.TREND, style.CORE, style.LEVEL, style.GREY]
    ink, trend, core, level, grey = (style.DARK[one] if scheme == "dark" else one for one in drawn)
    assert min(contrast(one, page) for one in (ink, trend, core, level, grey)) >= 3
    assert min(contrast(text, page) for text in (ink, grey, level)) >= 4.5
    ramp = [contrast(one, page) for one in (core, trend, ink)]
    assert ramp == sorted(ramp), "darker, in the dark brighter, is more"
    assert min(abs(lightness(a) - lightness(b)) for a, b in combinations((core, trend, ink), 2)) >= 9


def test_a_sequence_of_colours_only_gets_darker() -> None:
    steps = [lightness(colour) for colour in THEME["chartSequentialColors"]]
    assert len(steps) == 10
    assert steps == sorted(steps, reverse=True)


def test_the_server_is_for_this_machine_and_tells_nobody() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
