"""Shared worlds: order of levels and percentages, moments of the past, ranks that hang together, errors that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from forecasts.dates.errors import errors_of
from forecasts.dates.worlds import SHARED, Draws, Worlds
from forecasts.series import years
from tests.forecasts.examples import AS_OF, criterion, indicator, straight_worlds

NOW = years(AS_OF)


def test_a_straight_world_crosses_when_the_line_does() -> None:
    worlds = straight_worlds(slope=2.0, start=3.0)
    times = worlds.times(criterion(2.0**11))
    assert times == pytest.approx(np.full(len(times), 4.0), abs=0.1)


def test_the_chance_of_an_uncertain_level_is_its_closed_form() -> None:
    worlds = straight_worlds(slope=1.0, start=3.0, spread=0.7, size=8192)
    times = worlds.times(criterion(2.0**9, level_sd=1.5))
    for ahead in (0.0, 2.0, 5.0):
        exact = norm.cdf((3.0 + NOW + ahead - 9.0) / np.hypot(0.7, 1.5))
        assert float((times <= NOW + ahead).mean()) == pytest.approx(exact, abs=0.01)


def test_a_higher_level_is_never_crossed_first_and_one_criterion_has_one_date() -> None:
    worlds = straight_worlds(slope=1.0, start=3.0, spread=1.0)
    low = worlds.times(criterion(2.0**6, id="low", level_sd=1.0, gap=1.0, gap_sd=1.0))
    high = worlds.times(criterion(2.0**8, id="high", level_sd=1.0, gap=1.0, gap_sd=1.0))
    again = worlds.times(
        criterion(2.0**8, id="another", threshold="other.lab", level_sd=1.0, gap=1.0, gap_sd=1.0)
    )
    assert (low <= high).all()
    assert (high == again).all()


def test_what_was_passed_was_passed_when_the_best_reading_rose_so_far() -> None:
    """Doublings on New Year's days 2022 to 2025; worlds start at 3 + NOW, as far above 5 as 2^4 lies above ..."""
    worlds = straight_worlds(slope=1.0, start=3.0)
    above = 3.0 + NOW - 4.0  # of the frontier over the last reading, 2^4
    for height, on in ((4.0, date(2025, 1, 1)), (3.0, date(2024, 1, 1)), (2.0, date(2023, 1, 1))):
        times = worlds.times(criterion(2.0 ** (height + above)))
        assert times == pytest.approx(np.full(len(times), years(on)))
    assert np.isneginf(worlds.times(criterion(2.0 ** (0.5 + above)))).all()


def test_a_higher_percentage_never_lies_above_a_lower() -> None:
    half = straight_worlds(slope=1.0, start=3.0).indicators["length"]
    named = {
        id: replace(half, series=replace(half.series, indicator=indicator(id=id)))
        for id in ("suite_p80_horizon", "suite_p50_horizon")
    }
    named["suite_p80_horizon"] = replace(named["suite_p80_horizon"], frontier=half.frontier + 2 * half.t)
    ordered = Worlds(draws=half.draws, indicators=named).ordered().indicators
    assert (ordered["suite_p80_horizon"].frontier <= ordered["suite_p50_horizon"].frontier).all()
    assert (ordered["suite_p50_horizon"].frontier == half.frontier).all()


def test_two_indicators_share_as_much_of_their_rank_as_is_stated() -> None:
    draws = Draws(size=8192, seed=3)
    found = spearmanr(draws.order("one"), draws.order("another")).statistic
    assert 2 * np.sin(np.pi / 6 * found) == pytest.approx(SHARED, abs=0.05)
    assert sorted(draws.order("one")) == list(range(8192))


def test_fewer_worlds_are_the_first_of_more() -> None:
    few, many = Draws(size=1000, seed=1), Draws(size=4096, seed=1)
    assert (few.level == many.level[:1000]).all()


def test_the_error_that_is_stated_is_the_one_that_seeds_show() -> None:
    """Sixty seeds of one question: the spread of their answers against the stated errors."""
    found, stated = [], []
    for seed in range(60):
        draws = Draws(size=2048, seed=seed)
        time = (NOW + 1.0 + 2.0 * draws.level + np.random.default_rng(seed).standard_normal(2048))[None]
        weight = np.full(time.shape, 1 / time.size)
        errors = errors_of(time, weight, AS_OF)
        stated.append((errors.p_12_months, errors.q50 or 0.0))
        found.append((float((time <= NOW + 1.0).mean()), float(np.median(time)) * 365.25))
    spread, mean = np.std(found, axis=0), np.mean(stated, axis=0)
    assert mean[0] == pytest.approx(spread[0], rel=0.35)
    assert mean[1] == pytest.approx(spread[1], rel=0.35)
