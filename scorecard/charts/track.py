"""Charts of how forecasts have done: scores by model, how often intervals held, and chances that came true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import altair as alt
import numpy as np

from scorecard.charts.layout.labels import Name, Names, Taken, arranged, name_layer, room_beside
from scorecard.charts.style import CORE, GREY, INK, LEVEL, TREND, Rows, dressed, inline, source_line
from scorecard.records import TrackRecord
from scorecard.thresholds.quoted.league import ScoredForecast
from scorecard.thresholds.quoted.outcomes import Reliability, live
from scorecard.words import percent, title_of

PERCENT = "format(datum.value * 100, '~f') + ' %'"
AGAIN = "measured again"
LEVELS = tuple(round(0.1 * i, 1) for i in range(1, 10))

SHARES = (-0.03, 1.05)  # of an axis of shares, so that points at 0 and 100 % are whole
FIFTHS = [0.2 * i for i in range(6)]
OF_CLASS = "backtest of the reference class, reconstructed"


def track_scores(track: TrackRecord, *, as_of: date, name: str) -> alt.LayerChart:
    """Mean CRPS of each model, best on top; what is shown to users in a stronger colour than the rest."""
    rows: Rows = [
        {
            "model": title_of(row.model),
            "crps": row.crps,
            "kind": "shown" if row.model == "equal pool" else "other",
        }
        for row in track.scores
        if row.basis == AGAIN
    ]
    order = [row["model"] for row in rows]
    ends = [row["crps"] for row in rows]
    x = alt.X(
        "crps:Q",
        title="mean CRPS, standard units (lower is better)",
        scale=room_beside(ends, [f"{end:.2f}" for end in ends]),
    )
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
            as_of, [_made_by(track)], key="The stronger bar: the combination that is shown everywhere else."
        ),
        description=f"Mean CRPS of forecasts of {name}, lower is better: {said}.",
    )
    return chart.properties(height=alt.Step(24))


def track_coverage(
    track: TrackRecord, *, as_of: date, name: str, model: str = "equal pool"
) -> alt.LayerChart:
    """The share of outcomes inside central intervals of each level; on the diagonal when calibrated."""
    pit = np.asarray(track.calibration.get(model, ()), dtype=float)
    rows = [
        {"level": level, "held": float((np.abs(pit - 0.5) <= level / 2).mean()) if len(pit) else None}
        for level in LEVELS
    ]
    scale, axis = alt.Scale(domain=list(SHARES), nice=False), alt.Axis(labelExpr=PERCENT, values=FIFTHS)
    x = alt.X("level:Q", title="interval", scale=scale, axis=axis)
    y = alt.Y("held:Q", title="held what happened", scale=scale, axis=axis)
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


def said_and_happened(rows: Sequence[Reliability], *, as_of: date) -> alt.LayerChart:
    """Chances by fifths against how often it happened, on the diagonal when calibrated; the last row is of all."""
    bins: Rows = [
        {
            "said": row.said,
            "happened": row.happened,
            "cases": row.cases,
            "label": f"{percent(row.happened)} of {row.cases}",
        }
        for row in rows[:-1]
    ]
    axis = alt.Axis(labelExpr=PERCENT, values=FIFTHS)
    scale = alt.Scale(domain=list(SHARES), nice=False)
    x = alt.X("said:Q", title="said", scale=scale, axis=axis)
    y = alt.Y("happened:Q", title="happened", scale=scale, axis=axis)
    base = alt.Chart(inline(bins))
    diagonal = alt.Chart(inline([{"said": 0, "happened": 0}, {"said": 1, "happened": 1}]))
    told = "; ".join(f"said {row.said:.0%}, happened {row.happened:.0%} of {row.cases}" for row in rows)
    return dressed(
        [
            diagonal.mark_line(color=GREY, strokeDash=[4, 4]).encode(x=x, y=y),
            base.mark_line(color=TREND, strokeWidth=2).encode(x=x, y=y),
            base.mark_point(color=TREND, size=60, filled=True, opacity=1).encode(x=x, y=y),
            name_layer(_bin_names(bins), x, y, called="shares", size=11),
        ],
        title="Chances of a level within a year, and what happened",
        subtitle=source_line(
            as_of, [OF_CLASS], key="Above the dashed line more levels were reached than the chances said."
        ),
        description=f"Chance said and share that happened: {told}.",
    )


def _bin_names(bins: Rows) -> Rows:
    """How often it happened beside each point, where it lies best on neither line; briefings draw the chart low."""
    lines = [({"said": 0.0, "happened": 0.0}, {"said": 1.0, "happened": 1.0}), *pairwise(bins)]
    drawn = [
        Taken(x=_share(x), y=1 - _share(y), reach=2)
        for a, b in lines
        for x, y in np.linspace((a["said"], a["happened"]), (b["said"], b["happened"]), 25)
    ]
    names = [
        Name(
            text=one["label"],
            x=_share(one["said"]),
            y=1 - _share(one["happened"]),
            row={name: one[name] for name in ("said", "happened")},
        )
        for one in bins
    ]
    points = [Taken(x=name.x, y=name.y) for name in names]
    (placed,) = arranged(
        Names(names=names, apart=40.0, size=11, avoid=drawn), taken=points, heights=(140, 340)
    )
    return placed


def _share(value: float) -> float:
    """Where a share lies on its axis."""
    return (value - SHARES[0]) / (SHARES[1] - SHARES[0])


PIT_LEADS = {3: CORE, 6: TREND, 12: INK}  # months


def pit_by_lead(asked: Sequence[ScoredForecast], *, as_of: date) -> alt.LayerChart:
    """Where what happened lay among the draws of live series, by fifths and lead; a fifth each when calibrated."""
    rows: Rows = []
    for lead in PIT_LEADS:
        pits = np.array([one.pit for one in live(asked) if one.kind == "value" and one.lead == lead])
        counts, _ = np.histogram(pits, bins=5, range=(0, 1))
        rows += [
            {
                "place": f"{20 * i}–{20 * i + 20} %",
                "share": float(n / max(len(pits), 1)),
                "lead": f"{lead} months",
            }
            for i, n in enumerate(counts)
        ]
    leads = [f"{lead} months" for lead in PIT_LEADS]
    x = alt.X("place:N", title="where it lay in the forecast", sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("share:Q", title="share of forecasts", axis=alt.Axis(labelExpr=PERCENT))
    colour = alt.Color(
        "lead:N", title="ahead", sort=leads, scale=alt.Scale(domain=leads, range=list(PIT_LEADS.values()))
    )
    told = "; ".join(f"{row['lead']} ahead {row['place']}: {row['share']:.0%}" for row in rows)
    fair = alt.Chart(inline([{"share": 0.2}]))
    return dressed(
        [
            alt.Chart(inline(rows))
            .mark_bar()
            .encode(x=x, y=y, color=colour, xOffset=alt.XOffset("lead:N", sort=leads)),
            fair.mark_rule(color=LEVEL, strokeDash=[4, 4]).encode(y=alt.Y("share:Q")),
        ],
        title="Where what happened lay in the forecasts",
        subtitle=source_line(
            as_of,
            [OF_CLASS],
            key="Dashed: a fifth each. High bars on the right: more came than was forecast.",
        ),
        description=f"Share of values by fifths of the forecast: {told}.",
    )


def _made_by(track: TrackRecord) -> str:
    return f"backtest {track.id[:12]}, {track.records} records"
