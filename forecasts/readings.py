"""Readings of one series in stated units: what the rise process, the level model and the judge work on.

One unit is about one logit whatever the indicator (log-odds for shares, 0.58 a doubling for METR's horizons,
7.5 points of Epoch's index), and it is stated with the indicator, never taken from the data's own noise. All
readings are kept, not the records alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forecasts.series import Series

NEAR = 1.0  # units below the record then: within this a reading is one of a leading system
UNITS = {"logit": 1.0, "log2": 1.0 / 0.58, "log10": 1.0 / (0.58 * 3.321928)}  # link units in one unit


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Readings in order of time, arrays of shape (readings,).

    t: years since 2024-01-01. y: units. s: standard deviation of the measurement error, units. exact: false
    where the reading is only a bound from below (it counts as a record at its bound, never as a level).
    ceiling: the most that the instrument can show, units. top: per unit, how many link units.
    """

    t: np.ndarray
    y: np.ndarray
    s: np.ndarray
    exact: np.ndarray
    ceiling: float = np.inf
    link_units: float = 1.0

    def __len__(self) -> int:
        return len(self.t)

    def until(self, origin: float) -> Readings:
        """The readings of systems released before a moment, years since 2024-01-01."""
        return self.where(self.t < origin)

    def where(self, keep: np.ndarray) -> Readings:
        """The readings for which `keep` (readings,) is true."""
        return Readings(
            t=self.t[keep],
            y=self.y[keep],
            s=self.s[keep],
            exact=self.exact[keep],
            ceiling=self.ceiling,
            link_units=self.link_units,
        )

    @cached_property
    def is_record(self) -> np.ndarray:
        """True for the best reading of a day that beats every earlier day, shape (readings,)."""
        flags = np.zeros(len(self), dtype=bool)
        best = -np.inf
        for moment in np.unique(self.t):
            on = np.flatnonzero(self.t == moment)
            first = on[np.argmax(self.y[on])]
            if self.y[first] > best:
                best, flags[first] = self.y[first], True
        return flags

    @cached_property
    def record(self) -> float:
        """The best reading so far, units."""
        return float(self.y.max())

    @cached_property
    def gap(self) -> np.ndarray:
        """How far each reading lies below the record of all readings up to its day, shape (readings,)."""
        best = np.maximum.accumulate(self.y)
        # Readings of one day share the record of that day, in whichever order they stand.
        last = np.searchsorted(self.t, self.t, side="right") - 1
        return np.asarray(best[last] - self.y)

    @cached_property
    def gap_before(self) -> np.ndarray:
        """How far each reading lies below the record of the days before; negative for a record; (readings,)."""
        best = np.maximum.accumulate(self.y)
        first = np.searchsorted(self.t, self.t, side="left")
        return np.asarray(np.where(first > 0, best[np.maximum(first - 1, 0)], -np.inf) - self.y)


def readings_of(series: Series, *, link_units: float | None = None) -> Readings:
    """A series in stated units; bounds from above, which show no level, are left out.

    link_units: how many units of the link scale make one unit; by default that of the scale, see UNITS. A
    linear scale has none: ValueError.
    """
    scale = series.indicator.scale
    width = UNITS.get(scale) if link_units is None else link_units
    if width is None:
        raise ValueError(
            f"{series.indicator.id}: a linear scale has no unit of its own; state how many of its points make "
            "one unit (about one logit of a benchmark)"
        )
    keep = series.side >= 0
    return Readings(
        t=series.t[keep],
        y=series.y[keep] / width,
        s=0.5 * (series.s_low[keep] + series.s_high[keep]) / width,
        exact=series.side[keep] == 0,
        link_units=width,
    )
