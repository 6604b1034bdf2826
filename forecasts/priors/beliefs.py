"""Priors on the scale people think in: quantiles a person can read and change, and densities to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.prior import Prior
from forecasts.priors.sets import Priors, parameters_of
from forecasts.shapes import get_shape
from scorecard.clock import YEAR
from scorecard.records import Override

ASKED = (0.1, 0.5, 0.9)
POINTS = 160  # of a drawn density


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """One parameter in every shape that has it: its quantiles (ASKED) in `unit`, and its usual 90 % range."""

    parameter: str
    shapes: tuple[str, ...]
    meaning: str
    unit: str
    in_days: bool
    quantiles: tuple[float, float, float]
    usual: tuple[float, float]
    prior: Prior
    indicator: str = ""  # of which it is a belief; "" where it is about a parameter of shapes

    def override(self, quantiles: Sequence[float]) -> Override:
        """The change of the prior to these quantiles."""
        how = "doubling_days" if self.in_days else "quantiles"
        numbers = tuple(float(f"{q:g}") for q in quantiles)
        return Override(parameter=self.parameter, how=how, numbers=numbers, indicator=self.indicator)


def beliefs(priors: Priors, *, doubling: bool) -> dict[str, Belief]:
    """Every parameter by name. With `doubling`, growth is shown as days per doubling, its quantiles turned round."""
    found: dict[str, Belief] = {}
    shapes = priors.settings.listed
    for shape in shapes:
        for p in parameters_of(get_shape(shape)):
            if p.name in found:
                continue
            prior, days = priors.of(shape)[p.name], doubling and p.name == "growth"
            q10, q50, q90 = (float(x) for x in prior.frozen.ppf(ASKED))
            found[p.name] = Belief(
                parameter=p.name,
                meaning="time in which the frontier doubles" if days else p.meaning,
                shapes=tuple(s for s in shapes if p.name in priors.of(s)),
                unit="days" if days else p.unit,
                in_days=days,
                prior=prior,
                quantiles=(YEAR / q90, YEAR / q50, YEAR / q10) if days else (q10, q50, q90),
                usual=(YEAR / p.usual[1], YEAR / max(p.usual[0], 1e-9)) if days else p.usual,
            )
    return found


def densities(named: Sequence[tuple[str, Belief]]) -> list[dict[str, Any]]:
    """Rows `prior` (its name), `x` in the belief's unit, `density`, over the middle 98 % of all of them."""
    ends = [end for _, belief in named for end in _ends(belief)]
    grid = np.linspace(min(ends), max(ends), POINTS)
    rows: list[dict[str, Any]] = []
    for name, belief in named:
        if belief.in_days:
            density = belief.prior.frozen.pdf(YEAR / grid) * YEAR / grid**2  # change of variable
        else:
            density = belief.prior.frozen.pdf(grid)
        rows += [
            {"prior": name, "x": float(x), "density": float(d)}
            for x, d in zip(grid, density, strict=True)
            if np.isfinite(d)
        ]
    return rows


def _ends(belief: Belief) -> tuple[float, float]:
    low, high = (float(x) for x in belief.prior.frozen.ppf([0.01, 0.98]))
    return (YEAR / high, YEAR / max(low, 1e-9)) if belief.in_days else (low, high)
