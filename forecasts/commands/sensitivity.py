"""sensitivity, joint, history: what a date leans on, criteria held together, and how it moved month by month."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from scorecard.commands._options import AsOf, Json, built_store, day_or_today
from scorecard.commands._progress import progress_bar
from scorecard.jobs import Reporter
from scorecard.store import StoreError
from scorecard.thresholds.calendar import plus_months

app = typer.Typer()
Which = Annotated[
    list[str] | None, typer.Option("--threshold", help="Only this threshold, by id; repeatable.")
]


@app.command()
def sensitivity(as_of: AsOf = None, threshold: Which = None, json_: Json = False) -> None:
    """Move each assumption in turn and say by how many months the median crossing date follows."""
    from forecasts.leaning import leanings
    from forecasts.runs import Request, read

    store = built_store()
    request = Request(as_of=day_or_today(as_of), thresholds=tuple(threshold or ()), method="quick")
    with progress_bar() as tell:
        found = leanings(read(store, request), request, progress=tell)
    if json_:
        rows = [
            {"threshold": one.threshold, "as_of": one.as_of.isoformat(), "words": one.words,
             "sensitivity": one.base.result["sensitivity"], "median": one.base.result["q50"],
             "assumptions": [part.as_data() for part in one.found]}
            for one in found
        ]  # fmt: skip
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for one in found:
        print(f"\n{one.threshold}: median {one.base.result['q50'] or 'beyond the horizon'}. {one.words}")
        for part in one.found:
            moved = "beyond the horizon" if part.months is None else f"{part.months:+.0f} months"
            print(f"  {part.assumption}, {part.value}: {moved}; {part.p_12_months:.0%} within 12 months")


@app.command()
def joint(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by id.")],
    as_of: AsOf = None,
    dependence: Annotated[
        float | None,
        typer.Option(
            help="Correlation between the criteria's dates, 0 to 1; by default that of the Forecasts page."
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """When any, some or all criteria of a threshold are met, instead of one of them by weight."""
    from forecasts.joint import DEPENDENCE, by_criterion, every_rule
    from scorecard.briefings.draws import run_of

    store = built_store()
    run = run_of(store, threshold, day_or_today(as_of))
    criteria = by_criterion(run, store.files.get(run.draws, run.draws_sha256))
    asked = DEPENDENCE if dependence is None else dependence
    found = [one.as_data() for one in every_rule(criteria, dependence=asked)]
    if json_:
        print(json.dumps(found, indent=2))
        return
    print(
        f"{threshold}, run {run.id[:12]}; mixed by weight: median {run.result['q50'] or 'beyond the horizon'}"
    )
    for row in found:
        dates = " / ".join(str(row[name] or "beyond") for name in ("q10", "q50", "q90"))
        print(f"  {row['rule']:8} {dates}; {row['p_12_months']:.0%} within 12 months")


@app.command()
def history(
    threshold: Which = None,
    as_of: AsOf = None,
    months: Annotated[int, typer.Option(min=1, max=60, help="How many months back.")] = 12,
    json_: Json = False,
    job: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Forecast from the first of each past month with what was known then, by the quick method, and store the runs."""
    from forecasts import runs

    store = built_store()
    report = Reporter(store, job)
    end = day_or_today(as_of)
    request = runs.Request(as_of=end, thresholds=tuple(threshold or ()), method="quick")
    days = [plus_months(end.replace(day=1), -back) for back in reversed(range(months))]
    made = []
    try:
        for count, day in enumerate(days):
            report(count / months, f"As of {day}")
            made += runs.run(store, replace(request, as_of=day))
    except (StoreError, ValueError) as error:
        report.failed(str(error))
        raise
    report.done(f"{len(made)} forecasts, the first of each month from {days[0]} to {days[-1]}")
    rows = [
        {"threshold": run.threshold, "as_of": run.as_of.isoformat(), "run": run.id,
         **{name: run.result.get(name) for name in ("q10", "q50", "q90", "p_12_months", "message")}}
        for run in made
    ]  # fmt: skip
    if json_:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        dates = " / ".join(str(row[name]) for name in ("q10", "q50", "q90"))
        print(f"{row['as_of']} {row['threshold']}: {row['message'] or dates}")
