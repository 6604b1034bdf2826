"""feedback: the dates of one threshold with AI speeding up AI research, laid over the trend."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from scorecard.records import CrossingSummary, ForecastRun
from scorecard.records.typed_json import to_plain
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today, say_day

app = typer.Typer()


@app.command()
def feedback(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by id.")],
    kappa: Annotated[
        float, typer.Option(help="What AI adds at most: 3 is four times the pace without its help.")
    ],
    as_of: AsOf = None,
    halfway: Annotated[
        float,
        typer.Option(
            help="Where half of it is reached: standard units (doublings) above the criterion's level."
        ),
    ] = 0.0,
    width: Annotated[float, typer.Option(help="How gradually: standard units from half to 73 %.")] = 2.0,
    slow_from: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day from which scarcer compute slows everything.")
    ] = None,
    slow_by: Annotated[
        float, typer.Option(help="How many times as long everything takes from then on.")
    ] = 2.0,
    seed: Annotated[int | None, typer.Option(help="Seed of every random draw.")] = None,
    json_: Json = False,
) -> None:
    """A threshold's dates without and with feedback, by the quick method: an assumption, not learnt from the trend."""
    from forecasts import SEED
    from forecasts.runs.feedback import STATUS, Feedback, without_and_with
    from forecasts.runs.request import Request, read

    slow = say_day(slow_from)
    layer = Feedback(
        kappa=kappa, above=halfway, width=width, slow_from=slow, slow_by=slow_by if slow else 1.0
    )
    request = Request(
        as_of=day_or_today(as_of),
        thresholds=(threshold,),
        method="quick",
        seed=SEED if seed is None else seed,
    )
    plain, fed = without_and_with(read(built_store(), request), request, layer)
    if not plain.publishable:
        raise ValueError(plain.refusal)
    told = {
        "threshold": threshold,
        "as_of": request.as_of.isoformat(),
        "status": STATUS,
        "layer": layer.as_data(),
        "without": _plain(plain),
        "with": _plain(fed),
    }
    if json_:
        print(json.dumps(told, indent=2))
        return
    slowed = f", everything {slow_by:g} times as long from {slow}" if slow else ""
    print(
        f"{threshold} as of {request.as_of}: up to {1 + kappa:g} times the pace without AI, half of the gain "
        f"{halfway:+g} standard units from the level{slowed}; {STATUS}."
    )
    for title, run in (("without", plain), ("with", fed)):
        print(f"  {title:8} {_dates(run.quoted)}")
        for name, shape in run.quoted.by_shape.items():
            print(f"    {name:16} {_dates(shape)}")


def _plain(run: ForecastRun) -> dict[str, Any]:
    told = to_plain(run.quoted)
    kept = ("q10", "q50", "q90", "p_now", "p_12_months", "p_beyond_horizon")
    parts = {name: {k: part[k] for k in kept} for name, part in told["by_shape"].items()}
    return {k: told[k] for k in kept} | {"by_shape": parts}


def _dates(result: CrossingSummary) -> str:
    dates = " / ".join(str(one or "beyond") for one in (result.q10, result.q50, result.q90))
    return f"{dates}; {result.p_12_months:.0%} within 12 months"
