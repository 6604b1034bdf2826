"""decide: put a decision on the record."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scorecard.commands._options import Json, say_day
from scorecard.governance.decisions import decide as record_decision
from scorecard.records import Decision, Finding
from scorecard.store import Store, local_user

app = typer.Typer()


@app.command()
def decide(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    finding: Annotated[Finding, typer.Option(help="What the meeting finds.")],
    decision: Annotated[str, typer.Option(help="What is decided.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who decides; defaults to this machine's user.")] = "",
    run: Annotated[str, typer.Option(help="The forecast run it rests on, by id.")] = "",
    system: Annotated[str, typer.Option(help="Which system it is about.")] = "",
    owner: Annotated[str, typer.Option(help="Who carries it out.")] = "",
    due: Annotated[str | None, typer.Option(metavar="DATE", help="By when.")] = None,
    review: Annotated[str | None, typer.Option(metavar="DATE", help="When to look at it again.")] = None,
    holds_while: Annotated[str, typer.Option(help="Conditions under which it stops holding.")] = "",
    dissent: Annotated[str, typer.Option(help="Who disagreed, and why.")] = "",
    supersedes: Annotated[str, typer.Option(help="The decision this one corrects, by id.")] = "",
    json_: Json = False,
) -> None:
    """Record a decision on a threshold, bound to the forecast run it rested on."""
    record = record_decision(
        Store(), threshold=threshold, finding=finding, decision=decision, reason=reason,
        decided_by=by or local_user(), forecast_run=run,
        identity="typed by hand" if by else "local user of this machine",
        system=system, owner=owner, due_on=say_day(due), review_on=say_day(review), holds_while=holds_while,
        dissent=dissent, supersedes=supersedes,
    )  # fmt: skip
    if json_:
        print(
            json.dumps({name: getattr(record, name) for name in Decision.__dataclass_fields__}, default=str)
        )
    else:
        print(
            f"recorded decision {record.id} on {record.threshold}, resting on run {record.forecast_run[:12] or 'none'}"
        )
