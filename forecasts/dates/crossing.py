"""Crossing dates: the first passage of the frontier through a level that is itself uncertain.

A crossing time is in years since 2024-01-01; -inf says "already at the last measurement", inf "not before
the horizon". Draws carry weights, so that shapes and alternative criteria mix without copying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dates.own import OwnPaths
from forecasts.dates.paths import HORIZON, Paths
from forecasts.dates.worlds import Draws
from forecasts.series import day, years
from scorecard.clock import plus_months
from scorecard.records import Criterion, CrossingSummary


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Weighted draws of a crossing time: `time` (draws,) in years since 2024-01-01, `weight` summing to 1."""

    time: np.ndarray
    weight: np.ndarray
    as_of: date
    horizon: date = HORIZON

    def p_by(self, on: date) -> float:
        """P(crossed by the end of a day)."""
        return float(self.weight[self.time <= years(on)].sum())

    @property
    def p_beyond(self) -> float:
        """P(not crossed by the horizon)."""
        return float(self.weight[self.time > years(self.horizon)].sum())

    def quantile(self, q: float) -> date | None:
        """The day by which the probability reaches `q`; None when that is beyond the horizon.

        A quantile already passed is given as the as-of day: the crossing lies on or before it.
        """
        order = np.argsort(self.time, kind="stable")
        reached = int(np.searchsorted(np.cumsum(self.weight[order]), q - 1e-12))
        time = self.time[order[min(reached, len(order) - 1)]]
        if time > years(self.horizon):
            return None
        return max(day(max(float(time), years(self.as_of))), self.as_of)

    def summary(self) -> CrossingSummary:
        """Dates of the 10, 50 and 90 % quantiles (None beyond the horizon) and chances, to six digits."""
        return CrossingSummary(
            q10=self.quantile(0.1),
            q50=self.quantile(0.5),
            q90=self.quantile(0.9),
            p_now=round(self.p_by(self.as_of), 6),
            p_12_months=round(self.p_by(plus_months(self.as_of, 12)), 6),
            p_beyond_horizon=round(self.p_beyond, 6),
        )


def level_draws(paths: Paths, criterion: Criterion, *, seed: int) -> np.ndarray:
    """The level with its gap, standard units, (draws,): those of the worlds, the same for every shape and criterion.

    SeriesError when the level has no place on the indicator's scale.
    """
    draws = Draws(size=paths.frontier.shape[0], seed=seed)
    return paths.fit.problem.scaling.standard(draws.height(paths.fit.problem.series, criterion))


def first_passage(paths: Paths | OwnPaths, level: np.ndarray, *, seed: int) -> np.ndarray:
    """Crossing time of each draw, shape (draws,).

    The frontier only rises, so the number of grid times below the level is the index of the crossing;
    within that month the moment is uniform, since releases are.
    """
    below = (paths.frontier < level[:, None]).sum(axis=1)
    last = len(paths.t) - 1
    inside = np.minimum(below, last)
    before = paths.t[np.maximum(inside - 1, 0)]
    u = np.random.default_rng([seed, 13]).random(len(level))
    time = before + u * (paths.t[inside] - before)
    return np.where(below == 0, -np.inf, np.where(below > last, np.inf, time))


def cross(paths: Paths, criterion: Criterion, *, as_of: date, seed: int) -> Crossing:
    """The crossing of one criterion under one shape, all draws equally weighted."""
    time = first_passage(paths, level_draws(paths, criterion, seed=seed), seed=seed)
    return Crossing(time=time, weight=np.full(len(time), 1.0 / len(time)), as_of=as_of)


def mix(parts: Sequence[tuple[Crossing, float]]) -> Crossing:
    """A mixture of crossings by weight: alternative criteria, or shapes, of which one is right."""
    total = sum(weight for _, weight in parts)
    if not parts or total <= 0:
        raise ValueError("a mixture needs at least one part with a weight above zero")
    return Crossing(
        time=np.concatenate([part.time for part, _ in parts]),
        weight=np.concatenate([part.weight * (weight / total) for part, weight in parts]),
        as_of=parts[0][0].as_of,
        horizon=parts[0][0].horizon,
    )
