"""The filter of the level against brute force, and what it says of levels that stand, move and turn."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.levels import filtering
from forecasts.levels.filtering import BELOW, BELOW_SD, CELLS, MIXES, START_SD, filtered
from forecasts.levels.learning import LevelClass, learn, own_weights, reads_of
from forecasts.levels.paths import next_record, now, simulate
from forecasts.readings import Readings


def readings(t: np.ndarray, y: np.ndarray, s: float = 0.2) -> Readings:
    return Readings(t=t, y=y, s=np.full(len(t), s), exact=np.ones(len(t), dtype=bool))


def brute(known: Readings, cell: np.ndarray, size: int = 400_000) -> tuple[float, float, float, float]:
    """Log likelihood, mean level, mean pace while moving and chance of standing, by weighted simulation."""
    rng = np.random.default_rng(1)
    q, r, sigma, pace, spread, mix = cell
    x = known.y[0] + START_SD * rng.standard_normal(size)
    v = pace + spread * rng.standard_normal(size)
    moving = rng.random(size) >= filtering.STANDS
    log, before = np.zeros(size), known.t[0]
    for t, y, s in zip(known.t, known.y, known.s, strict=True):
        gap, before = t - before, t
        if gap > 0:
            a, b, c = rng.standard_normal((3, size))
            step = gap * v + q * gap**1.5 * (a / 2 + b / np.sqrt(12)) + r * np.sqrt(gap) * c
            x = x + np.where(moving, step, filtering.REST * np.sqrt(gap) * c)
            v = np.where(moving, v + q * np.sqrt(gap) * a, v)
            chance = 1 - np.exp(-np.where(moving, filtering.STOPS, filtering.RESUMES) * gap)
            turned = rng.random(size) < chance
            v = np.where(turned & ~moving, pace + spread * rng.standard_normal(size), v)
            moving ^= turned
        var = (sigma**2 + s**2 + BELOW_SD**2)[None, :]
        parts = (
            MIXES[int(mix)] * np.exp(-0.5 * (y + BELOW - x[:, None]) ** 2 / var) / np.sqrt(2 * np.pi * var)
        )
        log += np.log(parts.sum(axis=1))
    weight = np.exp(log - log.max())
    total = weight.sum()
    return (
        float(np.log(total / size) + log.max()),
        float((weight * x)[moving].sum() / weight[moving].sum()),
        float((weight * v)[moving].sum() / weight[moving].sum()),
        float(weight[~moving].sum() / total),
    )


@pytest.mark.parametrize("place", [40, 200, 330])
def test_the_filter_agrees_with_brute_force(place: int) -> None:
    known = readings(np.array([0.0, 0.3, 0.5, 0.9]), np.array([0.0, 0.4, 0.1, 1.0]))
    cell = CELLS[place]
    log, x, v, stands = brute(known, cell)
    found = filtered(known, cell[None, :])
    # Collapsing the parts of the gap is an approximation, worst while there are few readings.
    assert found.log[0] == pytest.approx(log, abs=0.25)
    assert found.x[0] == pytest.approx(x, abs=0.1)
    assert found.v[0] == pytest.approx(v, abs=0.25)
    assert found.stands[0] == pytest.approx(stands, abs=0.22)


def test_with_one_part_in_each_cell_nothing_is_collapsed_and_the_filter_is_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filtering, "MIXES", np.array([[1 - 3e-12, 1e-12, 1e-12, 1e-12]]))
    monkeypatch.setattr(filtering, "STOPS", 1e-9)
    monkeypatch.setattr(filtering, "RESUMES", 1e-9)
    monkeypatch.setitem(globals(), "MIXES", filtering.MIXES)
    known = readings(np.array([0.0, 0.3, 0.5, 0.9]), np.array([0.0, 0.4, 0.1, 1.0]))
    cell = np.array([0.8, 0.4, 0.15, 0.7, 0.7, 0])
    log, x, v, stands = brute(known, cell)
    found = filtered(known, cell[None, :])
    assert found.log[0] == pytest.approx(log, abs=0.02)
    assert found.x[0] == pytest.approx(x, abs=0.01)
    assert found.v[0] == pytest.approx(v, abs=0.02)
    assert found.stands[0] == pytest.approx(stands, abs=0.01)


def test_more_flat_readings_say_ever_more_surely_that_the_level_stands() -> None:
    rng = np.random.default_rng(2)
    chances = []
    for size in (5, 15, 40):
        standing = []
        for _ in range(8):
            t = np.sort(rng.random(size) * 1.2)
            found = filtered(readings(t, 0.4 + 0.2 * rng.standard_normal(size)))
            standing.append(own_weights(found, LevelClass()) @ found.stands)
        chances.append(np.mean(standing))
    assert chances[0] < chances[1] < chances[2]
    assert chances[2] > 0.8


def test_a_steep_rise_is_no_standing_level_and_its_pace_is_found() -> None:
    rng = np.random.default_rng(3)
    t = np.linspace(0, 1.2, 20)
    found = filtered(readings(t, 2 * t + 0.1 * rng.standard_normal(20), 0.1))
    weights = own_weights(found, LevelClass())
    assert weights @ found.stands < 0.02
    assert weights @ found.v == pytest.approx(2.0, abs=0.6)


def test_readings_deep_below_the_record_are_not_fitted() -> None:
    known = readings(np.array([0.0, 0.5, 0.6]), np.array([0.0, 1.0, -5.0]))
    assert filtered(known).fitted == 2


def test_paths_never_fall_and_a_next_record_beats_the_present_one() -> None:
    rng = np.random.default_rng(4)
    t = np.linspace(0, 1, 12)
    known = readings(t, t + 0.1 * rng.standard_normal(12), 0.1)
    found = filtered(known)
    weights = own_weights(found, LevelClass())
    start = now(found, weights, 2000, rng)
    paths = simulate(
        found, start, known, 1.1 + np.arange(13) / 12, reads_of(found, LevelClass(), 2000, rng), rng
    )
    assert (np.diff(paths.record, axis=1) >= 0).all()
    assert (paths.record[:, 0] == known.record).all()
    assert (next_record(paths, 6, rng) >= known.record).all()


def test_the_class_learns_which_drift_its_series_have() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(12):
        t = np.linspace(0, 2, 25)
        v = 1.5 + 2.5 * np.cumsum(rng.standard_normal(25)) * np.sqrt(2 / 25)
        found.append(filtered(readings(t, np.cumsum(v) * 2 / 25 + 0.05 * rng.standard_normal(25), 0.05)))
    learnt = learn(found)
    assert sum(learnt.drift[3:]) > 0.6  # 1.6 and 3.0 a square-root year
    assert learnt.cells.sum() == pytest.approx(1.0)
