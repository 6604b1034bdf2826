"""What drives the spread of the scenarios: one parameter at a time, and Sobol indices.

Sobol indices are scipy's (scipy.stats.sobol_indices, after Saltelli, 2010): the first-order index is the share of
the outcome's variance that knowing one parameter would remove; the total index also counts its interactions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.stats import sobol_indices, uniform

from forecasts.dynamics.anchors import Anchors
from forecasts.dynamics.model import Array, Assumptions, Draws
from forecasts.dynamics.pace import first_passage, mean_pace
from forecasts.dynamics.simulate import Scenarios, integrate, months, system_of

OUTCOMES: Mapping[str, str] = {
    "progress": "log years of progress in the next five years",
    "doubling": "years until the pace of today has doubled for a year (the horizon where it never does)",
}
AHEAD = 60  # months
IDLE = ("wander", "pace_now", "attribution")  # move no path: noise by nature, or a label on the result


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """How one parameter moves the outcome: at its 10 % and 90 %, the rest at their medians; and its indices."""

    name: str
    meaning: str
    low: float
    high: float
    first_order: float
    total: float


def _outcome(name: str, progress: Array) -> Array:
    if name == "progress":
        return np.log(np.maximum(progress[min(AHEAD, len(progress) - 1)], 1e-3))
    if name == "doubling":
        return first_passage(mean_pace(progress, 12), 2.0) / 12.0
    raise ValueError(f"there is no outcome {name!r}; choose {' or '.join(OUTCOMES)}")


def outcome_on_paths(name: str, scenarios: Scenarios) -> Array:
    """The outcome on each path, (paths,)."""
    return _outcome(name, scenarios.progress)


def drivers(
    priors: Assumptions, anchors: Anchors, *, start: date, seed: int, name: str = "progress", n: int = 512
) -> list[Driver]:
    """Every parameter of the loop by how much of the outcome's spread it carries, the largest first.

    `n` is scipy's sample size, a power of two; n (parameters + 2) paths are run. Random wandering is left out.
    """
    change = priors.settings["compute_change_on"]
    moving = [p for p in priors.names("loop") if p not in IDLE]

    def run(uniforms: Array) -> Array:
        """(moving parameters, paths) probabilities to outcomes."""
        whole = np.full((len(priors.names("loop")), uniforms.shape[1]), 0.5)
        for row, parameter in zip(uniforms, moving, strict=True):
            whole[priors.names("loop").index(parameter)] = np.clip(row, 1e-4, 1 - 1e-4)
        draws: Draws = priors.at("loop", whole)
        system = system_of(draws, anchors, start=start, change=change)
        t = months(start) if name == "doubling" else months(start)[: AHEAD + 1]
        still = np.ones((len(t), uniforms.shape[1]))
        return _outcome(name, integrate(system, t, still)[0])

    effects = _one_at_a_time(run, len(moving))
    found = sobol_indices(
        func=lambda u: run(np.atleast_2d(u))[None, :],
        n=n,
        dists=[uniform()] * len(moving),
        rng=np.random.default_rng([seed, 31]),
    )
    first, total = np.ravel(found.first_order), np.ravel(found.total_order)
    listed = [
        Driver(
            name=parameter,
            meaning=_meaning(priors, parameter),
            low=float(effects[0][i]),
            high=float(effects[1][i]),
            first_order=float(first[i]),
            total=float(total[i]),
        )
        for i, parameter in enumerate(moving)
    ]
    return sorted(listed, key=lambda d: -d.total)


def _one_at_a_time(run: Callable[[Array], Array], count: int) -> tuple[Array, Array]:
    """Outcomes with one parameter at 10 % and at 90 %, the rest at the median."""
    grid = np.full((count, 2 * count), 0.5)
    for i in range(count):
        grid[i, i], grid[i, count + i] = 0.1, 0.9
    values = run(grid)
    return values[:count], values[count:]


def _meaning(priors: Assumptions, parameter: str) -> str:
    if parameter == "bottleneck":
        return "whether compute and thinking replace each other badly (the one published world) or well (the other)"
    return priors.parameter("loop", parameter).prior.meaning
