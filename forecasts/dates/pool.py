"""The pooling rule: which shapes speak for a criterion, how many must, and whose weights count.

A criterion is dated by the shapes that could be used for it, weighed as the prior set weighs shapes; the criteria of
a threshold are weighed as they themselves say. A criterion without enough usable shapes is left out, not patched up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dates.crossing import Crossing, mix

FEWEST_SHAPES = 3  # of those with a weight that must be usable before a combination is quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One shape's crossing times of one criterion (draws,), and what it weighs beside the others."""

    criterion: str
    shape: str
    time: np.ndarray
    weight: float


def enough(usable: int, weights: Mapping[str, float]) -> bool:
    """Whether so many usable shapes may stand for all those to which a prior set gives weight."""
    return usable >= min(FEWEST_SHAPES, sum(weight > 0 for weight in weights.values()))


def components(
    times: Mapping[str, np.ndarray],
    weights: Mapping[str, float],
    *,
    criterion: str = "",
    weight: float = 1.0,
) -> list[Component]:
    """A criterion's usable shapes with `weight` shared out among them; none when there are not enough.

    times: shape -> crossing times (draws,), usable ones only. weights: every shape's weight in the prior set.
    """
    total = sum(weights.get(shape, 0.0) for shape in times)
    if total <= 0 or not enough(sum(weights.get(shape, 0.0) > 0 for shape in times), weights):
        return []
    return [
        Component(
            criterion=criterion, shape=shape, time=time, weight=weight * weights.get(shape, 0.0) / total
        )
        for shape, time in times.items()
        if weights.get(shape, 0.0) > 0
    ]


def pooled(parts: Sequence[Component], as_of: date) -> Crossing:
    """The mixture of components by weight, the draws within each counting equally."""
    return mix([(alone(part.time, as_of), part.weight) for part in parts])


def alone(time: np.ndarray, as_of: date) -> Crossing:
    """One component's crossing by itself, its draws counting equally."""
    return Crossing(time=time, weight=np.full(len(time), 1 / len(time)), as_of=as_of)
