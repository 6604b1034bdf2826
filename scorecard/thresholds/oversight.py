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
from functools import cache
from math import log
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from scipy.special import ndtr

from scorecard.evidence.vintages import current
from scorecard.records import ForecastRun, Indicator, Measurement

FILE = Path(__file__).parents[2] / "data" / "oversight.yaml"
YEAR = 365.25
SLOPE_SD = 0.7  # link-scale units (log-odds, natural logs) a year, either way
SET_UP_SD = 1.0  # by which published set-ups differ from each other
LEVEL_SD = 5.0  # a level that is not known at all
Trend = Literal["getting safer", "getting less safe", "no clear trend", "one reading", "no reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An indicator of an area: which way is safer, the proposed bar in its unit, and why there."""

    indicator: str
    safer: Literal["higher", "lower"]
    bar: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of oversight: its question, its indicators, and what nobody has published."""

    id: str
    name: str
    question: str
    bars: tuple[Bar, ...]
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one indicator of an area stands on a day.

    newest is the newest reading by observation; p_at_bar: P(a further set-up is at the bar today);
    slope: mean and sd in link units a year, up is safer; p_late: P(capability crosses before the bar is reached),
    None without a forecast; p_at_bar and slope are None without a reading.
    """

    area: Area
    bar: Bar
    indicator: Indicator | None
    newest: Measurement | None
    readings: int
    trend: Trend
    slope: tuple[float, float] | None
    p_at_bar: float | None
    p_late: float | None


@cache
def areas(file: Path = FILE) -> tuple[str, tuple[Area, ...]]:
    """The threshold that capability is taken from, and the areas of data/oversight.yaml."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data["capability"], tuple(
        Area(
            id=row["id"], name=row["name"], question=row["question"], missing=row["missing"],
            bars=tuple(
                Bar(indicator=b["id"], safer=b["safer"], bar=float(b["bar"]), why=b["why"]) for b in row["indicators"]
            ),
        )
        for row in data["areas"]
    )  # fmt: skip


def standings(
    indicators: Mapping[str, Indicator],
    measurements: Iterable[Measurement],
    run: ForecastRun | None,
    *,
    as_of: date,
) -> list[Standing]:
    """Every indicator of every area on a day; `run` is the capability's forecast, if there is one."""
    by_indicator: dict[str, list[Measurement]] = {}
    for m in current(measurements):
        by_indicator.setdefault(m.indicator, []).append(m)
    return [
        _standing(area, bar, indicators.get(bar.indicator), by_indicator.get(bar.indicator, []), run, as_of)
        for area in areas()[1]
        for bar in area.bars
    ]


def _standing(
    area: Area,
    bar: Bar,
    indicator: Indicator | None,
    found: Sequence[Measurement],
    run: ForecastRun | None,
    as_of: date,
) -> Standing:
    main = [m for m in found if m.main]
    if indicator is None or not main:
        return Standing(
            area=area, bar=bar, indicator=indicator, newest=None, readings=0, trend="no reading", slope=None,
            p_at_bar=None, p_late=None,
        )  # fmt: skip
    mean, covariance = posterior(indicator, bar, main, as_of)
    slope = float(mean[1]), float(np.sqrt(covariance[1, 1]))
    target = link(indicator, bar, bar.bar)
    return Standing(
        area=area, bar=bar, indicator=indicator, newest=max(main, key=lambda m: (m.observed_on, m.value)),
        readings=len(main), trend=_trend(main, slope), slope=slope,
        p_at_bar=float(p_at_bar(mean, covariance, target, np.zeros(1))[0]),
        p_late=None if run is None else p_late(mean, covariance, target, run, as_of),
    )  # fmt: skip


def _trend(main: Sequence[Measurement], slope: tuple[float, float]) -> Trend:
    if len({m.observed_on for m in main}) < 2:
        return "one reading"
    if abs(slope[0]) < slope[1]:
        return "no clear trend"
    return "getting safer" if slope[0] > 0 else "getting less safe"


def link(indicator: Indicator, bar: Bar, value: float) -> float:
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
    indicator: Indicator, bar: Bar, main: Sequence[Measurement], as_of: date
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
    dates = [date.fromisoformat(text) for text in run.result["cdf"]["dates"]]
    t = np.array([max((day - as_of).days / YEAR, 0.0) for day in dates])
    mass = np.diff(np.array([float(p) for p in run.result["cdf"]["p"]]), prepend=0.0)
    return float((mass * (1.0 - p_at_bar(mean, covariance, target, t))).sum())


def as_json(one: Standing) -> dict[str, Any]:
    """One standing as plain values."""
    m = one.newest
    return {
        "area": one.area.id, "name": one.area.name, "indicator": one.bar.indicator,
        "indicator_name": one.indicator.name if one.indicator else None, "safer": one.bar.safer, "bar": one.bar.bar,
        "bar_is": "proposed by this project", "why": one.bar.why, "unit": one.indicator.unit if one.indicator else None,
        "readings": one.readings, "trend": one.trend, "slope_a_year": one.slope[0] if one.slope else None,
        "slope_sd": one.slope[1] if one.slope else None, "p_at_bar_now": one.p_at_bar,
        "p_capability_first": one.p_late,
        "newest": None if m is None else {
            "value": m.value, "bound": m.bound, "system": m.system, "condition": m.condition,
            "on": m.observed_on.isoformat(), "source": m.source, "grade": m.grade, "marks": list(m.marks),
        },
    }  # fmt: skip
