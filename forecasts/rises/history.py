"""What one series says of its own rises: waits, steps, and how often a leading system is no record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.readings import NEAR, Readings

WINDOW = 2.0  # years up to the last record whose waits and leading readings count
REMEMBERED = 12  # steps that count


@dataclass(frozen=True, kw_only=True)
class History:
    """Sufficient statistics of one series at one moment; times in years, steps in units.

    waits: between records within WINDOW of the last. steps: the last REMEMBERED. others: days in that window on which
    leading systems were read and set no record. last: the last record's moment. misses:
    moments after it of leading systems that set none, (misses,). read: the moment of the last reading.
    """

    waits: np.ndarray
    steps: np.ndarray
    others: int
    last: float
    misses: np.ndarray
    read: float

    @property
    def exposure(self) -> float:
        """Years over which the waits add up."""
        return float(self.waits.sum())


def history(known: Readings) -> History:
    """The history of the readings so far; a day counts once, by its best reading."""
    at = known.t[known.is_record]
    y = known.y[known.is_record]
    last = float(at[-1])
    inside = at >= last - WINDOW
    first = at[inside][0]
    days, gaps = _best_of_days(known)
    leads = gaps <= NEAR
    window = leads & (gaps >= 0) & (days > first) & (days <= last)
    return History(
        waits=np.diff(at[inside]),
        steps=np.diff(y)[-REMEMBERED:],
        others=int(window.sum()),
        last=last,
        misses=days[leads & (days > last)],
        read=float(known.t[-1]),
    )


def _best_of_days(known: Readings) -> tuple[np.ndarray, np.ndarray]:
    """Days with readings, and how far the day's best lay below the record before it (negative: a record)."""
    days, first = np.unique(known.t, return_index=True)
    gaps = np.minimum.reduceat(known.gap_before, first)
    return days, gaps
