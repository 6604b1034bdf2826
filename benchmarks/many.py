"""Forty indicators times every shape in one command: how long, and how busy both cores are.

`python -m benchmarks.many [--indicators N]`. Each indicator is METR's 50 % horizon under another name, its readings
moved by a few per cent, every second one with independent errors, and a threshold of its own. The command is
`preparedness forecast run`, sampled, in a new process. The baseline is the same command for one of them.

With `--workers 1 4` (and requirements-dask.txt) the same indicators are forecast from every month since 2024 instead,
the work of `preparedness forecast backtest --dask`, on a Dask cluster of this machine with one worker, then with four.
An indicator is a task, and tasks share nothing: ten developers with forty indicators each are 400 tasks.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.engine import cold
from scorecard.evidence import facts
from scorecard.jobs import BacktestJob
from scorecard.places import DATA
from scorecard.records import Criterion, Framework, Indicator, Measurement, Record, Source, System, Threshold
from scorecard.store import Store

MODEL = "openai.pf2.research.long_range_autonomy"  # the threshold that is copied: measured by METR's 50 % horizon alone
AS_OF = date(2026, 4, 30)


def filled(folder: Path, indicators: int) -> Store:
    """A store with as many indicators, each with readings, a threshold and a criterion."""
    built, store = Store(folder / "built.duckdb"), Store(folder / f"{indicators}.duckdb")
    facts.build(built, DATA)
    with built.view() as now:
        criterion = next(c for c in now.all(Criterion) if c.threshold == MODEL)
        threshold = now.get(Threshold, id=MODEL)
        framework = now.get(Framework, id=threshold.framework, version=threshold.version)
        indicator = now.get(Indicator, id=criterion.indicator)
        readings = now.all(Measurement, indicator=indicator.id)
        records: list[Record] = [framework, *now.all(System)]
        sources = {framework.source, threshold.source, criterion.source, indicator.source}
        sources |= {one.source for one in readings}
        records = [*(s for s in now.all(Source) if s.id in sources), *records]
    chance = np.random.default_rng(1)
    for i in range(indicators):
        name, about = f"number_{i}", f"{MODEL}.{i}"
        moved = float(np.exp(0.05 * chance.standard_normal()))
        records += [
            replace(indicator, id=name, name=f"{indicator.name} {i}", shared_tasks=i % 2 == 0),
            replace(threshold, id=about),
            replace(criterion, id=f"{criterion.id}.{i}", threshold=about, indicator=name),
            *(
                replace(
                    m,
                    indicator=name,
                    value=m.value * moved,
                    low=m.low and m.low * moved,
                    high=m.high and m.high * moved,
                )
                for m in readings
            ),
        ]
    store.append(records, action="import", actor="a benchmark")
    return store


def measured(store: Store) -> tuple[float, float]:
    """Seconds of the command, and the processor time it took for each of them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, after = cold(store.path), resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, busy / took


def spread(built: Path, place: Path, indicators: int, workers: int) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processor in the workers, and the origins that were forecast from."""
    from distributed import Client, LocalCluster

    from forecasts.runs.backtests import backtest_all

    store = Store(shutil.copy(built, place))
    work = BacktestJob(as_of=AS_OF, indicators=tuple(f"number_{i}" for i in range(indicators)))
    options = {"host": "127.0.0.1", "dashboard_address": None, "threads_per_worker": 1}
    with LocalCluster(n_workers=workers, processes=True, **options) as made, Client(made) as client:
        started, idle = time.perf_counter(), sum(client.run(time.process_time).values())
        records = backtest_all(store, work, lambda _share, _words: None, dask=made.scheduler_address)
        took = time.perf_counter() - started
        busy = sum(client.run(time.process_time).values()) - idle
    return took, busy, sum(one.origins for one in records)


def main() -> None:
    """Measure one indicator, then many; or many on each number of workers."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--indicators", type=int, default=40)
    options.add_argument("--workers", type=int, nargs="+", default=[])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.workers:
            on_a_cluster(folder, given.indicators, given.workers)
        else:
            in_one_command(folder, given.indicators)


def in_one_command(folder: Path, many: int) -> None:
    """Print what one indicator takes, and what many take."""
    seconds = {}
    for count in (1, many):
        place = folder / str(count)
        place.mkdir()
        seconds[count], cores = measured(filled(place, count))
        print(f"{count} indicators: {seconds[count]:.0f} s, {cores:.2f} cores busy", flush=True)
    print(f"{many} indicators take {seconds[many] / seconds[1]:.1f} times as long as one")


def on_a_cluster(folder: Path, many: int, numbers: list[int]) -> None:
    """Print what the same work takes on each number of workers."""
    built = filled(folder, many).path
    for workers in numbers:
        took, busy, origins = spread(built, folder / f"on-{workers}.duckdb", many, workers)
        print(
            f"{many} indicators, {origins} origins, {workers} workers: {took:.0f} s, "
            f"{busy:.0f} s of processor ({busy / origins:.2f} s an origin), {busy / took:.2f} cores busy",
            flush=True,
        )


if __name__ == "__main__":
    main()
