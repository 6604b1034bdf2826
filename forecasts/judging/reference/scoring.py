"""One forecast of one series from one origin, scored on every target that later readings resolve.

Three kinds of target, because each hides what another shows. The *frontier* 3, 6 and 12 months on, record or
no record. The *reading* of each record of the next twelve months, given that one is set that day. The *date*
on which levels above the present record are reached, levels that were not reached counted, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasts.judging.reference.contender import MONTHS, SeriesForecast, SeriesQuestion
from forecasts.judging.scores import crps, log_score
from forecasts.readings import Readings

LEADS = (3, 6, 12)  # months
LEVELS = (0.25, 0.5, 1.0, 1.5, 2.0)  # years of the series' mean rise above the present record
SINCE = -1.0  # 2023-01-01
CENSORED = 24  # months after which a date is no longer asked for
BANDWIDTH = 0.25  # of the log score's kernel, units


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A frontier or a record's reading: score, and where in the forecast what happened lay (randomised PIT).

    floor: the record at the origin, units.
    """

    kind: str  # "frontier" or "record"
    origin: float
    lead: float  # months
    crps: float
    log: float
    pit: float
    bias: float  # median less what happened
    happened: float
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedLevel:
    """A level and when it was reached: months; infinite where it was not reached while readings went on.

    within: probability that it would be reached in 12 months, nan where readings end before. ends: months of
    readings after the origin. median, low, high: months; infinite beyond the horizon.
    """

    origin: float
    ends: float
    level: float
    happened: float
    crps: float
    within: float
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ContenderScores:
    """Every score of one contender on one series."""

    reached: tuple[Reached, ...]
    dated: tuple[DatedLevel, ...]


def yearly_rise(whole: Readings) -> float:
    """The mean rise of the record a year, units, from the record that stood at 2023 to the last reading.

    A series that began later is taken from its first reading; up to the last reading and not the last record,
    or a short burst before a silence would count as the pace of the whole.
    """
    t, y = whole.t[whole.is_record], whole.y[whole.is_record]
    first = min(max(int(np.searchsorted(t, SINCE)) - 1, 0), len(t) - 2)
    return float((y[-1] - y[first]) / max(whole.t[-1] - max(t[first], SINCE), 0.5))


def scored(asked: SeriesQuestion, forecast: SeriesForecast, whole: Readings) -> ContenderScores:
    """Score a forecast on all that was read of the series later."""
    rng = asked.rng(99)
    return ContenderScores(
        reached=(*_frontier(asked, forecast, whole, rng), *_records(asked, forecast, whole, rng)),
        dated=tuple(_dates(asked, forecast, whole)),
    )


def _frontier(
    asked: SeriesQuestion, forecast: SeriesForecast, whole: Readings, rng: np.random.Generator
) -> Iterator[Reached]:
    for lead in LEADS:
        moment = asked.origin + lead / 12
        if moment > whole.t[-1] + 1e-9:
            continue
        truth = float(whole.y[whole.t <= moment].max())
        yield _reached("frontier", asked, lead, forecast.paths[:, lead], truth, rng)


def _records(
    asked: SeriesQuestion, forecast: SeriesForecast, whole: Readings, rng: np.random.Generator
) -> Iterator[Reached]:
    later = whole.is_record & (whole.t >= asked.origin) & (whole.t <= asked.origin + 1)
    for i in np.flatnonzero(later):
        moment = float(whole.t[i])
        yield _reached(
            "record", asked, 12 * (moment - asked.origin), forecast.record(moment), float(whole.y[i]), rng
        )


def _reached(
    kind: str, asked: SeriesQuestion, lead: float, draws: np.ndarray, truth: float, rng: np.random.Generator
) -> Reached:
    below, same = (draws < truth - 1e-9).mean(), (np.abs(draws - truth) <= 1e-9).mean()
    return Reached(
        kind=kind,
        origin=asked.origin,
        lead=lead,
        crps=crps(draws, truth),
        log=log_score(draws, truth, bandwidth=BANDWIDTH),
        pit=float(below + rng.random() * same),
        bias=float(np.median(draws) - truth),
        happened=truth,
        floor=asked.known.record,
    )


def _dates(asked: SeriesQuestion, forecast: SeriesForecast, whole: Readings) -> Iterator[DatedLevel]:
    ends = 12 * float(whole.t[-1] - asked.origin)
    months = min(CENSORED, int(ends + 1e-6))
    rise = yearly_rise(whole)
    records = np.flatnonzero(whole.is_record)
    for share in LEVELS:
        level = asked.known.record + share * rise
        if level > whole.ceiling:
            continue
        hit = records[whole.y[records] >= level]
        happened = 12 * float(whole.t[hit[0]] - asked.origin) if len(hit) else np.inf
        by = (forecast.paths >= level).mean(axis=0)
        said, truth = by[1 : months + 1], happened <= np.arange(1, months + 1)
        low, median, high = (_first(by, q) for q in (0.1, 0.5, 0.9))
        yield DatedLevel(
            origin=asked.origin,
            ends=ends,
            level=share,
            happened=happened,
            crps=float(((said - truth) ** 2).sum() / 12),
            within=float(by[12]) if ends >= 12 else np.nan,
            median=median,
            low=low,
            high=high,
        )


def _first(by: np.ndarray, q: float) -> float:
    """The month at which the probability reaches `q`, between ends of months by straight line."""
    over = np.flatnonzero(by >= q)
    if not len(over) or over[0] == 0:
        return np.inf if not len(over) else 0.0
    after = int(over[0])
    before, at = by[after - 1], by[after]
    return float(after - 1 + (q - before) / (at - before)) if after <= MONTHS else np.inf
