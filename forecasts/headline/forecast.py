"""One series -> draws of its record, of its frontier and of the level of leading systems.

Both models read the same series. The level model says whether the level of leading systems stands, and the rise
process takes that chance over: a plateau that all readings show thins its rate. What each then says of a month is
put together by averaging quantiles, not probabilities:

    Q(u, t) = w(t) Q_rises(u, t) + (1 - w(t)) Q_level(u, t)

with the weight learnt by lead on the other series. Quantiles, because the rise process is too wide and the level
model too narrow: a mixture of probabilities would keep the width of both (Lichtendahl, Grushka-Cockayne and
Winkler, Management Science 59:1594, 2013). A draw keeps its rank over time, so paths do not cross and never fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forecasts.headline.learnt import LEADS, LeadWeights, Learnt
from forecasts.headline.pace import Pace, by_pace
from forecasts.levels import paths as levels
from forecasts.levels.filtering import RESUMES, STOPS, Filtered, filtered
from forecasts.levels.learning import own_weights, reads_of
from forecasts.readings import Readings
from forecasts.rises import process as rises
from forecasts.rises.history import history

DRAWS = 4000
MORE = 4  # draws for each one kept where a belief about the pace chooses among them


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What both models say of one series on a grid of times, and the two put together.

    t: years since 2024-01-01, the first the origin. known: the readings. standing: the chance that the level stands.
    kept: effective share of draws under a belief about the pace; faster: the chance that the readings alone give to a
    pace above the belief's median (one half without a belief). risen, risings, moved: the parts, in their own words.
    """

    t: np.ndarray
    known: Readings
    standing: float
    kept: float
    faster: float
    weights: LeadWeights
    risen: rises.RisePosterior
    risings: rises.Rises
    moved: levels.LevelPaths
    order: np.ndarray

    def weighted(self, weights: LeadWeights) -> Headline:
        """The same parts put together by other weights."""
        return replace(self, weights=weights)

    @property
    def pace(self) -> np.ndarray:
        """Units a year while the record moves, by the rise process, (draws,)."""
        return self.risen.rate * self.risen.mean

    @property
    def records(self) -> tuple[np.ndarray, np.ndarray]:
        """The best reading by the rise process and by the level model, each (draws, times), units."""
        return self.known.record + self.risings.rise, self.moved.record

    @cached_property
    def record(self) -> np.ndarray:
        """The best reading so far, cut at the instrument's ceiling; (draws, times), units, rows random worlds."""
        found = pooled(self.records, self._weight(self.weights.frontier))
        return np.minimum(found[self.order], self.known.ceiling)

    @cached_property
    def frontier(self) -> np.ndarray:
        """The best true ability of a system so far, (draws, times), units.

        It starts from the level that all readings show, not from the luckiest reading.
        """
        level = self.moved.level
        parts = (level[:, :1] + self.risings.rise, np.maximum.accumulate(level, axis=1))
        return np.asarray(pooled(parts, self._weight(self.weights.frontier))[self.order])

    def next_records(self, t: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Readings that beat the present record, given that one is taken at `t` and does, by either; (draws,) each."""
        at = int(np.clip(np.searchsorted(self.t, t), 1, len(self.t) - 1))
        ours = self.known.record + rises.next_rise(self.risen, self.risings, at, rng)
        return np.sort(ours), np.sort(levels.next_record(self.moved, at, rng))

    def next_record(self, t: float, rng: np.random.Generator) -> np.ndarray:
        """The same, put together by the weights for a record's reading; (draws,), units, in order of size."""
        ours, theirs = self.next_records(t, rng)
        weight = np.interp(12 * (t - self.t[0]), LEADS, self.weights.record)
        return np.asarray(weight * ours + (1 - weight) * theirs)

    def _weight(self, at_leads: tuple[float, ...]) -> np.ndarray:
        return np.interp(12 * (self.t - self.t[0]), LEADS, at_leads)


def forecast(
    known: Readings,
    learnt: Learnt,
    t: np.ndarray,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    pace: Pace | None = None,
    settings: rises.RiseSettings | None = None,
    level: Filtered | None = None,
) -> Headline:
    """Forecast a series from t[0], years since 2024-01-01, on the increasing grid `t`.

    known: readings before t[0], two records at least (ValueError). pace: a belief about the pace now that takes the
    place of the class's. level: the filter's result, where it was run before.
    """
    if known.is_record.sum() < 2:
        raise ValueError(
            f"{len(known)} reading(s) with {int(known.is_record.sum())} record(s); a pace needs at least two records"
        )
    settings = settings or rises.RiseSettings(stops=STOPS)
    level = level or filtered(known)
    cells = own_weights(level, learnt.levels)
    standing = float(cells @ level.stands)
    standing = standing * np.exp(-RESUMES * max(float(t[0]) - level.t, 0.0))
    seen, size = history(known), draws * (MORE if pace else 1)
    risen = rises.posterior(seen, float(t[0]), learnt.rises, settings, rng, draws=size, standing=standing)
    start = levels.now(level, cells, size, rng)
    kept, faster = 1.0, 0.5
    if pace:
        faster = float((risen.rate * risen.mean > pace.median).mean())
        risen, start, kept = by_pace(pace, risen, start, learnt, draws, rng)
    risings = rises.simulate(risen, t - t[0], rng)
    read = reads_of(level, learnt.levels, draws, rng)
    moved = levels.simulate(level, start, known, t, read, rng, stops=settings.stops)
    return Headline(
        t=t,
        known=known,
        standing=float(standing),
        kept=kept,
        faster=faster,
        weights=learnt.weights,
        risen=risen,
        risings=risings,
        moved=moved,
        order=rng.permutation(draws),
    )


def pooled(parts: Sequence[np.ndarray], weight: np.ndarray) -> np.ndarray:
    """Average the quantiles of two sets of paths (draws, times) at each time with `weight` (times,) of the first.

    Rows are ordered from the lowest to the highest; running maxima, since a weight that changes with the lead
    could let a quantile fall.
    """
    first, second = (np.sort(part, axis=0) for part in parts)
    return np.asarray(np.maximum.accumulate(weight * first + (1 - weight) * second, axis=1))
