"""Worlds: numbered draws that all indicators, criteria and thresholds of a run share.

In world w every indicator keeps one rank among its paths, every level one quantile and every gap one quantile, so
that a higher level is never crossed before a lower one on the same indicator, thresholds with one criterion agree to
the digit, and joint questions (any, all, which first) are answered by counting worlds. The numbers come
from independently scrambled Sobol sequences (Owen, 1998), which leave less noise than independent draws.

How far the paces of two indicators go together is one number, SHARED: the correlation of their forecasts' errors.
Indicators that read one instrument at two percentages (METR's 50 and 80 % horizons) keep one rank, and the higher
percentage never lies above the lower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from forecasts.series import Series, SeriesError
from scorecard.evidence.readings.like import instrument
from scorecard.records import Criterion
from scorecard.thresholds.quoted.together import BLOCK

WORLDS = 8192
SHARED = 0.15  # correlation between two live series of the class of where the frontier came out, see docs/method.md


@dataclass(frozen=True, kw_only=True)
class Draws:
    """What a world is before any indicator: standard normal quantiles of shared pace, levels and gaps, each (size,)."""

    size: int
    seed: int

    @cached_property
    def _sobol(self) -> np.ndarray:
        blocks = [
            qmc.Sobol(4, rng=np.random.default_rng([self.seed, 71, block])).random(BLOCK)
            for block in range(-(-self.size // BLOCK))
        ]
        found = np.concatenate(blocks)[: self.size]
        return np.clip(found, 1e-6, 1 - 1e-6)

    @property
    def pace(self) -> np.ndarray:
        """The pace that indicators share."""
        return np.asarray(ndtri(self._sobol[:, 0]))

    @property
    def level(self) -> np.ndarray:
        """Where a level lies within what its criterion says."""
        return np.asarray(ndtri(self._sobol[:, 1]))

    @property
    def gap(self) -> np.ndarray:
        """Where the gap from a benchmark to real work lies."""
        return np.asarray(ndtri(self._sobol[:, 2]))

    @property
    def within(self) -> np.ndarray:
        """Where within a month a crossing falls, 0 to 1."""
        return self._sobol[:, 3]

    def order(self, name: str) -> np.ndarray:
        """Which of an instrument's paths, from the lowest (0) to the highest, each world has; (size,)."""
        own = np.random.default_rng([self.seed, 73, *name.encode()]).standard_normal(self.size)
        score = np.sqrt(SHARED) * self.pace + np.sqrt(1 - SHARED) * own
        rank = np.empty(self.size, dtype=int)
        rank[np.argsort(score, kind="stable")] = np.arange(self.size)
        return rank

    def height(self, series: Series, criterion: Criterion) -> np.ndarray:
        """A criterion's level with its gap on the link scale, (size,); SeriesError where it has no place there."""
        gap = np.maximum(criterion.gap + criterion.gap_sd * self.gap, 0.0)
        return np.asarray(series.to_link(criterion.level) + criterion.level_sd * self.level + gap)


@dataclass(frozen=True, kw_only=True)
class NextRecord:
    """Quantiles of the next record's reading by when it is set: t (times,), years; quantiles (levels, times), link."""

    t: np.ndarray
    quantiles: np.ndarray


@dataclass(frozen=True, kw_only=True)
class IndicatorWorlds:
    """One indicator in every world, link scale. t: years since 2024-01-01, (times,), the first the as-of day.

    frontier: the best true ability so far, never falling; value: the best published reading (where readings are
    few, the same); each (worlds, times). past, risen: when the best reading so far rose, years, and to
    what. pace: link units a year while it moves, (worlds,). standing: chance that it stands. words: what it rests on.
    """

    series: Series
    model: str
    draws: Draws
    t: np.ndarray
    frontier: np.ndarray
    value: np.ndarray
    past: np.ndarray
    risen: np.ndarray
    pace: np.ndarray
    standing: float
    contraction: float
    learnt: str
    notes: tuple[str, ...] = ()
    beaten: NextRecord | None = None

    def below(self, other: IndicatorWorlds) -> IndicatorWorlds:
        """The same, never above another reading of the same instrument at a lower percentage of success."""
        return replace(
            self,
            frontier=np.minimum(self.frontier, other.frontier),
            value=np.minimum(self.value, other.value),
        )

    def passage(self, height: np.ndarray, *, published: bool = False) -> np.ndarray:
        """When the frontier of each world passes a height (worlds,), years; inf: not before the horizon.

        A world that had passed it by the as-of day did so when the best reading rose past the same distance below
        today's; -inf where it had by the first reading. published: the best published reading passes it instead.
        """
        path = self.value if published else self.frontier
        below = (path < height[:, None]).sum(axis=1)
        last = len(self.t) - 1
        inside = np.clip(below, 1, last)
        before = self.t[inside - 1]
        time = before + self.draws.within * (self.t[inside] - before)
        short = height - (path[:, 0] - self.risen[-1])
        at = np.clip(np.searchsorted(self.risen, short), 0, len(self.risen) - 1)
        passed = np.where(at == 0, -np.inf, self.past[at])
        return np.where(below == 0, passed, np.where(below > last, np.inf, time))


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """Every indicator of a run in the same worlds; `refused` says why there is nothing of one."""

    draws: Draws
    indicators: Mapping[str, IndicatorWorlds]
    refused: Mapping[str, str] = field(default_factory=dict)

    def ordered(self) -> Worlds:
        """The same with readings of one instrument in order: at a higher percentage never above a lower."""
        made = dict(self.indicators)
        by: dict[str, list[tuple[int, str]]] = {}
        for id, one in self.indicators.items():
            name, percent = instrument(one.series.indicator)
            by.setdefault(name, []).append((percent, id))
        for listed in by.values():
            names = [id for _, id in sorted(listed)]
            for lower, higher in pairwise(names):
                made[higher] = made[higher].below(made[lower])
        return replace(self, indicators=made)

    def times(self, criterion: Criterion) -> np.ndarray:
        """When a criterion is met in each world, years since 2024-01-01, (worlds,); SeriesError in words."""
        one = self.indicators.get(criterion.indicator)
        if one is None:
            raise SeriesError(self.refused.get(criterion.indicator, f"{criterion.indicator}: no readings"))
        return one.passage(self.draws.height(one.series, criterion))
