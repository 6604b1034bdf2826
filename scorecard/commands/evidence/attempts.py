"""attempts: success rates, time horizons and comparisons from the attempts on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from scorecard.store import Store
from scorecard.terminal.options import AsOf, Json, say_day

app = typer.Typer()
attempts = typer.Typer(help="What attempts at tasks say: rates, horizons, comparisons.")
app.add_typer(attempts, name="attempts")

Benchmark = Annotated[str, typer.Option(help="Only this benchmark.")]
System = Annotated[str, typer.Option(help="Only this system, by id.")]


@attempts.command()
def rates(benchmark: Benchmark = "", system: System = "", as_of: AsOf = None, json_: Json = False) -> None:
    """Success rates with intervals that respect epochs, tasks and families."""
    from scorecard.evidence.attempts import by_task
    from scorecard.evidence.attempts import rates as all_rates

    store = Store()
    with store.view(as_of=say_day(as_of)) as known:
        found = all_rates(by_task(store, known, benchmark=benchmark, system=system))
    if json_:
        print(json.dumps([{**setting, **asdict(made)} for setting, made in found], indent=1))
        return
    if not found:
        print("no attempts are on record for this; `import` reads them from evaluation logs")
    for setting, made in found:
        print(
            f"{_said(setting)}: {made.value:.1%} [{made.low:.1%} to {made.high:.1%}] from {made.runs} attempts at "
            f"{made.tasks} tasks in {made.clusters} families"
        )


@attempts.command()
def horizons(
    benchmark: Benchmark = "",
    system: System = "",
    draws: Annotated[int, typer.Option(min=100, help="Bootstrap draws.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = 1,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """50 % and 80 % time horizons in human minutes, where tasks have them."""
    from scorecard.evidence.attempts import SETTING, by_task
    from scorecard.evidence.attempts import horizons as all_horizons
    from scorecard.store import StoreError

    store = Store()
    with store.view(as_of=say_day(as_of)) as known:
        tasks = by_task(store, known, benchmark=benchmark, system=system)
    told: list[dict[str, Any]] = []
    for values, part in tasks.groupby(list(SETTING), sort=False):
        setting = dict(zip(SETTING, map(str, values), strict=True))
        try:
            told += [{**setting, **asdict(one)} for one in all_horizons(part, draws=draws, seed=seed)]
        except StoreError as error:
            told.append({**setting, "none": str(error)})
    if json_:
        print(json.dumps(told, indent=1))
        return
    for one in told:
        said = one.get("none") or (
            f"{one['percent']} % at {one['minutes']:.4g} minutes [{one['low']:.4g} to {one['high']:.4g}], "
            f"{one['tasks']} tasks in {one['clusters']} families"
        )
        print(f"{_said(one)}: {said}")


@attempts.command()
def compare(
    a: Annotated[str, typer.Argument(help="A system, by any of its names.")],
    b: Annotated[str, typer.Argument(help="Another.")],
    benchmark: Benchmark = "",
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Two systems on the tasks that both tried."""
    from scorecard.evidence.attempts import by_task
    from scorecard.evidence.attempts import compare_systems as paired
    from scorecard.evidence.names import Registry

    store = Store()
    with store.view(as_of=say_day(as_of)) as known:
        registry = Registry.of(known)
        a, b = (found.id if (found := registry.find(name)) else name for name in (a, b))
        made = paired(by_task(store, known, benchmark=benchmark), a, b)
    if json_:
        print(json.dumps(asdict(made), indent=1))
        return
    print(
        f"{a} less {b}: {100 * made.difference:+.1f} points [{100 * made.low:+.1f} to {100 * made.high:+.1f}] on "
        f"{made.tasks} tasks in {made.clusters} families; better on {made.better}, worse on {made.worse}. "
        f"Without pairing it would be give or take {100 * made.separate:.1f}."
    )


def _said(setting: Mapping[str, Any]) -> str:
    parts = ("system", "benchmark", "scorer", "scaffold", "budget", "tools", "settings")
    return ", ".join(str(setting[name]) for name in parts if setting.get(name))
