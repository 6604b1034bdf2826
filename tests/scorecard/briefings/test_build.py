"""What a briefing says: keys for every number, the comparison with the earlier day, what the public gets."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from scorecard.briefings.content.briefing import Briefing, BriefingRefused, Figure, Said, Table, walk
from scorecard.briefings.content.build import build
from scorecard.clock import today
from scorecard.store import Store
from scorecard.thresholds.quoted.forecast import KEY_OF_WORDS
from tests.scorecard.briefings.conftest import AS_OF, SECRETS, add_many
from tests.scorecard.examples import reading, result, run

NUMBER_KINDS = ("number", "chance", "date", "count")
# A number that names something of ours or a rule of the method, and is no measurement.
# Names that hold a number, and the key of the words beside chances, which is the scale itself.
NAMED = re.compile(rf"(80 % interval|12 months|{re.escape(KEY_OF_WORDS)})")


def without_keys(briefing: Briefing) -> list[str]:
    """Whatever holds a number and has no key, or a key that is not in the list of references."""
    known = {reference.key for reference in briefing.references}
    faults = []
    for item in walk(briefing):
        if isinstance(item, Figure):
            wrong = not item.refs or not set(item.refs) <= known
        elif isinstance(item, Said):
            numbers = re.search(r"\d", NAMED.sub("", item.text)) is not None
            wrong = (numbers and not item.refs) or not set(item.refs) <= known
        else:
            wrong = bool(rows_without_keys(item, known))
        if wrong:
            faults.append(str(item)[:200])
    return faults


def rows_without_keys(table: Table, known: set[str]) -> list[int]:
    at = next(i for i, column in enumerate(table.columns) if column.kind == "keys")
    numbers = [i for i, column in enumerate(table.columns) if column.kind in NUMBER_KINDS]
    faults = []
    for number, row in enumerate(table.rows):
        keys = set(str(row[at] or "").split())
        if any(row[i] is not None for i in numbers) and (not keys or not keys <= known):
            faults.append(number)
    return faults


def test_every_number_has_keys_that_the_references_hold(decided: Store) -> None:
    assert without_keys(build(decided, as_of=AS_OF)) == []


def test_every_number_of_the_real_facts_has_keys(published: Store) -> None:
    briefing = build(published, as_of=date(2026, 11, 25))
    assert without_keys(briefing) == []
    assert len(briefing.lines) >= 15
    stand = briefing.verdict[0].said.text
    assert stand.startswith("This briefing is not ready: ")
    assert "preparedness forecast run --as-of 2026-11-25" in stand
    assert f"{len(briefing.lines)} thresholds" in stand


def test_a_day_to_come_is_refused(store: Store) -> None:
    with pytest.raises(BriefingRefused, match="has not come yet"):
        build(store, as_of=today() + timedelta(days=1))


def test_what_has_changed_since_a_forecast_is_said_on_page_one_and_beside_its_median(forecast: Store) -> None:
    assert not any(line.outdated for line in build(forecast, as_of=AS_OF).lines)
    forecast.append(
        [reading("one", date(2025, 3, 1), 61.0, vintage="2025-01")], action="enter", actor="a test"
    )
    briefing = build(forecast, as_of=AS_OF)
    (line,) = [line for line in briefing.lines if line.outdated]
    assert line.q50 is not None
    assert line.q50.text.endswith(" (outdated)")
    assert briefing.verdict[3].said.text.startswith("1 forecast is outdated and to be renewed")
    assert without_keys(briefing) == []


def test_a_number_without_a_key_is_noticed(forecast: Store) -> None:
    """The check above sees sentences, figures and rows; an empty walk would pass everything."""
    briefing = build(forecast, as_of=AS_OF)
    kinds = {type(item) for item in walk(briefing)}
    assert kinds == {Figure, Said, Table}
    evidence = briefing.table("evidence")
    assert rows_without_keys(evidence, set()) == list(range(len(evidence.rows)))


def test_the_line_says_status_evidence_and_chances(forecast: Store) -> None:
    (line,) = build(forecast, as_of=AS_OF).lines
    assert line.status == "not crossed"
    assert line.latest is not None
    assert (line.latest.value, line.latest.text, line.latest_system) == (900.0, "15 h", "Three")
    assert line.marks == ("self_reported",)
    assert line.p_now is not None
    assert line.p_now.value == pytest.approx(0.1)
    assert line.p_now.text == "10 %"
    assert line.q50 is not None
    assert line.q50.value == date(2031, 3, 10)
    assert line.q90 is not None
    assert (line.q90.value, line.q90.text) == (None, "after 2036")


def test_it_is_compared_with_the_day_91_days_earlier(forecast: Store) -> None:
    """The earlier day knew no determination, no third system, and had its own run, three months older."""
    briefing = build(forecast, as_of=AS_OF)
    assert briefing.since == date(2025, 12, 9)
    assert not any(line.moved.text.endswith("new on the scorecard.") for line in briefing.lines)
    (moved,) = briefing.changed
    assert "status from “no determination” to “not crossed”" in moved.text
    assert "newest reading 15 h, Three" in moved.text


def test_medians_are_compared_when_the_store_holds_a_run_of_the_earlier_day(store: Store) -> None:
    old = run(as_of=date(2026, 3, 5), id="run-old-0000000")
    new = run(
        as_of=date(2026, 6, 5), id="run-new-0000000", result=result(date(2026, 3, 5), q50=date(2029, 1, 1))
    )
    store.append([old, new], action="forecast", actor="a test")
    briefing = build(store, as_of=date(2026, 6, 5))
    assert "of 1 median date compared, 1 came sooner" in briefing.verdict[1].said.text
    assert "median from Mar 2031 to Jan 2029" in briefing.changed[0].text


def test_without_an_earlier_run_it_says_so_and_runs_none(forecast: Store) -> None:
    before = forecast.stamp()
    briefing = build(forecast, as_of=date(2026, 5, 1))
    assert "no forecast of that day is held to compare dates with" in briefing.verdict[1].said.text
    assert forecast.stamp() == before


def test_a_day_before_anything_was_known_says_so(forecast: Store) -> None:
    briefing = build(forecast, as_of=date(2020, 1, 1))
    assert briefing.lines == ()
    assert (
        briefing.verdict[0].said.text
        == "No threshold that bears on self-improvement was in force on 1 January 2020."
    )
    assert without_keys(briefing) == []


def test_a_meeting_that_differs_from_the_developer_is_a_disagreement(decided: Store) -> None:
    texts = [said.text for said in build(decided, as_of=AS_OF).disagreements]
    assert any("the meeting found “precautionary”, Lab “not crossed”" in text for text in texts)
    assert any("Dissent Secret" in text for text in texts)


def test_the_public_does_not_get_names_dissent_or_commentary(decided: Store) -> None:
    internal, public = (
        str(build(decided, as_of=AS_OF, audience=a).as_json()) for a in ("internal", "public")
    )
    assert [secret for secret in SECRETS if secret not in internal] == []
    assert [secret for secret in SECRETS if secret in public] == []
    assert "Treat it as crossed." not in public, "a wording may hold names and plans"


def test_what_is_withheld_is_listed_with_counts_and_reasons(decided: Store) -> None:
    public = build(decided, as_of=AS_OF, audience="public")
    assert {w.what: w.count for w in public.withheld} == {
        "names, owners, votes and meetings of recorded decisions": 4,
        "dissent and conflicts of interest recorded with decisions": 2,
        "wordings, reasons, conditions, options and due dates of decisions": 3,
        "commentary on thresholds": 1,
        "authors, reasons and sources of criteria written here": 3,
        "names, authors, reasons and dissent of prior sets written here": 4,
    }
    assert all(w.reason for w in public.withheld)
    assert build(decided, as_of=AS_OF, audience="board").withheld == ()


def test_the_same_record_has_the_same_hash_and_a_changed_reading_another(forecast: Store) -> None:
    first = build(forecast, as_of=AS_OF).hash
    assert build(forecast, as_of=AS_OF).hash == first
    add_many(forecast, 1)
    assert build(forecast, as_of=AS_OF).hash != first


def test_an_unknown_audience_is_refused_with_the_known_ones(store: Store) -> None:
    with pytest.raises(
        BriefingRefused, match="there is no audience 'press'; there are: internal, board, public"
    ):
        build(store, as_of=AS_OF, audience="press")


def test_a_duty_shows_what_the_record_cannot_answer(published: Store) -> None:
    duties = {duty.id: duty for duty in build(published, as_of=date(2026, 11, 25)).duties}
    framework = {item.field: item for item in duties["eu_gpai_cop"].items}["eu_gpai_cop.framework"]
    assert framework.state == "missing"
    assert 0 < framework.missing < framework.fields  # no forecast was run; tiers are told
    assert framework.article.startswith("Commitment 1")
