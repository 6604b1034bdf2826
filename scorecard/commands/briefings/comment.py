"""comment add, list, show: what people say in their own words of what the numbers do not say."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.governance.commentary import comment, newest_commentary
from scorecard.people import this_machine
from scorecard.records import Commentary
from scorecard.store import Store
from scorecard.terminal.options import By, Json
from scorecard.terminal.printing import print_json, print_record

app = typer.Typer()
group = typer.Typer(help="What people say of a threshold beside its numbers: add, list, show.")
app.add_typer(group, name="comment")


@group.command()
def add(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    text: Annotated[str, typer.Option(help="What you say; figures as references, such as {p_12_months}.")],
    by: By = "",
    supersedes: Annotated[str, typer.Option(help="Your earlier commentary that this replaces, by id.")] = "",
    json_: Json = False,
) -> None:
    """Put commentary on a threshold on the record; briefings print it with the figures of their day."""
    record = comment(Store(), actor=this_machine(by), threshold=threshold, text=text, supersedes=supersedes)
    if json_:
        print_json(record)
    else:
        print(f"recorded commentary {record.id} on {record.threshold} by {record.author}")


@group.command("list")
def list_(
    threshold: Annotated[str, typer.Option(help="Only this threshold, by id.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="What was replaced later, too.")] = False,
    json_: Json = False,
) -> None:
    """The commentary that stands, newest first."""
    with Store().view() as now:
        there = now.all(Commentary)
    found = there[::-1] if everything else newest_commentary(there)
    found = [one for one in found if threshold in ("", one.threshold)]
    if json_:
        print_json(found)
        return
    for one in found:
        print(f"{one.id}  {one.known_at}  {one.threshold}: {one.text} ({one.author})")


@group.command()
def show(id: Annotated[str, typer.Argument(help="The commentary, by id.")], json_: Json = False) -> None:
    """One piece of commentary with all its parts."""
    with Store().view() as now:
        found = now.get(Commentary, id=id)
    print_record(found, json_)
