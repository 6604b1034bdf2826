"""The multi-benchmark model: closed forms, whitening, recovery of a known truth, its scale, refusals in sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from forecasts.__main__ import main
from forecasts.api import as_series
from forecasts.measurement import multi_benchmark as mb
from forecasts.measurement.sampling import MeasurementError, density
from forecasts.measurement.scores import EPOCH_NAMES, scores
from forecasts.measurement.whitening import climb, curved, learnt
from tests import doors
from tests.doors import Said
from tests.forecasts.measurement.examples import Ladder, ladder

ANCHORS = {"s03": 100.0, "s20": 110.0}


@pytest.fixture(scope="module")
def truth() -> Ladder:
    made = ladder(3)
    order = np.argsort(np.argsort(made.ability))  # named by ability, so that s03 lies well below s20
    table = made.table.assign(system=[f"s{order[int(name[1:])]:02}" for name in made.table["system"]])
    return Ladder(table=table, ability=np.sort(made.ability))


@pytest.fixture(scope="module")
def fitted(truth: Ladder) -> mb.BenchmarkFit:
    return mb.fit(scores(truth.table), seed=1, draws=1500)


def test_epochs_names_and_ours_are_the_same_table(truth: Ladder) -> None:
    ours = scores(truth.table)
    theirs = scores(truth.table.rename(columns={name: old for old, name in EPOCH_NAMES.items()}))
    assert (ours.systems, ours.benchmarks) == (theirs.systems, theirs.benchmarks)
    assert (ours.score == theirs.score).all()
    twice = scores(pd.concat([truth.table, truth.table.assign(score=0.0)]))
    assert twice.score == pytest.approx(ours.score / 2), "rows of one system and benchmark are averaged"
    assert np.isnat(scores(truth.table.drop(columns="released")).released).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.drop(columns="score"), "no column 'score'"),
        (lambda d: d.assign(score=np.nan), "the score is nan; it must be a share between 0 and 1"),
        (lambda d: d.assign(score=55.0), "divide per cents by 100"),
        (lambda d: d.assign(score=-0.1), "must be a share"),
        (lambda d: d.assign(score="good"), "must be a share"),
        (lambda d: d.assign(system=None), "name no system"),
        (lambda d: d.assign(benchmark=" "), "name no benchmark"),
        (lambda d: d.assign(released="soon"), "write it as 2026-01-31"),
        (lambda d: d[d["system"] < "s04"], "needs 5 systems and 3 benchmarks; there are 4"),
        (lambda d: d[d["benchmark"] < "b02"], "3 benchmarks; there are 24 and 2"),
        (
            lambda d: d.assign(benchmark=d["benchmark"] + (d["system"] > "s19").map({True: "x", False: ""})),
            "connects s20, s21, s22 and 1 more to the other systems",
        ),
        (lambda d: d.iloc[:0], "there are 0 and 0"),
    ],
)
def test_what_cannot_be_measured_with_is_refused_in_a_sentence(truth: Ladder, change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MeasurementError, match=words):
        scores(change(truth.table))


def test_the_chance_of_a_censored_score_is_students() -> None:
    miss = np.array([0.0, -0.3, -2.0, -8.0, -20.0])
    assert mb.chance_below(np.sqrt, miss) == pytest.approx(stdtr(mb.ERROR_TAIL, miss), rel=1e-6)


def test_the_gradient_is_that_of_the_density(truth: Ladder) -> None:
    given = scores(truth.table)
    model = mb.compiled(given).with_data(index=np.array([given.system, given.benchmark]), score=given.score)
    at, x = density(model), 0.3 * np.random.default_rng(2).normal(size=model.n_dim)
    for j in (0, 23, 30, 40, 50, model.n_dim - 1):
        step = 1e-5 * np.eye(model.n_dim)[j]
        assert (at(x + step)[0] - at(x - step)[0]) / 2e-5 == pytest.approx(at(x)[1][j], rel=1e-4, abs=1e-4)


def test_whitening_finds_the_mode_and_the_covariance_of_a_normal() -> None:
    chance = np.random.default_rng(1)
    root = chance.normal(size=(4, 4)) + 2 * np.eye(4)
    covariance, mean = root @ root.T, np.array([1.0, -2.0, 0.5, 3.0])
    precise = np.linalg.inv(covariance)

    def at(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(-0.5 * (x - mean) @ precise @ (x - mean)), -precise @ (x - mean)

    everything = np.arange(4)
    mode = climb(at, np.zeros(4), everything)
    assert mode == pytest.approx(mean, abs=1e-3)
    held = climb(at, np.zeros(4), np.array([0, 2]))
    assert held[[1, 3]] == pytest.approx(0.0)
    factor = curved(at, mode, everything)
    assert factor @ factor.T == pytest.approx(covariance, rel=1e-3, abs=1e-6)
    apart = np.linalg.inv(curved(at, mode, np.array([0, 1])) @ curved(at, mode, np.array([0, 1])).T)
    assert apart[2:, :2] == pytest.approx(0.0, abs=1e-6)
    step, again = learnt(
        np.eye(4), chance.multivariate_normal(mean, np.diag([1.0, 4.0, 9.0, 16.0]), size=20000)
    )
    assert step == pytest.approx(mean, abs=0.2)
    assert np.diag(again @ again.T) == pytest.approx([1.0, 4.0, 9.0, 16.0], rel=0.1)


def test_a_known_truth_is_recovered(truth: Ladder, fitted: mb.BenchmarkFit) -> None:
    assert [check.name for check in fitted.checks() if not check.passed] == []
    low, high = np.quantile(fitted.draws.flat("ability"), [0.005, 0.995], axis=0)
    assert ((low < truth.ability) & (truth.ability < high)).mean() > 0.9
    middle = np.median(fitted.index(ANCHORS), axis=0)
    assert np.corrcoef(middle, truth.ability)[0, 1] > 0.95


def test_the_anchors_are_where_they_are_put_and_the_scale_is_linear(fitted: mb.BenchmarkFit) -> None:
    index = fitted.index(ANCHORS)
    assert (index[:, 3] == 100).all()
    assert (index[:, 20] == 110).all()
    doubled = fitted.index({"s03": 0.0, "s20": 20.0})
    assert doubled == pytest.approx(2 * (index - 100), abs=1e-9)
    assert fitted.index({"s20": 110.0, "s03": 100.0}) == pytest.approx(index)


@pytest.mark.parametrize(
    ("anchors", "words"),
    [
        ({"s03": 100.0}, "two systems with two different values"),
        ({"s03": 100.0, "s20": 100.0}, "two different values"),
        ({"s03": 100.0, "s20": float("nan")}, "two different values"),
        ({"s03": 100.0, "GPT-5": 150.0}, "anchor 'GPT-5' is not among the systems"),
        ({"s20": 100.0, "s03": 110.0}, "the two fix no scale"),
    ],
)
def test_anchors_that_fix_no_scale_are_refused(
    fitted: mb.BenchmarkFit, anchors: dict[str, float], words: str
) -> None:
    with pytest.raises(MeasurementError, match=words):
        fitted.index(anchors)


def test_the_table_is_best_first_and_the_frontier_only_rises(truth: Ladder, fitted: mb.BenchmarkFit) -> None:
    rows = fitted.table(anchors=ANCHORS)
    assert len(rows) == 24
    assert [row["index"] for row in rows] == sorted((row["index"] for row in rows), reverse=True)
    assert all(row["low"] <= row["index"] <= row["high"] for row in rows)
    assert sum(row["scores"] for row in rows) == len(truth.table)
    best = fitted.frontier(anchors=ANCHORS)
    for name in ("value", "low", "high"):
        assert best[name].is_monotonic_increasing
    released = truth.table.groupby("system")["released"].min()
    assert best["system"].iloc[0] == released.idxmin(), "the first system is the best so far"
    assert best["date"].is_monotonic_increasing
    series = as_series(best, scale="linear", unit="index", interval=0.9)
    assert len(series.y) == len(best)


def test_the_same_seed_gives_the_same_draws(truth: Ladder) -> None:
    one, two = (mb.fit(scores(truth.table), seed=5, draws=100, chains=2) for _ in range(2))
    assert (one.draws.flat("ability") == two.draws.flat("ability")).all()


def test_the_command_prints_an_index_or_says_why_not(truth: Ladder, tmp_path: Path) -> None:
    def say(path: Path, *words: str) -> Said:
        return doors.say(
            main, tmp_path / "none.duckdb", "forecasts", "measure", "benchmarks", str(path), *words
        )

    path = tmp_path / "scores.csv"
    truth.table.to_csv(path, index=False)
    anchors = ["--anchor", "s03=100", "--anchor", "s20=110"]
    done = say(path, *anchors, "--json")
    told = json.loads(done.stdout)
    assert "sampling 4 x 1500 draws" in done.stderr
    assert len(told["rows"]) == 24
    assert told["anchors"] == ANCHORS
    assert all(check["passed"] for check in told["checks"])
    done = say(path, *anchors, "--draws", "100")
    assert done.stdout == ""
    assert "no index, for the fit fails its checks: " in done.stderr
    assert "sample longer" in done.stderr
    done = say(path)
    assert "the anchor 'Claude 3.5 Sonnet' is not among the systems" in done.stderr
    assert "sampling" not in done.stderr, "said before the sampling, not after it"
    assert "does not exist" in say(tmp_path / "none.csv").stderr
    assert "write it as 'GPT-5=150'" in say(path, "--anchor", "GPT-5").stderr
