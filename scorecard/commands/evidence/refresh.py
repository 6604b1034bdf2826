"""refresh: fetch the machine-readable sources, import what is new, fire tripwires, start the refits."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from scorecard import jobs
from scorecard.governance import tripwires
from scorecard.jobs import ForecastJob
from scorecard.people import this_machine
from scorecard.places import DATA
from scorecard.store import StoreError
from scorecard.terminal.options import By, Json, built_store, day_or_today

app = typer.Typer()


@app.command()
def refresh(
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source of data/refresh.yaml, by id; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ask and compare; store nothing.")] = False,
    new_systems: Annotated[
        bool, typer.Option("--new-systems", help="Accept systems that the record does not know.")
    ] = False,
    refit: Annotated[bool, typer.Option(help="Start the forecasts that read a changed series.")] = True,
    by: By = "",
    json_: Json = False,
) -> None:
    """Bring the evidence up to date from the sources that machines can read; exits with 1 if one of them failed.

    To run it every day at six: 0 6 * * * cd /path/to/scorecard && ./run preparedness refresh
    """
    from scorecard.evidence.refresh.machines import machines
    from scorecard.evidence.refresh.running import refresh as run

    known = machines(DATA)
    if unknown := [name for name in source or [] if name not in known]:
        raise StoreError(f"there is no source {unknown[0]!r} to refresh; there are {', '.join(known)}")
    store, today = built_store(), day_or_today(None)
    outcomes = run(
        store,
        [known[name] for name in source or known],
        today=today,
        actor=this_machine(by),
        dry_run=dry_run,
        new_systems=new_systems,
    )
    moved = sorted({name for outcome in outcomes for name in outcome.indicators if outcome.added})
    fired = [] if dry_run else tripwires.check(store, today)
    job = None
    if moved and refit and not dry_run:
        job = jobs.start(store, ForecastJob(as_of=today, indicators=tuple(moved)))
    if json_:
        told = {
            "dry_run": dry_run,
            "sources": [outcome.as_json() for outcome in outcomes],
            "fired": [one.words for one in fired],
            "refit": job.id if job else None,
        }
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for outcome in outcomes:
            print(outcome.line, file=sys.stderr if outcome.state == "failed" else sys.stdout)
        for one in fired:
            print(f"a tripwire fired: {one.words}")
        if job:
            print(f"forecasts of {', '.join(moved)} are being made again")
        if dry_run:
            print("dry run: nothing was stored")
    if any(outcome.state == "failed" for outcome in outcomes):
        raise typer.Exit(1)
