"""Thresholds that developers did find crossed, and what a forecast made days before would have said.

The crossings on record are the first outcomes that forecasts of thresholds can be scored on. A forecast of an earlier
day reads only evidence known by then; criteria and priors are those of today, so a score flatters a criterion that was
written after the crossing. Where too little evidence was public by then, that is the result: no forecast could be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scorecard.records import Determination, ForecastRun
from scorecard.thresholds.pooling import brier, log_score

DAYS_BEFORE = (30, 90, 180)
CROSSED = ("crossed", "precautionary")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingForecast:
    """One crossing seen from one earlier day: `by_then` is P(crossed by the day it was found crossed).

    `already` is P(crossed by the origin); both are None where no forecast could be made, and `reason` says why.
    """

    crossing: Determination
    origin: date
    days_before: int
    already: float | None
    by_then: float | None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The score as plain values; Brier and log score of `by_then`, lower is better."""
        p = self.by_then
        return {
            "threshold": self.crossing.threshold,
            "developer": self.crossing.developer,
            "system": self.crossing.system,
            "finding": self.crossing.finding,
            "crossed_on": self.crossing.determined_on.isoformat(),
            "origin": self.origin.isoformat(),
            "days_before": self.days_before,
            "already": self.already,
            "by_then": p,
            "brier": None if p is None else brier(p, True),
            "log": None if p is None else log_score(p, True),
            "reason": self.reason,
        }


def first_crossings(
    determinations: Iterable[Determination], thresholds: Iterable[str]
) -> list[Determination]:
    """The finding by which each of some thresholds was first found crossed, or treated so, in order of days."""
    wanted = set(thresholds)
    first: dict[str, Determination] = {}
    for d in sorted(determinations, key=lambda d: (d.determined_on, d.id)):
        if d.threshold in wanted and d.finding in CROSSED:
            first.setdefault(d.threshold, d)
    return sorted(first.values(), key=lambda d: (d.determined_on, d.threshold))


def score_crossings(
    crossings: Sequence[Determination],
    forecast: Callable[[str, date], ForecastRun | None],
    days_before: Sequence[int] = DAYS_BEFORE,
) -> list[CrossingForecast]:
    """Each crossing from each earlier day; `forecast` makes a threshold's run of a day, None without any evidence."""
    return [
        _one(crossing, days, forecast(crossing.threshold, crossing.determined_on - timedelta(days=days)))
        for crossing in crossings
        for days in days_before
    ]


def _one(crossing: Determination, days: int, run: ForecastRun | None) -> CrossingForecast:
    origin = crossing.determined_on - timedelta(days=days)
    if run is None:
        reason = "none of the series that measure it was public by then"
    elif not run.publishable:
        reason = run.refusal or "too few readings were public by then"
    else:
        return CrossingForecast(
            crossing=crossing,
            origin=origin,
            days_before=days,
            already=run.quoted.p_by(origin),
            by_then=run.quoted.p_by(crossing.determined_on),
        )
    return CrossingForecast(
        crossing=crossing, origin=origin, days_before=days, already=None, by_then=None, reason=reason
    )
