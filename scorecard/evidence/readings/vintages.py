"""Which of several published readings of one value counts: the latest one known."""

from __future__ import annotations

from collections.abc import Iterable

from scorecard.records import Measurement


def current(measurements: Iterable[Measurement]) -> list[Measurement]:
    """One reading per indicator, system, condition and day: the vintage that became known last.

    Pass what was known at a moment (`readings(view)`); the order of first appearance is kept.
    """
    latest: dict[tuple[object, ...], Measurement] = {}
    for m in measurements:
        what = m.subject
        kept = latest.get(what)
        if kept is None or (m.known_at, m.vintage) >= (kept.known_at, kept.vintage):
            latest[what] = m
    return list(latest.values())
