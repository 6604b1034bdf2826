"""How long a briefing of many thresholds takes in every format, beside typesetting one empty page in the same run.

`python -m benchmarks.briefings [--thresholds N] [--repeats N]`. The record is that of data/ with its forecast
thresholds repeated under other names until there are N, each with a criterion and a made-up forecast of as many
dates as a real one has. The baseline is a process that loads the typesetter and makes a PDF of one empty page.
Commands are timed whole, from the start of the process to its end; single formats in one process, after the build.
On a machine that does other work too, the seconds of the processor say more than those of the clock.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scorecard.briefings import Export, exports, formats
from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.content.build import build
from scorecard.evidence import facts
from scorecard.evidence.readings.adjusting import readings
from scorecard.records import (
    Cdf,
    Checks,
    Criterion,
    DateSensitivity,
    ForecastResult,
    ForecastRun,
    Indicator,
    Record,
    System,
    Threshold,
)
from scorecard.store import Store
from scorecard.thresholds.board import board
from scorecard.thresholds.levels import Reads
from scorecard.thresholds.quoted.freshness import EvidenceHash

ROOT = Path(__file__).parents[1]
AS_OF = date(2026, 11, 25)
DATES = 290  # of a forecast's curve, a month apart
EMPTY = "import typst; typst.Compiler(b'#set document(title: [x])', ignore_system_fonts=True).compile(format='pdf')"


def run(threshold: str, criteria: tuple[Criterion, ...], number: int, read: EvidenceHash) -> ForecastRun:
    """A made-up forecast whose chance rises along a logistic curve, sooner for a smaller number."""
    dates = [AS_OF + timedelta(days=30 * i) for i in range(DATES)]
    middle = 12 + 3 * number
    p = [0.95 / (1 + math.exp(-(i - middle) / 12)) for i in range(DATES)]

    def reached(share: float) -> date | None:
        return next((day for day, at in zip(dates, p, strict=True) if at >= share), None)

    return ForecastRun(
        id=f"made-up-{number:04}",
        threshold=threshold,
        as_of=AS_OF,
        criteria=tuple(c.id for c in criteria),
        indicators=tuple(dict.fromkeys(c.indicator for c in criteria)),
        prior_set="default",
        model="pool",
        model_version="1",
        seed=1,
        data_hash=read.hash(Reads(shown=criteria, criteria=criteria, findings=())),
        publishable=True,
        checks=Checks.of(()),
        draws="",
        draws_sha256="",
        known_at=AS_OF,
        result=ForecastResult(
            q10=reached(0.1),
            q50=reached(0.5),
            q90=reached(0.9),
            p_now=p[0],
            p_12_months=p[12],
            p_beyond_horizon=1 - p[-1],
            horizon=dates[-1],
            cdf=Cdf(dates=tuple(dates), p=tuple(p)),
            by_shape={},
            by_criterion={},
            fans={},
            parameters={},
            notes=(),
            sensitivity=DateSensitivity(prior=0.0, likelihood=0.0, words=""),
            left_out={},
        ),
    )


def fill(store: Store, thresholds: int) -> None:
    """The record of data/ with forecasts, widened to so many thresholds that have one."""
    facts.build(store, ROOT / "data")
    with store.view(as_of=AS_OF) as known, store.view() as now:
        rows = [row for row in board(known, now, as_of=AS_OF) if row.criteria]
        read = EvidenceHash({i.id: i for i in now.all(Indicator)}, readings(known), known.all(System))
    records: list[Record] = []
    for number in range(thresholds):
        row, turn = rows[number % len(rows)], number // len(rows)
        about: Threshold = row.threshold
        criteria = row.criteria
        if turn:
            about = replace(about, id=f"{about.id}-{turn}", level=f"{about.level} {turn}")
            criteria = tuple(replace(c, id=f"{c.id}-{turn}", threshold=about.id) for c in criteria)
            records += [about, *criteria]
        records.append(run(about.id, criteria, number, read))
    store.append(records, action="widen", actor="a benchmark")


def timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The median wall time and the median processor time of some repeats, children included, in seconds."""
    walls, busy = [], []
    for _ in range(repeats):
        started, before = time.perf_counter(), sum(os.times()[:4])
        work()
        walls.append(time.perf_counter() - started)
        busy.append(sum(os.times()[:4]) - before)
    return median(walls), median(busy)


def process(store: Store, *arguments: str) -> None:
    """Run Python in a process of its own over a store, quietly."""
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"SCORECARD_STORE": str(store.path)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _exported(made: Briefing, name: str) -> list[Export]:
    return list(exports(made, [name]))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--thresholds", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "scorecard.duckdb")
        fill(store, chosen.thresholds)

        def command(formats: str) -> Callable[[], None]:
            words = ("-m", "scorecard", "briefing", "--as-of", AS_OF.isoformat(), "--out", folder, "--format")
            return lambda: process(store, *words, formats)

        lines = [
            ("baseline: one empty page", timed(lambda: process(store, "-c", EMPTY), chosen.repeats)),
            ("command, one-page PDF", timed(command("summary"), chosen.repeats)),
            ("command, all formats", timed(command("all"), chosen.repeats)),
            ("build", timed(lambda: build(store, as_of=AS_OF), chosen.repeats)),
        ]
        made = build(store, as_of=AS_OF)  # its charts are drawn once, for the first format that shows them
        lines += [(f"  {name}", timed(partial(_exported, made, name), 1)) for name in formats()]
        count = sum(line.q50 is not None for line in made.lines)

    print(f"{count} thresholds with a forecast, {len(made.references)} sources")
    print(f"{'':32}{'seconds':>10}{'processor':>12}{'times baseline':>18}")
    for name, (wall, busy) in lines:
        print(f"{name:32}{wall:10.2f}{busy:12.2f}{wall / lines[0][1][0]:18.1f}")


if __name__ == "__main__":
    main()
