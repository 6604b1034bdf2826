"""A researcher's belief about the pace now, in her own quantity, in the place of what the class says.

Pace is the rise a year while the indicator moves: rate times mean step in the rise process, slope of the level in
the level model. For a series on a doubling scale it is asked for as days a doubling.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import stats

from forecasts.headline.learnt import Learnt
from forecasts.levels.filtering import PACES
from forecasts.levels.paths import Start
from forecasts.rises.process import RisePosterior
from scorecard.clock import YEAR

LEAST_KEPT = 0.02  # effective share of draws below which a belief and the data have nothing in common


class PaceError(ValueError):
    """A belief about the pace that cannot be used, with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Units a year, lognormal: `median` and the standard deviation `spread` of its logarithm."""

    median: float
    spread: float

    @staticmethod
    def doubling(days: float, low: float, high: float, link_units: float) -> Pace:
        """From the doubling time now in days: its median and an 80 % interval.

        link_units: doublings in one unit (Readings.link_units of a log2 series). PaceError where the quantiles
        are out of order or not positive.
        """
        if not 0 < low < days < high:
            raise PaceError(f"give 0 < low < median < high; got {low:g}, {days:g}, {high:g} days")
        return Pace.between(*(YEAR / one / link_units for one in (high, days, low)))

    @staticmethod
    def between(low: float, middle: float, high: float) -> Pace:
        """From its median and an 80 % interval, in whatever a year: 0 < low < middle < high."""
        return Pace(median=middle, spread=float(np.log(high / low) / (2 * stats.norm.ppf(0.9))))

    def density(self, pace: np.ndarray) -> np.ndarray:
        """Density at paces, zero at and below none."""
        return np.asarray(stats.lognorm.pdf(pace, self.spread, scale=self.median))


def by_pace(
    belief: Pace, risen: RisePosterior, start: Start, learnt: Learnt, draws: int, rng: np.random.Generator
) -> tuple[RisePosterior, Start, float]:
    """Draws chosen so that the belief takes the place of the class's distribution of paces.

    Each is weighted by the belief's density over the class's, at its own pace; returns the chosen draws of both
    models and the lesser effective share. PaceError when hardly any draw is left.
    """
    logs = np.log(learnt.rises.paces(len(risen.rate), rng))
    prior = stats.lognorm.pdf(risen.rate * risen.mean, float(logs.std()), scale=float(np.exp(logs.mean())))
    ours = belief.density(risen.rate * risen.mean) / np.maximum(prior, 1e-12)
    class_pace = sum(
        weight * stats.norm.pdf(start.v, mean, sd)
        for weight, (mean, sd) in zip(learnt.levels.pace, PACES, strict=True)
    )
    # A belief about the pace of a level that moves says nothing of one that stands.
    theirs = np.where(start.moving, belief.density(start.v) / np.maximum(class_pace, 1e-12), 1.0)
    kept = min(float(w.sum() ** 2 / (w**2).sum() / len(w)) if w.any() else 0.0 for w in (ours, theirs))
    if kept < LEAST_KEPT:
        raise PaceError(
            f"a pace of {belief.median:.3g} units a year (spread {belief.spread:.2g}) and the readings have almost "
            f"nothing in common: {kept:.1%} of the draws are left. Widen the belief, or doubt the readings"
        )
    mine = rng.choice(len(ours), size=draws, p=ours / ours.sum())
    other = rng.choice(len(theirs), size=draws, p=theirs / theirs.sum())
    chosen = replace(
        risen,
        rate=risen.rate[mine],
        mean=risen.mean[mine],
        shape=risen.shape[mine],
        halted=risen.halted[mine],
    )
    return chosen, Start(**{field.name: getattr(start, field.name)[other] for field in fields(Start)}), kept
