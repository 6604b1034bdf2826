"""run, check: forecast, and re-derive what others have published."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Literal

import typer

from scorecard.commands._options import DATA, AsOf, Json, built_store, day_or_today
from scorecard.commands._progress import part, progress_bar
from scorecard.evidence import facts
from scorecard.governance import tripwires
from scorecard.jobs import Reporter
from scorecard.records import ForecastRun, Indicator, Measurement
from scorecard.store import Store, StoreError

app = typer.Typer()

How = Literal["sampled", "quick", "both"]
QUICK_SHARE = 0.15  # of the time that both methods take


@app.command()
def run(
    as_of: AsOf = None,
    threshold: Annotated[
        list[str] | None, typer.Option(help="Only this threshold, by id; repeatable.")
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Only thresholds measured by this indicator.")
    ] = None,
    prior_set: Annotated[
        str | None, typer.Option(help="Which prior set; by default the one that stands.")
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SHAPE.]PARAM=FAMILY(args)",
            help="Change a prior: a family, quantiles(10 %, 50 %, 90 %), or doubling_days(10 %, 50 %, 90 %).",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Propose the changed priors as a set of this name.")] = "",
    author: Annotated[str, typer.Option(help="Who proposes it.")] = "",
    reason: Annotated[str, typer.Option(help="Why, so that a colleague can judge.")] = "",
    seed: Annotated[int | None, typer.Option(help="Seed of every random draw.")] = None,
    method: Annotated[
        How,
        typer.Option(help="Sampled, quick (by approximation, in seconds), or both: quick ones first."),
    ] = "sampled",
    json_: Json = False,
    quiet: Annotated[bool, typer.Option(help="No progress on stderr.")] = False,
    job: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Forecast when thresholds are crossed, and store the runs; runs already stored are not repeated."""
    from forecasts import runs

    store = Store()
    report = Reporter(store, job)

    request = runs.Request(
        as_of=day_or_today(as_of), prior_set=prior_set, overrides=tuple(prior or ()), thresholds=tuple(threshold or ()),
        indicators=tuple(indicator or ()), seed=runs.SEED if seed is None else seed,
    )  # fmt: skip
    named = runs.Named(name=name, author=author, reason=reason) if name else None
    try:
        with progress_bar(job=report if quiet or job else None) as tell:
            if not store.exists():
                tell(0.01, "Building the store from data/")
                facts.build(store, DATA)
            if method != "sampled":
                first, share = replace(request, method="quick"), 1.0 if method == "quick" else QUICK_SHARE
                made = runs.run(store, first, named=named, progress=part(tell, 0.0, share))
            if method != "quick":
                share = 0.0 if method == "sampled" else QUICK_SHARE
                made = runs.run(store, request, named=named, progress=part(tell, share, 1.0))
    except (StoreError, facts.FactsRefused, ValueError) as error:
        report.failed(str(error))
        raise
    tripwires.check(store, day_or_today(None))
    report.done(f"{len(made)} thresholds forecast as of {request.as_of}")
    if json_:
        print(json.dumps([_plain(r) for r in made], indent=2, ensure_ascii=False))
    elif not quiet:
        for r in made:
            print(_line(r))


def _plain(run: ForecastRun) -> dict[str, object]:
    kept = ("id", "threshold", "criteria", "indicators", "prior_set", "model", "model_version", "seed", "data_hash",
            "publishable", "checks", "result", "draws", "draws_sha256")  # fmt: skip
    return {"as_of": run.as_of.isoformat()} | {name: getattr(run, name) for name in kept}


def _line(run: ForecastRun) -> str:
    if not run.publishable:
        return f"{run.threshold}: {run.result['message']}"
    dates = " / ".join(run.result[q] or "beyond the horizon" for q in ("q10", "q50", "q90"))
    now, year = run.result["p_now"], run.result["p_12_months"]
    return (
        f"{run.threshold}: already {now:.0%}, in 12 months {year:.0%}, 10/50/90 % {dates} (run {run.id[:12]})"
    )


@app.command()
def check(json_: Json = False) -> None:
    """Re-derive METR's published doubling times from the stored vintages, and put ours beside them."""
    from forecasts.judging.compared import compare
    from forecasts.judging.published import HORIZON

    with built_store().view() as now:
        rows = compare(now.all(Measurement), now.get(Indicator, id=HORIZON))
    if json_:
        print(json.dumps([row.as_data() for row in rows], indent=2))
    else:
        for row in rows:
            print(row.line())
        print(WHY)
    if not all(row.published.agrees or row.known_difference for row in rows):
        raise typer.Exit(1)


WHY = """
METR draws one straight line through point estimates, each counting once, and takes its interval from
resampling tasks. Ours is a posterior: readings count by their precision, errors shared through common
tasks are modelled, readings above 16 hours enter as bounds, and systems scatter about the trend. So ours
is wider or narrower where the readings are, and it is given as a 95 % interval to set beside METR's."""
