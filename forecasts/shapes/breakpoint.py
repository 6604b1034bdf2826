"""Break-point: one regime of steady growth, then another, joined within about a tenth of a year.

Epoch AI reads its index this way (8.3 points a year before April 2024, 15.5 after); piecewise lines beat
single lines in independent reanalyses of METR's horizons. The date of the break is a prior when the data
hold little on both sides of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.prior import Prior
from forecasts.shapes._shape import GROWTH, LEVEL, USUAL, Parameter, Shape, TimeFrame

WIDTH = 0.1  # years over which the slope changes


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
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
    default_priors={
        **USUAL,
        "change": Prior(
            family="normal",
            params={"mu": 0.0, "sigma": 0.6},
            unit="natural logarithm of the ratio of slopes",
            meaning="growth after the break over growth before it",
            rationale="No change is the centre; a factor of 2.7 either way at 90 %.",
            source="own choice; Epoch's index shows 15.5 / 8.3 = 1.9",
        ),
        "break_date": Prior(
            family="normal",
            params={"mu": 0.2, "sigma": 0.7},
            unit="years since 2024-01-01",
            meaning="when growth changed",
            rationale="Reasoning models and larger reinforcement learning came in 2024; two years either way.",
            source="Epoch AI, capabilities progress has sped up (April 2024)",
        ),
    },
    mean=mean,
)
