"""Charts of what is believed: the density of one parameter under several priors, with what the data made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import Name, Names, Taken, arranged, name_layer
from scorecard.charts.style import GREY, INK, LEVEL, TREND, Rows, dressed, inline, source_line
from scorecard.records import Quantiles

type Place = Callable[[Mapping[str, Any]], float]

HEADROOM = 1.12  # over the highest density, for its name
PLACES = (
    0.0,
    0.15,
    -0.15,
    0.3,
    -0.3,
    0.5,
)  # from a curve's peak to its right or left end, where its name is tried
DASHES: tuple[list[float], ...] = ([1, 0], [5, 4], [1.5, 3])


def density(
    rows: Rows, *, what: str, unit: str, as_of: date, posterior: Quantiles | None = None
) -> alt.LayerChart:
    """Densities (rows `prior`, `x`, `density`), the first solid; `posterior` as a bar below them."""
    names = list(dict.fromkeys(row["prior"] for row in rows))
    low, high = min(row["x"] for row in rows), max(row["x"] for row in rows)
    top = HEADROOM * max(row["density"] for row in rows)
    if posterior:
        low, high = min(low, posterior.q10), max(high, posterior.q90)
    x = alt.X("x:Q", title=f"{what} ({unit})", scale=alt.Scale(domain=[low, high], nice=False, zero=False))
    y = alt.Y(
        "density:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(labels=False, ticks=False, grid=False),
    )
    layers: list[Any] = [
        alt.Chart(inline([row for row in rows if row["prior"] == name]))
        .mark_line(color=colour, strokeWidth=2, strokeDash=dash)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("prior:N"), alt.Tooltip("x:Q", format=".4g")])
        for name, colour, dash in zip(names, (TREND, INK, GREY), DASHES, strict=False)
    ]
    placed = _named(
        rows, names, lambda one: (one["x"] - low) / (high - low), lambda one: 1 - one["density"] / top
    )
    layers.append(name_layer(placed, x, y, called="priors", size=11))
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


def _named(rows: Rows, names: list[str], across: Place, down: Place) -> Rows:
    """Each prior's name at its peak, else along its curve, where it lies on no other name and best on no curve."""
    curves = {name: [row for row in rows if row["prior"] == name] for name in names}
    drawn = [
        Taken(x=across(a), y=down(a), x2=across(b), y2=down(b), reach=1.5)
        for curve in curves.values()
        for a, b in pairwise(curve)
    ]
    tried: list[Name] = []
    for name, curve in curves.items():
        peak = max(range(len(curve)), key=lambda i: curve[i]["density"])
        for share in PLACES:
            row = curve[round(peak + share * (len(curve) - 1 - peak if share > 0 else peak))]
            at = {"x": row["x"], "density": row["density"]}
            tried.append(Name(text=name, x=across(row), y=down(row), row=at, reach=2.0))
    (placed,) = arranged(Names(names=tried, apart=60.0, size=11, avoid=drawn), taken=())
    return placed
