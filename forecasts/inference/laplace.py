"""A first forecast without compiling or sampling: importance weights on top of the transport map.

In the map's coordinates (transport.py) the posterior is close to standard normal. Draws of a multivariate t there,
moved towards their own weighted draws and corrected by Pareto-smoothed importance weights, make a forecast within
a few tenths of a second of a cold start, and say by their Pareto k how far to trust it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from forecasts.inference.problem import Problem
from forecasts.inference.transport import Transport, carried
from forecasts.priors.reweight import effective_draws, resample, smooth

_ADAPTATIONS = 3  # rounds at most before the one that counts
_GOOD = 0.5  # Pareto k of a round after which there is nothing left to adapt to
_SPARE = 2.0  # effective draws for each that is asked for, as many as the last round promised
_WIDER = 1.2  # than the covariance: weights must not run off in the tails


@dataclass(frozen=True, slots=True, kw_only=True)
class Approximation:
    """Draws (draws, size) resampled by their weights, and how far to trust them."""

    v: np.ndarray
    pareto_k: float
    effective: float


def approximate(
    problem: Problem,
    transport: Transport,
    *,
    seed: int,
    draws: int,
    proposals: int = 20_000,
    freedom: float = 5.0,
) -> Approximation:
    """Importance sampling from a multivariate t, Pareto-smoothed, resampled to `draws` out of at most `proposals`.

    The t starts standard in the map's coordinates and takes on the mean and covariance of its own weighted draws
    before the last round (adaptive importance sampling, Cornuet et al., 2012).
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0x1A9]))
    n = problem.size
    # With many coordinates the radius of a heavy-tailed t is all tail: approach the normal as they grow.
    freedom = max(freedom, float(n))
    at, root = np.zeros(n), np.eye(n)

    def proposed(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Proposals in the map's coordinates and the problem's, their log weights and Pareto k."""
        stretch = np.sqrt(freedom / rng.chisquare(freedom, size=(count, 1)))
        z = rng.standard_normal((count, n)) * stretch
        w = at + z @ root.T
        v, jacobian = carried(problem, transport, w)
        return w, v, *smooth(problem.log_posterior(v) + jacobian - _log_t(z, freedom))

    count = proposals // 4
    for _ in range(_ADAPTATIONS):
        w, v, log_weights, k = proposed(count)
        at, root = _matched(at, root, w, log_weights)
        if k < _GOOD:
            break
    needed = _SPARE * draws * count / effective_draws(log_weights)
    _, v, log_weights, k = proposed(int(min(needed, proposals)))
    chosen = resample(log_weights, draws, seed=seed)
    return Approximation(v=v[chosen], pareto_k=k, effective=effective_draws(log_weights))


def _matched(
    at: np.ndarray, root: np.ndarray, w: np.ndarray, log_weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Towards the place and spread of weighted draws `w` (draws, size), the more of them count the further.

    Their covariance counts for half when they are as many as its entries.
    """
    n, effective = w.shape[1], effective_draws(log_weights)
    if effective < n:
        return at, root  # a handful of draws would shrink it around themselves
    share = effective / (effective + n * (n + 1) / 2)
    weights = np.exp(log_weights - log_weights.max())
    covariance = _WIDER * np.atleast_2d(np.cov(w.T, aweights=weights))
    at = at + share * (np.average(w, axis=0, weights=weights) - at)
    return at, np.linalg.cholesky(share * covariance + (1 - share) * root @ root.T)


def _log_t(w: np.ndarray, freedom: float) -> np.ndarray:
    """Log density of a standard multivariate t at `w` (draws, size), up to the root's determinant."""
    n = w.shape[1]
    constant = gammaln((freedom + n) / 2) - gammaln(freedom / 2) - 0.5 * n * np.log(freedom * np.pi)
    return np.asarray(constant - 0.5 * (freedom + n) * np.log1p((w**2).sum(axis=1) / freedom))
