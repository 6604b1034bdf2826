"""Thresholds counted together: closed forms, brute force over every combination, and rows that keep their figures."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scorecard.clock import plus_months, since_2024
from scorecard.records import ForecastRun
from scorecard.store import Store
from scorecard.thresholds.quoted.together import Together, criteria_together, in_shared_worlds
from tests.scorecard.examples import run

AS_OF = date(2026, 1, 1)
SOON = plus_months(AS_OF, 12)
PAST, HALF, LATE = since_2024(AS_OF) - 1, since_2024(AS_OF) + 0.5, since_2024(AS_OF) + 3
WORLDS = 2048


def of(*rows: list[float]) -> Together:
    names = tuple("abcdefgh"[: len(rows)])
    return Together(names=names, time=np.array(rows), as_of=AS_OF, left_out={})


def test_any_some_all_and_first_equal_counting_by_hand() -> None:
    found = of([PAST, HALF, LATE, np.inf], [HALF, LATE, LATE, np.inf], [HALF + 0.1, HALF, HALF, np.inf])
    assert [found.at_least(k, SOON).p for k in (1, 2, 3)] == [0.75, 0.5, 0.25]
    assert found.another(SOON).p == 0.75
    assert {name: one.p for name, one in found.first(SOON).items()} == {"a": 0.125, "b": 0.25, "c": 0.375}


def test_what_may_be_crossed_today_is_no_crossing_to_come() -> None:
    found = of([PAST] * 4, [LATE] * 4)
    assert found.at_least(1, SOON).p == 1
    assert found.another(SOON).p == 0
    assert sum(one.p for one in found.first(SOON).values()) == 0


def test_independent_thresholds_multiply_and_bound_ones_follow_the_likeliest() -> None:
    rng = np.random.default_rng(1)
    u = rng.random((3, 2**16))
    chances = np.array([0.2, 0.5, 0.9])
    free = of(*np.where(u < chances[:, None], HALF, np.inf).tolist())
    bound = of(*np.where(u[0] < chances[:, None], HALF, np.inf).tolist())
    by_hand = sum(
        np.prod([c if hit else 1 - c for c, hit in zip(chances, hits, strict=True)])
        for hits in product((True, False), repeat=3)
        if sum(hits) >= 2
    )
    for needed, expected in ((1, 1 - 0.8 * 0.5 * 0.1), (2, by_hand), (3, 0.2 * 0.5 * 0.9)):
        p, mcse = free.at_least(needed, SOON)
        assert abs(p - expected) < 4 * mcse
    assert [bound.at_least(k, SOON).p for k in (1, 2, 3)] == pytest.approx([0.9, 0.5, 0.2], abs=0.01)


def test_the_error_is_that_of_independent_draws_where_worlds_are() -> None:
    rng = np.random.default_rng(2)
    found = of(np.where(rng.random(2**15) < 0.3, HALF, np.inf).tolist(), [np.inf] * 2**15)
    assert found.at_least(1, SOON).mcse == pytest.approx(np.sqrt(0.3 * 0.7 / 2**15), rel=0.25)


def stored(
    store: Store,
    threshold: str,
    times: np.ndarray,
    weights: np.ndarray,
    *,
    likelihood: np.ndarray | None = None,
    below: tuple[str, np.ndarray] | None = None,
    criteria: tuple[str, ...] = ("one",),
    seed: int = 1,
) -> ForecastRun:
    """A run of alternatives (parts, worlds) by weight, with its draws as a run keeps them."""
    parts, worlds = times.shape
    measured = np.broadcast_to(weights[:, None] / worlds, times.shape)
    given = measured * (1.0 if likelihood is None else likelihood)
    columns = {
        "criterion": np.repeat([f"part {i}" for i in range(parts)], worlds),
        "shape": np.full(times.size, "headline"),
        "world": np.tile(np.arange(worlds, dtype=np.int32), parts),
        "time": times.ravel(),
        "weight": (given / given.sum()).ravel(),
        "measured": measured.ravel(),
    }
    made = run(as_of=AS_OF)
    result = made.quoted
    if below is not None:
        columns["below"] = np.tile(below[1], parts)
        result = replace(result, below=below[0])
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed)
    name, digest = store.files.put(packed.getvalue(), ".parquet")
    return replace(
        made,
        threshold=threshold,
        result=result,
        draws=name,
        draws_sha256=digest,
        seed=seed,
        criteria=criteria,
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s.duckdb")


def test_each_threshold_keeps_the_distribution_that_its_row_quotes_given_its_finding(store: Store) -> None:
    rng = np.random.default_rng(3)
    times = since_2024(AS_OF) + rng.normal(0.5, 1.5, (2, WORLDS))
    likelihood = np.where(times < since_2024(AS_OF), 0.05, 0.95)
    weights = np.array([0.3, 0.7])
    found_not = stored(store, "a", times, weights, likelihood=likelihood)
    other = stored(store, "b", times[:1], np.array([1.0]))
    both = in_shared_worlds(store, [found_not, other], AS_OF)
    assert both is not None
    given = weights[:, None] * likelihood
    for day in (AS_OF, SOON, plus_months(AS_OF, 24)):
        exact = (given * (times <= since_2024(day))).sum() / given.sum()
        assert (both.time[0] <= since_2024(day)).mean() == pytest.approx(exact, abs=0.01)
    assert (both.time[1] == times[0]).all()  # without a finding every world keeps its crossing
    # The worlds that the finding leaves alone still go together.
    same = stored(store, "c", times[:1], np.array([1.0]), likelihood=likelihood[:1])
    pair = in_shared_worlds(store, [same, other], AS_OF)
    assert pair is not None
    ahead = pair.time[1] > since_2024(AS_OF)
    assert (pair.time[0] == pair.time[1])[ahead].mean() > 0.99


def test_a_level_is_never_crossed_before_the_one_below_it(store: Store) -> None:
    rng = np.random.default_rng(4)
    low = since_2024(AS_OF) + rng.normal(0.5, 1.5, WORLDS)
    high = np.maximum(low, since_2024(AS_OF) + rng.normal(1.0, 2.0, (1, WORLDS)))
    likelihood = np.where(low < since_2024(AS_OF), 0.05, 0.95)
    lower = stored(store, "low", low[None], np.array([1.0]), likelihood=likelihood[None])
    upper = stored(
        store, "high", high, np.array([1.0]), likelihood=likelihood[None], below=("low", low), criteria=("x",)
    )
    both = in_shared_worlds(store, [lower, upper], AS_OF)
    assert both is not None
    assert (both.time[1] >= both.time[0]).all()
    exact = (likelihood * (low <= since_2024(SOON))).sum() / likelihood.sum()
    assert (both.time[0] <= since_2024(SOON)).mean() == pytest.approx(exact, abs=0.01)


def test_other_worlds_and_missing_draws_are_left_out_with_their_reason(store: Store) -> None:
    times, one = np.full((1, WORLDS), HALF), np.array([1.0])
    ours = [stored(store, name, times, one) for name in ("a", "b")]
    gone = replace(stored(store, "d", times + 1, one), draws="gone.parquet")
    found = in_shared_worlds(store, [*ours, stored(store, "c", times, one, seed=2), gone], AS_OF)
    assert found is not None
    assert found.names == ("a", "b")
    assert set(found.left_out) == {"c", "d"}
    assert "another seed" in found.left_out["c"]
    assert "2 more could not be counted" in found.sentence
    assert in_shared_worlds(store, ours[:1], AS_OF) is None


def test_criteria_of_one_run_share_its_worlds(store: Store) -> None:
    rng = np.random.default_rng(5)
    times = since_2024(AS_OF) + rng.normal(0.5, 1.5, (2, WORLDS))
    made = stored(store, "a", times, np.array([0.4, 0.6]), criteria=("part 0", "part 1"))
    found = criteria_together(made, store.files.get(made.draws, made.draws_sha256))
    assert found is not None
    assert found.names == ("part 0", "part 1")
    assert (found.time == times).all()
    assert found.at_least(2, SOON).p == ((times <= since_2024(SOON)).all(axis=0)).mean()
