"""Charts of the automation of staff: sources reconciled, adoption ahead, and when work gets cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor

import altair as alt

from scorecard.charts.loop import EXPLORATORY
from scorecard.charts.style import (
    BAND,
    CORE,
    EDGE,
    GREY,
    INK,
    LEVEL,
    TREND,
    cut,
    dressed,
    inline,
    names_of,
    source_line,
    stamp,
)
from scorecard.records import AdoptionAhead, CostAnswer, UpliftAnswer
from scorecard.words import title_of

KINDS = {
    "trial": "trial",
    "self_report": "self-report",
    "judgement": "judgement",
    "output_count": "count of output",
}
BOUNDS = {"exact": "", "at_most": " (at most)", "at_least": " (at least)"}
TIMES = "format(datum.value, '~g') + '×'"


def reconciled(
    uplift: UpliftAnswer, *, as_of: date, titles: Mapping[str, str] | None = None
) -> alt.LayerChart:
    """Every source as published (cross), freed of its kind's bias (point and 80 % bar), and the latent value (band).

    `titles` maps source ids to titles.
    """
    rows = [
        {
            "label": f"{s.on:%Y-%m}  {cut(s.name, 42)}{BOUNDS[s.bound]}",
            "kind": KINDS[s.kind],
            "published": s.published,
            "low": s.freed[0],
            "mid": s.freed[1],
            "high": s.freed[2],
            "from": s.latent[0],
            "latent": s.latent[1],
            "to": s.latent[2],
        }
        for s in uplift.sources
    ]
    order = [str(row["label"]) for row in rows]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=360, ticks=False, domain=False))
    scale = alt.Scale(type="log", domain=[0.5, 10], clamp=True)
    axis = alt.Axis(labelExpr=TIMES, values=[0.5, 1, 1.5, 2, 4, 8])
    x = alt.X("mid:Q", title="times as fast as without AI", scale=scale, axis=axis)
    base = alt.Chart(inline(rows))
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(KINDS.values()), range=[LEVEL, TREND, INK, GREY]), title=None
    )
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS.values()), range=["diamond", "circle", "square", "triangle-up"]),
        title=None,
    )
    said = "; ".join(
        f"{r['label']}: said {r['published']:.2f}, freed {r['mid']:.2f}, latent {r['latent']:.2f}"
        for r in rows
    )
    chart = dressed(
        [
            base.mark_bar(color=BAND, height=16, stroke=CORE, strokeWidth=0.7).encode(
                x=alt.X("from:Q", scale=scale, axis=axis), x2=alt.X2("to:Q"), y=y
            ),
            base.mark_tick(color=TREND, thickness=2, size=16, opacity=1).encode(
                x=alt.X("latent:Q", scale=scale, axis=axis), y=y
            ),
            base.mark_rule(strokeWidth=2).encode(
                x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"), y=y, color=colour
            ),
            base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
            base.mark_point(shape="cross", size=60, color=INK).encode(
                x=alt.X("published:Q", scale=scale, axis=axis), y=y
            ),
        ],
        title="One multiplier behind sources that disagree",
        subtitle=source_line(
            as_of,
            names_of((s.source for s in uplift.sources), titles),
            key="Cross: as published. Point and bar: freed of its kind's bias (80 %). Box: the latent value on "
            f"that day (80 %). {EXPLORATORY}",
        ),
        description=f"Multiplier of research work by AI. {said}.",
    )
    return chart.properties(height=alt.Step(26))


def adoption_chart(
    found: Sequence[AdoptionAhead], names: Mapping[str, str], *, as_of: date, sources: Sequence[str]
) -> alt.LayerChart:
    """Shares ahead, a line and an 80 % band a series; `names` maps indicators to names."""
    rows = [
        {
            "day": stamp(day),
            "q10": low,
            "q50": mid,
            "q90": high,
            "name": names.get(one.indicator, one.indicator),
        }
        for one in found
        for day, low, mid, high in zip(one.dates, one.q10, one.q50, one.q90, strict=True)
    ]
    base = alt.Chart(inline(rows))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", grid=False, labelOverlap=True, tickCount=6))
    percent = alt.Axis(labelExpr="format(datum.value, '~f') + ' %'")
    lowest = min((low for one in found for low in one.q10), default=0.0)
    scale = alt.Scale(domain=[10 * floor(lowest / 10), 100])
    y = alt.Y("q50:Q", title=None, scale=scale, axis=percent)
    legend = alt.Legend(columns=1, labelLimit=460, symbolOpacity=1)
    named = list(dict.fromkeys(str(row["name"]) for row in rows))
    colours = alt.Scale(domain=named, range=[TREND, LEVEL, INK, GREY, CORE][: len(named)])
    colour = alt.Color("name:N", legend=legend, scale=colours)
    said = "; ".join(
        f"{names.get(one.indicator, one.indicator)} {one.q50[-1]:.0f} % by {one.dates[-1]}" for one in found
    )
    return dressed(
        [
            base.mark_area(fillOpacity=0.15).encode(
                x=x,
                y=alt.Y("q10:Q", scale=scale, axis=percent, title=None),
                y2=alt.Y2("q90:Q"),
                color=colour,
            ),
            *(
                base.mark_line(strokeWidth=0.8).encode(
                    x=x,
                    y=alt.Y(f"{end}:Q", scale=scale, axis=percent, title=None),
                    color=colour,
                )
                for end in ("q10", "q90")
            ),
            base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour),
            base.mark_point(filled=True, opacity=1).encode(
                x=x, y=y, color=colour, shape=alt.Shape("name:N", legend=legend)
            ),
        ],
        title="Shares of the work, ahead",
        subtitle=source_line(
            as_of, sources, key=f"Fitted on the log-odds scale, the slope fading within a year. {EXPLORATORY}"
        ),
        description=f"Shares of work done by AI, median: {said}.",
    )


def cheaper(costs: Sequence[CostAnswer], *, as_of: date, horizon: date) -> alt.LayerChart:
    """When each stage of work becomes cheaper by AI at equal quality: 10, 50 and 90 %; arrows run past the horizon."""
    rows = [
        {
            "stage": title_of(c.stage),
            "q10": stamp(c.cheaper.q10 or horizon),
            "q50": stamp(c.cheaper.q50 or horizon),
            "q90": stamp(c.cheaper.q90 or horizon),
        }
        for c in costs
    ]
    order = [row["stage"] for row in sorted(rows, key=lambda r: r["q50"])]
    y = alt.Y("stage:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False))
    base = alt.Chart(inline(rows))
    scale = alt.Scale(padding=EDGE)
    axis = alt.Axis(format="%Y", grid=True, labelOverlap=True, tickCount={"interval": "year", "step": 1})
    said = "; ".join(
        f"{row['stage']} {row['q50'][:7]} ({row['q10'][:7]} to {row['q90'][:7]})" for row in rows
    )
    chart = dressed(
        [
            base.mark_rule(color=CORE, strokeWidth=6).encode(
                x=alt.X("q10:T", axis=axis, title=None, scale=scale), x2=alt.X2("q90:T"), y=y
            ),
            base.mark_point(color=TREND, filled=True, size=90, opacity=1).encode(
                x=alt.X("q50:T", axis=axis, title=None, scale=scale), y=y
            ),
        ],
        title="When work by AI becomes cheaper than by staff, at equal quality",
        subtitle=source_line(
            as_of,
            (),
            key=f"Point: median; bar: 80 %. Lengths of tasks and checking are assumptions. {EXPLORATORY}",
        ),
        description=f"Month in which a stage becomes cheaper by AI, median and 80 %: {said}.",
    )
    return chart.properties(height=alt.Step(30))
