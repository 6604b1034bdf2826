"""Proper scores for forecasts given as draws (Gneiting and Raftery, 2007, JASA 102:359)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Draws = NDArray[np.float64]


def crps(draws: ArrayLike, truth: float) -> float:
    """Continuous ranked probability score of draws against what happened, in the unit of the draws.

    E|X - y| - E|X - X'| / 2, exact for the empirical distribution in O(n log n). Lower is better; a
    point forecast scores its absolute error.
    """
    x = np.sort(np.asarray(draws, dtype=float))
    n = len(x)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(np.abs(x - truth).mean() - (ranks @ x) / n**2)


def log_score(draws: ArrayLike, truth: float, *, bandwidth: float, floor: float = 1e-6) -> float:
    """Log density of what happened under a Gaussian kernel estimate of the draws, floored; higher is better.

    `bandwidth` is in the unit of the draws. Sensitive to both settings: rank by CRPS, read this beside it.
    """
    z = (np.asarray(draws, dtype=float) - truth) / bandwidth
    density = np.exp(-0.5 * z**2).mean() / (bandwidth * np.sqrt(2 * np.pi))
    return float(np.log(max(density, floor)))


def covered(draws: ArrayLike, truth: float, level: float) -> bool:
    """Whether the central interval of this level contains what happened."""
    low, high = np.quantile(np.asarray(draws, dtype=float), [(1 - level) / 2, (1 + level) / 2])
    return bool(low <= truth <= high)


def pit(draws: ArrayLike, truth: float) -> float:
    """The share of draws below what happened (ties count half): uniform when calibrated."""
    x = np.asarray(draws, dtype=float)
    return float((x < truth).mean() + 0.5 * (x == truth).mean())


def brier(probabilities: Sequence[float], happened: Sequence[bool]) -> float:
    """Mean squared error of probabilities against what happened (Brier, 1950); 0.25 for always saying half."""
    p, y = np.asarray(probabilities, dtype=float), np.asarray(happened, dtype=float)
    if not len(p):
        raise ValueError("the Brier score needs at least one resolved forecast")
    return float(((p - y) ** 2).mean())
