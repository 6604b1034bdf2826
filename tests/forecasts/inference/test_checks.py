"""Whether a fit can be published: convergence, predictive coverage, contraction, and words on the prior's weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecasts.inference.checks import (
    LEANS,
    Sensitivity,
    approximated,
    contraction,
    converged,
    predicted,
    sensitivity,
)
from forecasts.inference.fit import Fit, first_forecast
from forecasts.inference.problem import Problem, pose
from forecasts.shapes import get_shape
from scorecard.records import Checks
from tests.forecasts.examples import INDEPENDENT, default_priors, doubling, fit_at

LINE = get_shape("loglinear")


def problem() -> Problem:
    return pose(LINE, doubling(), default_priors(), INDEPENDENT)


def chains(v: np.ndarray, divergences: int = 0) -> Fit:
    """A fit with given draws, v (chains, draws, size)."""
    return replace(fit_at(problem(), v[0]), v=v, divergences=divergences)


def failed(fit: Fit) -> set[str]:
    return {check.name for check in converged(fit) if not check.passed}


def test_independent_draws_pass_every_check() -> None:
    good = chains(np.random.default_rng(1).standard_normal((4, 1000, 3)))
    assert failed(good) == set()
    assert all(check.advice == "" for check in converged(good))
    assert {check.what for check in converged(good)} == {"Log-linear on length"}


@pytest.mark.parametrize(("k", "passed"), [(0.3, True), (0.9, False), (None, False)])
def test_an_approximation_is_as_good_as_its_pareto_k(k: float | None, passed: bool) -> None:
    check = approximated(replace(first_forecast(LINE, doubling(), default_priors(), seed=1), pareto_k=k))
    assert check.passed == passed
    assert bool(check.advice) != passed


def test_a_chain_that_went_elsewhere_fails_with_advice() -> None:
    v = np.random.default_rng(2).standard_normal((4, 1000, 3))
    v[3, :, 1] += 3.0
    assert "R-hat" in failed(chains(v))
    (check,) = [c for c in converged(chains(v)) if c.name == "R-hat"]
    assert check.value > 1.01
    assert "sample longer" in check.advice


def test_a_slow_chain_has_too_few_effective_draws() -> None:
    v = np.random.default_rng(3).standard_normal((4, 1000, 3))
    v[:, :, 2] = np.cumsum(v[:, :, 2], axis=1) / 30
    assert {"bulk effective draws", "tail effective draws"} <= failed(chains(v))


def test_divergences_are_counted_as_a_share() -> None:
    v = np.random.default_rng(4).standard_normal((4, 1000, 3))
    assert failed(chains(v, divergences=20)) == set()
    assert failed(chains(v, divergences=21)) == {"share of divergent draws"}


def test_draws_that_do_not_move_fail_rather_than_pass_as_not_a_number() -> None:
    assert failed(chains(np.zeros((4, 100, 3)))) >= {"R-hat"}


def test_readings_from_the_model_pass_and_strange_ones_fail() -> None:
    fit = first_forecast(LINE, doubling(), default_priors(), seed=1, options=INDEPENDENT, draws=1000)
    good = predicted(fit, seed=1)
    assert good.passed
    assert good == predicted(fit, seed=1)
    x = fit.problem.x.copy()
    x[0] += np.array([30.0, -30.0, 30.0, -30.0])
    bad = predicted(replace(fit, problem=replace(fit.problem, x=x)), seed=1)
    assert not bad.passed
    assert "4 of 4 readings lie outside" in bad.advice


def test_the_predictive_check_errs_on_the_side_the_interval_gives() -> None:
    """With a wide error towards lower truth, readings far above the trend are to be expected."""
    base = problem()
    fit = fit_at(base, np.random.default_rng(5).standard_normal((4000, 3)) * 1e-3)
    x = base.x.copy()
    trend = x[0] * 0 + fit.problem.parameters(fit.flat)["level"].mean()
    x[0] = trend + fit.problem.parameters(fit.flat)["growth"].mean() * (x[1] - base.frame.reference) + 4.0
    x[2], x[3] = 4.0, 0.1
    expected = predicted(replace(fit, problem=replace(base, x=x)), seed=1)
    x = x.copy()
    x[2], x[3] = 0.1, 4.0
    strange = predicted(replace(fit, problem=replace(base, x=x)), seed=1)
    assert expected.passed
    assert not strange.passed


def test_contraction_is_one_where_the_data_decide_and_none_where_the_prior_does() -> None:
    v = np.random.default_rng(6).standard_normal((20_000, 3))
    v[:, 1] *= 0.1
    v[:, 2] *= 2.0
    found = contraction(fit_at(problem(), v))
    assert found["level"] == pytest.approx(0.0, abs=0.05)
    assert found["growth"] == pytest.approx(0.99, abs=0.005)
    assert found["scatter"] < -1.0


def test_more_data_contract_more() -> None:
    fit = first_forecast(LINE, doubling(), default_priors(), seed=1, options=INDEPENDENT)
    found = contraction(fit)
    assert set(found) == {"level", "growth", "scatter"}
    assert found["level"] > 0.9
    assert found["growth"] > 0.5


@pytest.mark.parametrize(
    ("prior", "likelihood", "words"),
    [
        (0.0, 0.0, "other assumptions decide it"),
        (0.0, 0.3, "rests on the data; the prior hardly"),
        (0.3, 0.0, "leans on the prior; the data say little"),
        (0.3, 0.2, "leans on the prior more than on the data"),
        (0.2, 0.3, "rests on the data, but the prior moves it too"),
        (LEANS, 0.0, "leans on the prior;"),
    ],
)
def test_the_two_sensitivities_are_said_in_words(prior: float, likelihood: float, words: str) -> None:
    assert words in Sensitivity(prior=prior, likelihood=likelihood).words


def test_a_quantity_that_data_decide_moves_with_the_likelihood() -> None:
    fit = first_forecast(LINE, doubling(), default_priors(), seed=1, options=INDEPENDENT)
    found = sensitivity(fit, fit.draws["level"].ravel())
    assert found.likelihood > LEANS
    assert found.prior < found.likelihood / 3
    assert "rests on the data" in found.words


def test_a_quantity_that_the_prior_decides_moves_with_the_prior() -> None:
    """Without data in use, every parameter is its prior."""
    posed = problem().without(np.ones(4, dtype=bool))
    fit = fit_at(posed, np.random.default_rng(7).standard_normal((8000, 3)))
    found = sensitivity(fit, fit.draws["level"].ravel())
    assert found.prior > LEANS
    assert found.likelihood == pytest.approx(0.0, abs=1e-6)
    assert "leans on the prior" in found.words


def test_never_and_already_are_places_at_the_ends() -> None:
    fit = first_forecast(LINE, doubling(), default_priors(), seed=1, options=INDEPENDENT, draws=1000)
    times = fit.draws["growth"].ravel().copy()
    times[:50], times[50:100] = np.inf, -np.inf
    found = sensitivity(fit, times)
    assert np.isfinite([found.prior, found.likelihood]).all()
    assert sensitivity(fit, np.full(1000, np.inf)) == Sensitivity(prior=0.0, likelihood=0.0)


def test_one_failed_check_fails_them_all() -> None:
    v = np.random.default_rng(8).standard_normal((4, 1000, 3))
    assert Checks.of(tuple(converged(chains(v)))).passed
    bad = Checks.of(tuple(converged(chains(v, divergences=500))))
    assert not bad.passed
    assert {check.name for check in bad.failed} == {"share of divergent draws"}
