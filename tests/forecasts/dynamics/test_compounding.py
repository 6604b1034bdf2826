"""Error compounding against the theory of branching processes and against plain simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from forecasts.dynamics import compounding as c
from forecasts.dynamics.model import Array
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Measurement
from tests.forecasts.dynamics.shipped import PRIORS


def offspring(rng: np.random.Generator, flaws: Array, phi: float, catch: float, fix: float) -> Array:
    """The next generation flaw by flaw: Poisson(phi) arise of each, of which those caught and fixed are gone."""
    born = rng.poisson(phi * flaws)
    gone = rng.binomial(rng.binomial(born, catch), fix)
    return born - gone


@pytest.mark.parametrize(("phi", "catch", "fix"), [(1.5, 0.6, 0.7), (2.0, 0.4, 0.5), (3.0, 0.7, 0.9)])
def test_r_and_the_chance_of_dying_out_match_simulation(phi: float, catch: float, fix: float) -> None:
    rng, runs = np.random.default_rng(1), 40_000
    flaws = np.ones(runs, dtype=np.int64)
    means, gone = [1.0], [0.0]
    for _ in range(25):
        flaws = offspring(rng, np.minimum(flaws, 10_000), phi, catch, fix)
        means.append(float(flaws.mean()))
        gone.append(float((flaws == 0).mean()))
    r = float(c.reproduction(np.array(phi), np.array(catch), np.array(fix)))
    assert r == pytest.approx(phi * (1 - catch * fix))
    sd = np.sqrt(r / runs)  # of the mean number of children of one flaw
    assert means[1] == pytest.approx(r, abs=4 * sd)
    expected = c.expected_flaws(np.array([r]), np.zeros(1), 5, start=1.0)[:, 0]
    np.testing.assert_allclose(means[:6], expected, rtol=0.06)
    for cycles in (1, 3, 25):
        at = float(c.gone_after(np.array([r]), cycles)[0])
        assert gone[cycles] == pytest.approx(at, abs=4 * np.sqrt(max(at * (1 - at), 1e-4) / runs))
    assert gone[-1] == pytest.approx(float(c.dies_out(np.array(r))), abs=0.02)


@pytest.mark.parametrize("r", [1.0001, 1.2, 2.0, 5.0])
def test_dying_out_is_the_smallest_root(r: float) -> None:
    root = brentq(lambda u: u - np.exp(r * (u - 1)), 0.0, 1 - 1e-5)
    assert float(c.dies_out(np.array(r))) == pytest.approx(root, abs=1e-6)
    assert float(c.gone_after(np.array([r]), 100_000)[0]) == pytest.approx(root, abs=1e-3)


def test_at_or_below_one_flaws_die_out_for_sure() -> None:
    assert c.dies_out(np.array([0.0, 0.5, 1.0])).tolist() == [1.0, 1.0, 1.0]
    assert c.runaway(np.array([0.9]), np.array([5.0]), 100)[0] == 0.0


def test_the_chance_of_a_runaway_matches_simulation() -> None:
    """New flaws arrive each cycle; a runaway is a lineage that is still there long after."""
    rng, r, arrivals, cycles = np.random.default_rng(2), 1.4, 0.08, 10
    flaws = np.zeros(20_000, dtype=np.int64)
    for k in range(cycles + 40):
        born = rng.poisson(r * np.minimum(flaws, 10_000))
        flaws = born + (rng.poisson(arrivals, len(flaws)) if k < cycles else 0)
    theory = float(c.runaway(np.array(r), np.array(arrivals), cycles))
    assert (flaws > 0).mean() == pytest.approx(theory, abs=0.015)


def test_flaws_with_arrivals_follow_the_closed_form() -> None:
    r, e, n = 1.3, 0.2, 8
    found = c.expected_flaws(np.array([r]), np.array([e]), n, start=2.0)[-1, 0]
    assert found == pytest.approx(2 * r**n + e * (r**n - 1) / (r - 1))


def test_correlated_monitors_match_simulation_and_their_limits() -> None:
    rng, catch, likeness = np.random.default_rng(3), 0.6, 0.3
    strength = (1 - likeness) / likeness
    ease = rng.beta(catch * strength, (1 - catch) * strength, 200_000)
    seen = (rng.random((3, 200_000)) < ease).any(axis=0).mean()
    assert float(c.caught_by(3, np.array(catch), np.array(likeness))) == pytest.approx(seen, abs=0.005)
    assert float(c.caught_by(1, np.array(catch), np.array(likeness))) == pytest.approx(catch)
    assert float(c.caught_by(4, np.array(catch), np.array(0.0))) == pytest.approx(1 - 0.4**4, rel=1e-3)
    assert float(c.caught_by(4, np.array(catch), np.array(1.0))) == pytest.approx(catch, rel=1e-3)


def test_the_capacity_needed_is_just_enough() -> None:
    phi, fix = np.array([0.8, 1.5, 4.0]), np.array([0.7, 0.9, 0.5])
    needed = c.catch_needed(phi, fix)
    assert needed[0] == 0.0
    assert c.reproduction(phi[1], needed[1], fix[1]) == pytest.approx(1.0)
    assert needed[2] == np.inf
    count = c.monitors_needed(np.array([2.0]), np.array([0.9]), np.array([0.4]), np.array([0.1]))[0]
    one = np.array([2.0]), np.array([0.4]), np.array([0.9])
    enough = c.caught_by(int(count), one[1], np.array([0.1]))
    fewer = c.caught_by(int(count) - 1, one[1], np.array([0.1]))
    assert c.reproduction(one[0], enough, one[2])[0] < 1 <= c.reproduction(one[0], fewer, one[2])[0]


def test_drift_follows_the_normal_walk_where_nothing_corrects_it() -> None:
    """Without correction the deviation after n cycles is normal with sd noise * sqrt(n); one cycle is exact."""
    paths = 40_000
    share = c.drift(np.zeros(paths), np.ones(paths), bound=1.96, cycles=30, loss=0.0, seed=1)
    assert share[0] == pytest.approx(0.05, abs=0.005)
    assert (np.diff(share) >= 0).all()
    held = c.drift(np.full(paths, 0.9), np.ones(paths), bound=4.0, cycles=30, loss=0.0, seed=1)
    lost = c.drift(np.full(paths, 0.9), np.ones(paths), bound=4.0, cycles=30, loss=0.3, seed=1)
    assert lost[-1] > held[-1] + 0.1


def test_more_monitors_lower_r_and_a_faster_loop_only_shortens_the_time() -> None:
    catch = c.catch_posterior((), PRIORS, draws=4000, seed=1)
    one, three = (c.compounding(PRIORS, catch, monitors=m, seed=1) for m in (1, 3))
    fast = c.compounding(PRIORS, catch, speed=4.0, seed=1)
    assert (three.r <= one.r + 1e-12).all()
    assert np.array_equal(fast.r, one.r)
    growing = np.isfinite(one.doubling_months)
    np.testing.assert_allclose(fast.doubling_months[growing] * 4, one.doubling_months[growing])


def test_the_readings_on_record_move_the_catch_rate() -> None:
    published = load(DATA).of(Measurement)
    assert len(c.catch_rates(published)) == 5
    before = c.catch_posterior((), PRIORS, draws=20_000, seed=1)
    after = c.catch_posterior(published, PRIORS, draws=20_000, seed=1)
    assert np.median(after) > np.median(before)  # most sabotage on record was caught
    assert 0 < after.min() <= after.max() <= 1
