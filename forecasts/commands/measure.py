"""measure: horizons from counts by task, and one index from scores by benchmark, with all their uncertainty."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from scorecard.evidence.attempts import by_task
from scorecard.evidence.importers import metr
from scorecard.evidence.names import Registry
from scorecard.records import Check
from scorecard.records.typed_json import to_plain
from scorecard.store import StoreError
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today

app = typer.Typer()
measure = typer.Typer(help="Measure systems from results by task or benchmark.")
app.add_typer(measure, name="measure")

LEVEL = 0.95  # as METR publishes its intervals
INDEX_LEVEL = 0.9  # as Epoch publishes its intervals
Seed = Annotated[int, typer.Option(min=0, help="Seed of every random draw.")]
Draws = Annotated[int, typer.Option(min=100, help="Draws of each of four chains.")]


@measure.command("task-level")
def task_level(
    path: Annotated[
        Path | None, typer.Argument(exists=True, help="A file of results by task, as METR publishes.")
    ] = None,
    benchmark: Annotated[str, typer.Option(help="Attempts of this benchmark in the store.")] = "",
    typical: Annotated[
        bool, typer.Option("--typical", help="On typical tasks, not averaged over their difficulty.")
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


@measure.command("benchmarks")
def benchmarks(
    path: Annotated[
        Path, typer.Argument(exists=True, help="A CSV of scores by system and benchmark, as Epoch publishes.")
    ],
    anchor: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE of the two systems that fix the scale; left out, Epoch's two."),
    ] = None,
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Only the best index so far, as a series to fit.")
    ] = False,
    draws: Draws = 1500,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """One index of capability for every system, from scores of 0 to 1 on many benchmarks."""
    from forecasts.measurement import multi_benchmark as model
    from forecasts.measurement.sampling import MeasurementError
    from forecasts.measurement.scores import scores

    if not path.is_file():
        raise StoreError(
            f"there is no file {path}; give a CSV with columns model, benchmark, performance, date"
        )
    try:
        frame = pd.read_csv(path)
    except ValueError as error:
        raise StoreError(f"{path.name} is no table: {str(error).strip()}") from error
    anchors = model.EPOCH if not anchor else dict(map(_anchor, anchor))
    given = scores(frame)
    model.fixed(given, anchors)  # before the sampling, not after it
    found = model.fit(given, seed=seed, draws=draws, tell=lambda step: print(step, file=sys.stderr))
    checks = found.checks()
    if failed := [check for check in checks if not check.passed]:
        raise MeasurementError(
            "no index, for the fit fails its checks: "
            + "; ".join(
                f"{one.name} {one.value:.3g} where the limit is {one.limit:.3g} ({one.advice})"
                for one in failed
            )
        )
    rows = (
        found.frontier(level=INDEX_LEVEL, anchors=anchors).to_dict("records")
        if frontier
        else found.table(level=INDEX_LEVEL, anchors=anchors)
    )
    if json_:
        told = {
            "rows": rows,
            "level": INDEX_LEVEL,
            "anchors": dict(anchors),
            "checks": [to_plain(check) for check in checks],
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for row in rows:
        value, day = row["value" if frontier else "index"], row["date" if frontier else "released"]
        print(
            f"{row['system']:40} {day:10} {value:7.1f} ({row['low']:.1f} to {row['high']:.1f}, {INDEX_LEVEL:.0%})"
        )


def _anchor(text: str) -> tuple[str, float]:
    """A system and its value, from NAME=VALUE."""
    name, _, value = text.rpartition("=")
    try:
        return name, float(value)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no anchor; write it as 'GPT-5=150'") from None


def _told(rows: list[dict[str, Any]], checks: list[Check], json_: bool) -> None:
    """Print rows, and on stderr what was not passed, which the rows should not be used without knowing."""
    if json_:
        told = {"rows": rows, "checks": [to_plain(check) for check in checks]}
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
