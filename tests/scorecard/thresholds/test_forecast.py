"""Reading a stored run for a day: interpolation, deadlines, words."""

from __future__ import annotations

from datetime import date

import pytest

from scorecard.clock import plus_months
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Deadline
from scorecard.thresholds.calendar import Calendar
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from tests.scorecard.examples import run

CALENDAR = Calendar(tuple(sorted(load(DATA).of(Deadline), key=lambda one: one.day)))


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost certainly not"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "about as likely as not"),
        (0.8, "likely"),
        (0.95, "very likely"),
        (0.995, "almost certain"),
    ],
)
def test_words_follow_the_figure(p: float, word: str) -> None:
    assert in_words(p) == word


def test_probability_is_linear_between_grid_points_and_flat_outside() -> None:
    stored = run(date(2026, 2, 1))
    assert stored.quoted.p_by(date(2020, 1, 1)) == 0.1
    assert stored.quoted.p_by(date(2026, 2, 1)) == 0.1
    assert stored.quoted.p_by(date(2027, 2, 1)) == pytest.approx(0.18)
    assert stored.quoted.p_by(date(2099, 1, 1)) == pytest.approx(0.9)


def test_deadlines_already_past_are_left_out() -> None:
    forecast = Forecast.of(run(date(2028, 6, 1)), date(2028, 6, 1), CALENDAR)
    assert [on for on, _, _ in forecast.p_by] == [date(2028, 12, 31), date(2030, 12, 31)]


def test_a_quantile_beyond_the_horizon_is_no_date() -> None:
    forecast = Forecast.of(run(), date(2026, 2, 1), CALENDAR)
    assert forecast.q90 is None
    assert forecast.p_beyond_horizon == 0.1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_months_end_on_a_day_that_exists(day: date, months: int, expected: date) -> None:
    assert plus_months(day, months) == expected
