"""What the judge asks of a forecasting model, and what it may know when it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from forecasts.judging.reference.series_class import ReferenceSeries
from forecasts.readings import Readings
from scorecard.records import Indicator

MONTHS = 36  # how far ahead paths go
DRAWS = 1000


@dataclass(frozen=True, kw_only=True)
class SeriesQuestion:
    """One series seen from one origin: its readings so far, and the other series as they stood then.

    origin: years since 2024-01-01. Nothing in here is younger than the origin.
    """

    id: str
    indicator: Indicator
    origin: float
    known: Readings
    others: tuple[Readings, ...]
    seed: int

    @cached_property
    def t(self) -> np.ndarray:
        """The origin and the MONTHS ends of months after it, years since 2024-01-01."""
        return self.origin + np.arange(MONTHS + 1) / 12

    def rng(self, stream: int) -> np.random.Generator:
        """Random numbers of this question; the same stream gives the same numbers."""
        return np.random.default_rng([self.seed, stream, round(12 * (self.origin + 10)), *self.id.encode()])


class SeriesForecast(Protocol):
    """What a model says from one origin, in the units of the readings.

    paths: draws of the record on Question.t, (draws, MONTHS + 1), never falling. record(t): draws of the
    reading that beats the present record, given that one is released at `t` and does.
    """

    @property
    def paths(self) -> np.ndarray: ...

    def record(self, t: float) -> np.ndarray: ...


type Contender = Callable[[SeriesQuestion], SeriesForecast]


def question(
    series: ReferenceSeries, listed: Sequence[ReferenceSeries], origin: float, *, seed: int
) -> SeriesQuestion:
    """The question at an origin: readings of systems released before it; series without any are not there yet."""
    others = (one.readings.until(origin) for one in listed if one.id != series.id)
    return SeriesQuestion(
        id=series.id,
        indicator=series.indicator,
        origin=origin,
        known=series.readings.until(origin),
        others=tuple(one for one in others if len(one)),
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A forecast cut at the ceiling of the instrument, and never below the present record."""

    forecast: SeriesForecast
    floor: float
    ceiling: float

    @cached_property
    def paths(self) -> np.ndarray:
        return np.clip(self.forecast.paths, self.floor, self.ceiling)

    def record(self, t: float) -> np.ndarray:
        return np.clip(self.forecast.record(t), self.floor, self.ceiling)
