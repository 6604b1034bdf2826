"""measure: horizons from success counts by task, with all their uncertainty."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer

from scorecard.commands._options import AsOf, Json, built_store, day_or_today
from scorecard.evidence.attempts import by_task
from scorecard.evidence.importers import metr
from scorecard.evidence.names import Registry
from scorecard.store import StoreError

if TYPE_CHECKING:
    from forecasts.checks import Check

app = typer.Typer()
measure = typer.Typer(help="Measure systems from results by task.", no_args_is_help=True)
app.add_typer(measure, name="measure")

LEVEL = 0.95  # as METR publishes its intervals
Seed = Annotated[int, typer.Option(min=0, help="Seed of every random draw.")]
Draws = Annotated[int, typer.Option(min=100, help="Draws of each of four chains.")]


@measure.command("task-level")
def task_level(
    path: Annotated[Path | None, typer.Argument(help="A file of results by task, as METR publishes.")] = None,
    benchmark: Annotated[str, typer.Option(help="Attempts of this benchmark in the store.")] = "",
    typical: Annotated[
        bool, typer.Option(help="On typical tasks, not averaged over their difficulty.")
    ] = False,
    as_of: AsOf = None,
    draws: Draws = 1000,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """50 % and 80 % horizons of every system, from success counts on tasks of known human minutes."""
    from forecasts.measurement import task_level as model
    from forecasts.measurement.outcomes import outcomes
    from forecasts.measurement.sampling import converged

    if (path is None) == (benchmark == ""):
        raise typer.BadParameter("give a file of results by task, or --benchmark with a name in the store")
    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as view:
        registry = Registry.of(view)
        frame = by_task(store, view, benchmark=benchmark) if path is None else _tasks(path)
    if frame.empty:
        raise StoreError(f"no attempts of {benchmark!r} by {day}; `import` a file of results first")
    known = [registry.find(name) for name in frame["system"]]
    frame["released"] = [one.released_on if one else None for one in known]
    frame["successes"] = frame["score"] * frame["runs"]
    found = model.fit(outcomes(frame), seed=seed, draws=draws)
    rows = found.table(task="typical" if typical else "marginal", level=LEVEL)
    _told(rows, converged(found.draws, "the task-level model"), json_)


def _told(rows: list[dict[str, Any]], checks: list[Check], json_: bool) -> None:
    """Print rows, and on stderr what was not passed, which the rows should not be used without knowing."""
    if json_:
        told = {"rows": rows, "checks": [check.as_data() for check in checks]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for row in rows:
            print(
                f"{row['system']:34} {row['percent']:.0f} %: {row['minutes']:9.3g} min "
                f"({row['low']:.3g} to {row['high']:.3g}, {row['level']:.0%}; {row['task']} tasks)"
            )
    for check in checks:
        if not check.passed:
            print(
                f"{check.what}: {check.name} is {check.value:.3g}, limit {check.limit:.3g}: {check.advice}",
                file=sys.stderr,
            )


def _tasks(path: Path) -> pd.DataFrame:
    """A file that the importer of METR's results reads, one row a system and task."""
    read = metr.IMPORTER.read(path, known_at=day_or_today(None), source="command line")
    if read.refusals:
        raise StoreError(f"{read.refusals[0]} ({len(read.refusals)} such); nothing was measured")
    if read.attempts is None or not hasattr(read.attempts, "to_pandas"):
        raise StoreError(f"{path.name} holds no results by task; give a table of counts or a file of runs")
    frame: pd.DataFrame = read.attempts.to_pandas()
    return frame
