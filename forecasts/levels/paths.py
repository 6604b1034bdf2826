"""From the filtered level to paths of it, of the record of readings, and to the next record's reading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from forecasts.levels.filtering import BELOW, BELOW_SD, MIXES, REST, RESUMES, STOPS, Filtered
from forecasts.readings import Readings

RECENT = 5  # readings whose error a new one is taken to have


@dataclass(frozen=True, kw_only=True)
class LevelPaths:
    """Draws of the level on a grid: t (times,) years; level, record (draws, times), units.
    moving: whether the level moves, (draws, times).

    record: the best reading so far. error: sd of a reading about the level, (draws,). mix: chances of the parts of
    the gap, (draws, parts).
    """

    t: np.ndarray
    level: np.ndarray
    moving: np.ndarray
    record: np.ndarray
    error: np.ndarray
    mix: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Draws at the last fitted reading, each (draws,): the cell's index, level, pace, and whether the level moves."""

    cell: np.ndarray
    x: np.ndarray
    v: np.ndarray
    moving: np.ndarray


def now(found: Filtered, weights: np.ndarray, draws: int, rng: np.random.Generator) -> Start:
    """Draw cells by their weights, and level and pace given them."""
    cell = rng.choice(len(found.cells), size=draws, p=weights)
    a, b = rng.standard_normal((2, draws))
    sd = np.sqrt(np.maximum(found.xx[cell], 1e-9))
    slope = found.xv[cell] / sd
    rest = np.sqrt(np.maximum(found.vv[cell] - slope**2, 1e-9))
    moving = rng.random(draws) >= found.stands[cell]
    still = found.y[cell] + np.sqrt(np.maximum(found.yy[cell], 1e-9)) * a
    return Start(
        cell=cell,
        x=np.where(moving, found.x[cell] + sd * a, still),
        v=found.v[cell] + slope * a + rest * b,
        moving=moving,
    )


def simulate(
    found: Filtered,
    start: Start,
    known: Readings,
    t: np.ndarray,
    rate: np.ndarray,
    rng: np.random.Generator,
    *,
    stops: float = STOPS,
) -> LevelPaths:
    """Paths on times `t` (the first is the origin) with fitted readings at `rate` (draws,) and `stops` halts a year."""
    draws, cells = len(rate), found.cells[start.cell]
    q, r, sigma, mix = cells[:, 0], cells[:, 1], cells[:, 2], MIXES[cells[:, 5].astype(int)]
    x, v, moving = start.x, start.v, start.moving
    fresh = cells[:, 3] + cells[:, 4] * rng.standard_normal(draws)
    # Filled a moment at a time, so moments are rows until the end.
    level = np.empty((len(t), draws))
    moves = np.empty((len(t), draws), dtype=bool)
    before = found.t
    for i, moment in enumerate(t):
        gap = max(float(moment - before), 0.0)
        chance = np.where(moving, 1 - np.exp(-stops * gap), 1 - np.exp(-RESUMES * gap))
        turned = rng.random(draws) < chance
        v = np.where(turned & ~moving, fresh, v)
        moving = moving ^ turned
        a, b, c = rng.standard_normal((3, draws))
        # Exact joint step of an integrated random walk and its pace, beside the walk of the level itself.
        step = gap * v + q * gap**1.5 * (a / 2 + b / np.sqrt(12)) + r * np.sqrt(gap) * c
        x = x + np.where(moving, step, REST * np.sqrt(gap) * c)
        v = np.where(moving, v + q * np.sqrt(gap) * a, v)
        level[i], moves[i], before = x, moving, max(float(moment), before)
    level, moves = np.ascontiguousarray(level.T), np.ascontiguousarray(moves.T)
    error = np.hypot(sigma, float(np.median(known.s[-RECENT:])))
    best = _best(level[:, 1:], error, mix, rate, np.diff(t), rng)
    record = np.concatenate([np.full((draws, 1), known.record), best], axis=1)
    return LevelPaths(
        t=t, level=level, moving=moves, record=np.maximum.accumulate(record, axis=1), error=error, mix=mix
    )


def _best(
    level: np.ndarray,
    error: np.ndarray,
    mix: np.ndarray,
    rate: np.ndarray,
    gaps: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The best reading of each interval, (draws, intervals); minus infinity where none is read."""
    best = np.full(level.size, -np.inf)
    flat, columns = level.ravel(), level.shape[1]
    for part, (below, sd) in enumerate(zip(BELOW, BELOW_SD, strict=True)):
        expected = (rate * mix[:, part])[:, None] * gaps
        # None lies above z with the chance exp(-expected (1 - Phi(z))), which is turned round.
        with np.errstate(divide="ignore"):
            beyond = (rng.standard_exponential(level.shape) / expected).ravel()
        # Most intervals hold no reading of this part; the quantile is dear, so only the others are asked for it.
        read = np.flatnonzero(beyond < 1)
        z = -ndtri(np.minimum(beyond[read], 1 - 1e-12))
        spread = np.hypot(error, sd)[read // columns]
        best[read] = np.maximum(best[read], flat[read] - below + spread * z)
    return best.reshape(level.shape)


def next_record(paths: LevelPaths, at: int, rng: np.random.Generator) -> np.ndarray:
    """The reading at t[at] of a system that beats the record standing before it, given that one does, (draws,)."""
    record = paths.record[:, max(at - 1, 0)]
    spread = np.hypot(paths.error[:, None], BELOW_SD)
    mean = paths.level[:, at, None] - BELOW
    cut = ndtr(np.clip((record[:, None] - mean) / spread, -8, 8))
    chance = np.maximum(1 - cut, 1e-12) * paths.mix
    flat = rng.choice(chance.size, size=len(record), p=(chance / chance.sum()).ravel())
    draw, part = np.divmod(flat, len(BELOW))
    u = np.clip(cut[draw, part] + rng.random(len(record)) * (1 - cut[draw, part]), 1e-12, 1 - 1e-12)
    return np.asarray(np.maximum(mean[draw, part] + spread[draw, part] * ndtri(u), record[draw]))
