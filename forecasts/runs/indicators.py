"""One indicator forecast under every shape: crossing times per criterion, fan, parameters and checks.

This is the unit of work that is spread over processes: plain records in, plain arrays out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np

from forecasts.dates.crossing import first_passage, level_draws
from forecasts.dates.fans import FAN_YEARS, QUANTILES, fan_of
from forecasts.dates.paths import Paths, simulate
from forecasts.inference.checks import approximated, contraction, converged, predicted, sensitivity
from forecasts.inference.fit import Engine, Fit, FitError, first_forecast
from forecasts.inference.problem import pose
from forecasts.ops import NUMPY
from forecasts.priors.sets import Priors
from forecasts.series import Series, SeriesError, series, years
from forecasts.shapes import get_shape
from scorecard.clock import YEAR
from scorecard.records import (
    Check,
    Criterion,
    Fan,
    Indicator,
    Measurement,
    ParameterEstimate,
    System,
)

PRIOR_DRAWS = 2000  # a shape, of what the priors alone say
PRIOR_TIMES = 80
MORE_DRAWS = 4000  # of each chain, tried once when a fit has not converged

type Method = Literal["sampled", "quick"]  # quick: by approximation, see laplace.py
type Spread = Callable[[Callable[[str], Any], Iterable[str]], Iterable[Any]]


@dataclass(frozen=True, kw_only=True)
class ShapeForecast:
    """One shape on one indicator: times by criterion (draws,), figures and checks; `usable` if all passed."""

    times: Mapping[str, np.ndarray]
    parameters: Mapping[str, ParameterEstimate]
    checks: tuple[Check, ...]
    sensitivity: tuple[float, float]
    usable: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorForecast:
    """Everything the thresholds need of one indicator; `refused` says why there is nothing."""

    indicator: Indicator
    refused: str = ""
    shapes: Mapping[str, ShapeForecast] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
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
    """What one shape gave: its forecast, or why not in `left_out`."""

    name: str
    forecast: ShapeForecast | None = None
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
    return IndicatorForecast(
        indicator=task.indicator,
        notes=points.notes,
        shapes={one.name: one.forecast for one in found if one.forecast},
        left_out={id: why for one in found for id, why in one.left_out.items()},
    )


def _fitted(task: Task, points: Series, engine: Engine, name: str) -> _Fitted:
    try:
        fit, checks = _checked_fit(task, points, engine, name)
    except FitError as error:
        return _Fitted(name=name, left_out={name: str(error)})
    paths = simulate(fit, task.priors.settings, as_of=task.as_of, seed=task.seed)
    times: dict[str, np.ndarray] = {}
    left_out: dict[str, str] = {}
    for criterion in task.criteria:
        try:
            level = level_draws(paths, criterion, seed=task.seed)
        except SeriesError as error:
            left_out[criterion.id] = str(error)
            continue
        times[criterion.id] = first_passage(paths, level, seed=task.seed)
    made = ShapeForecast(
        times=times,
        parameters=_parameters(fit),
        checks=tuple(checks),
        usable=all(check.passed for check in checks),
        sensitivity=_leaning(paths, task.criteria),
    )
    return _Fitted(name=name, forecast=made, left_out=left_out)


def _checked_fit(task: Task, points: Series, engine: Engine, name: str) -> tuple[Fit, list[Check]]:
    """A fit with its checks; one that has not converged is sampled once more, longer.

    A shape that weighs nothing is shown beside the forecast and no part of it: it is sampled only where the
    approximation cannot be trusted.
    """
    shape = get_shape(name)
    if task.method == "quick" or name not in task.priors.settings.weighted:
        fit = first_forecast(shape, points, task.priors, seed=task.seed, draws=task.draws)
        checks = [approximated(fit), predicted(fit, seed=task.seed)]
        if task.method == "quick" or checks[0].passed:
            return fit, checks
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


def _parameters(fit: Fit) -> dict[str, ParameterEstimate]:
    known = {p.name: p for p in fit.shape.parameters}
    shrunk = contraction(fit)
    found: dict[str, ParameterEstimate] = {}
    for name, prior in fit.problem.priors.items():
        q = np.quantile(fit.draws[name], [0.1, 0.5, 0.9])
        found[name] = ParameterEstimate(
            q10=float(q[0]),
            q50=float(q[1]),
            q90=float(q[2]),
            unit=prior.unit,
            meaning=known[name].meaning if name in known else prior.meaning,
            prior=str(prior),
            contraction=shrunk[name],
        )
    if "growth" in fit.draws and fit.problem.series.indicator.scale in ("log2", "log10"):
        with np.errstate(divide="ignore"):
            days = np.quantile(YEAR / np.maximum(fit.draws["growth"], 1e-6), [0.1, 0.5, 0.9])
        found["doubling_days"] = ParameterEstimate(
            q10=float(days[0]),
            q50=float(days[1]),
            q90=float(days[2]),
            unit="days",
            meaning="time in which the frontier doubles, at the reference date",
            contraction=shrunk["growth"],
        )
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


def prior_fan(task: Task) -> Fan:
    """Quantiles of new systems' values under the priors, shapes pooled by weight, from first reading to six years on.

    In the indicator's unit, by date, like the fan of a forecast. Discrepancy beyond the last reading counts too.
    """
    points = series(task.indicator, task.measurements, as_of=task.as_of, systems=task.systems)
    t = np.linspace(float(points.t[0]), years(task.as_of) + FAN_YEARS, PRIOR_TIMES)
    settings = task.priors.settings
    values, weights = [], []
    for name in task.shapes:
        rng = np.random.default_rng([task.seed, 31, *name.encode()])
        shape = get_shape(name)
        problem = pose(shape, points, task.priors)
        p = problem.parameters(rng.standard_normal((PRIOR_DRAWS, problem.size)))
        last = float(problem.points.t[-1])
        ahead = t > last
        trend = np.asarray(shape.mean(NUMPY, p, t, problem.frame)).copy()
        trend[:, ahead] = shape.future(p, t[ahead], problem.frame, rng)
        steps = np.sqrt(np.clip(np.diff(np.maximum(t, last), prepend=last), 0, None))
        trend += settings.discrepancy * np.cumsum(rng.standard_normal(trend.shape) * steps, axis=1)
        values.append(problem.scaling.link(trend + p["scatter"] * rng.standard_normal(trend.shape)))
        weights.append(
            np.full(PRIOR_DRAWS, settings.weights[name] or 1.0)
        )  # shown beside the headline: equally
    return fan_of(points, t, _quantiles(np.concatenate(values), np.concatenate(weights)))


def _quantiles(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted QUANTILES of `values` (draws, times) at each time; shape (quantiles, times)."""
    order = np.argsort(values, axis=0)
    share = np.cumsum(weights[order], axis=0) / weights.sum()
    at = np.stack([(share < q).sum(axis=0).clip(max=len(values) - 1) for q in QUANTILES])
    return np.take_along_axis(np.take_along_axis(values, order, axis=0), at, axis=0)
