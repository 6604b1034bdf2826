"""What duties and frameworks ask for, what answers it, whether safeguards are in time, and past lateness."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecard.briefings.content.briefing import DutyItem
from scorecard.briefings.content.build import build
from scorecard.briefings.content.filings import filings
from scorecard.governance.filings.entries import OWNER, draft
from scorecard.people import this_machine
from scorecard.records import Buffer, Duty, Filing, FilingAsk, Ruling, Safeguard, Threshold
from scorecard.store import Store
from scorecard.words import day_in_words
from tests.scorecard.briefings.conftest import AS_OF
from tests.scorecard.examples import PAPER, threshold, track

DUTY = Duty(
    id="code",
    name="A code of practice",
    in_force_on=date(2025, 8, 2),
    duties=("tell",),
    **PAPER,
)
ASKED = (
    "crossing_forecast_distribution",
    "safety_margin",
    "mitigations_per_tier",
    "internal_use_quarterly_summary",
    "retention_5y",
    "something_new",
)
FILING = Filing(
    id="code.report",
    duty="code",
    name="Report",
    article="Article 1",
    recipient="the office",
    due="every year",
    every_months=12,
    counted_from="in force",
    asks=tuple(FilingAsk(field=name, article="1", text=name) for name in ASKED),
    **PAPER,
)


def safeguard(**more: Any) -> Safeguard:
    fields: dict[str, Any] = {
        "id": "locks",
        "thresholds": ("lab.high",),
        "name": "Locks",
        "obligation": "secure the weights",
        "owner": "Owner Secret",
        "status": "being built",
        "starts_on": date(2026, 1, 1),
        "ready_10": date(2026, 9, 1),
        "ready_50": date(2026, 12, 1),
        "ready_90": date(2027, 6, 1),
        "author": "Author Secret",
        "known_at": AS_OF,
    }
    return Safeguard(**{**fields, **more})


@pytest.fixture
def obliged(forecast: Store) -> Store:
    """The made-up forecast with a duty, an obligation, a safeguard for it and an adopted warning rule."""
    forecast.append(
        [
            DUTY,
            FILING,
            threshold(obligations=("secure the weights", "tell the board")),
            safeguard(),
            Buffer(
                id="b1",
                threshold="lab.high",
                tolerance=0.05,
                months=3.0,
                rationale="time to test",
                author="a researcher",
                known_at=AS_OF,
            ),
            Ruling(
                id="r2",
                subject="buffers/b1",
                ruling="adopted",
                ruled_by="the chair",
                reason="so decided",
                known_at=AS_OF,
            ),
        ],
        action="import",
        actor="a test",
    )
    return forecast


def overview(store: Store, duty: str, audience: str = "internal") -> dict[str, DutyItem]:
    duties = {one.id: one for one in build(store, as_of=AS_OF, audience=audience).duties}
    return {item.field: item for item in duties[duty].items}


def test_fields_are_answered_from_the_record_and_gaps_stay_empty(obliged: Store) -> None:
    draft, *_ = filings(obliged, developer="Lab", as_of=AS_OF).drafts
    told = {field.field: field.text for field in draft.fields}
    assert told["crossing_forecast_distribution"] == "distributions for 1 threshold"
    assert told["safety_margin"] == "1 adopted warning rule before safeguards are ready"
    assert told["mitigations_per_tier"] == "1 safeguard with readiness dates"
    assert told["retention_5y"].startswith("every row since")
    assert told["internal_use_quarterly_summary"] == told["something_new"] == ""


def test_the_annex_says_of_each_filing_what_its_drafts_say(obliged: Store) -> None:
    draft, *_ = filings(obliged, developer="Lab", as_of=AS_OF).drafts
    item = overview(obliged, "code")["code.report"]
    assert (item.asks, item.article) == ("Report, to the office", "Article 1")
    assert (item.due, item.state) == (draft.due, "missing")
    assert (item.fields, item.missing) == (len(draft.fields), draft.missing) == (6, 2)
    assert draft.due
    assert item.answer == f"Lab: due {day_in_words(draft.due)}, no owner, 2 of 6 fields missing"
    write_entry(obliged, OWNER, draft.period, "Owner Secret")
    for gap in ("internal_use_quarterly_summary", "something_new"):
        write_entry(obliged, gap, draft.period, "Text Secret")
    again = overview(obliged, "code")["code.report"]
    assert again.answer == f"Lab: due {day_in_words(draft.due)}, owner Owner Secret, drafted"
    assert (again.state, again.missing) == ("drafted", 0)
    public = build(obliged, as_of=AS_OF, audience="public")
    assert "Secret" not in str(public.as_json())
    assert ("owners of filings, and what was written under their fields", 3) in [
        (w.what, w.count) for w in public.withheld
    ]


def write_entry(store: Store, field: str, period: str, text: str) -> None:
    who = this_machine("a researcher")
    told = {"filing": FILING.id, "field": field, "developer": "Lab", "period": period, "text": text}
    draft(store, actor=who, today=AS_OF, **told)


def test_a_framework_is_a_checklist_of_its_obligations(obliged: Store) -> None:
    told = {item.asks: (item.answer, item.state) for item in overview(obliged, "lab").values()}
    assert told["secure the weights"] == ("Locks: being built", "drafted")
    assert told["tell the board"] == ("missing", "missing")


def test_every_filing_on_record_is_in_the_annex_and_every_framework_has_its_list(published: Store) -> None:
    with published.view() as now:
        asked = {(one.duty, one.id) for one in now.all(Filing)}
        frameworks = {t.framework for t in now.all(Threshold) if t.rsi_relevant and t.current}
    listed = build(published, as_of=date(2026, 11, 25)).duties
    assert asked == {
        (duty.id, item.field) for duty in listed for item in duty.items if duty.id not in frameworks
    }
    assert frameworks <= {duty.id for duty in listed}
    assert len({duty for duty, _ in asked}) == 3


def test_the_lead_time_says_the_chance_of_being_late_and_the_slack(obliged: Store) -> None:
    (told,) = build(obliged, as_of=AS_OF).lead_times
    # The example's curve rises from 10 % by 8 points a year; ready, with the spare months, in about a year.
    assert "Lab: Self improvement, High: 18 % that it is crossed before Locks is ready; slack" in told.text
    assert "That is more than the 5 % that is tolerated." in told.text
    kinds = {r.kind for r in build(obliged, as_of=AS_OF).references if r.key in told.refs}
    assert kinds == {"forecast run", "safeguard", "warning rule"}


def test_without_safeguards_it_says_that_no_lead_time_can_be_told(forecast: Store) -> None:
    (told,) = build(forecast, as_of=AS_OF).lead_times
    assert told.text.startswith("For 1 threshold no safeguard with a readiness date is on record")


def test_the_public_gets_no_safeguards_and_is_told_how_many(obliged: Store) -> None:
    public = build(obliged, as_of=AS_OF, audience="public")
    whole = str(public.as_json())
    assert "Locks" not in whole
    assert "Secret" not in whole
    assert ("safeguards, their owners and readiness dates, and warning rules", 2) in [
        (w.what, w.count) for w in public.withheld
    ]


def test_the_track_record_stands_beside_the_dates(forecast: Store) -> None:
    def told() -> list[str]:
        return [one.text for one in build(forecast, as_of=AS_OF).track_record]

    assert [text.partition(":")[0] for text in told()] == ["Reference class"]
    forecast.append(
        [track(indicator="horizon", known_at=date(2026, 1, 1))],
        action="backtest",
        actor="a test",
    )
    assert told()[-1] == (
        "Horizon: the median date was 5 months late at 6 months ahead (7 dates); 80 % intervals held 90 % of what "
        "happened. 12 records decide this."
    )
