"""A real store of the published facts with one example run, so that no page has to start a fit."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scorecard import jobs
from scorecard.evidence import facts
from scorecard.records import Criterion, ForecastRun, TrackRecord
from scorecard.store import Store
from tests.scorecard.examples import run

DATA = Path(__file__).parents[2] / "data"
HIGH = "openai.pf2.ai_self_improvement.high"


def example_runs(store: Store, as_of: date) -> list[ForecastRun]:
    """A made-up run for every threshold that has criteria, shaped as forecasts/runs.py stores them."""
    with store.view() as now:
        criteria = now.all(Criterion)
    runs = []
    for threshold in dict.fromkeys(c.threshold for c in criteria):
        ours = [c for c in criteria if c.threshold == threshold]
        base = run(as_of)
        result: dict[str, Any] = {
            **base.result,
            "by_shape": {"loglinear": {"q10": None, "q50": None, "q90": None, "weight": 1.0, "p_now": 0.1,
                                       "p_12_months": 0.2, "p_beyond_horizon": 0.1}},
            "by_criterion": {}, "fans": {}, "parameters": {},
            "sensitivity": {"prior": 0.1, "likelihood": 0.2, "words": "An example."},
        }  # fmt: skip
        runs.append(
            run(
                as_of, id=f"example-{threshold}-{as_of}", threshold=threshold, result=result,
                criteria=tuple(c.id for c in ours),
                indicators=tuple(dict.fromkeys(c.indicator for c in ours)),
            )
        )  # fmt: skip
    return runs


@pytest.fixture(autouse=True)
def _no_work_outlives_a_test(tmp_path: Path) -> Iterator[None]:
    """Pages start fits and backtests in processes of their own, which would go on for minutes."""
    yield
    for path in tmp_path.glob("*.duckdb"):
        for job in jobs.everything(Store(path)):
            if job.state == "running":
                with suppress(ProcessLookupError):
                    os.killpg(job.pid, signal.SIGTERM)  # a job leads a process group of its own


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the app opens, with example runs of today."""
    store = Store(tmp_path / "scorecard.duckdb")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    facts.build(store, DATA)
    store.append(example_runs(store, datetime.now(UTC).date()), action="forecast", actor="a test")
    return store


def example_track() -> TrackRecord:
    """A made-up backtest of METR's 80 % horizon, shaped as forecasts/commands/backtest.py stores it."""
    row = {
        "basis": "measured again", "origins": 27, "cases": 126, "records": 12, "log_score": -1.3, "covered_50": 0.5,
        "covered_80": 0.9, "covered_80 3-12 months": 0.85, "bias": -0.4, "crps 0-3 months": 0.3, "crps 3-6 months": 0.4,
        "crps 6-12 months": 0.6,
    }  # fmt: skip
    return TrackRecord(
        id="track", known_at=date(2026, 6, 26), indicator="metr_p80_horizon", prior_set="default",
        model_version="1.2", seed=1, data_hash="abc", origins=27, records=12,
        scores=(row | {"model": "equal pool", "crps": 0.4}, row | {"model": "straight line since 2023", "crps": 0.8}),
        lateness=({"model": "equal pool", "months_ahead": 6, "cases": 7, "late": 4.7, "inside_80": 0.86},),
        calibration={"equal pool": [0.1, 0.5, 0.8]},
    )  # fmt: skip
