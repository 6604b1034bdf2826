"""The measurement models on simulated truth (coverage), on METR's counts, and on Epoch's scores against its index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts.measurement import multi_benchmark, task_level
from forecasts.measurement.outcomes import outcomes
from forecasts.measurement.sampling import MeasurementError, converged
from forecasts.measurement.scores import scores
from forecasts.measurement.task_level import distance
from forecasts.measurement.task_model import TaskPriors
from tests.forecasts.measurement.examples import ladder, simulated

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COUNTS = ROOT.parent / "shared/reference/task_level/metr_th11_task_results_gpt54_mythos.csv"
EPOCH = ROOT.parent / "shared/reference/epoch"
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
            "agent": "system",
            "task_id": "task",
            "task_family": "family",
            "n_successes": "successes",
            "n_runs": "runs",
        }
    )
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


def test_90_percent_intervals_of_the_index_cover_the_truth_as_often_as_they_say() -> None:
    """Truth from the priors, scores clipped to 0 and 1: ability on its own scale, and the index of two anchors.

    A table whose draws cannot tell its anchors apart has no index, and says so: one table in six, so small are they.
    """
    inside: dict[str, list[np.ndarray]] = {"ability": [], "index": []}
    unscaled = 0
    for seed in range(SIMULATIONS):
        truth = ladder(2000 + seed)
        found = multi_benchmark.fit(scores(truth.table), seed=seed, draws=800, chains=2)
        order = np.argsort(truth.ability)
        low, high = int(order[4]), int(order[20])
        ends = np.quantile(found.draws.flat("ability"), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        inside["ability"].append((ends[0] < truth.ability) & (truth.ability < ends[1]))
        try:
            index = found.index({f"s{low:02}": 130.0, f"s{high:02}": 150.0})
        except MeasurementError:
            unscaled += 1
            continue
        true = 130 + 20 * (truth.ability - truth.ability[low]) / (truth.ability[high] - truth.ability[low])
        ends = np.quantile(index, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        inside["index"].append(np.delete((ends[0] < true) & (true < ends[1]), [low, high]))
    shares = {name: float(np.mean(covered)) for name, covered in inside.items()}
    assert all(0.85 <= share <= 0.95 for share in shares.values()), (shares, unscaled)
    assert unscaled <= 0.2 * SIMULATIONS, unscaled


@pytest.mark.skipif(not EPOCH.exists(), reason="Epoch's scores are shared beside the checkout, not in it")
def test_epochs_index_lies_in_our_intervals() -> None:
    given = scores(pd.read_csv(EPOCH / "epoch_eci_benchmarks_2026-08-11.csv"))
    found = multi_benchmark.fit(given, seed=2)
    assert [check.name for check in found.checks() if not check.passed] == []
    assert found.draws.divergences == 0
    published = pd.read_csv(EPOCH / "epoch_eci_scores_2026-08-11.csv").set_index("Model")
    rows = pd.DataFrame(found.table(level=LEVEL)).set_index("system").join(published)
    rows = rows[rows["eci_ci_low"].notna()]  # the two anchors are at their values by definition
    assert len(rows) == len(given.systems) - 2
    assert rows["eci"].between(rows["low"], rows["high"]).mean() >= 0.95
    assert rows["index"].corr(rows["eci"], method="spearman") > 0.99
