"""Pace thresholds on made-up paths, and what drives the spread."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasts.dynamics.drivers import drivers
from forecasts.dynamics.model import Array
from forecasts.dynamics.pace import forecast, mean_pace, share_of_ai
from forecasts.dynamics.simulate import Scenarios
from tests.forecasts.dynamics.shipped import HELD, PRIORS
from tests.forecasts.dynamics.test_loop import ANCHORS, START

CRITICAL, ANTHROPIC = HELD.rules[0], HELD.rules[1]


def paths(pace: list[Array]) -> Scenarios:
    """Scenarios whose pace in each month is given, a column a path."""
    monthly = np.column_stack(pace)
    progress = np.vstack([np.zeros(monthly.shape[1]), np.cumsum(monthly, axis=0)[:-1] / 12])
    return Scenarios(
        start=START,
        t=np.arange(len(monthly)) / 12,
        progress=progress,
        pace=monthly,
        gain=0 * monthly,
        to_full=np.ones(monthly.shape[1]),
    )


def draws(paths: int, now: float = 1.0, share: float = 0.0) -> dict[str, Array]:
    return {"pace_now": np.full(paths, now), "attribution": np.full(paths, share)}


def test_the_pace_has_to_last() -> None:
    """Two months at six times the pace are no four; the rule is met four months into a lasting jump."""
    short, lasting = np.ones(60), np.ones(60)
    short[10:12] = 6.0
    lasting[10:] = 6.0
    found = forecast(CRITICAL, draws(2), paths([short, lasting]), paths([np.ones(60)] * 2))
    assert found.by_speed.tolist() == [60, 14]
    assert found.p_by(found.months[14]) == 0.5
    assert found.quantile(0.5) == found.months[14]
    assert found.quantile(0.9) is None
    assert found.cdf()[[13, 14, 59]].tolist() == [0.0, 0.5, 0.5]


def test_the_mean_pace_counts_the_months_before_the_start_as_one() -> None:
    np.testing.assert_allclose(
        mean_pace(paths([np.full(30, 3.0)]).progress, 12)[[0, 6, 12], 0], [1.0, 2.0, 3.0]
    )


def test_a_speed_up_that_came_anyway_is_not_ais() -> None:
    """The same pace with and without the loop: fast enough, but by another cause."""
    fast = paths([np.full(60, 2.5)])
    anyway = forecast(ANTHROPIC, draws(1), fast, fast)
    ours = forecast(ANTHROPIC, draws(1), fast, paths([np.ones(60)]))
    assert anyway.by_speed[0] == ours.by_speed[0] == ours.by_cause[0] < 60
    assert anyway.by_cause[0] == 60
    assert anyway.p_by(date(2031, 1, 1), cause=False) == 1.0
    assert anyway.p_by(date(2031, 1, 1)) == 0.0


def test_the_speed_up_so_far_counts_by_its_attribution() -> None:
    pace = np.array([[3.0]])
    half = share_of_ai(pace, pace, np.array([3.0]), np.array([0.5]))
    assert half[0, 0] == pytest.approx(0.5)


def test_the_drivers_find_what_moves_the_paths() -> None:
    """First-order shares lie between 0 and 1 and below the totals; what cannot matter in the outcome does not."""
    priors = PRIORS
    found = {d.name: d for d in drivers(priors, ANCHORS, start=START, seed=1, n=256)}
    assert set(found) == set(priors.names("loop")) - {"wander", "pace_now", "attribution"}
    assert all(-0.1 < d.first_order < 1 for d in found.values())
    assert sum(d.total for d in found.values()) > 0.9
    assert found["returns"].high > found["returns"].low
    assert found["horizon_needed"].high < found["horizon_needed"].low


def test_a_fixed_parameter_carries_no_spread() -> None:
    """With a prior squeezed to a point, its index is zero: the indices measure what they say."""
    priors = PRIORS
    loop = dict(priors.sections["loop"])
    narrow = replace(loop["horizon_needed"].prior, params={"mu": 9.5, "sigma": 1e-6})
    loop["horizon_needed"] = replace(loop["horizon_needed"], prior=narrow)
    squeezed = replace(priors, sections={**priors.sections, "loop": loop})
    found = {d.name: d for d in drivers(squeezed, ANCHORS, start=START, seed=1, n=256)}
    assert abs(found["horizon_needed"].total) < 1e-6
