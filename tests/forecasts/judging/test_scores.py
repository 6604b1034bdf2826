"""Scores against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecasts.judging.scores import brier, covered, crps, log_score, pit

FLOATS = st.floats(-1e3, 1e3)


def test_crps_of_a_normal_matches_its_closed_form() -> None:
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000, loc=2.0, scale=3.0)
    z = (4.0 - 2.0) / 3.0
    closed = 3.0 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(draws, 4.0) == pytest.approx(closed, rel=1e-3)


@given(st.lists(FLOATS, min_size=1, max_size=30), FLOATS)
def test_crps_is_the_double_sum_and_never_negative(draws: list[float], truth: float) -> None:
    x = np.array(draws)
    slow = np.abs(x - truth).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
    assert crps(draws, truth) == pytest.approx(slow, abs=1e-6)
    assert crps(draws, truth) >= -1e-6


def test_a_point_forecast_scores_its_absolute_error() -> None:
    assert crps([5.0], 7.5) == 2.5


def test_log_score_of_a_normal() -> None:
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert log_score(draws, 0.0, bandwidth=0.05) == pytest.approx(
        stats.norm(0, np.hypot(1, 0.05)).logpdf(0), abs=1e-3
    )
    assert log_score(draws, 1e6, bandwidth=0.05) == pytest.approx(np.log(1e-6))


def test_coverage_and_pit_of_known_draws() -> None:
    draws = np.arange(101.0)
    assert covered(draws, 10.0, 0.8)
    assert not covered(draws, 9.0, 0.8)
    assert pit(draws, 50.0) == pytest.approx(0.5)


def test_brier() -> None:
    assert brier([0.5, 0.5], [True, False]) == 0.25
    assert brier([1.0, 0.0], [True, False]) == 0.0
    with pytest.raises(ValueError, match="at least one"):
        brier([], [])
