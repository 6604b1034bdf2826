"""Results made from known truth, for the tests of the measurement models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from forecasts.measurement import multi_benchmark as mb
from forecasts.measurement.task_model import TaskPriors, trend


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a simulated table was made from: ability (systems,), slope, and spread of difficulty, in doublings."""

    table: pd.DataFrame
    ability: np.ndarray
    slope: float
    spread: float


def simulated(
    seed: int, *, priors: TaskPriors, systems: int = 8, families: int = 12, each: int = 4, runs: int = 6
) -> Truth:
    """Truth drawn from the priors, tasks from an endless supply of families, counts from the model."""
    chance = np.random.default_rng(seed)

    def normal(pair: tuple[float, float]) -> float:
        return float(chance.normal(*pair))

    t = np.linspace(-1.0, 2.0, systems)
    growth, slope = np.exp(normal(priors.growth)), float(np.exp(normal(priors.slope)))
    expected = trend(np, normal(priors.level), growth, normal(priors.break_at), normal(priors.bend), t)
    ability = expected + np.exp(normal(priors.scatter)) * chance.normal(size=systems)
    own, kin = abs(chance.normal(0, priors.departure)), abs(chance.normal(0, priors.family))
    tasks = families * each
    family, minutes_sd = np.repeat(np.arange(families), each), 0.5
    log2_minutes = chance.permutation(np.linspace(-2.0, 10.0, tasks))
    difficulty = log2_minutes + np.hypot(own, minutes_sd) * chance.normal(size=tasks)
    difficulty += kin * chance.normal(size=families)[family]
    successes = chance.binomial(runs, expit(slope * (ability[:, None] - difficulty)))
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(t * 365.25), unit="D")
    table = pd.DataFrame(
        {
            "system": np.repeat([f"s{i}" for i in range(systems)], tasks),
            "task": np.tile([f"t{j}" for j in range(tasks)], systems),
            "family": np.tile([f"f{k}" for k in family], systems),
            "successes": successes.ravel(),
            "runs": runs,
            "human_minutes": np.tile(np.exp2(log2_minutes), systems),
            "released": np.repeat(days, tasks),
        }
    )
    return Truth(table=table, ability=ability, slope=slope, spread=float(np.hypot(own, kin)))


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """What simulated scores by benchmark were made from: ability (systems,), which is the index but for its scale."""

    table: pd.DataFrame
    ability: np.ndarray


def ladder(seed: int, *, systems: int = 24, benchmarks: int = 10, share: float = 0.6) -> Ladder:
    """Truth drawn from the priors of the multi-benchmark model, a random `share` of the scores measured.

    Every system has at least three scores, the first two benchmarks among them, which keeps the table connected.
    """
    chance = np.random.default_rng(seed)
    pools = chance.normal(mb.POOL_MEAN, mb.POOL_SD).reshape(-1, 2)
    slope, noise, difficulty = (
        mean + np.exp(spread) * chance.normal(size=benchmarks) for mean, spread in pools
    )
    ability = chance.standard_t(mb.ABILITY_TAIL, size=systems)
    p = expit(np.exp(slope) * (ability[:, None] - difficulty))
    scale = np.sqrt(np.exp(2 * noise) * p * (1 - p) + mb.POINT**2)
    score = p + scale * chance.standard_t(mb.ERROR_TAIL, size=p.shape)
    measured = chance.random(p.shape) < share
    measured[:, :2] = True
    measured[np.arange(systems), 2 + np.arange(systems) % (benchmarks - 2)] = True
    of, on = np.nonzero(measured)
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(30 * np.arange(systems), unit="D")
    table = pd.DataFrame(
        {
            "system": [f"s{i:02}" for i in of],
            "benchmark": [f"b{j:02}" for j in on],
            "score": score[of, on].clip(0, 1),
            "released": days[of],
        }
    )
    return Ladder(table=table, ability=ability)
