"""The two models put together: quantiles averaged, weights learnt, a belief about the pace, frozen settings."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import yaml
from scipy import stats

from forecasts.headline.forecast import forecast, pooled
from forecasts.headline.frozen import FrozenError, read_frozen
from forecasts.headline.learnt import LeadWeights, Learnt, learn
from forecasts.headline.pace import Pace, PaceError
from forecasts.headline.weights import GRID, Tried, weights_at
from forecasts.readings import Readings
from scorecard.clock import YEAR
from scorecard.places import DATA

T = np.linspace(0.0, 2.0, 17)
RISING = Readings(
    t=T,
    y=1.5 * T + 0.1 * np.random.default_rng(1).standard_normal(17),
    s=np.full(17, 0.1),
    exact=np.ones(17, dtype=bool),
)
AHEAD = 2.1 + np.arange(25) / 12


def test_quantiles_of_two_normals_average_to_the_normal_between() -> None:
    rng = np.random.default_rng(2)
    wide, narrow = 2.0 * rng.standard_normal((20000, 1)), 1.0 + 0.5 * rng.standard_normal((20000, 1))
    both = pooled([wide, narrow], np.array([0.5]))[:, 0]
    assert np.quantile(both, [0.1, 0.5, 0.9]) == pytest.approx(
        stats.norm.ppf([0.1, 0.5, 0.9], 0.5, 1.25), abs=0.05
    )


def test_paths_never_fall_stop_at_the_ceiling_and_repeat() -> None:
    known = Readings(t=RISING.t, y=RISING.y, s=RISING.s, exact=RISING.exact, ceiling=3.5)
    one, two = (forecast(known, Learnt(), AHEAD, rng=np.random.default_rng(3), draws=500) for _ in range(2))
    assert (np.diff(one.record, axis=1) >= 0).all()
    assert one.record.max() <= 3.5
    assert (one.record == two.record).all()


def test_fewer_than_two_records_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="two records"):
        forecast(RISING.where(np.arange(17) < 1), Learnt(), AHEAD, rng=np.random.default_rng(1))


def test_a_belief_moves_the_pace_and_one_that_contradicts_is_refused() -> None:
    free = forecast(RISING, Learnt(), AHEAD, rng=np.random.default_rng(4), draws=2000)
    slow = forecast(
        RISING, Learnt(), AHEAD, rng=np.random.default_rng(4), draws=2000, pace=Pace(median=0.8, spread=0.2)
    )
    assert np.median(slow.pace) < np.median(free.pace)
    assert np.median(slow.record[:, -1]) < np.median(free.record[:, -1])
    with pytest.raises(PaceError, match="almost nothing in common"):
        forecast(
            RISING,
            Learnt(),
            AHEAD,
            rng=np.random.default_rng(4),
            draws=500,
            pace=Pace(median=60.0, spread=0.05),
        )


def test_a_doubling_time_is_a_pace() -> None:
    belief = Pace.doubling(120, 90, 160, 1 / 0.58)
    assert belief.median == pytest.approx(0.58 * YEAR / 120)
    assert stats.norm.cdf(np.log(160 / 90) / 2 / belief.spread) == pytest.approx(0.9)
    with pytest.raises(PaceError, match="low < median < high"):
        Pace.doubling(90, 120, 160, 1.0)


def tried(series_id: str, best: float, resolved: float) -> Tried:
    return Tried(
        series=series_id,
        target="frontier",
        lead=0,
        resolved=resolved,
        crps=tuple(0.2 + (w - best) ** 2 for w in GRID),
    )


def test_weights_come_from_other_series_that_were_resolved_by_the_origin() -> None:
    cases = [tried(f"s{i}", 0.9, 0.5) for i in range(20)] + [tried("own", 0.0, 0.5)] * 50
    assert weights_at(cases, without="own", origin=1.0).frontier[0] > 0.7
    assert weights_at(cases, without="own", origin=0.4) == LeadWeights()
    assert weights_at(cases, without="own", origin=1.0).record == (0.5, 0.5, 0.5)


def test_what_is_learnt_goes_through_a_file_unchanged() -> None:
    learnt = learn([RISING] * 5, 2.1)
    assert learnt.rises.series == 5
    again = Learnt.from_plain(yaml.safe_load(yaml.safe_dump(learnt.plain())))
    assert again.plain() == learnt.plain()


def test_the_frozen_class_serves_no_day_before_it_was_known() -> None:
    held = read_frozen(DATA / "reference" / "class.yaml")
    assert held.of("metr_p50_horizon", date(2026, 11, 30)) != held.of("anything", date(2026, 11, 30))
    assert held.day(date(2025, 1, 1)) == date(2024, 12, 31)
    assert held.of("metr_p50_horizon", date(2025, 1, 1)) != held.of("metr_p50_horizon", date(2026, 11, 30))
    with pytest.raises(FrozenError, match="must not see"):
        held.of("metr_p50_horizon", date(2023, 12, 30))
