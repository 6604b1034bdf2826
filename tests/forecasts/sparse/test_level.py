"""A level with a pace: closed forms with a normal prior, and what like ratios teach."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from forecasts.sparse.level import WANDER, Points, level, ratio_paces

RNG = np.random.default_rng(5)


def points(t: list[float], y: list[float], s: list[float]) -> Points:
    return Points(t=np.array(t), y=np.array(y), s=np.array(s))


def test_one_reading_with_an_interval_is_its_own_posterior_and_tells_nothing_of_the_pace() -> None:
    """Slope ratio 1.53 [1.20, 1.82] at 90 %: P(above 2 now) is the reading against its level."""
    y, s = np.log2(1.53), (np.log2(1.82) - np.log2(1.20)) / (2 * 1.645)
    paces = 0.4 + 0.5 * RNG.standard_normal(20_000)
    found = level(points([2.7], [y], [s]), paces, draws=20_000, rng=RNG)
    assert found.level.mean() == pytest.approx(y, abs=0.01)
    assert found.level.std() == pytest.approx(s, rel=0.03)
    assert found.pace.mean() == pytest.approx(0.4, abs=0.02)
    assert float((found.level > 1.0).mean()) == pytest.approx(norm.sf((1.0 - y) / s), abs=0.01)


def test_two_readings_with_intervals_agree_with_normal_regression() -> None:
    """Level flat, pace N(0.5, 1): the posterior mean of the pace by Bayes' rule, the walk between readings included."""
    t, y, s = [1.0, 2.0], [0.2, 1.4], [0.2, 0.1]
    paces = 0.5 + RNG.standard_normal(200_000)
    found = level(points(t, y, s), paces, draws=40_000, rng=RNG)
    variance = s[0] ** 2 + s[1] ** 2 + WANDER**2  # of the difference a year apart
    weight = 1 / (1 + variance)
    assert found.pace.mean() == pytest.approx(0.5 + weight * (1.2 - 0.5), abs=0.02)
    assert found.pace.std() == pytest.approx(np.sqrt(variance / (1 + variance)), rel=0.03)
    ahead = found.paths(np.array([2.0, 3.0]), RNG)
    assert (ahead[:, 1] - ahead[:, 0]).mean() == pytest.approx(found.pace.mean(), abs=0.02)
    assert np.var(ahead[:, 1] - ahead[:, 0] - found.pace) == pytest.approx(WANDER**2, rel=0.05)


def test_no_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="one exact reading"):
        level(points([], [], []), np.zeros(10), draws=10, rng=RNG)


def test_like_ratios_teach_the_pace_and_without_any_it_may_as_well_fall() -> None:
    none = ratio_paces([], draws=20_000, rng=RNG)
    assert none.mean() == pytest.approx(0.0, abs=0.05)
    steep = [points([0.0, 1.0, 2.0], [0.0, 1.5, 3.0], [0.05] * 3) for _ in range(6)]
    taught = ratio_paces(steep, draws=20_000, rng=RNG)
    assert taught.mean() == pytest.approx(1.5, abs=0.15)
    assert taught.std() < none.std()
    flat = [points([0.0, 1.0], [1.0, 1.0], [0.05] * 2) for _ in range(6)]
    assert float((ratio_paces(flat, draws=20_000, rng=RNG) > 0).mean()) == pytest.approx(0.5, abs=0.1)
