"""Backtests put on the record: each indicator forecast from the past, in a pool of processes or on a cluster."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context

from forecasts import SEED
from forecasts.judging.backtest import Backtest, backtest, calibration, lateness, scores
from forecasts.priors.sets import Priors, priors_of
from forecasts.runs.plan import MODEL_VERSION
from forecasts.runs.request import Progress, store_default_priors
from forecasts.series import SeriesError
from scorecard import __version__
from scorecard.evidence import facts
from scorecard.evidence.readings.adjusting import ever_counted
from scorecard.jobs import BacktestJob
from scorecard.places import DATA
from scorecard.records import Criterion, Indicator, Measurement, PriorSet, TrackRecord
from scorecard.store import Store
from scorecard.store.rows import row_hash, to_row
from scorecard.thresholds.board import standing_prior_set
from scorecard.thresholds.standing import standing

BESIDE = ("epoch_eci",)  # no threshold is measured by it, but it shows on what the ranking of models hangs
CLUSTER_PATIENCE = 10  # seconds to wait for a scheduler
FEWEST_CASES = 10  # forecasts without which a table of scores would say nothing


def backtest_all(
    store: Store, work: BacktestJob, tell: Progress, *, dask: str | None = None
) -> list[TrackRecord]:
    """Forecast from the past and score what happened, on processes of this machine or a Dask cluster.

    Builds the store first if there is none. Raises StoreError, FactsRefused or ClusterError.
    """
    if not store.exists():
        facts.build(store, DATA)
    with workers(dask) as pool:
        return record(store, work, tell, pool)


class ClusterError(ValueError):
    """No Dask cluster to be had, and what to do."""


@contextmanager
def workers(dask: str | None) -> Iterator[Executor]:
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


def record(store: Store, work: BacktestJob, tell: Progress, pool: Executor) -> list[TrackRecord]:
    """Backtest in a pool what is not on record yet, store it, and return all that was asked for."""
    store_default_priors(store)
    seed = SEED if work.seed is None else work.seed
    with store.view(as_of=work.as_of) as then, store.view() as now:
        usual = (*(c.indicator for c in standing(now, Criterion)), *BESIDE)
        names = list(dict.fromkeys(work.indicators or usual))
        priors = priors_of(now.get(PriorSet, id=standing_prior_set(now)))
        tasks = [
            _task(now.get(Indicator, id=name), ever_counted(then, indicator=name), priors, work.as_of, seed)
            for name in names
        ]
        there = {one.id: one for one in now.all(TrackRecord)}
    done = [there[task.id] for task in tasks if task.id in there]
    todo = [task for task in tasks if task.id not in there]
    made: list[TrackRecord] = []
    for count, (task, result) in enumerate(_spread(todo, pool), start=1):
        why = f" ({result})" if isinstance(result, str) else ""
        tell(count / len(todo), f"{count} of {len(todo)} indicators: {task.indicator.name}{why}")
        if isinstance(result, Backtest) and len(result.cases) >= FEWEST_CASES:
            made.append(_as_record(task, result))
    if made:
        store.append(
            made,
            action="backtest",
            actor="forecasts",
            identity="local user of this machine",
            reason=f"preparedness {__version__}",
        )
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
        id=sha256(decided.encode()).hexdigest(),
        indicator=indicator,
        measurements=used,
        priors=priors,
        as_of=as_of,
        seed=seed,
        data_hash=data_hash,
    )


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
        id=task.id,
        known_at=max(m.known_at for m in task.measurements),
        indicator=task.indicator.id,
        prior_set=task.priors.id,
        model_version=MODEL_VERSION,
        seed=task.seed,
        data_hash=task.data_hash,
        origins=result.origins,
        records=len({(case.system, case.on) for case in result.cases}),
        scores=scores(result),
        lateness=lateness(result),
        calibration=calibration(result),
    )
