"""Quick runs on the real facts: published without compiling, the same bits again, and never preferred."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from forecasts import commands as forecast_commands
from forecasts.dates.joint import by_criterion
from forecasts.runs import run as runs
from forecasts.runs.fitting import shared_out
from forecasts.runs.indicators import Task
from forecasts.runs.request import Request
from scorecard.clock import plus_months
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import POOL, QUICK, ForecastRun
from scorecard.store import Store
from tests.doors import joined
from tests.forecasts.examples import default_priors, indicator
from tests.shared_stores import copy_store

HIGH = "openai.pf2.ai_self_improvement.high"  # three criteria, two of which can be forecast on DAY
LONG_RANGE = "openai.pf2.research.long_range_autonomy"  # measured by METR's 50 % horizon alone
DAY = date(2026, 1, 31)


@pytest.fixture(scope="module")
def store(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return copy_store(published_folder, tmp_path_factory.mktemp("runs"))


def quick(store: Store) -> ForecastRun:
    (made,) = runs.run(store, Request(as_of=DAY, thresholds=(LONG_RANGE,), method="quick"))
    return made


def test_a_quick_run_says_so_and_carries_its_checks(store: Store) -> None:
    made = quick(store)
    assert (made.model, made.publishable) == (QUICK, True)
    assert {check.name for check in made.checks.items} == {"Monte Carlo error of a chance"}
    said = made.quoted
    dates = [day for day in (said.q10, said.q50, said.q90) if day]
    assert len(dates) == 3
    assert dates == sorted(dates)


def test_a_run_keeps_what_later_readings_will_be_scored_against(store: Store) -> None:
    """The best published reading starts at the record of the day, and the next record's lies above it."""
    said = quick(store).quoted
    published, record = (told["metr_p50_horizon"] for told in (said.published, said.next_record))
    best = published.q50[0]
    assert (published.dates[0], published.q10[0], published.q90[0]) == (DAY, best, best)
    assert published.dates[-1] >= plus_months(DAY, 24)
    assert record.dates[0] == DAY
    assert record.dates[-1] > plus_months(DAY, 12), "every record of the next year has its quantiles"
    assert min(record.q10) >= best
    assert list(record.q50) == sorted(record.q50)


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
    assert Request(as_of=DAY).model == POOL
    assert Request(as_of=DAY, method="quick").model == QUICK


def test_stored_draws_give_each_criterion_its_own_dates_and_the_command_prints_every_rule(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made,) = runs.run(store, Request(as_of=DAY, thresholds=(HIGH,), method="quick"))
    found = by_criterion(made, store.files.get(made.draws, made.draws_sha256))
    assert set(found) == set(made.quoted.by_criterion)
    for id, crossing in found.items():
        stated = made.quoted.by_criterion[id]
        assert crossing.p_by(DAY) == pytest.approx(stated.measured_p_now, abs=1e-6)
        assert crossing.p_by(plus_months(DAY, 12)) == pytest.approx(stated.measured_p_12_months, abs=1e-6)
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    arguments = ["joint", HIGH, "--as-of", DAY.isoformat()]
    app = joined(forecast_commands)
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    assert printed.exit_code == 0, printed.output
    rows = json.loads(printed.stdout)
    assert [row["rule"] for row in rows] == ["any", "all"]
    chances = [row["p_12_months"] for row in rows]
    assert chances == sorted(chances, reverse=True)
    assert "as quoted" in CliRunner().invoke(app, arguments).stdout


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
            indicator=replace(indicator(), id=f"number_{i}", shared_tasks=i < shared),
            measurements=(),
            systems=(),
            criteria=(),
            priors=default_priors(),
            as_of=DAY,
            seed=1,
            shapes=("loglinear",),
        )
        for i in range(shared + apart)
    ]
    groups = shared_out(tasks)
    assert [len(group) for group in groups] == expected
    assert sorted(t.indicator.id for group in groups for t in group) == sorted(t.indicator.id for t in tasks)


def test_in_every_draw_a_level_comes_after_the_one_below_and_one_criterion_has_one_forecast(
    published: Store,
) -> None:
    """OpenAI Critical beside High; Microsoft Critical and Amazon, which share their criterion."""
    asked = (
        "openai.pf2.ai_self_improvement.critical",
        "microsoft.fgf2026.autonomy.critical",
        "amazon.fmsf.automated_ai_rd",
    )
    made = {
        r.threshold: r
        for r in runs.run(published, Request(as_of=date(2026, 11, 30), thresholds=asked, method="quick"))
    }
    critical = made[asked[0]]
    draws = pq.read_table(io.BytesIO(published.files.get(critical.draws, critical.draws_sha256))).to_pandas()
    quoted = draws[draws["measured"] > 0]  # beside them stand the criteria by themselves
    assert (quoted["time"] >= quoted["below"]).all()
    assert draws["weight"].sum() == pytest.approx(1.0)
    assert draws["measured"].sum() == pytest.approx(1.0)
    assert critical.quoted.below == "openai.pf2.ai_self_improvement.high"
    assert {f.threshold for f in critical.quoted.findings} == {"openai.pf2.ai_self_improvement.high"}
    assert made[asked[1]].quoted.cdf == made[asked[2]].quoted.cdf
    for one in made.values():  # the one model that has all the weight says what is quoted
        (whole,) = one.quoted.by_shape.values()
        assert whole.weight == 1
        assert (whole.p_12_months, whole.q50) == (one.quoted.p_12_months, one.quoted.q50)
    assert critical.quoted.mcse is not None
    assert critical.quoted.mcse.p_12_months < 0.01
