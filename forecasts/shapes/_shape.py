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
class Frame:
    """Where a series stands in time: `reference` and `end` are years since 2024-01-01.

    `reference` is the date the level and growth belong to, `end` the date up to which latent steps are
    fitted (a quarter's end at or after the last observation). Scalars, numpy or pytensor.
    """

    reference: Array
    end: Array


type Mean = Callable[[Ops, Mapping[str, Array], Array, Frame], Array]
type Forward = Callable[[Mapping[str, Array], np.ndarray, Frame, np.random.Generator], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A trend shape. `mean(ops, parameters, t, frame)` gives the typical system's standard value at `t`.

    In numpy, parameters have shape (draws, 1), `t` (times,), the result (draws, times); in pytensor
    parameters are scalars. `steps` is the number of standard-normal latents, passed as parameter
    "steps" of shape (draws, steps). `forward` continues a random shape beyond the data; without it the
    mean is simply evaluated there. `accept` is the sampler's target acceptance.
    """

    name: str
    version: int
    title: str
    story: str
    equation: str
    source: str
    parameters: tuple[Parameter, ...]
    mean: Mean
    steps: int = 0
    forward: Forward | None = None
    accept: float = 0.9

    def future(
        self, parameters: Mapping[str, Any], t: np.ndarray, frame: Frame, rng: np.random.Generator
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
