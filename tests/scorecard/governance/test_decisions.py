"""Decisions bound to runs, their reports, and the tripwires under which they stop holding."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecard.governance.decisions import DecisionRefused, decide, standing_decisions
from scorecard.governance.tripwires import ConditionRefused, check, fired, read_condition
from scorecard.people import Actor, NotAllowed
from scorecard.records import Cdf, Decision, Firing, Report
from scorecard.store import Store, StoreError, verify
from tests.scorecard.examples import determination, reading, result, run

WORDS: dict[str, Any] = {
    "decision": "hold deployment",
    "reason": "the forecast is close",
    "although": "an example",  # the run of these tests is older than a reading of March 2026
    "actor": Actor(name="the chair", identity="typed by hand", role="chair"),
}


def test_a_decision_binds_its_run(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    made = decide(store, threshold="lab.high", finding="look_deeper", forecast_run="run-2026", **WORDS)
    assert made.forecast_run == run().id
    with store.view() as now:
        assert now.all(Decision) == [made]
    assert verify(store).rows > 0


def test_an_outdated_run_is_bound_with_a_stated_reason_alone(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    about: dict[str, Any] = {"threshold": "lab.high", "finding": "look_deeper", "forecast_run": run().id}
    unsaid = {**WORDS, **about, "although": " "}
    made = decide(store, **unsaid, today=date(2026, 2, 1))
    with pytest.raises(DecisionRefused, match=r"is older than its evidence.*renew it"):
        decide(store, **unsaid, today=date(2026, 3, 3))
    with store.view() as now:
        assert (now.all(Decision), now.all(Report)) == ([made], [])
    late = decide(store, **{**unsaid, "although": "It moved by a day."}, today=date(2026, 3, 3))
    with store.view() as now:
        (report,) = now.all(Report)
    assert (report.decision, report.about, report.finding) == (late.id, "forecast", "outdated")
    assert report.contents["although"] == "It moved by a day."
    assert report.contents["outdated"].startswith("older than its evidence")


def test_a_decision_without_a_run_is_refused_when_there_is_one(store: Store) -> None:
    decide(store, threshold="lab.high", finding="look_deeper", **WORDS)
    store.append([run()], action="forecast", actor="a test")
    with pytest.raises(DecisionRefused, match="name the forecast run"):
        decide(store, threshold="lab.high", finding="look_deeper", **WORDS)


@pytest.mark.parametrize("missing", ["decision", "reason"])
def test_what_is_missing_is_named(store: Store, missing: str) -> None:
    with pytest.raises(DecisionRefused, match=missing):
        decide(store, threshold="lab.high", finding="look_deeper", **{**WORDS, missing: " "})


def test_unknown_threshold_run_finding_and_predecessor_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        decide(store, threshold="nowhere", finding="look_deeper", **WORDS)
    with pytest.raises(DecisionRefused, match="no single forecast run"):
        decide(store, threshold="lab.high", finding="look_deeper", forecast_run="abcdefgh", **WORDS)
    with pytest.raises(DecisionRefused, match="is not one of"):
        decide(store, threshold="lab.high", finding="maybe", **WORDS)  # type: ignore[arg-type]
    with pytest.raises(DecisionRefused, match="to supersede"):
        decide(store, threshold="lab.high", finding="look_deeper", supersedes="gone", **WORDS)
    with store.view() as now:
        assert now.all(Decision) == []


def test_a_correction_supersedes_and_both_are_kept(store: Store) -> None:
    first = decide(store, threshold="lab.high", finding="look_deeper", **WORDS)
    second = decide(store, threshold="lab.high", finding="crossed", supersedes=first.id, **WORDS)
    with store.view() as now:
        kept = now.all(Decision)
    assert kept == [first, second]
    assert standing_decisions(kept) == [second]


def test_a_decision_takes_a_chair(store: Store) -> None:
    for role in ("viewer", "researcher"):
        actor = Actor(name="somebody", identity="signed in with single sign-on", role=role)
        with pytest.raises(NotAllowed, match="takes a chair"):
            decide(store, threshold="lab.high", finding="look_deeper", **{**WORDS, "actor": actor})
    nobody = Actor(name=" ", identity="typed by hand", role="chair")
    with pytest.raises(NotAllowed, match="say who you are"):
        decide(store, threshold="lab.high", finding="look_deeper", **{**WORDS, "actor": nobody})
    with store.view() as now:
        assert now.all(Decision) == []


def test_reports_are_stored_with_the_decision(store: Store) -> None:
    made = decide(
        store,
        threshold="lab.high",
        finding="look_deeper",
        capability={
            "evaluations": "five suites",
            "elicitation": "two weeks",
            "limits": "no agents over 16 h",
        },
        safeguards={"finding": "more evidence", "residual_risk": "weights may leak"},
        **WORDS,
    )
    with store.view() as now:
        reports = now.all(Report, decision=made.id)
    assert [(r.about, r.finding) for r in reports] == [
        ("capability", "look_deeper"),
        ("safeguards", "more evidence"),
    ]


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ({"capability": {"evaluations": "five suites", "limits": "x"}}, "needs elicitation"),
        ({"safeguards": {"finding": "sufficient"}}, "needs residual_risk"),
        (
            {"safeguards": {"finding": "fine", "residual_risk": "none"}},
            "sufficient, more evidence or insufficient",
        ),
    ],
)
def test_half_a_report_is_refused(store: Store, reports: dict[str, Any], words: str) -> None:
    with pytest.raises(DecisionRefused, match=words):
        decide(store, threshold="lab.high", finding="look_deeper", **reports, **WORDS)
    with store.view() as now:
        assert now.all(Decision) == []


# ---- tripwires -----------------------------------------------------------------------------------

DECIDED = date(2026, 2, 1)


def with_tripwire(store: Store, text: str) -> Decision:
    """A decision of 1 February 2026, resting on a run of that day, with one tripwire."""
    store.append([run()], action="forecast", actor="a test")
    with store.view() as now:
        condition = read_condition(text, now)
    return decide(
        store,
        threshold="lab.high",
        finding="not_crossed",
        forecast_run=run().id,
        today=DECIDED,
        tripwires=[condition],
        **WORDS,
    )


def words_of(store: Store, day: date) -> list[str]:
    with store.view(as_of=day) as known, store.view() as now:
        return [one.words for one in fired(known, now, day)]


def test_a_probability_trips_when_a_new_run_passes_it(store: Store) -> None:
    with_tripwire(store, "P(lab.high by 2027-02-01) > 0.3")
    assert words_of(store, DECIDED) == []  # 18 % by then
    cdf = Cdf(dates=(date(2026, 3, 10), date(2036, 3, 10)), p=(0.5, 0.9))
    later = run(date(2026, 3, 10), result=result(cdf=cdf))
    store.append([later], action="forecast", actor="a test")
    (words,) = words_of(store, date(2026, 3, 10))
    assert words == "P(lab.high crossed by 1 February 2027) is 54 %, past 30 %"
    assert words_of(store, DECIDED) == [], "nothing had fired on the day of the decision"


def test_a_new_reading_trips_and_an_old_one_does_not(store: Store) -> None:
    with_tripwire(store, "horizon > 100")
    assert words_of(store, date(2026, 2, 20)) == [], "214 minutes were known when it was decided"
    new = reading("three", date(2026, 2, 10), 480.0, known_at=date(2026, 2, 15))
    store.append([new], action="import", actor="a test")
    assert words_of(store, date(2026, 2, 14)) == []
    assert words_of(store, date(2026, 2, 15)) == ["Horizon of three is 8 h, past 1.67 h"]


def test_a_correction_trips(store: Store) -> None:
    with_tripwire(store, "revised horizon")
    assert words_of(store, date(2026, 3, 2)) == []
    assert words_of(store, date(2026, 3, 3)) == ["1 reading of horizon known at the decision was corrected"]


def test_a_determination_and_a_day_trip(store: Store) -> None:
    with_tripwire(store, "found lab.high crossed")
    store.append([determination("crossed", date(2026, 2, 20))], action="import", actor="a test")
    assert words_of(store, date(2026, 2, 19)) == []
    assert words_of(store, date(2026, 2, 20)) == ["Lab found One: crossed"]
    with store.view() as now:
        condition = read_condition("on 2026-05-01", now)
    decide(
        store,
        threshold="lab.high",
        finding="not_crossed",
        forecast_run=run().id,
        today=DECIDED,
        tripwires=[condition],
        **{**WORDS, "decision": "another"},
    )
    assert "1 May 2026 has come" not in words_of(store, date(2026, 4, 30))
    assert "1 May 2026 has come" in words_of(store, date(2026, 5, 1))


def test_firing_is_recorded_once_and_stays(store: Store) -> None:
    made = with_tripwire(store, "revised horizon")
    (first,) = check(store, date(2026, 3, 3))
    assert first.decision == made.id
    assert check(store, date(2026, 3, 4)) == []
    with store.view() as now:
        assert now.all(Firing) == [first]
        assert now.log()[-1].reason == first.words


def test_a_superseded_decision_has_no_tripwires(store: Store) -> None:
    made = with_tripwire(store, "on 2026-02-02")
    assert words_of(store, date(2026, 2, 2))
    decide(
        store, threshold="lab.high", finding="not_crossed", forecast_run=run().id, supersedes=made.id, **WORDS
    )
    assert words_of(store, date(2026, 2, 2)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when it feels right", "is no condition"),
        ("P(lab.high by 2027-02-30) > 0.3", "is no date"),
        ("P(lab.high by 2027-02-01) > 30", "is no probability"),
        ("found lab.high maybe", "is no finding"),
        ("P(nowhere by 2027-02-01) > 0.3", "nowhere"),
        ("temperature > 30", "temperature"),
    ],
)
def test_a_condition_that_cannot_be_evaluated_is_refused(store: Store, text: str, words: str) -> None:
    with store.view() as now, pytest.raises(StoreError, match=words):
        read_condition(text, now)


def test_the_forms_are_told(store: Store) -> None:
    with store.view() as now, pytest.raises(ConditionRefused, match="revised INDICATOR"):
        read_condition("", now)
