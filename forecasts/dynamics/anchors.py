"""Where the loop starts from: the readings on record that its equations need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scorecard.evidence.readings.vintages import current
from scorecard.records import Measurement

HORIZON = "metr_p80_horizon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The best 80 % time horizon on record in minutes, the day and the source of that reading."""

    horizon_minutes: float
    horizon_on: date
    source: str


def anchors(measurements: Iterable[Measurement], as_of: date) -> Anchors:
    """The starting point on a day; ValueError when no time horizon was known by then."""
    known = [
        m
        for m in current(measurements)
        if m.indicator == HORIZON and m.main and m.bound == "exact" and m.observed_on <= as_of
    ]
    if not known:
        raise ValueError(
            f"no {HORIZON} was known on {as_of}, so the loop has no starting point; pick a later day"
        )
    best = max(known, key=lambda m: m.value)
    return Anchors(horizon_minutes=best.value, horizon_on=best.observed_on, source=best.source)
