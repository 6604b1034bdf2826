"""How a date moved from month to month, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from scorecard.charts.style import BAND, GREY, INK, TREND, Rows, dressed, inline, source_line, stamp
from scorecard.records import ForecastRun
from scorecard.words import day_in_words, month_in_words


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
    x = alt.X("day:T", title="as of", axis=alt.Axis(format="%b %Y", labelOverlap=True, grid=False))
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


def _month(run: ForecastRun) -> str:
    day = run.quoted.q50
    return month_in_words(day) if day else "beyond the horizon"
