"""The headline model where the truth is known: false rises, true ones, calibration, and sampled against closed forms.

Worlds are drawn with fixed seeds; the class is the reference class as it stands. Operating characteristics are those
of the issue: a flat truth must be called a rise ever less with more readings, a steep one must be seen.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from forecasts.headline.forecast import forecast
from forecasts.headline.learnt import Learnt, learn
from forecasts.judging.reference.scoring import LEVELS as AHEAD
from forecasts.judging.reference.scoring import yearly_rise
from forecasts.judging.reference.series_class import reference_class
from forecasts.levels import filtering, sampled
from forecasts.levels.filtering import BELOW, BELOW_SD, CELLS, MIXES, filtered
from forecasts.levels.learning import LevelClass, own_weights
from forecasts.readings import Readings
from forecasts.rises import sampled as sampled_rises
from forecasts.rises.history import History
from forecasts.rises.learning import RiseClass
from forecasts.rises.process import RiseSettings, posterior, simulate

pytestmark = pytest.mark.slow

WORLDS = 100
SBC_WORLDS, BINS = 200, 10
SPAN = 14 / 12  # years of readings
MET_WORLDS, SEEN = 250, 1.6  # worlds for both models together, and years of readings
NOW = 2.6  # years since 2024-01-01
LEVEL = float(np.log(9.0))  # 90 %


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    """The class as it stands, with equal weights."""
    return learn([one.readings for one in reference_class()], NOW)


def world(readings: int, slope: float, seed: int) -> Readings:
    """60 % now, `slope` logits a year, noise of 0.2 that is published with each reading."""
    rng = np.random.default_rng([seed, readings])
    t = np.sort(NOW - SPAN + rng.random(readings) * SPAN)
    y = np.log(0.6 / 0.4) + slope * (t - NOW) + 0.2 * rng.standard_normal(readings)
    return Readings(t=t, y=y, s=np.full(readings, 0.2), exact=np.ones(readings, dtype=bool), ceiling=7.0)


def chance(readings: int, slope: float, learnt: Learnt) -> float:
    """Mean probability over WORLDS that 90 % is read within three years."""
    said = []
    ahead = NOW + np.arange(37) / 12
    for seed in range(WORLDS):
        known = world(readings, slope, seed)
        if known.is_record.sum() < 2:
            continue  # nothing rises: the model refuses, and nobody is told of a rise
        found = forecast(known, learnt, ahead, rng=np.random.default_rng(seed), draws=500)
        said.append((found.record[:, -1] >= LEVEL).mean())
    assert len(said) > 0.7 * WORLDS
    return float(np.mean(said))


def test_a_flat_truth_is_called_a_rise_ever_less_often_the_more_is_read(learnt: Learnt) -> None:
    five, fourteen, thirty = (chance(readings, 0.0, learnt) for readings in (5, 14, 30))
    assert five > fourteen > thirty
    assert thirty <= 0.12


def test_a_steep_truth_is_seen(learnt: Learnt) -> None:
    steep = chance(30, 2.0, learnt)
    assert steep >= 0.9


def uniform(ranks: list[float]) -> float:
    """P value of uniform ranks in [0, 1]."""
    counts, _ = np.histogram(ranks, bins=BINS, range=(0, 1))
    return float(chisquare(counts).pvalue)


def test_rates_steps_and_counts_to_come_of_the_rise_process_are_calibrated() -> None:
    """Histories of two years drawn from the prior, silences included; ranks of the truth are uniform."""
    # No board is left: the histories have readings beside their records and none since, which alone would say so.
    held, settings = RiseClass(), RiseSettings(drift=1e-9, stops=1e-9, left=0.0, steady=2.0)
    ranks: dict[str, list[float]] = {"rate": [], "mean": [], "count": []}
    covered = []
    rng = np.random.default_rng(1)
    while len(ranks["rate"]) < SBC_WORLDS:
        rate = rng.gamma(held.rate_shape) / held.rate_years
        mean = held.mean_scale / rng.gamma(held.mean_shape)
        moments = np.cumsum(rng.gamma(2.0, 1 / (2 * rate), 400))
        # A record stands at 0; what is seen ends at 2, and what comes is counted to 3.
        before, after = moments[moments <= 2], moments[(moments > 2) & (moments <= 3)]
        steps = rng.gamma(held.step_shape, mean / held.step_shape, len(before))[-12:]
        seen = History(
            waits=np.diff(np.concatenate([[0.0], before])),
            steps=steps,
            others=10,
            last=float(before[-1]) if len(before) else 0.0,
            misses=np.array([]),
            read=2.0,
        )
        drawn = posterior(seen, 2.0, held, settings, rng, draws=400)
        made = simulate(drawn, np.array([0.0, 1.0]), rng).count[:, -1]
        ranks["rate"].append(float((drawn.rate < rate).mean()))
        ranks["mean"].append(float((drawn.mean < mean).mean()))
        tie = (made == len(after)).mean()
        ranks["count"].append(float((made < len(after)).mean() + rng.random() * tie))
        covered.append(abs(ranks["count"][-1] - 0.5) <= 0.4)
    assert all(uniform(of) > 0.005 for of in ranks.values()), {k: uniform(v) for k, v in ranks.items()}
    assert np.mean(covered) == pytest.approx(0.8, abs=0.08)


def level_world(rng: np.random.Generator, readings: int, span: float) -> tuple[Readings, float, float, bool]:
    """Readings drawn from the level model's own prior; where the level and its pace end, and whether it moves."""
    q, r, sigma, pace, spread, mix = CELLS[rng.choice(len(CELLS), p=LevelClass().cells)]
    t = np.sort(rng.random(readings) * span)
    moving = bool(rng.random() >= filtering.STANDS)
    x, v, y, before = 0.0, pace + spread * rng.standard_normal(), [], t[0]
    for moment in t:
        gap, before = moment - before, moment
        a, b, c = rng.standard_normal(3)
        if moving:
            x += gap * v + q * gap**1.5 * (a / 2 + b / np.sqrt(12)) + r * np.sqrt(gap) * c
            v += q * np.sqrt(gap) * a
        else:
            x += filtering.REST * np.sqrt(gap) * c
        if rng.random() < 1 - np.exp(-(filtering.STOPS if moving else filtering.RESUMES) * gap):
            moving = not moving
            v = pace + spread * rng.standard_normal()
        part = rng.choice(len(BELOW), p=MIXES[int(mix)])
        y.append(x - BELOW[part] + np.sqrt(sigma**2 + 0.15**2 + BELOW_SD[part] ** 2) * rng.standard_normal())
    # What lies deep is not fitted, and the first reading sets the scale: as in the model, no more than that.
    exact = np.ones(readings, dtype=bool)
    return Readings(t=t, y=np.array(y), s=np.full(readings, 0.15), exact=exact), x, v, moving


def test_no_silence_counts_twice_where_the_two_models_meet() -> None:
    """Levels drawn from the level model's prior, its plateaus included: what both models say of a year ahead happens.

    The level model's chance of standing thins the rises, which know of silences themselves. Were one silence counted
    twice, less would be said than happens.
    """
    rng, learnt = np.random.default_rng(2), Learnt()
    said: list[list[float]] = []
    happened: list[float] = []
    while len(said) < MET_WORLDS:
        rate = rng.gamma(learnt.levels.reads_shape) / learnt.levels.reads_years
        readings = int(rng.poisson(rate * (SEEN + 1)))
        if readings < 4:
            continue
        whole, *_ = level_world(rng, readings, SEEN + 1)
        known = whole.until(SEEN)
        if len(known) < 4 or known.is_record.sum() < 4:
            continue  # as the class asks
        found = forecast(known, learnt, SEEN + np.arange(13) / 12, rng=rng, draws=400)
        # Levels from what was known then: a rise that counts the year ahead would give the answer away.
        levels = known.record + np.array(AHEAD) * yearly_rise(known)
        parts = [path[:, -1] for path in (*found.records, found.record)]
        said.append([float((part[:, None] >= levels).mean()) for part in parts])
        happened.append(float((whole.record >= levels).mean()))
    for part, mean in zip(("rises", "level", "both"), np.mean(said, axis=0), strict=True):
        gap = mean - np.mean(happened)
        assert -0.03 <= gap <= 0.06, f"{part}: said {mean:.3f}, happened {np.mean(happened):.3f}"


def test_levels_paces_and_standing_of_the_filter_are_calibrated() -> None:
    """Levels, modes and gaps drawn from the prior; the collapsed filter's ranks are uniform, its chances right."""
    rng = np.random.default_rng(2)
    levels, paces, said, stood = [], [], [], []
    for _ in range(SBC_WORLDS):
        known, x, v, moving = level_world(rng, 20, 1.5)
        found = filtered(known)
        own = own_weights(found, LevelClass())
        cell = rng.choice(len(CELLS), size=500, p=own)
        still = rng.random(500) < found.stands[cell]
        centre = np.where(still, found.y[cell], found.x[cell])
        sd = np.sqrt(np.where(still, found.yy[cell], found.xx[cell]))
        levels.append(float((centre + sd * rng.standard_normal(500) < x).mean()))
        if moving:
            drawn = found.v[cell] + np.sqrt(found.vv[cell]) * rng.standard_normal(500)
            paces.append(float((drawn[~still] < v).mean()) if (~still).any() else 0.5)
        said.append(float(own @ found.stands))
        stood.append(not moving)
    assert np.mean(np.abs(np.array(levels) - 0.5) <= 0.4) == pytest.approx(0.8, abs=0.08)
    assert np.mean(np.abs(np.array(paces) - 0.5) <= 0.4) == pytest.approx(0.8, abs=0.08)
    assert np.mean(said) == pytest.approx(np.mean(stood), abs=0.08)
    sure = np.array(said) > 0.5
    assert np.mean(np.array(stood)[sure]) == pytest.approx(np.mean(np.array(said)[sure]), abs=0.12)


def test_the_sampled_rise_process_agrees_with_its_closed_form() -> None:
    seen = History(
        waits=np.array([0.2, 0.3, 0.25, 0.4, 0.2]),
        steps=np.array([0.3, 0.5, 0.2, 0.6, 0.4]),
        others=7,
        last=1.0,
        misses=np.array([1.1, 1.3]),
        read=1.4,
    )
    drawn = sampled_rises.sample(seen, 1.6, RiseClass(), RiseSettings(), seed=1)
    closed = posterior(seen, 1.6, RiseClass(), RiseSettings(), np.random.default_rng(1), draws=20000)
    assert drawn.divergences == 0
    for ours, theirs in ((drawn.rate, closed.rate), (drawn.mean, closed.mean)):
        q = [0.1, 0.5, 0.9]
        assert np.quantile(ours, q) == pytest.approx(np.quantile(theirs, q), rel=0.06)


def test_the_sampled_level_agrees_with_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """One cell, the moving mode alone; what is left is the collapse of the gap's parts."""
    monkeypatch.setattr(filtering, "STANDS", 1e-12)
    monkeypatch.setattr(filtering, "STOPS", 1e-12)
    rng = np.random.default_rng(4)
    t = np.sort(rng.random(15))
    gaps = rng.choice(BELOW, 15, p=MIXES[0])
    known = Readings(
        t=t, y=2 * t + 0.1 * rng.standard_normal(15) - gaps, s=np.full(15, 0.1), exact=np.ones(15, dtype=bool)
    )
    cell = np.array([0.8, 0.4, 0.15, 1.5, 1.5, 0])
    drawn = sampled.sample(known, LevelClass(), seed=2, cell=cell)
    found = filtered(known, cell[None, :])
    assert drawn.divergences <= 5
    assert drawn.x.mean() == pytest.approx(found.x[0], abs=0.08)
    assert drawn.v.mean() == pytest.approx(found.v[0], abs=0.2)
    assert drawn.x.std() == pytest.approx(found.xx[0] ** 0.5, rel=0.25)
    assert drawn.v.std() == pytest.approx(found.vv[0] ** 0.5, rel=0.15)
