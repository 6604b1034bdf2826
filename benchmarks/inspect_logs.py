"""How fast many Inspect logs are imported, beside inspect-ai's own reader of sample tables, and whether they agree.

`python -m benchmarks.inspect_logs LOG --theirs PYTHON [--logs N]`: LOG is one `.eval` file that Python's zipfile can
write again (deflated), PYTHON the interpreter of an environment of its own with inspect-ai in it. N logs are made of
it, each of another system and with another share of its samples solved. The baseline is `samples_df` with one
process, timed from inside without its imports; ours is the whole import, from the files to the record.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scorecard.evidence.attempts import by_task
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import commit
from scorecard.people import this_machine
from scorecard.records import System
from scorecard.store import Store

THEIRS = """
import json, sys, time
from inspect_ai.analysis import EvalModel, SampleSummary, samples_df
began = time.perf_counter()
table = samples_df(sys.argv[1], columns=[*SampleSummary, *EvalModel], quiet=True, parallel=False)
seconds = time.perf_counter() - began
score = next(name for name in table.columns if name.startswith("score_"))
value = table[score].map(lambda one: {"C": 1.0, "I": 0.0}.get(one, one)).astype(float)
print(json.dumps([seconds, value.groupby(table["model"]).mean().to_dict(), len(table)]))
"""


def made(log: Path, folder: Path, number: int) -> None:
    """One log of another system; sample k is solved where bit k of the number is set."""

    def changed(name: str, content: bytes) -> bytes:
        if name == "header.json":
            header: dict[str, Any] = json.loads(content)
            ids = dict.fromkeys(("eval_id", "run_id", "task_id"), f"log{number:05}")
            header["eval"] |= ids | {"model": f"lab/system-{number:05}"}
            return json.dumps(header).encode()
        if name == "summaries.json":
            rows = [solved(one, number >> place & 1) for place, one in enumerate(json.loads(content))]
            return json.dumps(rows).encode()
        return content

    with (
        zipfile.ZipFile(log) as old,
        zipfile.ZipFile(folder / f"log{number:05}.eval", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed(name, old.read(name)))


def solved(summary: dict[str, Any], bit: int) -> dict[str, Any]:
    """A sample's summary with every score set."""
    scores = {name: one | {"value": "C" if bit else "I"} for name, one in summary["scores"].items()}
    return summary | {"scores": scores}


def ours(folder: Path, place: Path) -> tuple[float, dict[str, float], int]:
    """Seconds, mean score by system, and the number of attempts."""
    store = Store(place / "store.duckdb")
    store.prepare()
    began = time.perf_counter()
    plans = plan(store, [folder], "inspect", known_at=date(2026, 1, 1), new_systems=True)
    commit(store, plans, actor=this_machine("a benchmark"), lenient=True)
    seconds = time.perf_counter() - began
    with store.view() as now:
        tasks = by_task(store, now)
        names = {s.id: s.name for s in now.all(System)}
    means = tasks.groupby("system")["score"].mean()
    return seconds, {names[str(id)]: float(value) for id, value in means.items()}, int(tasks["runs"].sum())


def main() -> None:
    """Measure and print a line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("log", type=Path)
    parser.add_argument("--theirs", required=True, help="a Python with inspect-ai")
    parser.add_argument("--logs", type=int, default=2000)
    chosen = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place) / "logs"
        folder.mkdir()
        for number in range(chosen.logs):
            made(chosen.log, folder, number)
        seconds, means, attempts = ours(folder, Path(place))
        command = [chosen.theirs, "-c", THEIRS, str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        theirs, expected, samples = json.loads(done.stdout.splitlines()[-1])
        same = {name: abs(means.get(name, -1) - value) < 1e-12 for name, value in expected.items()}
        print(
            f"{chosen.logs:,} logs: {seconds:.1f} s for the whole import, inspect-ai's samples_df {theirs:.1f} s, "
            f"ratio {seconds / theirs:.2f}; {attempts:,} attempts of {samples:,} samples; the mean score is the same "
            f"for {sum(same.values()):,} of {len(same):,} systems"
        )


if __name__ == "__main__":
    main()
