"""Backtests: what is scored, against whom, on simulated series whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from forecasts.dates.own import OwnModel
from forecasts.judging.backtest import LEADS, Backtest, backtest, calibration, lateness, scores
from forecasts.judging.baselines import BASELINES, no_change, recent_line, straight_line
from forecasts.judging.stacking import stacked_weights
from forecasts.priors.sets import Priors
from forecasts.series import Series, series, years
from tests.forecasts.examples import AS_OF, default_priors, indicator, measurement

RNG = np.random.default_rng(1)
DAYS = [date(2021 + i // 4, 1 + 3 * (i % 4), 10) for i in range(20)]


def line(doublings: float = 2.0, noise: float = 0.15) -> list[float]:
    """Readings every quarter that double `doublings` times a year, 2021 to 2025."""
    rng = np.random.default_rng(1)
    return [2.0 ** (8 + doublings * years(on) + noise * float(rng.standard_normal())) for on in DAYS]


def points(values: list[float], days: list[date] = DAYS) -> Series:
    return series(indicator(), [measurement(v, on) for v, on in zip(values, days, strict=True)], as_of=AS_OF)


def of(*shapes: str) -> Priors:
    """The default priors with a weight for these shapes alone: every shape is backtested in tests/slow."""
    given = default_priors()
    return replace(given, settings=replace(given.settings, weights=dict.fromkeys(shapes, 1.0)))


@pytest.fixture(scope="module")
def straight() -> Backtest:
    """A straight line with little scatter, known from the start."""
    readings = [measurement(v, on) for v, on in zip(line(), DAYS, strict=True)]
    return backtest(indicator(few_lag=False), readings, of("loglinear", "breakpoint"), as_of=AS_OF, seed=1)


def test_every_record_of_the_following_year_is_forecast_by_every_model(straight: Backtest) -> None:
    models = {case.model for case in straight.cases}
    assert {"loglinear", "breakpoint", "equal pool", "stacked pool", *BASELINES} <= models
    for case in straight.cases:
        assert 0 < case.lead <= 1.01
        assert case.on > case.origin
    counts = {model: sum(case.model == model for case in straight.cases) for model in models}
    assert len(set(counts.values())) == 1
    assert straight.origins == len({case.origin for case in straight.cases if case.basis == "measured again"})


def test_a_model_of_ones_own_is_pooled_with_the_shapes_by_what_it_has_earned(straight: Backtest) -> None:
    """Whoever knows the line is given the weight, and the pools without it stay as they are."""

    def draw(known: Series, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        del known
        return 8 + 2.0 * t + 0.15 * rng.standard_normal((1000, 1))

    readings = [measurement(v, on) for v, on in zip(line(), DAYS, strict=True)]
    knows = OwnModel(name="knows", author="a researcher", reason="made the line", draw=draw)
    about = indicator(few_lag=False)
    made = backtest(about, readings, of("loglinear", "breakpoint"), as_of=AS_OF, seed=1, own=[knows])
    rows, before = (
        {row.model: row for row in scores(one) if row.basis == "measured again"} for one in (made, straight)
    )
    assert {name: row for name, row in rows.items() if name in before} == before
    assert rows["knows"].crps < rows["stacked pool with own"].crps < rows["stacked pool"].crps


def test_on_a_straight_line_the_shapes_beat_no_change_and_are_covered(straight: Backtest) -> None:
    rows = {row.model: row for row in scores(straight) if row.basis == "measured again"}
    assert rows["equal pool"].crps < 0.4 * rows["no change"].crps
    # Where the truth is a straight line, whoever believes in nothing else is sharper, and the score says so.
    assert rows["straight line"].crps < rows["loglinear"].crps < 0.4 * rows["no change"].crps
    assert rows["equal pool"].covered_80 > 0.7
    assert abs(rows["loglinear"].bias) < 0.3
    assert rows["no change"].bias < -0.5
    assert set(calibration(straight)) == set(rows)


def test_three_to_twelve_months_are_the_two_later_leads_together(straight: Backtest) -> None:
    ours, basis = "equal pool", "measured again"
    later = [c for c in straight.cases if (c.model, c.basis) == (ours, basis) and c.lead > 0.25]
    (row,) = (row for row in scores(straight) if (row.model, row.basis) == (ours, basis))
    assert row.crps_3_12 == pytest.approx(np.mean([case.crps for case in later]), abs=1e-6)
    assert row.covered_80_3_12 == pytest.approx(np.mean([case.covered_80 for case in later]), abs=1e-6)


def test_dates_on_a_straight_line_are_hardly_late(straight: Backtest) -> None:
    late = {row.months_ahead: row.late for row in lateness(straight) if row.model == "loglinear"}
    assert set(late) == {6, 12, 18}
    assert all(months is not None and -4 < months < 6 for months in late.values())


def test_an_acceleration_makes_dates_late() -> None:
    """Half a doubling a year to 2024, then three: what the first years show is too slow, and scored as that."""
    values = [2.0 ** (0.5 * years(on) if years(on) < 0 else 3 * years(on)) for on in DAYS]
    readings = [measurement(v, on) for v, on in zip(values, DAYS, strict=True)]
    result = backtest(indicator(few_lag=False), readings, of("loglinear"), as_of=AS_OF, seed=1)
    late = {row.months_ahead: row.late for row in lateness(result) if row.model == "loglinear"}
    assert late[12] is None or late[12] > 6
    rows = {row.model: row for row in scores(result)}
    assert rows["loglinear"].bias < -0.5


def test_what_became_known_later_is_not_used_where_publications_suffice() -> None:
    """All readings were published in mid-2025; origins before that have nothing of their own."""
    readings = [
        replace(measurement(v, on), known_at=max(on, date(2025, 6, 1)))
        for v, on in zip(line(), DAYS, strict=True)
    ]
    result = backtest(indicator(), readings, of("loglinear"), as_of=AS_OF, seed=1)
    assert min(case.origin for case in result.cases if case.basis == "published then") == date(2025, 6, 1)
    assert min(case.origin for case in result.cases if case.basis == "measured again") == date(2024, 1, 1)


def test_the_lead_times_cover_the_year() -> None:
    ends = sorted(LEADS.values())
    assert ends[0][0] == 0
    assert ends[-1][1] == 1
    assert all(a[1] == b[0] for a, b in pairwise(ends))


def test_the_bootstrapped_line_is_the_least_squares_line() -> None:
    known = points(line())
    x, y = known.t[known.frontier], known.y[known.frontier]
    slope, intercept = np.polyfit(x, y, 1)
    drawn = straight_line(known, 3.0, np.random.default_rng(1))
    assert np.median(drawn) == pytest.approx(intercept + 3 * slope, abs=0.05)
    assert np.ptp(drawn) > 0


def test_the_recent_line_forgets_what_lies_before_2023() -> None:
    values = [2.0 ** (0.5 * years(on) if years(on) < -1 else 3 * years(on) + 2.5) for on in DAYS]
    known = points(values)
    drawn = np.median(recent_line(known, 3.0, np.random.default_rng(1)))
    assert drawn == pytest.approx(3 * 3.0 + 2.5, abs=0.1)
    assert np.median(straight_line(known, 3.0, np.random.default_rng(1))) < drawn - 1


def test_a_single_date_has_no_line_but_a_last_value() -> None:
    known = points([8.0, 2.0, 1.0], [date(2024, 5, 1), date(2024, 6, 1), date(2024, 7, 1)])
    assert straight_line(known, 3.0, RNG) == no_change(known, 3.0, RNG) == [3.0]


def test_stacking_finds_the_better_part_and_starts_equal() -> None:
    assert stacked_weights(np.zeros((0, 4))) == pytest.approx([0.25] * 4)
    good, poor = RNG.normal(-1, 0.1, 60), RNG.normal(-4, 0.1, 60)
    weights = stacked_weights(np.stack([good, poor, poor], axis=1))
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.85
    few = stacked_weights(np.stack([good, poor, poor], axis=1)[:2])
    assert 1 / 3 < few[0] < 0.6
