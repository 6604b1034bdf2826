"""duty: what laws, codes and frameworks ask a developer to file, how far each filing is, and its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scorecard.governance.filings.entries import draft as record_draft
from scorecard.governance.filings.entries import settle
from scorecard.people import this_machine
from scorecard.records import FilingEntry
from scorecard.store import StoreError
from scorecard.terminal.options import (
    AsOf,
    By,
    Json,
    built_store,
    comma_separated,
    complete_list,
    day_or_today,
)
from scorecard.terminal.printing import print_json
from scorecard.words import day_in_words

if TYPE_CHECKING:
    from scorecard.briefings.content.filings import Filings
    from scorecard.briefings.delivery.calendars import CalendarDay

app = typer.Typer()
duty = typer.Typer(
    help="What laws, codes and its framework ask a developer to file: drafts, due dates, gaps, documents."
)
app.add_typer(duty, name="duty")

FORMATS = ("docx", "pdf", "md", "json", "ics")
Developer = Annotated[str, typer.Option(help="Whose filings, as the record names the developer.")]
Period = Annotated[
    str, typer.Option(help="For when: the due date, or a name of your own; by default what is due next.")
]
Which = Annotated[str, typer.Argument(help="A duty, framework or single filing, by id; without one, all.")]
One = Annotated[str, typer.Argument(help="The filing, by its id.")]


@duty.command("list")
def list_(developer: Developer, as_of: AsOf = None, json_: Json = False) -> None:
    """Each filing of a developer with its due date, state, owner and how many fields are missing, the next first."""
    from scorecard.briefings.delivery.filed import as_json_bytes

    made = _filings(developer, as_of, "")
    if json_:
        print(as_json_bytes(made).decode(), end="")
        return
    for one in sorted(made.drafts, key=lambda one: (one.due is None, one.due or one.in_force_on)):
        due = f"due {day_in_words(one.due)}" if one.due else "when it happens"
        print(f"{one.id}: {one.name}, to {one.recipient}")
        print(
            f"  {due}; {one.state}, {one.missing} of {len(one.fields)} fields missing; owner: {one.owner or 'nobody'}"
        )
        if one.unfiled_since:
            print(f"  the one of {day_in_words(one.unfiled_since)} is not on record as filed")


@duty.command()
def show(
    developer: Developer,
    which: Which = "",
    period: Period = "",
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Filings field by field: article, what stands there with its evidence, and how to fill what is missing."""
    from scorecard.briefings.delivery.filed import as_json_bytes, as_markdown

    made = _filings(developer, as_of, period).of(which)
    print((as_json_bytes if json_ else as_markdown)(made).decode(), end="")


@duty.command()
def write(
    developer: Developer,
    which: Which = "",
    format: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"Comma-separated, of {', '.join(FORMATS)}; ics is a calendar of all that is due.",
            autocompletion=lambda incomplete: complete_list(incomplete, FORMATS),
        ),
    ] = "docx,pdf",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("out"),
    period: Period = "",
    as_of: AsOf = None,
) -> None:
    """Write filings as documents in the regulator's order; ics holds due dates, re-tests, meetings, deadlines."""
    from scorecard.briefings.delivery.filed import DOCUMENTS, as_calendar

    names = comma_separated(format, FORMATS)
    made = _filings(developer, as_of, period).of(which)
    out.mkdir(parents=True, exist_ok=True)
    what = which or "filings"
    whose = "-".join(developer.casefold().split())
    for name in names:
        content = as_calendar(made, _other_days(made)) if name == "ics" else DOCUMENTS[name](made)
        path = out / f"{what}-{whose}-{made.as_of.isoformat()}.{name}"
        path.write_bytes(content)
        print(path)


@duty.command()
def draft(
    filing: One,
    field: Annotated[str, typer.Argument(help="The field, as `duty show` names it; or owner.")],
    developer: Developer,
    text: Annotated[str, typer.Option(help="What is to be filed; for owner, a name.")],
    period: Period = "",
    evidence: Annotated[
        list[str] | None, typer.Option(help="What it rests on, by a key of the record; repeatable.")
    ] = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Write one field of a filing; somebody else reviews it."""
    period = period or _one(developer, filing, "").drafts[0].period
    made = record_draft(
        built_store(),
        actor=this_machine(by),
        filing=filing,
        field=field,
        developer=developer,
        period=period,
        text=text,
        evidence=tuple(evidence or ()),
    )
    _told([made], "drafted", json_)


@duty.command()
def review(
    filing: One,
    developer: Developer,
    field: Annotated[str, typer.Option(help="One field; by default all that are drafted.")] = "",
    period: Period = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Say that drafted fields were read and are right as they stand; their author cannot."""
    _settle(filing, developer, field, period, by, "reviewed", json_)


@duty.command()
def filed(filing: One, developer: Developer, period: Period = "", by: By = "", json_: Json = False) -> None:
    """Say that a filing, every field of which was reviewed, has gone to its recipient."""
    _settle(filing, developer, "", period, by, "filed", json_)


def _settle(
    filing: str,
    developer: str,
    field: str,
    period: str,
    by: str,
    state: Literal["reviewed", "filed"],
    json_: bool,
) -> None:
    found = _one(developer, filing, period).drafts[0]
    if state == "filed" and found.missing:
        gaps = ", ".join(one.field for one in found.fields if one.state == "missing")
        raise StoreError(f"{filing} lacks {gaps}; fill them in first (`duty show {filing}` says how)")
    actor = this_machine(by)
    chosen = [one for one in found.fields if one.state == "drafted" or state == "filed"]
    entries = [
        FilingEntry(
            duty=found.id,
            field=one.field,
            developer=developer,
            period=found.period,
            text="\n".join([one.text, *(said.text for said in one.said)]),
            state=state,
            author=actor.name,
            evidence=one.evidence,
            known_at=day_or_today(None),
        )
        for one in chosen
        if field in ("", one.field)
    ]
    _told(settle(built_store(), actor=actor, entries=entries, state=state), state, json_)


def _told(made: Sequence[FilingEntry], state: str, json_: bool) -> None:
    if json_:
        print_json(list(made))
        return
    for one in made:
        print(f"{one.duty}, {one.field}, {one.developer}, {one.period}: {state} by {one.author}")


def _one(developer: str, filing: str, period: str) -> Filings:
    made = _filings(developer, None, period)
    found = [one for one in made.drafts if one.id == filing]
    if not found:
        raise StoreError(
            f"there is no filing {filing!r}; there are: {', '.join(one.id for one in made.drafts)}"
        )
    return replace(made, drafts=tuple(found))


def _filings(developer: str, as_of: str | None, period: str) -> Filings:
    from scorecard.briefings.content.filings import filings

    return filings(built_store(), developer=developer, as_of=day_or_today(as_of), period=period)


def _other_days(made: Filings) -> list[CalendarDay]:
    from scorecard.briefings.delivery.calendars import days_of_record
    from scorecard.thresholds.board import board

    store = built_store()
    with store.view(as_of=made.as_of) as known, store.view() as now:
        rows = [r for r in board(known, now, as_of=made.as_of) if r.framework.developer == made.developer]
        return days_of_record(known, rows, made.as_of)
