"""What happened around a threshold or an indicator, to be marked along the time axes of their charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import streamlit as st

from scorecard.charts.layout.times import Occasion
from scorecard.records import Framework, Indicator, Measurement
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import month_in_words, title_of, value_in_words
from screens.frame.record import Evidence, Opened


def around(
    row: ScorecardRow, known: Evidence, indicators: Iterable[Indicator], as_of: date
) -> list[Occasion]:
    """What the developer found, what was decided, versions of the framework, and readings as they were published."""
    found = [
        Occasion(
            on=one.on,
            kind="finding",
            name=f"{one.system or one.developer}: {title_of(one.kind).lower()}",
            words=f"{one.developer} on {one.system}: {title_of(one.kind).lower()}",
        )
        for one in row.timeline
    ]
    decided = [
        Occasion(on=one.known_at, kind="decision", name="decided", words=f"Decided: {one.decision}")
        for one in row.decisions
    ]
    versions = [
        Occasion(
            on=one.effective_on,
            kind="framework",
            name=f"version {one.version}",
            words=f"{one.name}, version {one.version} in force",
        )
        for one in _versions(Opened.of(Store()), as_of)
        if one.id == row.framework.id
    ]
    read = [one for indicator in indicators for one in published(indicator, known)]
    return [one for one in (*found, *decided, *versions, *read) if one.on <= as_of]


def published(indicator: Indicator, known: Evidence) -> list[Occasion]:
    """The days on which readings of an indicator became known, each with the best of them where it led from then on."""
    by_day: dict[date, list[Measurement]] = defaultdict(list)
    for m in known.measurements.get(indicator.id, ()):
        by_day[m.known_at].append(m)
    sign = 1 if indicator.direction == "higher" else -1
    led, found = float("-inf"), []
    for day, group in sorted(by_day.items()):
        newest = max(m.vintage for m in group)
        words = f"{indicator.name}: {len(group)} reading{'s' * (len(group) > 1)}, vintage {newest}"
        name = f"readings of {month_in_words(day)}"
        counted = [m for m in group if m.main and m.bound == "exact"]
        best = max(counted, key=lambda m: sign * m.value, default=None)
        if best is not None and sign * best.value > led:
            led, name = sign * best.value, known.systems.get(best.system, best.system)
            words += f"; best so far {value_in_words(best.value, indicator.unit)} by {name}"
        found.append(Occasion(on=day, kind="readings", name=name, words=words))
    return found


@st.cache_data(show_spinner=False, max_entries=4)
def _versions(opened: Opened, day: date) -> list[Framework]:
    with Store(opened.address).view(as_of=day) as known:
        return known.all(Framework)
