"""Many indicators forecast from every month since 2024 on a Dask cluster of this machine: how long, and how it scales.

`python -m benchmarks.cluster [--indicators N] [--workers 1 4]`, with requirements-dask.txt. The indicators are those
of `benchmarks.many`, the work is that of `preparedness forecast backtest --dask`. An indicator is a task, and tasks
share nothing: ten developers with forty indicators each are 400 tasks.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

from distributed import Client, LocalCluster

from benchmarks.many import filled
from forecasts.runs.backtests import backtest_all
from scorecard.jobs import BacktestJob
from scorecard.store import Store

AS_OF = date(2026, 4, 30)


def spread(built: Path, place: Path, indicators: int, workers: int) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processor in the workers, and the origins that were forecast from."""
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
    """The same work on each number of workers."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--indicators", type=int, default=40)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = filled(Path(folder), given.indicators).path
        for workers in given.workers:
            place = Path(folder) / f"on-{workers}.duckdb"
            took, busy, origins = spread(built, place, given.indicators, workers)
            print(
                f"{given.indicators} indicators, {origins} origins, {workers} workers: {took:.0f} s, "
                f"{busy:.0f} s of processor ({busy / origins:.2f} s an origin), {busy / took:.2f} cores busy",
                flush=True,
            )


if __name__ == "__main__":
    main()
