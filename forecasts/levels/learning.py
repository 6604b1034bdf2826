"""What the class says of drift, scatter, pace and gaps of levels: learnt from the other series, by margins.

Few series cannot tell four hundred cells apart, so the class is a product of one distribution an axis of the
grid; a series' own likelihood then turns the cells together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from forecasts.levels.filtering import DRIFTS, MIXES, PACES, SCATTERS, SHAKES, Filtered
from forecasts.rises.learning import FEWEST_SERIES, gamma_by_moments

GRID = (len(DRIFTS), len(SHAKES), len(SCATTERS), len(PACES), len(MIXES))
ROUNDS = 20
MOST = 30  # fitted readings that one series counts for
SMOOTH = 2.0  # series that the equal weights count for


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelClass:
    """Weights over DRIFTS, SHAKES, SCATTERS, PACES and MIXES, each summing to one; `series` they are learnt from.

    reads_shape, reads_years: fitted readings a year ~ Gamma.
    """

    drift: tuple[float, ...] = (1 / GRID[0],) * GRID[0]
    shake: tuple[float, ...] = (1 / GRID[1],) * GRID[1]
    scatter: tuple[float, ...] = (1 / GRID[2],) * GRID[2]
    pace: tuple[float, ...] = (1 / GRID[3],) * GRID[3]
    mix: tuple[float, ...] = (1 / GRID[4],) * GRID[4]
    reads_shape: float = 1.5
    reads_years: float = 0.1
    series: int = 0

    @property
    def cells(self) -> np.ndarray:
        """Weights of all cells, in the order of filtering.CELLS."""
        axes = (self.drift, self.shake, self.scatter, self.pace, self.mix)
        found = np.array(axes[0])
        for axis in axes[1:]:
            found = np.multiply.outer(found, axis)
        return np.asarray(found.reshape(-1))


def learn(found: Sequence[Filtered]) -> LevelClass:
    """Margins by ROUNDS of expectation and maximisation from equal ones.

    A series with more than MOST fitted readings counts as if it had MOST, or one long series would be the class.
    """
    if not found:
        return LevelClass()
    logs = np.stack([one.log * min(1.0, MOST / max(one.fitted, 1)) for one in found])
    margins = [np.full(size, 1 / size) for size in GRID]
    for _ in range(ROUNDS):
        own = _log_cells(margins) + logs
        share = np.exp(own - own.max(axis=1, keepdims=True))
        table = (share / share.sum(axis=1, keepdims=True)).sum(axis=0).reshape(GRID)
        for axis, size in enumerate(GRID):
            count = table.sum(axis=tuple(other for other in range(len(GRID)) if other != axis))
            margins[axis] = (count + SMOOTH / size) / (len(found) + SMOOTH)
    drift, shake, scatter, pace, mix = (tuple(float(w) for w in margin) for margin in margins)
    stated = LevelClass()
    shape, years = stated.reads_shape, stated.reads_years
    if len(found) >= FEWEST_SERIES:
        count, exposure = (
            np.array([getattr(f, name) for f in found], float) for name in ("recent", "exposure")
        )
        shape, years = gamma_by_moments(count, exposure)
    return LevelClass(
        drift=drift,
        shake=shake,
        scatter=scatter,
        pace=pace,
        mix=mix,
        reads_shape=shape,
        reads_years=years,
        series=len(found),
    )


def reads_of(found: Filtered, learnt: LevelClass, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of how many fitted readings come a year, (draws,): conjugate."""
    return np.asarray(
        rng.gamma(learnt.reads_shape + found.recent, size=draws) / (learnt.reads_years + found.exposure)
    )


def _log_cells(margins: Sequence[np.ndarray]) -> np.ndarray:
    """Log weights of all cells, (cells,)."""
    total = np.zeros(GRID)
    for axis, margin in enumerate(margins):
        shape = [1] * len(GRID)
        shape[axis] = len(margin)
        total = total + np.log(margin).reshape(shape)
    return np.asarray(total.reshape(prod(GRID)))


def own_weights(found: Filtered, learnt: LevelClass) -> np.ndarray:
    """Posterior weights (cells,) of one series."""
    log = np.log(learnt.cells) + found.log
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())
