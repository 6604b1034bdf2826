"""Charts of the self-improvement loop: scenario fans, pace thresholds, what drives the spread, errors by cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from scorecard.charts.style import (
    BAND,
    CORE,
    INK,
    LEVEL,
    TREND,
    Rows,
    dressed,
    inline,
    source_line,
    stamp,
)
from scorecard.records import Drivers, ErrorsAnswer, Fan, PaceAnswer, Span
from scorecard.words import chance_in_words

EXPLORATORY = "Exploratory: assumptions laid over the trend, not fitted to it."
PERCENT = "format(datum.value * 100, '~f') + ' %'"
MOST_DRIVERS = 10
FEWEST = 1e-3  # of flaws, the lower end of a logarithmic axis


def _years(title: str | None = None) -> alt.X:
    return alt.X(
        "day:T",
        title=title,
        axis=alt.Axis(format="%Y", grid=False, labelOverlap=True, tickCount={"interval": "year", "step": 1}),
    )


def scenario_fan(
    fan: Fan,
    without: Fan,
    *,
    as_of: date,
    title: str,
    unit: str,
    sources: Sequence[str],
) -> alt.LayerChart:
    """Quantiles of scenario paths (10 to 90 %, 25 to 75 %, median) and, dashed, the median without the loop."""
    rows = _rows(fan)
    plain = [{"day": stamp(day), "q50": value} for day, value in zip(without.dates, without.q50, strict=True)]
    low = min((row["q10"] for row in rows if row["q10"] > 0), default=0.1)
    y = alt.Y("q50:Q", title=unit, scale=alt.Scale(type="log", domainMin=max(low, 0.05), clamp=True))
    base, x = alt.Chart(inline(rows)), _years()
    end = rows[-1]
    said = (
        f"{title}: in {end['day'][:4]} median {end['q50']:.3g}, 80 % between {end['q10']:.3g} and {end['q90']:.3g} "
        f"{unit}; without the loop the median is {plain[-1]['q50']:.3g}."
    )
    return dressed(
        [
            base.mark_area(color=BAND, fillOpacity=0.75, stroke=CORE, strokeWidth=0.7).encode(
                x=x, y=_at(y, "q10"), y2=alt.Y2("q90:Q")
            ),
            base.mark_area(color=CORE, fillOpacity=0.75, stroke=CORE, strokeWidth=0.7).encode(
                x=x, y=_at(y, "q25"), y2=alt.Y2("q75:Q")
            ),
            base.mark_line(color=TREND, strokeWidth=2).encode(x=x, y=y),
            alt.Chart(inline(plain)).mark_line(color=INK, strokeDash=[5, 4]).encode(x=x, y=y),
        ],
        title=title,
        subtitle=source_line(
            as_of,
            sources,
            key=f"Bands: 80 and 50 % of paths; dashed: median with AI's help as it is today. {EXPLORATORY}",
        ),
        description=said,
    )


def _rows(fan: Fan) -> Rows:
    """Points later than the first, which on a logarithmic axis has no place when it is zero."""
    names = ("q10", "q25", "q50", "q75", "q90")
    quantiles = zip(fan.q10, fan.q25, fan.q50, fan.q75, fan.q90, strict=True)
    found: Rows = [
        {"day": stamp(day), **dict(zip(names, values, strict=True))}
        for day, values in zip(fan.dates, quantiles, strict=True)
    ]
    return [row for row in found if row["q10"] > 0] or found


def _at(y: alt.Y, name: str) -> alt.Y:
    other = y.copy()
    other.shorthand = f"{name}:Q"
    return other


def pace_curves(thresholds: Sequence[PaceAnswer], *, as_of: date, sources: Sequence[str]) -> alt.LayerChart:
    """P(pace threshold met) by date, one line a threshold: with AI as a cause, and dashed the speed alone."""
    rows = [
        {"day": stamp(day), "p": p, "name": one.name, "how": how}
        for one in thresholds
        for how, curve in (("caused by AI", one.cdf.p), ("speed alone", one.cdf.p_speed_alone))
        for day, p in zip(one.cdf.dates, curve, strict=True)
    ]
    names = [one.name for one in thresholds]
    y = alt.Y("p:Q", title="probability", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(labelExpr=PERCENT))
    said = "; ".join(
        f"{one.name}: {chance_in_words(one.cdf.p[-1])} by {one.cdf.dates[-1].year}" for one in thresholds
    )
    return dressed(
        [
            alt.Chart(inline(rows))
            .mark_line(strokeWidth=2)
            .encode(
                x=_years(),
                y=y,
                color=alt.Color(
                    "name:N",
                    sort=names,
                    scale=alt.Scale(domain=names, range=[INK, TREND, CORE]),
                    legend=alt.Legend(columns=1, labelLimit=460),
                ),
                strokeDash=alt.StrokeDash(
                    "how:N",
                    legend=None,
                    scale=alt.Scale(domain=["caused by AI", "speed alone"], range=[[1, 0], [4, 4]]),
                ),
            )
        ],
        title="When loop scenarios meet a pace threshold (weight 0 in the scorecard)",
        subtitle=source_line(
            as_of,
            sources,
            key=f"Solid: with AI's part of the speed-up as asked for; dashed: whoever caused it. {EXPLORATORY}",
        ),
        description=f"Probability that loop scenarios meet a pace threshold, which is not the scorecard's. {said}.",
    )


def drivers(found: Drivers, *, as_of: date, sources: Sequence[str]) -> alt.LayerChart:
    """Total and first-order Sobol indices of each parameter, the largest on top."""
    kept = found.drivers[:MOST_DRIVERS]
    rows: Rows = [
        {
            "parameter": d.parameter.replace("_", " "),
            "total": d.total,
            "first": max(d.first_order, 0.0),
        }
        for d in kept
    ]
    order = [row["parameter"] for row in rows]
    y = alt.Y("parameter:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False))
    x = alt.X(
        "total:Q",
        title="share of the spread",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(labelExpr=PERCENT),
    )
    base = alt.Chart(inline(rows))
    said = "; ".join(f"{row['parameter']} {row['total']:.2f}" for row in rows)
    chart = dressed(
        [
            base.mark_bar(height=14, color=CORE).encode(x=x, y=y),
            base.mark_bar(height=6, color=TREND).encode(x=alt.X("first:Q"), y=y),
        ],
        title=f"What drives the spread: {found.outcome}",
        subtitle=source_line(
            as_of,
            sources,
            key="Wide bar: with its interactions (total Sobol index); narrow bar: by itself (first order).",
        ),
        description=f"Sobol total indices: {said}.",
    )
    return chart.properties(height=alt.Step(24))


def flaws(errors: ErrorsAnswer, *, as_of: date, sources: Sequence[str]) -> alt.LayerChart:
    """Expected undetected flaws after each improvement cycle: median and 80 % of draws."""
    rows = [
        {"cycle": i, "q10": max(low, FEWEST), "q50": max(mid, FEWEST), "q90": max(high, FEWEST)}
        for i, (low, mid, high) in enumerate(
            zip(errors.flaws.q10, errors.flaws.q50, errors.flaws.q90, strict=True)
        )
        if i > 0
    ]
    x = alt.X(
        "cycle:Q", title="improvement cycles from now", axis=alt.Axis(tickMinStep=1, format="d", grid=False)
    )
    y = alt.Y("q50:Q", title="undetected flaws", scale=alt.Scale(type="log"))
    base, end = alt.Chart(inline(rows)), rows[-1]
    monitors = f"{errors.monitors} monitor{'s' * (errors.monitors > 1)}"
    return dressed(
        [
            base.mark_area(color=BAND, fillOpacity=0.75, stroke=CORE, strokeWidth=0.7).encode(
                x=x, y=_at(y, "q10"), y2=alt.Y2("q90:Q")
            ),
            base.mark_line(color=TREND, strokeWidth=2).encode(x=x, y=y),
        ],
        title="Undetected flaws by cycle",
        subtitle=source_line(as_of, sources, key=f"Band: 80 % of draws, {monitors}. {EXPLORATORY}"),
        description=(
            f"Expected undetected flaws after {end['cycle']} cycles: median {end['q50']:.2g}, 80 % between "
            f"{end['q10']:.2g} and {end['q90']:.2g}, with {monitors}."
        ),
    )


def dials(gains: Mapping[str, Span], *, as_of: date, title: str, sources: Sequence[str]) -> alt.LayerChart:
    """Estimates of a number whose critical value is 1 (G, R_e), each with its 80 % interval, on one axis."""
    rows: Rows = [
        {"name": name, "q10": one.q10, "q50": one.q50, "q90": one.q90} for name, one in gains.items()
    ]
    order = list(gains)
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=320, ticks=False, domain=False))
    x = alt.X(
        "q50:Q",
        title="below 1 it fades, at 1 or more it feeds itself",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format="~g"),
    )
    base = alt.Chart(inline(rows))
    limit = alt.Chart(inline([{"one": 1.0}]))
    said = "; ".join(f"{row['name']} {row['q50']:.2f} ({row['q10']:.2f} to {row['q90']:.2f})" for row in rows)
    chart = dressed(
        [
            limit.mark_rule(color=LEVEL, strokeDash=[5, 4]).encode(x=alt.X("one:Q")),
            base.mark_rule(color=CORE, strokeWidth=6).encode(x=alt.X("q10:Q"), x2=alt.X2("q90:Q"), y=y),
            base.mark_point(color=TREND, filled=True, size=90, opacity=1).encode(x=x, y=y),
        ],
        title=title,
        subtitle=source_line(as_of, sources, key=f"Point: median; bar: 80 %. Dashed: 1. {EXPLORATORY}"),
        description=f"{title}: {said}.",
    )
    return chart.properties(height=alt.Step(30))
