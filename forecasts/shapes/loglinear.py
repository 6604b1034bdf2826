"""Log-linear: capability doubles at a steady rate; nothing speeds up or slows down.

The trend METR fits to its time horizons (Kwa et al., arXiv 2503.14499). Kept in the combination as the
hedge that Epoch's index vindicates, though METR's series since 2019 bends away from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from forecasts.ops import Array, Ops
from forecasts.shapes._shape import GROWTH, LEVEL, USUAL, Shape, TimeFrame


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
    """level + growth * years since the reference date."""
    return p["level"] + p["growth"] * (t - frame.reference)


SHAPE = Shape(
    name="loglinear",
    version=1,
    title="Log-linear",
    story="Capability doubles at a steady rate; nothing speeds up or slows down.",
    equation="y(t) = level + growth · (t − reference)",
    source="METR, Kwa et al., arXiv 2503.14499",
    parameters=(LEVEL, GROWTH),
    default_priors=USUAL,
    mean=mean,
)
