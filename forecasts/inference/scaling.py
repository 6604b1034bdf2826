"""Standard units: the scale on which one set of default priors serves every indicator.

standard value = (link value - origin) / unit, and the level belongs to the date `reference`. A prior set
may state the scaling of an indicator (METR's horizon: 8 minutes on 2024-01-01, in doublings); otherwise:

- `log2` and `log10` series keep doublings as their unit, so growth reads as doublings a year;
- `logit` and `linear` series take half the ratio of the standard deviations of value and date, so that
  steady progress is about two units a year, the centre of the growth prior;
- origin and reference are the medians of the fitted values and dates.

The derived choices use the data, but only their location and scale, under priors several times wider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log10
from typing import Any

import numpy as np

from forecasts.series import Series, years

CENTRE = 2.0  # standard units a year: the median of the default growth prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """`unit` and `origin` on the link scale, `reference` in years since 2024-01-01, and how it was chosen."""

    unit: float
    origin: float
    reference: float
    why: str

    def standard(self, link: np.ndarray | float) -> np.ndarray:
        """Link scale -> standard units."""
        return (np.asarray(link, dtype=float) - self.origin) / self.unit

    def link(self, standard: np.ndarray | float) -> np.ndarray:
        """Standard units -> link scale."""
        return self.origin + self.unit * np.asarray(standard, dtype=float)


def scaling_for(series: Series, stated: Mapping[str, Mapping[str, Any]]) -> Scaling:
    """The stated scaling of the series' indicator, or one derived from its scale and points.

    `stated[indicator]` holds `origin` (in the indicator's unit), `date` and `unit` (link scale).
    """
    found = stated.get(series.indicator.id)
    if found is not None:
        on = found["date"] if isinstance(found["date"], date) else date.fromisoformat(str(found["date"]))
        return Scaling(
            unit=float(found["unit"]),
            origin=series.to_link(float(found["origin"])),
            reference=years(on),
            why=f"stated in the prior set: {found['origin']} {series.indicator.unit} on {on}",
        )
    exact = series.side == 0
    origin, reference = float(np.median(series.y[exact])), float(np.median(series.t))
    match series.indicator.scale:
        case "log2":
            unit, why = 1.0, "one unit is a doubling"
        case "log10":
            unit, why = log10(2.0), "one unit is a doubling"
        case _:
            spread = float(np.std(series.y) / np.std(series.t))
            unit = (spread or 1.0) / CENTRE
            scale = series.indicator.scale
            why = f"one unit is {unit:.3g} on the {scale} scale, so that the series' overall pace is about 2"
    return Scaling(unit=unit, origin=origin, reference=reference, why=f"{why}; origin at the median point")
