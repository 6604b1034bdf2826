"""Quick runs on the real facts: published without compiling, the same bits again, and never preferred."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecasts import commands as forecast_commands
from forecasts import runs
from forecasts.indicators import Task
from forecasts.joint import by_criterion
from scorecard import commands
from scorecard.evidence import facts
from scorecard.records import POOL, QUICK, ForecastRun
from scorecard.store import Store
from tests.forecasts.examples import default_priors, indicator

DATA = Path(__file__).parents[2] / "data"
HIGH = "openai.pf2.ai_self_improvement.high"  # three criteria, two of which can be forecast on DAY
LONG_RANGE = "openai.pf2.research.long_range_autonomy"  # measured by METR's 50 % horizon alone
DAY = date(2026, 1, 31)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("runs") / "scorecard.duckdb")
    facts.build(store, DATA)
    return store


def quick(store: Store) -> ForecastRun:
    (made,) = runs.run(store, runs.Request(as_of=DAY, thresholds=(LONG_RANGE,), method="quick"))
    return made


def test_a_quick_run_says_so_and_carries_its_checks(store: Store) -> None:
    made = quick(store)
    assert (made.model, made.publishable) == (QUICK, True)
    assert {item["name"] for item in made.checks["items"]} == {"Pareto k", "predictive check"}
    assert made.result["q10"] <= made.result["q50"] <= made.result["q90"]


def test_a_quick_run_is_the_same_in_another_store_and_is_not_repeated(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other.duckdb")
    facts.build(other, DATA)
    first = quick(store)
    assert quick(other) == first
    with store.view() as now:
        entries = len(now.log())
    assert quick(store) == first
    with store.view() as now:
        assert len(now.log()) == entries


def test_quick_and_sampled_runs_have_ids_of_their_own() -> None:
    assert runs.Request(as_of=DAY).model == POOL
    assert runs.Request(as_of=DAY, method="quick").model == QUICK


def test_stored_draws_give_each_criterion_its_own_dates_and_the_command_prints_every_rule(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made,) = runs.run(store, runs.Request(as_of=DAY, thresholds=(HIGH,), method="quick"))
    found = by_criterion(made, store.files.get(made.draws, made.draws_sha256))
    assert set(found) == set(made.result["by_criterion"])
    for id, crossing in found.items():
        median = crossing.quantile(0.5)
        assert (median.isoformat() if median else None) == made.result["by_criterion"][id]["q50"]
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    arguments = ["joint", HIGH, "--as-of", DAY.isoformat(), "--dependence", "0.3"]
    app = commands.joined(forecast_commands, None)
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    assert printed.exit_code == 0, printed.output
    rows = json.loads(printed.stdout)
    assert [row["rule"] for row in rows] == ["any", "all"]
    chances = [row["p_12_months"] for row in rows]
    assert chances == sorted(chances, reverse=True)
    assert "mixed by weight" in CliRunner().invoke(app, arguments).stdout


@pytest.mark.parametrize(
    ("shared", "apart", "expected"),
    [
        (2, 1, [2, 1]),  # a kind each, which compiles every shape once
        (1, 0, [1]),
        (5, 0, [3, 2]),  # one kind alone would leave a process idle
        (30, 10, [20, 20]),
        (9, 1, [9, 1]),
    ],
)
def test_indicators_are_shared_out_so_that_both_cores_are_busy(
    shared: int, apart: int, expected: list[int]
) -> None:
    tasks = [
        Task(
            indicator=replace(indicator(), id=f"number_{i}", shared_tasks=i < shared), measurements=(), systems=(),
            criteria=(), priors=default_priors(), as_of=DAY, seed=1, shapes=("loglinear",),
        )
        for i in range(shared + apart)
    ]  # fmt: skip
    groups = runs.shared_out(tasks)
    assert [len(group) for group in groups] == expected
    assert sorted(t.indicator.id for group in groups for t in group) == sorted(t.indicator.id for t in tasks)
