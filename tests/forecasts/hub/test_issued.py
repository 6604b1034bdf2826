"""Issued forecasts are scored on what was read and found later, and by what each day knew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasts.hub.issued import IssuedScores, score_issued, score_outside
from forecasts.hub.scoring import quantile_score
from forecasts.hub.tasks import LEVELS
from scorecard.clock import plus_months
from scorecard.records import Cdf, Event, Fan, ForecastRun, Issue, Outlook
from scorecard.thresholds.milestones import register
from scorecard.thresholds.quoted.league import LINE, OURS
from tests.scorecard.examples import INDICATOR, KNOWN, determination, reading, result, run

ORIGIN, TODAY = date(2026, 2, 1), date(2026, 9, 1)
FAN = Fan(
    dates=(ORIGIN, plus_months(ORIGIN, 24)),
    q10=(100.0, 100.0),
    q25=(150.0, 150.0),
    q50=(200.0, 200.0),
    q75=(400.0, 400.0),
    q90=(800.0, 800.0),
)
CDF = Cdf(dates=(ORIGIN, plus_months(ORIGIN, 12)), p=(0.0, 1.0))
RUN = run(as_of=ORIGIN, id="run-february", result=result(ORIGIN, fans={"horizon": FAN}, cdf=CDF))
THEN = [
    reading(name, on, value, known_at=on)
    for name, on, value in (
        ("a", date(2025, 1, 1), 25.0),
        ("b", date(2025, 5, 1), 50.0),
        ("c", date(2025, 9, 1), 100.0),
        ("d", date(2026, 1, 1), 200.0),
    )
]
LATER = [*THEN, reading("e", date(2026, 4, 1), 800.0, known_at=date(2026, 5, 20))]
ISSUE = Issue(id="2026-02-01", due_on=ORIGIN, runs=(RUN.id,), head="h", note="on its day", known_at=ORIGIN)


def scored(
    issues: tuple[Issue, ...] = (ISSUE,), findings: tuple[str, ...] = (), one: ForecastRun = RUN
) -> IssuedScores:
    found = [determination(what, date(2026, 3, 15)) for what in findings]
    known = {ORIGIN: {"horizon": THEN}, TODAY: {"horizon": LATER}}
    return score_issued(issues, [one], {"horizon": INDICATOR}, known, found, as_of=TODAY)


def told(value: float) -> Fan:
    """A forecast that gives one value whatever is asked, two years on."""
    flat = (value, value)
    return replace(FAN, q10=flat, q25=flat, q50=flat, q75=flat, q90=flat)


def test_values_are_scored_by_what_was_read_later_and_the_rest_waits() -> None:
    found = scored()
    assert [one.lead for one in found.resolved] == [3, 6]
    three = found.resolved[0]
    logs = np.log2([100.0, 150.0, 200.0, 400.0, 800.0])
    assert three.scores[OURS] == pytest.approx(2 * quantile_score(LEVELS, logs, np.log2(800.0)))
    assert (three.happened, three.floor) == pytest.approx((np.log2(800.0), np.log2(200.0)))
    assert set(three.scores) == {OURS, LINE, "no change", "own past rises"}
    assert not three.reconstructed
    # A year ahead the value waits, and so do the chances: nobody has spoken.
    assert (found.waiting, found.until) == (2, date(2027, 2, 1))


def test_a_value_is_what_is_read_of_a_system_where_the_run_tells_it() -> None:
    """The truth is the best published reading, so the best true ability is no forecast of it."""
    published = result(ORIGIN, fans={"horizon": FAN}, published={"horizon": told(800.0)}, cdf=CDF)
    found = scored(one=run(as_of=ORIGIN, id=RUN.id, result=published))
    assert [one.scores[OURS] for one in found.resolved if one.kind == "value"] == pytest.approx([0.0, 0.0])


def test_every_record_of_the_next_year_is_scored_by_the_reading_told_for_its_day() -> None:
    """One record came, four times the last; a reading that was higher then but taken before the day is none."""
    with_record = result(ORIGIN, fans={"horizon": FAN}, next_record={"horizon": told(400.0)}, cdf=CDF)
    found = scored(one=run(as_of=ORIGIN, id=RUN.id, result=with_record))
    (record,) = [one for one in found.resolved if one.kind == "record"]
    assert record.resolved == date(2026, 4, 1)
    assert record.lead == pytest.approx(12 * 59 / 365.25, abs=0.01)
    off = 1.0  # doublings from 400 to 800, and two from 200
    assert record.scores[OURS] == pytest.approx(2 * np.mean([a * off for a in LEVELS]))
    assert record.scores["no change"] == pytest.approx(2 * np.mean([a * 2 * off for a in LEVELS]))
    assert set(record.scores) == {OURS, LINE, "no change", "own past rises"}
    late = [*LATER, reading("f", date(2026, 1, 20), 900.0, known_at=date(2026, 6, 1))]
    again = score_issued(
        (ISSUE,),
        [run(as_of=ORIGIN, id=RUN.id, result=with_record)],
        {"horizon": INDICATOR},
        {ORIGIN: {"horizon": THEN}, TODAY: {"horizon": late}},
        [],
        as_of=TODAY,
    )
    assert not [one for one in again.resolved if one.kind == "record"]
    assert not [one for one in scored().resolved if one.kind == "record"], "runs of before are asked for none"


def test_no_change_is_the_record_of_the_day() -> None:
    off = 2.0  # doublings from 200 to 800
    three = scored().resolved[0]
    assert three.scores["no change"] == pytest.approx(2 * np.mean([a * off for a in LEVELS]))


def test_a_run_that_was_not_issued_counts_as_reconstructed() -> None:
    found = scored(issues=())
    assert found.days == found.reconstructed == (ORIGIN,)
    assert all(one.reconstructed for one in found.resolved)


def test_a_crossing_is_scored_once_its_developer_has_spoken() -> None:
    crossings = [one for one in scored(findings=("crossed",)).resolved if one.kind == "crossing"]
    assert [one.lead for one in crossings] == [3, 6, 12]
    assert crossings[0].scores[OURS] == pytest.approx((1 - RUN.quoted.p_by(date(2026, 5, 1))) ** 2)
    not_yet = [one for one in scored(findings=("not_crossed",)).resolved if one.kind == "crossing"]
    assert [one.lead for one in not_yet] == [3, 6]
    assert not_yet[0].scores[OURS] == pytest.approx(RUN.quoted.p_by(date(2026, 5, 1)) ** 2)


def test_another_forecasters_resolved_chance_stands_beside_ours_of_the_day() -> None:
    event = Event(
        id="e",
        name="It happens",
        criteria="It does.",
        threshold="lab.high",
        source="paper",
        grade="primary",
        known_at=KNOWN,
    )
    stated = [
        Outlook(
            id=f"o{number}",
            event="e",
            kind="forecast",
            who="somebody",
            organisation="elsewhere",
            said_on=date(2026, 2, 3),
            statement="Perhaps.",
            probability=0.3,
            target_on=target,
            resolution=resolution,
            source="paper",
            grade="primary",
            known_at=date(2026, 2, 3),
        )
        for number, (target, resolution) in enumerate(
            [
                (date(2026, 8, 1), {"status": "met", "resolved_on": "2026-07-01"}),
                (date(2027, 8, 1), {"status": "open"}),
            ]
        )
    ]
    found = score_outside(register([event], stated, {}, as_of=TODAY), [RUN])
    (one,) = found.resolved
    p = RUN.quoted.p_by(date(2026, 8, 1))
    assert one.scores == pytest.approx({"somebody": 0.49, OURS: (1 - p) ** 2})
    assert (found.open, found.first, found.last) == (1, date(2027, 8, 1), date(2027, 8, 1))
