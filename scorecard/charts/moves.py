"""How a chance and a date moved, as charts by the day of the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from scorecard.charts.style import (
    BAND,
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


def months(runs: Sequence[ForecastRun], *, as_of: date, name: str) -> alt.LayerChart:
    """The median and 80 % interval of a crossing date, by the day it was forecast as of; oldest first.

    An end beyond the horizon is drawn at the horizon. The grey line is where forecast and present day meet.
    """
    drawn = sorted((r for r in runs if r.publishable), key=lambda r: r.as_of)
    rows: Rows = [
        {
            "day": stamp(r.as_of),
            "q10": stamp(r.quoted.q10 or r.quoted.horizon),
            "q50": stamp(r.quoted.q50 or r.quoted.horizon),
            "q90": stamp(r.quoted.q90 or r.quoted.horizon),
        }
        for r in drawn
    ]
    x = _days(drawn)
    y = alt.Y("q50:T", title="crossed", axis=alt.Axis(format="%Y"))
    base = alt.Chart(inline(rows))
    layers: list[Any] = [
        base.mark_area(color=BAND, line=False).encode(
            x=x, y=alt.Y("q10:T", title="crossed"), y2=alt.Y2("q90:T")
        ),
        base.mark_line(color=TREND, strokeWidth=2, point={"color": INK, "size": 30}).encode(x=x, y=y),
        base.mark_line(color=GREY, strokeDash=[2, 3]).encode(x=x, y=alt.Y("day:T")),
    ]
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
            key="Line: median; band: 80 % interval; grey: crossed on the day itself.",
        ),
        description=told,
    )


def _days(drawn: Sequence[ForecastRun]) -> alt.X:
    """The axis of the days on record: months, each once; days where they span fewer than two months."""
    long = bool(drawn) and (drawn[-1].as_of - drawn[0].as_of).days > 62
    every: Any = {"interval": "month", "step": 1} if long else alt.Undefined
    axis = alt.Axis(format="%b %Y" if long else "%d %b", tickCount=every, labelOverlap=True, grid=False)
    return alt.X("day:T", title="as of", axis=axis)


def chance_history(
    runs: Sequence[ForecastRun], events: Sequence[tuple[date, str]] = (), *, as_of: date, name: str
) -> alt.LayerChart:
    """The chance of a crossing within 12 months, by the day it was forecast as of; the last one is named.

    `events`, what was found or decided on a day, stand as dotted lines where forecasts lie on both sides.
    """
    drawn = sorted((r for r in runs if r.publishable), key=lambda r: r.as_of)
    between = [(on, words) for on, words in events if drawn and drawn[0].as_of <= on <= drawn[-1].as_of]
    marks: Rows = [{"day": stamp(on), "what": words} for on, words in sorted(between)]
    rows: Rows = [
        {
            "day": stamp(r.as_of),
            "p": r.quoted.p_12_months,
            "method": "sampled" if r.model == POOL else "quick",
            "run": r.id[:12],
            "label": chance_in_words(r.quoted.p_12_months) if r is drawn[-1] else "",
        }
        for r in drawn
    ]
    x = _days(drawn)
    y = alt.Y(
        "p:Q",
        title="chance within 12 months",
        scale=alt.Scale(domainMin=0, nice=True),
        axis=alt.Axis(labelExpr="format(datum.value * 100, '~f') + ' %'"),
    )
    base = alt.Chart(inline(rows))
    fill = alt.Fill("method:N", scale=alt.Scale(domain=["sampled", "quick"], range=[INK, PAGE]), legend=None)
    tooltip = [
        alt.Tooltip("day:T", title="as of", format="%d %B %Y"),
        alt.Tooltip("p:Q", title="chance", format=".1%"),
        alt.Tooltip("method:N", title="forecast"),
        alt.Tooltip("run:N", title="run"),
    ]
    what = [alt.Tooltip("day:T", title="on", format="%d %B %Y"), alt.Tooltip("what:N", title="what")]
    layers: list[Any] = [
        alt.Chart(inline(marks))
        .mark_rule(color=GREY, strokeDash=[2, 3], strokeWidth=2)
        .encode(x=x, tooltip=what),
        base.mark_line(color=TREND, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(size=45, stroke=INK, opacity=1).encode(x=x, y=y, fill=fill, tooltip=tooltip),
        base.mark_text(align="right", dy=-11, fontSize=11, color=INK).encode(x=x, y=y, text="label:N"),
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
            key=f"{key} Dotted: what was found or decided." if marks else key,
        ),
        description=told,
    )


def _month(run: ForecastRun) -> str:
    day = run.quoted.q50
    return month_in_words(day) if day else "beyond the horizon"
