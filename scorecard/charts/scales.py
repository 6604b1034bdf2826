"""The value axis: logarithmic where the indicator's link scale is, with ticks in units people use."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log10

import altair as alt

from scorecard.records import Indicator
from scorecard.words import MINUTES_KNOWN, PLAIN_TICKS, TICKS

LOG_SCALES = ("log2", "log10")
MOST_TICKS = 8


def is_log(indicator: Indicator) -> bool:
    """Whether the indicator is drawn on a logarithmic axis."""
    return indicator.scale in LOG_SCALES


def domain(indicator: Indicator, values: Iterable[float]) -> tuple[float, float]:
    """The axis range that shows all `values` (in the indicator's unit) with a little air."""
    found = [v for v in values if v > 0] if is_log(indicator) else list(values)
    if not found:
        return (1.0, 10.0) if is_log(indicator) else (0.0, 1.0)
    low, high = min(found), max(found)
    if is_log(indicator):
        return low / 1.4, high * 1.4
    air = 0.06 * ((high - low) or abs(high) or 1.0)
    low, high = low - air, high + air
    if indicator.scale == "logit":
        low = max(low, indicator.lower if indicator.lower is not None else low)
        high = min(high, indicator.upper if indicator.upper is not None else high)
    return low, high


def ticks(indicator: Indicator, low: float, high: float) -> list[float] | None:
    """Tick places on a logarithmic axis; None leaves them to the chart language."""
    if not is_log(indicator):
        return None
    if indicator.unit == "minutes":
        return _known(low, high)
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    ladder = [v for power in powers for m in (1, 2, 5) if low <= (v := m * 10.0**power) <= high]
    step = max(1, ceil(len(ladder) / MOST_TICKS))
    return ladder[::-1][::step][::-1]


def _known(low: float, high: float) -> list[float]:
    """Durations in minutes that people know, the best known first, each a share of the axis away from the others."""
    apart, taken = log10(high / low) / (MOST_TICKS + 1), list[float]()
    for one in MINUTES_KNOWN:
        if low <= one <= high and all(abs(log10(one / other)) >= apart for other in taken):
            taken.append(one)
    return sorted(taken)


def value_axis(
    indicator: Indicator, low: float, high: float, *, title: str | None = None
) -> tuple[alt.Scale, alt.Axis]:
    """The scale and axis of an indicator's values between `low` and `high`, in its unit."""
    scale = alt.Scale(
        type="log" if is_log(indicator) else "linear", domain=[low, high], nice=False, zero=False
    )
    places = ticks(indicator, low, high)
    label = TICKS.get(indicator.unit, PLAIN_TICKS)
    worded = indicator.unit in TICKS
    title = title if title is not None else ("" if worded else indicator.unit)
    axis = alt.Axis(labelExpr=label, title=title or None, grid=True)
    return scale, alt.Axis(labelExpr=label, title=title or None, grid=True, values=places) if places else axis
