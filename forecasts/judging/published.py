"""METR's published doubling times, re-derived from the stored vintages.

METR fits an ordinary least-squares line to log2 of the 50 % horizon against the release date, over
the systems that it marks as state of the art at their release, leaving out estimates above 16 hours
(Kwa et al., arXiv 2503.14499; results files of Time Horizon 1.1). Reproducing its figures to three
decimals shows that what we store is what METR published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from scorecard.records import Measurement

HORIZON = "metr_p50_horizon"
DOUBLING = "metr_doubling_time"
STATE_OF_THE_ART = "metr_sota"
CEILING_MINUTES = 960.0
WINDOWS = {"from 2024": date(2024, 1, 1), "from 2023": date(2023, 1, 1), "all time": date(2019, 1, 1)}
HORIZONS = {50: HORIZON, 80: "metr_p80_horizon"}
Systems = Literal["sota", "frontier", "all"]


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
        """Equal to the decimals that METR prints: three in its files, one in a post."""
        printed = 1 if round(self.published, 1) == self.published else 3
        return round(self.ours, printed) == round(self.published, printed)


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
                vintage=published.vintage,
                window=published.condition,
                systems=len(rows),
                ours=doubling_days(rows),
                published=published.value,
                low=published.low,
                high=published.high,
            )
        )
    return sorted(found, key=lambda r: (r.window, r.vintage))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """METR's line through chosen readings: days per doubling, the readings it went through, and METR's own figure.

    `published`, `low` and `high` are what METR printed for this very window and vintage, None where it printed none.
    """

    percentile: int
    vintage: str
    since: date | None
    systems: Systems
    without: tuple[str, ...]
    rows: tuple[Measurement, ...]
    days: float
    published: float | None = None
    low: float | None = None
    high: float | None = None


def window(
    measurements: Sequence[Measurement],
    *,
    percentile: int = 50,
    vintage: str | None = None,
    since: date | None = None,
    systems: Systems = "sota",
    without: Collection[str] = (),
    ceiling: float = CEILING_MINUTES,
) -> Window:
    """The least-squares line of one window of one vintage, by default the newest.

    `systems`: those that METR marks as state of the art at release, the running maximum started anew at `since`
    ("frontier"), or all. Readings above `ceiling` minutes are left out, as METR does. ValueError says what is missing.
    """
    indicator = HORIZONS.get(percentile)
    if indicator is None:
        raise ValueError(
            f"METR publishes the {' and '.join(map(str, HORIZONS))} % horizons, not {percentile} %"
        )
    # A results file marks the state of the art; readings that came singly, in posts, are of no file.
    held = sorted({m.vintage for m in measurements if m.indicator == HORIZON and STATE_OF_THE_ART in m.marks})
    chosen = vintage or (held[-1] if held else "")
    if chosen not in held:
        raise ValueError(
            f"there is no vintage {chosen!r} of it on record; there are {', '.join(held) or 'none'}"
        )
    pool = [
        m
        for m in measurements
        if m.indicator == indicator
        and m.vintage == chosen
        and m.value <= ceiling
        and (since is None or m.observed_on >= since)
    ]
    unknown = set(without) - {m.system for m in pool}
    if unknown:
        raise ValueError(f"there is no reading of {', '.join(sorted(unknown))} in this window to leave out")
    pool = [m for m in pool if m.system not in without]
    if systems == "sota":
        flagged = {
            m.system
            for m in measurements
            if m.indicator == HORIZON and m.vintage == chosen and STATE_OF_THE_ART in m.marks
        }
        pool = [m for m in pool if m.system in flagged]
    elif systems == "frontier":
        pool = _records(pool)
    ordered = tuple(sorted(pool, key=lambda m: (m.observed_on, m.system)))
    theirs = (
        _printed(measurements, chosen, since)
        if (percentile, systems) == (50, "sota") and not without
        else None
    )
    return Window(
        percentile=percentile,
        vintage=chosen,
        since=since,
        systems=systems,
        without=tuple(without),
        rows=ordered,
        days=doubling_days(ordered),
        published=theirs.value if theirs else None,
        low=theirs.low if theirs else None,
        high=theirs.high if theirs else None,
    )


def _records(pool: Iterable[Measurement]) -> list[Measurement]:
    """Those that exceeded everything released before them."""
    best, kept = 0.0, []
    for m in sorted(pool, key=lambda m: (m.observed_on, -m.value)):
        if m.value > best:
            best = m.value
            kept.append(m)
    return kept


def _printed(measurements: Iterable[Measurement], vintage: str, since: date | None) -> Measurement | None:
    name = next((n for n, day in WINDOWS.items() if day == (since or WINDOWS["all time"])), None)
    found = [m for m in measurements if (m.indicator, m.vintage, m.condition) == (DOUBLING, vintage, name)]
    return found[-1] if found else None
