"""Charts of oversight and of public goals: how far from each bar, and what was promised for when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt

from scorecard.charts.style import (
    CORE,
    EDGE,
    GREY,
    INK,
    LEVEL,
    TREND,
    Rows,
    cut,
    dressed,
    inline,
    source_line,
    stamp,
)
from scorecard.thresholds.milestones import MilestoneRow
from scorecard.thresholds.oversight import Standing
from scorecard.words import chance_in_words, day_in_words

PERCENT = "format(datum.value * 100, '~f') + ' %'"
KINDS = {"goal": "goal", "forecast": "forecast"}
MOST = 24
LATEST = date(2040, 12, 31)


def race(found: Sequence[Standing], *, as_of: date, sources: Sequence[str]) -> alt.LayerChart:
    """P(a further set-up is at the bar today) and P(capability crosses before the bar is reached), by indicator."""
    rows: Rows = [
        {
            "name": cut(one.indicator.name, 60),
            "value": value,
            "what": what,
        }
        for one in found
        if one.indicator is not None and one.p_at_bar is not None
        for what, value in (("at the bar today", one.p_at_bar), ("capability comes first", one.p_late))
        if value is not None
    ]
    order = list(dict.fromkeys(row["name"] for row in rows))
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=330, ticks=False, domain=False))
    x = alt.X(
        "value:Q",
        title="probability",
        scale=alt.Scale(domain=[0, 1], padding=EDGE),
        axis=alt.Axis(labelExpr=PERCENT),
    )
    words = ["at the bar today", "capability comes first"]
    said = "; ".join(f"{row['name']}, {row['what']}: {chance_in_words(row['value'])}" for row in rows)
    chart = dressed(
        [
            alt.Chart(inline(rows))
            .mark_point(filled=True, size=90, opacity=1)
            .encode(
                x=x,
                y=y,
                color=alt.Color("what:N", scale=alt.Scale(domain=words, range=[TREND, LEVEL])),
                shape=alt.Shape("what:N", scale=alt.Scale(domain=words, range=["circle", "diamond"])),
            )
        ],
        title="Is oversight at its bar, and will it be before capability?",
        subtitle=source_line(
            as_of, sources, key="Bars are proposals of this project. One to five readings each."
        ),
        description=f"Oversight against its bars. {said}.",
    )
    return chart.properties(height=alt.Step(24))


def promises(rows: Sequence[MilestoneRow], *, as_of: date) -> alt.LayerChart:
    """Goals and forecasts by the day they name, those to come first; what has an outcome is filled."""
    kept = [r for r in rows if r.by and r.by <= LATEST and r.outlook.kind != "observation"][:MOST]
    data = [
        {
            "day": stamp(r.by),
            "label": f"{cut(r.outlook.who, 28)}: {cut(r.event.name, 52)}",
            "outcome": r.outcome,
            "state": "resolved"
            if r.outcome in ("happened", "not happened")
            else "declared"
            if r.outcome == "declared"
            else "open",
        }
        for r in kept
        if r.by is not None
    ]
    states = ["resolved", "declared", "open"]
    order = list(dict.fromkeys(row["label"] for row in data))
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=430, ticks=False, domain=False))
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(padding=EDGE),
        axis=alt.Axis(format="%Y", labelOverlap=True, tickCount={"interval": "year", "step": 1}),
    )
    today = (
        alt.Chart(inline([{"day": stamp(as_of)}]))
        .mark_rule(color=GREY, strokeDash=[4, 4])
        .encode(x=alt.X("day:T"))
    )
    said = "; ".join(f"{row['label']}, {row['day'][:10]}, {row['outcome']}" for row in data)
    chart = dressed(
        [
            today,
            alt.Chart(inline(data))
            .mark_point(filled=True, size=90, opacity=1)
            .encode(
                x=x,
                y=y,
                color=alt.Color("state:N", scale=alt.Scale(domain=states, range=[INK, LEVEL, CORE])),
                shape=alt.Shape(
                    "state:N", scale=alt.Scale(domain=states, range=["square", "diamond", "circle"])
                ),
            ),
        ],
        title="What was promised or predicted for when",
        subtitle=source_line(
            as_of, ("the statements listed below",), key="Targets, and medians of forecasts up to 2040."
        ),
        description=f"Public goals and forecasts as of {day_in_words(as_of)}. {said}.",
    )
    return chart.properties(height=alt.Step(22))
