"""How a chance and a date moved, as charts by the day of the forecast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import Name, Names, Taken, arranged, name_layer
from scorecard.charts.layout.times import (
    HAPPENED,
    Occasion,
    TimeSpan,
    event_layers,
    event_names,
    foot_taken,
    marks_of,
    time_axis,
)
from scorecard.charts.layout.times import SIZE as EVENT_SIZE
from scorecard.charts.style import (
    BAND,
    CORE,
    GREY,
    INK,
    PAGE,
    TREND,
    Rows,
    dressed,
    inline,
    source_line,
    stamp,
)
from scorecard.records import POOL, ForecastRun
from scorecard.words import chance_in_words, day_in_words, month_in_words

TOPS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # where an axis of chances may end
ABOVE = timedelta(
    days=6 * 365
)  # over the latest median: a band that ends far later would flatten how the date moved
FOOT = 0.12  # of the plot's height, left for what happened


def months(
    runs: Sequence[ForecastRun], events: Iterable[Occasion] = (), *, as_of: date, name: str
) -> alt.LayerChart:
    """The median and 80 % interval of a crossing date, by the day it was forecast as of; oldest first.

    An end beyond the horizon is drawn at the horizon. The dotted line is where forecast and present day meet;
    `events` are marked along the axis of the days.
    """
    drawn = sorted((r for r in runs if r.publishable), key=lambda r: r.as_of)
    ends = [[day or r.quoted.horizon for day in (r.quoted.q10, r.quoted.q50, r.quoted.q90)] for r in drawn]
    rows: Rows = [
        {"day": stamp(r.as_of), **dict(zip(("q10", "q50", "q90"), map(stamp, days), strict=True))}
        for r, days in zip(drawn, ends, strict=True)
    ]
    span = _days(drawn, as_of)
    shown = [day for days in ends for day in days] + [span.start, span.end]
    top = min(max(shown), max((days[1] for days in ends), default=span.end) + ABOVE)
    up = TimeSpan(min(shown) - (top - min(shown)) * FOOT, top)
    x = _days_axis(span)
    scale, axis = up.scale(), time_axis(up, grid=True)
    y = alt.Y("q50:T", title="crossed", scale=scale, axis=axis)
    base = alt.Chart(inline(rows))
    happened = marks_of(events, span, stamp(up.start))
    (named,) = arranged(
        Names(names=event_names(happened, span), apart=170.0, size=EVENT_SIZE),
        taken=[
            *(
                Taken(x=span.share(r.as_of), y=1 - up.share(days[1]))
                for r, days in zip(drawn, ends, strict=True)
            ),
            *foot_taken(happened, span),
        ],
    )
    layers: list[Any] = [
        base.mark_area(color=BAND, stroke=CORE, strokeWidth=1, clip=True).encode(
            x=x, y=alt.Y("q10:T", title="crossed", scale=scale, axis=axis), y2=alt.Y2("q90:T")
        ),
        base.mark_line(color=TREND, strokeWidth=2, clip=True).encode(x=x, y=y),
        base.mark_point(color=INK, size=45, filled=True, opacity=1, clip=True).encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("day:T", title="as of", format="%d %B %Y"),
                *(
                    alt.Tooltip(f"{q}:T", title=words, format="%B %Y")
                    for q, words in (("q10", "10 %"), ("q50", "median"), ("q90", "90 %"))
                ),
            ],
        ),
        base.mark_line(color=GREY, strokeDash=[2, 3], clip=True).encode(
            x=x, y=alt.Y("day:T", title="crossed", scale=scale, axis=axis)
        ),
        *event_layers(happened, named, span, x, y),
    ]
    beyond = " (it runs on above)" if top < max(shown) else ""
    key = f"Line: median; band: 80 % interval{beyond}; dotted: crossed on the day itself."
    told = f"Crossing dates of {name} by the day of the forecast."
    if drawn:
        first, last = drawn[0], drawn[-1]
        told += (
            f" As of {day_in_words(first.as_of)} the median was {_month(first)}; as of {day_in_words(last.as_of)} "
            f"it is {_month(last)}."
        )
    return dressed(
        layers,
        title=f"{name}: how the date moved",
        subtitle=source_line(
            as_of,
            [f"{len(drawn)} forecast runs"],
            key=f"{key} {HAPPENED}" if happened else key,
        ),
        description=told,
    )


def _days(drawn: Sequence[ForecastRun], as_of: date) -> TimeSpan:
    """The days on record, with a little air so that the first and the last mark are whole."""
    first, last = (drawn[0].as_of, drawn[-1].as_of) if drawn else (as_of, as_of)
    air = max((last - first) / 40, timedelta(days=1))
    return TimeSpan(first - air, last + air)


def _days_axis(span: TimeSpan) -> alt.X:
    return alt.X("day:T", title="as of", scale=span.scale(), axis=time_axis(span))


def chance_history(
    runs: Sequence[ForecastRun], events: Iterable[Occasion] = (), *, as_of: date, name: str
) -> alt.LayerChart:
    """The chance of a crossing within 12 months, by the day it was forecast as of; the last one is named.

    `events`, what was found, decided, published or revised, are marked along the axis of the days.
    """
    drawn = sorted((r for r in runs if r.publishable), key=lambda r: r.as_of)
    span = _days(drawn, as_of)
    marks = marks_of(events, span, 0.0)
    rows: Rows = [
        {
            "day": stamp(r.as_of),
            "p": r.quoted.p_12_months,
            "method": "sampled" if r.model == POOL else "quick",
            "run": r.id[:12],
        }
        for r in drawn
    ]
    x = _days_axis(span)
    top = next((limit for limit in TOPS if limit >= 1.12 * max((row["p"] for row in rows), default=0.0)), 1.0)
    y = alt.Y(
        "p:Q",
        title="chance within 12 months",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(labelExpr="format(datum.value * 100, '~f') + ' %'", tickCount=5),
    )
    base = alt.Chart(inline(rows))
    fill = alt.Fill("method:N", scale=alt.Scale(domain=["sampled", "quick"], range=[INK, PAGE]), legend=None)
    tooltip = [
        alt.Tooltip("day:T", title="as of", format="%d %B %Y"),
        alt.Tooltip("p:Q", title="chance", format=".1%"),
        alt.Tooltip("method:N", title="forecast"),
        alt.Tooltip("run:N", title="run"),
    ]
    at = [(span.share(r.as_of), 1 - r.quoted.p_12_months / top, r) for r in drawn]
    newest = [
        Name(
            text=chance_in_words(r.quoted.p_12_months),
            x=there,
            y=height,
            row={"day": stamp(r.as_of), "p": r.quoted.p_12_months},
        )
        for there, height, r in at[-1:]
    ]
    told_last, happened = arranged(
        Names(names=newest, size=11),
        Names(names=event_names(marks, span), apart=170.0, size=EVENT_SIZE),
        taken=[*(Taken(x=there, y=height) for there, height, _ in at), *foot_taken(marks, span)],
    )
    layers: list[Any] = [
        base.mark_line(color=TREND, strokeWidth=2, clip=True).encode(x=x, y=y),
        base.mark_point(size=45, stroke=INK, opacity=1, clip=True).encode(
            x=x, y=y, fill=fill, tooltip=tooltip
        ),
        *event_layers(marks, happened, span, x, y),
        name_layer(told_last, x, y, called="last", span=span.ms, size=11),
    ]
    told = f"Chance that {name} is crossed within 12 months, by the day of the forecast."
    if drawn:
        first, last = (
            f"as of {day_in_words(r.as_of)} it {was} {chance_in_words(r.quoted.p_12_months)}"
            for r, was in ((drawn[0], "was"), (drawn[-1], "is"))
        )
        told += f" A{first[1:]}; {last}."
    key = "Filled: sampled; hollow: by the quick method."
    return dressed(
        layers,
        title=f"{name}: how the chance moved",
        subtitle=source_line(
            as_of,
            [f"{len(drawn)} forecast runs"],
            key=f"{key} {HAPPENED}" if marks else key,
        ),
        description=told,
    )


def _month(run: ForecastRun) -> str:
    day = run.quoted.q50
    return month_in_words(day) if day else "beyond the horizon"
