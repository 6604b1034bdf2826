"""Task-level item response: from success counts on tasks of known human length to 50 % and 80 % horizons.

Successes of system m on task j are binomial with chance logistic(slope (ability_m - difficulty_j)). Difficulty is
log2 of the human minutes plus what its family and the task itself add; ability follows a trend in release date
with one break. So ability is the length, in log2 minutes, of the typical task that a system does half the time.
Departures sum to zero within a suite, which is what makes this sample well; what tasks drawn anew would add to
every system alike is drawn from its exact distribution afterwards. docs/measurement.md has the equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal

import numpy as np
from scipy import special

from forecasts.measurement.outcomes import Outcomes
from forecasts.measurement.sampling import COMPILER, Array, Draws, interval, sample

UNDATED = 4.0  # doublings: how far from the trend a system without a release date may lie
SMOOTH = 0.1  # years over which the break turns the trend
ACCEPT = 0.9
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, kw_only=True)
class TaskPriors:
    """Priors, in doublings and years since 2024-01-01: normal (mean, sd), log-normal (log median, sd), half-normal sd.

    level, break_at, bend (of log growth): normal. growth (doublings a year), slope (logits a doubling), scatter (of
    ability about the trend): log-normal. departure (of a task), family: half-normal.
    """

    level: tuple[float, float] = (3.0, 2.0)
    growth: tuple[float, float] = (float(np.log(2)), 0.5)
    break_at: tuple[float, float] = (0.2, 0.7)
    bend: tuple[float, float] = (0.0, 0.6)
    slope: tuple[float, float] = (-0.4, 0.5)
    scatter: tuple[float, float] = (float(np.log(0.4)), 0.5)
    departure: float = 1.5
    family: float = 1.5

    def array(self) -> Array:
        """All of them as the compiled model takes them."""
        return np.hstack([np.atleast_1d(value) for value in astuple(self)]).astype(float)


def trend(ops: Any, level: Any, growth: Any, break_at: Any, bend: Any, t: Any) -> Any:
    """Ability in log2 minutes expected at `t`, in the operations of numpy or pytensor: a line with one soft bend.

    Growth is `growth` doublings a year before the break and growth · exp(bend) after it; `level` is at t = 0.
    """

    def past(x: Any) -> Any:
        return SMOOTH * ops.logaddexp(0.0, (x - break_at) / SMOOTH)

    return level + growth * (t + (ops.exp(bend) - 1.0) * (past(t) - past(0.0)))


def build_model(systems: int, tasks: int, families: int) -> Any:
    """The PyMC model of so many systems, tasks and families (0 for no family effects).

    Data `priors`, `when` (2, systems), `length` (2, tasks), `family` (tasks,), `index` (2, cells) and `counts`
    (2, cells): one model serves any priors, dates, lengths and any number of cells.
    """
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as model:
        h = pm.Data("priors", TaskPriors().array())
        when = pm.Data("when", np.zeros((2, systems)))
        length = pm.Data("length", np.zeros((2, tasks)))
        index = pm.Data("index", np.zeros((2, 1), dtype=np.int64))
        counts = pm.Data("counts", np.ones((2, 1)))
        level = pm.Normal("level", h[0], h[1])
        growth = pm.LogNormal("growth", h[2], h[3])
        break_at = pm.Normal("break_at", h[4], h[5])
        bend = pm.Normal("bend", h[6], h[7])
        slope = pm.LogNormal("slope", h[8], h[9])
        scatter = pm.LogNormal("scatter", h[10], h[11])  # not half-normal: at zero the sampler gets stuck
        departure = pm.HalfNormal("departure", h[12])
        expected = trend(pt, level, growth, break_at, bend, when[0])
        ability = pm.Normal("ability", expected, pt.sqrt(scatter**2 + when[1] ** 2), shape=systems)
        own = pm.ZeroSumNormal("own", shape=tasks)
        difficulty = length[0] + pt.sqrt(departure**2 + length[1] ** 2) * own
        if families:
            spread = pm.HalfNormal("spread", h[13])
            member = pm.Data("family", np.zeros(tasks, dtype=np.int64))
            difficulty = difficulty + spread * pm.ZeroSumNormal("kin", shape=families)[member]
        logit = slope * (ability[index[0]] - difficulty[index[1]])
        pm.Potential("successes", (counts[0] * logit - counts[1] * pt.softplus(logit)).sum())
    return model


def data_of(outcomes: Outcomes, priors: TaskPriors) -> dict[str, Array]:
    """The arrays that `build_model`'s model takes."""
    dated = np.isfinite(outcomes.released)
    middle = float(np.mean(outcomes.released[dated])) if dated.any() else 0.0
    data = {
        "priors": priors.array(),
        "when": np.array([np.where(dated, outcomes.released, middle), np.where(dated, 0.0, UNDATED)]),
        "length": np.array([outcomes.log2_minutes, outcomes.minutes_sd]),
        "index": np.array([outcomes.system, outcomes.task]),
        "counts": np.array([outcomes.successes, outcomes.runs]),
    }
    return data | ({"family": outcomes.family} if outcomes.families else {})


def ready(outcomes: Outcomes, priors: TaskPriors) -> Any:
    """The compiled model of these sizes, holding these results and priors."""
    sizes = len(outcomes.systems), len(outcomes.tasks), outcomes.families
    return COMPILER.get(("task level", *sizes), lambda: build_model(*sizes)).with_data(
        **data_of(outcomes, priors)
    )


@dataclass(frozen=True, kw_only=True)
class TaskFit:
    """The posterior of the task-level model."""

    outcomes: Outcomes
    draws: Draws
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
                    {"system": name, "percent": percent, "task": task, "minutes": float(middle),
                     "low": float(low), "high": float(high), "level": level}
                )  # fmt: skip
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
    tune: int = 1000,
    chains: int = 4,
) -> TaskFit:
    """Sample the model; the first fit of these sizes in a process compiles (5-10 s).

    MeasurementError when the sampler fails. Look at `sampling.converged(fit.draws, ...)` before use.
    """
    found = sample(
        ready(outcomes, priors or TaskPriors()),
        draws=draws,
        tune=tune,
        chains=chains,
        seed=seed,
        accept=ACCEPT,
    )
    chance = np.random.default_rng([seed, 1])
    variance = found.flat("departure") ** 2 / len(outcomes.tasks)
    if outcomes.families:
        variance = variance + found.flat("spread") ** 2 / outcomes.families
    return TaskFit(
        outcomes=outcomes, draws=found, shift=np.sqrt(variance) * chance.standard_normal(variance.shape)
    )
