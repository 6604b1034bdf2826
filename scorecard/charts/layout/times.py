"""Axes of time, and what happened along them: each event a mark on the axis, a few of them named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import Name, Taken, name_layer
from scorecard.charts.style import GREY, PAGE, Rows, cut, inline, stamp
from scorecard.words import day_in_words

KINDS = ("decision", "finding", "framework", "readings")  # the first are named first
HAPPENED = "Triangles: what was published, found or decided."
DAY_MS = 86_400_000
MARK = 5.0  # pixels from the middle of an event's mark to its edge
CLOSE = 1 / 90  # of the axis: events nearer to each other share a mark
NAMED = 6  # of the events on an axis, how many are tried for a name
LONGEST = 34  # characters of a name beside a mark
SIZE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What happened on a day: its kind (one of `KINDS`), a name of a few words, and the whole of it."""

    on: date
    kind: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time axis from one day to another."""

    start: date
    end: date

    @property
    def ms(self) -> float:
        """Its length in milliseconds, as the chart language counts."""
        return max((self.end - self.start).days, 1) * DAY_MS

    def share(self, day: date) -> float:
        """Where a day lies on it, from 0 to 1."""
        return (day - self.start).days / max((self.end - self.start).days, 1)

    def at(self, share: float) -> date:
        """The day at a share of it."""
        return self.start + (self.end - self.start) * share

    def scale(self) -> alt.Scale:
        """The chart language's scale, from the first day to the last."""
        return alt.Scale(domain=[stamp(self.start), stamp(self.end)], nice=False)


def years(span: TimeSpan, field: str = "day") -> alt.X:
    """An axis of years, or of months where it spans less than two years."""
    return alt.X(f"{field}:T", title=None, scale=span.scale(), axis=time_axis(span))


def time_axis(span: TimeSpan, **given: Any) -> alt.Axis:
    """Ticks that a reader can name: years, months below two of them, days below two months."""
    days = (span.end - span.start).days
    every, format = ("year", "%Y") if days > 730 else ("month", "%b %Y") if days > 62 else ("day", "%d %b")
    count: Any = {"interval": every, "step": 1} if every != "day" else 6
    return alt.Axis(format=format, tickCount=count, labelOverlap=True, **({"grid": False} | given))


def marks_of(events: Iterable[Occasion], span: TimeSpan, foot: Any) -> Rows:
    """What happened within the axis, oldest first; what lies too close to be pointed at apart shares a mark.

    `foot` is the value at the foot of the plot, where the marks stand.
    """
    within = sorted((e for e in events if span.start <= e.on <= span.end), key=lambda e: e.on)
    apart = timedelta(days=(span.end - span.start).days * CLOSE)
    groups: list[list[Occasion]] = []
    for event in within:
        if groups and event.on - groups[-1][0].on <= apart:
            groups[-1].append(event)
        else:
            groups.append([event])
    return [{**_mark(group), "foot": foot} for group in groups]


def _mark(group: Sequence[Occasion]) -> dict[str, Any]:
    first = min(group, key=lambda e: KINDS.index(e.kind))
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    return {
        "day": stamp(group[0].on),
        "what": "; ".join(f"{day_in_words(e.on)}: {e.words}" if len(group) > 1 else e.words for e in group),
        "kind": first.kind,
        "name": f"{cut(first.name, LONGEST)}{more}",
    }


def event_names(rows: Rows, span: TimeSpan) -> list[Name]:
    """Names for events, the weightiest and newest first; `rows` as `marks_of` makes them."""
    ranked = sorted(rows, key=lambda row: (KINDS.index(row["kind"]), -_share(row, span)))
    return [
        Name(
            text=row["name"],
            x=_share(row, span),
            y=1.0,
            row={"day": row["day"], "foot": row["foot"]},
            reach=2 * MARK,
        )
        for row in ranked[:NAMED]
    ]


def foot_taken(rows: Rows, span: TimeSpan) -> list[Taken]:
    """The places that marks along the foot take."""
    return [Taken(x=_share(row, span), y=1.0, reach=2 * MARK) for row in rows]


def event_layers(rows: Rows, named: Rows, span: TimeSpan, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Marks along the foot of the plot, told to the pointer, and the names that have room."""
    if not rows:
        return []
    height = y.copy()
    height.shorthand = f"foot:{y.shorthand.rpartition(':')[2]}"
    tooltip = [alt.Tooltip("day:T", title="on", format="%d %B %Y"), alt.Tooltip("what:N", title="what")]
    marks = alt.Chart(inline(rows)).mark_point(
        shape="triangle-up",
        size=60,
        stroke=GREY,
        fill=PAGE,
        strokeWidth=1.5,
        opacity=1,
        yOffset=-MARK,
        clip=True,
    )
    names = name_layer(named, x, height, called="happened", span=span.ms, size=SIZE, color=GREY)
    return [marks.encode(x=x, y=height, tooltip=tooltip), names]


def _share(row: Mapping[str, Any], span: TimeSpan) -> float:
    return span.share(date.fromisoformat(row["day"][:10]))
