"""Filings of one developer: every field filled or named as missing with its way in; due dates; states; documents."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from typer.testing import CliRunner

from forecasts.commands import main
from scorecard.briefings.content.briefing import BriefingRefused
from scorecard.briefings.content.filings import ALSO, FilingDraft, Filings, filings
from scorecard.briefings.delivery.filed import DOCUMENTS, as_calendar, as_docx, as_pdf
from scorecard.clock import today
from scorecard.commands.briefings.duty import app
from scorecard.evidence import facts
from scorecard.governance.filings.dates import due_dates
from scorecard.governance.filings.entries import FilingRefused, draft, settle
from scorecard.people import Actor
from scorecard.places import DATA
from scorecard.records import Filing, FilingAsk, FilingEntry
from scorecard.store import Store

DAY = date(2026, 11, 30)
LAWS = ("eu_gpai_cop", "california_sb53", "new_york_raise")
WRITER = Actor(name="a researcher", identity="typed by hand", role="researcher")
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
REPORT = Filing(
    id="law.report",
    duty="law",
    name="A report",
    article="section 1",
    recipient="an office",
    due="every quarter",
    asks=(FilingAsk(field="results", article="1(a)", text="results"),),
    every_months=3,
    counted_from="in force",
    source="paper",
    grade="primary",
    known_at=DAY,
)


def made(store: Store, as_of: date = DAY) -> Filings:
    return filings(store, developer="OpenAI", as_of=as_of)


def standing(store: Store, filing: str) -> FilingDraft:
    """A filing of the first period after DAY with what was entered up to today."""
    found = filings(store, developer="OpenAI", as_of=today(), period="2027-01-01")
    return next(one for one in found.drafts if one.id == filing)


def test_each_law_has_a_draft_whose_fields_are_filled_or_missing_with_a_way_in(published: Store) -> None:
    found = made(published)
    assert set(LAWS) < {one.duty for one in found.drafts}
    known = {reference.key for reference in found.references}
    for one in found.drafts:
        assert one.article, one.id
        assert one.recipient, one.id
        assert one.due_rule, one.id
        assert one.fields, one.id
        for field in one.fields:
            assert field.article, (one.id, field.field)
            assert bool(field.text) == (field.state != "missing")
            assert {key for said in field.said for key in said.refs} <= known
            command = shlex.split(field.way_in.split("`")[1])
            assert command[:3] == ["preparedness", "duty", "draft"]
            assert command[3:5] == [one.id, field.field]
    states = {field.state for one in found.drafts if one.duty in LAWS for field in one.fields}
    assert states == {"missing", "drafted"}


def test_the_way_in_that_is_named_is_taken_by_the_command(
    published: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", published.address)
    one = next(d for d in made(published).drafts if d.id == "new_york_raise.disclosure")
    for field in one.fields:
        told = shlex.split(field.way_in.split("`")[1])[1:-1]
        done = CliRunner().invoke(app, [*told, f"What stands under {field.field}."])
        assert done.exit_code == 0, (done.output, done.exception)
    after = standing(published, one.id)
    assert after.missing == 0
    assert after.state == "drafted"


def test_only_the_developer_is_spoken_of(published: Store) -> None:
    text = " ".join(
        said.text
        for one in made(published).drafts
        for field in one.fields
        if field.field in ("tier_definition", "framework_version", "results", "tier_reached")
        for said in field.said
    )
    assert "OpenAI" in text
    for other in ("Anthropic:", "Google DeepMind:", "Meta:"):
        assert other not in text


def test_one_drafts_another_reviews_then_it_is_filed(published: Store) -> None:
    common: dict[str, Any] = {
        "filing": "california_sb53.internal_use",
        "developer": "OpenAI",
        "period": "2027-01-01",
    }
    for field in ("internal_use_quarterly_summary", "internal_use"):
        draft(published, actor=WRITER, field=field, text="As assessed.", **common)
    draft(published, actor=WRITER, field="owner", text="Safety office", **common)

    def quarter() -> tuple[list[FilingEntry], str, str]:
        one = standing(published, "california_sb53.internal_use")
        entries = [
            FilingEntry(
                duty=one.id,
                field=f.field,
                developer="OpenAI",
                period=one.period,
                text=f.text,
                state="drafted",
                author="",
                known_at=DAY,
            )
            for f in one.fields
        ]
        return entries, one.state, one.owner

    entries, state, owner = quarter()
    assert (state, owner) == ("drafted", "Safety office")
    with pytest.raises(FilingRefused, match="review it first"):
        settle(published, actor=CHAIR, entries=entries, state="filed")
    with pytest.raises(FilingRefused, match="somebody else has to review it"):
        settle(published, actor=replace(WRITER, role="chair"), entries=entries, state="reviewed")
    settle(published, actor=CHAIR, entries=entries, state="reviewed")
    assert quarter()[1] == "reviewed"
    settle(published, actor=CHAIR, entries=entries, state="filed")
    assert quarter()[1] == "filed"


def test_what_there_is_no_place_for_is_refused(published: Store) -> None:
    common: dict[str, Any] = {"actor": WRITER, "period": "2027-01-01", "text": "x", "developer": "OpenAI"}
    with pytest.raises(FilingRefused, match="has no field 'nothing'; it has: owner"):
        draft(published, filing="california_sb53.incident", field="nothing", **common)
    with pytest.raises(FilingRefused, match="there is no filing 'law'"):
        draft(published, filing="law", field="owner", **common)
    with pytest.raises(FilingRefused, match="there is no developer 'Nobody'"):
        draft(published, filing="law", field="owner", **{**common, "developer": "Nobody"})
    with pytest.raises(BriefingRefused, match="there is no duty 'law'"):
        made(published).of("law")
    with pytest.raises(BriefingRefused, match="there is no developer 'Nobody'"):
        filings(published, developer="Nobody", as_of=DAY)


def test_due_dates_are_the_laws(published: Store) -> None:
    due = {one.id: one.due for one in made(published).drafts}
    assert due["california_sb53.internal_use"] == date(
        2027, 1, 1
    )  # a year after 1 January 2026, fourth quarter
    assert due["new_york_raise.internal_use"] == date(2027, 4, 1)  # in force on 1 January 2027
    assert due["new_york_raise.disclosure"] == date(2027, 1, 1)
    assert due["california_sb53.incident"] is None
    quarter = next(d for d in made(published).drafts if d.id == "california_sb53.internal_use")
    assert quarter.unfiled_since == date(2026, 10, 1)
    assert quarter.ahead == (date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1))


@given(
    start=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    as_of=st.dates(date(2024, 1, 1), date(2029, 1, 1)),
    months=st.sampled_from([3, 6, 12, 24]),
    at_start=st.booleans(),
)
def test_due_dates_lie_ahead_and_one_behind(start: date, as_of: date, months: int, at_start: bool) -> None:
    filing = replace(REPORT, every_months=months, at_start=at_start)
    found = due_dates(filing, {"in force": start}, as_of)
    assert len(found.ahead) == 3
    assert as_of <= found.ahead[0]
    assert list(found.ahead) == sorted(found.ahead)
    assert found.last is None or start <= found.last < as_of
    assert (found.ahead[0] - (found.last or start)).days <= 31 * months + 1 or as_of < start


def test_nothing_is_due_without_a_day_to_count_from() -> None:
    assert due_dates(REPORT, {}, DAY).next is None
    assert due_dates(replace(REPORT, every_months=0), {"in force": DAY}, DAY).ahead == ()


def test_word_and_pdf_hold_every_field_in_the_regulators_order(published: Store) -> None:
    found = made(published).of("california_sb53")
    document = Document(io.BytesIO(as_docx(found)))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 3"]
    assert headings == [f"{f.article}: {f.asks}" for one in found.drafts for f in one.fields]
    assert [one.id.partition(".")[2] for one in found.drafts] == [
        "framework",
        "transparency_report",
        "internal_use",
        "incident",
    ]
    assert as_docx(found) == as_docx(found)
    pdf = as_pdf(found)
    assert pdf.startswith(b"%PDF")
    assert pdf == as_pdf(found)


def test_the_calendar_holds_each_due_date(published: Store) -> None:
    found = made(published)
    events = list(Calendar.from_ical(as_calendar(found)).walk("VEVENT"))
    days = {(str(e["summary"]), e.decoded("dtstart")) for e in events}
    for one in found.drafts:
        for day in one.ahead:
            assert (f"Due: {one.name} ({one.law}), OpenAI", day) in days
    assert len({str(e["uid"]) for e in events}) == len(events)


def test_commands_list_show_and_write(
    published: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", published.address)

    def told(*arguments: str) -> str:
        done = CliRunner().invoke(
            app, ["duty", *arguments, "--developer", "OpenAI", "--as-of", DAY.isoformat()]
        )
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    assert "due 1 January 2027; missing" in told("list")
    shown = told("show", "new_york_raise.disclosure")
    assert "a summary of the law was read, not its text" in shown
    assert re.search(r"§ 1428 \*\*Points of contact\*\*: MISSING", shown)
    plain = json.loads(told("show", "eu_gpai_cop", "--json"))
    assert {one["id"] for one in plain["drafts"]} == {
        f"eu_gpai_cop.{name}" for name in ("framework", "model_report", "incident")
    }
    told("write", "eu_gpai_cop", "--format", ",".join(DOCUMENTS), "--out", str(tmp_path / "out"))
    assert {path.suffix[1:] for path in (tmp_path / "out").iterdir()} == set(DOCUMENTS)
    done = CliRunner().invoke(app, ["duty", "write", "--developer", "OpenAI", "--format", "odt"])
    assert (done.exit_code, "'odt' is not one of docx" in done.output) == (2, True)


def test_articles_are_graded_as_they_were_read() -> None:
    for one in facts.load(DATA).of(Filing):
        assert (one.grade == "secondary") == (one.duty == "new_york_raise"), one.id
        fields = [ask.field for ask in one.asks]
        assert len(set(fields)) == len(fields), one.id


@pytest.mark.parametrize("said", sorted(set(re.findall(r"`preparedness ([^`]+)`", " ".join(ALSO.values())))))
def test_a_command_that_a_field_sends_people_to_is_one(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["preparedness", *said.split(), "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
