"""Any question about an indicator's best published reading, answered by counting worlds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np

from forecasts.dates.errors import jackknife
from forecasts.dates.worlds import IndicatorWorlds, Worlds
from forecasts.series import SeriesError, years
from scorecard.records import Indicator, Quantiles
from scorecard.thresholds.quoted.together import BLOCK

MINUTES = {"min": 1.0, "minutes": 1.0, "h": 60.0, "hours": 60.0}
WRITTEN = re.compile(
    r"^\s*(?:(?P<indicator>\w+)\s*)?>=\s*(?P<number>[\d.,_]+(?:e[+-]?\d+)?)\s*(?P<unit>[%\w ]*?)\s*$"
)
RARE = 0.02  # a condition that holds in fewer worlds says nothing


class QuestionError(ValueError):
    """A question that cannot be read or answered, with what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """An indicator reaches a level, in its own unit, by a day."""

    indicator: str
    level: float
    by: date

    def __str__(self) -> str:
        return f"{self.indicator} >= {self.level:g} by {self.by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A probability or quantiles, their Monte Carlo error, and the chance of the condition, if there was one."""

    probability: float | None
    quantiles: Quantiles | None
    mcse: float
    given_probability: float | None


def read_level(text: str, indicator: Indicator | None, by: date) -> Reaches:
    """Read ">= 40 h", or "epoch_eci >= 165" without an indicator; QuestionError says what to write."""
    found = WRITTEN.match(text)
    name = (found["indicator"] if found else None) or (indicator.id if indicator else None)
    if found is None or name is None:
        raise QuestionError(f'cannot read {text!r}; write ">= 40 h", or "epoch_eci >= 165" for a condition')
    try:
        number = float(found["number"].replace(",", "").replace("_", ""))
    except ValueError:
        raise QuestionError(f"{text!r}: {found['number']!r} is no number") from None
    if not isfinite(number):
        raise QuestionError(f"{text!r}: {found['number']!r} is beyond every number; write a smaller one")
    unit = found["unit"]
    if indicator is not None and indicator.unit == "minutes" and unit in MINUTES:
        number *= MINUTES[unit]
    elif (
        indicator is not None
        and unit
        and unit not in (indicator.unit, "%" if indicator.unit == "percent" else "")
    ):
        raise QuestionError(f"{text!r}: {indicator.id} is in {indicator.unit}")
    return Reaches(indicator=name, level=number, by=by)


def reply(worlds: Worlds, asked: Reaches | None, indicator: str, on: date, given: Reaches | None) -> Reply:
    """Count the worlds in which the best published reading does as asked; without `asked`, its quantiles on a day.

    QuestionError for an indicator without a forecast, a level off its scale, or a condition in hardly any world.
    """
    held = np.ones(worlds.draws.size, dtype=bool) if given is None else _reached(worlds, given)
    share = float(held.mean())
    if share < RARE:
        raise QuestionError(f"{given} holds in {share:.1%} of the worlds, too few to condition on")
    chance = share if given else None
    if asked is not None:
        reached = _reached(worlds, asked)
        p, mcse = _jackknife(lambda kept: float(reached[kept & held].mean()), worlds.draws.size)
        return Reply(probability=p, quantiles=None, mcse=mcse, given_probability=chance)
    one = _one(worlds, indicator)
    value = one.value[:, int(np.clip(np.searchsorted(one.t, years(on)), 0, len(one.t) - 1))]
    low, middle, high = np.sort(one.series.from_link(np.quantile(value[held], (0.1, 0.5, 0.9))))
    link = one.series.to_link(float(middle))
    _, mcse = _jackknife(lambda kept: float(np.median(value[kept & held])), worlds.draws.size)
    relative = abs(float(one.series.from_link(link + mcse)) - float(middle)) / max(abs(float(middle)), 1e-9)
    quantiles = Quantiles(q10=float(low), q50=float(middle), q90=float(high), unit=one.series.indicator.unit)
    return Reply(probability=None, quantiles=quantiles, mcse=relative, given_probability=chance)


def _one(worlds: Worlds, indicator: str) -> IndicatorWorlds:
    if indicator not in worlds.indicators:
        raise QuestionError(worlds.refused.get(indicator, f"{indicator}: no readings to forecast from"))
    return worlds.indicators[indicator]


def _reached(worlds: Worlds, asked: Reaches) -> np.ndarray:
    """In which worlds the best published reading is at least so high by the day, (worlds,)."""
    one = _one(worlds, asked.indicator)
    try:
        height = np.full(worlds.draws.size, one.series.to_link(asked.level))
    except SeriesError as error:
        raise QuestionError(str(error)) from None
    return np.asarray(one.passage(height, published=True) <= years(asked.by))


def _jackknife(of: Callable[[np.ndarray], float], size: int) -> tuple[float, float]:
    """A figure over all worlds and its standard error, one independent block of worlds left out at a time."""
    block = np.arange(size) // BLOCK
    blocks = int(block[-1]) + 1
    found = np.array([of(block != left) for left in range(blocks)])
    return of(np.ones(size, dtype=bool)), float(jackknife(found))
