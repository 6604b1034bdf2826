"""How fast attempts are imported in bulk, beside DuckDB copying the same file into a plain table in the same run.

`python -m benchmarks.imports [--rows N] [--repeats N] [--json-rows N] [--commits N]`. The baseline is `CREATE TABLE
AS SELECT * FROM read_parquet(...)` into a new DuckDB file with two threads: no checks, no hash, no record. The
import checks every row, writes it under our columns, hashes the file and puts it on the record. Each run is a
process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from scorecard import clock
from scorecard.charts import evidence_chart, overview
from scorecard.evidence import facts
from scorecard.evidence.attempts import by_task, rates
from scorecard.evidence.importers import generic, git
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import commit
from scorecard.people import this_machine
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement, System
from scorecard.store import Store
from scorecard.thresholds.board import board

MAPPING: dict[str, Any] = {
    "rows": "attempts",
    "columns": {
        "system": "model",
        "benchmark": "suite",
        "task": "task",
        "family": "family",
        "epoch": "epoch",
        "score": "score",
        "human_minutes": "minutes",
        "scaffold": "scaffold",
    },
}


def made(path: Path, rows: int) -> Path:
    """A made-up file of attempts: 50 systems, 500 tasks of 60 families, several epochs."""
    kind = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT json"
    with duckdb.connect() as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(
            f"""COPY (SELECT 'system-' || i % 50 AS model, 'suite' AS suite, 'task-' || (i // 50) % 500 AS task,
            'family-' || (i // 50) % 500 % 60 AS family, (i // 25000 + 1)::INTEGER AS epoch,
            (random() < 0.5)::INTEGER::DOUBLE AS score, pow(2, (i // 50) % 500 / 60.0) AS minutes, 'react' AS scaffold,
            i AS run_id, random() AS cost, 'abcdef' || i % 1000 AS note FROM range({rows}) t(i)) TO '{path}' ({kind})"""
        )
    return path


def bare(path: Path, folder: Path) -> None:
    """The baseline: DuckDB copies the file into a table of a new file."""
    reader = "read_parquet" if path.suffix == ".parquet" else "read_ndjson"
    with duckdb.connect(str(folder / "bare.duckdb"), config={"threads": 2}) as connection:
        connection.execute(f"CREATE TABLE attempts AS SELECT * FROM {reader}('{path}')")


def fewer(path: Path, folder: Path) -> None:
    """The same with only the columns that the import keeps, which is the harder baseline."""
    reader = "read_parquet" if path.suffix == ".parquet" else "read_ndjson"
    columns = ", ".join(MAPPING["columns"].values())
    with duckdb.connect(str(folder / "bare.duckdb"), config={"threads": 2}) as connection:
        connection.execute(f"CREATE TABLE attempts AS SELECT {columns} FROM {reader}('{path}')")


def ours(path: Path, folder: Path) -> None:
    """The import, from the file to the record."""
    store = Store(folder / "store.duckdb")
    store.prepare()
    plans = plan(store, [path], known_at=date(2026, 1, 1), importer=generic.mapped(MAPPING))
    commit(store, plans, actor=this_machine("a benchmark"))


WORK: dict[str, Callable[[Path, Path], None]] = {"bare": bare, "fewer": fewer, "ours": ours}


def measured(name: str, path: Path) -> tuple[float, float]:
    """Seconds and peak memory in MB of one run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.imports", "--only", name, "--path", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def only(name: str, path: Path) -> None:
    """One run, timed from inside, without the start of Python."""
    with TemporaryDirectory(dir=path.parent) as folder:
        started = time.perf_counter()
        WORK[name](path, Path(folder))
        seconds = time.perf_counter() - started
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def repository(folder: Path, commits: int) -> Path:
    """A git repository with so many commits of a few lines each, made by `git fast-import`."""
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    lines = []
    for i in range(commits):
        trailer = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n" if i % 4 == 0 else "\n"
        message, body = f"change {i}{trailer}", f"line {i}\nline {i + 1}\n"
        who = f"a <a@example.org> {1_600_000_000 + i * 600} +0000"
        lines.append(
            f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message}"
            f"M 100644 inline d{i % 50}/f{i % 150}.txt\ndata {len(body)}\n{body}\n"
        )
    subprocess.run(
        ["git", "-C", str(folder), "fast-import", "--quiet"], input="".join(lines), text=True, check=True
    )
    subprocess.run(["git", "-C", str(folder), "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return folder


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--json-rows", type=int, default=1_000_000)
    parser.add_argument("--commits", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=list(WORK), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only:
        only(chosen.only, chosen.path)
        return
    with TemporaryDirectory() as place:
        folder = Path(place)
        for suffix, rows in (("parquet", chosen.rows), ("jsonl", chosen.json_rows)):
            path = made(folder / f"attempts.{suffix}", rows)
            runs = {name: [measured(name, path) for _ in range(chosen.repeats)] for name in WORK}
            seconds = {name: median(s for s, _ in found) for name, found in runs.items()}
            peak = max(peak for _, peak in runs["ours"])
            print(
                f"{rows:,} attempts, {suffix}: {seconds['ours']:.1f} s, at most {peak:.0f} MB; plain copy "
                f"{seconds['bare']:.1f} s, ratio {seconds['ours'] / seconds['bare']:.2f}; copy of the columns that it "
                f"keeps {seconds['fewer']:.1f} s, ratio {seconds['ours'] / seconds['fewer']:.2f}"
            )
            path.unlink()
        if chosen.commits:
            print(of_history(repository(folder / "repo.git", chosen.commits)))
        print(afterwards(folder, made(folder / "attempts.parquet", chosen.rows)))


def of_history(where: Path) -> str:
    """How long a repository takes, and whether the shares made by `repository` come out."""
    started = time.perf_counter()
    months = git.read_history(where).months.values()
    seconds = time.perf_counter() - started
    commits, by_ai = sum(m.commits for m in months), sum(m.commits_ai for m in months)
    lines, lines_by_ai = sum(m.lines for m in months), sum(m.lines_ai for m in months)
    return (
        f"{commits:,} commits: {seconds:.1f} s; signed by AI {by_ai:,} commits (every fourth was made so: "
        f"{-(-commits // 4):,}), {lines_by_ai / lines:.4f} of lines"
    )


def afterwards(folder: Path, path: Path) -> str:
    """What the screens read and draw once the attempts are on the record beside the published facts."""
    store = Store(folder / "store.duckdb")
    facts.build(store, DATA)
    plans = plan(store, [path], known_at=date(2026, 1, 1), importer=generic.mapped(MAPPING))
    commit(store, plans, actor=this_machine("a benchmark"))
    today = clock.today()

    def scorecard() -> None:
        with store.view(as_of=today) as known, store.view() as now:
            overview(board(known, now, as_of=today), as_of=today).to_dict()

    def indicator() -> None:
        with store.view(as_of=today) as known:
            one = known.get(Indicator, id="metr_p50_horizon")
            readings = [m for m in known.all(Measurement) if m.indicator == one.id]
            systems = {s.id: s.name for s in known.all(System)}
        evidence_chart(one, readings, systems, as_of=today).to_dict()

    def system() -> None:
        with store.view() as now:
            rates(by_task(store, now, system="system-7"))

    def everything() -> None:
        with store.view() as now:
            rates(by_task(store, now))

    told = []
    for what in (scorecard, indicator, system, everything):
        what()  # once before, so that modules are loaded
        started = time.perf_counter()
        what()
        told.append(f"{what.__name__} {time.perf_counter() - started:.2f} s")
    return (
        f"after the import, read and drawn: {', '.join(told)} (the last two: success rates from all attempts)"
    )


if __name__ == "__main__":
    main()
