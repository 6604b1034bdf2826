"""The equations of the loop and their priors, without a simulation.

Story: AI helps AI research; software improves with research input at falling returns; compute may hold the
research back. In units relative to the plain trend (the path on which the help of AI stays as it is today):

    pace of software    v = R^lambda * Y^-beta,  beta = lambda / r        (semi-endogenous growth; Jones, 1995)
    research input      R = (a K^rho + (1 - a) L^rho)^(1/rho),  rho = 1 - 1/sigma                          (CES)
    gain of the loop    G = r * (share of labour in R) * (growth of L per growth of software)

Y is software over its trend, K experiment compute over its trend, L research labour over today's. With G below
1 the loop amplifies a push by 1/(1 - G); at 1 or more it feeds itself. Parameters, units, usual ranges and
sources stand in data/loop_priors.yaml. Everything here is an assumption laid over the trend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from forecasts.prior import Prior, PriorError
from scorecard.records import LoopPriors

type Array = np.ndarray
type Draws = Mapping[str, Array]  # parameter -> values, each (paths,)

WORLD = "bottleneck"  # the draw that says which world of substitution a path lives in
LEAST_COMPUTE_GROWTH = 0.05  # orders of magnitude a year; the trend's own compute must grow


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One parameter: its prior, and the range that published work spans."""

    name: str
    prior: Prior
    usual: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """The priors of the loop by section, and the settings that are no distribution."""

    id: str
    known_at: date
    sections: Mapping[str, Mapping[str, Assumption]]
    settings: Mapping[str, Any]

    def names(self, section: str) -> tuple[str, ...]:
        """The random inputs of a section in order; `loop` has the choice of world as well."""
        return (*self._section(section), *((WORLD,) if section == "loop" else ()))

    def parameter(self, section: str, name: str) -> Assumption:
        """One parameter; PriorError names those there are."""
        found = self._section(section).get(name)
        if found is None:
            raise PriorError(
                f"{section} has no parameter {name!r}; it has {', '.join(self._section(section))}"
            )
        return found

    def draw(
        self, section: str, paths: int, seed: int, *, fixed: Mapping[str, float] | None = None
    ) -> dict[str, Array]:
        """Independent draws of a section's parameters, each (paths,); `fixed` replaces some by a value."""
        rng = np.random.default_rng([seed, *section.encode()])
        uniforms = rng.random((len(self.names(section)), paths))
        return self.at(section, uniforms, fixed=fixed)

    def at(
        self, section: str, uniforms: Array, *, fixed: Mapping[str, float] | None = None
    ) -> dict[str, Array]:
        """Parameters at given probabilities: `uniforms` is (parameters, paths) in the order of `names`."""
        fixed = dict(fixed or {})
        unknown = set(fixed) - set(self.names(section)) - {"sigma"}
        if unknown:
            raise PriorError(
                f"{section} has no parameter {sorted(unknown)[0]!r}; it has {', '.join(self.names(section))}"
            )
        drawn: dict[str, Array] = {}
        for name, u in zip(self.names(section), uniforms, strict=True):
            if name in fixed:
                drawn[name] = np.full(u.shape, float(fixed[name]))
            elif name == WORLD:
                drawn[name] = (u < float(self.settings["bottleneck_probability"])).astype(float)
            else:
                drawn[name] = np.asarray(self.parameter(section, name).prior.frozen.ppf(u), dtype=float)
        if section == "loop":
            low, high = drawn["sigma_bottleneck"], 1.0 + drawn["sigma_excess"]
            drawn["sigma"] = np.where(drawn[WORLD] > 0.5, low, high)
            if "sigma" in fixed:
                drawn["sigma"] = np.full(low.shape, float(fixed["sigma"]))
        return drawn

    def _section(self, section: str) -> Mapping[str, Assumption]:
        if section not in self.sections:
            raise PriorError(f"{self.id} has no section {section!r}; it has {', '.join(self.sections)}")
        return self.sections[section]


def assumptions(record: LoopPriors) -> Assumptions:
    """The priors of a record as distributions; PriorError names the section and parameter at fault."""
    sections = {
        section: {name: _parameter(record.id, section, name, dict(given)) for name, given in of.items()}
        for section, of in record.priors.items()
    }
    settings = dict(record.settings)
    settings["compute_change_on"] = date.fromisoformat(settings["compute_change_on"])
    return Assumptions(id=record.id, known_at=record.known_at, sections=sections, settings=settings)


def _parameter(priors: str, section: str, name: str, given: dict[str, Any]) -> Assumption:
    try:
        low, high = given.pop("usual")
        return Assumption(name=name, prior=Prior(**given), usual=(float(low), float(high)))
    except (KeyError, TypeError, ValueError) as error:
        raise PriorError(
            f"{priors}, {section}.{name}: {error}; see the other entries for the fields"
        ) from None


def amdahl(share: Array | float, speed: Array | float) -> Array | float:
    """The multiplier of the whole when a share of the work goes `speed` times as fast (Amdahl, 1967)."""
    return 1.0 / ((1.0 - share) + share / speed)


def amdahl_bound(share: Array | float) -> Array | float:
    """The most that a share of the work can bring, however fast that share goes; infinite at 1."""
    rest = 1.0 - np.asarray(share, dtype=float)
    return np.where(rest > 0, 1.0 / np.where(rest > 0, rest, 1.0), np.inf)


def substitution(sigma: Array) -> Array:
    """rho = 1 - 1/sigma of the CES, kept off zero, where Cobb-Douglas is its limit."""
    rho = 1.0 - 1.0 / np.maximum(sigma, 1e-3)
    return np.where(np.abs(rho) < 1e-8, 1e-8, rho)


def log_research(log_compute: Array, log_labour: Array, rho: Array, compute_share: Array) -> Array:
    """Log research input, zero when both inputs are as on the trend: a CES, `rho` from `substitution`.

    At sigma 1 it is Cobb-Douglas, towards 0 the scarcer input alone, towards infinity the weighted sum.
    """
    apart = np.clip(
        rho * (log_labour - log_compute), -700, 700
    )  # the sum is taken relative to compute's part
    return log_compute + np.log(compute_share + (1.0 - compute_share) * np.exp(apart)) / rho


def labour_share(log_compute: Array, log_labour: Array, rho: Array, compute_share: Array) -> Array:
    """The elasticity of research input to labour, between 0 and 1."""
    odds = np.clip(rho * (log_labour - log_compute), -700, 700)
    weight = (1.0 - compute_share) * np.exp(odds)
    return weight / (compute_share + weight)


def loop_gain(returns: Array, share: Array, labour_per_software: Array) -> Array:
    """G, the product of elasticities around the loop: software to labour to research input to software."""
    return returns * share * labour_per_software


def amplification(gain: Array | float) -> Array:
    """How much a lasting push is multiplied by the loop: 1/(1 - G), infinite at 1 and above."""
    gain = np.asarray(gain, dtype=float)
    return np.where(gain < 1.0, 1.0 / np.where(gain < 1.0, 1.0 - gain, 1.0), np.inf)
