"""The task-level model in formulas, once for numpy and pytensor: parameters, priors, difficulty.

Successes of system m on task j are binomial with chance logistic(slope (ability_m - difficulty_j)). Difficulty is
log2 of the human minutes plus what its family and the task itself add; ability follows a trend in release date
with one break. So ability is the length, in log2 minutes, of the typical task that a system does half the time.
docs/measurement.md has the equations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from forecasts.measurement.outcomes import Outcomes
from forecasts.ops import Array, Ops

UNDATED = 4.0  # doublings: how far from the trend a system without a release date may lie
SMOOTH = 0.1  # years over which the break turns the trend
TREND = 5  # parameters of the trend: level, growth, break_at, bend, scatter
_TREND_MEANS, _TREND_SDS = [0, 2, 4, 6, 10], [1, 3, 5, 7, 11]  # places in the priors' array


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

    def array(self) -> np.ndarray:
        """All of them as the compiled model takes them."""
        return np.hstack([np.atleast_1d(value) for value in astuple(self)]).astype(float)


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many systems, tasks and families (0 for no family effects).

    The coordinates are x (top,): logarithms of the scales, abilities (together the core), the trend; and
    u (tasks + families,): what tasks and families add, in units of their spreads.
    """

    systems: int
    tasks: int
    families: int

    @property
    def scales(self) -> int:
        """Slope, departure, and the spread of families where there are any."""
        return 3 if self.families else 2

    @property
    def core(self) -> int:
        return self.scales + self.systems

    @property
    def top(self) -> int:
        return self.core + TREND

    @property
    def size(self) -> int:
        return self.top + self.tasks + self.families


def sizes_of(outcomes: Outcomes) -> Sizes:
    """The sizes of these results."""
    return Sizes(len(outcomes.systems), len(outcomes.tasks), outcomes.families)


def grown(ops: Any, break_at: Any, bend: Any, t: Any) -> Any:
    """Years at the first growth that bring as much as there is by `t`: one soft bend, nought at t = 0."""

    def past(x: Any) -> Any:
        return SMOOTH * ops.logaddexp(0.0, (x - break_at) / SMOOTH)

    return t + (ops.exp(bend) - 1.0) * (past(t) - past(0.0))


def trend(ops: Any, level: Any, growth: Any, break_at: Any, bend: Any, t: Any) -> Any:
    """Ability in log2 minutes expected at `t`, in the operations of numpy or pytensor: a line with one soft bend.

    Growth is `growth` doublings a year before the break and growth · exp(bend) after it; `level` is at t = 0.
    """
    return level + growth * grown(ops, break_at, bend, t)


def core(ops: Ops, x: Array, sizes: Sizes) -> dict[str, Array]:
    """The scales (..., 1) and abilities (..., systems) at coordinates x (..., core or more)."""
    names = ("slope", "departure", "spread")[: sizes.scales]
    scales = {name: ops.exp(x[..., i : i + 1]) for i, name in enumerate(names)}
    return scales | {"ability": x[..., sizes.scales : sizes.core]}


def parameters(ops: Ops, x: Array, sizes: Sizes) -> dict[str, Array]:
    """Every named parameter (..., 1) and the abilities (..., systems) at coordinates x (..., top)."""
    level, growth, break_at, bend, scatter = (x[..., i : i + 1] for i in range(sizes.core, sizes.top))
    return core(ops, x, sizes) | {
        "level": level,
        "growth": ops.exp(growth),
        "break_at": break_at,
        "bend": bend,
        "scatter": ops.exp(scatter),
    }


def trend_priors(priors: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (TREND,) of the trend's coordinates."""
    return priors[_TREND_MEANS], priors[_TREND_SDS]


def log_prior_of_scales(ops: Ops, x: Array, sizes: Sizes, priors: Array) -> Array:
    """Log density (...,) of the scales' coordinates x (..., scales or more), up to a constant."""

    def half_normal(i: int, sd: int) -> Array:  # of the exponential; its Jacobian with it
        return x[..., i] - 0.5 * (ops.exp(x[..., i]) / priors[sd]) ** 2

    slope = -0.5 * ((x[..., 0] - priors[8]) / priors[9]) ** 2
    return slope + half_normal(1, 12) + (half_normal(2, 13) if sizes.families else 0.0)


def log_prior(ops: Ops, x: Array, sizes: Sizes, priors: Array, when: Array) -> Array:
    """Log density (...,) of the coordinates x (..., top), up to a constant; `priors` as `TaskPriors.array`.

    when (2, systems): release in years, and what an unknown one adds to the scatter.
    """
    p = parameters(ops, x, sizes)
    mean, sd = trend_priors(priors)
    of_trend = -0.5 * (((x[..., sizes.core :] - mean) / sd) ** 2).sum(-1)
    spread = ops.sqrt(p["scatter"] ** 2 + when[1] ** 2)
    expected = trend(ops, p["level"], p["growth"], p["break_at"], p["bend"], when[0])
    of_ability = -(ops.log(spread) + 0.5 * ((p["ability"] - expected) / spread) ** 2).sum(-1)
    return log_prior_of_scales(ops, x, sizes, priors) + of_trend + of_ability


def departures(
    ops: Ops, p: Mapping[str, Array], own: Array, kin: Array, data: Mapping[str, Array], sizes: Sizes
) -> Array:
    """Doublings (..., tasks) by which tasks are harder than their length: own (..., tasks) and kin (..., families)."""
    apart = ops.sqrt(p["departure"] ** 2 + data["length"][1] ** 2) * own
    return apart + p["spread"] * kin[..., data["family"]] if sizes.families else apart


def data_of(outcomes: Outcomes, priors: TaskPriors) -> dict[str, np.ndarray]:
    """The arrays of the model: priors, when (2, systems), length (2, tasks), index, counts (2, cells), family (tasks,).

    family is absent where families have no effect of their own.
    """
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
