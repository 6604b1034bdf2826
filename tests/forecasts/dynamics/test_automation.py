"""Adoption shares ahead and the cost of work, on made-up series with known answers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit, logit

from forecasts.dynamics import automation as a
from forecasts.dynamics.gaussian import solve
from scorecard.records import Indicator, Measurement
from tests.forecasts.dynamics.shipped import PRIORS
from tests.forecasts.dynamics.test_loop import ANCHORS, START
from tests.scorecard.examples import PAPER

SHARE = Indicator(
    id="share",
    name="Share",
    unit="percent",
    scale="logit",
    direction="higher",
    role="automation",
    measures="share of work",
    lower=0.0,
    upper=100.0,
    **PAPER,
)


def reading(on: date, value: float, **more: object) -> Measurement:
    fields = {
        "indicator": "share",
        "system": "one",
        "observed_on": on,
        "vintage": "2026-01",
        "value": value,
        **PAPER,
    }
    return Measurement(**{**fields, **more})


def test_bounds_are_respected_as_a_truncated_normal_is() -> None:
    """One coefficient, one upper bound: against draws of the prior that are kept when they agree with it."""
    rng = np.random.default_rng(1)
    found = solve(
        np.ones((1, 1)),
        np.array([0.5]),
        np.array([0.4]),
        mean=np.zeros(1),
        spread=np.ones(1),
        scatter=1e-6,
        draws=20_000,
        rng=rng,
        bound=np.array([-1.0]),
    ).coefficients[:, 0]
    prior = rng.standard_normal(400_000)
    kept = prior[prior + 0.4 * rng.standard_normal(len(prior)) < 0.5]
    assert found.mean() == pytest.approx(kept.mean(), abs=0.02)
    assert found.std() == pytest.approx(kept.std(), abs=0.02)


def test_a_share_goes_on_from_its_last_reading_and_stays_inside_its_scale() -> None:
    days = [START - timedelta(days=30 * i) for i in range(10)]
    readings = [reading(day, 100 * float(expit(1.0 - 0.2 * i))) for i, day in enumerate(days)]
    ahead = [days[0], days[0] + timedelta(days=365), days[0] + timedelta(days=1000)]
    found = a.adoption(SHARE, readings, ahead, seed=1)
    assert found is not None
    assert found.points == 10
    assert np.median(found.share[0]) == pytest.approx(100 * float(expit(1.0)), abs=0.5)
    slope = 0.2 * 365.25 / 30
    within = logit(np.median(found.share[1]) / 100) - 1.0
    assert 0.5 * slope < within < 0.75 * slope  # fades: 63 % of the slope in the first year
    assert ((found.share > 0) & (found.share < 100)).all()
    assert found.by(ahead[-1], 90.0) > found.by(ahead[0], 90.0)


def test_one_reading_makes_no_trend() -> None:
    assert a.adoption(SHARE, [reading(START, 50.0)], [START], seed=1) is None


def test_a_stage_is_cheaper_when_both_price_and_success_allow() -> None:
    """Checked by hand: dear tokens hold it back at first, and long tasks wait for the horizon."""
    priors = PRIORS
    cheap = {c.stage: c for c in a.stage_costs(priors, ANCHORS, start=START, seed=1)}
    dear = {
        c.stage: c
        for c in a.stage_costs(priors, ANCHORS, start=START, seed=1, fixed={"agent_usd_per_hour": 5000.0})
    }
    assert cheap["review"].p_now > cheap["ideas"].p_now
    assert (dear["review"].cheaper >= dear["review"].competitive).all()
    assert dear["review"].p_now == 0.0
    assert (cheap["code"].cheaper >= cheap["code"].competitive).all()
    assert np.median(dear["code"].cheaper) > np.median(cheap["code"].cheaper)
    sure = a.stage_costs(priors, ANCHORS, start=START, seed=1, salary=(380_000, 380_000), draws=500)[0]
    hourly = a.wage(priors.settings, 380_000)
    assert hourly == pytest.approx(380_000 * 1.3 / 1900)
    assert (sure.ratio_now * sure.success_now > 0).all()


def test_a_higher_salary_never_makes_ai_dearer() -> None:
    priors = PRIORS
    low = a.stage_costs(priors, ANCHORS, start=START, seed=1, salary=(100_000, 100_000))
    high = a.stage_costs(priors, ANCHORS, start=START, seed=1, salary=(500_000, 500_000))
    for poor, rich in zip(low, high, strict=True):
        assert (rich.ratio_now < poor.ratio_now).all()
        assert (rich.cheaper <= poor.cheaper).all()
