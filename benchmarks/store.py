"""How fast the store appends, reads and checks, beside bare DuckDB doing the same in the same run.

`python -m benchmarks.store [--rows N] [--repeats N] [--seed N]`. The baseline is a plain table without
hashes, log or clocks and with 7 of the 17 fields, filled by one statement from column lists. What the
store adds is the price of being able to prove that nothing was altered.

`--before COMMIT` sets `status`, `comment` and what the Scorecard page reads beside the same of an earlier commit, each
with a store of its own data/, taking turns in one run: processor seconds, the median of the repeats, and the ratio.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb

from scorecard.records import Measurement
from scorecard.store import Store, verify

ROOT = Path(__file__).parents[1]
START = date(2020, 1, 1)
TABLE = """CREATE TABLE measurements (
    indicator VARCHAR, system VARCHAR, observed_on DATE, vintage VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE
)"""
INSERT = """INSERT INTO measurements SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::DATE[]),
    unnest(?::VARCHAR[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[])"""


def measurements(rows: int, seed: int) -> list[Measurement]:
    """Made-up readings of 20 indicators, each of another system."""
    chance = random.Random(seed)
    return [
        Measurement(
            indicator=f"indicator-{i % 20}",
            system=f"system-{i}",
            observed_on=START + timedelta(i % 2000),
            vintage="2026-01",
            value=(value := chance.lognormvariate(3, 1)),
            low=value / 2,
            high=value * 2,
            interval=0.95,
            source="paper",
            grade="primary",
            known_at=START + timedelta(i % 2200),
        )
        for i in range(rows)
    ]


class Bare:
    """The baseline: DuckDB opened, used and closed for each operation, and nothing else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as connection:
            connection.execute(TABLE)

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(str(self.path), config={"threads": 2})
        try:
            yield connection
        finally:
            connection.close()

    def append(self, records: list[Measurement]) -> None:
        """Insert rows in one statement."""
        names = ("indicator", "system", "observed_on", "vintage", "value", "low", "high")
        with self._open() as connection:
            connection.execute(INSERT, [[getattr(r, name) for r in records] for name in names])

    def read(self) -> int:
        """Fetch every row as Python values."""
        with self._open() as connection:
            return len(connection.execute("SELECT * FROM measurements").fetchall())


def timed(work: Callable[[], object], repeats: int) -> float:
    """The median wall time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def read(store: Store, as_of: date | None = None) -> int:
    """How many readings were known, each made into a record."""
    with store.view(as_of=as_of) as view:
        return len(view.all(Measurement))


def glance(store: Store) -> None:
    """The cheapest read there is: what every look at a page costs at least."""
    with store.view():
        pass


HIGH = "openai.pf2.ai_self_improvement.high"
READ = """
import time
from datetime import date
from scorecard.store import Store
from scorecard.thresholds.board import board
store, day = Store(), date(2026, 11, 25)
def read():
    with store.view(as_of=day) as known, store.view() as now:
        board(known, now, as_of=day, everything=True)
read()
began = time.process_time()
for _ in range(5):
    read()
print((time.process_time() - began) / 5)
"""
COMMENT = (
    "-m",
    "scorecard",
    "comment",
    "--threshold",
    "openai.pf2.ai_self_improvement.high",
    "--by",
    "a benchmark",
    "--text",
)


def spent(tree: Path, store: Path, *arguments: str) -> tuple[float, str]:
    """Processor seconds of a Python process in a tree, with all that it starts, and what it said."""
    env = {**os.environ, "PYTHONPATH": str(tree), "SCORECARD_STORE": str(store)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(
            f"{' '.join(arguments[:4])} in {tree} ended with {done.returncode}: {done.stderr[-500:]}"
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def compared(commit: str, repeats: int) -> None:
    """Print what reading and commenting cost now and at an earlier commit."""
    with TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(before, filter="data")
        sides = {
            "now": (ROOT, Path(folder) / "now.duckdb"),
            "before": (before, Path(folder) / "before.duckdb"),
        }
        for tree, store in sides.values():
            spent(tree, store, "-m", "scorecard", "init")
        found: dict[str, dict[str, list[float]]] = {}
        for number in range(repeats):
            for side, (tree, store) in sides.items():
                status, _ = spent(tree, store, "-m", "scorecard", "status", "--no-run", "--json")
                comment, _ = spent(tree, store, *COMMENT, f"It moved, {number}.")
                _, read = spent(tree, store, "-c", READ)
                for name, took in (("status", status), ("comment", comment), ("page read", float(read))):
                    found.setdefault(name, {}).setdefault(side, []).append(took)
    print(f"{'processor seconds':20}{'now':>10}{commit[:10]:>14}{'ratio':>8}")
    for name, taken in found.items():
        now, then = median(taken["now"]), median(taken["before"])
        print(f"{name:20}{now:10.3f}{then:14.3f}{now / then:8.2f}")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--before", metavar="COMMIT", help="compare commands and page reads with an earlier commit"
    )
    chosen = parser.parse_args()
    if chosen.before:
        compared(chosen.before, chosen.repeats)
        return
    many = measurements(chosen.rows, chosen.seed)
    singles = iter(measurements(chosen.rows + 2 * chosen.repeats, chosen.seed + 1)[chosen.rows :])

    with TemporaryDirectory() as folder:
        bare, store = Bare(Path(folder) / "bare.duckdb"), Store(Path(folder) / "store.duckdb")
        store.prepare()

        def add(records: list[Measurement]) -> None:
            store.append(records, action="measure", actor="a benchmark")

        lines = [
            (
                f"append {chosen.rows:,} rows",
                timed(lambda: add(many), 1),
                timed(lambda: bare.append(many), 1),
            ),
            (
                "append 1 row",
                timed(lambda: add([next(singles)]), chosen.repeats),
                timed(lambda: bare.append([next(singles)]), chosen.repeats),
            ),
            (f"append {chosen.rows:,} rows known already", timed(lambda: add(many), chosen.repeats), None),
            ("open and close", timed(lambda: glance(store), chosen.repeats), None),
            (
                f"read {chosen.rows:,} rows",
                timed(lambda: read(store), chosen.repeats),
                timed(bare.read, chosen.repeats),
            ),
            (
                "read as of half way",
                timed(lambda: read(store, START + timedelta(1100)), chosen.repeats),
                None,
            ),
            (f"verify {chosen.rows:,} rows", timed(lambda: verify(store), chosen.repeats), None),
        ]

    print(f"{'':36}{'store':>12}{'bare DuckDB':>14}{'times':>8}")
    for name, ours, theirs in lines:
        beside = "" if theirs is None else f"{theirs * 1000:11.1f} ms{ours / theirs:8.1f}"
        print(f"{name:36}{ours * 1000:9.1f} ms{beside}")


if __name__ == "__main__":
    main()
