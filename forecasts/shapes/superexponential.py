"""Super-exponential: each doubling takes a constant fraction less time than the one before.

Solves dy/dt = growth · e^(speedup · (y − level)), so a doubling is 1 − e^(−speedup) shorter than the last
and the curve reaches infinity in finite time. Used in AI 2027's timelines forecast (2025-04). Just before
the pole the logarithm is continued by its tangent, so that the likelihood stays finite and smooth; such
curves lie far above any data and have no posterior weight, and forecasts are capped at `CEILING`.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.prior import Prior
from forecasts.shapes._shape import GROWTH, LEVEL, USUAL, Parameter, Shape, TimeFrame

NEAR_POLE = 0.01  # remaining share of the time to the pole below which the tangent takes over


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
    """level − log(1 − speedup · growth · x) / speedup, guarded at the pole."""
    used = p["speedup"] * p["growth"] * (t - frame.reference)
    safe = ops.minimum(used, 1.0 - NEAR_POLE)
    return p["level"] + (-ops.log1p(-safe) + (used - safe) / NEAR_POLE) / p["speedup"]


SHAPE = Shape(
    name="superexponential",
    version=1,
    title="Super-exponential",
    story="Progress feeds on itself: every doubling comes faster than the last, by the same proportion.",
    equation="dy/dt = growth · e^(speedup · (y − level)); y = level − log(1 − speedup · growth · x) / speedup",
    source="AI 2027 timelines forecast (2025-04-03, updated 2025-05)",
    parameters=(
        LEVEL,
        GROWTH,
        Parameter(
            name="speedup",
            unit="per standard unit",
            meaning="each doubling is 1 − e^(−speedup) shorter than the one before",
            usual=(0.005, 0.16),
            positive=True,
        ),
    ),
    default_priors={
        **USUAL,
        "speedup": Prior(
            family="halfnormal",
            params={"sigma": 0.08},
            unit="per standard unit",
            meaning="each doubling takes 1 - exp(-speedup) less time than the one before",
            rationale="Steady growth is the mode; one in three above 8 % a doubling. The upper tail reaches the pole.",
            source="AI 2027 timelines forecast gives 3 to 30 % a doubling where it holds at all",
        ),
    },
    mean=mean,
)
