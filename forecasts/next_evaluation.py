"""Which evaluation next: how much one more result would narrow the date on which a threshold is crossed.

Expected information by simulation over the posterior (preposterior analysis): from every posterior draw the next
result is simulated, draws are grouped by what they would have shown, and the error of the best date inside the groups
is what would be left, on average, once the result is in. Nothing is refitted; that a result also tells shapes apart
is counted, since a group keeps more draws of the shape that foresaw it. Never below zero but for simulation error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.crossing import first_passage, level_draws
from forecasts.fit import first_forecast
from forecasts.paths import Paths, simulate
from forecasts.prior_sets import Priors
from forecasts.series import SeriesError, series, years
from forecasts.shapes import get_shape
from scorecard.records import Criterion, Indicator, Measurement, System

LATEST = date(2040, 12, 31)  # later dates count as this one: beyond it nobody plans an evaluation
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
    """Pooled draws of one criterion: crossing time in years, the frontier soon, its error, the level; (draws,)."""

    time: np.ndarray
    frontier: np.ndarray
    error: float
    level: np.ndarray


def options(
    indicator: Indicator,
    measurements: Sequence[Measurement],
    systems: Sequence[System],
    criteria: Sequence[Criterion],
    priors: Priors,
    *,
    as_of: date,
    seed: int,
) -> list[Option]:
    """Every kind of result on one indicator for each of its criteria; SeriesError when it cannot carry a trend."""
    points = series(indicator, measurements, as_of=as_of, systems=systems)
    fits = [
        first_forecast(get_shape(name), points, priors, seed=seed, draws=2000)
        for name, weight in priors.settings.weights.items()
        if weight > 0
    ]
    paths = [simulate(fit, priors.settings, as_of=as_of, seed=seed) for fit in fits]
    found: list[Option] = []
    for criterion in criteria:
        try:
            one = _simulated(paths, criterion, seed=seed)
        except SeriesError:
            continue  # a level without a place on the scale has no date that could be narrowed
        found += _priced(one, criterion, indicator, as_of=as_of, seed=seed)
    return found


def _simulated(paths: Sequence[Paths], criterion: Criterion, *, seed: int) -> Simulated:
    times, soon, levels = [], [], []
    for one in paths:
        level = level_draws(one, criterion, seed=seed)
        times.append(first_passage(one, level, seed=seed))
        at = min(int(np.searchsorted(one.t, one.t[one.now] + SEEN_AFTER)), len(one.t) - 1)
        soon.append(one.in_link(one.frontier[:, at]))
        levels.append(one.in_link(level))
    points = paths[0].fit.problem.series
    published = (points.s_low + points.s_high)[-5:] / 2
    known = published[published > 0]
    scatter = float(
        np.median(paths[0].in_link(paths[0].fit.parameters["scatter"]) - paths[0].in_link(np.zeros(1)))
    )
    return Simulated(
        time=np.concatenate(times), frontier=np.concatenate(soon), level=np.concatenate(levels),
        error=float(np.median(known)) if len(known) else max(scatter, 1e-6),
    )  # fmt: skip


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
            threshold=criterion.threshold, criterion=criterion.id, indicator=indicator.id, kind=kind, error_now=now,
            error_after=expected_error(time, result),
        )
        for kind, result in shown.items()
    ]  # fmt: skip


def best_error(time: np.ndarray) -> float:
    """Expected years by which the best single date, the median, is off."""
    return float(np.abs(time - np.median(time)).mean())


def expected_error(time: np.ndarray, result: np.ndarray, groups: int = GROUPS) -> float:
    """The same, on average over groups of draws that would have shown about the same result."""
    order = np.argsort(result, kind="stable")
    parts = np.array_split(time[order], groups)
    return float(np.average([best_error(part) for part in parts], weights=[len(part) for part in parts]))
