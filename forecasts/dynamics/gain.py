"""The gain of the loop, G, from the readings that exist: the product of two elasticities.

    G = (log research productivity per point of capability) / (the same at which the loop would feed itself)

Only the first factor has data: experiments per person against the frontier of Epoch's index. The second is METR's
reading of its own note, with our spread. Neither says what is due to AI and what to more compute; exploratory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dynamics.gaussian import solve
from forecasts.dynamics.model import Array, Assumptions
from scorecard.evidence.readings.vintages import current
from scorecard.records import Measurement

EVERY = 4  # weeks: the series is a four-week trailing mean, so only every fourth value is new
FEWEST = 4
METR_READING = (0.6, 0.35)  # 9 % of the 15 % needed, mid-2026 (secondary reading); log sd is ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Draws of G, (draws,), each estimate by name and the two combined; `points` readings were used."""

    estimates: dict[str, Array]
    combined: Array
    points: int

    @property
    def p_runaway(self) -> float:
        """P(G at least 1)."""
        return float((self.combined >= 1.0).mean())


def elasticity(x: Array, y: Array, *, draws: int, rng: np.random.Generator, spread: float = 10.0) -> Array:
    """Posterior draws of the slope of y on x, (draws,); x in its unit, y in logs; flat but for `spread`.

    `spread` is the prior's standard deviation of the slope in units of sd(y) / sd(x).
    """
    centre, scale = x.mean(), x.std()
    height = max(float(y.std()), 1e-9)
    design = np.column_stack([np.ones_like(x), (x - centre) / scale])
    posterior = solve(
        design,
        (y - y.mean()) / height,
        np.zeros_like(y),
        mean=np.zeros(2),
        spread=np.full(2, spread),
        scatter=1.0,
        draws=draws,
        rng=rng,
    )
    return posterior.coefficients[:, 1] * height / scale


def product(first: Array, second: Array) -> Array:
    """G from draws of the elasticities around the loop."""
    return first * second


def estimate(
    measurements: Iterable[Measurement],
    priors: Assumptions,
    ends: tuple[str, str],
    *,
    seed: int,
    draws: int = 8000,
) -> Gain | None:
    """G from the readings on record; None when too few are known.

    `ends`: the indicators of what research buys (capability) and of what that buys back (productivity).
    """
    rng = np.random.default_rng([seed, 29])
    x, y = series(measurements, *ends)
    if len(x) < FEWEST or np.ptp(x) == 0:
        return None
    drawn = priors.draw("gain", draws, seed)
    per_point = elasticity(x, y, draws=draws, rng=rng) * drawn["productivity_per_experiment"]
    ours = np.maximum(product(per_point, 1.0 / drawn["productivity_needed"]), 1e-3)
    median, sd = METR_READING
    theirs = median * np.exp(sd * rng.standard_normal(draws))
    return Gain(
        estimates={"experiments per person against Epoch's index": ours, "METR's reading": theirs},
        combined=np.where(rng.random(draws) < 0.5, ours, theirs),
        points=len(x),
    )


def series(measurements: Iterable[Measurement], capability: str, productivity: str) -> tuple[Array, Array]:
    """The frontier of the index and log experiments per person on the same days, every fourth week."""
    known = [m for m in current(measurements) if m.main and m.bound == "exact"]
    index = sorted((m.observed_on, m.value) for m in known if m.indicator == capability)
    weekly = sorted((m.observed_on, m.value) for m in known if m.indicator == productivity)[::EVERY]
    if not index or not weekly:
        return np.empty(0), np.empty(0)
    days = np.array([_days(on) for on, _ in index], dtype=float)
    best = np.maximum.accumulate(np.array([value for _, value in index]))
    rises = np.flatnonzero(
        np.diff(best, prepend=-np.inf) > 0
    )  # records only; between them it is interpolated
    at = np.array([_days(on) for on, _ in weekly], dtype=float)
    return np.interp(at, days[rises], best[rises]), np.log(np.array([value for _, value in weekly]))


def _days(on: date) -> int:
    return on.toordinal()
