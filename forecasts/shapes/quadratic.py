"""Quadratic: growth itself changes by the same amount every year.

A plain local description of a bend, with no story about where it comes from or where it leads; negative
curvature eventually turns the curve down, which the running maximum of the frontier absorbs.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.prior import Prior
from forecasts.shapes._shape import GROWTH, LEVEL, USUAL, Parameter, Shape, TimeFrame


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
    """level + growth x + curvature x² / 2, with x in years since the reference date."""
    x = t - frame.reference
    return p["level"] + p["growth"] * x + 0.5 * p["curvature"] * x**2


SHAPE = Shape(
    name="quadratic",
    version=1,
    title="Quadratic",
    story="The rate of progress rises (or falls) by a constant amount every year.",
    equation="y(t) = level + growth · x + curvature · x² / 2, x = t − reference",
    source="standard local expansion; used in public reanalyses of METR's data",
    parameters=(
        LEVEL,
        GROWTH,
        Parameter(
            name="curvature",
            unit="standard units a year, each year",
            meaning="yearly change of the growth rate",
            usual=(-0.7, 0.7),
        ),
    ),
    default_priors={
        **USUAL,
        "curvature": Prior(
            family="normal",
            params={"mu": 0.0, "sigma": 0.4},
            unit="standard units a year, each year",
            meaning="yearly change of the growth rate",
            rationale="No change is the centre; growth may gain or lose a fifth of itself in a year.",
            source="own choice",
        ),
    },
    pooled=False,  # kept for comparison: a parabola turns, and beyond the data nothing holds it
    mean=mean,
)
