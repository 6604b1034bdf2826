"""The level of the leading systems: story, equations, and the filter that has them in closed form.

Story: behind the readings stands the ability of the best systems of the day. It moves at a pace that drifts, or it
stands; nothing says that it rises. A leading system is read at that level or some way below it.

    moving:    dx = v dt + r dW,  dv = q dB,  v ~ N(pace, spread) when it starts       units, units a year
    standing:  dx = REST dW                                       at first with the chance STANDS; moving stops at
                                                                  STOPS a year, standing ends at RESUMES a year
    y_i = x(t_i) - g_i + e_i,   e_i ~ N(0, s_i^2 + sigma^2)        s_i published, sigma own scatter
    g_i: with chances `mix` at the level, or 0.3 (0.2), 0.8 (0.35), 1.8 (0.6) below it             one-sided gap

All readings of systems within FITTED units of the record then are fitted, not the records alone: a system that is no
record says that the level is low, which no record can. q, r, sigma and `mix` stand on a grid of cells; a cell's
weight is learnt from the other series and from this one's own likelihood. Given a cell, the two modes run side by
side (the interacting multiple model of Blom and Bar-Shalom, IEEE Trans. Autom. Control 33:780, 1988), and the four
parts of the gap are collapsed to one Gaussian after every reading: against brute force that costs up to .2 in log
likelihood and in the chance of standing after four readings, less with more (tests/forecasts/levels). The trend is
the local linear trend of Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from forecasts.readings import Readings

FITTED = 3.0  # units below the record of the days before: what lies deeper is not of a leading system
BELOW = np.array([0.0, 0.3, 0.8, 1.8])  # units below the level
BELOW_SD = np.array([0.0, 0.2, 0.35, 0.6])
MIXES = np.array([[0.45, 0.28, 0.17, 0.1], [0.2, 0.3, 0.3, 0.2], [0.1, 0.2, 0.3, 0.4]])
DRIFTS = (0.1, 0.3, 0.8, 1.6, 3.0)  # q, units a year per square-root year
SHAKES = (0.05, 0.4, 0.8)  # r, units per square-root year
SCATTERS = (0.05, 0.15, 0.3)  # sigma, units
PACES = ((0.7, 0.7), (1.5, 1.5), (2.5, 2.0))  # v at the first reading: mean and sd, units a year
CELLS = np.array(
    [
        (q, r, sigma, pace, spread, mix)
        for q, r, sigma, (pace, spread), mix in product(DRIFTS, SHAKES, SCATTERS, PACES, range(len(MIXES)))
    ]
)
WINDOW = 2.0  # years whose readings say how often one comes
LEAST_EXPOSURE = 0.1  # years
START_SD = 1.0  # of the level before the first reading, units
STANDS, STOPS, RESUMES = 0.3, 0.05, 0.05  # stated: chance at the first reading, then rates a year
REST = 0.05  # units per square-root year that a standing level wanders


@dataclass(frozen=True, kw_only=True)
class Filtered:
    """Both modes of every cell after the last fitted reading; arrays of shape (cells,), `log` the log likelihood.

    x, v, xx, xv, vv: moments of level and pace while moving. y, yy: of the level while standing. stands: the
    chance that it stands. t: the moment of the last fitted reading. fitted: how many there are. recent, exposure: how
    many came within WINDOW years of the last, after the first of these, and in how many years. cells: the grid.
    """

    cells: np.ndarray
    t: float
    x: np.ndarray
    v: np.ndarray
    xx: np.ndarray
    xv: np.ndarray
    vv: np.ndarray
    y: np.ndarray
    yy: np.ndarray
    stands: np.ndarray
    log: np.ndarray
    fitted: int
    recent: int
    exposure: float


def fitted(known: Readings) -> Readings:
    """The exact readings within FITTED of the record of the days before; the first reading is one."""
    return known.where((known.gap_before <= FITTED) & known.exact)


def filtered(known: Readings, cells: np.ndarray = CELLS) -> Filtered:
    """Run the filter over the leading readings, all cells at once."""
    used = fitted(known)
    q2, r2, sigma2, pace, spread2 = (*(cells[:, i] ** 2 for i in range(3)), cells[:, 3], cells[:, 4] ** 2)
    mixes = np.log(MIXES[cells[:, 5].astype(int)])
    size = len(cells)
    moving = _Moments.at(used.y[0], pace, spread2, size)
    standing = _Moments.at(used.y[0], np.zeros(size), np.zeros(size), size)
    stands, log, before = np.full(size, STANDS), np.zeros(size), float(used.t[0])
    for t, y, s in zip(used.t, used.y, used.s, strict=True):
        gap, before = float(t - before), float(t)
        if gap > 0:
            moving, standing = moving.ahead(gap, q2, r2), standing.ahead(gap, 0.0, REST**2)
            moving, standing, stands = _switched(moving, standing, stands, gap, pace, spread2)
        moving, says = moving.told(y, sigma2 + s**2, mixes)
        standing, says_standing = standing.told(y, sigma2 + s**2, mixes)
        top = np.maximum(says, says_standing)
        share, still = (1 - stands) * np.exp(says - top), stands * np.exp(says_standing - top)
        log, stands = log + top + np.log(share + still), still / (share + still)
    begun = float(used.t[used.t >= before - WINDOW][0])
    return Filtered(
        cells=cells,
        t=before,
        x=moving.x,
        v=moving.v,
        xx=moving.xx,
        xv=moving.xv,
        vv=moving.vv,
        y=standing.x,
        yy=standing.xx,
        stands=stands,
        log=log,
        fitted=len(used),
        recent=max(int((used.t > begun).sum()), 1),
        exposure=max(before - begun, LEAST_EXPOSURE),
    )


@dataclass(frozen=True, slots=True)
class _Moments:
    """Means and covariances of level and pace, each (cells,)."""

    x: np.ndarray
    v: np.ndarray
    xx: np.ndarray
    xv: np.ndarray
    vv: np.ndarray

    @staticmethod
    def at(level: float, pace: np.ndarray, spread2: np.ndarray, size: int) -> _Moments:
        return _Moments(
            np.full(size, level), pace.copy(), np.full(size, START_SD**2), np.zeros(size), spread2.copy()
        )

    def ahead(self, gap: float, q2: np.ndarray | float, r2: np.ndarray | float) -> _Moments:
        """The moments `gap` years on: an integrated random walk and a walk of the level itself."""
        return _Moments(
            self.x + gap * self.v,
            self.v,
            self.xx + 2 * gap * self.xv + gap**2 * self.vv + r2 * gap + q2 * gap**3 / 3,
            self.xv + gap * self.vv + q2 * gap**2 / 2,
            self.vv + q2 * gap,
        )

    def told(self, y: float, noise2: np.ndarray, mixes: np.ndarray) -> tuple[_Moments, np.ndarray]:
        """The moments after a reading, the parts of its gap collapsed, and the reading's log density, (cells,)."""
        var = self.xx[:, None] + noise2[:, None] + BELOW_SD**2
        miss = y + BELOW - self.x[:, None]
        parts = mixes - 0.5 * (np.log(2 * np.pi * var) + miss**2 / var)
        top = parts.max(axis=1, keepdims=True)
        share = np.exp(parts - top)
        total = share.sum(axis=1, keepdims=True)
        share /= total
        gain, turn = self.xx[:, None] / var, self.xv[:, None] / var
        after = _collapsed(
            share,
            self.x[:, None] + gain * miss,
            self.v[:, None] + turn * miss,
            self.xx[:, None] * (1 - gain),
            self.xv[:, None] * (1 - gain),
            self.vv[:, None] - turn * self.xv[:, None],
        )
        return after, (top + np.log(total))[:, 0]


def _collapsed(
    share: np.ndarray, x: np.ndarray, v: np.ndarray, xx: np.ndarray, xv: np.ndarray, vv: np.ndarray
) -> _Moments:
    """One set of moments for a mixture along the last axis with weights `share`, arrays (cells, parts)."""
    mean_x, mean_v = (share * x).sum(axis=1), (share * v).sum(axis=1)
    dx, dv = x - mean_x[:, None], v - mean_v[:, None]
    return _Moments(
        mean_x,
        mean_v,
        (share * (xx + dx**2)).sum(axis=1),
        (share * (xv + dx * dv)).sum(axis=1),
        (share * (vv + dv**2)).sum(axis=1),
    )


def _switched(
    moving: _Moments,
    standing: _Moments,
    stands: np.ndarray,
    gap: float,
    pace: np.ndarray,
    spread2: np.ndarray,
) -> tuple[_Moments, _Moments, np.ndarray]:
    """Both modes after a time in which either may have become the other; a new start has a fresh pace."""
    stop, resume = 1 - np.exp(-STOPS * gap), 1 - np.exp(-RESUMES * gap)
    still = stands * (1 - resume) + (1 - stands) * stop
    zero = np.zeros(len(stands))
    into_moving = np.stack([(1 - stands) * (1 - stop), stands * resume], axis=1)
    into_standing = np.stack([stands * (1 - resume), (1 - stands) * stop], axis=1)

    def pair(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.stack([a, b], axis=1)

    moved = _collapsed(
        into_moving / into_moving.sum(axis=1, keepdims=True),
        pair(moving.x, standing.x),
        pair(moving.v, pace),
        pair(moving.xx, standing.xx),
        pair(moving.xv, zero),
        pair(moving.vv, spread2),
    )
    stood = _collapsed(
        into_standing / into_standing.sum(axis=1, keepdims=True),
        pair(standing.x, moving.x),
        pair(zero, zero),
        pair(standing.xx, moving.xx),
        pair(zero, zero),
        pair(zero, zero),
    )
    return moved, stood, still
