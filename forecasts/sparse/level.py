"""A level that moves at an unknown pace: what one or two readings say, and what is known of like indicators.

Story: one or two readings fix where an indicator stands, give or take their error; how fast it moves they hardly
tell, and like indicators do. Nothing makes it rise: the pace may be zero or negative.

    y_i = x(t_i) + e_i,  e_i ~ N(0, s_i^2)            s_i: the published error, else m ~ HalfNormal(UNSTATED)
    x(t) = x_n + v (t - t_n) + WANDER W(t - t_n)      t_n: the last reading; x_n flat a priori
    v ~ what the like indicators say                  draws

Given v and m the level is normal; v and m are drawn and weighted by the readings (x_n integrated out). For ratios of
pace (multipliers, ratios of slopes) the like indicators are the others on record: their paces are normal about a
common one (Gelman et al., Bayesian Data Analysis, ch. 5), v ~ N(mu, omega^2), mu ~ N(0, 1), omega ~ HalfNormal(0.75)
doublings a year, on a grid. For shares and durations they are the reference class, through its rise process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from forecasts.series import Series

UNSTATED = 0.3  # link units: a fifth either way of a ratio, a third of the odds of a share
WANDER = 0.3  # link units in a year, of a level whose pace is known
CENTRE, SPREAD = 1.0, 0.75  # doublings a year: hyperpriors of the paces of ratios
PROPOSED = 8  # draws of pace and error for each one kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Readings as they are fitted: t years since 2024-01-01, y and s on the link scale, each (readings,)."""

    t: np.ndarray
    y: np.ndarray
    s: np.ndarray

    @staticmethod
    def of(series: Series) -> Points:
        """The exact readings of a series; a bound says nothing of a level with so few."""
        exact = series.side == 0
        return Points(
            t=series.t[exact], y=series.y[exact], s=0.5 * (series.s_low[exact] + series.s_high[exact])
        )


@dataclass(frozen=True, kw_only=True)
class SparseLevel:
    """Draws given the readings: pace (link units a year) and the level at `t`, each (draws,)."""

    t: float
    pace: np.ndarray
    level: np.ndarray

    def paths(self, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The level at increasing `times`, years since 2024-01-01, none before `t`; (draws, times)."""
        gaps = np.diff(times, prepend=self.t)
        walk = np.cumsum(rng.standard_normal((len(self.pace), len(times))) * np.sqrt(gaps), axis=1)
        return np.asarray(self.level[:, None] + self.pace[:, None] * (times - self.t) + WANDER * walk)


def level(points: Points, paces: np.ndarray, *, draws: int, rng: np.random.Generator) -> SparseLevel:
    """The level and its pace given one reading or more; paces: draws of what like indicators say, link units a year.

    ValueError without a reading.
    """
    if not len(points.t):
        raise ValueError("a level needs one exact reading at least")
    size = PROPOSED * draws
    pace = rng.choice(paces, size=size)
    error = np.abs(UNSTATED * rng.standard_normal(size))
    last = float(points.t.max())
    back = last - points.t
    unstated = np.where(points.s > 0, 0.0, error[:, None] ** 2)
    variance = np.maximum(points.s**2 + unstated + WANDER**2 * back, 1e-6)
    weight = 1 / variance
    carried = points.y + pace[:, None] * back
    mean = (weight * carried).sum(axis=1) / weight.sum(axis=1)
    log = 0.5 * np.log(weight).sum(axis=1) - 0.5 * np.log(weight.sum(axis=1))
    log -= 0.5 * (weight * (carried - mean[:, None]) ** 2).sum(axis=1)
    chance = np.exp(log - log.max())
    kept = rng.choice(size, size=draws, p=chance / chance.sum())
    sd = 1 / np.sqrt(weight[kept].sum(axis=1))
    return SparseLevel(t=last, pace=pace[kept], level=mean[kept] + sd * rng.standard_normal(draws))


def ratio_paces(like: Sequence[Points], *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Paces of a ratio that was not read, doublings a year, (draws,), from those of like ratios, two readings or more.

    Without any the hyperpriors speak alone.
    """
    found = [slope for points in like if (slope := _slope(points)) is not None]
    mu = np.linspace(-3, 3, 121)
    omega = np.linspace(0.02, 2.5, 63)
    log = stats.norm.logpdf(mu, 0, CENTRE)[:, None] + stats.halfnorm.logpdf(omega, scale=SPREAD)[None, :]
    for middle, sd in found:
        log = log + stats.norm.logpdf(middle, mu[:, None], np.hypot(omega, sd)[None, :])
    chance = np.exp(log - log.max())
    at = rng.choice(chance.size, size=draws, p=(chance / chance.sum()).ravel())
    i, j = np.divmod(at, len(omega))
    return np.asarray(mu[i] + omega[j] * rng.standard_normal(draws))


def _slope(points: Points) -> tuple[float, float] | None:
    """Weighted least squares slope of a ratio and its error; the unstated error is taken at its prior's scale."""
    if len(points.t) < 2 or points.t.max() - points.t.min() < 1 / 12:
        return None
    weight = 1 / np.where(points.s > 0, points.s**2, UNSTATED**2)
    centre = float(np.average(points.t, weights=weight))
    spread = float((weight * (points.t - centre) ** 2).sum())
    return float((weight * (points.t - centre) * points.y).sum()) / spread, 1 / np.sqrt(spread)
