"""What a trend shape is: a story, an equation, parameters, and one formula for its mean.

Everything is in *standard units*: the series' link scale minus an origin, divided by a unit (see
`series.Scaling`; doublings for a `log2` series), over years from a reference date, so that one set of
default priors serves any indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.ops import NUMPY, Array, Ops
from forecasts.prior import Prior

CEILING = 60.0  # standard units; nothing is told apart above it, and a pole must not become infinity


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a shape, with its unit, meaning and usual 90 % range.

    `positive` parameters make no sense at or below zero, so a prior that reaches there is refused.
    """

    name: str
    unit: str
    meaning: str
    usual: tuple[float, float]
    positive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFrame:
    """Where a series stands in time: `reference` and `end` are years since 2024-01-01.

    `reference` is the date the level and growth belong to, `end` the date up to which latent steps are
    fitted (a quarter's end at or after the last observation). Scalars, numpy or pytensor.
    """

    reference: Array
    end: Array


type Mean = Callable[[Ops, Mapping[str, Array], Array, TimeFrame], Array]
type Forward = Callable[[Mapping[str, Array], np.ndarray, TimeFrame, np.random.Generator], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A trend shape. `mean(ops, parameters, t, frame)` gives the typical system's standard value at `t`.

    In numpy, parameters have shape (draws, 1), `t` (times,), the result (draws, times); in pytensor
    parameters are scalars. `steps` is the number of standard-normal latents, passed as parameter
    "steps" of shape (draws, steps). `forward` continues a random shape beyond the data; without it the
    mean is simply evaluated there. `accept` is the sampler's target acceptance. `default_priors` has one for
    every parameter, scatter and gap included; the default prior set takes them from here. A shape that is
    `pooled` counts in the default combination.
    """

    name: str
    version: int
    title: str
    story: str
    equation: str
    source: str
    parameters: tuple[Parameter, ...]
    default_priors: Mapping[str, Prior]
    mean: Mean
    pooled: bool = True
    steps: int = 0
    forward: Forward | None = None
    accept: float = 0.9

    def future(
        self, parameters: Mapping[str, Any], t: np.ndarray, frame: TimeFrame, rng: np.random.Generator
    ) -> np.ndarray:
        """Standard values at `t` (years since 2024-01-01, beyond the data), shape (draws, times)."""
        if self.forward is not None:
            path = self.forward(parameters, t, frame, rng)
        else:
            path = self.mean(NUMPY, parameters, t, frame)
        return np.minimum(path, CEILING)


LEVEL = Parameter(
    name="level",
    unit="standard units above the origin",
    meaning="the typical system's value at the reference date",
    usual=(-3.3, 3.3),
)
GROWTH = Parameter(
    name="growth",
    unit="standard units a year (doublings a year on a log2 scale)",
    meaning="rate of growth at the reference date",
    usual=(0.9, 4.6),
)
SCATTER = Parameter(
    name="scatter",
    unit="standard units",
    meaning="standard deviation of systems about the trend, beyond measurement error",
    usual=(0.03, 1.0),
    positive=True,
)
GAP = Parameter(
    name="gap",
    unit="standard units",
    meaning="mean distance of a system below the frontier (exponential)",
    usual=(0.1, 3.0),
    positive=True,
)

# What the default priors of most shapes begin with.
USUAL: Mapping[str, Prior] = {
    "level": Prior(
        family="normal",
        params={"mu": 0.0, "sigma": 2.0},
        unit="standard units above the origin",
        meaning="value of the typical system at the reference date",
        rationale="For METR's horizon 8 minutes on 2024-01-01, a factor of 4 either way; one point settles it.",
        source="own choice, wide against every fitted series",
    ),
    "growth": Prior(
        family="lognormal",
        params={"mu": 0.6931, "sigma": 0.5},
        unit="standard units a year (doublings a year on a log2 scale)",
        meaning="rate of growth at the reference date",
        rationale="Doubling time 6 months, 90 % between 2.6 and 14 months; spans every published estimate.",
        source="METR time horizons 1.0 and 1.1 (212 to 123 days), Epoch's index",
    ),
    "scatter": Prior(
        family="halfnormal",
        params={"sigma": 0.5},
        unit="standard units",
        meaning="standard deviation of systems about the trend beyond measurement error",
        rationale="Residual scatter of record systems about a straight line is 0.67 doublings, error included.",
        source="computed from METR time horizons 1.1",
    ),
    "gap": Prior(
        family="halfnormal",
        params={"sigma": 1.5},
        unit="standard units",
        meaning="mean distance of a system below the frontier",
        rationale="Used only when all systems are fitted; posterior on METR's series 0.9.",
        source="own choice",
    ),
}
