"""run, check: forecast, and re-derive what others have published."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal

import typer

from forecasts.judging.published import Systems, Window
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.jobs import ForecastJob, NamedSet
from scorecard.records import ForecastRun, Indicator
from scorecard.records.typed_json import to_plain
from scorecard.store import Store, StoreError
from scorecard.terminal.options import (
    AsOf,
    Assumptions,
    By,
    Json,
    assumed,
    built_store,
    day_or_today,
    overrides,
    say_day,
)
from scorecard.terminal.progress import progress_bar
from scorecard.words import day_of_both

app = typer.Typer()

How = Literal["sampled", "quick", "both"]


@app.command()
def run(
    as_of: AsOf = None,
    assumptions: Assumptions = None,
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
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why, so that a colleague can judge.")] = "",
    seed: Annotated[int | None, typer.Option(help="Seed of every random draw.")] = None,
    method: Annotated[
        How,
        typer.Option(help="Sampled, quick (by approximation, in seconds), or both: quick ones first."),
    ] = "sampled",
    json_: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")] = False,
) -> None:
    """Forecast when thresholds are crossed, and store the runs; runs already stored are not repeated."""
    from forecasts.runs.work import forecast

    day = day_or_today(as_of)
    work = ForecastJob(
        as_of=day,
        assumptions=assumed(assumptions, day),
        prior_set=prior_set,
        overrides=overrides(prior),
        thresholds=tuple(threshold or ()),
        indicators=tuple(indicator or ()),
        named=NamedSet(name=name, author=by, reason=reason) if name else None,
        seed=seed,
        method=method,
    )
    with progress_bar(job=(lambda _share, _words: None) if quiet else None) as tell:
        made = forecast(Store(), work, tell)
    if json_:
        print(json.dumps([_plain(r) for r in made], indent=2, ensure_ascii=False))
    elif not quiet:
        if work.assumptions:
            print(day_of_both(day, work.assumptions))
        for r in made:
            print(_line(r))


def _plain(run: ForecastRun) -> dict[str, object]:
    kept = (
        "id",
        "threshold",
        "criteria",
        "indicators",
        "prior_set",
        "model",
        "model_version",
        "seed",
        "data_hash",
        "publishable",
        "draws",
        "draws_sha256",
    )
    said = {"checks": to_plain(run.checks), "result": to_plain(run.result)}
    return {"as_of": run.as_of.isoformat()} | {name: getattr(run, name) for name in kept} | said


def _line(run: ForecastRun) -> str:
    if not run.publishable:
        return f"{run.threshold}: {run.refusal}"
    said = run.quoted
    dates = " / ".join(str(day or "beyond the horizon") for day in (said.q10, said.q50, said.q90))
    return (
        f"{run.threshold}: already {said.p_now:.0%}, in 12 months {said.p_12_months:.0%}, 10/50/90 % {dates} "
        f"(run {run.id[:12]})"
    )


@app.command()
def check(
    since: Annotated[
        str | None, typer.Option(metavar="YEAR|DATE|all", help="Only one window: readings from then on.")
    ] = None,
    percentile: Annotated[
        Literal["50", "80"] | None, typer.Option(help="The horizon at so many per cent of success.")
    ] = None,
    systems: Annotated[
        Systems | None,
        typer.Option(help="METR's state of the art, the running maximum of the window, or all systems."),
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="Leave out this system; repeatable.")] = None,
    vintage: Annotated[str | None, typer.Option(help="METR's results file of this day; the newest.")] = None,
    ours: Annotated[bool, typer.Option(help="Put our own posterior beside it.")] = True,
    json_: Json = False,
) -> None:
    """METR's doubling times from the stored rows: those it published, or any window that you name."""
    from forecasts.judging.compared import WHY, compare, doubling_posterior
    from forecasts.judging.published import HORIZON, HORIZONS, window

    with built_store().view() as now:
        held = published_readings(now)
        indicators = {i.id: i for i in now.all(Indicator)}
    if any((since, percentile, systems, without, vintage)):
        try:
            one = window(
                held,
                percentile=int(percentile or 50),
                vintage=vintage,
                since=_since(since),
                systems=systems or "sota",
                without=without or (),
            )
        except ValueError as error:
            raise StoreError(str(error)) from None
        beside = doubling_posterior(indicators[HORIZONS[one.percentile]], one.rows) if ours else None
        _say_window(one, beside, json_)
        return
    rows = compare(held, indicators[HORIZON])
    if json_:
        print(json.dumps([row.as_data() for row in rows], indent=2))
    else:
        for row in rows:
            print(row.line())
        print(f"\n{WHY}")
    if not all(row.published.agrees or row.known_difference for row in rows):
        raise typer.Exit(1)


def _since(text: str | None) -> date | None:
    if text is None or text == "all":
        return None
    return say_day(f"{text}-01-01" if text.isdigit() else text)


def _say_window(one: Window, ours: tuple[float, float, float] | None, json_: bool) -> None:
    if json_:
        told = {
            "percentile": one.percentile,
            "vintage": one.vintage,
            "since": one.since.isoformat() if one.since else None,
            "systems": one.systems,
            "without": list(one.without),
            "through": [m.system for m in one.rows],
            "same_line_days": one.days,
            "published_days": one.published,
            "published_low": one.low,
            "published_high": one.high,
            "posterior": list(ours) if ours else None,
        }
        print(json.dumps(told, indent=2))
        return
    start = f"from {one.since}" if one.since else "all time"
    left_out = f", without {', '.join(one.without)}" if one.without else ""
    print(
        f"{one.percentile} % horizon, v1.1 of {one.vintage}, {start}, {len(one.rows)} systems "
        f"({one.systems}{left_out}): {one.days:.3f} days a doubling by METR's line"
    )
    if one.published is None:
        print("METR printed no figure for this window.")
    else:
        held = (
            f" [{one.low:.1f}, {one.high:.1f}]"
            if one.low is not None and one.high is not None
            else ", no interval"
        )
        print(f"METR printed {one.published:g}{held}, its interval from resampling tasks, runs and systems.")
    if ours:
        from forecasts.judging.compared import WHY

        low, middle, high = ours
        print(f"Our posterior: {middle:.1f} [{low:.1f}, {high:.1f}] days.\n{WHY}")
