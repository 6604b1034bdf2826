"""One latent multiplier of research work behind trials, surveys, counts of output and judgements.

    log m_obs = level + growth * t + bias(kind of source) + noise

The kinds err in their own ways: people report more than is so, trials with outside developers miss what staff at a
developer gain, counts of output exceed the work done. All of it is linear and normal, so it is solved exactly.
Bias and latent value are told apart by their priors and by kinds that disagree, not by any kind alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from scipy.stats import norm

from forecasts.dynamics.gaussian import Posterior, solve
from forecasts.dynamics.model import Array, Assumptions
from scorecard.clock import YEAR
from scorecard.evidence.readings.vintages import current
from scorecard.records import Bound, Measurement, UpliftSource

ORIGIN = date(2026, 1, 1)
KINDS = ("trial", "self_report", "judgement", "output_count")
WORDS: Mapping[str, str] = {
    "trial": "trial with outside developers",
    "self_report": "self-report",
    "judgement": "judgement of the whole",
    "output_count": "count of output",
}
NOT_A_READING = (
    "METR Frontier Risk Report",
)  # says what a labour multiplier of two would be worth, not what is


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One source's multiplier: log value, its own error (0: none published), years since 2026, bound -1, 0, 1."""

    name: str
    kind: str
    on: date
    log_value: float
    sd: float
    bound: int
    source: str

    @property
    def t(self) -> float:
        """Years since 1 January 2026."""
        return (self.on - ORIGIN).days / YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """The latent multiplier: draws of level, growth (draws,) and the bias of each kind (draws,), all in logs."""

    level: Array
    growth: Array
    bias: Mapping[str, Array]
    scatter: Array

    def at(self, on: date) -> Array:
        """Draws of the multiplier on a day, (draws,)."""
        return np.exp(self.level + self.growth * ((on - ORIGIN).days / YEAR))


def readings(
    measurements: Iterable[Measurement], kinds: Mapping[str, str], names: Mapping[str, str] | None = None
) -> list[Reading]:
    """The sources on record as multipliers, oldest first.

    `kinds`: indicator to the kind of what it says; `names`: a system's id to its name.
    """
    found = [m for m in current(measurements) if m.indicator in kinds and m.condition not in NOT_A_READING]
    return sorted((_reading(m, kinds[m.indicator], names or {}) for m in found), key=lambda r: (r.on, r.name))


def _reading(m: Measurement, kind: str, names: Mapping[str, str]) -> Reading:
    def multiplier(value: float) -> float:
        return -log(1 + value / 100) if m.indicator == "metr_rct_time_change" else log(value)

    level = m.interval or 0.9  # a range without a level is taken as one of nine in ten
    sd = 0.0
    if m.low is not None and m.high is not None:
        sd = abs(multiplier(m.high) - multiplier(m.low)) / (2 * norm.ppf(0.5 + level / 2))
    side = {"exact": 0, "at_most": -1, "at_least": 1}[m.bound]
    return Reading(
        name=m.condition or names.get(m.system, m.system),
        kind=kind,
        on=m.observed_on,
        log_value=multiplier(m.value),
        sd=float(sd),
        bound=side,
        source=m.source,
    )


def estimate(found: Sequence[Reading], priors: Assumptions, *, seed: int, draws: int = 4000) -> Uplift:
    """The latent multiplier and each kind's bias from readings; with none, the priors come back."""
    names = ("level", "growth", *(f"bias_{kind}" for kind in KINDS))
    given = [priors.parameter("uplift", name).prior for name in names]
    mean = np.array([p.params["mu"] for p in given])
    spread = np.array([p.params["sigma"] for p in given])
    design = np.array([_row(r) for r in found]).reshape(len(found), len(names))
    posterior: Posterior = solve(
        design,
        np.array([r.log_value for r in found]),
        np.array([r.sd for r in found]),
        mean=mean,
        spread=spread,
        scatter=float(priors.parameter("uplift", "noise").prior.params["sigma"]),
        draws=draws,
        rng=np.random.default_rng([seed, 23]),
        bound=np.array([r.bound for r in found], dtype=float),
    )
    b = posterior.coefficients
    return Uplift(
        level=b[:, 0],
        growth=b[:, 1],
        bias={kind: b[:, 2 + i] for i, kind in enumerate(KINDS)},
        scatter=posterior.scatter,
    )


def _row(r: Reading) -> list[float]:
    return [1.0, r.t, *(float(r.kind == kind) for kind in KINDS)]


def reconciled(found: Sequence[Reading], uplift: Uplift) -> tuple[UpliftSource, ...]:
    """Each source as published, freed of its kind's bias, and what the latent value was on its day (10, 50, 90 %)."""
    bounds: dict[int, Bound] = {0: "exact", -1: "at_most", 1: "at_least"}
    return tuple(
        UpliftSource(
            name=r.name,
            kind=r.kind,
            on=r.on,
            source=r.source,
            bound=bounds[r.bound],
            published=float(np.exp(r.log_value)),
            low=float(np.exp(r.log_value - 1.645 * r.sd)),
            high=float(np.exp(r.log_value + 1.645 * r.sd)),
            freed=quantiles(np.exp(r.log_value - uplift.bias[r.kind])),
            latent=quantiles(uplift.at(r.on)),
        )
        for r in found
    )


def quantiles(draws: Array) -> tuple[float, float, float]:
    """The 10, 50 and 90 % quantiles."""
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)
