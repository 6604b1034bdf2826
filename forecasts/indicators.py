"""One indicator forecast under every shape: crossing times per criterion, fan, parameters and checks.

This is the unit of work that is spread over processes: plain records in, plain arrays out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from forecasts.checks import Check, approximated, contraction, converged, predicted, sensitivity
from forecasts.crossing import first_passage, level_draws
from forecasts.fit import Engine, Fit, FitError, first_forecast
from forecasts.paths import Paths, simulate
from forecasts.prior_sets import Priors
from forecasts.series import YEAR, Series, SeriesError, day, series, years
from forecasts.shapes import get_shape
from scorecard.records import Criterion, Indicator, Measurement, System

FAN_YEARS = 6.0
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
MORE_DRAWS = 4000  # of each chain, tried once when a fit has not converged

type Method = Literal["sampled", "quick"]  # quick: by approximation, see laplace.py
type Spread = Callable[[Callable[[str], Any], Iterable[str]], Iterable[Any]]


@dataclass(frozen=True, kw_only=True)
class ShapeForecast:
    """One shape on one indicator: times by criterion (draws,), figures and checks; `usable` if all passed."""

    times: Mapping[str, np.ndarray]
    parameters: Mapping[str, Any]
    checks: tuple[Check, ...]
    sensitivity: tuple[float, float]
    usable: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorForecast:
    """Everything the thresholds need of one indicator; `refused` says why there is nothing."""

    indicator: Indicator
    refused: str = ""
    shapes: Mapping[str, ShapeForecast] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    fan: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One indicator to forecast; everything the result depends on is in here."""

    indicator: Indicator
    measurements: tuple[Measurement, ...]
    systems: tuple[System, ...]
    criteria: tuple[Criterion, ...]
    priors: Priors
    as_of: date
    seed: int
    shapes: tuple[str, ...]
    method: Method = "sampled"
    draws: int = 4000  # of a quick fit; a sampled one has four chains of a thousand


@dataclass(frozen=True, kw_only=True)
class _Fitted:
    """What one shape gave: its forecast with its paths and the levels crossed, or why not in `left_out`."""

    name: str
    forecast: ShapeForecast | None = None
    paths: Paths | None = None
    levels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def forecast(task: Task, engine: Engine, spread: Spread = map) -> IndicatorForecast:
    """Fit every shape of a task and cross every criterion; data that cannot be fitted are refused in words.

    The quick method leaves the engine alone, so that nothing is compiled. `spread` is how the shapes are gone
    through: `map`, or that of a pool of threads.
    """
    try:
        points = series(task.indicator, task.measurements, as_of=task.as_of, systems=task.systems)
        found = list(spread(lambda name: _fitted(task, points, engine, name), task.shapes))
    except SeriesError as error:
        return IndicatorForecast(indicator=task.indicator, refused=str(error))
    kept = [one.paths for one in found if one.paths and one.forecast and one.forecast.usable]
    return IndicatorForecast(
        indicator=task.indicator, notes=points.notes, fan=_fan(points, kept, task.as_of) if kept else {},
        shapes={one.name: one.forecast for one in found if one.forecast},
        levels={id: level for one in found for id, level in one.levels.items()},
        left_out={id: why for one in found for id, why in one.left_out.items()},
    )  # fmt: skip


def _fitted(task: Task, points: Series, engine: Engine, name: str) -> _Fitted:
    try:
        fit, checks = _checked_fit(task, points, engine, name)
    except FitError as error:
        return _Fitted(name=name, left_out={name: str(error)})
    paths = simulate(fit, task.priors.settings, as_of=task.as_of, seed=task.seed)
    times: dict[str, np.ndarray] = {}
    levels: dict[str, Mapping[str, Any]] = {}
    left_out: dict[str, str] = {}
    for criterion in task.criteria:
        try:
            level = level_draws(paths, criterion, seed=task.seed)
        except SeriesError as error:
            left_out[criterion.id] = str(error)
            continue
        times[criterion.id] = first_passage(paths, level, seed=task.seed)
        levels[criterion.id] = _level(paths, level)
    made = ShapeForecast(
        times=times, parameters=_parameters(fit), checks=tuple(checks),
        usable=all(check.passed for check in checks), sensitivity=_leaning(paths, task.criteria),
    )  # fmt: skip
    return _Fitted(name=name, forecast=made, paths=paths, levels=levels, left_out=left_out)


def _checked_fit(task: Task, points: Series, engine: Engine, name: str) -> tuple[Fit, list[Check]]:
    """A fit with its checks; one that has not converged is sampled once more, longer."""
    shape = get_shape(name)
    if task.method == "quick":
        fit = first_forecast(shape, points, task.priors, seed=task.seed, draws=task.draws)
        return fit, [approximated(fit), predicted(fit, seed=task.seed)]
    fit = engine.fit(shape, points, task.priors, seed=task.seed)
    checks = converged(fit)
    if not all(check.passed for check in checks):
        fit = engine.fit(shape, points, task.priors, seed=task.seed, draws=MORE_DRAWS)
        checks = converged(fit)
        fit = _thinned(fit)
    return fit, [*checks, predicted(fit, seed=task.seed)]


def _thinned(fit: Fit) -> Fit:
    """Every fourth draw, so that each shape brings the same number to the combination."""
    from dataclasses import replace

    return replace(fit, v=fit.v[:, :: MORE_DRAWS // 1000])


def _level(paths: Paths, level: np.ndarray) -> dict[str, Any]:
    values = np.sort(paths.fit.problem.series.from_link(paths.in_link(np.quantile(level, [0.1, 0.5, 0.9]))))
    unit = paths.fit.problem.series.indicator.unit
    return {"q10": float(values[0]), "q50": float(values[1]), "q90": float(values[2]), "unit": unit}


def _parameters(fit: Fit) -> dict[str, Any]:
    known = {p.name: p for p in fit.shape.parameters}
    shrunk = contraction(fit)
    found: dict[str, Any] = {}
    for name, prior in fit.problem.priors.items():
        q = np.quantile(fit.draws[name], [0.1, 0.5, 0.9])
        found[name] = {
            "q10": float(q[0]), "q50": float(q[1]), "q90": float(q[2]), "unit": prior.unit,
            "meaning": known[name].meaning if name in known else prior.meaning,
            "prior": str(prior), "contraction": shrunk[name],
        }  # fmt: skip
    if "growth" in fit.draws and fit.problem.series.indicator.scale in ("log2", "log10"):
        with np.errstate(divide="ignore"):
            days = np.quantile(YEAR / np.maximum(fit.draws["growth"], 1e-6), [0.1, 0.5, 0.9])
        found["doubling_days"] = {
            "q10": float(days[0]), "q50": float(days[1]), "q90": float(days[2]), "unit": "days",
            "meaning": "time in which the frontier doubles, at the reference date",
            "contraction": shrunk["growth"],
        }  # fmt: skip
    return found


def _leaning(paths: Paths, criteria: Sequence[Criterion]) -> tuple[float, float]:
    """Power-scaling sensitivity of the date on which the trend passes the first criterion's median level.

    The level is held at its median, since its own uncertainty would drown the question; the extreme
    hundredths are clipped, since the measure weighs distances.
    """
    if not criteria:
        return 0.0, 0.0
    fixed = np.full(paths.frontier.shape[0], np.median(level_draws(paths, criteria[0], seed=0)))
    time = first_passage(paths, fixed, seed=0)
    finite = time[np.isfinite(time)]
    if len(finite) < 100:
        return 0.0, 0.0
    low, high = np.quantile(finite, [0.01, 0.99])
    found = sensitivity(paths.fit, np.clip(time, low, high))
    return found.prior, found.likelihood


def _fan(points: Series, kept: Sequence[Paths], as_of: date) -> dict[str, Any]:
    """Quantiles of the trend up to the last measurement and of the frontier after it, shapes equally weighted."""
    first = kept[0]
    ahead = first.t <= years(as_of) + FAN_YEARS
    past = np.concatenate([paths.in_link(paths.past) for paths in kept])
    future = np.concatenate([paths.in_link(paths.frontier[:, ahead]) for paths in kept])
    quantiles = np.concatenate(
        [np.quantile(past[:, :-1], QUANTILES, axis=0), np.quantile(future, QUANTILES, axis=0)], axis=1
    )
    return fan_of(points, np.concatenate([first.past_t[:-1], first.t[ahead]]), quantiles)


def fan_of(points: Series, t: np.ndarray, quantiles: np.ndarray) -> dict[str, Any]:
    """QUANTILES on the link scale at times `t` as dates and values in the indicator's unit, ready to store."""
    values = np.sort(points.from_link(quantiles), axis=0)
    fan: dict[str, Any] = {"dates": [day(float(one)).isoformat() for one in t]}
    for name, row in zip(("q10", "q25", "q50", "q75", "q90"), values, strict=True):
        fan[name] = [float(f"{value:.6g}") for value in row]
    return fan


def month_starts(as_of: date, horizon: date) -> list[date]:
    """The as-of day, the first of each month after it, and the horizon: where probabilities are kept."""
    days = [as_of]
    current = date(as_of.year, as_of.month, 1)
    while True:
        current = (current + timedelta(days=32)).replace(day=1)
        if current >= horizon:
            return [*days, horizon]
        days.append(current)
