"""Weights of the two models by lead, from how their forecasts of other series came out.

Every past forecast is scored at a grid of weights. A weight is learnt for an origin from the forecasts that were
resolved by then, of other series only: mean scores a series, as logs of their ratio to that of equal weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasts.headline.learnt import LEADS, LeadWeights

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)  # weights of the rise process
EQUAL = 2  # place of equal weights in GRID
DRAWN = 5.0  # series that speak for equal weights before any is seen
STEEP = 0.5  # how much worse they take a weight to be: this times the squared distance from one half
LEAST = 1e-3  # units: a mean score below that is no better

type Target = Literal["frontier", "record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One resolved forecast: its series, the place of its lead in LEADS, when it was resolved, and CRPS by GRID."""

    series: str
    target: Target
    lead: int
    resolved: float
    crps: tuple[float, ...]


def nearest_lead(months: float) -> int:
    """The place in LEADS of the lead nearest to so many months."""
    return int(np.argmin(np.abs(np.array(LEADS) - months)))


def weights_at(tried: Iterable[Tried], *, without: str, origin: float) -> LeadWeights:
    """The weights that other series had earned by an origin, years since 2024-01-01."""
    used = [one for one in tried if one.series != without and one.resolved <= origin]
    return LeadWeights(
        frontier=tuple(
            _best([one for one in used if (one.target, one.lead) == ("frontier", k)]) for k in _PLACES
        ),
        record=tuple(
            _best([one for one in used if (one.target, one.lead) == ("record", k)]) for k in _PLACES
        ),
        cases=len(used),
    )


_PLACES = range(len(LEADS))


def _best(cases: Sequence[Tried]) -> float:
    """The weight with the least mean log ratio, by a parabola through the grid's least value and its neighbours."""
    grid = np.array(GRID)
    loss = DRAWN * STEEP * (grid - GRID[EQUAL]) ** 2
    for name in dict.fromkeys(one.series for one in cases):
        mean = np.mean([one.crps for one in cases if one.series == name], axis=0)
        loss = loss + np.log(np.maximum(mean, LEAST) / max(mean[EQUAL], LEAST))
    curve = np.polyfit(grid, loss, 2)
    fine = np.linspace(0, 1, 21)
    return float(round(fine[np.argmin(np.polyval(curve, fine))], 2))
