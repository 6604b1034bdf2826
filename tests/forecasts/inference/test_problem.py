"""The posterior that is fitted: standard units, options, densities against integrals, correlated errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest, norm

from forecasts.inference.errors import correlation_of, factorise, kernel
from forecasts.inference.likelihood import (
    Data,
    about_trend,
    below_frontier,
    draw_about_trend,
    draw_below_frontier,
)
from forecasts.inference.problem import ROWS, Options, dimension, pose
from forecasts.inference.scaling import scaling_for
from forecasts.ops import NUMPY
from forecasts.prior import PriorError
from forecasts.series import SeriesError, series
from forecasts.shapes import get_shape, shapes
from tests.forecasts.examples import (
    AS_OF,
    EVERY_SHAPE,
    INDEPENDENT,
    YEARLY,
    default_priors,
    doubling,
    indicator,
    measurement,
    prior,
)

LINE = get_shape("loglinear")


def data(value: float, *, low: float = 0.3, high: float = 0.8, side: float = 0.0, use: float = 1.0) -> Data:
    """One point as arrays."""
    return Data(
        value=np.array([value]),
        own_low=np.array([low]),
        own_high=np.array([high]),
        side=np.array([side]),
        use=np.array([use]),
    )


def trend_density(
    value: float, scatter: float, low: float = 0.3, high: float = 0.8, side: float = 0
) -> float:
    """Density (or probability, for a bound) of a reading when the trend is at 0."""
    point = data(value, low=low, high=high, side=side)
    return float(np.exp(about_trend(NUMPY, point, np.zeros(1), np.array([scatter])))[0])


def frontier_density(value: float, scatter: float, gap: float, side: float = 0) -> float:
    """The same when the frontier is at 0."""
    point = data(value, low=0.2, high=0.2, side=side)
    return float(np.exp(below_frontier(NUMPY, point, np.zeros(1), np.array([scatter]), np.array([gap])))[0])


@pytest.mark.parametrize(("scatter", "low", "high"), [(0.5, 0.3, 0.8), (0.05, 1.0, 0.1), (0.4, 0.0, 0.0)])
def test_the_density_about_a_trend_integrates_to_one(scatter: float, low: float, high: float) -> None:
    total, _ = quad(trend_density, -12, 12, args=(scatter, low, high), points=[-0.5, 0, 0.5], limit=300)
    assert total == pytest.approx(1.0, abs=1e-6)


def test_a_symmetric_error_adds_to_the_scatter_in_squares() -> None:
    for value in (-1.3, 0.0, 0.4, 2.0):
        assert trend_density(value, 0.5, 0.6, 0.6) == pytest.approx(
            norm.pdf(value, 0, np.hypot(0.5, 0.6)), rel=1e-3
        )


def test_an_asymmetric_error_is_the_convolution_of_a_split_normal() -> None:
    """A reading above the truth errs by the half towards lower truth."""
    low, high, scatter, reading = 0.3, 0.8, 0.5, 0.9

    def split(error: float) -> float:
        scale = low if error > 0 else high
        return 2 / (low + high) / np.sqrt(2 * np.pi) * np.exp(-0.5 * (error / scale) ** 2)

    expected, _ = quad(
        lambda truth: norm.pdf(truth, 0, scatter) * split(reading - truth), -8, 8, points=[0.9]
    )
    assert trend_density(reading, scatter, low, high) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("gap", [0.1, 1.0, 3.0])
def test_the_density_below_a_frontier_integrates_to_one_and_lies_below(gap: float) -> None:
    total, _ = quad(frontier_density, -80, 5, args=(0.3, gap), points=[-1, 0], limit=400)
    average, _ = quad(lambda y: y * frontier_density(y, 0.3, gap), -80, 5, points=[-1, 0], limit=400)
    assert total == pytest.approx(1.0, abs=1e-5)
    assert average == pytest.approx(-(gap + 0.02), abs=1e-3)


def test_bounds_contribute_the_probability_of_their_side() -> None:
    for value in (-2.0, 0.0, 1.1):
        at_least, at_most = (trend_density(value, 0.5, 0.6, 0.6, side) for side in (1, -1))
        assert at_least == pytest.approx(norm.sf(value, 0, np.hypot(0.5, 0.6)), rel=1e-3)
        assert at_least + at_most == pytest.approx(1.0)
        above, below = (frontier_density(value, 0.3, 1.0, side) for side in (1, -1))
        mass, _ = quad(frontier_density, value, 6, args=(0.3, 1.0), limit=300)
        assert above == pytest.approx(mass, rel=1e-5)
        assert above + below == pytest.approx(1.0)


def test_far_tails_stay_finite() -> None:
    for side in (-1.0, 0.0, 1.0):
        for value in (-500.0, 500.0):
            point = data(value, side=side)
            far = [
                about_trend(NUMPY, point, np.zeros(1), np.array([0.05])),
                below_frontier(NUMPY, point, np.zeros(1), np.array([0.05]), np.array([0.5])),
            ]
            assert np.isfinite(far).all()


def test_replicated_readings_have_the_density_that_is_fitted() -> None:
    rng, n = np.random.default_rng(1), 4000
    many, scatter = np.zeros((n, 1)), np.array([[0.5]])
    grid = np.linspace(-12, 8, 4001)

    def distribution(density: np.ndarray) -> np.ndarray:
        return np.cumsum(density) * (grid[1] - grid[0])

    trend = distribution(np.array([trend_density(y, 0.5) for y in grid]))
    drawn = draw_about_trend(rng, data(0.0), many, scatter)[:, 0]
    assert kstest(drawn, lambda y: np.interp(y, grid, trend)).pvalue > 0.01
    frontier = distribution(np.array([frontier_density(y, 0.5, 1.0) for y in grid]))
    drawn = draw_below_frontier(rng, data(0.0, low=0.2, high=0.2), many, scatter, np.array([[1.0]]))[:, 0]
    assert kstest(drawn, lambda y: np.interp(y, grid, frontier)).pvalue > 0.01


def test_a_doubling_is_the_unit_of_a_log2_series_and_the_median_its_origin() -> None:
    made = pose(LINE, doubling(), default_priors(), INDEPENDENT)
    assert made.scaling.unit == 1.0
    assert made.x[0] == pytest.approx([-1.5, -0.5, 0.5, 1.5])
    assert made.frame.reference == pytest.approx(np.median(doubling().t))
    assert made.frame.end == 1.25  # the quarter's end at or after 2025-01-01, which is 1.002 years
    assert made.scaling.link(made.scaling.standard(3.3)) == pytest.approx(3.3)


def test_derived_units_make_a_steady_pace_about_two_a_year() -> None:
    values = [measurement(v, on) for v, on in zip((10.0, 25.0, 40.0, 55.0), YEARLY, strict=True)]
    linear = series(indicator(scale="linear"), values, as_of=AS_OF)
    assert scaling_for(linear, {}).unit == pytest.approx(7.5, rel=1e-2)
    log10 = series(indicator(scale="log10"), values, as_of=AS_OF)
    assert scaling_for(log10, {}).unit == pytest.approx(np.log10(2))


def test_a_stated_scaling_is_taken_as_it_is() -> None:
    stated = {"length": {"origin": 8, "date": "2024-01-01", "unit": 2}}
    made = scaling_for(doubling(), stated)
    assert (made.origin, made.reference, made.unit) == (3.0, 0.0, 2.0)
    assert made == scaling_for(doubling(), {"length": {"origin": 8, "date": date(2024, 1, 1), "unit": 2}})


def test_default_options_follow_the_indicator_and_its_records() -> None:
    assert Options.for_series(doubling()) == INDEPENDENT
    assert Options.for_series(doubling(shared_tasks=True)).error == "correlated"
    assert Options.for_series(doubling(few_lag=False)).points == "all"
    falling = series(indicator(), [measurement(2.0**-i, on) for i, on in enumerate(YEARLY)], as_of=AS_OF)
    assert Options.for_series(falling).points == "all"


def test_too_few_records_are_refused_with_what_to_do() -> None:
    falling = series(indicator(), [measurement(2.0**-i, on) for i, on in enumerate(YEARLY)], as_of=AS_OF)
    with pytest.raises(SeriesError, match=r"only 1 of 4 systems set a record.*fit all systems"):
        pose(LINE, falling, default_priors(), INDEPENDENT)


def test_records_that_are_all_censored_are_refused() -> None:
    values = [measurement(1.0, date(2021, 1, 1), bound="at_most")]
    values += [measurement(2.0 ** (i + 1), on, bound="at_least") for i, on in enumerate(YEARLY)]
    values += [measurement(0.5, date(2025, 6, 1))]
    made = series(indicator(), values, as_of=AS_OF)
    assert Options.for_series(made).points == "all"
    with pytest.raises(SeriesError, match="every record is censored"):
        pose(LINE, made, default_priors(), INDEPENDENT)


def test_a_shape_without_priors_is_refused_by_name() -> None:
    bare = replace(default_priors(), shapes={})
    with pytest.raises(PriorError, match="no priors for loglinear"):
        pose(LINE, doubling(), bare, INDEPENDENT)


@EVERY_SHAPE
@pytest.mark.parametrize("points", ["frontier", "all"])
@pytest.mark.parametrize("error", ["independent", "correlated"])
def test_every_shape_poses_under_every_option(shape: object, points: str, error: str) -> None:
    known = next(s for s in shapes().values() if s is shape)
    options = Options(points=points, error=error)  # type: ignore[arg-type]  # the test's own spelling
    made = pose(known, doubling(), default_priors(), options)
    v = np.random.default_rng(2).standard_normal((7, made.size))
    assert made.size == dimension(known, options)
    assert ("gap" in made.names) == (points == "all")
    assert made.log_likelihood(v).shape == (7, 4)
    assert np.isfinite(made.log_posterior(v)).all()
    assert made.replicate(v, np.random.default_rng(3)).shape == (7, 4)
    assert made.log_posterior(v) == pytest.approx(made.log_likelihood(v).sum(1) - 0.5 * (v**2).sum(1))


def test_parameters_are_the_priors_quantiles() -> None:
    made = pose(LINE, doubling(), default_priors(), INDEPENDENT)
    v = np.array([[0.0, 0.0, 0.0], [1.0, 1.2815515655, -1.0]])
    read = made.parameters(v)
    assert made.names == ("level", "growth", "scatter")
    assert read["level"][:, 0] == pytest.approx([0.0, 2.0])
    growth = made.priors["growth"].frozen
    assert read["growth"][:, 0] == pytest.approx([growth.ppf(0.5), growth.ppf(0.9)], rel=1e-6)


def test_a_point_left_out_has_no_weight() -> None:
    made = pose(LINE, doubling(), default_priors(), INDEPENDENT)
    v = np.zeros((1, made.size))
    without = made.without(np.array([False, True, False, False])).log_likelihood(v)[0]
    whole = made.log_likelihood(v)[0]
    assert without[1] == 0.0
    assert without[[0, 2, 3]] == pytest.approx(whole[[0, 2, 3]])


def test_the_kernel_falls_with_the_distance_in_ability() -> None:
    y = np.array([0.0, 0.0, 3.03, 30.3])
    matrix = kernel(y, peak=0.85, length=3.03)
    assert np.diag(matrix) == pytest.approx(np.ones(4))
    assert matrix[0, 1:] == pytest.approx([0.85, 0.85 * np.exp(-1), 0.85 * np.exp(-10)])


def test_factors_reproduce_the_correlation() -> None:
    y = np.sort(np.random.default_rng(4).uniform(-9, 9, 40))
    wanted = kernel(y, peak=0.85, length=3.03)
    loadings, own = factorise(wanted)
    got = loadings @ loadings.T + np.diag(own**2)
    assert np.diag(got) == pytest.approx(np.ones(40))
    assert np.abs(got - wanted).max() < 0.07
    assert np.sqrt(np.mean((got - wanted) ** 2)) < 0.02
    assert (own > 0).all()
    independent, own = factorise(np.eye(5))
    assert own == pytest.approx(np.ones(5))
    assert independent @ independent.T == pytest.approx(np.zeros((5, 5)))


def test_a_covariance_matrix_replaces_kernel_and_intervals() -> None:
    covariance = 0.04 * (0.5 * np.eye(4) + 0.5)
    made = pose(LINE, doubling(), default_priors(), covariance=covariance)
    assert made.options.error == "correlated"
    assert made.x[4] == pytest.approx(np.full(4, 0.2))
    loadings = made.x[ROWS:].T
    got = 0.04 * loadings @ loadings.T + np.diag(made.x[2] ** 2)
    assert got == pytest.approx(covariance, abs=1e-3)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        (np.eye(3), r"is \(3, 3\), but 4 points are fitted"),
        (np.array([[1, 2, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]), "finite and symmetric"),
        (np.full((4, 4), np.nan), "finite and symmetric"),
        (np.diag([1.0, 1.0, 0.0, 1.0]), "variance of zero or less"),
        (np.ones((4, 4)) + np.diag([0.0, 0, 0, -0.5]), "not positive semi-definite"),
    ],
)
def test_a_matrix_that_is_no_covariance_is_refused(covariance: np.ndarray, words: str) -> None:
    with pytest.raises(SeriesError, match=words):
        pose(LINE, doubling(), default_priors(), covariance=covariance)


def test_a_covariance_scales_to_its_correlation() -> None:
    sd = np.array([1.0, 2.0, 3.0])
    correlation = np.array([[1, 0.5, 0.2], [0.5, 1, 0.1], [0.2, 0.1, 1]])
    assert correlation_of(correlation * np.outer(sd, sd), 3) == pytest.approx(correlation)


def test_a_prior_too_extreme_to_tabulate_is_refused_when_posed() -> None:
    wild = default_priors().with_prior("loglinear", "growth", prior("lognormal", 0.0, 900.0))
    with pytest.raises(PriorError, match="too extreme"):
        pose(LINE, doubling(), wild, INDEPENDENT)
