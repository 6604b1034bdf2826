"""The order of the levels that one framework version sets in one category."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scorecard.records import Criterion, Determination, Threshold

NAMED = ("low", "moderate", "medium", "high", "critical")


def rank(level: str) -> tuple[int, int] | None:
    """Where a level stands among its kind: a named one by its name, a numbered one by its number; None for others."""
    words = level.casefold().split()
    for place, name in enumerate(NAMED):
        if name in words:
            return (0, place)
    number = re.search(r"\d+", level)
    return (1, int(number.group())) if number else None


def next_level(threshold: Threshold, thresholds: Iterable[Threshold]) -> str:
    """The level that follows in the same framework version and category, or an empty text.

    Levels whose names differ in more than their number (such as acceleration and automation) do not follow on each
    other.
    """
    own = rank(threshold.level)
    if own is None or threshold.route_of:  # routes stand beside each other
        return ""
    above = [
        (found, t.level)
        for t in thresholds
        if _place(t) == _place(threshold)
        and (found := rank(t.level)) is not None
        and found[0] == own[0]
        and found > own
        and (own[0] == 0 or _stem(t.level) == _stem(threshold.level))
    ]
    return min(above)[1] if above else ""


def measured_by(
    threshold: Threshold, criteria: Iterable[Criterion], thresholds: Iterable[Threshold]
) -> tuple[Criterion, ...]:
    """The criteria that a threshold is forecast by: its own, then those of the thresholds that are a route of it."""
    listed = list(criteria)
    routes = [t.id for t in thresholds if t.route_of == threshold.id]
    own = [c for c in listed if c.threshold == threshold.id]
    return (*own, *(c for route in routes for c in listed if c.threshold == route))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What a forecast of one threshold reads of what is held and found: `shown` are the criteria it is measured by.

    criteria: those, and the ones of the level below, before which it is never crossed. findings: on all these levels.
    """

    shown: tuple[Criterion, ...]
    criteria: tuple[Criterion, ...]
    findings: tuple[Determination, ...]


def reads(
    threshold: Threshold,
    criteria: Sequence[Criterion],
    thresholds: Sequence[Threshold],
    findings: Iterable[Determination],
) -> Reads:
    """What a forecast of a threshold reads, from the criteria in use, all thresholds and all findings of a day."""
    lower = below(threshold, thresholds)
    levels = [threshold, *([lower] if lower else [])]
    named = {one.id for one in levels} | {t.id for t in thresholds for one in levels if t.route_of == one.id}
    shown = measured_by(threshold, criteria, thresholds)
    under = measured_by(lower, criteria, thresholds) if lower else ()
    return Reads(
        shown=shown,
        criteria=(*shown, *under),
        findings=tuple(d for d in findings if d.threshold in named),
    )


def below(threshold: Threshold, thresholds: Iterable[Threshold]) -> Threshold | None:
    """The level that this one follows, if there is one."""
    every = list(thresholds)
    for one in every:
        same = (one.framework, one.version, one.category) == (
            threshold.framework,
            threshold.version,
            threshold.category,
        )
        if same and one.id != threshold.id and next_level(one, every) == threshold.level:
            return one
    return None


def _place(threshold: Threshold) -> tuple[str, str, str]:
    return threshold.framework, threshold.version, threshold.category


def _stem(level: str) -> str:
    """A numbered level's name without its number and what stands in brackets."""
    return re.sub(r"\(.*?\)|\d+", "", level).strip().casefold()
