"""The product's shapes and their equal pool as contenders: as they were, and with all readings, errors independent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forecasts.dates.paths import Paths, next_record, published_record, simulate
from forecasts.inference.fit import FitError, first_forecast
from forecasts.inference.problem import Options
from forecasts.judging.reference.contender import SeriesQuestion
from forecasts.priors.sets import Priors
from forecasts.readings import Readings
from forecasts.series import Series, SeriesError, day
from forecasts.shapes import get_shape
from scorecard.records import Indicator

EACH = 200  # draws kept of each shape
FITTED = 600  # draws of a quick fit
type Basis = tuple[str, float, int, bool]  # series, origin, seed, and whether all readings are fitted
_fits: dict[Basis, dict[str, Paths | None]] = {}


def series_of(known: Readings, indicator: Indicator, origin: float) -> Series:
    """Readings back on the indicator's link scale, as the shapes take them."""
    order = np.lexsort((-known.y, known.t))
    y, s = known.y[order] * known.link_units, known.s[order] * known.link_units
    return Series(
        indicator=indicator,
        as_of=day(origin),
        names=tuple(f"reading {i}" for i in order),
        days=tuple(day(float(t)) for t in known.t[order]),
        vintages=("",) * len(order),
        t=known.t[order],
        y=y,
        s_low=s,
        s_high=s,
        side=np.zeros(len(order), dtype=int),
        frontier=known.is_record[order],
    )


@dataclass(frozen=True)
class PoolForecast:
    """The shapes of the prior set that are pooled, by the quick method, in equal parts.

    all_readings: with the one-sided gap and independent errors, on readings near the record; else the defaults of
    the product up to version 1. A shape that cannot be fitted is left out, as it is there.
    """

    question: SeriesQuestion
    priors: Priors
    all_readings: bool = False
    shapes: tuple[str, ...] = ()

    @cached_property
    def _paths(self) -> list[Paths]:
        asked = self.question
        basis = (asked.id, asked.origin, asked.seed, self.all_readings)
        if basis not in _fits:
            for other in [one for one in _fits if one[:3] != basis[:3]]:
                del _fits[other]  # only the question at hand is asked for again, by every contender
            _fits[basis] = {}
        fits = _fits[basis]
        names = self.shapes or self.priors.settings.pooled
        for name in names:
            if name not in fits:
                fits[name] = self._path(name)
        return [path for name in names if (path := fits[name]) is not None]

    def _path(self, name: str) -> Paths | None:
        """The paths of one shape; None where it cannot be fitted."""
        asked = self.question
        known = asked.known.where(asked.known.gap_before <= 1.07) if self.all_readings else asked.known
        points = series_of(known, asked.indicator, asked.origin)
        options = (
            Options(points="all", error="independent") if self.all_readings else Options.for_series(points)
        )
        try:
            fit = first_forecast(
                get_shape(name), points, self.priors, seed=asked.seed, draws=FITTED, options=options
            )
        except (FitError, SeriesError):
            return None
        return simulate(
            fit,
            self.priors.settings,
            as_of=day(asked.origin),
            seed=asked.seed,
            horizon=day(asked.t[-1] + 0.1),
        )

    @cached_property
    def paths(self) -> np.ndarray:
        asked, parts = self.question, []
        for paths in self._paths:
            rng = asked.rng(31)
            record = paths.in_link(published_record(paths, len(paths.t), rng)) / asked.known.link_units
            at = np.clip(np.searchsorted(paths.t, asked.t - 1e-6), 0, len(paths.t) - 1)
            parts.append(record[rng.choice(len(record), EACH)][:, at])
        return np.maximum(np.concatenate(parts), asked.known.record) if parts else _nothing(asked)

    def record(self, t: float) -> np.ndarray:
        asked, parts = self.question, []
        s = float(np.median(asked.known.s[-5:]))
        for paths in self._paths:
            at = min(int(np.searchsorted(paths.t, t)), len(paths.t) - 1)
            rng, problem = asked.rng(3000 + at), paths.fit.problem
            chosen, truth = next_record(paths, at, rng)
            low = s * asked.known.link_units / problem.scaling.unit
            read = paths.in_link(problem.readings(paths.fit.flat[chosen], truth, low, low, rng))
            parts.append(rng.choice(read / asked.known.link_units, EACH))
        found = np.concatenate(parts) if parts else _nothing(asked)[:, 0]
        return np.asarray(np.maximum(found, asked.known.record))


def _nothing(asked: SeriesQuestion) -> np.ndarray:
    """No shape could be fitted: the present record stays, which is all that the product then says."""
    return np.full((1, len(asked.t)), asked.known.record)
