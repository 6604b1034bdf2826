"""From what a person believes, as quantiles, to a prior; always with what was asked beside what was achieved.

Quantiles are typed on a scale people think in (days per doubling) and fitted on the parameter's own scale
over several families by least squares of the quantiles (scipy); the closest family wins. PreliZ does the
same and more, but takes ten seconds to import, too long for a form that answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import norm

from forecasts.prior import Prior, PriorError
from scorecard.clock import YEAR
from scorecard.records import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class Elicited:
    """A fitted prior: `asked` and `achieved` by probability, and the tails it implies (1 %, 99 %)."""

    prior: Prior
    asked: Mapping[float, float]
    achieved: Mapping[float, float]
    one_percent: float
    ninety_nine_percent: float

    @property
    def miss(self) -> float:
        """The largest gap in probability points between asked and achieved."""
        return max(abs(float(self.prior.frozen.cdf(x)) - p) for p, x in self.asked.items())


def elicit(asked: Mapping[float, float], like: Prior, *, positive: bool) -> list[Elicited]:
    """Every admissible family fitted to quantiles (probability -> value), closest first.

    Unit and meaning come from `like`. PriorError when the quantiles contradict each other or a positive
    parameter is asked to reach zero or below.
    """
    probabilities, values = sorted(asked), [asked[p] for p in sorted(asked)]
    if len(asked) < 2 or not all(0 < p < 1 for p in probabilities):
        raise PriorError("give at least two quantiles with probabilities between 0 and 1")
    if any(not np.isfinite(v) for v in values) or any(a >= b for a, b in pairwise(values)):
        told = ", ".join(f"{p:.0%}: {v:g}" for p, v in zip(probabilities, values, strict=True))
        raise PriorError(f"quantiles must rise with their probability; found {told}")
    if positive and values[0] <= 0:
        raise PriorError(f"{like.meaning} must be above zero; found {values[0]:g}")
    families = ("lognormal", "gamma", "halfnormal") if positive else ("normal", "student")
    fitted = [_fit(family, np.array(probabilities), np.array(values), like) for family in families]
    return sorted(fitted, key=lambda e: e.miss)


def _fit(family: str, p: np.ndarray, x: np.ndarray, like: Prior) -> Elicited:
    build, start = _start(family, p, x)

    def made(free: np.ndarray) -> Prior:
        return Prior(family=family, params=build(free), unit=like.unit, meaning=like.meaning)

    scale = x if (x > 0).all() else np.full_like(x, max(np.ptp(x), 1e-9))
    best = least_squares(lambda free: (made(free).quantile(p) - x) / scale, start, max_nfev=200)
    prior = made(best.x)
    quantile = prior.frozen.ppf
    return Elicited(
        prior=prior,
        asked=dict(zip(p.tolist(), x.tolist(), strict=True)),
        achieved=dict(zip(p.tolist(), quantile(p).tolist(), strict=True)),
        one_percent=float(quantile(0.01)),
        ninety_nine_percent=float(quantile(0.99)),
    )


def _start(
    family: str, p: np.ndarray, x: np.ndarray
) -> tuple[Callable[[np.ndarray], dict[str, float]], np.ndarray]:
    """How free numbers become parameters (scales through exp, so they stay positive), and where to start."""
    wide = norm.ppf(p[-1]) - norm.ppf(p[0])
    middle, spread = float(np.interp(0.5, p, x)), float((x[-1] - x[0]) / wide)
    match family:
        case "lognormal":
            logs = np.log(x)
            sigma = max((logs[-1] - logs[0]) / wide, 1e-3)
            return lambda f: {"mu": f[0], "sigma": exp(f[1])}, np.array([np.interp(0.5, p, logs), log(sigma)])
        case "gamma":
            shape = max((middle / max(spread, 1e-9)) ** 2, 0.1)
            return (
                lambda f: {"alpha": exp(f[0]), "beta": exp(f[1])},
                np.array([log(shape), log(shape / max(middle, 1e-9))]),
            )
        case "halfnormal":
            return lambda f: {"sigma": exp(f[0])}, np.array([log(middle / 0.6745)])
        case "normal":
            return lambda f: {"mu": f[0], "sigma": exp(f[1])}, np.array([middle, log(spread)])
        case _:
            return lambda f: {"nu": 4.0, "mu": f[0], "sigma": exp(f[1])}, np.array([middle, log(spread)])


def asked_quantiles(override: Override) -> dict[float, float] | None:
    """`doubling_days(10 %, 50 %, 90 %)` or `quantiles(...)` as quantiles on the parameter's scale; None if neither.

    Three numbers are the 10, 50 and 90 % quantiles, two the 50 and 90 %. Days per doubling turn into
    doublings a year, so the order of the quantiles turns round.
    """
    numbers, text = override.numbers, override.right
    if override.how not in ("quantiles", "doubling_days"):
        return None
    if len(numbers) not in (2, 3):
        raise PriorError(f"{text!r}: give the 10, 50 and 90 % quantiles, or the 50 and 90 %")
    if override.how == "quantiles":
        return dict(zip((0.1, 0.5, 0.9) if len(numbers) == 3 else (0.5, 0.9), numbers, strict=True))
    if min(numbers) <= 0 or len(numbers) != 3 or not numbers[0] < numbers[1] < numbers[2]:
        raise PriorError(f"{text!r}: give three rising numbers of days above zero (10, 50 and 90 %)")
    return {p: YEAR / days for p, days in zip((0.9, 0.5, 0.1), numbers, strict=True)}
