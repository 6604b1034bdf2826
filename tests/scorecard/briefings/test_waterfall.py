"""The chart of what changed: its steps start where the last one ended and reach the later value."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecard.charts.changes import waterfall
from scorecard.charts.style import alt_text, as_svg

PARTS = {"new data": 0.12, "revised data": -0.05, "changed priors": 0.0}


def drawn() -> Any:
    return waterfall(
        0.2, PARTS, 0.3, by=date(2027, 2, 28), since=date(2026, 8, 28), until=date(2026, 11, 28), name="High"
    )


def test_the_steps_lead_from_the_earlier_value_to_the_later() -> None:
    rows = drawn().data.values
    assert [row["label"] for row in rows] == [
        "on 28 August 2026",
        "new data",
        "revised data",
        "changed priors",
        "remainder",
        "on 28 November 2026",
    ]
    ends = [(row["low"], row["high"]) for row in rows]
    assert ends[0] == (0.0, 0.2)
    assert ends[1] == pytest.approx((0.2, 0.32))
    assert ends[2] == pytest.approx((0.27, 0.32))
    assert ends[4] == pytest.approx((0.27, 0.3))
    assert ends[5] == (0.0, 0.3)


def test_it_is_told_in_words_and_drawn_without_a_network() -> None:
    told = alt_text(drawn())
    assert "new data +12.0 points" in told
    assert "revised data -5.0 points" in told
    assert "remainder +3.0 points" in told
    assert "What changed, and why" in as_svg(drawn())
