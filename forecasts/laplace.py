"""The mode, the curvature there, and a first forecast from them without compiling anything.

The posterior over standard normal coordinates is close to a normal one. Its mode and Hessian serve twice:
to whiten the coordinates that the sampler works in (fit.py), and, widened to a multivariate t and
corrected by Pareto-smoothed importance weights, as a forecast within a tenth of a second of a cold start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from forecasts.problem import Problem
from forecasts.reweight import effective_draws, resample, smooth

_H = 1e-4  # step of the central differences, in prior standard deviations
_LEAST_CURVATURE = 0.2  # of the posterior, where the prior alone has 1: keeps the whitening sane
_ADAPTATIONS = 3  # rounds before the one that counts
_ENOUGH = 5  # effective draws for each coordinate, with which their covariance counts for half
_WIDER = 1.2  # than the covariance: weights must not run off in the tails


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """The posterior mode `at` (size,) and a square root of the inverse Hessian, `root` (size, size)."""

    at: np.ndarray
    root: np.ndarray


def find_mode(problem: Problem) -> Mode:
    """Mode and curvature of the posterior by batched central differences, deterministic."""

    def value_and_gradient(v: np.ndarray) -> tuple[float, np.ndarray]:
        batch = np.concatenate([v[None], v + _H * np.eye(len(v)), v - _H * np.eye(len(v))])
        # A finite floor: the line search must be able to step back from an impossible corner.
        density = np.maximum(problem.log_posterior(batch), -1e10)
        n = len(v)
        return -float(density[0]), -(density[1 : n + 1] - density[n + 1 :]) / (2 * _H)

    best = minimize(
        value_and_gradient, np.zeros(problem.size), jac=True, method="BFGS", options={"gtol": 1e-3}
    )
    hessian = _hessian(problem, best.x)
    values, vectors = np.linalg.eigh(hessian)
    return Mode(at=best.x, root=vectors / np.sqrt(np.maximum(values, _LEAST_CURVATURE)))


def _hessian(problem: Problem, v: np.ndarray) -> np.ndarray:
    """Hessian (size, size) of minus the log posterior, by central differences of density values."""
    n, h = len(v), 1e-3
    eye = h * np.eye(n)
    i, j = np.triu_indices(n)
    corners = [v + a * eye[i] + b * eye[j] for a in (1, -1) for b in (1, -1)]
    pp, pm, mp, mm = np.split(problem.log_posterior(np.concatenate(corners)), 4)
    second = -(pp - pm - mp + mm) / (4 * h * h)
    hessian = np.zeros((n, n))
    hessian[i, j] = hessian[j, i] = np.where(np.isfinite(second), second, (i == j).astype(float))
    return hessian


@dataclass(frozen=True, slots=True, kw_only=True)
class Approximation:
    """Draws (draws, size) resampled by their weights, and how far to trust them."""

    v: np.ndarray
    pareto_k: float
    effective: float


def approximate(
    problem: Problem, mode: Mode, *, seed: int, draws: int, proposals: int = 20_000, freedom: float = 5.0
) -> Approximation:
    """Importance sampling from a multivariate t, Pareto-smoothed, resampled to `draws`.

    The t starts at the mode and takes on the mean and covariance of its own weighted draws before the last round
    (adaptive importance sampling, Cornuet et al., 2012): a skewed posterior's mode is not its middle.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0x1A9]))
    n = problem.size
    # With many coordinates the radius of a heavy-tailed t is all tail: approach the normal as they grow.
    freedom = max(freedom, float(n))
    near = mode
    for count in (*[proposals // 4] * _ADAPTATIONS, proposals):
        stretch = np.sqrt(freedom / rng.chisquare(freedom, size=(count, 1)))
        w = rng.standard_normal((count, n)) * stretch
        v = near.at + w @ near.root.T
        log_weights, k = smooth(problem.log_posterior(v) - _log_t(w, freedom))
        if count < proposals:
            near = _matched(near, v, log_weights)
    chosen = resample(log_weights, draws, seed=seed)
    return Approximation(v=v[chosen], pareto_k=k, effective=effective_draws(log_weights))


def _matched(near: Mode, v: np.ndarray, log_weights: np.ndarray) -> Mode:
    """Towards the place and spread of weighted draws `v` (draws, size), the more of them count the further."""
    n, effective = v.shape[1], effective_draws(log_weights)
    if effective < n:
        return near  # a handful of draws would shrink it around themselves
    share = effective / (effective + _ENOUGH * n)
    weights = np.exp(log_weights - log_weights.max())
    covariance = _WIDER * np.atleast_2d(np.cov(v.T, aweights=weights))
    return Mode(
        at=near.at + share * (np.average(v, axis=0, weights=weights) - near.at),
        root=np.linalg.cholesky(share * covariance + (1 - share) * near.root @ near.root.T),
    )


def _log_t(w: np.ndarray, freedom: float) -> np.ndarray:
    """Log density of a standard multivariate t at `w` (draws, size), up to the root's determinant."""
    n = w.shape[1]
    constant = gammaln((freedom + n) / 2) - gammaln(freedom / 2) - 0.5 * n * np.log(freedom * np.pi)
    return np.asarray(constant - 0.5 * (freedom + n) * np.log1p((w**2).sum(axis=1) / freedom))
