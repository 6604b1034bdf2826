"""Measurements to a series: intervals, bounds, direction, vintages, records, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.special import logit

from forecasts.series import Link, SeriesError, day, series, years
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement
from tests.forecasts.examples import AS_OF, YEARLY, doubling, indicator, measurement

PERCENT: dict[str, Any] = {"scale": "logit", "lower": 0.0, "upper": 100.0, "unit": "%"}


def of_values(*values: Any, **more: Any) -> list[Measurement]:
    """Values on successive New Year's days; a mapping gives a value with other fields."""
    made = []
    for on, value in zip(YEARLY, values, strict=False):
        fields = dict(value) if isinstance(value, dict) else {"value": value}
        made.append(measurement(fields.pop("value"), on, **{**more, **fields}))
    return made


def test_times_are_years_since_2024_and_come_back_as_days() -> None:
    assert years(date(2024, 1, 1)) == 0.0
    assert years(date(2028, 1, 1)) == 4.0
    for offset in range(-800, 10_000, 37):
        on = date(2024, 1, 1) + timedelta(days=offset)
        assert day(years(on)) == on


def test_values_become_doublings_in_order_of_time() -> None:
    made = series(indicator(), reversed(of_values(2, 4, 8, 16)), as_of=AS_OF)
    assert made.days == YEARLY
    assert made.y == pytest.approx([1, 2, 3, 4])
    assert (made.side == 0).all()
    assert made.frontier.all()


@pytest.mark.parametrize(
    ("fields", "value", "link"),
    [
        ({"scale": "log2"}, 8.0, 3.0),
        ({"scale": "log10"}, 1000.0, 3.0),
        ({"scale": "linear"}, -7.5, -7.5),
        (PERCENT, 75.0, float(logit(0.75))),
        ({"scale": "logit", "lower": 0.5, "upper": 1.0}, 0.75, 0.0),
    ],
)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_each_scale_goes_there_and_back(
    fields: dict[str, Any], value: float, link: float, direction: str
) -> None:
    scale = Link(indicator=indicator(**fields, direction=direction))
    assert scale.to(value) == pytest.approx(link if direction == "higher" else -link)
    assert scale.back(scale.to(value)) == pytest.approx(value)


def test_far_out_values_stay_finite_on_the_way_back() -> None:
    assert np.isfinite(Link(indicator=indicator()).back(np.array([-1e6, 1e6]))).all()


@pytest.mark.parametrize(("level", "z"), [(0.95, 1.959964), (0.90, 1.644854), (0.5, 0.674490)])
def test_an_interval_becomes_a_standard_deviation_by_its_own_level(level: float, z: float) -> None:
    """METR publishes 95 %, Epoch 90 %: the same ends mean different errors."""
    wide = {"value": 8.0, "low": 4.0, "high": 32.0, "interval": level}
    made = series(indicator(), of_values(2, 4, wide), as_of=AS_OF)
    assert made.s_low[2] == pytest.approx(1 / z, rel=1e-5)
    assert made.s_high[2] == pytest.approx(2 / z, rel=1e-5)


def test_real_intervals_are_read_at_the_published_level() -> None:
    records = facts.load(DATA).records
    indicators = {i.id: i for i in records if isinstance(i, Indicator)}
    values = [m for m in records if isinstance(m, Measurement)]
    for name, level, z in (("metr_p50_horizon", 0.95, 1.959964), ("epoch_eci", 0.90, 1.644854)):
        made = series(indicators[name], values, as_of=date(2026, 11, 25))
        link, point = made.link, int(np.flatnonzero((made.side == 0) & (made.s_low > 0))[-1])
        (source,) = [
            m
            for m in values
            if m.indicator == name
            and m.main
            and (m.system, m.observed_on, m.vintage)
            == (made.names[point], made.days[point], made.vintages[point])
        ]
        assert source.interval == level
        assert source.low is not None
        assert made.s_low[point] == pytest.approx((link.to(source.value) - link.to(source.low)) / z, rel=1e-5)


def test_one_sided_and_endless_intervals_borrow_the_other_side() -> None:
    made = series(
        indicator(),
        of_values(
            {"value": 2, "low": 1, "interval": 0.95}, {"value": 4, "low": 0, "high": 8, "interval": 0.95}, 8
        ),
        as_of=AS_OF,
    )
    assert made.s_high[:2] == pytest.approx(made.s_low[:2])
    assert made.s_low[2] == made.s_high[2] == 0.0
    assert any("no interval" in note for note in made.notes)


def test_an_interval_over_the_whole_scale_says_nothing() -> None:
    whole = {"value": 50, "low": 0, "high": 100, "interval": 0.95}
    made = series(indicator(**PERCENT), of_values(10, 30, whole), as_of=AS_OF)
    assert made.s_low[2] == made.s_high[2] == 0.0
    assert any("says nothing" in note for note in made.notes)


def test_bounds_and_values_beyond_the_reliable_range_are_censored() -> None:
    made = series(
        indicator(reliable_max=10.0),
        of_values({"value": 2, "bound": "at_most"}, 4, {"value": 8, "bound": "at_least"}, 16),
        as_of=AS_OF,
    )
    assert list(made.side) == [-1, 0, 1, 1]
    assert made.y[3] == pytest.approx(np.log2(10))
    assert list(made.frontier) == [False, True, True, True]
    assert any("above 10 minutes are censored" in note for note in made.notes)


def test_lower_is_more_flips_values_errors_and_bounds() -> None:
    falling = series(
        indicator(direction="lower"),
        of_values(
            16, {"value": 8, "low": 4, "high": 32, "interval": 0.95}, {"value": 4, "bound": "at_least"}
        ),
        as_of=AS_OF,
    )
    assert falling.y == pytest.approx([-4, -3, -2])
    assert falling.s_low[1] == pytest.approx(2 / 1.959964, rel=1e-5)
    assert falling.s_high[1] == pytest.approx(1 / 1.959964, rel=1e-5)
    assert falling.side[2] == -1
    assert list(falling.frontier) == [True, True, False]
    assert falling.from_link(falling.y) == pytest.approx([16, 8, 4])


def test_only_records_are_frontier_and_of_one_day_only_the_best() -> None:
    values = [
        *of_values(8, 4, 16),
        measurement(32.0, YEARLY[2], system="better"),
        measurement(32.0, YEARLY[3], system="equal"),
    ]
    made = series(indicator(), values, as_of=AS_OF)
    assert made.y == pytest.approx([3, 2, 5, 4, 5])
    assert list(made.frontier) == [True, False, True, False, False]


def test_a_vintage_counts_from_the_day_it_was_known() -> None:
    values = of_values(2, 4, 8)
    later = measurement(9.0, YEARLY[2], vintage="2", known_at=date(2025, 6, 1))
    before = series(indicator(), [*values, later], as_of=date(2025, 5, 31))
    after = series(indicator(), [later, *values], as_of=date(2025, 6, 1))
    assert before.y[2] == pytest.approx(3)
    assert after.y[2] == pytest.approx(np.log2(9))
    assert after.vintages[2] == "2"
    assert len(after) == 3


def test_side_readings_other_indicators_and_the_future_are_left_out() -> None:
    values = [
        *of_values(2, 4, 8),
        measurement(99.0, date(2024, 6, 1), main=False),
        measurement(99.0, date(2024, 6, 1), indicator="other"),
        measurement(99.0, date(2026, 6, 1), known_at=date(2025, 1, 1)),
    ]
    assert len(series(indicator(), values, as_of=AS_OF)) == 3


def test_shares_without_interval_take_the_binomial_error_and_all_or_nothing_half_a_success() -> None:
    made = series(indicator(**PERCENT), of_values(0, 50, 100, n=20), as_of=AS_OF)
    assert made.y == pytest.approx([logit(0.5 / 21), 0, logit(20.5 / 21)])
    assert made.s_low[1] == pytest.approx(1 / np.sqrt(20 * 0.25))
    assert made.s_low[0] == pytest.approx(made.s_low[2])


def test_where_keeps_points_and_their_flags() -> None:
    made = doubling()
    some = made.where(np.array([True, False, False, True]))
    assert some.names == (made.names[0], made.names[3])
    assert some.y == pytest.approx([1, 4])
    assert some.indicator == made.indicator


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "more", "words"),
    [
        ([], {}, "has 0 measurement.* needs at least 3"),
        ([2, 4], {}, "has 2 measurement"),
        ([5, 5, 5, 5], {}, "all 4 values are equal"),
        ([{"value": v, "bound": "at_least"} for v in (2, 4, 8)], {}, "every value .* is a bound"),
        ([20, 40, 80], {"reliable_max": 10.0}, "every value .* is a bound"),
        ([2, NAN, 8], {}, "nan is not a number.*observed 2023-01-01"),
        ([2, float("inf"), 8], {}, "inf is not a number"),
        ([2, {"value": 4, "low": NAN, "high": 8, "interval": 0.9}, 8], {}, "nan is not a number"),
        ([2, 0, 8], {}, "no place on a log2 scale; record it as a bound"),
        ([2, -1, 8], {"scale": "log10"}, "no place on a log10 scale"),
        ([2, 100, 8], PERCENT, "give n"),
        ([2, 4, 8], {"scale": "logit"}, "needs `lower` and `upper`"),
        ([2, 4, 8], {"scale": "logit", "lower": 1.0, "upper": 1.0}, "lower below upper"),
        ([2, {"value": 4, "low": 2, "high": 8}, 8], {}, "without their level; set `interval`"),
        ([2, {"value": 4, "low": 2, "high": 8, "interval": 95}, 8], {}, "without their level"),
        ([2, {"value": 4, "low": 5, "high": 8, "interval": 0.9}, 8], {}, "5 to 8 does not contain 4"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_a_sentence(
    values: list[Any], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(SeriesError, match=words):
        series(indicator(**more), of_values(*values), as_of=AS_OF)


def test_one_day_is_no_trend() -> None:
    values = [measurement(v, YEARLY[0], system=f"s{v}") for v in (2.0, 4.0, 8.0)]
    with pytest.raises(SeriesError, match="two dates or more"):
        series(indicator(), values, as_of=AS_OF)


def test_a_figure_at_an_end_of_the_scale_has_the_nearest_place_inside() -> None:
    link = Link(indicator=indicator(scale="logit", lower=0.0, upper=100.0))
    assert link.near(50.0) == link.to(50.0)
    assert link.near(100.0) == link.to(100.0 - 1e-4)
    assert link.near(0.0) == pytest.approx(-link.near(100.0))
