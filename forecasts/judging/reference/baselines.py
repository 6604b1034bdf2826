"""What any model has to beat: no change, its own past rises again, and a straight line that is treated fairly.

The line is least squares with the predictive distribution of a textbook, uncertainty of its parameters
included; its records arrive at the series' own rate, and it is told what every other contender is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from forecasts.judging.reference.contender import DRAWS, SeriesQuestion

SINCE = -1.0  # 2023-01-01, from when on METR quotes its trend
FEWEST = 4  # records without which the line takes all there are
BLOCK = 3  # months of past rises that are drawn together


def record_days(question: SeriesQuestion) -> tuple[np.ndarray, np.ndarray]:
    """Days and readings of the records so far, two arrays (records,)."""
    keep = question.known.is_record
    return question.known.t[keep], question.known.y[keep]


@dataclass(frozen=True)
class NoChange:
    """The present record for ever."""

    question: SeriesQuestion

    @property
    def paths(self) -> np.ndarray:
        return np.full((1, len(self.question.t)), self.question.known.record)

    def record(self, t: float) -> np.ndarray:
        del t
        return np.array([self.question.known.record])


@dataclass(frozen=True)
class PastRises:
    """The monthly rises of the series' own record, in blocks of BLOCK months with replacement."""

    question: SeriesQuestion

    @cached_property
    def paths(self) -> np.ndarray:
        known, rng = self.question.known, self.question.rng(1)
        t, y = record_days(self.question)
        ends = self.question.origin - np.arange(int((self.question.origin - t[0]) * 12) + 1)[::-1] / 12
        past = np.array([y[t <= end].max(initial=y[0]) for end in ends])
        rises = np.diff(past)[-24:]
        if len(rises) < BLOCK:
            rises = np.concatenate([np.zeros(BLOCK - len(rises)), rises])
        months = len(self.question.t) - 1
        starts = rng.integers(0, len(rises) - BLOCK + 1, size=(DRAWS, -(-months // BLOCK)))
        drawn = rises[starts[:, :, None] + np.arange(BLOCK)].reshape(DRAWS, -1)[:, :months]
        return np.asarray(
            known.record + np.concatenate([np.zeros((DRAWS, 1)), np.cumsum(drawn, axis=1)], axis=1)
        )

    def record(self, t: float) -> np.ndarray:
        """One past rise above the record that the paths have reached just before `t`, given that one comes."""
        rng = self.question.rng(2)
        _, y = record_days(self.question)
        at = int(np.clip((t - self.question.origin) * 12, 0, len(self.question.t) - 1))
        return np.asarray(self.paths[:, at] + rng.choice(np.diff(y), DRAWS))


@dataclass(frozen=True)
class FairLine:
    """Least squares on the records since `since`, or on the last `last` of them."""

    question: SeriesQuestion
    since: float = SINCE
    last: int = 0

    @cached_property
    def _fitted(self) -> tuple[np.ndarray, np.ndarray]:
        t, y = record_days(self.question)
        if self.last:
            return t[-self.last :], y[-self.last :]
        young = t >= self.since
        return (t[young], y[young]) if young.sum() >= FEWEST else (t, y)

    def _predictive(self, t: float) -> tuple[float, float, int]:
        """Mean, scale and degrees of freedom of the Student distribution of a reading at `t`."""
        x, y = self._fitted
        centre = x.mean()
        spread = ((x - centre) ** 2).sum()
        slope = ((x - centre) * y).sum() / spread
        mean = y.mean() + slope * (t - centre)
        freedom = max(len(x) - 2, 1)
        residual = ((y - y.mean() - slope * (x - centre)) ** 2).sum() / freedom
        scale = np.sqrt(max(residual, 1e-4) * (1 + 1 / len(x) + (t - centre) ** 2 / spread))
        return float(mean), float(scale), freedom

    @cached_property
    def paths(self) -> np.ndarray:
        x, y = self._fitted
        rng, known = self.question.rng(3), self.question.known
        freedom = max(len(x) - 2, 1)
        centre, spread = x.mean(), ((x - x.mean()) ** 2).sum()
        slope = ((x - centre) * y).sum() / spread
        residual = max(((y - y.mean() - slope * (x - centre)) ** 2).sum(), 1e-4 * freedom)
        sigma = np.sqrt(residual / rng.chisquare(freedom, DRAWS))[:, None]
        level = y.mean() + sigma / np.sqrt(len(x)) * rng.standard_normal((DRAWS, 1))
        slopes = slope + sigma / np.sqrt(spread) * rng.standard_normal((DRAWS, 1))
        times = self.question.t[1:]
        days, _ = record_days(self.question)
        rate = len(days) / max(self.question.origin - days[0], 0.25)
        count = rng.poisson(rate / 12, size=(DRAWS, len(times)))
        u = rng.random((DRAWS, len(times)))
        with np.errstate(divide="ignore"):  # the best of `count` standard normals
            best = np.where(count > 0, stats.norm.ppf(u ** (1 / np.maximum(count, 1))), -np.inf)
        readings = level + slopes * (times - centre) + sigma * best
        started = np.concatenate([np.full((DRAWS, 1), known.record), readings], axis=1)
        return np.asarray(np.maximum.accumulate(started, axis=1))

    def record(self, t: float) -> np.ndarray:
        mean, scale, freedom = self._predictive(t)
        below = stats.t.cdf((self.question.known.record - mean) / scale, freedom)
        u = below + (1 - below) * (np.arange(DRAWS) + 0.5) / DRAWS
        drawn = mean + scale * stats.t.ppf(np.minimum(u, 1 - 1e-9), freedom)
        return np.asarray(np.maximum(drawn, self.question.known.record))
