"""Which evaluation next: how much one more result would narrow the date on which a threshold is crossed.

Expected information by simulation over the posterior (preposterior analysis): from every posterior draw the next
result is simulated, draws are grouped by what they would have shown, and the error of the best date inside the groups
is what would be left, on average, once the result is in. Nothing is refitted; that a result also tells paces apart
is counted, since a group keeps more of the worlds that foresaw it. Never below zero but for simulation error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dates.worlds import Worlds
from forecasts.priors.sets import Priors
from forecasts.series import SeriesError, years
from forecasts.sparse.level import UNSTATED
from forecasts.worlds.building import Asked, worlds
from scorecard.records import Criterion, Indicator, Measurement, System

LATEST = date(2040, 12, 31)  # later dates count as this one: beyond it nobody plans an evaluation
DRAWS = 4096  # worlds
GROUPS = 25  # by quantiles of the simulated result
SEEN_AFTER = 0.25  # years from the as-of day at which the next result is taken to come
KINDS = {
    "new system": "the best system of the next three months, measured with the usual error",
    "sharper re-test": "the same with a quarter of the usual error: more tasks, more attempts",
    "level agreed": "no measurement: the meeting agrees where the level lies",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One result that could be bought: the expected error of the best date now and after it, in years."""

    threshold: str
    criterion: str
    indicator: str
    kind: str
    error_now: float
    error_after: float

    @property
    def narrowing(self) -> float:
        """By how much the expected error of the best date would fall, in years."""
        return self.error_now - self.error_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Worlds of one criterion: crossing time in years, the frontier soon, its error, the level; (draws,)."""

    time: np.ndarray
    frontier: np.ndarray
    error: float
    level: np.ndarray


def options(
    indicator: Indicator,
    indicators: Mapping[str, Indicator],
    measurements: Sequence[Measurement],
    systems: Sequence[System],
    criteria: Sequence[Criterion],
    priors: Priors,
    *,
    as_of: date,
    seed: int,
) -> list[Option]:
    """Every kind of result on one indicator for each of its criteria; SeriesError when nothing can be said of it.

    indicators, measurements: all on record, since some indicators are read beside others.
    """
    asked = Asked(
        indicators=indicators,
        measurements=measurements,
        systems=systems,
        as_of=as_of,
        seed=seed,
        paces=priors.settings.paces,
        halts=priors.settings.halts,
        size=DRAWS,
    )
    shared = worlds(asked, [indicator.id])
    if indicator.id in shared.refused:
        raise SeriesError(shared.refused[indicator.id])
    found: list[Option] = []
    for criterion in criteria:
        try:
            one = _simulated(shared, criterion)
        except SeriesError:
            continue  # a level without a place on the scale has no date that could be narrowed
        found += _priced(one, criterion, indicator, as_of=as_of, seed=seed)
    return found


def _simulated(shared: Worlds, criterion: Criterion) -> Simulated:
    ours = shared.indicators[criterion.indicator]
    at = min(int(np.searchsorted(ours.t, ours.t[0] + SEEN_AFTER)), len(ours.t) - 1)
    published = (ours.series.s_low + ours.series.s_high)[-5:] / 2
    known = published[published > 0]
    return Simulated(
        time=shared.times(criterion),
        frontier=ours.value[:, at],
        level=shared.draws.height(ours.series, criterion),
        error=float(np.median(known)) if len(known) else UNSTATED,
    )


def _priced(
    one: Simulated, criterion: Criterion, indicator: Indicator, *, as_of: date, seed: int
) -> list[Option]:
    rng = np.random.default_rng([seed, 53, *criterion.id.encode()])
    time = np.clip(one.time, years(as_of), years(LATEST))
    noise = one.error * rng.standard_normal(len(time))
    shown = {
        "new system": one.frontier + noise,
        "sharper re-test": one.frontier + 0.25 * noise,
        "level agreed": one.level,
    }
    now = best_error(time)
    return [
        Option(
            threshold=criterion.threshold,
            criterion=criterion.id,
            indicator=indicator.id,
            kind=kind,
            error_now=now,
            error_after=expected_error(time, result),
        )
        for kind, result in shown.items()
    ]


def best_error(time: np.ndarray) -> float:
    """Expected years by which the best single date, the median, is off."""
    return float(np.abs(time - np.median(time)).mean())


def expected_error(time: np.ndarray, result: np.ndarray, groups: int = GROUPS) -> float:
    """The same, on average over groups of draws that would have shown about the same result."""
    order = np.argsort(result, kind="stable")
    parts = np.array_split(time[order], groups)
    return float(np.average([best_error(part) for part in parts], weights=[len(part) for part in parts]))
