"""Rates, horizons and comparisons: right on what is known, and honest when tasks hang together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

from scorecard.evidence.attempts import SETTING, compare_systems, fit, horizon_of, horizons, rate, rates
from scorecard.store import StoreError


def tasks(score: Any, **columns: Any) -> pd.DataFrame:
    """Tasks of one setting; families, minutes and runs as given."""
    frame = pd.DataFrame({"score": score})
    defaults: dict[str, Any] = {
        **dict.fromkeys(SETTING, ""),
        "system": "one",
        "benchmark": "b",
        "family": "",
        "runs": 1,
        "human_minutes": 10.0,
        "weight": 1.0,
        "task": [f"t{i}" for i in range(len(frame))],
    }
    return frame.assign(**(defaults | columns))


def test_epochs_of_a_task_do_not_make_more_tasks() -> None:
    """Four epochs of the same outcome say no more than one."""
    score = np.tile([0.0, 1.0], 20)
    ((_, once),) = rates(tasks(score))
    ((_, often),) = rates(tasks(score, runs=4))
    assert (often.low, often.high, often.tasks) == (once.low, once.high, 40)
    assert often.inflation == pytest.approx(4 * once.inflation)


def test_independent_tasks_give_nearly_the_binomial_interval() -> None:
    ((_, made),) = rates(tasks(np.repeat([0.0, 1.0], 200)))
    assert made.high - made.low == pytest.approx(2 * 1.96 * 0.5 / 20, rel=0.03)
    assert made.inflation == pytest.approx(1.0, rel=0.01)


def test_families_that_stand_and_fall_together_widen_the_interval() -> None:
    score = np.repeat(np.tile([0.0, 1.0], 10), 10)
    ((_, made),) = rates(tasks(score, family=[f"f{i // 10}" for i in range(200)]))
    assert made.inflation == pytest.approx(10, rel=0.1)
    assert made.clusters == 20


def test_nothing_but_success_has_an_exact_interval_of_its_clusters() -> None:
    ((_, made),) = rates(tasks(np.ones(10)))
    assert (made.value, made.high) == (1.0, 1.0)
    assert made.low == pytest.approx(0.025 ** (1 / 10))


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Families with abilities of their own, five tasks each: at 95 %, about 95 in 100 hold the mean."""
    chance = np.random.default_rng(5)
    truth = float(special.expit(0.4 + 1.2 * chance.standard_normal(200_000)).mean())
    held, held_naively = [], []
    for _ in range(600):
        ability = special.expit(0.4 + 1.2 * chance.standard_normal(40))
        score = chance.binomial(1, np.repeat(ability, 5)).astype(float)
        made = rate(score, np.ones(200), np.repeat(np.arange(40), 5), np.ones(200, dtype=np.int64))
        held.append(made.low <= truth <= made.high)
        alone = rate(score, np.ones(200), np.arange(200), np.ones(200, dtype=np.int64))
        held_naively.append(alone.low <= truth <= alone.high)
    assert 0.92 <= np.mean(held) <= 0.98
    assert np.mean(held_naively) < 0.9, "with tasks taken as independent it would promise too much"


def test_a_horizon_comes_back_from_attempts_made_with_it() -> None:
    chance = np.random.default_rng(2)
    minutes = np.exp2(chance.uniform(0, 10, 400))
    score = chance.binomial(8, special.expit(0.8 * (6 - np.log2(minutes)))) / 8
    fifty, eighty = horizons(
        tasks(score, runs=8, human_minutes=minutes, family=[f"f{i % 80}" for i in range(400)]), draws=300
    )
    assert fifty.low < 64 < fifty.high
    assert fifty.minutes == pytest.approx(64, rel=0.15)
    assert fifty.slope == pytest.approx(0.8, rel=0.1)
    assert eighty.low < 64 * 2 ** (-np.log(4) / 0.8) < eighty.high
    assert eighty.minutes < fifty.minutes


def test_the_fit_is_the_likelihoods_top() -> None:
    x = np.array([0.0, 1, 2, 3, 4, 5])
    score = np.array([1.0, 1, 0.75, 0.5, 0.25, 0])
    a, b = fit(x, score, np.ones((1, 6)))
    p = special.expit(a - b * x)
    assert (score - p).sum() == pytest.approx(0, abs=1e-3)
    assert ((score - p) * x).sum() == pytest.approx(0, abs=1e-3)
    assert horizon_of(a, b, 50) == pytest.approx(np.exp2(a / b))


def test_a_system_that_never_fails_has_no_finite_horizon_made_up_for_it() -> None:
    made = horizons(tasks(np.ones(30), human_minutes=np.exp2(np.arange(30) % 9)), draws=50)
    assert made[0].high == np.inf


def test_too_few_tasks_with_minutes_are_refused() -> None:
    with pytest.raises(StoreError, match="five tasks of three lengths"):
        horizons(tasks(np.ones(4)))


def test_pairing_removes_what_tasks_have_in_common() -> None:
    chance = np.random.default_rng(3)
    difficulty = chance.uniform(0.1, 0.8, 100)
    both = pd.concat([tasks(difficulty + 0.1, system="a"), tasks(difficulty, system="b")])
    made = compare_systems(both, "a", "b")
    assert made.difference == pytest.approx(0.1)
    assert made.high - made.low < 1e-9 < made.separate
    assert (made.better, made.worse, made.tasks) == (100, 0, 100)


def test_systems_without_a_common_task_are_refused() -> None:
    apart = pd.concat([tasks([1.0], system="a"), tasks([1.0], system="b", task=["other"])])
    with pytest.raises(StoreError, match="no task in common"):
        compare_systems(apart, "a", "b")
