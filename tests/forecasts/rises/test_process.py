"""The rise process against its closed forms: what a history says, the posterior, counts to come, silences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecasts.readings import Readings
from forecasts.rises.history import History, history
from forecasts.rises.learning import RiseClass, learn
from forecasts.rises.process import RisePosterior, RiseSettings, next_rise, posterior, simulate

POISSON = RiseSettings(drift=1e-9, stops=1e-9, left=1e-9, steady=1.0)
SEEN = History(
    waits=np.array([0.2, 0.3, 0.25, 0.4, 0.2]),
    steps=np.array([0.3, 0.5, 0.2, 0.6, 0.4]),
    others=7,
    last=1.0,
    misses=np.array([]),
    read=1.0,
)


def readings(t: list[float], y: list[float]) -> Readings:
    size = len(t)
    return Readings(t=np.array(t), y=np.array(y), s=np.full(size, 0.1), exact=np.ones(size, dtype=bool))


def found(settings: RiseSettings = POISSON, *, age: float = 1e-6, standing: float = 0.0) -> RisePosterior:
    rng = np.random.default_rng(1)
    return posterior(SEEN, 1.0 + age, RiseClass(), settings, rng, draws=20000, standing=standing)


def test_a_history_counts_days_once_and_remembers_who_led_without_a_record() -> None:
    seen = history(readings([0.0, 0.5, 0.5, 1.0, 1.2, 1.4], [0.0, 1.0, 0.2, 1.5, 1.0, -2.0]))
    assert seen.waits == pytest.approx([0.5, 0.5])
    assert seen.steps == pytest.approx([1.0, 0.5])
    assert seen.last == 1.0
    assert seen.misses == pytest.approx([1.2])  # 1.4 lies too deep to be of a leading system
    assert seen.others == 0


def test_without_a_silence_rate_and_step_have_their_conjugate_means() -> None:
    learnt = RiseClass()
    drawn = found()
    assert drawn.rate.mean() == pytest.approx((learnt.rate_shape + 5) / (learnt.rate_years + 1.35), rel=0.02)
    scale, shape = learnt.mean_scale + 2.0, learnt.mean_shape + 5
    assert drawn.mean.mean() == pytest.approx(scale / (shape - 1), rel=0.02)


def test_a_silence_turns_the_rate_as_its_likelihood_says() -> None:
    learnt = RiseClass()
    drawn = found(age=0.5)
    assert drawn.rate.mean() == pytest.approx((learnt.rate_shape + 5) / (learnt.rate_years + 1.85), rel=0.02)


def test_counts_and_rises_to_come_have_the_mean_of_the_process() -> None:
    drawn = found()
    made = simulate(drawn, np.linspace(0, 2, 25), np.random.default_rng(2))
    assert made.count[:, -1].mean() == pytest.approx(2 * drawn.rate.mean(), rel=0.03)
    assert made.rise[:, -1].mean() == pytest.approx(2 * drawn.rate.mean() * drawn.mean.mean(), rel=0.03)
    assert (np.diff(made.rise, axis=1) >= 0).all()


def test_counts_over_a_long_span_are_those_of_a_poisson_process() -> None:
    """Hundreds of records a draw, so that they are drawn in many blocks; mean and variance are both the rate's span."""
    drawn = found()
    t = np.linspace(0, 60, 40)
    counts = simulate(drawn, t, np.random.default_rng(3)).count
    expected = drawn.rate[:, None] * t
    assert counts[:, -1].max() > 200
    assert counts[:, 1:].mean(axis=0) == pytest.approx(expected[:, 1:].mean(axis=0), rel=0.01)
    left = (counts - expected)[:, 1:] / np.sqrt(expected[:, 1:])
    assert left.var(axis=0) == pytest.approx(1.0, abs=0.04)
    steps = np.diff(counts, axis=1)
    late, early = (steps[:, k] - expected[:, 1] for k in (30, 10))
    assert abs(np.corrcoef(late, early)[0, 1]) < 0.03  # given the rate, spans are independent


def test_regular_arrivals_vary_less_than_poisson_ones() -> None:
    steady = found(replace(POISSON, steady=4.0))
    fixed = replace(steady, rate=np.full_like(steady.rate, 4.0))
    made = simulate(fixed, np.array([0.0, 3.0]), np.random.default_rng(3)).count[:, -1]
    assert made.var() / made.mean() == pytest.approx(1 / 4, abs=0.05)


def test_a_standing_level_thins_the_rate_and_a_set_record_frees_it() -> None:
    stood = found(standing=0.9)
    free = found()
    t = np.array([0.0, 1.0])
    thinned, full = (simulate(one, t, np.random.default_rng(4)) for one in (stood, free))
    assert thinned.count[:, -1].mean() == pytest.approx(0.19 * full.count[:, -1].mean(), rel=0.1)
    # 0.9 stand at a tenth of the rate: given a record, 0.09 in 0.19 of the draws are of those.
    assert next_rise(stood, thinned, 1, np.random.default_rng(5)).mean() > thinned.rise[:, 0].mean()


def test_a_silence_of_a_board_that_was_read_often_says_that_it_was_left() -> None:
    settings = RiseSettings(stops=1e-9)
    often = replace(SEEN, others=40)
    rare = replace(SEEN, others=1)
    shares = [
        posterior(seen, 1.7, RiseClass(), settings, np.random.default_rng(6), draws=8000).halted.mean()
        for seen in (rare, often)
    ]
    assert shares[1] > 2 * shares[0]
    still_read = replace(often, misses=1.0 + np.linspace(0.02, 0.68, 18))
    kept = posterior(
        still_read, 1.7, RiseClass(), settings, np.random.default_rng(6), draws=8000
    ).halted.mean()
    assert kept < 0.1 * shares[1]


def test_the_class_is_learnt_back_from_histories_drawn_from_it() -> None:
    rng = np.random.default_rng(7)
    histories = []
    for _ in range(400):
        rate, mean = rng.gamma(4.0) / 1.0, 2.0 / rng.gamma(5.0)
        waits = rng.exponential(1 / rate, 8)
        steps = rng.gamma(1.5, mean / 1.5, 8)
        histories.append(replace(SEEN, waits=waits, steps=steps, last=1.0, read=1.0))
    learnt = learn(histories, 1.5)
    assert learnt.step_shape == pytest.approx(1.5, rel=0.15)
    assert learnt.mean_scale / (learnt.mean_shape - 1) == pytest.approx(0.5, rel=0.15)
    assert learnt.series == 400


def test_a_series_that_is_no_longer_read_teaches_nothing() -> None:
    assert learn([replace(SEEN, read=-1.0)] * 10, 1.5).series == 0
