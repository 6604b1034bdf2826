"""Priors as data: distributions with a unit, a meaning, a reason and a source, read from data/priors/.

A prior set maps shape -> parameter -> `Prior`, plus settings that belong to no single parameter
(model discrepancy, stall branch, release rate). Nothing here samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import exp
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import betaincinv, gammaincinv, ndtri, stdtrit
from scipy.stats._distn_infrastructure import rv_continuous_frozen

from scorecard.records import Override
from scorecard.records import PriorError as PriorError

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "normal": ("mu", "sigma"),
    "lognormal": ("mu", "sigma"),  # mu and sigma of the natural logarithm
    "halfnormal": ("sigma",),
    "gamma": ("alpha", "beta"),
    "beta": ("alpha", "beta"),
    "student": ("nu", "mu", "sigma"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A distribution of one parameter, as data, so that it can be stored, diffed and reviewed."""

    family: str
    params: Mapping[str, float]
    unit: str
    meaning: str
    rationale: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise PriorError(f"unknown family {self.family!r}; use one of {', '.join(FAMILIES)}")
        wanted = FAMILIES[self.family]
        if tuple(sorted(self.params)) != tuple(sorted(wanted)):
            raise PriorError(
                f"{self.family} takes {', '.join(wanted)}; found {', '.join(self.params) or 'nothing'}"
            )
        for name, value in self.params.items():
            if not abs(float(value)) < float("inf"):
                raise PriorError(f"{self.family} {name} must be a finite number; found {value}")
            if name != "mu" and value <= 0:
                raise PriorError(f"{self.family} {name} must be above zero; found {value}")

    @property
    def frozen(self) -> rv_continuous_frozen:
        """The same distribution in scipy, for quantiles, densities and draws."""
        return _frozen(self.family, **self.params)

    def quantile(self, p: np.ndarray) -> np.ndarray:
        """Quantiles at probabilities `p`: `frozen.ppf` without building anything, for loops that try many priors."""
        at = self.params
        match self.family:
            case "normal":
                return np.asarray(at["mu"] + at["sigma"] * ndtri(p))
            case "lognormal":
                return np.asarray(np.exp(at["mu"] + at["sigma"] * ndtri(p)))
            case "halfnormal":
                return np.asarray(at["sigma"] * ndtri(0.5 + 0.5 * p))
            case "gamma":
                return np.asarray(gammaincinv(at["alpha"], p) / at["beta"])
            case "beta":
                return np.asarray(betaincinv(at["alpha"], at["beta"], p))
            case _:
                return np.asarray(at["mu"] + at["sigma"] * stdtrit(at["nu"], p))

    def as_data(self) -> dict[str, Any]:
        """A plain mapping, as written in data/priors/ and stored with a prior set."""
        return {**asdict(self), "params": dict(self.params)}

    def __str__(self) -> str:
        return f"{self.family}({', '.join(f'{self.params[name]:g}' for name in FAMILIES[self.family])})"


@lru_cache(maxsize=1024)  # building one takes a millisecond, most of which scipy spends on its docstring
def _frozen(family: str, **p: float) -> rv_continuous_frozen:
    match family:
        case "normal":
            return stats.norm(p["mu"], p["sigma"])
        case "lognormal":
            return stats.lognorm(p["sigma"], scale=exp(p["mu"]))
        case "halfnormal":
            return stats.halfnorm(scale=p["sigma"])
        case "gamma":
            return stats.gamma(p["alpha"], scale=1 / p["beta"])
        case "beta":
            return stats.beta(p["alpha"], p["beta"])
        case _:
            return stats.t(p["nu"], p["mu"], p["sigma"])


def changed(override: Override, like: Prior) -> Prior:
    """The prior that an override's family and numbers give; unit and meaning from `like`."""
    family, numbers = override.how, override.numbers
    if family not in FAMILIES:
        raise PriorError(f"unknown family {family!r}; use one of {', '.join(FAMILIES)}")
    names = FAMILIES[family]
    if len(numbers) != len(names) or set(override.names or names) != set(names):
        raise PriorError(
            f"{family} takes {len(names)} number(s) ({', '.join(names)}); found {len(numbers)} in {override.right!r}"
        )
    given = dict(zip(override.names or names, numbers, strict=True))
    params = {name: given[name] for name in names}
    return Prior(family=family, params=params, unit=like.unit, meaning=like.meaning)
