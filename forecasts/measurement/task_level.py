"""Task-level item response: from success counts on tasks of known human length to 50 % and 80 % horizons.

The model is in task_model.py, the coordinates that it is sampled in are in task_map.py. Departures sum to zero within a
suite; what tasks drawn anew would add to every system alike is drawn from its exact distribution afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np
from scipy import special

from forecasts.measurement.outcomes import Outcomes
from forecasts.measurement.sampling import Array, PosteriorDraws, interval, sample
from forecasts.measurement.task_map import carry, centred, compiled, map_to
from forecasts.measurement.task_model import TaskPriors, data_of, parameters, sizes_of, trend
from forecasts.ops import NUMPY

ACCEPT, TUNE = 0.9, 500
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, kw_only=True)
class TaskFit:
    """The posterior of the task-level model."""

    outcomes: Outcomes
    draws: PosteriorDraws
    shift: Array  # (draws,) doublings that another sample of tasks would move every system by

    def horizons(
        self,
        percent: float = 50.0,
        *,
        task: Literal["marginal", "typical"] = "marginal",
        suite: Literal["any", "this"] = "any",
    ) -> Array:
        """Human minutes (draws, systems) of tasks done `percent` % of the time, systems as in `outcomes.systems`.

        "marginal" averages over the difficulty of tasks of that length; "typical" is a task of average difficulty.
        suite "any" counts that other tasks might have been drawn, which errs alike for all; "this" does not.
        """
        below = distance(percent, self.draws.flat("slope"), self.spread if task == "marginal" else 0.0)
        shift = self.shift if suite == "any" else np.zeros_like(self.shift)
        return np.exp2(self.draws.flat("ability") + (shift - below)[:, None])

    @property
    def spread(self) -> Array:
        """Standard deviation (draws,), in doublings, of the difficulty of tasks of one true length."""
        family = self.draws.flat("spread") if "spread" in self.draws.values else 0.0
        return np.asarray(np.hypot(self.draws.flat("departure"), family))

    def trend(self, t: Array) -> Array:
        """Expected ability (draws, times), log2 minutes, `t` (times,) in years since 2024-01-01."""
        level, growth, break_at, bend = (
            self.draws.flat(name)[:, None] for name in ("level", "growth", "break_at", "bend")
        )
        return np.asarray(trend(np, level, growth, break_at, bend, t[None, :]))

    def table(
        self,
        *,
        percents: Sequence[float] = (50, 80),
        level: float = 0.95,
        task: Literal["marginal", "typical"] = "marginal",
    ) -> list[dict[str, Any]]:
        """A row for each system and percentage: minutes, low and high, and which tasks are meant."""
        rows = []
        for percent in percents:
            ends = interval(self.horizons(percent, task=task), level)
            for name, low, middle, high in zip(self.outcomes.systems, *ends, strict=True):
                rows.append(
                    {
                        "system": name,
                        "percent": percent,
                        "task": task,
                        "minutes": float(middle),
                        "low": float(low),
                        "high": float(high),
                        "level": level,
                    }
                )
        return rows


def distance(percent: float, slope: Array, spread: Array | float) -> Array:
    """Doublings (draws,) by which a task must be shorter than a system's ability to be done `percent` % of the time.

    Solves E logistic(slope (d - spread z)) = percent / 100 for d, z standard normal. Without spread that is
    logit(p) / slope. ValueError for a percentage outside 0 to 100.
    """
    if not 0 < percent < 100:
        raise ValueError(f"a horizon is at a chance between 0 and 100 %; found {percent:g}")
    p = percent / 100
    # For a steep slope the chance is a normal's; the bracket holds both limits with room.
    width = 2 * np.hypot(special.logit(p) / slope, spread * special.ndtri(p)) + 1e-6
    low, high = (np.broadcast_to(side * width, slope.shape).copy() for side in (-1.0, 1.0))
    z = np.broadcast_to(np.asarray(spread, dtype=float), slope.shape)[:, None] * _NODES
    for _ in range(50):
        middle = 0.5 * (low + high)
        enough = special.expit(slope[:, None] * (middle[:, None] - z)) @ _WEIGHTS >= p
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(0.5 * (low + high))


def fit(
    outcomes: Outcomes,
    priors: TaskPriors | None = None,
    *,
    seed: int,
    draws: int = 1000,
    tune: int = TUNE,
    chains: int = 4,
    cores: int = 2,
) -> TaskFit:
    """Sample the model; the first fit of these sizes in a process compiles (5-10 s).

    MeasurementError when the sampler fails. Look at `sampling.converged(fit.draws, ...)` before use.
    """
    data, sizes = data_of(outcomes, priors or TaskPriors()), sizes_of(outcomes)
    model, began = compiled(sizes), perf_counter()
    arrays = map_to(data, sizes).arrays
    mapped = perf_counter() - began
    found = sample(
        model.with_data(**data, **arrays),
        draws=draws,
        tune=tune,
        chains=chains,
        cores=cores,
        seed=seed,
        accept=ACCEPT,
    )
    x, u, _ = carry(NUMPY, found.values["w"], sizes, arrays, data.get("family"))
    own, kin = centred(u, sizes)
    named = parameters(NUMPY, x, sizes)
    values = {name: value if name == "ability" else value[..., 0] for name, value in named.items()}
    values |= {"own": own} | ({"kin": kin} if sizes.families else {})
    chance = np.random.default_rng([seed, 1])
    variance = values["departure"].ravel() ** 2 / sizes.tasks
    if sizes.families:
        variance = variance + values["spread"].ravel() ** 2 / sizes.families
    return TaskFit(
        outcomes=outcomes,
        draws=PosteriorDraws(
            values=values,
            divergences=found.divergences,
            gradients=found.gradients,
            seconds={"map": mapped, "sample": found.seconds["sample"]},
        ),
        shift=np.sqrt(variance) * chance.standard_normal(variance.shape),
    )
