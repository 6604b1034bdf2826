"""The loop against closed forms: exponential, hyperbolic, bound by compute, amplified; and with feedback off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasts.dynamics.anchors import Anchors
from forecasts.dynamics.model import (
    Array,
    amdahl,
    amdahl_bound,
    amplification,
    labour_share,
    log_research,
    substitution,
)
from forecasts.dynamics.simulate import LoopEquations, Scenarios, integrate, simulate
from forecasts.prior import PriorError
from tests.forecasts.dynamics.shipped import PRIORS

START, NEVER = date(2026, 11, 21), date(2100, 1, 1)
ANCHORS = Anchors(horizon_minutes=186.0, horizon_on=date(2026, 4, 7), source="paper")
MONTHS = np.arange(121) / 12.0


def system(**more: object) -> LoopEquations:
    """All progress is software, labour is the only input and as large as software; fixed inputs otherwise."""
    one = np.ones(1)
    base = LoopEquations(
        growth=0.5 * one,
        software_share=one,
        returns=one,
        parallel=0.8 * one,
        rho=one,
        compute_share=0 * one,
        log_full=0 * one,
        to_full=1e-12 * one,
        copies=one,
        effective_growth=0.5 * one,
        compute_growth=one,
        compute_later=one,
        compute_change=0.0,
        ceiling=np.inf * one,
        balanced=False,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def run(equations: LoopEquations, t: Array = MONTHS) -> tuple[Array, Array, Array]:
    return tuple(a[:, 0] for a in integrate(equations, t, np.ones((len(t), 1))))  # type: ignore[return-value]


def test_at_returns_of_one_a_closed_loop_grows_exponentially() -> None:
    """Effort in proportion to software and r = 1: software doubles at an even pace, so progress is a line."""
    progress, pace, gain = run(system())
    np.testing.assert_allclose(progress, MONTHS, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(pace, 1.0, rtol=1e-9)
    np.testing.assert_allclose(gain[1:], 1.0)


@pytest.mark.parametrize("returns", [0.5, 2.0])
def test_otherwise_it_follows_the_closed_form(returns: float) -> None:
    """dD/dt = g exp(k D), so D = -ln(1 - k g t) / k: hyperbolic with a pole at r > 1, slowing at r < 1."""
    growth, parallel = 0.5, 0.8
    k = parallel - parallel / returns
    t = np.linspace(0, 0.9 / (k * growth), 200) if k > 0 else MONTHS
    progress, _, _ = run(system(returns=np.full(1, returns)), t)
    np.testing.assert_allclose(progress, -np.log1p(-k * growth * t) / k / growth, rtol=1e-6, atol=1e-9)


def test_when_compute_binds_the_loop_adds_nothing_and_slower_compute_slows_it() -> None:
    """sigma towards 0: research is the scarcer input. With z = Y^beta: z' = beta g (exp(-lambda n t) - z)."""
    growth, parallel, slower = 0.5, 0.8, 0.3
    beta, rate = parallel / 1.5, parallel * slower
    one = np.ones(1)
    equations = system(
        rho=substitution(0 * one),
        compute_share=0.7 * one,
        returns=1.5 * one,
        balanced=True,
        compute_growth=one,
        compute_later=(1 - slower) * one,
    )
    progress, _, _ = run(equations)
    a = beta * growth
    z = np.exp(-a * MONTHS) * (1 + a / (a - rate) * np.expm1((a - rate) * MONTHS))
    np.testing.assert_allclose(progress, MONTHS + np.log(z) / beta / growth, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("copies", [0.2, 0.6])
def test_below_one_the_loop_amplifies_by_one_over_one_minus_g(copies: float) -> None:
    one = np.ones(1)
    equations = system(
        rho=substitution(one), compute_share=0.5 * one, returns=1.5 * one, copies=copies * one, balanced=True
    )
    t = np.arange(1201) / 12.0
    _, pace, gain = run(equations, t)
    assert gain[-1] == pytest.approx(1.5 * 0.5 * copies)
    assert pace[-1] == pytest.approx(float(amplification(gain[-1])), rel=1e-4)


def test_substitution_has_its_limits() -> None:
    compute, labour, share = np.array([0.4]), np.array([1.3]), np.array([0.7])

    def at(sigma: float) -> float:
        return float(log_research(compute, labour, substitution(np.array([sigma])), share)[0])

    assert at(1.0) == pytest.approx(0.7 * 0.4 + 0.3 * 1.3)
    assert at(1.0 + 1e-4) == pytest.approx(at(1.0), abs=1e-3)
    assert at(1e-3) == pytest.approx(0.4, abs=1e-3)
    assert at(1e9) == pytest.approx(np.log(0.7 * np.exp(0.4) + 0.3 * np.exp(1.3)), abs=1e-6)
    much = np.array([5000.0])
    assert np.isfinite(log_research(compute, much, substitution(np.array([2.0])), share)).all()
    rise = (log_research(compute, labour + 1e-6, substitution(np.array([0.6])), share) - at(0.6)) / 1e-6
    assert labour_share(compute, labour, substitution(np.array([0.6])), share) == pytest.approx(
        rise, rel=1e-4
    )


def test_the_amdahl_bound_holds_whatever_the_speed() -> None:
    assert amdahl(0.8, 1e12) == pytest.approx(5.0)
    assert amdahl_bound(0.8) == pytest.approx(5.0)
    assert amdahl_bound(1.0) == np.inf
    assert amdahl(0.5, 2.0) == pytest.approx(4 / 3)


def scenarios(feedback: bool, fixed: dict[str, float], paths: int = 20_000) -> Scenarios:
    draws = PRIORS.draw("loop", paths, 1, fixed=fixed)
    return simulate(draws, ANCHORS, start=START, change=NEVER, seed=1, feedback=feedback)


def test_with_feedback_off_the_paths_are_the_plain_trend_to_monte_carlo_error() -> None:
    found = scenarios(False, {"wander": 0.15})
    log_pace = np.log(found.pace)
    error = 0.15 * np.sqrt(found.t / len(found.to_full))
    assert (np.abs(log_pace.mean(axis=1))[1:] < 4 * error[1:]).all()
    np.testing.assert_allclose(log_pace.std(axis=1)[1:], 0.15 * np.sqrt(found.t[1:]), rtol=0.03)
    assert (found.gain == 0).all()


def test_without_wandering_it_is_the_line_itself() -> None:
    found = scenarios(False, {"wander": 0.0}, paths=500)
    np.testing.assert_allclose(
        found.progress, np.broadcast_to(found.t[:, None], found.progress.shape), rtol=1e-9
    )


def test_feedback_speeds_up_and_compute_holds_it_back() -> None:
    """The same draws in the two published worlds: where thinking replaces compute, far more paths run away."""
    free = scenarios(True, {"sigma": 3.0, "wander": 0.0}, paths=2000).progress[-1]
    bound = scenarios(True, {"sigma": 0.3, "wander": 0.0}, paths=2000).progress[-1]
    plain = scenarios(False, {"wander": 0.0}, paths=2000).progress[-1]
    assert (bound >= plain - 1e-6).all()
    assert np.median(free) > np.median(bound) > np.median(plain)
    assert np.isfinite(free).all()


def test_the_same_seed_gives_the_same_paths_and_another_does_not() -> None:
    draws = PRIORS.draw("loop", 200, 5)
    again = PRIORS.draw("loop", 200, 5)
    assert all(np.array_equal(draws[name], again[name]) for name in draws)
    assert not np.array_equal(draws["returns"], PRIORS.draw("loop", 200, 6)["returns"])
    one = simulate(draws, ANCHORS, start=START, change=NEVER, seed=5)
    two = simulate(draws, ANCHORS, start=START, change=NEVER, seed=5)
    assert np.array_equal(one.progress, two.progress)


def test_sigma_admits_both_published_worlds() -> None:
    sigma = PRIORS.draw("loop", 20_000, 1)["sigma"]
    assert (sigma < 1).mean() == pytest.approx(0.5, abs=0.02)
    assert ((sigma > 2.0) & (sigma < 3.5)).mean() > 0.1
    assert (sigma < 0.2).mean() > 0.03


def test_every_prior_spans_its_usual_range() -> None:
    """A prior that left most of the published range out would be a mistake of the file."""
    for section, of in PRIORS.sections.items():
        for name, parameter in of.items():
            low, high = parameter.usual
            inside = parameter.prior.frozen.cdf(high) - parameter.prior.frozen.cdf(low)
            assert 0.75 < inside <= 1.0, (section, name, inside)
            assert parameter.prior.source, (section, name)
            assert parameter.prior.rationale, (section, name)


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(PriorError, match="no parameter 'reutrns'"):
        PRIORS.draw("loop", 10, 1, fixed={"reutrns": 1.0})
