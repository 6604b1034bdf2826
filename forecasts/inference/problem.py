"""One shape, one series, one set of priors: the posterior as a function of standard normal coordinates.

Every unknown is standard normal a priori: the shape's parameters through their prior's quantiles
(tables.py), the steps of a random shape, the common factors of correlated errors. The same formulas serve
the compiled model (fit.py), the first forecast without compiling (laplace.py) and the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any, Literal

import numpy as np

from forecasts.inference.errors import FACTORS, correlation_of, factorise, kernel, loadings_of_new
from forecasts.inference.likelihood import (
    Data,
    about_trend,
    below_frontier,
    draw_about_trend,
    draw_below_frontier,
)
from forecasts.inference.scaling import Scaling, scaling_for
from forecasts.inference.tables import from_normal, quantile_tables
from forecasts.ops import NUMPY, Array, Ops
from forecasts.prior import Prior
from forecasts.priors.sets import Priors
from forecasts.series import FEWEST, Series, SeriesError
from forecasts.shapes import Shape, TimeFrame

ROWS = 10  # of the data matrix, before the loadings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """points: fit the record systems only, or all with a one-sided gap below the frontier.

    error: measurement errors independent, or correlated because the systems share tasks.
    """

    points: Literal["frontier", "all"] = "frontier"
    error: Literal["independent", "correlated"] = "independent"

    @staticmethod
    def for_series(series: Series) -> Options:
        """The default: frontier where few systems lag, correlated errors where tasks are shared."""
        enough = int(series.frontier.sum()) >= FEWEST and bool((series.side[series.frontier] == 0).any())
        return Options(
            points="frontier" if series.indicator.few_lag and enough else "all",
            error="correlated" if series.indicator.shared_tasks else "independent",
        )


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a fit needs, as arrays. `points` are the fitted points; `names` label the first coordinates."""

    shape: Shape
    options: Options
    series: Series
    points: Series
    priors: Mapping[str, Prior]
    scaling: Scaling
    tables: np.ndarray  # (2, parameters, knots)
    x: np.ndarray  # (ROWS + factors, points)
    correlation: tuple[float, float]  # peak and length of the error kernel, for readings yet to come

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Parameters in the order of their coordinates; `gap` only when all systems are fitted."""
        return parameter_names(self.shape, self.options)

    @cached_property
    def size(self) -> int:
        """Number of coordinates: parameters, steps, factors."""
        return dimension(self.shape, self.options)

    @cached_property
    def frame(self) -> TimeFrame:
        return TimeFrame(reference=float(self.x[8, 0]), end=float(self.x[9, 0]))

    def parameters(self, v: np.ndarray) -> dict[str, np.ndarray]:
        """Parameters (draws, 1), and `steps`, `factors` (draws, k), of coordinates `v` (draws, size)."""
        return unpack(NUMPY, self.shape, self.options, v, self.tables)

    def log_likelihood(self, v: np.ndarray) -> np.ndarray:
        """Log density of each point given coordinates `v` (draws, size); shape (draws, points)."""
        return np.asarray(log_likelihood(NUMPY, self.shape, self.options, v, self.tables, self.x))

    def trend(self, v: np.ndarray) -> np.ndarray:
        """Where each point is expected, shared error included, given coordinates `v` (draws, size)."""
        return np.asarray(expected(NUMPY, self.shape, self.parameters(v), self.x))

    def density(self, v: np.ndarray, trend: np.ndarray) -> np.ndarray:
        """Log density of each point about a `trend` (..., draws, points), with the scales of `v` (draws, size)."""
        return np.asarray(about(NUMPY, self.options, self.parameters(v), self.x, trend))

    def log_posterior(self, v: np.ndarray) -> np.ndarray:
        """Log posterior density of coordinates `v` (draws, size) up to a constant; shape (draws,)."""
        total = self.log_likelihood(v).sum(axis=1) - 0.5 * (v**2).sum(axis=1)
        return np.where(np.isfinite(total), total, -np.inf)

    def replicate(self, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Readings that the model with coordinates `v` (draws, size) would publish, bounds left uncensored.

        Standard units, shape (draws, points).
        """
        p, data = self.parameters(v), _data(self.x)
        centre = self.trend(v)
        if self.options.points == "all":
            return draw_below_frontier(rng, data, centre, p["scatter"], p["gap"])
        return draw_about_trend(rng, data, centre, p["scatter"])

    def readings(
        self, v: np.ndarray, truth: np.ndarray, low: float, high: float, rng: np.random.Generator
    ) -> np.ndarray:
        """What would be published of new systems whose true values are `truth` (draws,), a draw each.

        `low`, `high`: the reading's error towards lower and higher truth. All in standard units.
        """
        common, own = np.zeros(len(truth)), np.ones(len(truth))
        if self.options.error == "correlated":
            new = loadings_of_new(
                truth, self.x[0], self.x[ROWS:].T, peak=self.correlation[0], length=self.correlation[1]
            )
            common = (self.parameters(v)["factors"] * new).sum(axis=1)
            own = np.sqrt(1.0 - (new**2).sum(axis=1))
        error = common + own * rng.standard_normal(len(truth))
        return truth + error * np.where(error > 0, low, high)

    def without(self, left_out: np.ndarray) -> Problem:
        """The same problem with the points where `left_out` (points,) is true given no weight."""
        x = self.x.copy()
        x[7, left_out] = 0.0
        return Problem(
            shape=self.shape,
            options=self.options,
            series=self.series,
            points=self.points,
            priors=self.priors,
            scaling=self.scaling,
            tables=self.tables,
            x=x,
            correlation=self.correlation,
        )


def parameter_names(shape: Shape, options: Options) -> tuple[str, ...]:
    """The coordinates that are parameters, in order."""
    common = ("scatter", "gap") if options.points == "all" else ("scatter",)
    return (*(p.name for p in shape.parameters), *common)


def dimension(shape: Shape, options: Options) -> int:
    """Number of standard normal coordinates of a shape under these options."""
    factors = FACTORS if options.error == "correlated" else 0
    return len(parameter_names(shape, options)) + shape.steps + factors


def unpack(ops: Ops, shape: Shape, options: Options, v: Array, tables: Array) -> dict[str, Any]:
    """Coordinates -> parameters, `steps` and `factors`; scalars in pytensor, (draws, 1) in numpy."""
    names = parameter_names(shape, options)
    values = from_normal(ops, v[..., : len(names)], tables)
    many = isinstance(v, np.ndarray)
    found: dict[str, Any] = {
        name: values[:, i : i + 1] if many else values[i] for i, name in enumerate(names)
    }
    last = len(names) + shape.steps
    if shape.steps:
        found["steps"] = v[..., len(names) : last]
    if options.error == "correlated":
        found["factors"] = v[..., last:]
    return found


def log_likelihood(ops: Ops, shape: Shape, options: Options, v: Array, tables: Array, x: Array) -> Array:
    """Log density of each point, shape (..., points); the one formula behind every way of fitting."""
    p = unpack(ops, shape, options, v, tables)
    return about(ops, options, p, x, expected(ops, shape, p, x))


def expected(ops: Ops, shape: Shape, p: Mapping[str, Array], x: Array) -> Array:
    """Where each point is expected: the shape's mean and the error that it shares with others."""
    return shape.mean(ops, p, x[1], TimeFrame(reference=x[8, 0], end=x[9, 0])) + shared_error(ops, p, x)


def about(ops: Ops, options: Options, p: Mapping[str, Array], x: Array, centre: Array) -> Array:
    """Log density of each point about where it is expected."""
    data = _data(x)
    if options.points == "all":
        return below_frontier(ops, data, centre, p["scatter"], p["gap"])
    return about_trend(ops, data, centre, p["scatter"])


def _data(x: Array) -> Data:
    return Data(value=x[0], own_low=x[2], own_high=x[3], side=x[6], use=x[7])


def shared_error(ops: Ops, p: Mapping[str, Array], x: Array) -> Array:
    """The part of each point's error that it shares with others, standard units; 0 without factors."""
    if "factors" not in p:
        return 0.0
    common = p["factors"] @ x[ROWS:]
    # Published too high means that the truth lies below: that side's half of the interval.
    return common * ops.where(common > 0, x[4], x[5])


def pose(
    shape: Shape,
    series: Series,
    priors: Priors,
    options: Options | None = None,
    *,
    covariance: np.ndarray | None = None,
) -> Problem:
    """The problem of fitting `shape` to `series`; SeriesError when too few points are left.

    `covariance` (points, points) of the fitted points' errors on the link scale replaces the kernel and the
    published intervals; it implies correlated errors.
    """
    options = options or Options.for_series(series)
    if covariance is not None:
        options = Options(points=options.points, error="correlated")
    points = series.where(series.frontier) if options.points == "frontier" else series
    if len(points) < FEWEST:
        raise SeriesError(
            f"{series.indicator.id}: only {len(points)} of {len(series)} systems set a record, too few for a trend "
            f'of records (at least {FEWEST}); fit all systems instead (points = "all")'
        )
    if (points.side != 0).all():
        raise SeriesError(f"{series.indicator.id}: every record is censored; fit all systems instead")
    scaling = scaling_for(points, priors.settings.scaling)
    given = priors.on(series.indicator.id, shape.name, scaling.unit)
    names = parameter_names(shape, options)
    return Problem(
        shape=shape,
        options=options,
        series=series,
        points=points,
        priors={name: given[name] for name in names},
        scaling=scaling,
        tables=quantile_tables([given[name] for name in names]),
        x=_matrix(points, scaling, options, priors, covariance),
        correlation=(priors.settings.correlation_peak, priors.settings.correlation_length),
    )


def _matrix(
    points: Series, scaling: Scaling, options: Options, priors: Priors, covariance: np.ndarray | None
) -> np.ndarray:
    """Rows: value, t, own error low and high, whole error low and high, side, use, reference, end, loadings."""
    n = len(points)
    value = scaling.standard(points.y)
    low, high = points.s_low / scaling.unit, points.s_high / scaling.unit
    own, loadings = np.ones(n), np.zeros((n, 0))
    if options.error == "correlated":
        if covariance is not None:
            correlation = correlation_of(covariance, n)
            low = high = np.sqrt(np.diag(covariance)) / scaling.unit
        else:
            peak, length = priors.settings.correlation_peak, priors.settings.correlation_length
            correlation = kernel(value, peak=peak, length=length)
        loadings, own = factorise(correlation)
    end = ceil(4 * float(points.t[-1]) + 1e-9) / 4
    fixed = np.stack(
        [
            value,
            points.t,
            low * own,
            high * own,
            low,
            high,
            points.side.astype(float),
            np.ones(n),
            np.full(n, scaling.reference),
            np.full(n, end),
        ]
    )
    return np.concatenate([fixed, loadings.T])
