"""briefing: write what the board reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scorecard.commands._options import AsOf, day_or_today
from scorecard.store import Store

app = typer.Typer()


@app.command()
def briefing(
    format: Annotated[str, typer.Option("--format", help="Formats, comma-separated.")] = "pdf,csv,json,xlsx",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("out"),
    as_of: AsOf = None,
    audience: Annotated[str, typer.Option(help="internal, board or public.")] = "internal",
) -> None:
    """Write the briefing of a day in the formats asked for; the same record gives the same bytes."""
    from scorecard.briefings import export  # charts and typesetting take a second to import

    store = Store()
    day = day_or_today(as_of)
    out.mkdir(parents=True, exist_ok=True)
    for name in format.split(","):
        made = export(store, name.strip(), as_of=day, audience=audience)
        (out / made.filename).write_bytes(made.content)
        print(out / made.filename)
