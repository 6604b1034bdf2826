"""enter: one published value by hand, with its source."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from scorecard.people import this_machine
from scorecard.records import Bound, Grade
from scorecard.store import Store
from scorecard.terminal.options import Json

app = typer.Typer()


@app.command()
def enter(
    indicator: Annotated[str, typer.Argument(help="The id of an indicator on record.")],
    system: Annotated[str, typer.Argument(help="A system by any of its names.")],
    value: Annotated[str, typer.Argument(help="In the indicator's own unit.")],
    source: Annotated[str, typer.Option(help="A source on record, by its id.")] = "",
    source_title: Annotated[str, typer.Option(help="A new source: its title.")] = "",
    source_url: Annotated[str, typer.Option(help="A new source: its address.")] = "",
    published_on: Annotated[str, typer.Option(metavar="DATE", help="A new source: when it appeared.")] = "",
    low: Annotated[str, typer.Option(help="Lower end of the published interval.")] = "",
    high: Annotated[str, typer.Option(help="Upper end of the published interval.")] = "",
    interval: Annotated[str, typer.Option(help="Its level, such as 0.95.")] = "",
    n: Annotated[str, typer.Option(help="How many trials it rests on.")] = "",
    bound: Annotated[Bound, typer.Option(help="What the value says of the true one.")] = "exact",
    condition: Annotated[str, typer.Option(help="What tells it from other readings of the system.")] = "",
    observed_on: Annotated[
        str,
        typer.Option(metavar="DATE", help="The day it describes; a system's value stands at its release."),
    ] = "",
    known_at: Annotated[
        str, typer.Option(metavar="DATE", help="When it could be known; else when its source appeared.")
    ] = "",
    vintage: Annotated[str, typer.Option(help="Which publication of the value; else the day.")] = "",
    grade: Annotated[Grade, typer.Option(help="primary: read in the document itself.")] = "primary",
    marks: Annotated[str, typer.Option(help="Doubts, with ; between them, such as self_reported.")] = "",
    note: Annotated[str, typer.Option(help="Page or table, and anything a reader must know.")] = "",
    not_fitted: Annotated[bool, typer.Option("--not-fitted", help="Show it without fitting it.")] = False,
    developer: Annotated[str, typer.Option(help="A new system: who made it.")] = "",
    released_on: Annotated[str, typer.Option(metavar="DATE", help="A new system: its release.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be stored; store nothing.")
    ] = False,
    json_: Json = False,
) -> None:
    """Enter one published value with its source, checked as an import is."""
    from scorecard.evidence.entering import Typed, draft
    from scorecard.evidence.entering import enter as store_it
    from scorecard.evidence.storing import ImportRefused

    cells = {
        "indicator": indicator,
        "system": system,
        "value": value,
        "source": source,
        "low": low,
        "high": high,
        "interval": interval,
        "n": n,
        "bound": bound,
        "condition": condition,
        "observed_on": observed_on,
        "known_at": known_at,
        "vintage": vintage,
        "grade": grade,
        "marks": marks,
        "note": note,
        "main": "false" if not_fitted else "true",
    }
    new_source = {"title": source_title, "url": source_url, "published_on": published_on}
    new_system = {"developer": developer, "released_on": released_on}
    store = Store()
    made = draft(
        store,
        Typed(
            cells=cells,
            source=new_source if any(new_source.values()) else {},
            system=new_system if any(new_system.values()) else {},
        ),
    )
    receipt, failed = None, ""
    if not dry_run:
        try:
            receipt = store_it(store, made, actor=this_machine())
        except ImportRefused as refused:
            failed = "; ".join(str(one) for one in refused.refusals)
    if json_:
        print(
            json.dumps(
                {"stored": receipt is not None, "added": receipt.added if receipt else 0} | made.as_json(),
                indent=1,
            )
        )
    else:
        for change in made.changes:
            before = f"{change.before} ({change.before_vintage})" if change.before else "new"
            print(
                f"{change.indicator}, {change.system}, vintage {change.vintage}: {before} -> {change.after}"
            )
        for line in [*made.notes, *(f"refused: {one}" for one in made.refusals)]:
            print(line)
        if receipt is not None:
            print(f"stored: {receipt.added} rows added")
        elif dry_run:
            print("dry run: nothing was stored")
    if failed:
        print(f"nothing was stored: {failed}", file=sys.stderr)
        raise typer.Exit(1)
