"""What the priors alone say, against their own quantiles in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecasts.runs.indicators import Task, prior_fan
from tests.forecasts.examples import AS_OF, YEARLY, default_priors, indicator, measurement, prior


def task(discrepancy: float) -> Task:
    priors = default_priors()
    for name, given in (
        ("level", ("normal", 0.0, 1.0)),
        ("growth", ("normal", 1.0, 1e-6)),
        ("scatter", ("halfnormal", 1e-6)),
    ):
        priors = priors.with_prior("loglinear", name, prior(given[0], *given[1:]))
    priors = replace(
        priors, settings=replace(priors.settings, weights={"loglinear": 1.0}, discrepancy=discrepancy)
    )
    values = tuple(measurement(2.0 ** (i + 1), on) for i, on in enumerate(YEARLY))
    return Task(
        indicator=indicator(),
        measurements=values,
        systems=(),
        criteria=(),
        priors=priors,
        as_of=AS_OF,
        seed=1,
        shapes=("loglinear",),
        method="quick",
    )


def test_a_known_slope_leaves_the_level_alone_to_spread_it() -> None:
    """With growth and scatter fixed, log2 of each quantile lies one level's quantile about a straight line."""
    fan = prior_fan(task(0.0))
    spread = np.log2(fan.q90) - np.log2(fan.q50)
    assert spread == pytest.approx(np.full(len(spread), 1.2816), abs=0.1)
    rise = np.diff(np.log2(fan.q50))
    assert rise == pytest.approx(np.full(len(rise), rise[0]), rel=1e-3)


def test_discrepancy_widens_what_lies_ahead_only() -> None:
    calm, rough = prior_fan(task(0.0)), prior_fan(task(1.0))
    wider = np.log2(np.array(rough.q90) / np.array(calm.q90))
    past = np.array(calm.dates) <= YEARLY[-1]
    assert abs(wider[past]).max() < 1e-9
    assert wider[-1] > 1.0
