"""Break-point: one regime of steady growth, then another, joined within about a tenth of a year.

Epoch AI reads its index this way (8.3 points a year before April 2024, 15.5 after); piecewise lines beat
single lines in independent reanalyses of METR's horizons. The date of the break is a prior when the data
hold little on both sides of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.shapes._shape import GROWTH, LEVEL, Frame, Parameter, Shape

WIDTH = 0.1  # years over which the slope changes


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: Frame) -> Array:
    """Slope `growth` before the break and growth · e^change after it; `level` at the reference date."""
    x = t - frame.reference
    since = WIDTH * ops.softplus((t - p["break_date"]) / WIDTH)
    at_reference = WIDTH * ops.softplus((frame.reference - p["break_date"]) / WIDTH)
    return p["level"] + p["growth"] * (x + ops.expm1(p["change"]) * (since - at_reference))


SHAPE = Shape(
    name="breakpoint",
    version=1,
    title="Break-point",
    story="Something changed once (a method, a scale of effort); growth was steady before and is steady after.",
    equation="slope = growth before the break, growth · e^change after; softplus join of width 0.1 year",
    source="Epoch AI, capabilities progress has sped up (2025-12)",
    parameters=(
        LEVEL,
        GROWTH,
        Parameter(
            name="change",
            unit="natural logarithm of the ratio of slopes",
            meaning="growth after the break over growth before it",
            usual=(-1.0, 1.0),
        ),
        Parameter(
            name="break_date",
            unit="years since 2024-01-01",
            meaning="when growth changed",
            usual=(-1.0, 1.4),
        ),
    ),
    mean=mean,
)
