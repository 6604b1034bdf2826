"""The app, `init` and `forecast run` on one store at once, over and over: no failure, no lost row.

`ROUNDS=50 ./run test -m browser tests/browser/test_together.py` goes on for longer than the three rounds of every day.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from scorecard.records import ForecastRun
from scorecard.store import Store, verify
from tests.browser.app import ROOT, running
from tests.browser.conftest import visitor

ROUNDS = int(os.environ.get("ROUNDS", "3"))
LONG_RANGE = "openai.pf2.research.long_range_autonomy"


def begun(store: Store, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "SCORECARD_STORE": str(store.path)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_three_processes_share_a_store(browser: Browser, tmp_path: Path) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    with running(store.path, tmp_path / "app.log") as app, visitor(browser, app) as seen:
        seen.open("/evidence")
        for turn in range(ROUNDS):
            both = [
                begun(store, "scorecard", "init"),
                begun(
                    store,
                    "forecasts",
                    "run",
                    "--threshold",
                    LONG_RANGE,
                    "--as-of",
                    "2026-06-30",
                    "--method",
                    "quick",
                    "--seed",
                    str(turn),
                    "--quiet",
                ),
            ]
            while any(process.poll() is None for process in both):
                seen.page.reload()
                expect(seen.page.get_by_role("heading", level=1)).to_have_text("Evidence")
                seen.settle()
            for process in both:
                said = process.communicate()[0]
                assert process.returncode == 0, f"round {turn}: {said}"
            seen.assert_calm()
    with store.view() as now:
        runs = now.all(ForecastRun)
    assert [run.seed for run in runs] == list(range(ROUNDS))
    found = verify(store)
    assert found.sound, found.faults
