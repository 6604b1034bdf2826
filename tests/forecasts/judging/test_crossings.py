"""Crossings that happened, seen from days before: which count, and how a forecast of an earlier day is scored."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from forecasts.judging.crossings import first_crossings, score_crossings
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Criterion, Determination, ForecastRun, Measurement, NoForecast
from tests.scorecard.examples import determination, run


def test_the_first_finding_of_each_threshold_that_is_measured_counts() -> None:
    found = [
        determination("not_crossed", date(2026, 1, 1), id="a"),
        determination("precautionary", date(2026, 3, 1), id="b"),
        determination("crossed", date(2026, 4, 1), id="c"),
        determination("crossed", date(2026, 2, 1), id="d", threshold="lab.low"),
        determination("crossed", date(2026, 2, 1), id="e", threshold="lab.unmeasured"),
    ]
    assert [d.id for d in first_crossings(found, ["lab.high", "lab.low"])] == ["d", "b"]


def test_an_earlier_day_s_chance_is_scored_on_what_happened() -> None:
    crossing = determination("crossed", date(2026, 6, 1))
    asked: list[date] = []

    def forecast(threshold: str, origin: date) -> ForecastRun | None:
        assert threshold == "lab.high"
        asked.append(origin)
        if len(asked) == 2:
            return None
        if len(asked) == 3:
            return replace(run(), publishable=False, result=NoForecast(message="two readings", left_out={}))
        return replace(run(as_of=origin))

    first, second, third = score_crossings([crossing], forecast, (30, 90, 180))
    assert asked == [date(2026, 5, 2), date(2026, 3, 3), date(2025, 12, 3)]
    assert first.by_then is not None
    assert first.already is not None
    assert 0 < first.already <= first.by_then < 1
    told = first.as_json()
    assert told["brier"] == pytest.approx((1 - first.by_then) ** 2)
    assert told["log"] == pytest.approx(-math.log(first.by_then))
    assert (second.by_then, second.as_json()["brier"]) == (None, None)
    assert "public by then" in second.reason
    assert third.reason == "two readings"


def test_the_four_crossings_on_record_and_what_was_public_before_each() -> None:
    facts = load(DATA)
    criteria = facts.of(Criterion)
    crossings = first_crossings(
        [r for r in facts.records if isinstance(r, Determination)], {c.threshold for c in criteria}
    )
    assert [(d.threshold, d.determined_on) for d in crossings] == [
        ("anthropic.rsp2_2.cbrn_3", date(2025, 5, 22)),
        ("openai.pf2.bio_chem.high", date(2025, 7, 17)),
        ("openai.pf2.cyber.high", date(2026, 2, 5)),
        ("openai.pf2.cyber.critical", date(2026, 9, 3)),
    ]
    measured = {d.threshold: {c.indicator for c in criteria if c.threshold == d.threshold} for d in crossings}
    for d in crossings:
        readings = [m for m in facts.of(Measurement) if m.indicator in measured[d.threshold] and m.main]
        assert len(readings) >= 3, d.threshold
        assert all("after the developer" in c.rationale for c in criteria if c.threshold == d.threshold)
