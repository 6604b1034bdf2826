"""reporting: when a level is reached, when its developer finds so, and when the world is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from scorecard.commands._options import AsOf, Json, built_store, day_or_today
from scorecard.records import Determination, Framework, Threshold

app = typer.Typer()


@app.command()
def reporting(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by id.")],
    as_of: AsOf = None,
    slack: Annotated[
        str | None,
        typer.Option(metavar="MEAN,SD", help="Months from crossing to determination; below zero is early."),
    ] = None,
    lag: Annotated[
        str | None,
        typer.Option(metavar="MEDIAN,SD", help="Months from there to publication; SD of its logarithm."),
    ] = None,
    json_: Json = False,
) -> None:
    """When a threshold is crossed, determined and published, given that nothing is published (exploratory)."""
    from forecasts.determination import crossing_of, denied_until, reporting_of, three_dates
    from scorecard.briefings.draws import run_of

    store = built_store()
    run = run_of(store, threshold, day_or_today(as_of))
    with store.view(as_of=run.as_of) as known:
        held = known.get(Threshold, id=threshold)
        developer = known.get(Framework, id=held.framework, version=held.version).developer
        denied = denied_until(known.all(Determination, threshold=threshold), developer, run.as_of)
    given = reporting_of(developer)
    if slack is not None:
        mean, sd = _pair("--slack", slack)
        given = replace(given, slack_mean=mean, slack_sd=sd)
    if lag is not None:
        median, spread = _pair("--lag", lag)
        given = replace(given, lag_median=median, lag_spread=spread)
    crossing = crossing_of(run, store.files.get(run.draws, run.draws_sha256))
    found = three_dates(crossing, given, denied_on=denied)
    told = {"threshold": threshold, "developer": developer, "run": run.id, **found.as_data()}
    if json_:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    print(f"{threshold}, run {run.id[:12]}; {told['status']}.")
    print(
        f"Slack {given.slack_mean:+g} months (sd {given.slack_sd:g}), lag {given.lag_median:.3g} months "
        f"(sd of its logarithm {given.lag_spread:g}). {found.words}"
    )
    for name in ("crossing_alone", "crossing", "determination", "publication"):
        row = told[name]
        dates = " / ".join(str(row[q] or "beyond") for q in ("q10", "q50", "q90"))
        chances = f"by now {row['p_now']:.0%}, within 12 months {row['p_12_months']:.0%}"
        print(f"  {name.replace('_', ' '):14} {dates}; {chances}")


def _pair(option: str, text: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{option} {text!r}: write two numbers with a comma, such as 0,4") from None
    return first, second
