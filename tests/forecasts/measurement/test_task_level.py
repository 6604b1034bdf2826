"""The task-level model: closed forms, symmetries, recovery of a known truth, and refusals in sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from forecasts.measurement import task_level
from forecasts.measurement.outcomes import MINUTES_SD, outcomes
from forecasts.measurement.sampling import MeasurementError, converged
from forecasts.measurement.task_level import distance
from forecasts.measurement.task_model import TaskPriors, trend
from tests.forecasts.measurement.examples import Truth, simulated

PRIORS = TaskPriors()


@pytest.fixture(scope="module")
def truth() -> Truth:
    return simulated(6, priors=PRIORS)


@pytest.fixture(scope="module")
def fitted(truth: Truth) -> task_level.TaskFit:
    return task_level.fit(outcomes(truth.table), seed=1, draws=1200, tune=600)


def test_a_horizon_without_spread_is_the_logit() -> None:
    slope = np.array([0.5, 1.0, 3.0])
    assert distance(80, slope, 0.0) == pytest.approx(np.log(4) / slope, abs=1e-9)


def test_a_horizon_with_a_steep_slope_is_the_normal_quantile() -> None:
    # With few nodes a step function would be coarse; at slope 3 the probit approximation holds to a few percent.
    found = distance(80, np.array([3.0]), 2.0)
    assert found == pytest.approx(ndtri(0.8) * np.hypot(2.0, np.pi / np.sqrt(3) / 3.0), rel=0.03)


def test_half_the_time_marginal_and_typical_agree_and_horizons_are_symmetric() -> None:
    slope, spread = np.array([0.7, 2.0]), np.array([0.5, 2.5])
    assert distance(50, slope, spread) == pytest.approx(0.0, abs=1e-9)
    assert distance(80, slope, spread) == pytest.approx(-distance(20, slope, spread), abs=1e-9)
    assert (distance(80, slope, spread) > distance(80, slope, 0.0)).all()


@pytest.mark.parametrize("percent", [0, 100, -5])
def test_a_chance_that_is_none_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        distance(percent, np.ones(1), 1.0)


def test_the_trend_is_a_line_whose_growth_changes_at_the_break() -> None:
    t = np.array([-5.0, -4.0, 4.0, 5.0])
    y = trend(np, 3.0, 2.0, 0.0, np.log(1.5), t)
    assert np.diff(y)[[0, 2]] == pytest.approx([2.0, 3.0], abs=1e-6)
    assert trend(np, 3.0, 2.0, 0.3, 0.7, np.zeros(1)) == pytest.approx(3.0)


def test_counts_are_sufficient(truth: Truth) -> None:
    """Attempts one a row make the very cells that their sums make, so their number costs nothing."""
    rows = truth.table
    failed = rows.assign(successes=0, runs=rows["runs"] - rows["successes"])
    passed = rows.assign(runs=rows["successes"])
    parts = pd.concat([part[part["runs"] > 0] for part in (failed, passed)])
    one, two = outcomes(rows), outcomes(parts.sample(frac=1, random_state=1))
    assert (one.systems, one.tasks) == (two.systems, two.tasks)
    for name in ("system", "task", "successes", "runs", "log2_minutes"):
        assert getattr(one, name) == pytest.approx(getattr(two, name))


def test_defaults_of_what_a_table_may_leave_out(truth: Truth) -> None:
    found = outcomes(truth.table.drop(columns=["family", "released"]))
    assert found.families == 0
    assert (found.minutes_sd == MINUTES_SD).all()
    assert np.isnan(found.released).all()
    timed = truth.table.assign(human_minutes=truth.table["human_minutes"].where(truth.table["task"] != "t3"))
    assert "t3" not in outcomes(timed).tasks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.drop(columns="runs"), "no column 'runs'"),
        (lambda d: d.assign(runs=0), "a number of attempts"),
        (lambda d: d.assign(successes=9), "between none and all"),
        (lambda d: d.assign(successes=np.nan), "between none and all"),
        (lambda d: d.assign(human_minutes=-1.0), "minutes above 0"),
        (lambda d: d.assign(human_minutes=range(1, len(d) + 1)), "more than one length"),
        (lambda d: d.assign(human_minutes=4.0), "needs 5 tasks of 3 lengths"),
        (lambda d: d.assign(human_minutes=np.nan), "needs 5 tasks"),
        (lambda d: d.assign(minutes_sd=-1.0), "doublings, 0 or more"),
    ],
)
def test_what_cannot_be_measured_with_is_refused_in_a_sentence(truth: Truth, change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MeasurementError, match=words):
        outcomes(change(truth.table))


def test_a_known_truth_is_recovered(truth: Truth, fitted: task_level.TaskFit) -> None:
    assert [check.name for check in converged(fitted.draws, "simulated") if not check.passed] == []
    low, high = np.quantile(np.log2(fitted.horizons(50)), [0.005, 0.995], axis=0)
    assert ((low < truth.ability) & (truth.ability < high)).all()
    low, high = np.quantile(fitted.spread, [0.005, 0.995])
    assert low < truth.spread < high


def test_which_tasks_and_which_suite_are_meant(fitted: task_level.TaskFit) -> None:
    names = len(fitted.outcomes.systems)
    assert fitted.horizons(80).shape == (4800, names)
    assert (fitted.horizons(80) < fitted.horizons(80, task="typical")).all()
    width = {s: np.log2(fitted.horizons(50, suite=s)).std(axis=0) for s in ("any", "this")}
    assert (width["any"] > width["this"]).all()
    errors = np.log2(fitted.horizons(50))
    assert np.corrcoef(errors, rowvar=False)[np.triu_indices(names, 1)].min() > 0, "shared tasks err together"
    rows = fitted.table()
    assert len(rows) == 2 * names
    assert {row["task"] for row in rows} == {"marginal"}
    assert all(row["low"] < row["minutes"] < row["high"] for row in rows)


def test_new_priors_need_no_new_model_and_move_the_answer(truth: Truth, fitted: task_level.TaskFit) -> None:
    again = task_level.fit(outcomes(truth.table), PRIORS, seed=1, draws=1200, tune=600)
    assert (again.draws.values["ability"] == fitted.draws.values["ability"]).all()
    narrow = task_level.fit(
        outcomes(truth.table), replace(PRIORS, slope=(float(np.log(3.0)), 0.01)), seed=1, draws=200, tune=300
    )
    assert np.median(narrow.draws.flat("slope")) == pytest.approx(3.0, rel=0.1)
