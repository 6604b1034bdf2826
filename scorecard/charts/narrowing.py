"""Chart of what to measure next: by how many months each result would cut the expected error of a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import room_beside
from scorecard.charts.style import CORE, GREY, INK, Rows, cut, dressed, inline, source_line
from scorecard.words import day_in_words


def narrowing(
    options: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, as_of: date, name: str
) -> alt.LayerChart:
    """Months by criterion and kind of result, weighted as the criterion is, the most telling first.

    `options` are those of forecasts/runs/planning.py that were not refused; `names` indicator id to name; `name` is the
    threshold's.
    """
    rows: Rows = [
        {
            "option": cut(f"{o['kind']}: {names.get(o['indicator'], o['indicator'])}", 70),
            "months": max(12 * o["weighted_narrowing_years"], 0.0),
            "said": f"{12 * o['narrowing_years']:.1f} of {12 * o['error_now_years']:.0f} months",
            "weight": o["weight"],
        }
        for o in options
    ]
    order = [row["option"] for row in sorted(rows, key=lambda row: -row["months"])]
    y = alt.Y("option:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=380))
    ends = [row["months"] for row in rows]
    x = alt.X(
        "months:Q",
        title="months off the expected error",
        scale=room_beside(ends, [f"{end:.1f}" for end in ends]),
    )
    base = alt.Chart(inline(rows))
    tips = [
        alt.Tooltip("option:N", title="result"),
        alt.Tooltip("said:N", title="of this criterion's date"),
        alt.Tooltip("weight:Q", title="weight of the criterion"),
    ]
    chart = dressed(
        [
            base.mark_bar(height=12, color=CORE, stroke=GREY, strokeWidth=0.5).encode(x=x, y=y, tooltip=tips),
            base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(
                x=x, y=y, text=alt.Text("months:Q", format=".1f")
            ),
        ],
        title=f"What would narrow the date of {name}",
        subtitle=source_line(
            as_of,
            [],
            key="Times the weight of the criterion. Simulated over the posterior; nothing is refitted.",
        ),
        description=f"Months off the expected error of the date of {name}, as of {day_in_words(as_of)}: "
        + ("; ".join(f"{row['option']} {row['months']:.1f}" for row in rows) or "nothing could be weighed")
        + ".",
    )
    return chart.properties(height=alt.Step(20))
