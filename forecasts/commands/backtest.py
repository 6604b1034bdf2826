"""backtest: how the forecasts would have done, put on the record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from forecasts import SEED
from forecasts.runs.backtests import backtest_all
from scorecard.jobs import BacktestJob
from scorecard.records import TrackRecord
from scorecard.records.typed_json import to_plain
from scorecard.store import Store
from scorecard.terminal.options import AsOf, Json, day_or_today
from scorecard.terminal.progress import progress_bar

app = typer.Typer()


@app.command("backtest")
def backtest_command(
    as_of: AsOf = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Which indicator, by id; by default every one with a criterion.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = SEED,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Spread the indicators over a Dask cluster, by its scheduler's address (tcp://HOST:8786); "
            "needs requirements-dask.txt. The numbers are the same."
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Forecast from the first of every month since 2024 with what was known then, and score what happened."""
    work = BacktestJob(as_of=day_or_today(as_of), indicators=tuple(indicator or ()), seed=seed)
    with progress_bar() as tell:
        made = backtest_all(Store(), work, tell, dask=dask)
    if json_:
        print(json.dumps([_plain(one) for one in made], indent=2))
        return
    for one in made:
        print("\n".join(_lines(one)))


def _plain(one: TrackRecord) -> dict[str, object]:
    kept = (
        "id",
        "indicator",
        "prior_set",
        "model_version",
        "seed",
        "data_hash",
        "origins",
        "records",
    )
    said = {
        "scores": [to_plain(row) for row in one.scores],
        "lateness": [to_plain(row) for row in one.lateness],
    }
    return {name: getattr(one, name) for name in kept} | said


def _lines(one: TrackRecord) -> Iterator[str]:
    yield f"\n{one.indicator}: {one.origins} origins, {one.records} records (standard units; lower CRPS is better)"
    heads = ("CRPS", "0-3", "3-6", "6-12", "50 %", "80 %", "3-12", "bias")
    yield f"  {'model':26} " + " ".join(f"{head:>6}" for head in heads)
    for row in one.scores:
        if row.basis == "measured again":
            figures = [
                row.crps,
                row.crps_0_3,
                row.crps_3_6,
                row.crps_6_12,
                row.covered_50,
                row.covered_80,
                row.covered_80_3_12,
                row.bias,
            ]
            yield f"  {row.model:26} " + " ".join("     -" if x is None else f"{x:6.2f}" for x in figures)
    for dates in one.lateness:
        if dates.model == "equal pool":
            late = "beyond six years" if dates.late is None else f"{dates.late:.1f} months late"
            inside = f"{dates.inside_80:.0%} inside the 80 % interval"
            yield f"  {dates.months_ahead} months ahead ({dates.cases} dates): median {late}, {inside}"
