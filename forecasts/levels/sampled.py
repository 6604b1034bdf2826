"""The moving level in PyMC: all increments sampled, the gap summed out, to check the filter's closed form.

    x_1 ~ N(y_1, START_SD^2), v_1 ~ N(pace, spread);  increments of level and pace jointly normal, non-centred
    y_i ~ sum over parts of mix N(x_i - below, s_i^2 + sigma^2 + below_sd^2)

Scales are lognormal about the class's medians, or fixed at one cell of the grid, where the filter should agree.
The standing mode is the filter's alone: whether a level moves cannot be summed out of sampled increments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.levels.filtering import BELOW, BELOW_SD, DRIFTS, MIXES, SCATTERS, SHAKES, START_SD, fitted
from forecasts.levels.learning import LevelClass
from forecasts.readings import Readings

WIDE = 0.7  # standard deviation of the logarithm of a scale about the class's median


@dataclass(frozen=True, kw_only=True)
class SampledLevel:
    """Draws at the last fitted reading: level x and pace v, each (draws,), units, and how the sampler fared."""

    x: np.ndarray
    v: np.ndarray
    divergences: int


def build_model(known: Readings, learnt: LevelClass, cell: np.ndarray | None = None) -> Any:
    """The model as a pm.Model. cell: q, r, sigma, pace, spread and the place in MIXES, all fixed; else learnt."""
    import pymc as pm
    import pytensor.tensor as pt

    used = fitted(known)
    gap = np.diff(used.t)
    with pm.Model() as model:
        if cell is None:
            drift = pm.LogNormal("drift", np.log(_median(DRIFTS, learnt.drift)), WIDE)
            shake = pm.LogNormal("shake", np.log(_median(SHAKES, learnt.shake)), WIDE)
            scatter = pm.LogNormal("scatter", np.log(_median(SCATTERS, learnt.scatter)), WIDE)
            mix = pm.Dirichlet("mix", 10 * np.asarray(learnt.mix) @ MIXES)
            pace, spread = 1.5, 1.5
        else:
            drift, shake, scatter, pace, spread = cell[:5]
            mix = MIXES[int(cell[5])]
        start = pm.Normal("start", 0.0, 1.0)
        speed = pm.Normal("speed", 0.0, 1.0)
        a, b, c = (pm.Normal(name, 0.0, 1.0, shape=len(gap)) for name in ("turn", "bend", "push"))
        v = pace + spread * speed + pt.concatenate([[0.0], pt.cumsum(drift * np.sqrt(gap) * a)])
        # The exact joint step: pace before, its drift within the interval, and the walk of the level itself.
        step = gap * v[:-1] + drift * gap**1.5 * (a / 2 + b / np.sqrt(12)) + shake * np.sqrt(gap) * c
        x = used.y[0] + START_SD * start + pt.concatenate([[0.0], pt.cumsum(step)])
        pm.Deterministic("x", x[-1])
        pm.Deterministic("v", v[-1])
        variance = (used.s**2 + scatter**2)[:, None] + BELOW_SD**2
        miss = used.y[:, None] + BELOW - x[:, None]
        parts = pt.log(mix) - 0.5 * (pt.log(2 * np.pi * variance) + miss**2 / variance)
        pm.Potential("readings", pt.logsumexp(parts, axis=1).sum())
    return model


def sample(
    known: Readings,
    learnt: LevelClass,
    *,
    seed: int,
    cell: np.ndarray | None = None,
    draws: int = 1000,
    chains: int = 4,
) -> SampledLevel:
    """Sample the model with nutpie; compiles anew (seconds)."""
    import nutpie

    compiled = nutpie.compile_pymc_model(build_model(known, learnt, cell), backend="numba")
    trace = nutpie.sample(
        compiled,
        draws=draws,
        tune=800,
        chains=chains,
        cores=1,
        seed=seed,
        target_accept=0.9,
        progress_bar=False,
    )
    return SampledLevel(
        x=np.asarray(trace.posterior["x"].values).ravel(),
        v=np.asarray(trace.posterior["v"].values).ravel(),
        divergences=int(trace.sample_stats["diverging"].values.sum()),
    )


def _median(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """The weighted geometric mean of a grid: the median of a lognormal with its centre."""
    return float(np.exp(np.log(values) @ np.asarray(weights)))
