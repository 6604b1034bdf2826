"""The density of what was measured given the trend, in closed form, one row a point.

Points scatter about the trend with standard deviation `scatter`; what is published differs from the truth
by an error whose scale differs below and above (split normal), and whose part shared with other systems
has been moved into the mean (see errors.py). The truth is integrated out, so the number of parameters does
not depend on the number of points.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np

from forecasts.ops import Array, Ops

_LOG_2PI = log(2 * pi)
_TINY = 1e-4  # standard units: stands in for "no error published", so that densities stay finite
_LEAST_GAP = 0.02  # added to the mean gap: near zero the exponential would be a spike


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Points in standard units, arrays (points,): value, own error scales, side, and 0/1 use mask."""

    value: Array
    own_low: Array
    own_high: Array
    side: Array
    use: Array


def about_trend(ops: Ops, data: Data, centre: Array, scatter: Array) -> Array:
    """Log density of each point when systems scatter symmetrically about `centre` (frontier points).

    The product of a split normal error and a normal scatter integrates to two normal pieces; a bound
    contributes the probability of its side. Shape (..., points).
    """
    low, high = data.own_low + _TINY, data.own_high + _TINY
    residual = data.value - centre
    below = _piece(ops, residual, low, scatter)
    above = _piece(ops, -residual, high, scatter)
    exact = log(2.0) - ops.log(low + high) + ops.logaddexp(below, above)
    if _all_exact(data):
        return data.use * exact
    spread = ops.sqrt(0.5 * (low**2 + high**2) + scatter**2)
    bound = ops.log_ndtr(-data.side * residual / spread)
    return data.use * ops.where(abs(data.side) > 0.5, bound, exact)


def _piece(ops: Ops, residual: Array, error: Array, scatter: Array) -> Array:
    """log of error · N(residual; 0, error² + scatter²) · Φ(share of the truth on this side)."""
    variance = error**2 + scatter**2
    spread = ops.sqrt(variance)
    normal = -0.5 * (_LOG_2PI + ops.log(variance) + residual**2 / variance)
    return ops.log(error) + normal + ops.log_ndtr(residual * error / (scatter * spread))


def below_frontier(ops: Ops, data: Data, frontier: Array, scatter: Array, gap: Array) -> Array:
    """Log density when each system lies an exponential distance of mean `gap` below `frontier`.

    An exponentially modified normal; error scales are averaged over the two sides, since the gap's own
    skew dominates. Shape (..., points).
    """
    rate = 1.0 / (gap + _LEAST_GAP)
    variance = 0.5 * (data.own_low**2 + data.own_high**2) + scatter**2 + _TINY**2
    spread = ops.sqrt(variance)
    short = frontier - data.value  # how far below the frontier the value is
    exponent = -rate * short + 0.5 * rate**2 * variance
    exact = ops.log(rate) + exponent + ops.log_ndtr(short / spread - rate * spread)
    if _all_exact(data):
        return data.use * exact
    # P(below the value) = Φ(-short/s) + e^exponent Φ(short/s - rate s), and P(above) the rest; the latter as
    # a difference of logarithms, which keeps its gradient far out in the tail.
    tail = exponent + ops.log_ndtr(short / spread - rate * spread)
    at_most = ops.logaddexp(ops.log_ndtr(-short / spread), tail)
    over = ops.log_ndtr(short / spread)
    at_least = over + ops.log1p(-ops.exp(ops.minimum(tail - over, -1e-12)))
    bound = ops.where(data.side > 0, at_least, at_most)
    return data.use * ops.where(abs(data.side) > 0.5, bound, exact)


def _all_exact(data: Data) -> bool:
    """Whether no point is a bound, which spares the work on bounds; a compiled model cannot know."""
    return isinstance(data.side, np.ndarray) and not data.side.any()


def draw_about_trend(
    rng: np.random.Generator, data: Data, centre: np.ndarray, scatter: np.ndarray
) -> np.ndarray:
    """Readings (draws, points) with the density of `about_trend`, bounds left uncensored.

    A reading above the truth errs by the half towards lower truth, and the halves weigh as they are wide.
    """
    low, high = data.own_low + _TINY, data.own_high + _TINY
    above = rng.random(centre.shape) < low / (low + high)
    error = np.where(above, low, -high) * np.abs(rng.standard_normal(centre.shape))
    return centre + scatter * rng.standard_normal(centre.shape) + error


def draw_below_frontier(
    rng: np.random.Generator, data: Data, frontier: np.ndarray, scatter: np.ndarray, gap: np.ndarray
) -> np.ndarray:
    """Readings (draws, points) with the density of `below_frontier`, bounds left uncensored."""
    spread = np.sqrt(0.5 * (data.own_low**2 + data.own_high**2) + scatter**2 + _TINY**2)
    short = (gap + _LEAST_GAP) * rng.exponential(size=frontier.shape)
    return frontier - short + spread * rng.standard_normal(frontier.shape)
