"""Our readers beside the tools' own: the same logs sample for sample, and runs told apart as their options differ.

In an environment of its own (requirements-oracle.txt; `SCORECARD_ORACLE` names its Python); run with -m oracle.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from math import isclose, isnan
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scorecard.evidence.importers import Imported, importers
from scorecard.evidence.reading.scores import score_of
from scorecard.records import Measurement
from tests.scorecard.importers.test_reference import REFERENCE

pytestmark = pytest.mark.oracle
DAY = date(2026, 12, 1)
PROGRAM = Path(__file__).with_name("oracle.py")
RUNS = 200


def asked(*arguments: str) -> str:
    """What the program says in the other environment."""
    python = os.environ.get("SCORECARD_ORACLE")
    if python is None:
        pytest.fail("SCORECARD_ORACLE names no Python: make an environment of requirements-oracle.txt")
    done = subprocess.run([python, str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs that inspect-ai has written, and the real ones where they are at hand."""
    folder = tmp_path_factory.mktemp("logs")
    asked("inspect", str(folder))
    if (REFERENCE / "inspect_logs").is_dir():
        shutil.copytree(REFERENCE / "inspect_logs", folder / "real")
    return folder


def read(path: Path) -> Imported:
    return importers()["inspect"].read(path, known_at=DAY, source="paper")


def ours(imported: Imported) -> dict[tuple[str, int, str], float]:
    rows = imported.attempts.to_pylist() if isinstance(imported.attempts, pa.Table) else []
    return {(row["task"], row["epoch"], row["scorer"]): row["score"] for row in rows}


def differences(path: Path, told: dict[str, Any]) -> Iterator[str]:
    """What our reader makes otherwise of one log: a score, a number of samples, a value, or a refusal."""
    imported = read(path)
    for refusal in imported.refusals:
        if refusal.fault.field != "value":  # a share of exactly 0 or 1 without n has no place on its scale
            yield f"refused: {refusal}"
    mine = ours(imported)
    theirs = {(task, epoch, scorer): number for task, epoch, scorer, number in told["scores"]}
    apart = {scorer for (_, _, scorer), number in theirs.items() if not _usable(number)}
    expected = {key: number for key, number in theirs.items() if number is not None and not isnan(number)}
    expected = {key: number for key, number in expected.items() if key[2] not in apart}
    if "invalidated" not in str(imported.notes):
        for key in expected.keys() | mine.keys():
            if key not in mine or key not in expected or not isclose(mine[key], expected[key]):
                yield f"{key}: {mine.get(key)}, inspect-ai {expected.get(key)}"
    found = [r for r in imported.records if isinstance(r, Measurement)]
    told_values = [m for m in told["metrics"] if m[3] not in ("stderr", "std", "var") and not isnan(m[4])]
    if sorted(m.value for m in found) != pytest.approx(sorted(m[4] for m in told_values)):
        yield f"values {sorted(m.value for m in found)}, inspect-ai {sorted(m[4] for m in told_values)}"
    counts = sorted(m[5] for m in told_values if m[5])
    if counts and sorted(m.n for m in found if m.n) != counts:
        yield f"n {sorted(m.n for m in found if m.n)}, inspect-ai {counts}"


def _usable(number: float | None) -> bool:
    """Whether a score may be an attempt's: a number from 0 to 1, or none at all."""
    return number is not None and (isnan(number) or score_of(number) is not None)


def test_every_log_is_read_as_inspect_ai_reads_it(logs: Path) -> None:
    told = json.loads(asked("read", str(logs)))
    compared, wrong = 0, []
    for name, one in told.items():
        if "unread" in one:
            continue
        compared += 1
        wrong += [f"{name}: {what}" for what in differences(logs / name, one)]
    assert not wrong, "\n".join(wrong[:20])
    assert compared >= 60


def test_runs_of_the_harness_are_told_apart_as_their_options_differ(tmp_path: Path) -> None:
    asked("lm_eval", str(tmp_path), str(RUNS))
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert len(told) == RUNS
    things: dict[tuple[str, str, str], list[Any]] = {}
    for number, one in told.items():
        (path,) = (tmp_path / "out" / number).rglob("results_*.json")
        imported = importers()["lm_eval"].read(path, known_at=DAY, source="paper")
        assert imported.refusals == (), path
        acc = [r for r in imported.records if isinstance(r, Measurement) and r.indicator.endswith("_acc")]
        assert [m.value for m in acc] == pytest.approx([one["acc"]])
        assert acc[0].main == (one["settings"][1] is None), "a smoke test is not fitted"
        things.setdefault((acc[0].indicator, acc[0].system, acc[0].condition), []).append(one["settings"])
    mixed = [same for same in things.values() if any(settings != same[0] for settings in same)]
    assert not mixed, mixed[:3]
    assert len(things) == len({json.dumps(one["settings"]) for one in told.values()})
