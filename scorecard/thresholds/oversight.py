"""Whether oversight keeps pace: each area's readings against its bar, and the race between capability and oversight.

Pencil work, no random draws. A reading y on its link scale (turned so that up is safer) is taken as

    y = level + slope * t + set-up,   slope ~ normal(0, 0.7 a year),  set-up ~ normal(0, 1)

since the published set-ups are not alike; level and slope are then normal, and so is the level of a further set-up
at any time. P(at the bar by t) is its chance above the bar, never falling. Capability comes from the stored forecast;
the two are taken as independent given what is known. Two or three readings carry little: the spread says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, Literal

import numpy as np
from scipy.special import ndtr

from scorecard.clock import YEAR
from scorecard.evidence.readings.vintages import current
from scorecard.records import ForecastRun, Indicator, Measurement, OversightArea, OversightBar
from scorecard.store import View
from scorecard.thresholds.standing import standing

SLOPE_SD = 0.7  # link-scale units (log-odds, natural logs) a year, either way
SET_UP_SD = 1.0  # by which published set-ups differ from each other
LEVEL_SD = 5.0  # a level that is not known at all
Trend = Literal["getting safer", "getting less safe", "no clear trend", "one reading", "no reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one indicator of an area stands on a day.

    newest is the newest reading by observation; p_at_bar: P(a further set-up is at the bar today);
    slope: mean and sd in link units a year, up is safer; p_late: P(capability crosses before the bar is reached),
    None without a forecast; p_at_bar and slope are None without a reading.
    """

    area: OversightArea
    bar: OversightBar
    indicator: Indicator | None
    newest: Measurement | None
    readings: int
    trend: Trend
    slope: tuple[float, float] | None
    p_at_bar: float | None
    p_late: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """The areas of oversight in use and the bars of their indicators, as the record has them on a day."""

    areas: tuple[OversightArea, ...]
    bars: tuple[OversightBar, ...]

    def of(self, area: OversightArea) -> tuple[OversightBar, ...]:
        """An area's bars."""
        return tuple(bar for bar in self.bars if bar.area == area.id)

    @property
    def capability(self) -> str:
        """The threshold that the areas are raced against; empty where there is no area."""
        return self.areas[0].capability if self.areas else ""


def bars(view: View) -> Bars:
    """The bars in use on a view's day."""
    return Bars(tuple(standing(view, OversightArea)), tuple(standing(view, OversightBar)))


def standings(
    indicators: Mapping[str, Indicator],
    measurements: Iterable[Measurement],
    run: ForecastRun | None,
    held: Bars,
    *,
    as_of: date,
) -> list[Standing]:
    """Every indicator of every area on a day; `run` is the capability's forecast, if there is one."""
    by_indicator: dict[str, list[Measurement]] = {}
    for m in current(measurements):
        by_indicator.setdefault(m.indicator, []).append(m)
    return [
        _standing(area, bar, indicators.get(bar.indicator), by_indicator.get(bar.indicator, []), run, as_of)
        for area in held.areas
        for bar in held.of(area)
    ]


def _standing(
    area: OversightArea,
    bar: OversightBar,
    indicator: Indicator | None,
    found: Sequence[Measurement],
    run: ForecastRun | None,
    as_of: date,
) -> Standing:
    main = [m for m in found if m.main]
    if indicator is None or not main:
        return Standing(
            area=area,
            bar=bar,
            indicator=indicator,
            newest=None,
            readings=0,
            trend="no reading",
            slope=None,
            p_at_bar=None,
            p_late=None,
        )
    mean, covariance = posterior(indicator, bar, main, as_of)
    slope = float(mean[1]), float(np.sqrt(covariance[1, 1]))
    target = link(indicator, bar, bar.bar)
    return Standing(
        area=area,
        bar=bar,
        indicator=indicator,
        newest=max(main, key=lambda m: (m.observed_on, m.value)),
        readings=len(main),
        trend=_trend(main, slope),
        slope=slope,
        p_at_bar=float(p_at_bar(mean, covariance, target, np.zeros(1))[0]),
        p_late=None if run is None else p_late(mean, covariance, target, run, as_of),
    )


def _trend(main: Sequence[Measurement], slope: tuple[float, float]) -> Trend:
    if len({m.observed_on for m in main}) < 2:
        return "one reading"
    if abs(slope[0]) < slope[1]:
        return "no clear trend"
    return "getting safer" if slope[0] > 0 else "getting less safe"


def link(indicator: Indicator, bar: OversightBar, value: float) -> float:
    """A value on the link scale in natural units, turned so that up is safer; ends of the scale are kept off."""
    sign = 1.0 if bar.safer == "higher" else -1.0
    match indicator.scale:
        case "log2" | "log10":
            return sign * log(max(value, 1e-9))
        case "logit":
            low, high = indicator.lower or 0.0, indicator.upper or 1.0
            share = min(max((value - low) / (high - low), 1e-3), 1 - 1e-3)
            return sign * log(share / (1 - share))
        case _:
            return sign * log(max(value, 1e-9))


def posterior(
    indicator: Indicator, bar: OversightBar, main: Sequence[Measurement], as_of: date
) -> tuple[np.ndarray, np.ndarray]:
    """Mean (2,) and covariance (2, 2) of the level on the day and the slope a year, given the readings."""
    y = np.array([link(indicator, bar, m.value) for m in main])
    t = np.array([(m.observed_on - as_of).days / YEAR for m in main])
    x = np.column_stack([np.ones_like(t), t])
    prior = np.diag([1 / LEVEL_SD**2, 1 / SLOPE_SD**2])
    covariance = np.linalg.inv(prior + x.T @ x / SET_UP_SD**2)
    return covariance @ (x.T @ y / SET_UP_SD**2), covariance


def p_at_bar(mean: np.ndarray, covariance: np.ndarray, target: float, t: np.ndarray) -> np.ndarray:
    """P(a further set-up is at the bar) at each time in years from the day, never falling; shape of t."""
    level = mean[0] + mean[1] * t
    sd = np.sqrt(covariance[0, 0] + 2 * t * covariance[0, 1] + t**2 * covariance[1, 1] + SET_UP_SD**2)
    return np.asarray(np.maximum.accumulate(ndtr((level - target) / sd)))


def p_late(mean: np.ndarray, covariance: np.ndarray, target: float, run: ForecastRun, as_of: date) -> float:
    """P(capability crosses before oversight is at its bar), both within the forecast's horizon.

    The distribution of the crossing is the stored one; a crossing already past counts at the day.
    """
    cdf = run.quoted.cdf
    t = np.array([max((day - as_of).days / YEAR, 0.0) for day in cdf.dates])
    mass = np.diff(np.array(cdf.p, float), prepend=0.0)
    return float((mass * (1.0 - p_at_bar(mean, covariance, target, t))).sum())


def as_json(one: Standing) -> dict[str, Any]:
    """One standing as plain values."""
    m = one.newest
    return {
        "area": one.area.id,
        "name": one.area.name,
        "indicator": one.bar.indicator,
        "indicator_name": one.indicator.name if one.indicator else None,
        "safer": one.bar.safer,
        "bar": one.bar.bar,
        "bar_is": "proposed by this project",
        "why": one.bar.rationale,
        "unit": one.indicator.unit if one.indicator else None,
        "readings": one.readings,
        "trend": one.trend,
        "slope_a_year": one.slope[0] if one.slope else None,
        "slope_sd": one.slope[1] if one.slope else None,
        "p_at_bar_now": one.p_at_bar,
        "p_capability_first": one.p_late,
        "newest": None
        if m is None
        else {
            "value": m.value,
            "bound": m.bound,
            "system": m.system,
            "condition": m.condition,
            "on": m.observed_on.isoformat(),
            "source": m.source,
            "grade": m.grade,
            "marks": list(m.marks),
        },
    }
