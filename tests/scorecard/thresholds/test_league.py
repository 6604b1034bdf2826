"""The league and the tests of revisions against hand counts and simulated truth; the shipped outcomes on their day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from math import inf, isnan
from typing import Any

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from scorecard.places import HOME
from scorecard.records import JudgedSeries
from scorecard.store import Store
from scorecard.thresholds.pooling import FLOOR
from scorecard.thresholds.quoted.league import LINE, OURS, ScoredForecast, league, revisions
from scorecard.thresholds.quoted.outcomes import (
    found_by,
    held,
    how_late,
    live,
    packed,
    reliability,
    resolved,
    sentence,
    unpacked,
)
from tests.scorecard.examples import determination

DAY = date(2025, 1, 1)


def asked(series: str, scores: dict[str, float], **more: Any) -> ScoredForecast:
    fields: dict[str, Any] = {"kind": "value", "origin": DAY, "lead": 12.0, "resolved": date(2026, 1, 1)}
    return ScoredForecast(**{**fields, **more}, series=series, scores=scores)


def test_a_ratio_is_geometric_over_series_and_of_shared_questions_only() -> None:
    rows = [
        asked("one", {OURS: 1.0, LINE: 2.0, "other": 1.0}),
        asked("one", {OURS: 3.0, LINE: 6.0}),
        asked("two", {OURS: 4.0, LINE: 2.0, "other": 1.0}),
    ]
    found = {row.forecaster: row for row in league(rows, "value")}
    assert found[OURS].to_line.value == pytest.approx(np.sqrt(0.5 * 2))
    assert found["other"].to_ours.value == pytest.approx(np.sqrt(1.0 * 0.25))  # without the second question
    assert found["other"].to_line.value == pytest.approx(np.sqrt(0.5 * 0.5))
    assert (found["other"].questions, found["other"].series) == (2, 2)
    assert found[OURS].to_line.low is None, "two series bear no interval"
    assert [row.forecaster for row in league(rows, "value")] == ["other", LINE, OURS]


def test_an_interval_over_series_is_that_of_a_bootstrap_by_hand() -> None:
    ratios = np.array([0.5, 0.8, 1.0, 1.1, 0.6, 0.9])
    rows = [asked(f"s{i}", {OURS: ratio, LINE: 1.0}) for i, ratio in enumerate(ratios)]
    (ours, line) = league(rows, "value")
    means = [np.log(np.random.default_rng(seed).choice(ratios, len(ratios))).mean() for seed in range(4000)]
    assert ours.to_line.low == pytest.approx(np.exp(np.quantile(means, 0.025)), abs=0.02)
    assert ours.to_line.high == pytest.approx(np.exp(np.quantile(means, 0.975)), abs=0.02)
    assert (line.to_line.value, line.to_line.low, line.to_line.high) == (1.0, 1.0, 1.0)


def test_chances_are_compared_by_their_difference() -> None:
    rows = [
        asked("one", {OURS: 0.04, LINE: 0.25}, kind="level"),
        asked("one", {OURS: 0.16, LINE: 0.25}, kind="level"),
        asked("two", {OURS: 0.0, LINE: 0.25}, kind="level"),
    ]
    line = next(row for row in league(rows, "level") if row.forecaster == LINE)
    assert line.to_ours.value == pytest.approx(0.25 - 0.2 / 3)
    assert isnan(league([asked("one", {"a": 1.0})], "value")[0].to_ours.value)


def in_logs(brier: float) -> float:
    (row,) = league([asked("one", {OURS: brier}, kind="level")], "level")
    return row.log_score


@given(st.floats(0.01, 0.99), st.booleans())
def test_the_log_score_of_a_chance_is_that_of_scoringrules(said: float, happened: bool) -> None:
    theirs = float(scoringrules.log_score(float(happened), said))
    assert in_logs((said - happened) ** 2) == pytest.approx(theirs, abs=1e-4)


def test_a_certainty_that_failed_scores_the_floor_and_is_counted() -> None:
    """One forecaster said never, and it came; another said one in two of both."""
    rows = [
        asked("one", {OURS: 1.0, LINE: 0.25}, kind="level", said=0.0, happened=1.0),
        asked("two", {OURS: 0.0, LINE: 0.25}, kind="level", said=0.0, happened=0.0),
        asked("two", {OURS: (1 - FLOOR) ** 2}, kind="level", said=FLOOR, happened=1.0),
    ]
    ours, line = (next(r for r in league(rows, "level") if r.forecaster == who) for who in (OURS, LINE))
    assert ours.log_score == pytest.approx(-(2 * np.log(FLOOR) + np.log1p(-FLOOR)) / 3)
    assert (ours.floored, line.floored) == (1, 0), "who says as much as the floor is not lifted to it"
    assert line.log_score == pytest.approx(np.log(2))
    # On the two questions of both: log 2 each, against a certainty that failed and one that did not.
    assert line.log_to_ours.value == pytest.approx(np.log(2) + (np.log(FLOOR) + np.log1p(-FLOOR)) / 2)
    assert isnan(league([asked("one", {OURS: 1.0})], "value")[0].log_score)


def test_the_log_score_is_best_for_who_says_what_is_true() -> None:
    """Its mean over a frequency q is the closed form -q log p - (1 - q) log (1 - p), least at p = q."""
    often, chances = 0.3, np.linspace(0.05, 0.95, 19)
    means = [often * in_logs((1 - p) ** 2) + (1 - often) * in_logs(p**2) for p in chances]
    closed = -often * np.log(chances) - (1 - often) * np.log1p(-chances)
    assert means == pytest.approx(closed, abs=1e-4)
    assert chances[np.argmin(means)] == pytest.approx(often)


def simulated(rng: np.random.Generator, learnt: float) -> list[ScoredForecast]:
    """A value in four parts, one known at each origin; a forecaster who takes in `learnt` of the news."""
    rows = []
    for place in range(30):
        for month in range(1, 13):
            known, middle, late, rest = rng.normal(0.5, 0.5), *rng.normal(0, 0.5, 3)
            truth = known + middle + late + rest
            medians = (known, known + learnt * middle, known + middle + learnt * late)
            for lead, median in zip((12, 6, 3), medians, strict=True):
                end = date(2026, month, 1)
                origin = date.fromordinal(end.toordinal() - 30 * lead)
                one = asked(f"s{place}", {OURS: 1.0}, lead=float(lead), resolved=end, origin=origin)
                rows.append(
                    ScoredForecast(
                        **{
                            **{name: getattr(one, name) for name in one.__slots__},
                            "median": median,
                            "happened": truth,
                            "floor": 0.0,
                        }
                    )
                )
    return rows


def test_an_unbiased_forecaster_who_uses_all_news_passes_both_tests() -> None:
    found = revisions(simulated(np.random.default_rng(1), 1.0))
    assert found.forecasts == found.revised == 360
    for estimate, right in ((found.slope, 1.0), (found.intercept, 0.0), (found.successive, 0.0)):
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= right <= estimate.high


def test_one_who_takes_in_news_late_is_found_by_the_next_revision() -> None:
    found = revisions(simulated(np.random.default_rng(2), 0.5))
    assert found.successive.low is not None
    assert found.successive.low > 0.2


def test_a_slope_is_least_squares() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 8))
    rows = [
        asked("s", {OURS: 1.0}, median=a + 2, happened=b + 2, floor=2.0, resolved=date(2026, 1, 1 + i))
        for i, (a, b) in enumerate(zip(x, y, strict=True))
    ]
    slope, intercept = np.polyfit(x, y, 1)
    found = revisions(rows)
    assert (found.slope.value, found.intercept.value) == pytest.approx((slope, intercept))
    assert found.revised == 0
    assert isnan(found.successive.value)


def test_a_day_sees_only_what_had_been_resolved_by_it(published: Store) -> None:
    early, late = (of_class(published, day) for day in (date(2025, 6, 1), date(2026, 11, 30)))
    assert 0 < len(early) < len(late)
    assert max(one.resolved for one in early) <= date(2025, 6, 1)
    assert of_class(published, date(2024, 1, 31)) == ()
    assert "not known on this day" in sentence(of_class(published, date(2024, 1, 31)))


def of_class(store: Store, day: date) -> tuple[ScoredForecast, ...]:
    with store.view(as_of=day) as known:
        return resolved(known, day)


def test_what_is_packed_for_the_record_is_unpacked_as_it_was() -> None:
    plain = asked(
        "s", {OURS: 0.25, "fair line": 0.5}, median=1.5, happened=2.0, floor=1.0, resolved=date(2026, 1, 1)
    )
    rows = [plain, replace(plain, kind="date", median=inf, happened=inf, low=1.0, high=inf)]
    series = JudgedSeries(
        series="s", known_at=date(2026, 1, 1), model_version="1", retired=False, rise=1.0, asked=packed(rows)
    )
    told = json.loads(json.dumps(series.asked, allow_nan=False))
    # As text: nan equals nothing, itself included.
    assert repr(list(unpacked(replace(series, asked=told)))) == repr(rows)


def test_the_shipped_outcomes_say_what_the_record_in_docs_says(published: Store) -> None:
    found = of_class(published, date(2026, 11, 30))
    record = (HOME / "docs" / "track-record.md").read_text(encoding="utf-8")
    ours = next(row for row in league(live(found), "value") if row.forecaster == OURS)
    assert f"| frontier 3 to 12 months | .80 | {str(ours.to_line).replace('0.', '.')} | met |" in record
    whole = reliability(found)[-1]
    assert (
        f"P(level in 12 months) against frequency | gap .05 | {whole.said:.2f} against {whole.happened:.2f}".replace(
            " 0.", " ."
        )
        in record
    )
    year = next(row for row in held(found) if (row.lead, row.year) == (12, None))
    assert f"| 80 % interval holds at 12 months | 75 to 87 % | {100 * year.inside[1]:.0f} % | met |" in record
    late = how_late(found)
    assert f"12 months | 3 / 3 / 9 | 1.5 / {late.late:.1f}" in record.replace(
        "6 / 12 / 18 months", "12 months"
    )
    assert sentence(found) in record
    line = next(row for row in league(live(found), "level") if row.forecaster == LINE)
    gap = line.log_to_ours
    assert f"METR's line {line.log_score:.3f} ({gap.value:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}])" in record


def test_a_finding_resolves_and_silence_does_not() -> None:
    after, by = date(2026, 1, 1), date(2026, 7, 1)
    said_no = determination("not_crossed", date(2026, 3, 1))
    said_yes = determination("crossed", date(2026, 4, 1))
    asked_for = {"after": after, "by": by}
    assert found_by([], "lab.high", **asked_for, as_of=date(2026, 8, 1)) == (None, None)
    assert found_by([said_no], "lab.high", **asked_for, as_of=date(2026, 6, 1)) == (None, None)
    assert found_by([said_no], "lab.high", **asked_for, as_of=by) == (False, said_no)
    assert found_by([said_no, said_yes], "lab.high", **asked_for, as_of=date(2026, 5, 1)) == (True, said_yes)
    assert found_by([said_yes], "lab.other", **asked_for, as_of=by) == (None, None)
