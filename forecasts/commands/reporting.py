"""reporting: when a level is reached, when its developer finds so, and when the world is told."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scorecard.records import Determination, Framework, PriorSet, Threshold
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today, overrides

app = typer.Typer()


@app.command()
def reporting(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by id.")],
    as_of: AsOf = None,
    prior: Annotated[
        list[str] | None,
        typer.Option(
            help="caution, determination_lag or publication_lag in months, as 'caution=normal(3, 2)'; repeatable."
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """When a threshold is crossed, determined and published, given that nothing is published (exploratory)."""
    from forecasts.dates.determination import crossing_of, denied_until, reporting_of, three_dates
    from forecasts.priors.sets import priors_of
    from scorecard.thresholds.draws import run_of

    store = built_store()
    run = run_of(store, threshold, day_or_today(as_of))
    with store.view(as_of=run.as_of) as known:
        held = known.get(Threshold, id=threshold)
        developer = known.get(Framework, id=held.framework, version=held.version).developer
        denied = denied_until(known.all(Determination, threshold=threshold), developer, run.as_of)
    with (
        store.view() as now
    ):  # priors changed for one run are kept with it, not as a set: then the set they came from
        base = now.get(PriorSet, id=run.prior_set.partition("+")[0])
    given = reporting_of(priors_of(base).settings).with_overrides(overrides(prior))
    crossing = crossing_of(run, store.files.get(run.draws, run.draws_sha256))
    found = three_dates(crossing, given, denied_on=denied)
    told = {"threshold": threshold, "developer": developer, "run": run.id, **found.as_data()}
    if json_:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    print(f"{threshold}, run {run.id[:12]}; {told['status']}.")
    print(f"In months: {given}. {found.words}")
    for name in ("crossing_alone", "crossing", "determination", "publication"):
        row = told[name]
        dates = " / ".join(str(row[q] or "beyond") for q in ("q10", "q50", "q90"))
        chances = f"by now {row['p_now']:.0%}, within 12 months {row['p_12_months']:.0%}"
        print(f"  {name.replace('_', ' '):14} {dates}; {chances}")
