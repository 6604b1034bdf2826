"""backtest: how the forecasts would have done, put on the record."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context
from typing import Annotated

import typer

from forecasts import runs
from forecasts.assembly import MODEL_VERSION
from forecasts.judging.backtest import Backtest, backtest, calibration, lateness, scores
from forecasts.prior_sets import Priors, priors_of
from forecasts.series import SeriesError
from scorecard.commands._options import DATA, AsOf, Json, day_or_today
from scorecard.commands._progress import Tell, progress_bar
from scorecard.evidence import facts
from scorecard.jobs import Reporter
from scorecard.records import Indicator, Measurement, PriorSet, TrackRecord
from scorecard.store import Store, StoreError
from scorecard.store.rows import row_hash, to_row
from scorecard.thresholds.board import standing_criteria, standing_prior_set

app = typer.Typer()
BESIDE = ("epoch_eci",)  # no threshold is measured by it, but it shows on what the ranking of models hangs
CLUSTER_PATIENCE = 10  # seconds to wait for a scheduler
FEWEST_CASES = 10  # forecasts without which a table of scores would say nothing


@app.command("backtest")
def backtest_command(
    as_of: AsOf = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Which indicator, by id; by default every one with a criterion.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = runs.SEED,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Spread the indicators over a Dask cluster, by its scheduler's address (tcp://HOST:8786); "
            "needs requirements-dask.txt. The numbers are the same."
        ),
    ] = None,
    json_: Json = False,
    job: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Forecast from the first of every month since 2024 with what was known then, and score what happened."""
    store = Store()
    report = Reporter(store, job)
    try:
        if not store.exists():
            facts.build(store, DATA)
        with _pool(dask) as pool, progress_bar(job=report if job else None) as tell:
            made = record(store, day_or_today(as_of), tuple(indicator or ()), seed, tell, pool)
    except (StoreError, facts.FactsRefused, ValueError) as error:
        report.failed(str(error))
        raise
    report.done(f"{len(made)} indicators backtested")
    if json_:
        print(json.dumps([_plain(one) for one in made], indent=2))
        return
    for one in made:
        print("\n".join(_lines(one)))


class ClusterError(ValueError):
    """No Dask cluster to be had, and what to do."""


@contextmanager
def _pool(dask: str | None) -> Iterator[Executor]:
    """Two processes that give way to everything else on the machine, or a Dask cluster by its address."""
    if dask is None:
        with ProcessPoolExecutor(
            2, mp_context=get_context("spawn"), initializer=os.nice, initargs=(10,)
        ) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ClusterError("--dask needs more packages: pip install -r requirements-dask.txt") from None
    try:
        client = Client(dask, timeout=CLUSTER_PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {dask} ({error}); start one with `dask scheduler` and workers with "
            "`dask worker ADDRESS` in this project's environment, and give its address as tcp://HOST:8786"
        ) from error
    with client:
        yield client.get_executor()


@dataclass(frozen=True, kw_only=True)
class _Task:
    """One indicator to backtest; everything the result depends on."""

    id: str
    indicator: Indicator
    measurements: tuple[Measurement, ...]
    priors: Priors
    as_of: date
    seed: int
    data_hash: str


def record(
    store: Store, as_of: date, indicators: Sequence[str], seed: int, tell: Tell, pool: Executor
) -> list[TrackRecord]:
    """Backtest in a pool what is not on record yet, store it, and return all that was asked for."""
    runs.store_default_priors(store)
    with store.view(as_of=as_of) as then, store.view() as now:
        names = list(dict.fromkeys(indicators or [*(c.indicator for c in standing_criteria(now)), *BESIDE]))
        priors = priors_of(now.get(PriorSet, id=standing_prior_set(now)))
        tasks = [
            _task(now.get(Indicator, id=name), then.all(Measurement, indicator=name), priors, as_of, seed)
            for name in names
        ]
        there = {one.id: one for one in now.all(TrackRecord)}
    done = [there[task.id] for task in tasks if task.id in there]
    todo = [task for task in tasks if task.id not in there]
    made: list[TrackRecord] = []
    for count, (task, result) in enumerate(_spread(todo, pool), start=1):
        tell(count / len(todo), f"{count} of {len(todo)} indicators: {task.indicator.name}")
        if isinstance(result, str):
            print(result, file=sys.stderr)
            continue
        if len(result.cases) >= FEWEST_CASES:
            made.append(_as_record(task, result))
    if made:
        store.append(made, action="backtest", actor="forecasts", identity="local user of this machine")
    return [*done, *made]


def _task(
    indicator: Indicator, measurements: Sequence[Measurement], priors: Priors, as_of: date, seed: int
) -> _Task:
    used = tuple(m for m in measurements if m.main)
    hashes = [
        row_hash(indicator.TABLE, to_row(indicator)),
        *sorted(row_hash(m.TABLE, to_row(m)) for m in used),
    ]
    data_hash = sha256("\n".join(hashes).encode()).hexdigest()
    decided = json.dumps([indicator.id, data_hash, MODEL_VERSION, repr(priors), seed])
    return _Task(
        id=sha256(decided.encode()).hexdigest(), indicator=indicator, measurements=used, priors=priors,
        as_of=as_of, seed=seed, data_hash=data_hash,
    )  # fmt: skip


def _work(task: _Task) -> Backtest | str:
    """A backtest, or why there is none."""
    try:
        return backtest(task.indicator, task.measurements, task.priors, as_of=task.as_of, seed=task.seed)
    except SeriesError as error:
        return str(error)


def _spread(tasks: Sequence[_Task], pool: Executor) -> Iterator[tuple[_Task, Backtest | str]]:
    """Backtest in a pool, in the order in which they are done."""
    futures = {pool.submit(_work, task): task for task in tasks}
    for future in as_completed(futures):
        yield futures[future], future.result()


def _as_record(task: _Task, result: Backtest) -> TrackRecord:
    return TrackRecord(
        id=task.id, known_at=max(m.known_at for m in task.measurements), indicator=task.indicator.id,
        prior_set=task.priors.id, model_version=MODEL_VERSION, seed=task.seed, data_hash=task.data_hash,
        origins=result.origins, records=len({(case.system, case.on) for case in result.cases}),
        scores=tuple(scores(result)), lateness=tuple(lateness(result)), calibration=calibration(result),
    )  # fmt: skip


def _plain(one: TrackRecord) -> dict[str, object]:
    kept = ("id", "indicator", "prior_set", "model_version", "seed", "data_hash", "origins", "records", "scores",
            "lateness")  # fmt: skip
    return {name: getattr(one, name) for name in kept}


def _lines(one: TrackRecord) -> Iterator[str]:
    yield f"\n{one.indicator}: {one.origins} origins, {one.records} records (standard units; lower CRPS is better)"
    heads = ("CRPS", "0-3", "3-6", "6-12", "50 %", "80 %", "3-12", "bias")
    yield f"  {'model':26} " + " ".join(f"{head:>6}" for head in heads)
    for row in one.scores:
        if row["basis"] == "measured again":
            leads = [row[f"crps {lead}"] for lead in ("0-3 months", "3-6 months", "6-12 months")]
            figures = [row["crps"], *leads, row["covered_50"], row["covered_80"],
                       row["covered_80 3-12 months"], row["bias"]]  # fmt: skip
            yield f"  {row['model']:26} " + " ".join("     -" if x is None else f"{x:6.2f}" for x in figures)
    for row in one.lateness:
        if row["model"] == "equal pool":
            late = "beyond six years" if row["late"] is None else f"{row['late']:.1f} months late"
            inside = f"{row['inside_80']:.0%} inside the 80 % interval"
            yield f"  {row['months_ahead']} months ahead ({row['cases']} dates): median {late}, {inside}"
