"""What a run says of one indicator in its own unit: where it stands, its fan, its pace, and the level to reach."""

from __future__ import annotations

import numpy as np

from forecasts.dates.fans import FAN_YEARS, QUANTILES, fan_of
from forecasts.dates.worlds import Draws, IndicatorWorlds
from forecasts.series import Link, Series
from scorecard.clock import YEAR
from scorecard.records import Criterion, Fan, Indicator, ParameterEstimate, Quantiles

TENTHS = (0.1, 0.5, 0.9)
PUBLISHED_YEARS = 2.1  # past the last day that a hub asks for


def in_unit(indicator: Indicator, link: np.ndarray) -> Quantiles:
    """The 10, 50 and 90 % quantiles of link-scale draws in the indicator's unit."""
    low, middle, high = np.sort(Link(indicator=indicator).back(np.quantile(link, TENTHS)))
    return Quantiles(q10=float(low), q50=float(middle), q90=float(high), unit=indicator.unit)


def level_of(criterion: Criterion, draws: Draws, series: Series | None) -> Quantiles:
    """The level to reach, its gap included."""
    if series is None:
        return Quantiles(q10=criterion.level, q50=criterion.level, q90=criterion.level, unit="")
    return in_unit(series.indicator, draws.height(series, criterion))


def now_of(one: IndicatorWorlds) -> Quantiles:
    """The best true ability on the as-of day."""
    return in_unit(one.series.indicator, one.frontier[:, 0])


def fan(one: IndicatorWorlds) -> Fan:
    """Quantiles of the frontier from the as-of day, in the indicator's unit."""
    ahead = one.t <= one.t[0] + FAN_YEARS
    return fan_of(one.series, one.t[ahead], np.quantile(one.frontier[:, ahead], QUANTILES, axis=0))


def published(one: IndicatorWorlds) -> Fan:
    """Quantiles of the best published reading, which is what later readings can score, in the indicator's unit."""
    ahead = one.t <= one.t[0] + PUBLISHED_YEARS
    return fan_of(one.series, one.t[ahead], np.quantile(one.value[:, ahead], QUANTILES, axis=0))


def record_fan(one: IndicatorWorlds) -> Fan | None:
    """Quantiles of the reading that beats the present record, by when it is taken; None where readings are few."""
    return fan_of(one.series, one.beaten.t, one.beaten.quantiles) if one.beaten else None


def parameters(one: IndicatorWorlds) -> dict[str, ParameterEstimate]:
    """The pace while it moves, link units a year and, on a doubling scale, days a doubling; whether it stands."""
    indicator = one.series.indicator
    found = {
        "pace": _estimate(one.pace, _pace_unit(indicator), "rise a year while it moves", one.contraction)
    }
    if indicator.scale in ("log2", "log10") and (one.pace > 0).mean() > 0.9:
        days = YEAR * (1.0 if indicator.scale == "log2" else np.log10(2)) / np.maximum(one.pace, 1e-6)
        found["doubling_days"] = _estimate(
            days, "days", "time in which it doubles while it moves", one.contraction
        )
    found["standing"] = ParameterEstimate(
        q10=one.standing,
        q50=one.standing,
        q90=one.standing,
        unit="probability",
        meaning="chance that the level of leading systems has come to stand",
        contraction=0.0,
    )
    return found


def _estimate(draws: np.ndarray, unit: str, meaning: str, contraction: float) -> ParameterEstimate:
    low, middle, high = (float(x) for x in np.quantile(draws, TENTHS))
    return ParameterEstimate(
        q10=low, q50=middle, q90=high, unit=unit, meaning=meaning, contraction=contraction
    )


def _pace_unit(indicator: Indicator) -> str:
    units = {"log2": "doublings a year", "log10": "tenfold rises a year", "logit": "log-odds a year"}
    return units.get(indicator.scale, f"{indicator.unit} a year")
