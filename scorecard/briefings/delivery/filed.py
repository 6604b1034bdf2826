"""Filings of a developer as documents: Word and PDF in the regulator's order, Markdown, JSON, and a calendar."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any

from scorecard.briefings.content.filings import DraftField, FilingDraft, Filings
from scorecard.briefings.delivery.calendars import CalendarDay, ical
from scorecard.briefings.layout.parts import ranges, reference_in_words
from scorecard.briefings.layout.zips import timeless
from scorecard.governance.filings.entries import OWNER
from scorecard.words import day_in_words, in_markdown, visible

TEMPLATE = Path(__file__).parents[1] / "exporters" / "_filing.typ"
INTRO = (
    "A draft: what somebody wrote under a field, else what the record holds about this developer, else that it is "
    "missing and how to fill it. No legal advice; the laws' own texts decide."
)
GRADES = {
    "primary": "the law's own text was read",
    "secondary": "a summary of the law was read, not its text",
}
MOST = 12  # sentences under one field; the record has the rest


def title(filed: Filings) -> str:
    """What the document is called."""
    return f"Filings of {filed.developer}, as of {day_in_words(filed.as_of)}"


def facts_of(draft: FilingDraft, developer: str) -> list[tuple[str, str]]:
    """What is said of a filing before its fields, by name."""
    dates = ", ".join(day_in_words(day) for day in draft.ahead)
    late = (
        f"The one of {day_in_words(draft.unfiled_since)} is not on record as filed."
        if draft.unfiled_since
        else ""
    )
    said = [
        ("Article", draft.article),
        ("To", draft.recipient),
        ("Time limit", draft.due_rule),
        ("Due", f"{dates or 'when it happens'}. {late}".strip()),
        ("Period", draft.period),
        ("Owner", draft.owner or f"nobody yet: `{_owning(draft, developer)}`"),
        ("State", f"{draft.state}; {draft.missing} of {len(draft.fields)} fields missing"),
        ("Read in", f"{draft.source}, {GRADES.get(draft.grade, draft.grade)}"),
    ]
    return [(name, value) for name, value in said if value]


def _owning(draft: FilingDraft, developer: str) -> str:
    named = ["preparedness", "duty", "draft", draft.id, OWNER, "--developer", developer]
    return f"{shlex.join(named)} --period {shlex.quote(draft.period)} --text NAME"


def entry(field: DraftField) -> tuple[str, list[str]]:
    """What stands under a field, and the sentences below it with their keys."""
    lines = [f"{one.text} [{ranges(one.refs)}]" if one.refs else one.text for one in field.said[:MOST]]
    if len(field.said) > MOST:
        lines.append(f"and {len(field.said) - MOST} more on the record")
    if field.by and field.by != "the record" and field.evidence:
        lines.append(f"Evidence: {', '.join(field.evidence)}")
    return field.text or "MISSING", lines


def _laws(filed: Filings) -> Iterable[tuple[str, list[FilingDraft]]]:
    for _, group in groupby(filed.drafts, key=lambda one: one.duty):
        drafts = list(group)
        yield f"{drafts[0].law} (in force {day_in_words(drafts[0].in_force_on)})", drafts


def as_markdown(filed: Filings) -> bytes:
    """For terminals, wikis and version control."""
    parts = [f"# {in_markdown(title(filed))}", in_markdown(INTRO)]
    for law, drafts in _laws(filed):
        parts.append(f"## {in_markdown(law)}")
        for draft in drafts:
            parts.append(f"### {in_markdown(draft.name)}")
            parts.append(
                "\n".join(
                    f"- **{name}**: {in_markdown(value)}" for name, value in facts_of(draft, filed.developer)
                )
            )
            for field in draft.fields:
                text, lines = entry(field)
                said = [
                    f"- {in_markdown(field.article)} **{in_markdown(field.asks)}**: {in_markdown(text)} ({field.state})"
                ]
                said += [f"  - {in_markdown(one)}" for one in lines]
                said += [f"  - Fill in: {field.way_in}"] if field.state == "missing" else []
                parts.append("\n".join(said))
    sources = "\n".join(f"- {in_markdown(reference_in_words(r))}" for r in filed.references)
    return "\n\n".join([*parts, "## Sources", sources, ""]).encode()


def as_json_bytes(filed: Filings) -> bytes:
    """For programs: every field with its state, keys and way in."""
    told = asdict(filed)
    for draft, plain_draft in zip(filed.drafts, told["drafts"], strict=True):
        plain_draft |= {"state": draft.state, "missing": draft.missing}
    return (json.dumps(told, default=str, indent=1, ensure_ascii=False) + "\n").encode()


def as_pdf(filed: Filings) -> bytes:
    """PDF/UA, typeset from data."""
    from scorecard.briefings.exporters.pdf import typeset

    data: dict[str, Any] = {
        "title": title(filed),
        "date": [filed.as_of.year, filed.as_of.month, filed.as_of.day],
        "intro": INTRO,
        "foot": f"Preparedness scorecard · {title(filed)} · draft",
        "laws": [
            {"title": law, "filings": [_typeset(draft, filed.developer) for draft in drafts]}
            for law, drafts in _laws(filed)
        ],
        "sources": [visible(reference_in_words(r)) for r in filed.references],
    }
    return typeset(TEMPLATE.read_bytes(), data, {})


def _typeset(draft: FilingDraft, developer: str) -> dict[str, Any]:
    fields = []
    for one in draft.fields:
        text, lines = entry(one)
        fields.append(
            {
                "article": visible(one.article),
                "asks": visible(one.asks),
                "text": visible(text),
                "said": [visible(line) for line in lines],
                "state": one.state,
                "by": visible(one.by),
                "way": visible(one.way_in.replace("`", "")) if one.state == "missing" else "",
            }
        )
    facts = [(name, visible(value.replace("`", ""))) for name, value in facts_of(draft, developer)]
    return {"title": visible(draft.name), "facts": facts, "fields": fields}


def as_docx(filed: Filings) -> bytes:
    """A Word document that its owner goes on writing in; the same record gives the same bytes."""
    from docx import Document  # takes a while to import
    from docx.shared import Mm, Pt

    document = Document()
    paper = document.sections[0]
    paper.page_width, paper.page_height = Mm(210), Mm(297)  # A4, as the PDF; the library's own is Letter
    made = datetime.combine(filed.as_of, time())
    properties = document.core_properties
    properties.title, properties.author = title(filed), "Preparedness scorecard"
    properties.comments = ""
    properties.created = properties.modified = made
    properties.last_modified_by = properties.author
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(visible(title(filed)), 0)
    document.add_paragraph(INTRO)
    for law, drafts in _laws(filed):
        document.add_heading(visible(law), 1)
        for draft in drafts:
            _write(document, draft, filed.developer)
    document.add_heading("Sources", 1)
    for r in filed.references:
        document.add_paragraph(visible(reference_in_words(r)))
    out = io.BytesIO()
    document.save(out)
    return timeless(out.getvalue())


def _write(document: Any, draft: FilingDraft, developer: str) -> None:
    """One filing: what it is, then each field under a heading of its own, so that it can be written on."""
    document.add_heading(visible(draft.name), 2)
    table = document.add_table(rows=0, cols=2, style="Light Grid Accent 1")
    for name, value in facts_of(draft, developer):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, visible(value.replace("`", ""))
    for row in table.rows:
        for cell, width in zip(row.cells, (1_000_000, 4_500_000), strict=True):  # in 1/914400 inch
            cell.width = width
    for field in draft.fields:
        text, lines = entry(field)
        document.add_heading(visible(f"{field.article}: {field.asks}"), 3)
        document.add_paragraph(visible(text))
        for one in lines:
            document.add_paragraph(visible(one), style="List Bullet")
        note = f"State: {field.state}" + (f", {field.by}" if field.by else "")
        if field.state == "missing":
            note += f". Fill in here, or {field.way_in.replace('`', '')}"
        document.add_paragraph().add_run(visible(note)).italic = True


def calendar_days(filed: Filings) -> list[CalendarDay]:
    """Each due date ahead, and the days on which laws that lie ahead come into force."""
    days = [
        CalendarDay(
            on=day,
            title=f"Due: {draft.name} ({draft.law}), {filed.developer}",
            id=f"{draft.id} {day}",
            text=f"{draft.article}. To {draft.recipient}. {draft.due_rule}. Owner: {draft.owner or 'nobody yet'}. "
            f"State: {draft.state}.",
        )
        for draft in filed.drafts
        for day in draft.ahead
    ]
    coming = {d.duty: d for d in filed.drafts if d.in_force_on >= filed.as_of}
    return days + [
        CalendarDay(on=d.in_force_on, title=f"In force: {d.law}", id=d.duty) for d in coming.values()
    ]


def as_calendar(filed: Filings, others: Iterable[CalendarDay] = ()) -> bytes:
    """An iCal file of what is due, and of other days that belong beside it (re-tests, meetings, deadlines)."""
    at = datetime.combine(filed.as_of, time(), UTC)
    return ical([*calendar_days(filed), *others], name=title(filed), stamped=at)


DOCUMENTS: Mapping[str, Callable[[Filings], bytes]] = {
    "md": as_markdown,
    "json": as_json_bytes,
    "pdf": as_pdf,
    "docx": as_docx,
    "ics": as_calendar,
}
