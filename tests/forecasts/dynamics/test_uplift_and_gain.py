"""The latent multiplier and the loop's gain from made-up data with known answers, and from the real sources."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from forecasts.dynamics import gain, uplift
from forecasts.dynamics.uplift import KINDS, ORIGIN, Reading
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Measurement
from tests.forecasts.dynamics.shipped import HELD, PRIORS

ENDS = (HELD.gain("capability"), HELD.gain("productivity"))


@pytest.fixture(scope="module")
def published() -> tuple[Measurement, ...]:
    return load(DATA).of(Measurement)


def made_up(rng: np.random.Generator, bias: dict[str, float], level: float, growth: float) -> list[Reading]:
    """Four readings of each kind over a year and a half, with own errors of 0.1 and a scatter of 0.1."""
    found = []
    for kind in KINDS:
        for _ in range(4):
            on = ORIGIN + timedelta(days=int(rng.integers(-180, 330)))
            truth = level + growth * (on - ORIGIN).days / 365.25
            seen = truth + bias[kind] + np.hypot(0.1, 0.1) * rng.standard_normal()
            found.append(
                Reading(name=kind, kind=kind, on=on, log_value=float(seen), sd=0.1, bound=0, source="paper")
            )
    return found


def from_priors(rng: np.random.Generator, name: str) -> float:
    params = PRIORS.parameter("uplift", name).prior.params
    return float(rng.normal(params["mu"], params["sigma"]))


def test_the_latent_multiplier_is_recovered_from_sources_with_known_bias() -> None:
    """Over 120 worlds drawn from the priors, 80 % intervals hold the truth about four times in five."""
    rng, on = np.random.default_rng(1), date(2026, 9, 1)
    held, misses, bias_held = [], [], []
    for seed in range(120):
        bias = {kind: from_priors(rng, f"bias_{kind}") for kind in KINDS}
        level, growth = from_priors(rng, "level"), from_priors(rng, "growth")
        found = uplift.estimate(made_up(rng, bias, level, growth), PRIORS, seed=seed, draws=1000)
        truth = np.exp(level + growth * (on - ORIGIN).days / 365.25)
        low, _, high = uplift.quantiles(found.at(on))
        held.append(low <= truth <= high)
        misses.append(float(np.median(np.log(found.at(on)))) - np.log(truth))
        low, _, high = uplift.quantiles(found.bias["self_report"])
        bias_held.append(low <= bias["self_report"] <= high)
    assert 0.70 < np.mean(held) < 0.90
    assert 0.70 < np.mean(bias_held) < 0.90
    assert abs(np.mean(misses)) < 0.05


def test_without_sources_the_priors_come_back() -> None:
    found = uplift.estimate([], PRIORS, seed=1, draws=20_000)
    prior = PRIORS.parameter("uplift", "level").prior
    assert np.median(found.level) == pytest.approx(prior.params["mu"], abs=0.01)
    assert found.level.std() == pytest.approx(prior.params["sigma"], rel=0.03)


def test_an_upper_bound_pulls_down_and_never_up() -> None:
    bound = Reading(
        name="a report", kind="judgement", on=ORIGIN, log_value=np.log(1.1), sd=0.0, bound=-1, source="paper"
    )
    before = np.median(uplift.estimate([], PRIORS, seed=1).at(ORIGIN))
    assert np.median(uplift.estimate([bound], PRIORS, seed=1).at(ORIGIN)) < before
    loose = Reading(
        name="a report", kind="judgement", on=ORIGIN, log_value=np.log(50), sd=0.0, bound=-1, source="paper"
    )
    assert np.median(uplift.estimate([loose], PRIORS, seed=1).at(ORIGIN)) == pytest.approx(before, rel=0.03)


def test_the_real_sources_are_reconciled(published: tuple[Measurement, ...]) -> None:
    """19 % slower, four times as fast, about 1.5 times: one latent value that each, freed of its bias, agrees with."""
    readings = uplift.readings(published, HELD.multipliers)
    by_name = {r.name: r for r in readings}
    trial = by_name["experienced open-source developers, early 2025"]
    assert np.exp(trial.log_value) == pytest.approx(1 / 1.19)
    assert max(np.exp(r.log_value) for r in readings if r.kind == "self_report") == pytest.approx(4.0)
    assert np.exp(by_name["METR staff estimate"].log_value) == pytest.approx(1.5)
    found = uplift.estimate(readings, PRIORS, seed=1)
    low, middle, high = uplift.quantiles(found.at(date(2026, 9, 22)))
    assert 1.2 < low < 1.5 < high < 2.6
    assert low < middle < high
    assert uplift.quantiles(found.bias["self_report"])[0] > 0.1  # people report more than is so
    assert uplift.quantiles(found.bias["trial"])[1] < 0
    rows = uplift.reconciled(readings, found)
    apart = [r.freed[2] < r.latent[0] or r.freed[0] > r.latent[2] for r in rows if r.bound == "exact"]
    assert sum(apart) <= 1


def test_the_product_of_elasticities_is_recovered_with_its_interval() -> None:
    """Capability to productivity to capability, each from ten noisy points: 80 % holds G four times in five."""
    rng = np.random.default_rng(3)
    held = []
    for _ in range(250):
        first, second = rng.uniform(0.02, 0.15), rng.uniform(2.0, 10.0)
        points, log_input = np.sort(rng.uniform(150, 165, 10)), np.sort(rng.uniform(0, 2, 10))
        productivity = first * points + 0.15 * rng.standard_normal(10)
        capability = second * log_input + 1.0 * rng.standard_normal(10)
        product = gain.product(
            gain.elasticity(points, productivity, draws=2000, rng=rng),
            gain.elasticity(log_input, capability, draws=2000, rng=rng),
        )
        low, _, high = uplift.quantiles(product)
        held.append(low <= first * second <= high)
    assert 0.72 < np.mean(held) < 0.88


def test_the_gain_on_record_is_below_one_but_not_surely(published: tuple[Measurement, ...]) -> None:
    found = gain.estimate(published, PRIORS, ENDS, seed=1)
    assert found is not None
    assert found.points == 8
    assert set(found.estimates) == {"experiments per person against Epoch's index", "METR's reading"}
    assert 0.1 < np.median(found.combined) < 1.0
    assert 0.0 < found.p_runaway < 0.3


def test_too_few_readings_give_no_gain(published: tuple[Measurement, ...]) -> None:
    early = [m for m in published if m.known_at < date(2026, 1, 1)]
    assert gain.estimate(early, PRIORS, ENDS, seed=1) is None
