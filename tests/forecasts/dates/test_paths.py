"""Paths of the frontier: the grid, monotone rise, releases, the latent record, stall and discrepancy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import ks_2samp, norm

from forecasts.dates.paths import HORIZON, grid, latent_record, next_record, published_record, simulate
from forecasts.inference.fit import first_forecast
from forecasts.inference.problem import Options, pose
from forecasts.priors.sets import Settings
from forecasts.series import day, series, years
from forecasts.shapes import get_shape, shapes
from tests.forecasts.examples import (
    AS_OF,
    EVERY_SHAPE,
    INDEPENDENT,
    YEARLY,
    default_priors,
    doubling,
    fit_at,
    indicator,
    known_line,
    measurement,
    prior,
)


def settings(*, discrepancy: float = 0.0, stall: float = 0.0, rate: float | None = None) -> Settings:
    """The default settings without discrepancy and stall; `rate` systems a year, all but certain."""
    made = replace(default_priors().settings, discrepancy=discrepancy, stall_probability=stall)
    return made if rate is None else replace(made, release_rate=prior("gamma", rate * 1e6, 1e6))


def test_the_grid_runs_by_months_from_the_last_measurement_to_the_horizon() -> None:
    t, now = grid(years(date(2025, 11, 20)), date(2026, 1, 15), date(2026, 4, 10))
    assert [day(float(x)) for x in t] == [
        date(2025, 11, 20),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 1, 15),
        date(2026, 2, 1),
        date(2026, 3, 1),
        date(2026, 4, 1),
        date(2026, 4, 10),
    ]
    assert day(float(t[now])) == date(2026, 1, 15)


def test_far_ahead_the_grid_runs_by_quarters() -> None:
    t, _ = grid(years(date(2025, 11, 20)), date(2026, 1, 15), date(2036, 5, 10))
    ahead = [day(float(x)) for x in t]
    assert ahead[-13:] == [
        date(2033, 11, 1),
        date(2033, 12, 1),
        date(2034, 1, 1),
        date(2034, 4, 1),
        date(2034, 7, 1),
        date(2034, 10, 1),
        *(date(2035, month, 1) for month in (1, 4, 7, 10)),
        date(2036, 1, 1),
        date(2036, 4, 1),
        date(2036, 5, 10),
    ]


@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2025, 11, 20), date(2026, 1, 31)])
def test_the_as_of_day_is_on_the_grid_once(as_of: date) -> None:
    t, now = grid(years(date(2025, 11, 20)), as_of)
    assert (np.diff(t) > 0).all()
    assert t[now] == years(as_of)
    assert t[-1] == years(HORIZON)


def test_without_doubt_the_frontier_is_the_line() -> None:
    paths = simulate(known_line(), settings(rate=100.0), as_of=AS_OF, seed=1)
    frontier = paths.in_link(paths.frontier)
    # Links are doublings: 3 at 2024-01-01 and one a year; a release each few days keeps up with it.
    assert frontier == pytest.approx(np.broadcast_to(3 + paths.t, frontier.shape), abs=0.15)
    trend = paths.in_link(paths.trend)
    assert trend == pytest.approx(np.broadcast_to(3 + paths.t, trend.shape), abs=1e-5)
    past = paths.in_link(paths.past)
    assert past == pytest.approx(np.broadcast_to(3 + paths.past_t, past.shape), abs=1e-5)


@EVERY_SHAPE
def test_under_every_shape_the_frontier_never_falls_and_is_reproducible(shape: object) -> None:
    known = next(s for s in shapes().values() if s is shape)
    fit = first_forecast(known, doubling(), default_priors(), seed=1, options=INDEPENDENT, draws=400)
    given = default_priors().settings
    paths = simulate(fit, given, as_of=AS_OF, seed=2)
    assert np.isfinite(paths.frontier).all()
    assert (np.diff(paths.frontier, axis=1) >= 0).all()
    again = simulate(fit, given, as_of=AS_OF, seed=2)
    assert (paths.frontier == again.frontier).all()
    assert not (paths.frontier == simulate(fit, given, as_of=AS_OF, seed=3).frontier).all()


def test_a_stalled_branch_stays_at_its_record_for_ever() -> None:
    fit = known_line(draws=8000)
    paths = simulate(fit, settings(stall=0.2, rate=20.0), as_of=AS_OF, seed=4)
    still = paths.frontier[:, -1] == paths.frontier[:, 0]
    assert still.mean() == pytest.approx(0.2, abs=0.015)
    assert (np.ptp(paths.frontier[still], axis=1) == 0).all()


def test_discrepancy_widens_with_the_square_root_of_time() -> None:
    paths = simulate(known_line(draws=8000), settings(discrepancy=0.7), as_of=AS_OF, seed=5)
    ahead = paths.t - paths.t[0]
    spread = paths.trend.std(axis=0)
    assert spread[0] == pytest.approx(0.0, abs=1e-6)
    assert spread == pytest.approx(0.7 * np.sqrt(ahead), rel=0.04, abs=1e-6)


def test_more_releases_reach_further_above_the_trend() -> None:
    """The best of n systems lies at the 1 / n tail of their scatter: E max of 12 is 1.63."""
    fit = known_line(draws=4000, scatter=1.0)
    after = 1 + int(np.flatnonzero(simulate(fit, settings(), as_of=AS_OF, seed=6).t > 1.1)[0])
    rise = {}
    for rate in (1.0, 12.0, 144.0):
        paths = simulate(fit, settings(rate=rate), as_of=AS_OF, seed=6)
        rise[rate] = float(np.median(paths.frontier[:, after + 60] - paths.trend[:, after + 60]))
    assert rise[1.0] < rise[12.0] < rise[144.0]
    assert rise[144.0] == pytest.approx(norm.ppf(1 - 1 / 144), abs=0.6)


@pytest.mark.parametrize("gap", [None, 0.7])
def test_the_best_release_is_the_best_of_all_that_come(gap: float | None) -> None:
    """Against every release drawn one by one: how often there is none, and how good the best is."""
    rate, scatter, draws = 5.0, 0.4, 20_000
    priors = default_priors()
    for name, value in (("scatter", scatter), ("gap", gap or 1.0)):
        priors = priors.with_prior("loglinear", name, prior("lognormal", float(np.log(value)), 1e-6))
    options = Options(points="frontier" if gap is None else "all", error="independent")
    problem = pose(get_shape("loglinear"), doubling(), priors, options)
    fit = fit_at(problem, np.zeros((draws, problem.size)))
    paths = simulate(fit, settings(rate=rate), as_of=AS_OF, seed=3)
    at = int(np.flatnonzero((paths.t > 4.0) & (paths.t < 5.0))[0])
    found = (paths.best - paths.trend)[:, at]

    rng = np.random.default_rng(4)
    expected = []
    for count in rng.poisson(rate * (paths.t[at] - paths.t[at - 1]), draws):
        releases = scatter * rng.standard_normal(count) - (gap or 0.0) * rng.exponential(size=count)
        expected.append(max(releases, default=-np.inf))
    one_by_one = np.array(expected)
    assert np.isfinite(found).mean() == pytest.approx(np.isfinite(one_by_one).mean(), abs=0.015)
    assert ks_2samp(found[np.isfinite(found)], one_by_one[np.isfinite(one_by_one)]).pvalue > 0.001


def test_the_frontier_waits_for_releases() -> None:
    """Gamma(a, b) with four systems in three years is Gamma(a + 4, b + 3): five in a billion years here."""
    rare = replace(settings(), release_rate=prior("gamma", 1.0, 1e9))
    paths = simulate(known_line(draws=500), rare, as_of=AS_OF, seed=8)
    assert (paths.frontier[:, -1] == paths.frontier[:, 0]).all()
    assert (paths.trend[:, -1] > paths.trend[:, 0] + 20).all()


def test_the_latent_record_shrinks_a_lucky_reading_towards_the_trend() -> None:
    values = [
        measurement(2.0 ** (i + 1), on, low=2.0**i, high=2.0 ** (i + 2), interval=0.95)
        for i, on in enumerate(YEARLY)
    ]
    lucky = measurement(2.0**6, date(2025, 6, 1), low=2.0**4, high=2.0**8, interval=0.95)
    points = series(indicator(), [*values, lucky], as_of=AS_OF)
    priors = default_priors()
    for name, given in (
        ("level", prior("normal", -0.5, 1e-9)),
        ("growth", prior("normal", 1.0, 1e-9)),
        ("scatter", prior("lognormal", float(np.log(0.3)), 1e-6)),
    ):
        priors = priors.with_prior("loglinear", name, given)
    problem = pose(get_shape("loglinear"), points, priors, INDEPENDENT)
    fit = fit_at(problem, np.zeros((40_000, problem.size)))
    record = latent_record(fit, np.random.default_rng(9)) + problem.scaling.origin
    error, trend = (
        2 / norm.ppf(0.975),
        problem.scaling.origin - 0.5 + (points.t[-1] - problem.scaling.reference),
    )
    share = 0.3**2 / (0.3**2 + error**2)
    assert record.mean() == pytest.approx(trend + share * (6 - trend), abs=0.08)
    assert record.std() < 0.3
    assert record.mean() < 5.0


def test_exact_readings_are_their_own_record() -> None:
    fit = known_line(draws=100, scatter=0.5)
    assert latent_record(fit, np.random.default_rng(1)) == pytest.approx(np.full(100, 1.5), abs=1e-4)


@pytest.mark.parametrize("scatter", [0.2, 1.0])
def test_a_censored_record_lies_beyond_its_bound(scatter: float) -> None:
    values = [measurement(2.0 ** (i + 1), on) for i, on in enumerate(YEARLY)]
    points = series(indicator(reliable_max=10.0), values, as_of=AS_OF)
    priors = default_priors().with_prior(
        "loglinear", "scatter", prior("lognormal", float(np.log(scatter)), 1e-6)
    )
    fit = first_forecast(get_shape("loglinear"), points, priors, seed=1, options=INDEPENDENT, draws=2000)
    record = latent_record(fit, np.random.default_rng(2))
    cut = fit.problem.scaling.standard(np.log2(10.0))
    assert (record >= cut - 1e-6).all()
    assert record.std() > 0.05


def test_recent_releases_say_how_often_one_comes() -> None:
    """Four systems in twenty years, then ten in the last: the frontier rises about ten times a year."""
    old = [measurement(2.0 ** (0.1 * i), date(2000 + 5 * i, 1, 1)) for i in range(4)]
    new = [measurement(2.0 ** (3 + i), date(2025, 1 + i, 1)) for i in range(10)]
    points = series(indicator(), [*old, *new], as_of=AS_OF)
    fit = first_forecast(
        get_shape("loglinear"), points, default_priors(), seed=1, options=INDEPENDENT, draws=500
    )
    paths = simulate(fit, default_priors().settings, as_of=AS_OF, seed=1)
    ahead = (paths.t > paths.t[paths.now]) & (paths.t < paths.t[paths.now] + 5)
    with_release = np.isfinite(paths.best[:, ahead]).mean() * 12
    rate = (6 + 10) / (1 + 2)
    assert with_release == pytest.approx(12 * (1 - np.exp(-rate / 12)), rel=0.2)


def test_the_next_record_is_one_and_the_published_record_never_falls() -> None:
    fit = first_forecast(
        get_shape("loglinear"), doubling(), default_priors(), seed=1, options=INDEPENDENT, draws=2000
    )
    paths = simulate(fit, default_priors().settings, as_of=AS_OF, seed=1)
    rng = np.random.default_rng(1)
    at = paths.now + 6
    chosen, truth = next_record(paths, at, rng)
    assert (truth > paths.frontier[chosen, at - 1] - 1e-6).all()
    record = published_record(paths, 48, rng)
    assert (np.diff(record, axis=1) >= 0).all()
    assert (record[:, 0] >= fit.problem.x[0].max() - 1e-9).all()
    # Errors are symmetric, but the luckiest reading wins: what is published runs ahead of what is true.
    assert np.median(record[:, -1]) >= np.median(paths.frontier[:, 47])
