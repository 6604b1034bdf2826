"""What a user would otherwise take: METR's straight line with a bootstrap, and "no change"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.series import Series

DRAWS = 2000
SINCE = -1.0  # 2023-01-01, in years since 2024-01-01
FEWEST = 4  # records without which the window is not narrowed

type Baseline = Callable[[Series, float, np.random.Generator], np.ndarray]


def straight_line(points: Series, t: float, rng: np.random.Generator) -> np.ndarray:
    """Draws of the least-squares line at `t`, resampling the record systems, as METR draws its trend.

    Link scale, shape (draws,). From 2023 on where four records are that young, as METR quotes it, else over
    all of them. The line's own uncertainty only: METR's interval is that of the trend.
    Resamples with a single date are drawn again; censored readings are left out, as METR does.
    """
    keep = points.frontier & (points.side == 0)
    if (keep & (points.t >= SINCE)).sum() >= FEWEST:
        keep &= points.t >= SINCE
    x, y = points.t[keep], points.y[keep]
    picks = rng.integers(0, len(x), size=(DRAWS, len(x)))
    while (flat := np.ptp(x[picks], axis=1) == 0).any():
        picks[flat] = rng.integers(0, len(x), size=(int(flat.sum()), len(x)))
    xs, ys = x[picks], y[picks]
    centre = xs.mean(axis=1, keepdims=True)
    slope = ((xs - centre) * ys).sum(axis=1) / ((xs - centre) ** 2).sum(axis=1)
    return ys.mean(axis=1) + slope * (t - centre[:, 0])


def no_change(points: Series, t: float, rng: np.random.Generator) -> np.ndarray:
    """The last record, for ever: a single value, shape (1,)."""
    del t, rng
    return np.array([points.y[points.frontier][-1]])


BASELINES: dict[str, Baseline] = {"straight line": straight_line, "no change": no_change}
