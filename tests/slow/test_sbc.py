"""Simulation-based calibration of every shape: truths drawn from the prior are recovered with uniform ranks.

Talts, Betancourt, Simpson, Vehtari and Gelman, arXiv 1804.06788. Truth ~ prior, readings ~ likelihood at the
truth, draws ~ posterior given the readings: then the rank of the truth among independent draws is uniform
for every quantity, whatever the series' size. One model is compiled for each shape and used for all its
simulations. Seeds are fixed, so the verdicts are the same each time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import chisquare

from forecasts.inference.fit import Engine
from forecasts.inference.problem import Options, Problem, pose
from forecasts.ops import NUMPY
from forecasts.priors.sets import Priors
from forecasts.series import Series, years
from forecasts.shapes import Shape, get_shape
from tests.forecasts.examples import EVERY_SHAPE, default_priors, indicator

pytestmark = pytest.mark.slow

SIMULATIONS = 72
DRAWS, CHAINS, THIN = 150, 2, 6  # of 300 draws every sixth is kept: 50 nearly independent ones
BINS = 6
LIMIT = 0.001


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Each model is compiled once for all tests of this file."""
    return Engine()


def design(n: int = 9) -> Series:
    """Readings to be simulated: nine systems over four years, errors wider above than below, one a bound.

    Every point counts as a record: whether it is one must not depend on what is simulated.
    """
    days = tuple(date(2022, 2, 1) + timedelta(days=170 * i) for i in range(n))
    side = np.zeros(n, dtype=int)
    low, high = np.linspace(0.6, 0.1, n), np.linspace(0.9, 0.3, n)
    side[-1], low[-1], high[-1] = 1, 0.2, 0.2
    return Series(
        indicator=indicator(few_lag=True),
        as_of=date(2026, 6, 1),
        names=tuple(f"s{i}" for i in range(n)),
        days=days,
        vintages=("1",) * n,
        t=np.array([years(d) for d in days]),
        y=np.arange(n, dtype=float),
        s_low=low,
        s_high=high,
        side=side,
        frontier=np.ones(n, dtype=bool),
    )


def priors() -> Priors:
    """The default priors, with units stated so that they do not depend on what is simulated."""
    made = default_priors()
    stated = {"length": {"origin": 8, "date": "2024-01-01", "unit": 1}}
    return replace(made, settings=replace(made.settings, scaling=stated))


def posed(shape: Shape, options: Options, covariance: np.ndarray | None = None) -> Problem:
    return pose(shape, design(), priors(), options, covariance=covariance)


def simulated(problem: Problem, truth: np.ndarray, rng: np.random.Generator) -> Problem:
    """The problem with readings drawn at `truth` (1, size); the last reading tells only its side of a bound."""
    x = problem.x.copy()
    x[0] = problem.replicate(truth, rng)[0]
    bound = x[6] != 0
    # The instrument ends half a unit from the typical prior curve: the simulated reading says on which side.
    ends = problem.x[0][bound]
    x[6, bound] = np.where(x[0][bound] > ends, 1.0, -1.0)
    x[0, bound] = ends
    return replace(problem, x=x)


def quantities(problem: Problem, v: np.ndarray) -> np.ndarray:
    """What is ranked: every named parameter, and the curve at the first and last date; (draws, quantities)."""
    p = problem.parameters(v)
    curve = np.asarray(problem.shape.mean(NUMPY, p, problem.x[1][[0, -1]], problem.frame))
    return np.concatenate([*(p[name] for name in problem.names), curve], axis=1)


def ranks(engine: Engine, problem: Problem, seed: int) -> np.ndarray:
    """Ranks (simulations, quantities) of the truth among the kept draws, 0 to their number."""
    rng = np.random.default_rng([seed, *problem.shape.name.encode()])
    found = []
    for i in range(SIMULATIONS):
        truth = rng.standard_normal((1, problem.size))
        made = simulated(problem, truth, rng)
        fit = engine.sample(made, seed=1000 * seed + i, draws=DRAWS, chains=CHAINS)
        kept = quantities(made, fit.v[:, ::THIN].reshape(-1, problem.size))
        found.append((kept < quantities(made, truth)).sum(axis=0))
    return np.array(found)


def assert_uniform(problem: Problem, found: np.ndarray) -> None:
    most = CHAINS * (DRAWS // THIN)
    for name, column in zip((*problem.names, "first", "last"), found.T, strict=True):
        # Ranks 0..50 are 51 values for 6 bins: each bin's share is what it holds of them.
        edges = np.linspace(-0.5, most + 0.5, BINS + 1)
        counts, _ = np.histogram(column, edges)
        held, _ = np.histogram(np.arange(most + 1), edges)
        p = float(chisquare(counts, held / held.sum() * len(column)).pvalue)
        assert p > LIMIT, f"{problem.shape.name} {name}: ranks {counts.tolist()}, p = {p:.2g}"


@EVERY_SHAPE
def test_ranks_are_uniform(engine: Engine, shape: Shape) -> None:
    problem = posed(shape, Options(points="frontier", error="independent"))
    assert_uniform(problem, ranks(engine, problem, seed=1))


def test_ranks_are_uniform_for_all_systems_below_a_frontier(engine: Engine) -> None:
    problem = posed(get_shape("loglinear"), Options(points="all", error="independent"))
    assert_uniform(problem, ranks(engine, problem, seed=2))


def test_ranks_are_uniform_when_errors_are_shared(engine: Engine) -> None:
    covariance = 0.25 * (0.3 * np.eye(9) + 0.7)
    problem = posed(get_shape("loglinear"), Options(), covariance)
    assert_uniform(problem, ranks(engine, problem, seed=3))


def test_a_wrong_posterior_is_noticed(engine: Engine) -> None:
    """The same ranks with half the truth's spread are rejected, so that uniformity says something."""
    problem = posed(get_shape("loglinear"), Options(points="frontier", error="independent"))
    narrow = (ranks(engine, problem, seed=4) // 2) + 12
    with pytest.raises(AssertionError, match="loglinear level"):
        assert_uniform(problem, narrow)
