"""Linear models with normal priors and an unknown scatter, solved exactly: what the small series here need.

y = X b + e, b normal, e normal with variance sd^2 + scatter^2. Given the scatter the posterior of b is normal;
the scatter is summed over a grid of its prior, weighted by the marginal likelihood. No sampler is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import halfnorm

from forecasts.dynamics.model import Array

SWEEPS = 40
GRID = (np.arange(24) + 0.5) / 24  # probabilities at which the prior of the scatter is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Draws of the coefficients, (draws, coefficients), and of the scatter, (draws,)."""

    coefficients: Array
    scatter: Array


def solve(
    design: Array,
    y: Array,
    sd: Array,
    *,
    mean: Array,
    spread: Array,
    scatter: float,
    draws: int,
    rng: np.random.Generator,
    bound: Array | None = None,
) -> Posterior:
    """Posterior draws of the coefficients of y = X b + e.

    design: (rows, coefficients). sd: own errors, (rows,). mean, spread: normal prior of each coefficient.
    scatter: scale of the half-normal prior of the common scatter. bound: -1 where y is only an upper bound of
    the truth, 1 where a lower one, 0 where it is a reading. The scatter is
    learnt from readings only.
    """
    bound = np.zeros(len(y)) if bound is None else bound
    exact = bound == 0
    grid = halfnorm.ppf(GRID, scale=scatter)
    log_evidence, means, roots = np.empty(len(grid)), [], []
    x, seen = design[exact], y[exact]
    prior = np.diag(1.0 / spread**2)
    for i, s in enumerate(grid):
        variance = sd[exact] ** 2 + s**2
        precision = prior + (x.T / variance) @ x
        root = np.linalg.cholesky(precision)
        centre = np.linalg.solve(precision, prior @ mean + x.T @ (seen / variance))
        off, away = seen - x @ centre, (centre - mean) / spread
        log_evidence[i] = -0.5 * (
            np.log(variance).sum() + 2 * np.log(np.diag(root)).sum() + (off**2 / variance).sum() + away @ away
        )
        means.append(centre)
        roots.append(np.linalg.inv(root).T)
    weight = np.exp(log_evidence - log_evidence.max())
    picked = rng.choice(len(grid), size=draws, p=weight / weight.sum())
    root = np.stack(roots)[picked]
    b = np.stack(means)[picked] + _spread(root, rng)
    s = grid[picked]
    if not exact.all():
        start = prior @ mean + (x.T @ (seen / (sd[exact] ** 2 + s[:, None] ** 2)).T).T
        b = _within_bounds(b, s, root, start, design[~exact], y[~exact], sd[~exact], bound[~exact], rng)
    return Posterior(coefficients=b, scatter=s)


def _spread(root: Array, rng: np.random.Generator) -> Array:
    """Normal draws whose covariance is root root', (draws, coefficients)."""
    return np.einsum("dij,dj->di", root, rng.standard_normal(root.shape[:2]))


def _within_bounds(
    b: Array,
    s: Array,
    root: Array,
    start: Array,
    x: Array,
    y: Array,
    sd: Array,
    side: Array,
    rng: np.random.Generator,
) -> Array:
    """Draws that respect the bounds as well: the values behind them are imputed, in turn with b (Gibbs).

    `root` and `start` are what the exact readings and the prior say: covariance root root' and precision times mean.
    """
    total = np.hypot(sd, s[:, None])
    covariance = root @ np.swapaxes(root, 1, 2)
    scaled = x[None] / total[:, :, None]
    joint = np.linalg.inv(np.linalg.inv(covariance) + np.swapaxes(scaled, 1, 2) @ scaled)
    factor = np.linalg.cholesky(joint)
    for _ in range(SWEEPS):
        centre = b @ x.T
        cut = ndtr((y - centre) / total)
        u = rng.random(cut.shape)
        within = np.where(side > 0, cut + u * (1.0 - cut), u * cut)
        behind = centre + total * ndtri(np.clip(within, 1e-12, 1 - 1e-12))
        pull = start + np.einsum("dri,dr->di", scaled, behind / total)
        b = np.einsum("dij,dj->di", joint, pull) + _spread(factor, rng)
    return b
