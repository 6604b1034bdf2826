"""The map to a posterior: closed forms, its Jacobian, and the funnel that it takes away."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from forecasts.inference.laplace import approximate
from forecasts.inference.problem import Options, Problem, pose
from forecasts.inference.transport import (
    Transport,
    carried,
    carry,
    followed,
    for_sampler,
    given_scales,
    nowhere,
    scales_of,
    transport_to,
)
from forecasts.ops import NUMPY
from forecasts.prior import Prior
from forecasts.priors.reweight import MIN_EFFECTIVE
from forecasts.series import Series, series
from forecasts.shapes import Shape, get_shape, shapes
from tests.forecasts.examples import (
    AS_OF,
    EVERY_SHAPE,
    INDEPENDENT,
    conjugate_posterior,
    conjugate_priors,
    default_priors,
    doubling,
    indicator,
    measurement,
    prior,
)

LINE, WALK = get_shape("loglinear"), get_shape("local_trend")
ALL = Options(points="all", error="correlated")


def scattered(points: int = 12) -> Series:
    """Doublings about twice a year, half a doubling off now and then, with intervals a factor of two wide."""
    rng = np.random.default_rng(11)
    return series(
        indicator(),
        [
            measurement(
                2.0**y,
                date(2023, 1, 1) + timedelta(days=100 * i),
                low=2.0**y / 1.5,
                high=2.0**y * 2,
                interval=0.9,
            )
            for i, y in enumerate(
                np.maximum.accumulate(0.55 * np.arange(points) + 0.3 * rng.standard_normal(points))
            )
        ],
        as_of=AS_OF,
    )


def posed(shape: Shape, options: Options = INDEPENDENT) -> Problem:
    return pose(shape, scattered(), default_priors(), options)


def test_given_the_scatter_a_line_has_the_conjugate_posterior() -> None:
    problem = pose(LINE, doubling(), conjugate_priors(), INDEPENDENT)
    (mean, covariance), prior_scale = conjugate_posterior(), np.array([1.0, 0.5])
    nodes = given_scales(problem, np.zeros((1, 1)))
    (which,) = scales_of(LINE, INDEPENDENT)
    at = problem.parameters(np.insert(nodes.at, which, 0.0, axis=1))
    assert [at["level"][0, 0], at["growth"][0, 0]] == pytest.approx(list(mean), abs=1e-4)
    root = nodes.root[0, :2] * prior_scale[:, None]
    assert root @ root.T == pytest.approx(covariance, rel=1e-3, abs=1e-6)


@EVERY_SHAPE
@pytest.mark.parametrize("error", ["independent", "correlated"])
def test_given_the_scales_nothing_near_the_mode_is_higher(shape: Shape, error: str) -> None:
    problem = posed(shape, Options(points="frontier", error=error))  # type: ignore[arg-type]  # the test's own spelling
    which = list(scales_of(shape, problem.options))
    nodes = given_scales(problem, np.zeros((1, len(which))))
    others = [i for i in range(problem.size) if i not in which]
    v = np.zeros((200, problem.size))
    v[:, others] = nodes.at + 0.05 * np.random.default_rng(1).standard_normal((200, len(others)))
    top = np.zeros((1, problem.size))
    top[:, others] = nodes.at
    assert (problem.log_posterior(v) <= problem.log_posterior(top) + 1e-3).all()


@EVERY_SHAPE
@pytest.mark.parametrize("options", [INDEPENDENT, ALL], ids=["frontier", "all"])
def test_the_jacobian_is_that_of_the_map(shape: Shape, options: Options) -> None:
    problem = posed(shape, options)
    transport, step = transport_to(problem), 1e-5

    def log_volume(w: np.ndarray) -> float:
        around = w + step * np.concatenate([np.eye(len(w)), -np.eye(len(w))])
        v, _ = carried(problem, transport, around)
        slopes = (v[: len(w)] - v[len(w) :]) / (2 * step)
        return float(np.linalg.slogdet(slopes)[1])

    places = np.random.default_rng(3).standard_normal((4, problem.size))
    _, jacobian = carried(problem, transport, places)
    volumes = np.array([log_volume(w) for w in places])
    assert volumes - jacobian == pytest.approx(np.full(4, volumes[0] - jacobian[0]), abs=1e-4)


@pytest.mark.parametrize("options", [INDEPENDENT, ALL], ids=["frontier", "all"])
def test_the_map_to_nowhere_leaves_everything_where_it_is(options: Options) -> None:
    problem = posed(WALK, options)
    w = np.random.default_rng(4).standard_normal((5, problem.size))
    for which in (followed(WALK, options), ()):
        v, jacobian = carry(NUMPY, which, w, nowhere(which, problem.size).arrays, problem.size)
        first = [
            *which,
            *(i for i in range(problem.size) if i not in which),
        ]  # the scales, when there are some
        assert v[:, first] == pytest.approx(w)
        assert np.max(np.abs(jacobian)) == 0


def test_the_walk_is_followed_by_its_scales_and_other_shapes_get_a_straight_map() -> None:
    assert isinstance(for_sampler(posed(WALK)), Transport)
    assert followed(WALK, ALL) == scales_of(WALK, ALL)
    for shape in shapes().values():
        if not shape.steps:
            problem = posed(shape)
            straight = for_sampler(problem)
            v, _ = carried(
                problem, straight, np.random.default_rng(5).standard_normal((20_000, problem.size))
            )
            found = approximate(problem, transport_to(problem), seed=1, draws=4000)
            assert v.mean(axis=0) == pytest.approx(found.v.mean(axis=0), abs=0.35)


@EVERY_SHAPE
def test_the_map_is_near_enough_to_weigh_by(shape: Shape) -> None:
    """The walk above all: about one mode for all scales, a handful of 20,000 draws counted."""
    problem = posed(shape, Options(points="frontier", error="correlated"))
    found = approximate(problem, transport_to(problem), seed=1, draws=500)
    assert found.pareto_k < 0.8
    assert found.effective > MIN_EFFECTIVE


@pytest.mark.parametrize("scatter", [prior("lognormal", 2.0, 0.3)])
def test_the_map_reaches_scales_far_from_where_the_prior_expects_them(scatter: Prior) -> None:
    """The data put the scatter three prior standard deviations off, beyond where the search begins."""
    priors = default_priors().with_prior(LINE.name, "scatter", scatter)
    problem = pose(LINE, scattered(), priors, INDEPENDENT)
    found = approximate(problem, transport_to(problem), seed=1, draws=500)
    assert abs(found.v[:, list(scales_of(LINE, INDEPENDENT))].mean()) > 2.5
    assert found.pareto_k < 0.7
    assert found.effective > MIN_EFFECTIVE


def test_the_same_problem_has_the_same_map() -> None:
    first, again = (for_sampler(posed(WALK)).arrays for _ in range(2))
    assert all((first[name] == again[name]).all() for name in first)


@EVERY_SHAPE
@pytest.mark.parametrize("points", ["frontier", "all"])
def test_readings_that_no_prior_expects_still_have_a_map(shape: Shape, points: str) -> None:
    """A reading a million times too high, a spike of certainty, a bound that all others contradict."""
    odd = [
        measurement(2.0**20, date(2023, 1, 1), low=2.0**20, high=2.0**20, interval=0.9),
        measurement(2.0**20 * 1.01, date(2023, 6, 1)),
        measurement(2.0**60, date(2024, 1, 1)),
        measurement(2.0**61, date(2024, 6, 1), low=2.0**10, high=2.0**61.1, interval=0.9),
        measurement(2.0**62, date(2025, 1, 1), bound="at_most"),
    ]
    options = Options(points=points, error="correlated")  # type: ignore[arg-type]  # the test's own spelling
    problem = pose(shape, series(indicator(), odd, as_of=AS_OF), default_priors(), options)
    assert all(np.isfinite(array).all() for array in for_sampler(problem).arrays.values())
    assert np.isfinite(approximate(problem, transport_to(problem), seed=1, draws=100).v).all()
