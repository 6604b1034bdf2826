"""The forecast without compiling: importance weights against closed forms, and reweighting to other priors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, norm

from forecasts.inference.fit import first_forecast
from forecasts.inference.laplace import approximate
from forecasts.inference.problem import pose
from forecasts.inference.transport import transport_to
from forecasts.priors.reweight import effective_draws, resample, smooth, to_priors
from forecasts.series import series
from forecasts.shapes import get_shape
from tests.forecasts.examples import (
    AS_OF,
    INDEPENDENT,
    YEARLY,
    conjugate_posterior,
    conjugate_priors,
    default_priors,
    doubling,
    indicator,
    measurement,
    prior,
)

LINE = get_shape("loglinear")


def test_the_first_forecast_draws_the_conjugate_posterior() -> None:
    fit = first_forecast(LINE, doubling(), conjugate_priors(), seed=1, options=INDEPENDENT, draws=16_000)
    mean, covariance = conjugate_posterior()
    assert fit.method == "laplace"
    assert fit.pareto_k is not None
    assert fit.pareto_k < 0.5
    for i, name in enumerate(("level", "growth")):
        expected = norm(mean[i], np.sqrt(covariance[i, i]))
        assert fit.draws[name].shape == (1, 16_000)
        assert kstest(np.unique(fit.draws[name]), expected.cdf).statistic < 0.04
        assert np.quantile(fit.draws[name], [0.1, 0.5, 0.9]) == pytest.approx(
            expected.ppf([0.1, 0.5, 0.9]),
            abs=0.05 * expected.std(),
        )


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    first, again, other = (
        first_forecast(LINE, doubling(), default_priors(), seed=seed, options=INDEPENDENT).v
        for seed in (5, 5, 6)
    )
    assert (first == again).all()
    assert not (first == other).all()


def test_approximate_says_how_far_to_trust_it() -> None:
    problem = pose(LINE, doubling(), default_priors(), INDEPENDENT)
    near = approximate(problem, transport_to(problem), seed=1, draws=500)
    assert near.v.shape == (500, problem.size)
    assert 500 < near.effective <= 20_000


def test_the_proposal_takes_on_the_place_and_spread_of_a_skewed_posterior() -> None:
    """Wide intervals leave the scatter to its prior, which is far from a normal about the mode."""
    wide = [
        measurement(2.0**y, on, low=2.0**y / 3, high=2.0**y * 3, interval=0.9)
        for y, on in zip((1.0, 2.6, 2.9, 4.3), YEARLY, strict=True)
    ]
    problem = pose(LINE, series(indicator(), wide, as_of=AS_OF), default_priors(), INDEPENDENT)
    found = approximate(problem, transport_to(problem), seed=1, draws=4000)
    assert found.pareto_k < 0.5
    assert found.effective > 5000
    # The same posterior by brute force: draws of the prior, weighted by the likelihood.
    v = np.random.default_rng(2).standard_normal((300_000, problem.size))
    log_weights = problem.log_likelihood(v).sum(axis=1)
    weights = np.exp(log_weights - log_weights.max())
    mean = np.average(v, axis=0, weights=weights)
    spread = np.sqrt(np.average((v - mean) ** 2, axis=0, weights=weights))
    assert found.v.mean(axis=0) == pytest.approx(mean, abs=0.05)
    assert found.v.std(axis=0) == pytest.approx(spread, abs=0.05)


def test_a_tail_too_heavy_to_fit_is_not_trusted() -> None:
    log_weights, k = smooth(np.concatenate([np.zeros(1000), np.geomspace(1, 1e9, 100)]))
    assert np.isfinite(np.exp(log_weights)).all()
    assert k > 1


def test_reweighting_moves_draws_to_the_new_prior() -> None:
    rng = np.random.default_rng(2)
    old, new = {"growth": prior("normal", 0, 1)}, {"growth": prior("normal", 0.5, 0.8)}
    draws = {"growth": rng.standard_normal((4, 5000))}
    moved = to_priors(draws, old, new)
    weights = np.exp(moved.log_weights)
    values = draws["growth"].ravel()
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ values == pytest.approx(0.5, abs=0.03)
    assert np.sqrt(weights @ (values - weights @ values) ** 2) == pytest.approx(0.8, abs=0.03)
    assert moved.trusted
    assert "Reweighted from the last fit" in moved.says


def test_reweighting_too_far_is_not_trusted_and_says_so() -> None:
    draws = {"growth": np.random.default_rng(3).standard_normal(4000)}
    far = to_priors(draws, {"growth": prior("normal", 0, 1)}, {"growth": prior("normal", 6, 0.5)})
    assert not far.trusted
    assert "wait for the refit" in far.says


def test_an_unchanged_prior_weighs_all_draws_alike() -> None:
    draws = {"growth": np.random.default_rng(4).standard_normal(1000)}
    same = to_priors(draws, {"growth": prior("normal", 0, 1)}, {"growth": prior("normal", 0, 1)})
    assert same.trusted
    assert same.effective == pytest.approx(1000)


def test_weights_of_zero_everywhere_are_an_error_and_of_some_are_not() -> None:
    with pytest.raises(ValueError, match="every draw has weight zero"):
        smooth(np.full(10, -np.inf))
    ratios = np.zeros(1000)
    ratios[:500] = -np.inf
    log_weights, _ = smooth(ratios)
    assert np.exp(log_weights[:500]).sum() < 1e-9
    assert effective_draws(log_weights) == pytest.approx(500, rel=0.01)


def test_resampling_draws_in_proportion_to_the_weights() -> None:
    chosen = resample(np.log([0.1, 0.2, 0.7]), 1000, seed=1)
    assert np.bincount(chosen) == pytest.approx([100, 200, 700], abs=1)
    assert (chosen == resample(np.log([0.1, 0.2, 0.7]), 1000, seed=1)).all()
