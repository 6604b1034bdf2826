"""Readings as people hold they should be: contamination, cheating, under-elicitation; the published value stays.

An adjustment is proposed by one person and counts once another has adopted it (scorecard/governance/proposals.py):
then forecasts read the adjusted value from that day on, and every page shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from scorecard.records import Adjustment, Measurement, Ruling, Subject
from scorecard.store import View

MARK = "adjusted"


def key_of(one: Measurement | Adjustment) -> tuple[object, ...]:
    """What an adjustment and the reading it is about have in common: the reading's key."""
    return tuple(getattr(one, name) for name in Measurement.KEY)


def standing(view: View) -> dict[tuple[object, ...], tuple[Adjustment, Ruling]]:
    """By the reading's key, the adjustment that was adopted last and not taken back, with its ruling."""
    rulings = {ruling.about: ruling for ruling in view.all(Ruling)}
    found: dict[tuple[object, ...], tuple[Adjustment, Ruling]] = {}
    for one in view.all(Adjustment):
        ruling = rulings.get(Subject.of(one))
        if ruling is not None and ruling.ruling == "adopted":
            found[key_of(one)] = (one, ruling)
    return found


def readings(view: View, **where: Any) -> list[Measurement]:
    """What counts: every reading known, the adjusted ones in place of the published, which bear the mark `adjusted`.

    `where` picks readings by their fields, as in `View.all`.
    """
    return adjusted(published_readings(view, **where), standing(view))


def published_readings(view: View, **where: Any) -> list[Measurement]:
    """Readings as their sources publish them, whatever was adopted: to import, to adjust, to show, to bind."""
    return view.all(Measurement, **where)


def ever_counted(view: View, **where: Any) -> list[Measurement]:
    """Every reading that counts or counted once: the published ones, then what stands in the place of some since.

    For forecasts from the past, which know a reading as it was published until somebody adopts another value.
    """
    published = published_readings(view, **where)
    return [*published, *(m for m in adjusted(published, standing(view)) if m not in published)]


def adjusted(
    measurements: Iterable[Measurement],
    standing: Mapping[tuple[object, ...], tuple[Adjustment, Ruling]],
) -> list[Measurement]:
    """The same readings with what stands put in; such a reading is known since it was ruled on.

    An interval that the adjustment does not give moves with the value, in proportion. An adjustment of a reading that
    its source had revised by then changes nothing: the newer vintage counts.
    """
    every, found = list(measurements), []
    revised: dict[tuple[object, ...], list[Measurement]] = {}
    if standing:
        for m in every:
            revised.setdefault(m.subject, []).append(m)
    for m in every:
        held = standing.get(key_of(m))
        if held is None or _superseded(m, revised[m.subject], held[1]):
            found.append(m)
            continue
        one, ruling = held
        moved = one.value / m.value if m.value else 1.0
        low, high = (
            given if given is not None else None if end is None else end * moved
            for given, end in ((one.low, m.low), (one.high, m.high))
        )
        found.append(
            replace(
                m,
                value=one.value,
                low=low,
                high=high,
                known_at=max(m.known_at, ruling.known_at),
                marks=(*m.marks, MARK),
            )
        )
    return found


def _superseded(m: Measurement, vintages: Iterable[Measurement], ruling: Ruling) -> bool:
    """Whether a newer vintage of a reading was known when somebody ruled on its adjustment."""
    return any(
        (m.known_at, m.vintage) < (other.known_at, other.vintage) and other.known_at <= ruling.known_at
        for other in vintages
    )
