"""How the shapes, their combination and two baselines would have forecast the past.

At every origin (the first of a month) each is fitted to what had been released by then, and asked for the
value of each record that was set in the twelve months after. What is scored is the *measured* record, so a
forecast carries the reading's own measurement error. Values are today's readings of past systems, cut by
release date: pseudo out-of-sample, since most were measured again later. Origins overlap and records are
few, so differences of a tenth in CRPS mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from forecasts.fit import Engine, FitError, first_forecast
from forecasts.judging.baselines import BASELINES, Baseline
from forecasts.judging.scores import covered, crps, log_score, pit
from forecasts.paths import Paths, next_record, published_record, simulate
from forecasts.prior_sets import Priors
from forecasts.scaling import scaling_for
from forecasts.series import Series, SeriesError, day, series, years
from forecasts.shapes import get_shape
from scorecard.records import Indicator, Measurement
from scorecard.thresholds.calendar import plus_months

FIRST = date(2024, 1, 1)
LEADS = ((0.0, 0.25), (0.25, 0.5), (0.5, 1.0))  # years ahead
LEAD_NAMES = ("0-3 months", "3-6 months", "6-12 months")
BANDWIDTH = 0.25  # of the log score's kernel, standard units
POOL = "pool"
MONTHS_AHEAD = (6, 12, 18)
AHEAD = 6.0  # years over which the date of a level is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One forecast of one record: scores on the link scale in standard units (doublings for log2 series)."""

    model: str
    origin: date
    system: str
    lead: float  # years
    crps: float
    log_score: float
    covered_50: bool
    covered_80: bool
    pit: float
    bias: float  # median forecast minus what happened; negative is too low, which is too late


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """One forecast of the day on which a level was reached: months by which the median was late."""

    model: str
    level: float  # indicator's unit
    months_ahead: int
    late: float  # months; inf when the median lay beyond the horizon
    inside_80: bool


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Every case and every dated level of one indicator."""

    indicator: str
    cases: tuple[Case, ...]
    dates: tuple[Lateness, ...]
    origins: int


def origins(last: date, first: date = FIRST) -> list[date]:
    """The first of each month from `first` to three months before `last`."""
    found, current = [], first
    while plus_months(current, 3) <= last:
        found.append(current)
        current = plus_months(current, 1)
    return found


def released_by(indicator: Indicator, measurements: Sequence[Measurement], on: date) -> Series:
    """The series of what had been released by a day, in today's readings."""
    return series(indicator, [replace(m, known_at=m.observed_on) for m in measurements], as_of=on)


def backtest(
    indicator: Indicator,
    measurements: Sequence[Measurement],
    priors: Priors,
    *,
    as_of: date,
    seed: int,
    levels: Sequence[float] = (),
    engine: Engine | None = None,
    progress: Callable[[float, str], None] = lambda _share, _words: None,
) -> Backtest:
    """Forecast from every origin and score; with an `engine` by sampling, else by the approximation.

    `measurements` are those known on `as_of`. Origins at which nothing can be fitted are passed over.
    SeriesError when the indicator cannot be fitted at all.
    """
    whole = series(indicator, measurements, as_of=as_of)
    unit = scaling_for(whole.where(whole.frontier), priors.settings.scaling).unit
    starts = origins(day(float(whole.t[-1])))
    cases: list[Case] = []
    dates: list[Lateness] = []
    used = 0
    for count, origin in enumerate(starts):
        try:
            known = released_by(indicator, measurements, origin)
            forecasts = _forecasts(known, priors, origin, seed, engine)
        except (SeriesError, FitError):
            continue
        used += 1
        cases += _cases(whole, forecasts, origin, unit)
        dates += _dates(whole, forecasts, origin, levels)
        progress((count + 1) / len(starts), f"{indicator.name}: origin {origin}")
    return Backtest(indicator=indicator.id, cases=tuple(cases), dates=tuple(dates), origins=used)


@dataclass(frozen=True, kw_only=True)
class _Forecast:
    """What one model says from one origin, on the link scale.

    reading(t, low, high): draws of what would be published of the record at `t`, given its error scales.
    crossed(level): draws of when the frontier reaches a level, years since 2024-01-01; None for baselines.
    """

    reading: Callable[[float, float, float], np.ndarray]
    crossed: Callable[[float], np.ndarray] | None = None


def _forecasts(
    known: Series, priors: Priors, origin: date, seed: int, engine: Engine | None
) -> dict[str, _Forecast]:
    found: dict[str, _Forecast] = {}
    for name in (n for n, weight in priors.settings.weights.items() if weight > 0):
        shape = get_shape(name)
        fit = (
            engine.fit(shape, known, priors, seed=seed, draws=500)
            if engine
            else first_forecast(shape, known, priors, seed=seed, draws=2000)
        )
        paths = simulate(fit, priors.settings, as_of=origin, seed=seed)
        found[name] = _Forecast(
            reading=partial(_reading, paths, seed), crossed=partial(_crossed, paths, seed)
        )
    found[POOL] = _pooled(list(found.values()))
    for name, baseline in BASELINES.items():
        found[name] = _Forecast(reading=partial(_line, baseline, known, seed))
    return found


def _reading(paths: Paths, seed: int, t: float, low: float, high: float) -> np.ndarray:
    """What would be published of a system that sets a record at `t`, given that one does."""
    at = min(int(np.searchsorted(paths.t, t)), len(paths.t) - 1)
    problem, rng = paths.fit.problem, np.random.default_rng([seed, 23, at])
    chosen, truth = next_record(paths, at, rng)
    unit = problem.scaling.unit
    return paths.in_link(problem.readings(paths.fit.flat[chosen], truth, low / unit, high / unit, rng))


def _crossed(paths: Paths, seed: int, level: float) -> np.ndarray:
    """When the published record reaches a level; infinite beyond `AHEAD` years."""
    times = int(np.searchsorted(paths.t, paths.t[paths.now] + AHEAD))
    record = paths.in_link(published_record(paths, times, np.random.default_rng([seed, 29])))
    below = (record < level).sum(axis=1)
    return np.where(below < times, paths.t[np.minimum(below, times - 1)], np.inf)


def _line(baseline: Baseline, known: Series, seed: int, t: float, low: float, high: float) -> np.ndarray:
    """Baselines are taken as people use them: without the reading's own error."""
    del low, high
    return baseline(known, t, np.random.default_rng([seed, 19]))


def _pooled(parts: Sequence[_Forecast]) -> _Forecast:
    crossings = [part.crossed for part in parts if part.crossed is not None]
    return _Forecast(
        reading=lambda t, low, high: np.concatenate([part.reading(t, low, high) for part in parts]),
        crossed=lambda level: np.concatenate([crossed(level) for crossed in crossings]),
    )


def _records_after(whole: Series, origin: date) -> Iterator[int]:
    """Indices of exact records set within a year after the origin."""
    since, until = years(origin), years(plus_months(origin, 12))
    for i in np.flatnonzero(whole.frontier & (whole.side == 0)):
        if since < whole.t[i] <= until:
            yield int(i)


def _cases(whole: Series, forecasts: dict[str, _Forecast], origin: date, unit: float) -> list[Case]:
    found = []
    for i in _records_after(whole, origin):
        truth, t = float(whole.y[i]), float(whole.t[i])
        for name, forecast in forecasts.items():
            draws = forecast.reading(t, float(whole.s_low[i]), float(whole.s_high[i]))
            x, y = draws / unit, truth / unit
            found.append(
                Case(
                    model=name, origin=origin, system=whole.names[i], lead=t - years(origin), crps=crps(x, y),
                    log_score=log_score(x, y, bandwidth=BANDWIDTH), covered_50=covered(x, y, 0.5),
                    covered_80=covered(x, y, 0.8), pit=pit(x, y), bias=float(np.median(x) - y),
                )
            )  # fmt: skip
    return found


def _dates(
    whole: Series, forecasts: dict[str, _Forecast], origin: date, levels: Sequence[float]
) -> list[Lateness]:
    found = []
    for level in levels:
        target = whole.to_link(level)
        reached = np.flatnonzero(whole.frontier & (whole.y >= target))
        if not len(reached):
            continue
        happened = float(whole.t[reached[0]])
        ahead = round((happened - years(origin)) * 12)
        if ahead not in MONTHS_AHEAD:
            continue
        for name, forecast in forecasts.items():
            if forecast.crossed is None:
                continue
            times = forecast.crossed(target)
            low, middle, high = np.quantile(times, [0.1, 0.5, 0.9], method="nearest")
            found.append(
                Lateness(
                    model=name, level=level, months_ahead=ahead, late=float(12 * (middle - happened)),
                    inside_80=bool(low <= happened <= high),
                )
            )  # fmt: skip
    return found


def table(result: Backtest) -> list[dict[str, Any]]:
    """Scores by model: CRPS (all, and by lead), log score, coverage and bias, best CRPS first."""
    rows = []
    for name in dict.fromkeys(case.model for case in result.cases):
        ours = [case for case in result.cases if case.model == name]
        row: dict[str, Any] = {
            "model": name, "origins": result.origins, "cases": len(ours),
            "records": len({case.system for case in ours}),
            "crps": float(np.mean([c.crps for c in ours])),
            "log_score": float(np.mean([c.log_score for c in ours])),
            "covered_50": float(np.mean([c.covered_50 for c in ours])),
            "covered_80": float(np.mean([c.covered_80 for c in ours])),
            "bias": float(np.mean([c.bias for c in ours])),
            "pit": [c.pit for c in ours],
        }  # fmt: skip
        for (low, high), lead in zip(LEADS, LEAD_NAMES, strict=True):
            within = [c.crps for c in ours if low < c.lead <= high]
            row[f"crps {lead}"] = float(np.mean(within)) if within else None
        rows.append(row)
    return sorted(rows, key=lambda row: row["crps"])


def lateness_table(result: Backtest) -> list[dict[str, Any]]:
    """Months by which the median crossing date was late, by model and months ahead, and the 80 % coverage."""
    rows = []
    for name in dict.fromkeys(d.model for d in result.dates):
        for ahead in MONTHS_AHEAD:
            ours = [d for d in result.dates if d.model == name and d.months_ahead == ahead]
            if ours:
                rows.append(
                    {
                        "model": name, "months_ahead": ahead, "cases": len(ours),
                        "median_late": float(np.median([d.late for d in ours])),
                        "inside_80": float(np.mean([d.inside_80 for d in ours])),
                    }
                )  # fmt: skip
    return rows
