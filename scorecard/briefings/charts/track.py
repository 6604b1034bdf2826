"""Charts of how forecasts have done: scores by model, and how often intervals held what happened."""

from __future__ import annotations

from datetime import date

import altair as alt
import numpy as np

from scorecard.briefings.charts.style import CORE, GREY, INK, TREND, dressed, inline, source_line
from scorecard.briefings.words import title_of
from scorecard.records import TrackRecord

AGAIN = "measured again"
LEVELS = tuple(round(0.1 * i, 1) for i in range(1, 10))


def track_scores(track: TrackRecord, *, as_of: date, name: str) -> alt.LayerChart:
    """Mean CRPS of each model, best on top; baselines and shapes in grey, what is shown to users in colour."""
    rows = [
        {
            "model": title_of(row["model"]),
            "crps": row["crps"],
            "kind": "shown" if row["model"] == "equal pool" else "other",
        }
        for row in track.scores
        if row["basis"] == AGAIN
    ]
    order = [row["model"] for row in rows]
    x = alt.X("crps:Q", title="mean CRPS, standard units (lower is better)", scale=alt.Scale(zero=True))
    y = alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=["shown", "other"], range=[TREND, CORE]), legend=None)
    base = alt.Chart(inline(rows))
    said = "; ".join(f"{row['model']} {row['crps']:.2f}" for row in rows)
    chart = dressed(
        [
            base.mark_bar(height=14).encode(x=x, y=y, color=colour),
            base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(
                x=x, y=y, text=alt.Text("crps:Q", format=".2f")
            ),
        ],
        title="How far forecasts were from what happened",
        subtitle=source_line(
            as_of, [_made_by(track)], key="Dark: the combination that is shown everywhere else."
        ),
        description=f"Mean CRPS of forecasts of {name}, lower is better: {said}.",
    )
    return chart.properties(height=alt.Step(24))


def track_coverage(
    track: TrackRecord, *, as_of: date, name: str, model: str = "equal pool"
) -> alt.LayerChart:
    """The share of outcomes inside central intervals of each level; on the diagonal when calibrated."""
    pit = np.asarray(track.calibration.get(model, []), dtype=float)
    rows = [
        {"level": level, "held": float((np.abs(pit - 0.5) <= level / 2).mean()) if len(pit) else None}
        for level in LEVELS
    ]
    percent = "format(datum.value * 100, '~f') + ' %'"
    x = alt.X("level:Q", title="interval", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(labelExpr=percent))
    y = alt.Y(
        "held:Q", title="held what happened", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(labelExpr=percent)
    )
    diagonal = alt.Chart(inline([{"level": 0, "held": 0}, {"level": 1, "held": 1}]))
    base = alt.Chart(inline(rows))
    said = "; ".join(
        f"{row['level']:.0%} interval {row['held']:.0%}" for row in rows if row["held"] is not None
    )
    return dressed(
        [
            diagonal.mark_line(color=GREY, strokeDash=[4, 4]).encode(x=x, y=y),
            base.mark_line(color=TREND, strokeWidth=2).encode(x=x, y=y),
            base.mark_point(color=TREND, size=60, filled=True, opacity=1).encode(x=x, y=y),
        ],
        title="How often intervals held what happened",
        subtitle=source_line(
            as_of,
            [_made_by(track)],
            key="Above the dashed line intervals were too wide, below it too narrow.",
        ),
        description=f"Share of outcomes inside central intervals of the {model} for {name}: {said}.",
    )


def _made_by(track: TrackRecord) -> str:
    return f"backtest {track.id[:12]}, {track.records} records"
