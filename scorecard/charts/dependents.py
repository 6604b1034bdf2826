"""Charts of one system and of one source: where the system stands on each indicator, and what rests on the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from scorecard.charts.layout.labels import room_beside
from scorecard.charts.style import CORE, EDGE, GREY, INK, PAGE, TREND, Rows, cut, dressed, inline, source_line
from scorecard.evidence.readings.rankings import Ranking
from scorecard.words import day_in_words, title_of, value_in_words

STATES = ("best of all", "best when released", "behind")
PERCENT = "format(datum.value * 100, '~f') + ' %'"


def ranking_chart(
    found: Sequence[Ranking], *, as_of: date, name: str, sources: Sequence[str] = ()
) -> alt.LayerChart:
    """The share of other systems that one system is level with or ahead of, a line an indicator.

    `name` is the system's; `sources` are titles. Indicators that no other system has are left out.
    """
    rows: Rows = [
        {
            "name": cut(one.indicator.name, 60),
            "share": one.share,
            "said": value_in_words(one.reading.value, one.indicator.unit),
            "others": f"{one.behind} of {one.others}",
            "state": STATES[0] if one.leads else STATES[1] if one.led else STATES[2],
        }
        for one in sorted(found, key=lambda one: -(one.share or 0))
        if one.share is not None
    ]
    y = alt.Y(
        "name:N",
        sort=[row["name"] for row in rows],
        title=None,
        axis=alt.Axis(labelLimit=330, ticks=False, domain=False, grid=True),
    )
    x = alt.X(
        "share:Q",
        title="share of other systems not ahead of it",
        scale=alt.Scale(domain=[0, 1], padding=EDGE),
        axis=alt.Axis(labelExpr=PERCENT, grid=False),
    )
    said = "; ".join(f"{row['name']} {row['said']}, ahead of {row['others']}, {row['state']}" for row in rows)
    base = alt.Chart(inline(rows))
    chart = dressed(
        [
            base.mark_point(size=90, strokeWidth=1.5, opacity=1).encode(
                x=x,
                y=y,
                stroke=alt.StrokeValue(INK),
                fill=alt.Fill("state:N", scale=alt.Scale(domain=STATES, range=[TREND, CORE, PAGE])),
                shape=alt.Shape(
                    "state:N", scale=alt.Scale(domain=STATES, range=["diamond", "square", "circle"])
                ),
                tooltip=[
                    alt.Tooltip("name:N", title="indicator"),
                    alt.Tooltip("said:N", title="reading"),
                    alt.Tooltip("others:N", title="ahead of"),
                    alt.Tooltip("state:N", title="standing"),
                ],
            )
        ],
        title=f"Where {name} stands",
        subtitle=source_line(as_of, sources, key="Its furthest fitted reading beside every other system's."),
        description=f"Where {name} stands among other systems as of {day_in_words(as_of)}. "
        f"{said or 'No other system has a reading of the same indicators'}.",
    )
    return chart.properties(height=alt.Step(24))


def rests(counts: Mapping[str, int], *, as_of: date, source: str) -> alt.LayerChart:
    """How many records of each kind name a source; `counts` is by table of the record, `source` the title."""
    rows: Rows = [{"kind": title_of(table), "count": count} for table, count in counts.items()]
    y = alt.Y("kind:N", sort="-x", title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=220))
    x = alt.X(
        "count:Q",
        title="records",
        axis=alt.Axis(tickMinStep=1),
        scale=room_beside(list(counts.values()), [str(count) for count in counts.values()]),
    )
    base = alt.Chart(inline(rows))
    said = "; ".join(f"{row['kind']} {row['count']}" for row in rows)
    chart = dressed(
        [
            base.mark_bar(height=14, color=CORE, stroke=GREY, strokeWidth=0.5).encode(x=x, y=y),
            base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(
                x=x, y=y, text=alt.Text("count:Q")
            ),
        ],
        title="What rests on this source",
        subtitle=source_line(as_of, [source]),
        description=f"Records that rest on {source} as of {day_in_words(as_of)}: {said or 'none'}.",
    )
    return chart.properties(height=alt.Step(24))
