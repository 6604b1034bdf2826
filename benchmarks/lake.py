"""One store measured by the same code whatever its engine: a DuckLake beside the file, on the same machine.

`python -m benchmarks.lake ADDRESS [--appends N] [--rows N]`. ADDRESS names an empty DuckLake (docs/lake.md), or a
path where there is no file yet.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.imports import MAPPING, made
from scorecard.evidence import facts
from scorecard.evidence.importers import generic
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import commit
from scorecard.people import this_machine
from scorecard.places import DATA
from scorecard.records import Source
from scorecard.store import Store, attempts, verify
from scorecard.thresholds.board import board

DAY = date(2026, 10, 1)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how many seconds a block took."""
    started = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - started:.2f} s", flush=True)


def append(address: str, name: str, appends: int) -> None:
    """Append single rows, one after another."""
    store = Store(address, patience=120)
    for number in range(appends):
        one = Source(id=f"{name}-{number}", title="x", url="x", published_on=DAY, known_at=DAY)
        store.append([one], action="append", actor=name)


def together(address: str, processes: int, appends: int) -> float:
    """Single-row appends a second of so many processes at once, without the start of Python."""
    names = [f"{processes}-{number}" for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.starmap(append, [(address, f"warm-{name}", 1) for name in names], chunksize=1)
        started = time.perf_counter()
        pool.starmap(append, [(address, name, appends) for name in names], chunksize=1)
        return processes * appends / (time.perf_counter() - started)


def read(store: Store) -> None:
    """The board of a day."""
    with store.view(as_of=DAY) as known, store.view() as now:
        board(known, now, as_of=DAY)


def many(work: Callable[[], object], times: int = 20) -> float:
    """Milliseconds of one call, the mean of several after a first one."""
    work()
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--appends", type=int, default=100)
    parser.add_argument("--rows", type=int, default=1_000_000)
    chosen = parser.parse_args()
    store = Store(chosen.address, patience=120)
    with timed("tables made"):
        store.prepare()
    with timed("built from data/"):
        facts.build(store, DATA)
    print(f"board of a day: {many(lambda: read(store)):.0f} ms; stamp: {many(store.stamp):.1f} ms")
    for processes in (1, 2, 4):
        print(
            f"{processes} processes: {together(chosen.address, processes, chosen.appends):.1f} appends a second"
        )
    with TemporaryDirectory() as folder:
        path = made(Path(folder) / "attempts.parquet", chosen.rows)
        with timed(f"{chosen.rows:,} attempts imported"):
            plans = plan(store, [path], known_at=DAY, importer=generic.mapped(MAPPING))
            commit(store, plans, actor=this_machine("a benchmark"))
    with store.view() as now:
        by = "SELECT system, count(*), avg(score) FROM attempts GROUP BY system"
        print(f"mean by system: {many(lambda: attempts.query(store, now, by), 5):.0f} ms")
    with timed("verified"):
        result = verify(store)
    print(f"{result.rows} rows in {result.entries} entries, {'sound' if result.sound else result.faults}")


if __name__ == "__main__":
    main()
