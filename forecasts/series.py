"""Measurements -> a series on its link scale, ready to fit; nothing here is drawn or fitted.

On the link scale up is always *more of what is measured*: an indicator whose direction is "lower" has its
sign flipped. Intervals become standard deviations below and above the value, whatever level they were
published at; values beyond the instrument's reliable range and published bounds become censored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite, sqrt

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from scorecard.clock import EPOCH, YEAR, since_2024
from scorecard.records import Indicator, Measurement, System

END = 1e-6  # of a scale's width: nearer to its ends no figure of a forecast is told apart
FEWEST = 3  # points without which no trend and scatter can be told apart


class SeriesError(ValueError):
    """A series that cannot be fitted, with what to do about it."""


def years(day: date) -> float:
    """Years since 2024-01-01."""
    return since_2024(day)


def day(years_since_epoch: float) -> date:
    """The calendar day of a time in years since 2024-01-01."""
    return EPOCH + timedelta(days=round(years_since_epoch * YEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The link scale of one indicator: `to` and `back` are inverse, increasing in *more*."""

    indicator: Indicator

    def to(self, value: float) -> float:
        """The indicator's own unit -> link scale; SeriesError where the scale has no such place."""
        scale, lower, upper = self.indicator.scale, *self.ends
        if not isfinite(value):
            raise SeriesError(f"{self.indicator.id}: {value} is not a number that can be fitted")
        if scale in ("log2", "log10") and value <= 0:
            raise SeriesError(
                f"{self.indicator.id}: {value} has no place on a {scale} scale; "
                "record it as a bound (at_most) with a positive value"
            )
        if scale == "logit" and not lower < value < upper:
            raise SeriesError(
                f"{self.indicator.id}: {value} is not inside ({lower:g}, {upper:g}), so it has no place on a "
                "logit scale; give n (the number of trials) or record it as a bound inside the range"
            )
        match scale:
            case "log2":
                link = float(np.log2(value))
            case "log10":
                link = float(np.log10(value))
            case "logit":
                link = float(logit((value - lower) / (upper - lower)))
            case _:
                link = float(value)
        return link * self.sign

    def near(self, value: float) -> float:
        """The same of a forecast's figure, which may lie at an end of the scale: of the nearest place inside."""
        lower, upper = self.ends
        edge = END * (upper - lower) if np.isfinite(upper - lower) else 0.0
        return self.to(min(max(value, lower + edge), upper - edge))

    def back(self, link: np.ndarray | float) -> np.ndarray:
        """Link scale -> the indicator's own unit, elementwise; log scales saturate at the largest float."""
        y = np.asarray(link, dtype=float) * self.sign
        match self.indicator.scale:
            case "log2":
                return np.exp2(np.clip(y, -1000, 1000))
            case "log10":
                return np.power(10.0, np.clip(y, -300, 300))
            case "logit":
                lower, upper = self.ends
                return lower + (upper - lower) * expit(y)
            case _:
                return y

    @property
    def sign(self) -> float:
        """-1 when a lower value is more of what is measured."""
        return -1.0 if self.indicator.direction == "lower" else 1.0

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of a logit scale in the indicator's unit; infinite for other scales."""
        if self.indicator.scale != "logit":
            return -np.inf, np.inf
        lower, upper = self.indicator.lower, self.indicator.upper
        if lower is None or upper is None or not lower < upper:
            raise SeriesError(
                f"indicator {self.indicator.id}: a logit scale needs `lower` and `upper`, lower below upper"
            )
        return lower, upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One indicator's points in time order; arrays have shape (points,).

    t: years since 2024-01-01. y: link scale. s_low, s_high: standard deviations of the measurement error
    on the link scale towards lower and higher truth (0 where nothing was published). side: +1 the truth is
    at least `y`, -1 at most, 0 exact. frontier: the system set a record when it was released.
    """

    indicator: Indicator
    as_of: date
    names: tuple[str, ...]
    days: tuple[date, ...]
    vintages: tuple[str, ...]
    t: np.ndarray
    y: np.ndarray
    s_low: np.ndarray
    s_high: np.ndarray
    side: np.ndarray
    frontier: np.ndarray
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @property
    def link(self) -> Link:
        return Link(indicator=self.indicator)

    def to_link(self, value: float) -> float:
        """A value in the indicator's unit on the link scale (up is more)."""
        return self.link.to(value)

    def from_link(self, link: np.ndarray | float) -> np.ndarray:
        """Link-scale values in the indicator's unit."""
        return self.link.back(link)

    def where(self, keep: np.ndarray) -> Series:
        """The points for which `keep` (points,) is true; frontier flags are kept as they are."""
        index = np.flatnonzero(keep)
        return Series(
            indicator=self.indicator,
            as_of=self.as_of,
            names=tuple(self.names[i] for i in index),
            days=tuple(self.days[i] for i in index),
            vintages=tuple(self.vintages[i] for i in index),
            t=self.t[index],
            y=self.y[index],
            s_low=self.s_low[index],
            s_high=self.s_high[index],
            side=self.side[index],
            frontier=self.frontier[index],
            notes=self.notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    name: str
    day: date
    vintage: str
    y: float
    s_low: float
    s_high: float
    side: int
    raw: float  # before censoring at the reliable range, for the frontier flags
    note: str = ""


def series(
    indicator: Indicator,
    measurements: Iterable[Measurement],
    *,
    as_of: date,
    systems: Sequence[System] = (),
) -> Series:
    """The indicator's main measurements as known on `as_of`, latest vintage of each, on the link scale.

    `systems` only supplies display names. SeriesError when no trend can be fitted: fewer than three points,
    all censored, all equal, a value that is not a number or has no place on the scale.
    """
    points = _points(indicator, measurements, as_of, systems)
    _refuse(indicator, points, as_of)
    return _of_points(indicator, points, as_of)


def few_readings(
    indicator: Indicator,
    measurements: Iterable[Measurement],
    *,
    as_of: date,
    systems: Sequence[System] = (),
) -> Series:
    """The same however few there are: SeriesError only without any, or where a value has no place on the scale."""
    points = _points(indicator, measurements, as_of, systems)
    if not points:
        raise SeriesError(
            f"{indicator.id} has no measurement known on {as_of}; choose a later date or add one"
        )
    return _of_points(indicator, points, as_of)


def _points(
    indicator: Indicator, measurements: Iterable[Measurement], as_of: date, systems: Sequence[System]
) -> list[_Point]:
    link = Link(indicator=indicator)
    called = {system.id: system.name for system in systems}
    known = [
        m
        for m in measurements
        if m.indicator == indicator.id and m.main and m.known_at <= as_of and m.observed_on <= as_of
    ]
    latest: dict[tuple[str, str, str, date], Measurement] = {}
    for m in sorted(known, key=lambda m: (m.known_at, m.vintage)):
        latest[m.subject] = m
    points = [_point(indicator, link, m, called.get(m.system, m.system)) for m in latest.values()]
    # On one day the higher system comes first, so that the lower one is no record.
    points.sort(key=lambda p: (p.day, -p.raw, p.name))
    return points


def _of_points(indicator: Indicator, points: Sequence[_Point], as_of: date) -> Series:
    return Series(
        indicator=indicator,
        as_of=as_of,
        names=tuple(p.name for p in points),
        days=tuple(p.day for p in points),
        vintages=tuple(p.vintage for p in points),
        t=np.array([years(p.day) for p in points]),
        y=np.array([p.y for p in points]),
        s_low=np.array([p.s_low for p in points]),
        s_high=np.array([p.s_high for p in points]),
        side=np.array([p.side for p in points]),
        frontier=_records(points),
        notes=tuple(dict.fromkeys(p.note for p in points if p.note)),
    )


def _refuse(indicator: Indicator, points: Sequence[_Point], as_of: date) -> None:
    if len(points) < FEWEST:
        raise SeriesError(
            f"{indicator.id} has {len(points)} measurement(s) known on {as_of}; a trend needs at least {FEWEST}. "
            "Choose a later date or another indicator."
        )
    if all(p.side for p in points):
        raise SeriesError(
            f"{indicator.id}: every value known on {as_of} is a bound or beyond the reliable range, so none says "
            "where the trend is; add exact measurements"
        )
    if len({p.raw for p in points}) == 1:
        raise SeriesError(
            f"{indicator.id}: all {len(points)} values are equal, so there is no trend to fit; "
            "check the data, or treat the indicator as a state rather than a series"
        )
    if len({p.day for p in points}) == 1:
        raise SeriesError(
            f"{indicator.id}: all values belong to {points[0].day}; a trend needs two dates or more"
        )


def _records(points: Sequence[_Point]) -> np.ndarray:
    """True where a point exceeds every earlier one; an upper bound proves no record."""
    best, flags = -np.inf, []
    for p in points:
        record = p.side >= 0 and p.raw > best
        best = p.raw if record else best
        flags.append(record)
    return np.array(flags)


def _point(indicator: Indicator, link: Link, m: Measurement, name: str) -> _Point:
    value, n, note = m.value, m.n, ""
    if indicator.scale == "logit" and n and indicator.lower is not None and indicator.upper is not None:
        share = (value - indicator.lower) / (indicator.upper - indicator.lower)
        if share in (0.0, 1.0):
            # Half a success added to each side: the empirical logit (Haldane 1956).
            value = indicator.lower + (indicator.upper - indicator.lower) * (share * n + 0.5) / (n + 1)
            note = "0 % and 100 % enter with half a success added to each side (empirical logit)"
    try:
        raw = link.to(value)
        s_low, s_high, missing = _errors(indicator, link, m, value, raw)
    except SeriesError as error:
        raise SeriesError(
            f"{error} (system {m.system}, observed {m.observed_on}, vintage {m.vintage})"
        ) from None
    flip = link.sign < 0
    side = {"exact": 0, "at_least": 1, "at_most": -1}[m.bound] * (-1 if flip else 1)
    y = raw
    if indicator.reliable_max is not None and m.value > indicator.reliable_max and m.bound != "at_most":
        y, side = link.to(indicator.reliable_max), (-1 if flip else 1)
        note = f"values above {indicator.reliable_max:g} {indicator.unit} are censored there: beyond the reliable range"
    return _Point(
        name=name,
        day=m.observed_on,
        vintage=m.vintage,
        y=y,
        s_low=s_low,
        s_high=s_high,
        side=side,
        raw=raw,
        note=note or missing,
    )


def _errors(
    indicator: Indicator, link: Link, m: Measurement, value: float, y: float
) -> tuple[float, float, str]:
    """Standard deviations towards lower and higher truth, and a note when none was published."""
    if m.low is None and m.high is None:
        if indicator.scale == "logit" and m.n:
            lower, upper = link.ends
            share = (value - lower) / (upper - lower)
            s = 1.0 / sqrt(m.n * share * (1.0 - share))
            return s, s, "where no interval is given, the binomial error of n trials is used"
        return (
            0.0,
            0.0,
            "where no interval is given, the scatter about the trend carries the measurement error",
        )
    if m.interval is None or not 0 < m.interval < 1:
        raise SeriesError(
            f"{m.indicator}: low and high are given without their level; set `interval`, for instance 0.95"
        )
    z = float(norm.ppf(0.5 + m.interval / 2))
    ends = [None if edge is None else _edge(link, edge) for edge in (m.low, m.high)]
    below, above = reversed(ends) if link.sign < 0 else ends
    s_low = None if below is None else (y - below) / z
    s_high = None if above is None else (above - y) / z
    if (s_low is not None and s_low < 0) or (s_high is not None and s_high < 0):
        raise SeriesError(f"{m.indicator}: the interval {m.low} to {m.high} does not contain {m.value}")
    if s_low is None or not isfinite(s_low):
        s_low = s_high
    if s_high is None or not isfinite(s_high):
        s_high = s_low
    if s_low is None or s_high is None or not isfinite(s_low + s_high):
        return (
            0.0,
            0.0,
            "an interval that reaches the ends of the scale on both sides says nothing and is left out",
        )
    return s_low, s_high, ""


def _edge(link: Link, value: float) -> float:
    """An interval's end; at or beyond the end of the scale it is infinitely far."""
    scale, (lower, upper) = link.indicator.scale, link.ends
    if scale in ("log2", "log10") and value <= 0:
        return -link.sign * np.inf
    if scale == "logit" and value <= lower:
        return -link.sign * np.inf
    if scale == "logit" and value >= upper:
        return link.sign * np.inf
    return link.to(value)
