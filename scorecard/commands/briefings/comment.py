"""comment: say in one's own words what the numbers do not say."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.governance.commentary import comment as record_commentary
from scorecard.people import this_machine
from scorecard.store import Store
from scorecard.terminal.options import Json
from scorecard.terminal.printing import print_json

app = typer.Typer()


@app.command()
def comment(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    text: Annotated[str, typer.Option(help="What you say; figures as references, such as {p_12_months}.")],
    by: Annotated[
        str, typer.Option(help="Who says it, typed by hand; defaults to this machine's user.")
    ] = "",
    supersedes: Annotated[str, typer.Option(help="Your earlier commentary that this replaces, by id.")] = "",
    json_: Json = False,
) -> None:
    """Put commentary on a threshold on the record; briefings print it with the figures of their day."""
    record = record_commentary(
        Store(), actor=this_machine(by), threshold=threshold, text=text, supersedes=supersedes
    )
    if json_:
        print_json(record)
    else:
        print(f"recorded commentary {record.id} on {record.threshold} by {record.author}")
