"""The task-level model on simulated truth (coverage) and on METR's counts (against METR's own intervals)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts.measurement import task_level
from forecasts.measurement.outcomes import outcomes
from forecasts.measurement.sampling import converged
from forecasts.measurement.task_level import TaskPriors, distance
from tests.forecasts.measurement.examples import simulated

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COUNTS = ROOT.parent / "shared/reference/task_level/metr_th11_task_results_gpt54_mythos.csv"
SIMULATIONS, LEVEL = 100, 0.9


def test_90_percent_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Truth from the priors, tasks from an endless supply: horizons of tasks drawn anew, all systems together."""
    inside: dict[float, list[np.ndarray]] = {50: [], 80: []}
    for seed in range(SIMULATIONS):
        truth = simulated(1000 + seed, priors=TaskPriors())
        found = task_level.fit(outcomes(truth.table), seed=seed, draws=400, tune=400, chains=2)
        for percent, covered in inside.items():
            below = distance(percent, np.array([truth.slope]), truth.spread)
            low, high = np.quantile(
                np.log2(found.horizons(percent)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0
            )
            covered.append((low < truth.ability - below) & (truth.ability - below < high))
    shares = {percent: float(np.mean(covered)) for percent, covered in inside.items()}
    assert all(0.85 <= share <= 0.95 for share in shares.values()), shares


@pytest.mark.skipif(
    not COUNTS.exists(), reason="METR's counts by task are shared beside the checkout, not in it"
)
def test_horizons_overlap_metrs_published_intervals() -> None:
    counts = pd.read_csv(COUNTS).rename(
        columns={
            "agent": "system", "task_id": "task", "task_family": "family", "n_successes": "successes",
            "n_runs": "runs",
        }
    )  # fmt: skip
    ids = {"GPT-5.4": "gpt_5_4", "Claude Mythos Preview": "claude_mythos_preview"}
    published = pd.read_csv(ROOT / "data/measurements/metr_th11.csv", comment="#")
    published = published[published["source"] == "metr_th11_2026_05_08"]
    names = zip(published["indicator"], published["system"], strict=True)
    ends = dict(zip(names, published[["low", "high"]].to_numpy(float).tolist(), strict=True))
    counts["released"] = counts["system"].map(
        {"GPT-5.4": "2026-03-05", "Claude Mythos Preview": "2026-04-07"}
    )
    found = task_level.fit(outcomes(counts), seed=1, draws=1500)
    assert [check.name for check in converged(found.draws, "METR's counts") if not check.passed] == []
    for row in found.table(level=0.95):
        low, high = ends[f"metr_p{row['percent']}_horizon", ids[row["system"]]]
        assert row["low"] < high, row
        assert low < row["high"], row
