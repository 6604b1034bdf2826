"""Why a chance is what it is, how sure one can be, and when it is no headline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from scorecard.records import CriterionResult, ForecastResult, Quantiles
from scorecard.thresholds.quoted.explanation import because, grounds, leading, withheld
from tests.scorecard.examples import INDICATOR, result

AS_OF = date(2026, 2, 1)


def measured(**more: Any) -> CriterionResult:
    fields: dict[str, Any] = {
        "q10": None,
        "q50": date(2027, 5, 1),
        "q90": None,
        "p_now": 0.1,
        "p_12_months": 0.3,
        "p_beyond_horizon": 0.2,
        "weight": 1.0,
        "indicator": INDICATOR.id,
        "level": Quantiles(q10=600.0, q50=2400.0, q90=9600.0, unit="minutes"),
        "model": "headline",
        "readings": 20,
        "now": Quantiles(q10=100.0, q50=240.0, q90=500.0, unit="minutes"),
        "measured_p_now": 0.1,
        "measured_p_12_months": 0.3,
    }
    return CriterionResult(**{**fields, **more})


def said(**more: Any) -> ForecastResult:
    plain = {"by_criterion": {"a": measured()}, "q50": date(2027, 5, 1), "as_of": AS_OF}
    return result(**{**plain, **more})


def test_the_reason_names_where_it_stands_what_is_asked_and_when_it_comes() -> None:
    words = because(said(), {INDICATOR.id: INDICATOR}, AS_OF)
    assert words == f"{INDICATOR.name}, about 4 h now, would reach the 40 h asked for in May 2027."
    never = said(by_criterion={"a": measured(q50=None)})
    assert "would not reach the 40 h asked for by 2036" in because(never, {INDICATOR.id: INDICATOR}, AS_OF)


def test_of_routes_the_one_that_decides_leads() -> None:
    two = {"near": measured(route="1", p_12_months=0.6), "far": measured(route="2", p_12_months=0.05)}
    assert leading(said(by_criterion=two, rule="any")) == two["near"]
    assert leading(said(by_criterion=two, rule="all")) == two["far"]
    alike = {"light": measured(weight=0.2, p_12_months=0.9), "heavy": measured(weight=0.8)}
    assert leading(said(by_criterion=alike)) == alike["heavy"]


def test_confidence_falls_with_each_stated_reason() -> None:
    sure = grounds(said(), newest_age=30, retest_days=180)
    assert (sure.confidence, sure.lowered_by) == ("high", ())
    old = grounds(said(), newest_age=200, retest_days=180)
    assert (old.confidence, len(old.lowered_by)) == ("moderate", 1)
    far = grounds(said(q50=date(2031, 1, 1)), newest_age=30, retest_days=180)
    assert "further ahead" in far.words
    few = said(by_criterion={"a": measured(readings=2, model="few readings")}, weight_used=0.6)
    low = grounds(few, newest_age=30, retest_days=180)
    assert (low.confidence, len(low.lowered_by)) == ("low", 3)
    apart = {"a": measured(measured_p_12_months=0.9), "b": measured(measured_p_12_months=0.1)}
    assert "80 % apart" in grounds(said(by_criterion=apart), newest_age=30, retest_days=180).words


def test_below_half_of_the_measurement_a_number_is_no_headline() -> None:
    assert withheld(said(weight_used=0.5), {INDICATOR.id: INDICATOR}) == ""
    why = withheld(replace(said(), weight_used=0.2), {INDICATOR.id: INDICATOR})
    assert why == f"partial: rests on 20 % of the agreed measurement ({INDICATOR.name})"
