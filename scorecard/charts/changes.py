"""What changed a probability, as steps from the earlier value to the later one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import room_beside
from scorecard.charts.style import CORE, INK, LEVEL, PAGE, TREND, dressed, inline, source_line
from scorecard.words import chance_in_words, day_in_words

KINDS = ("then and now", "up", "down")


def waterfall(
    before: float, parts: Mapping[str, float], after: float, *, by: date, since: date, until: date, name: str
) -> alt.LayerChart:
    """Steps from P(crossed by a day) at `since` to that at `until`: each part in turn, then what they leave.

    Probabilities 0 to 1; `parts` in the order in which they were taken.
    """
    steps = {**parts, "remainder": after - before - sum(parts.values())}
    rows: list[dict[str, Any]] = [
        _bar(f"on {day_in_words(since)}", 0.0, before, KINDS[0], chance_in_words(before))
    ]
    level = before
    for label, part in steps.items():
        kind = KINDS[1] if part >= 0 else KINDS[2]
        rows.append(_bar(label, level, level + part, kind, f"{100 * part:+.1f} points"))
        level += part
    rows.append(_bar(f"on {day_in_words(until)}", 0.0, after, KINDS[0], chance_in_words(after)))
    percent = "format(datum.value * 100, '~f') + ' %'"
    y = alt.Y(
        "label:N",
        sort=[str(row["label"]) for row in rows],
        title=None,
        axis=alt.Axis(labelLimit=220, ticks=False),
    )
    x = alt.X(
        "low:Q",
        title=f"P(crossed by {day_in_words(by)})",
        axis=alt.Axis(labelExpr=percent),
        scale=room_beside([float(row["high"]) for row in rows], [str(row["words"]) for row in rows], 12),
    )
    # What falls is hollow: a grey copy shows no other difference between the colours.
    fill = alt.Fill("kind:N", scale=alt.Scale(domain=list(KINDS), range=[CORE, TREND, PAGE]), title=None)
    edge = alt.Stroke("kind:N", scale=alt.Scale(domain=list(KINDS), range=[CORE, TREND, LEVEL]), title=None)
    base = alt.Chart(inline(rows))
    said = "; ".join(f"{row['label']} {row['words']}" for row in rows)
    chart = dressed(
        [
            base.mark_bar(height=18, strokeWidth=1.5).encode(
                x=x, x2=alt.X2("high:Q"), y=y, fill=fill, stroke=edge
            ),
            base.mark_text(align="left", dx=6, fontSize=12, color=INK).encode(
                x=alt.X("high:Q"), y=y, text=alt.Text("words:N")
            ),
        ],
        title="What changed, and why",
        subtitle=source_line(
            until, [], key="Refitted along a path on which one thing changes at a time, in this order."
        ),
        description=f"P(crossed by {day_in_words(by)}) of {name}: {said}.",
    )
    return chart.properties(height=alt.Step(30))


def _bar(label: str, start: float, end: float, kind: str, words: str) -> dict[str, Any]:
    return {"label": label, "low": min(start, end), "high": max(start, end), "kind": kind, "words": words}
