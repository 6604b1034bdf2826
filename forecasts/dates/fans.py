"""Quantiles over time in an indicator's unit, and the days at which probabilities are kept."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from forecasts.series import Series, day
from scorecard.records import Fan

FAN_YEARS = 6.0
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def fan_of(points: Series, t: np.ndarray, quantiles: np.ndarray) -> Fan:
    """QUANTILES on the link scale at times `t` as dates and values in the indicator's unit, to six digits."""
    values = np.sort(points.from_link(quantiles), axis=0)
    q10, q25, q50, q75, q90 = (tuple(float(f"{value:.6g}") for value in row) for row in values)
    return Fan(dates=tuple(day(float(one)) for one in t), q10=q10, q25=q25, q50=q50, q75=q75, q90=q90)


def month_starts(as_of: date, horizon: date) -> list[date]:
    """The as-of day, the first of each month after it, and the horizon: where probabilities are kept."""
    days = [as_of]
    current = date(as_of.year, as_of.month, 1)
    while True:
        current = (current + timedelta(days=32)).replace(day=1)
        if current >= horizon:
            return [*days, horizon]
        days.append(current)
