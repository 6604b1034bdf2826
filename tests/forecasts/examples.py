"""Small made-up series, priors and fits for the tests of the engine; nothing is sampled here."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from forecasts.dates.paths import grid
from forecasts.dates.worlds import Draws, IndicatorWorlds, Worlds
from forecasts.inference.fit import Fit
from forecasts.inference.problem import Options, Problem, pose
from forecasts.prior import Prior
from forecasts.priors.sets import Priors, priors_of, read_prior_set
from forecasts.series import Series, series
from forecasts.shapes import get_shape, shapes
from scorecard.places import DATA
from scorecard.records import Criterion, Indicator, Measurement

AS_OF = date(2026, 1, 1)
YEARLY = (date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1))
SCATTER = 0.4  # of the conjugate line
INDEPENDENT = Options(points="frontier", error="independent")
EVERY_SHAPE = pytest.mark.parametrize("shape", shapes().values(), ids=lambda shape: shape.name)


def indicator(**more: Any) -> Indicator:
    """A made-up indicator on a log2 scale."""
    fields: dict[str, Any] = {
        "id": "length",
        "name": "Length",
        "unit": "minutes",
        "scale": "log2",
        "direction": "higher",
        "role": "capability",
        "measures": "length of tasks",
        "source": "paper",
        "grade": "primary",
        "known_at": date(2020, 1, 1),
    }
    return Indicator(**{**fields, **more})


def measurement(value: float, on: date, **more: Any) -> Measurement:
    """A made-up value of one system, known on the day it describes."""
    fields: dict[str, Any] = {
        "indicator": "length",
        "system": f"s{on:%Y%m%d}",
        "observed_on": on,
        "vintage": "1",
        "value": value,
        "source": "paper",
        "grade": "primary",
        "known_at": on,
    }
    return Measurement(**{**fields, **more})


def doubling(**more: Any) -> Series:
    """Exactly one doubling a year: 2, 4, 8, 16 minutes on four New Year's days."""
    values = [measurement(2.0 ** (i + 1), on) for i, on in enumerate(YEARLY)]
    return series(indicator(**more), values, as_of=AS_OF)


@cache
def default_priors() -> Priors:
    """The prior set that ships with the product."""
    return priors_of(read_prior_set(DATA / "priors" / "default.yaml"))


def prior(family: str, *numbers: float) -> Prior:
    """A prior without unit or meaning, for arithmetic."""
    names = {
        "normal": ("mu", "sigma"),
        "lognormal": ("mu", "sigma"),
        "halfnormal": ("sigma",),
        "gamma": ("alpha", "beta"),
        "beta": ("alpha", "beta"),
        "student": ("nu", "mu", "sigma"),
    }[family]
    return Prior(family=family, params=dict(zip(names, numbers, strict=True)), unit="", meaning="")


def criterion(level: float, **more: Any) -> Criterion:
    """A made-up criterion with an exact level and no gap."""
    fields: dict[str, Any] = {
        "id": "reaches",
        "threshold": "lab.high",
        "indicator": "length",
        "level": level,
        "level_sd": 0.0,
        "rationale": "made up",
        "author": "a researcher",
        "source": "paper",
        "known_at": date(2020, 1, 1),
    }
    return Criterion(**{**fields, **more})


def fit_at(problem: Problem, v: np.ndarray) -> Fit:
    """A fit whose draws are given, `v` (draws, size), instead of sampled."""
    return Fit(problem=problem, v=v[None], divergences=0, gradients=0, method="laplace", seed=0, seconds={})


def known_line(*, growth: float = 1.0, draws: int = 50, scatter: float = 1e-7) -> Fit:
    """The line through `doubling()` without doubt about level and growth: log2 = 3 at 2024-01-01."""
    points, priors = doubling(), default_priors()
    # The level belongs to the median date, 2023-07-02; the origin is the median point, 2.5 doublings.
    level = 0.5 - growth * (0.0 - float(np.median(points.t)))
    for name, value in (("level", level), ("growth", growth)):
        priors = priors.with_prior("loglinear", name, prior("normal", value, 1e-9))
    priors = priors.with_prior("loglinear", "scatter", prior("lognormal", np.log(scatter), 1e-6))
    problem = pose(get_shape("loglinear"), points, priors, INDEPENDENT)
    return fit_at(problem, np.zeros((draws, problem.size)))


def conjugate_priors() -> Priors:
    """Normal level and growth, known scatter: the posterior of the line is normal and known."""
    made = default_priors().with_prior("loglinear", "level", prior("normal", 0.5, 1.0))
    made = made.with_prior("loglinear", "growth", prior("normal", 2.0, 0.5))
    return made.with_prior("loglinear", "scatter", prior("lognormal", float(np.log(SCATTER)), 1e-6))


def conjugate_posterior() -> tuple[np.ndarray, np.ndarray]:
    """Mean (2,) and covariance (2, 2) of level and growth by Bayes' rule for normal regression."""
    points = doubling()
    design = np.stack([np.ones(4), points.t - np.median(points.t)], axis=1)
    precision = np.diag([1.0, 4.0]) + design.T @ design / SCATTER**2
    pull = np.array([0.5, 8.0]) + design.T @ (points.y - np.median(points.y)) / SCATTER**2
    return np.linalg.solve(precision, pull), np.linalg.inv(precision)


def straight_worlds(*, slope: float, start: float, spread: float = 0.0, size: int = 512) -> Worlds:
    """Worlds on straight lines: log2 = start + slope (t - 2024), their starts normal with sd `spread`; as of AS_OF."""
    draws, (t, now) = Draws(size=size, seed=1), grid(float(doubling().t[-1]), AS_OF)
    own = start + spread * draws.pace[:, None]
    frontier = own + slope * t[now:]
    one = IndicatorWorlds(
        series=doubling(),
        model="headline",
        draws=draws,
        t=t[now:],
        frontier=frontier,
        value=frontier,
        past=doubling().t,
        risen=doubling().y,
        pace=np.full(size, slope),
        standing=0.0,
        contraction=1.0,
        learnt="nothing",
    )
    return Worlds(draws=draws, indicators={"length": one})
