"""Saturating: growth on the link scale runs along a logistic from a floor towards a ceiling.

The ceiling is hardly ever in the data: where "never" comes from this shape it is a statement of the prior
on the span, and prior-to-posterior contraction shows it. A level outside (floor, ceiling) is pulled to
just inside, smoothly, so that every prior draw is a curve.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.prior import Prior
from forecasts.shapes._shape import LEVEL, USUAL, Parameter, Shape, TimeFrame


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
    """floor + span · logistic(rate · x + c), with c such that the curve passes through `level` at x = 0."""
    x = t - frame.reference
    depth = ops.softplus(4.0 * (p["level"] - p["floor"])) / 4.0  # level above floor, kept positive
    share = ops.minimum(depth / p["span"], 0.999)
    start = ops.log(share) - ops.log1p(-share)
    return p["level"] - depth + p["span"] * ops.sigmoid(p["rate"] * x + start)


SHAPE = Shape(
    name="saturating",
    version=1,
    title="Saturating",
    story="An S-curve: some input or method runs out, and growth slows towards a ceiling.",
    equation="y(t) = floor + span · logistic(rate · x + c), y(reference) = level",
    source="logistic growth on the link scale; compare Epoch AI on compute bottlenecks",
    parameters=(
        LEVEL,
        Parameter(
            name="floor",
            unit="standard units from the origin",
            meaning="where the S-curve starts",
            usual=(-9.6, -6.4),
        ),
        Parameter(
            name="span",
            unit="standard units",
            meaning="distance from floor to ceiling",
            usual=(13.0, 48.0),
            positive=True,
        ),
        Parameter(
            name="rate",
            unit="per year",
            meaning="steepness; growth is at most span · rate / 4",
            usual=(0.18, 0.91),
            positive=True,
        ),
    ),
    default_priors={
        "level": USUAL["level"],
        "floor": Prior(
            family="normal",
            params={"mu": -8.0, "sigma": 1.0},
            unit="standard units from the origin",
            meaning="where the S-curve starts",
            rationale="Below the first systems measured; the data hardly speak to it.",
            source="own choice",
        ),
        "span": Prior(
            family="lognormal",
            params={"mu": 3.2189, "sigma": 0.4},
            unit="standard units",
            meaning="distance from floor to ceiling",
            rationale='25 doublings (13 to 48). The data do not move it, so the ceiling and "never" are this prior.',
            source="own choice",
        ),
        "rate": Prior(
            family="lognormal",
            params={"mu": -0.9163, "sigma": 0.5},
            unit="per year",
            meaning="steepness of the S-curve",
            rationale="With the span, growth near the middle of about two units a year.",
            source="own choice",
        ),
        "scatter": USUAL["scatter"],
        "gap": USUAL["gap"],
    },
    mean=mean,
)
