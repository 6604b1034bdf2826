"""Coordinates in which a posterior is near a standard normal, so that the sampler takes few steps.

With x = centre + factor z the sampler sees z. The first factor is from the curvature at a conditional mode, the second
from the covariance of pilot draws. Either only changes how fast the sampler goes, never what it draws from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from forecasts.measurement.sampling import Array

STEP = 1e-4  # of the differences that give the curvature
LEAST = 0.05  # curvature below which a direction is taken for flat
SHRINK = 0.3  # of pilot correlations, since effective pilot draws are fewer than coordinates

type Density = Callable[[Array], tuple[float, Array]]


def climb(at: Density, start: Array, free: NDArray[np.int64]) -> Array:
    """The mode over the coordinates `free`, the others held at `start` (L-BFGS)."""

    def downhill(part: Array) -> tuple[float, Array]:
        place = start.copy()
        place[free] = part
        value, gradient = at(place)
        return -value, -gradient[free]

    found = optimize.minimize(
        downhill,
        start[free],
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 3000, "maxfun": 6000, "maxcor": 30, "ftol": 1e-11, "gtol": 1e-4},
    )
    place = start.copy()
    place[free] = found.x
    return place


def curved(at: Density, mode: Array, free: NDArray[np.int64]) -> Array:
    """Factor (n, n) of the normal that has the curvature at `mode`.

    Coordinates outside `free` are taken for independent: the mode is one in `free` alone, and the curvature of the
    others against them need not be that of a maximum.
    """
    size = len(mode)
    bent = np.array([at(mode - STEP * unit)[1] - at(mode + STEP * unit)[1] for unit in np.eye(size)]) / (
        2 * STEP
    )
    precise = np.diag(np.maximum(np.diag(bent), LEAST))
    block = np.ix_(free, free)
    precise[block] = (bent[block] + bent[block].T) / 2
    values, vectors = np.linalg.eigh(precise)
    return np.asarray(vectors / np.sqrt(np.maximum(values, LEAST)))


def learnt(factor: Array, z: Array) -> tuple[Array, Array]:
    """The mean of draws z (draws, n), and a factor (n, n) that whitens them, both in the coordinates of x.

    The mean is to be added to the centre that z was drawn about.
    """
    covariance = np.cov(z, rowvar=False)
    covariance = (1 - SHRINK) * covariance + SHRINK * np.diag(np.diag(covariance))
    return factor @ z.mean(axis=0), factor @ np.linalg.cholesky(covariance)
