"""A real store of the published facts with one example run, so that no page has to start a fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scorecard.evidence import facts
from scorecard.records import Criterion, ForecastRun
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
            "by_shape": {"loglinear": {"q10": None, "q50": None, "q90": None, "weight": 1.0, "p_12_months": 0.2,
                                       "p_beyond_horizon": 0.1}},
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


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the app opens, with example runs of today."""
    store = Store(tmp_path / "scorecard.duckdb")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    facts.build(store, DATA)
    store.append(example_runs(store, datetime.now(UTC).date()), action="forecast", actor="a test")
    return store
