"""Crossing dates: first passage against the algebra, levels, quantiles, stall and mixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import norm

from forecasts.dates.crossing import Crossing, cross, first_passage, level_draws, mix
from forecasts.dates.paths import HORIZON, MONTHLY, Paths, simulate
from forecasts.series import SeriesError, day, series, years
from forecasts.shapes import get_shape
from tests.forecasts.examples import (
    AS_OF,
    INDEPENDENT,
    YEARLY,
    criterion,
    default_priors,
    fit_at,
    indicator,
    known_line,
    measurement,
    prior,
)

MONTH = 32 / 365.25


def line(*, growth: float = 1.0, draws: int = 200, stall: float = 0.0) -> Paths:
    """The frontier that follows log2 = 3 + growth (t - 2024-01-01), with a release every few hours."""
    settings = replace(
        default_priors().settings,
        discrepancy=0.0,
        stall_probability=stall,
        release_rate=prior("gamma", 2000 * 1e6, 1e6),
    )
    return simulate(known_line(growth=growth, draws=draws), settings, as_of=AS_OF, seed=1)


def given(*times: float, weights: tuple[float, ...] | None = None) -> Crossing:
    """A crossing whose draws are written out."""
    weight = np.array(weights) if weights else np.full(len(times), 1 / len(times))
    return Crossing(time=np.array(times), weight=weight, as_of=AS_OF)


@pytest.mark.parametrize("growth", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("doublings", [8.0, 9.3, 11.0])
def test_a_line_passes_a_level_when_the_algebra_says(growth: float, doublings: float) -> None:
    expected = (doublings - 3) / growth
    step = MONTH if expected < years(AS_OF) + MONTHLY - 1 else 3 * MONTH
    made = cross(line(growth=growth), criterion(2.0**doublings), as_of=AS_OF, seed=2)
    assert (np.abs(made.time - expected) < step).all()
    found = made.quantile(0.5)
    assert found is not None
    assert abs(found - day(expected)) <= timedelta(days=365.25 * step)
    assert made.p_by(day(expected - 2 * step)) == 0.0
    assert made.p_by(day(expected + 2 * step)) == pytest.approx(1.0)


def test_within_its_month_a_crossing_is_spread_evenly() -> None:
    made = cross(line(draws=4000), criterion(2.0**7), as_of=AS_OF, seed=3)
    inside = made.time - made.time.min()
    assert np.ptp(made.time) == pytest.approx(1 / 12, abs=0.01)
    assert np.mean(inside / np.ptp(made.time)) == pytest.approx(0.5, abs=0.03)


def test_a_level_never_reached_is_infinitely_far_and_beyond_the_horizon() -> None:
    made = cross(line(), criterion(2.0**50), as_of=AS_OF, seed=2)
    assert np.isinf(made.time).all()
    assert made.p_beyond == pytest.approx(1.0)
    assert made.p_by(HORIZON) == 0.0
    assert made.quantile(0.5) is None


def test_a_level_already_passed_has_probability_one_now() -> None:
    made = cross(line(), criterion(2.0), as_of=AS_OF, seed=2)
    assert (made.time == -np.inf).all()
    assert made.p_by(AS_OF) == pytest.approx(1.0)
    assert made.p_beyond == 0.0
    assert made.quantile(0.1) == made.quantile(0.9) == AS_OF


def test_passed_between_the_last_measurement_and_the_as_of_day_counts_as_now() -> None:
    made = cross(line(), criterion(2.0**4.5), as_of=AS_OF, seed=2)
    assert np.isfinite(made.time).all()
    assert made.p_by(AS_OF) == pytest.approx(1.0)
    assert made.p_by(date(2025, 3, 1)) == 0.0
    assert made.quantile(0.5) == AS_OF


def test_the_stall_probability_is_mass_beyond_the_horizon() -> None:
    made = cross(line(draws=6000, stall=0.15), criterion(2.0**8), as_of=AS_OF, seed=4)
    assert made.p_beyond == pytest.approx(0.15, abs=0.015)
    assert made.p_by(HORIZON) + made.p_beyond == pytest.approx(1.0)
    assert made.quantile(0.9) is None
    assert made.quantile(0.8) is not None


def test_an_uncertain_level_spreads_the_date_and_its_gap_only_delays() -> None:
    paths = line(draws=6000)
    exact = cross(paths, criterion(2.0**10), as_of=AS_OF, seed=5)
    fuzzy = cross(paths, criterion(2.0**10, level_sd=1.5), as_of=AS_OF, seed=5)
    later = cross(paths, criterion(2.0**10, gap=2.0), as_of=AS_OF, seed=5)
    # One doubling a year: a standard deviation in doublings is one in years.
    assert fuzzy.time.std() == pytest.approx(1.5, rel=0.05)
    assert np.median(later.time) - np.median(exact.time) == pytest.approx(2.0, abs=MONTH)


def test_a_gap_is_never_negative() -> None:
    level = level_draws(line(draws=6000), criterion(2.0**10, gap=0.0, gap_sd=1.0), seed=6)
    exact = level_draws(line(draws=1), criterion(2.0**10), seed=6)[0]
    assert level.min() == exact
    assert (level == exact).mean() == pytest.approx(0.5, abs=0.02)
    assert level.mean() - exact == pytest.approx(norm.pdf(0), abs=0.02)


def test_levels_are_the_same_for_every_shape_and_criterion() -> None:
    one, two = line(growth=1.0), line(growth=2.0)
    wide = criterion(2.0**10, level_sd=1.0)
    assert level_draws(one, wide, seed=7) == pytest.approx(level_draws(two, wide, seed=7))
    other = criterion(2.0**10, level_sd=1.0, id="other")
    assert level_draws(one, other, seed=7) == pytest.approx(level_draws(one, wide, seed=7))


def test_a_level_without_place_on_the_scale_is_refused() -> None:
    with pytest.raises(SeriesError, match="no place on a log2 scale"):
        level_draws(line(), criterion(0.0), seed=8)


def test_lower_is_more_is_crossed_from_above() -> None:
    """Cost halves every year from 16; 1/4 is reached six years after the first measurement."""
    points = series(
        indicator(direction="lower"),
        [measurement(2.0 ** (4 - i), on) for i, on in enumerate(YEARLY)],
        as_of=AS_OF,
    )
    from forecasts.inference.problem import pose

    priors = default_priors()
    for name, mean in (("level", 0.0), ("growth", 1.0)):
        priors = priors.with_prior("loglinear", name, prior("normal", mean, 1e-9))
    priors = priors.with_prior("loglinear", "scatter", prior("lognormal", -16.0, 1e-6))
    problem = pose(get_shape("loglinear"), points, priors, INDEPENDENT)
    settings = replace(
        priors.settings, discrepancy=0.0, stall_probability=0.0, release_rate=prior("gamma", 2000 * 1e6, 1e6)
    )
    paths = simulate(fit_at(problem, np.zeros((50, problem.size))), settings, as_of=AS_OF, seed=1)
    made = cross(paths, criterion(0.25), as_of=AS_OF, seed=2)
    assert made.time == pytest.approx(np.full(50, 4.0), abs=MONTH + 0.01)
    assert cross(paths, criterion(8.0), as_of=AS_OF, seed=2).p_by(AS_OF) == pytest.approx(1.0)


def test_quantiles_are_the_inverse_of_probabilities() -> None:
    times = years(AS_OF) + np.linspace(0.1, 10, 400)
    made = given(*times)
    for q in (0.1, 0.25, 0.5, 0.75, 0.9):
        found = made.quantile(q)
        assert found is not None
        assert made.p_by(found + timedelta(days=1)) >= q - 1e-9
        assert made.p_by(found - timedelta(days=10)) < q


def test_quantiles_follow_the_weights() -> None:
    near, far = years(date(2027, 1, 1)), years(date(2030, 1, 1))
    made = given(near, far, np.inf, weights=(0.2, 0.5, 0.3))
    assert [made.quantile(q) for q in (0.1, 0.2, 0.21, 0.7)] == [
        date(2027, 1, 1),
        date(2027, 1, 1),
        date(2030, 1, 1),
        date(2030, 1, 1),
    ]
    assert made.quantile(0.71) is None
    assert made.p_beyond == pytest.approx(0.3)


def test_a_mixture_weighs_its_parts() -> None:
    early, late = given(years(date(2027, 1, 1))), given(years(date(2035, 1, 1)), np.inf)
    made = mix([(early, 3.0), (late, 1.0)])
    assert made.weight.sum() == pytest.approx(1.0)
    assert made.p_by(date(2028, 1, 1)) == pytest.approx(0.75)
    assert made.p_by(date(2040, 1, 1)) == pytest.approx(0.875)
    assert made.p_beyond == pytest.approx(0.125)
    assert made.as_of == AS_OF


def test_a_part_of_weight_zero_says_nothing_and_a_mixture_of_itself_is_itself() -> None:
    early, late = given(years(date(2027, 1, 1))), given(np.inf)
    assert mix([(early, 1.0), (late, 0.0)]).p_beyond == 0.0
    half = mix([(early, 0.5), (early, 0.5)])
    assert half.quantile(0.5) == early.quantile(0.5)


@pytest.mark.parametrize("weights", [(), (0.0,), (0.0, 0.0)])
def test_a_mixture_of_nothing_is_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="at least one part"):
        mix([(given(1.0), weight) for weight in weights])


def test_first_passage_takes_a_level_for_each_draw() -> None:
    paths = line(draws=3)
    standard = paths.fit.problem.scaling.standard
    time = first_passage(paths, np.array([standard(0.0), standard(7.0), standard(500.0)]), seed=1)
    assert time[0] == -np.inf
    assert time[1] == pytest.approx(4.0, abs=MONTH)
    assert time[2] == np.inf
