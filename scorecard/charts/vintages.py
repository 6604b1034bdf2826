"""One published value in its vintages: how it moved from one publication to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from scorecard.charts.scales import domain, value_axis
from scorecard.charts.style import GREY, INK, PAGE, Rows, dressed, inline, names_of, source_line, stamp
from scorecard.records import Indicator, Measurement
from scorecard.words import value_in_words

MOST_SYSTEMS = 14


def vintages(
    indicator: Indicator,
    measurements: Sequence[Measurement],
    systems: Mapping[str, str],
    *,
    as_of: date | None = None,
    sources: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """How one published value moved: a row a system that has several vintages, oldest hollow, newest filled.

    Systems with one vintage are left out; of the rest the furthest ahead are drawn. `as_of` defaults
    to the day the newest vintage became known.
    """
    groups: dict[tuple[str, str, str, date], list[Measurement]] = defaultdict(list)
    for m in measurements:
        groups[m.subject].append(m)
    revised = [sorted(g, key=lambda m: (m.known_at, m.vintage)) for g in groups.values() if len(g) > 1]
    revised.sort(key=lambda g: g[-1].value, reverse=indicator.direction == "higher")
    revised = revised[:MOST_SYSTEMS]
    rows: Rows = []
    for group in revised:
        name = systems.get(group[0].system, group[0].system)
        if group[0].condition:
            name = f"{name} ({group[0].condition})"
        for m in group:
            age = "newest" if m is group[-1] else "first" if m is group[0] else "between"
            said = value_in_words(m.value, indicator.unit)
            rows.append(
                {
                    "system": name,
                    "value": m.value,
                    "said": said,
                    "vintage": m.vintage,
                    "age": age,
                    "known": stamp(m.known_at),
                }
            )
    low, high = domain(indicator, [row["value"] for row in rows])
    scale, axis = value_axis(indicator, low, high)
    order = list(dict.fromkeys(row["system"] for row in rows))
    y = alt.Y("system:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, grid=True, ticks=False))
    x = alt.X("value:Q", scale=scale, axis=axis)
    base = alt.Chart(inline(rows))
    span = base.mark_line(color=GREY, strokeWidth=1.2).encode(x=x, y=y, detail=alt.Detail("system:N"))
    ages = ["first", "between", "newest"]
    marks = base.mark_point(size=70, strokeWidth=1.4, opacity=1, stroke=INK).encode(
        x=x,
        y=y,
        shape=alt.Shape("age:N", scale=alt.Scale(domain=ages, range=["circle", "stroke", "circle"])),
        fill=alt.Fill("age:N", scale=alt.Scale(domain=ages, range=[PAGE, PAGE, INK])),
        tooltip=[
            alt.Tooltip("system:N"),
            alt.Tooltip("said:N", title="value"),
            alt.Tooltip("vintage:N"),
            alt.Tooltip("known:T", title="known from", format="%d %B %Y"),
        ],
    )
    day = as_of or max((m.known_at for m in measurements), default=date.min)
    words = "; ".join(
        f"{systems.get(g[0].system, g[0].system)} from {value_in_words(g[0].value, indicator.unit)} to "
        f"{value_in_words(g[-1].value, indicator.unit)} over {len(g)} vintages"
        for g in revised
    )
    return dressed(
        [span, marks],
        title=f"{indicator.name}: the same value by vintage",
        subtitle=source_line(day, names_of((m.source for m in measurements), sources)),
        description=f"{indicator.name} as published over time. {words or 'No value was revised'}.",
    )
