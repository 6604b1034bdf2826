"""Charts of what is believed: the density of one parameter under several priors, with what the data made of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from scorecard.charts.style import GREY, INK, LEVEL, TREND, Rows, dressed, inline, source_line
from scorecard.records import Quantiles

DASHES: tuple[list[float], ...] = ([1, 0], [5, 4], [1.5, 3])


def density(
    rows: Rows, *, what: str, unit: str, as_of: date, posterior: Quantiles | None = None
) -> alt.LayerChart:
    """Densities (rows `prior`, `x`, `density`), the first solid; `posterior` as a bar below them."""
    names = list(dict.fromkeys(row["prior"] for row in rows))
    x = alt.X("x:Q", title=f"{what} ({unit})", scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("density:Q", title=None, axis=alt.Axis(labels=False, ticks=False, grid=False))
    layers: list[Any] = [
        alt.Chart(inline([row for row in rows if row["prior"] == name]))
        .mark_line(color=colour, strokeWidth=2, strokeDash=dash)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("prior:N"), alt.Tooltip("x:Q", format=".4g")])
        for name, colour, dash in zip(names, (TREND, INK, GREY), DASHES, strict=False)
    ]
    peaks = [max((r for r in rows if r["prior"] == name), key=lambda r: r["density"]) for name in names]
    labels = alt.Chart(inline([{**row, "label": row["prior"]} for row in peaks]))
    layers.append(labels.mark_text(dy=-8, fontSize=11, color=INK).encode(x=x, y=y, text=alt.Text("label:N")))
    told = f"Densities of {what} in {unit} under {' and '.join(names)}."
    if posterior:
        bar = alt.Chart(
            inline([{"low": posterior.q10, "high": posterior.q90, "mid": posterior.q50, "y": 0.0}])
        )
        layers.append(
            bar.mark_rule(color=LEVEL, strokeWidth=5, clip=True).encode(
                x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=alt.Y("y:Q")
            )
        )
        layers.append(
            bar.mark_point(color=INK, filled=True, size=50, clip=True).encode(
                x=alt.X("mid:Q"), y=alt.Y("y:Q")
            )
        )
        told += (
            f" The data leave it at {posterior.q50:.3g}, 80 % interval {posterior.q10:.3g} to "
            f"{posterior.q90:.3g}."
        )
    key = "Bar below: what the data leave of it, 10, 50 and 90 %." if posterior else ""
    return dressed(
        layers,
        title=f"What is believed about {what}",
        subtitle=source_line(as_of, [], key=key),
        description=told,
    )
