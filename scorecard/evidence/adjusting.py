"""Readings as people hold they should be: contamination, cheating, under-elicitation; the published value stays.

An adjustment is proposed by one person and counts once another has adopted it (scorecard/governance/proposals.py):
then forecasts read the adjusted value from that day on, and every page shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scorecard.records import Adjustment, Measurement, Ruling
from scorecard.store import View

MARK = "adjusted"


def key_of(one: Measurement | Adjustment) -> tuple[object, ...]:
    """What an adjustment and the reading it is about have in common: the reading's key."""
    return tuple(getattr(one, name) for name in Measurement.KEY)


def standing(view: View) -> dict[tuple[object, ...], tuple[Adjustment, Ruling]]:
    """By the reading's key, the adjustment that was adopted last and not taken back, with its ruling."""
    rulings = {ruling.subject: ruling for ruling in view.all(Ruling)}
    found: dict[tuple[object, ...], tuple[Adjustment, Ruling]] = {}
    for one in view.all(Adjustment):
        ruling = rulings.get(f"{Adjustment.TABLE}/{one.id}")
        if ruling is not None and ruling.ruling == "adopted":
            found[key_of(one)] = (one, ruling)
    return found


def readings(view: View) -> list[Measurement]:
    """Every reading known, the adjusted ones in place of the published; each of those bears the mark `adjusted`."""
    return adjusted(view.all(Measurement), standing(view))


def adjusted(
    measurements: Iterable[Measurement],
    standing: Mapping[tuple[object, ...], tuple[Adjustment, Ruling]],
) -> list[Measurement]:
    """The same readings with what stands put in; such a reading is known since it was ruled on.

    An interval that the adjustment does not give moves with the value, in proportion.
    """
    found = []
    for m in measurements:
        held = standing.get(key_of(m))
        if held is None:
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
                m, value=one.value, low=low, high=high, known_at=max(m.known_at, ruling.known_at),
                marks=(*m.marks, MARK),
            )
        )  # fmt: skip
    return found
