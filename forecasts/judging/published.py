"""METR's published doubling times, re-derived from the stored vintages.

METR fits an ordinary least-squares line to log2 of the 50 % horizon against the release date, over
the systems that it marks as state of the art at their release, leaving out estimates above 16 hours
(Kwa et al., arXiv 2503.14499; results files of Time Horizon 1.1). Reproducing its figures to three
decimals shows that what we store is what METR published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scorecard.records import Measurement

HORIZON = "metr_p50_horizon"
DOUBLING = "metr_doubling_time"
STATE_OF_THE_ART = "metr_sota"
CEILING_MINUTES = 960.0
WINDOWS = {"from 2023": date(2023, 1, 1), "all time": date(2019, 1, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """One published doubling time beside ours from the same rows; days, interval as METR gives it (95 %)."""

    vintage: str
    window: str
    systems: int
    ours: float
    published: float
    low: float | None
    high: float | None

    @property
    def agrees(self) -> bool:
        """Equal to the three decimals that METR prints."""
        return round(self.ours, 3) == round(self.published, 3)


def trend_rows(readings: Iterable[Measurement], vintage: str, since: date) -> list[Measurement]:
    """The readings METR's trend uses: one vintage, state of the art, not above 16 hours, since a day."""
    return [
        m
        for m in readings
        if m.indicator == HORIZON
        and m.vintage == vintage
        and STATE_OF_THE_ART in m.marks
        and m.observed_on >= since
        and m.value <= CEILING_MINUTES
    ]


def doubling_days(rows: Sequence[Measurement]) -> float:
    """Days per doubling of the least-squares line through log2(value) against the day observed.

    Raises ValueError with fewer than two different days.
    """
    days = np.array([m.observed_on.toordinal() for m in rows], dtype=float)
    if len(set(days)) < 2:
        raise ValueError(f"a line needs two different days; found {len(set(days))}")
    logs = np.log2([m.value for m in rows])
    centred = days - days.mean()
    return float((centred @ centred) / (centred @ logs))


def rederive(measurements: Sequence[Measurement]) -> list[Rederived]:
    """Every published doubling time for which the store holds that vintage's readings, in order of vintage."""
    found = []
    for published in measurements:
        if published.indicator != DOUBLING or published.condition not in WINDOWS:
            continue
        rows = trend_rows(measurements, published.vintage, WINDOWS[published.condition])
        if len(rows) < 3:
            continue
        found.append(
            Rederived(
                vintage=published.vintage, window=published.condition, systems=len(rows),
                ours=doubling_days(rows), published=published.value, low=published.low, high=published.high,
            )
        )  # fmt: skip
    return sorted(found, key=lambda r: (r.window, r.vintage))
