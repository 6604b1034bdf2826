"""Oversight against its bars, milestones with their scores, and re-tests, on small records with known answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import norm

from scorecard.evidence.facts import Facts, load
from scorecard.places import DATA
from scorecard.records import Event, Indicator, Measurement, Outlook, OversightArea, OversightBar, Source
from scorecard.thresholds.milestones import crps_of_dates, outcome_of, register, score
from scorecard.thresholds.oversight import (
    SET_UP_SD,
    SLOPE_SD,
    Bars,
    as_json,
    link,
    p_at_bar,
    p_late,
    posterior,
    standings,
)
from scorecard.thresholds.retests import retests, without_fresh_evidence
from tests.scorecard.examples import INDICATOR, KNOWN, PAPER, criterion, reading, run, threshold

DAY = date(2026, 11, 25)
CAUGHT = Indicator(
    id="caught",
    name="Caught",
    unit="percent",
    scale="logit",
    direction="higher",
    role="oversight",
    measures="share caught",
    lower=0.0,
    upper=100.0,
    **PAPER,
)
BAR = OversightBar(
    id="monitors.caught",
    area="monitors",
    indicator="caught",
    safer="higher",
    bar=90.0,
    author="the scorecard's defaults",
    rationale="an example",
    known_at=date(2026, 11, 21),
)


def held_in(facts: Facts) -> Bars:
    return Bars(facts.of(OversightArea), facts.of(OversightBar))


def caught(on: date, value: float) -> Measurement:
    return Measurement(
        indicator="caught", system="one", observed_on=on, vintage="2026-01", value=value, **PAPER
    )


def test_up_is_safer_whichever_way_the_indicator_runs() -> None:
    lower = replace(BAR, safer="lower", bar=1.0)
    assert link(CAUGHT, BAR, 90.0) == pytest.approx(np.log(9))
    assert link(CAUGHT, lower, 10.0) > link(CAUGHT, lower, 50.0)
    assert link(CAUGHT, lower, 0.0) < 10  # an end of the scale has a place


def test_the_posterior_of_two_readings_is_the_one_worked_by_hand() -> None:
    """Level and slope by the normal equations; with one reading the slope stays as it was before."""
    one = [caught(DAY, 50.0)]
    mean, covariance = posterior(CAUGHT, BAR, one, DAY)
    assert mean == pytest.approx([0.0, 0.0])
    assert covariance[1, 1] == pytest.approx(SLOPE_SD**2)
    two = [caught(DAY - timedelta(days=731), 50.0), caught(DAY, 90.0)]
    mean, covariance = posterior(CAUGHT, BAR, two, DAY)
    assert 0 < mean[1] < np.log(9) / 2
    assert covariance[1, 1] < SLOPE_SD**2


def test_the_race_matches_a_simulation_of_it() -> None:
    rng, n = np.random.default_rng(1), 200_000
    readings = [caught(DAY - timedelta(days=731), 50.0), caught(DAY - timedelta(days=200), 80.0)]
    mean, covariance = posterior(CAUGHT, BAR, readings, DAY)
    target, forecast = link(CAUGHT, BAR, 90.0), run(DAY)
    found = p_late(mean, covariance, target, forecast, DAY)
    cdf = forecast.quoted.cdf
    t = np.array([(d - DAY).days / 365.25 for d in cdf.dates])
    mass = np.diff(np.array(cdf.p), prepend=0.0)
    crossing = rng.choice(np.append(t, np.inf), size=n, p=np.append(mass, 1 - mass.sum()))
    # P(at the bar by t) never falls, so its inverse at a uniform draw is a time of reaching it.
    reached = np.searchsorted(p_at_bar(mean, covariance, target, t), rng.random(n))
    when = np.append(t, np.inf)[reached]
    assert found == pytest.approx(float(((crossing < when) & np.isfinite(crossing)).mean()), abs=0.005)


def test_the_chance_at_the_bar_is_normal_and_never_falls() -> None:
    mean, covariance = np.array([0.0, -1.0]), np.diag([0.5, 0.1])
    t = np.linspace(0, 5, 20)
    p = p_at_bar(mean, covariance, 0.3, t)
    assert p[0] == pytest.approx(norm.cdf(-0.3 / np.sqrt(0.5 + SET_UP_SD**2)))
    assert (np.diff(p) >= 0).all()


def test_every_area_on_record_names_indicators_that_exist_and_says_what_is_missing() -> None:
    facts = load(DATA)
    indicators = {i.id: i for i in facts.of(Indicator)}
    held = held_in(facts)
    wanted = {
        "monitorability",
        "weak_to_strong",
        "monitors",
        "poisoning",
        "red_team_bio",
        "red_team_chem",
        "red_team_cyber",
        "red_team_agents",
        "replication",
        "sandbagging",
    }
    assert wanted <= {area.id for area in held.areas}
    assert all(area.missing for area in held.areas)
    assert {bar.indicator for area in held.areas for bar in held.of(area)} <= set(indicators)
    found = standings(indicators, facts.of(Measurement), run(DAY, threshold=held.capability), held, as_of=DAY)
    numbers = {one.area.id for one in found if one.newest is not None}
    assert wanted - {"red_team_cyber"} <= numbers
    assert all(one.p_late is not None and 0 <= one.p_late <= 1 for one in found if one.newest)
    json.dumps([as_json(one) for one in found])
    shade = next(one for one in found if one.bar.indicator == "shade_sabotage")
    assert shade.trend == "getting safer"


def test_without_a_forecast_there_is_no_race() -> None:
    facts = load(DATA)
    found = standings(
        {i.id: i for i in facts.of(Indicator)}, facts.of(Measurement), None, held_in(facts), as_of=DAY
    )
    assert all(one.p_late is None for one in found)
    assert any(one.p_at_bar is not None for one in found)


# ---- milestones


def outlook(id: str, **more: object) -> Outlook:
    fields = {
        "id": id,
        "event": "goal",
        "kind": "forecast",
        "who": "a forecaster",
        "organisation": "Lab",
        "said_on": KNOWN,
        "statement": "It will.",
        **PAPER,
    }
    return Outlook(**{**fields, **more})


EVENT = Event(id="goal", name="A goal", criteria="It happens.", threshold="lab.high", **PAPER)


def test_a_probability_scores_once_it_is_resolved() -> None:
    met = {"status": "met", "resolved_on": "2026-06-01"}
    one = outlook("a", probability=0.8, target_on=date(2026, 12, 31), resolution=met)
    assert outcome_of(one, DAY) == "happened"
    assert outcome_of(one, date(2026, 5, 1)) == "open"  # not known yet on that day
    assert score(one, "happened") == pytest.approx({"brier": 0.04, "log": -np.log(0.8)})
    assert score(one, "not happened")["brier"] == pytest.approx(0.64)
    assert score(one, "open") == {}


def test_a_declaration_is_not_evidence_and_a_day_past_is_not_a_miss() -> None:
    said = outlook(
        "a", target_on=date(2026, 9, 30), resolution={"status": "declared_met", "declared_on": "2026-09-06"}
    )
    assert outcome_of(said, DAY) == "declared"
    assert score(said, "declared") == {}
    assert outcome_of(outlook("b", target_on=date(2026, 9, 30)), DAY) == "overdue"
    assert outcome_of(outlook("c", kind="observation"), DAY) == "said"


def test_a_date_scores_by_its_quantiles() -> None:
    """A single median scores the distance; a forecast that was right to the day scores nothing."""
    on = date(2027, 1, 1)
    assert crps_of_dates({"p50": "2027-01-01"}, on) == 0.0
    assert crps_of_dates({"p50": "2028-01-01"}, on) == pytest.approx(365 / 365.25)
    assert crps_of_dates({"p10": "2026-01-01", "p90": "2028-01-01"}, on) == pytest.approx(0.2, rel=0.01)
    with pytest.raises(ValueError, match="at least one quantile"):
        crps_of_dates({"p50": {"value": 1}}, on)


def test_our_probability_stands_beside_theirs() -> None:
    """The example's distribution rises from 10 % to 90 % in ten years, so half way it says 50 %."""
    forecast = run(DAY)
    by = DAY.replace(year=DAY.year + 5)
    rows = register([EVENT], [outlook("a", probability=0.3, target_on=by)], {"lab.high": forecast}, as_of=DAY)
    assert rows[0].ours == pytest.approx(0.5)
    assert rows[0].run == forecast.id
    none = register([EVENT], [outlook("a", probability=0.3, target_on=by)], {}, as_of=DAY)
    assert none[0].ours is None
    json.dumps(rows[0].as_json())


def test_the_register_on_record_holds_the_goals_that_the_project_is_about() -> None:
    facts = load(DATA)
    rows = {r.outlook.id: r for r in register(facts.of(Event), facts.of(Outlook), {}, as_of=DAY)}
    assert rows["altman_intern_2026"].outcome == "declared"
    assert rows["altman_researcher_2028"].by == date(2028, 3, 31)
    assert rows["clark_2028"].outlook.probability == 0.6
    assert rows["amodei_90_code"].outcome == "not happened"
    sources = {s.id for s in facts.of(Source)}
    assert all(r.outlook.source in sources and r.event.criteria for r in rows.values())


# ---- re-tests


def test_an_old_reading_is_due_and_a_threshold_with_nothing_else_has_no_fresh_evidence() -> None:
    readings = [reading("one", date(2025, 3, 1), 60.0)]
    (one,) = retests([criterion()], [INDICATOR], readings)
    assert one.due == date(2025, 3, 1) + timedelta(days=180)
    assert one.overdue(DAY)
    assert not one.overdue(date(2025, 4, 1))
    stale = without_fresh_evidence([threshold(), threshold("lab.other")], [one], DAY)
    assert "overdue" in stale["lab.high"]
    assert "nobody can measure" in stale["lab.other"]
    assert without_fresh_evidence([threshold()], [one], date(2025, 4, 1)) == {}
