"""What a user would otherwise take: METR's straight line with a bootstrap, and "no change"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.series import Series

DRAWS = 2000
SINCE = -1.0  # 2023-01-01, in years since 2024-01-01
FEWEST = 4  # records without which the window is not narrowed

type Baseline = Callable[[Series, float, np.random.Generator], np.ndarray]


def recent_line(points: Series, t: float, rng: np.random.Generator) -> np.ndarray:
    """The straight line over records from 2023 on, as METR quotes it; over all while fewer than four are."""
    young = points.frontier & (points.side == 0) & (points.t >= SINCE)
    return straight_line(points.where(young) if young.sum() >= FEWEST else points, t, rng)


def straight_line(points: Series, t: float, rng: np.random.Generator) -> np.ndarray:
    """Draws of the least-squares line at `t`, resampling the record systems, as METR draws its trend.

    Link scale, shape (draws,). The line's own uncertainty only: METR's interval is that of the trend.
    Resamples with a single date are drawn again; censored readings are left out, as METR does.
    """
    keep = points.frontier & (points.side == 0)
    x, y = points.t[keep], points.y[keep]
    if len(x) == 0 or np.ptp(x) == 0:  # no line goes through a single date
        return no_change(points, t, rng)
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


BASELINES: dict[str, Baseline] = {
    "straight line": straight_line,
    "straight line since 2023": recent_line,
    "no change": no_change,
}
