"""duty: what a law, a code or a framework asks for, and what the record answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scorecard.commands._options import AsOf, day_or_today
from scorecard.store import Store, StoreError

app = typer.Typer()


@app.command()
def duty(
    id: Annotated[
        str, typer.Argument(help="Which duty or framework, by its id; without one, all are listed.")
    ] = "",
    format: Annotated[str, typer.Option(help="md or json.")] = "md",
    out: Annotated[Path | None, typer.Option(help="The file to write; else it is printed.")] = None,
    audience: Annotated[str, typer.Option(help="internal, board or public.")] = "internal",
    as_of: AsOf = None,
) -> None:
    """The checklist of a reporting duty, filled from the record; what is missing is marked."""
    from scorecard.briefings.build import build
    from scorecard.briefings.checklist import as_json, checklist

    if format not in ("md", "json"):
        raise StoreError(f"a checklist is md or json, not {format!r}")
    briefing = build(Store(), as_of=day_or_today(as_of), audience=audience)
    known = {one.id: one for one in briefing.duties}
    if not id:
        for one in briefing.duties:
            missing = sum(not item.answer for item in one.items)
            print(f"{one.id}: {one.name}; {len(one.items) - missing} of {len(one.items)} fields answered")
        return
    if id not in known:
        raise StoreError(f"there is no duty {id!r} on {briefing.as_of}; there are: {', '.join(known)}")
    write = as_json if format == "json" else checklist
    text = write(briefing, known[id])
    if out is None:
        print(text, end="")
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    print(out)
