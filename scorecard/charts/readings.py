"""An indicator's readings over time, with the fitted trend and the levels it is measured against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log10
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import Name, Names, Taken, arranged, name_layer
from scorecard.charts.layout.times import (
    HAPPENED,
    Occasion,
    TimeSpan,
    event_layers,
    event_names,
    foot_taken,
    marks_of,
    years,
)
from scorecard.charts.layout.times import SIZE as EVENT_SIZE
from scorecard.charts.scales import domain, is_log, value_axis
from scorecard.charts.style import (
    BAND,
    CORE,
    GREY,
    INK,
    LEVEL,
    LEVEL_BAND,
    PAGE,
    TREND,
    Rows,
    dressed,
    inline,
    names_of,
    source_line,
    stamp,
)
from scorecard.evidence.readings.vintages import current
from scorecard.records import Criterion, Fan, ForecastRun, Indicator, Measurement, Quantiles
from scorecard.words import day_in_words, interval_in_words, month_in_words, percent, value_in_words

FRONTIER, BEHIND, BEYOND = "best so far", "behind the best", "beyond the reliable range"
AT_LEAST, AT_MOST, SHOWN = "at least this", "at most this", "shown, not fitted"
KINDS = (FRONTIER, BEHIND, BEYOND, AT_LEAST, AT_MOST, SHOWN)
SHAPES = ("circle", "circle", "diamond", "triangle-up", "triangle-down", "cross")
FILLS = (INK, GREY, PAGE, PAGE, PAGE, PAGE)
PLACES = (0.0, 1.0, 0.25, 0.5, 0.75)  # along a level's line, where its name is tried


def levels_of(
    run: ForecastRun, criteria: tuple[Criterion, ...], indicator: Indicator
) -> dict[str, Quantiles]:
    """Words for each level of an indicator to its quantiles, for the evidence chart."""
    if not run.publishable:
        return {}
    stated = [run.quoted.by_criterion.get(c.id) for c in criteria if c.indicator == indicator.id]
    return {f"level {value_in_words(one.level.q50, indicator.unit)}": one.level for one in stated if one}


def evidence_chart(
    indicator: Indicator,
    readings: Sequence[Measurement],
    systems: Mapping[str, str],
    *,
    as_of: date,
    fan: Fan | None = None,
    levels: Mapping[str, Quantiles] | None = None,
    before: Fan | None = None,
    sources: Mapping[str, str] | None = None,
    line: str = "the fitted frontier",
    events: Iterable[Occasion] = (),
) -> alt.LayerChart:
    """Readings with intervals, the trend's fan and the threshold's uncertain level, over time.

    `readings` may hold several vintages (the newest of each is drawn); `systems` maps ids to names;
    `before` is an older fan that is drawn dashed; `levels` maps the words that label a level to its
    quantiles in the indicator's unit; `sources` maps source ids to titles; `line` says what the fan is of; `events` are
    marked along the time axis. Returns a layered chart with alt text.
    """
    drawn = current(readings)
    points = _points(indicator, drawn, systems)
    end = _end(as_of, fan, levels)
    first = min([as_of, *(m.observed_on for m in drawn)])
    start = first - (end - first) / 50  # so that the first mark is whole
    fans = {name: _fan_rows(given, start, end) for name, given in (("now", fan), ("before", before)) if given}
    bands = _level_rows(levels, start, end)
    shown = [v for p in points for v in (p["value"], p["low"], p["high"]) if v is not None]
    shown += [row[q] for rows in fans.values() for row in rows for q in ("q10", "q90")]
    shown += [band[q] for band in bands for q in ("q10", "q50", "q90")]
    low, high = domain(indicator, _within_reason(indicator, shown, points, bands))
    scale, axis = value_axis(indicator, low, high)
    span = TimeSpan(start, end)
    x = years(span)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    layers: list[alt.Chart] = []
    happened = marks_of(events, span, low)
    grid = _Grid(indicator, span, low, high)
    levels_named, systems_named, events_named = _names(grid, points, bands, as_of, happened)
    if bands:
        layers += _level_layers(bands, x, y)
    if "now" in fans:
        layers += _fan_layers(fans["now"], x, y)
    if "before" in fans:
        layers += _before_layers(fans["before"], x, y)
    layers.append(_as_of_rule(as_of, x))
    layers += _point_layers(points, x, y)
    layers += event_layers(happened, events_named, span, x, y)
    layers.append(name_layer(levels_named, x, y, called="levels", span=span.ms, color=LEVEL))
    layers.append(name_layer(systems_named, x, y, called="systems", span=span.ms))
    return dressed(
        layers,
        title=indicator.name,
        subtitle=source_line(
            as_of, names_of((m.source for m in drawn), sources), key=_key(drawn, fan, before, line, happened)
        ),
        description=_evidence_words(indicator, points, as_of, fans.get("now"), bands, line),
    )


def _key(
    drawn: Sequence[Measurement],
    fan: Fan | None,
    before: Fan | None,
    line: str,
    happened: Rows,
) -> str:
    """How to read the lines, in a sentence; only what is drawn is explained."""
    levels = sorted({m.interval for m in drawn if m.interval and m.low is not None})
    parts = (
        [f"Bars: {' or '.join(percent(level) for level in levels)} intervals as published."] if levels else []
    )
    if fan:
        parts.append(f"Line and bands: {line}, median with 50 % and 80 % intervals.")
    if before:
        parts.append("Dashed: the earlier one.")
    if happened:
        parts.append(HAPPENED)
    return " ".join(parts)


def _points(indicator: Indicator, readings: Sequence[Measurement], systems: Mapping[str, str]) -> Rows:
    best: float | None = None
    up = indicator.direction == "higher"
    rows: Rows = []
    for m in sorted(readings, key=lambda m: (m.observed_on, m.value)):
        leads = (
            m.main and m.bound == "exact" and (best is None or (m.value >= best if up else m.value <= best))
        )
        if leads:
            best = m.value
        rows.append(
            {
                "day": stamp(m.observed_on),
                "value": m.value,
                "low": m.low,
                "high": m.high,
                "system": systems.get(m.system, m.system),
                "said": value_in_words(m.value, indicator.unit),
                "interval": interval_in_words(m, indicator.unit),
                "vintage": m.vintage,
                "kind": _kind(indicator, m, leads=leads),
                "leads": leads,
            }
        )
    return rows


def _kind(indicator: Indicator, m: Measurement, *, leads: bool) -> str:
    if not m.main:
        return SHOWN
    if m.bound != "exact":
        return AT_LEAST if m.bound == "at_least" else AT_MOST
    if indicator.reliable_max is not None and m.value > indicator.reliable_max:
        return BEYOND
    return FRONTIER if leads else BEHIND


def _end(as_of: date, fan: Fan | None, levels: Mapping[str, Quantiles] | None) -> date:
    """Where the time axis stops: a year after the median meets the highest level, 2 to 10 years ahead."""
    if not fan:
        return as_of + timedelta(days=120)
    last = fan.dates[-1]
    highest = max((level.q50 for level in (levels or {}).values()), default=None)
    met = last
    if highest is not None:
        met = next((day for day, q50 in zip(fan.dates, fan.q50, strict=True) if q50 >= highest), last)
    wanted = met + timedelta(days=365)
    return min(last, max(as_of + timedelta(days=730), min(wanted, as_of + timedelta(days=3652))))


def _fan_rows(fan: Fan, start: date, end: date) -> Rows:
    names = ("q10", "q25", "q50", "q75", "q90")
    quantiles = zip(fan.q10, fan.q25, fan.q50, fan.q75, fan.q90, strict=True)
    return [
        {"day": stamp(day), **dict(zip(names, values, strict=True))}
        for day, values in zip(fan.dates, quantiles, strict=True)
        if start <= day <= end
    ]


def _level_rows(levels: Mapping[str, Quantiles] | None, start: date, end: date) -> Rows:
    return [
        {
            "name": name,
            "q10": level.q10,
            "q50": level.q50,
            "q90": level.q90,
            "day": stamp(start),
            "end": stamp(end),
        }
        for name, level in (levels or {}).items()
    ]


def _within_reason(indicator: Indicator, shown: list[float], points: Rows, bands: Rows) -> list[float]:
    """Values that set the axis: a fan's far edge may run out of the picture, a reading or level may not."""
    anchors = [p["value"] for p in points] + [band["q50"] for band in bands]
    if not anchors:
        return shown
    if indicator.scale in ("log2", "log10"):
        low, high = min(v for v in anchors if v > 0) / 8, max(anchors) * 64
    else:
        span = (max(anchors) - min(anchors)) or abs(anchors[0]) or 1.0
        low, high = min(anchors) - 0.5 * span, max(anchors) + 0.5 * span
    return [min(max(v, low), high) for v in shown]


def _level_layers(bands: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    data = inline(bands)
    ends = {"x": x, "x2": alt.X2("end:T")}
    band = (
        alt.Chart(data)
        .mark_rect(color=LEVEL_BAND, fillOpacity=0.55, stroke=LEVEL, strokeWidth=0.5, clip=True)
        .encode(**ends, y=_field(y, "q10"), y2=alt.Y2("q90:Q"))
    )
    line = (
        alt.Chart(data)
        .mark_rule(color=LEVEL, strokeWidth=1.3, strokeDash=[7, 3], clip=True)
        .encode(**ends, y=_field(y, "q50"))
    )
    return [band, line]


def _field(y: alt.Y, name: str) -> alt.Y:
    """The same value axis for another field."""
    return alt.Y(f"{name}:Q", scale=y["scale"], axis=y["axis"])


def _fan_layers(rows: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(inline(rows))
    return [
        base.mark_area(color=BAND, fillOpacity=0.75, stroke=CORE, strokeWidth=0.7, clip=True).encode(
            x=x, y=_field(y, "q10"), y2=alt.Y2("q90:Q")
        ),
        base.mark_area(color=CORE, fillOpacity=0.75, stroke=CORE, strokeWidth=0.7, clip=True).encode(
            x=x, y=_field(y, "q25"), y2=alt.Y2("q75:Q")
        ),
        base.mark_line(color=TREND, strokeWidth=2, clip=True).encode(x=x, y=_field(y, "q50")),
    ]


def _before_layers(rows: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(inline(rows))
    widths = {"q10": 1.0, "q50": 1.8, "q90": 1.0}
    return [
        base.mark_line(color=INK, strokeWidth=width, strokeDash=[5, 4], clip=True).encode(x=x, y=_field(y, q))
        for q, width in widths.items()
    ]


def _point_layers(points: Rows, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(inline(points))
    present = [kind for kind in KINDS if any(p["kind"] == kind for p in points)]
    picked = [KINDS.index(kind) for kind in present]
    tooltip = [
        alt.Tooltip("system:N", title="system"),
        alt.Tooltip("said:N", title="value"),
        alt.Tooltip("interval:N", title="interval"),
        alt.Tooltip("day:T", title="date", format="%d %B %Y"),
        alt.Tooltip("kind:N", title="reading"),
        alt.Tooltip("vintage:N", title="vintage"),
    ]
    bars = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(color=GREY, strokeWidth=1, opacity=0.8, clip=True)
        .encode(x=x, y=_field(y, "low"), y2=alt.Y2("high:Q"))
    )
    marks = base.mark_point(size=62, strokeWidth=1.5, opacity=1, clip=True).encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=present, range=[SHAPES[i] for i in picked])),
        fill=alt.Fill("kind:N", scale=alt.Scale(domain=present, range=[FILLS[i] for i in picked])),
        stroke=alt.StrokeValue(INK),
        tooltip=tooltip,
    )
    return [bars, marks]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The two axes of the chart, to say where in the plot a reading lies."""

    indicator: Indicator
    span: TimeSpan
    low: float
    high: float

    def x(self, row: Mapping[str, Any]) -> float:
        return self.span.share(date.fromisoformat(row["day"][:10]))

    def y(self, value: float) -> float:
        """The share of the plot's height above a value, 0 at its head and 1 at its foot."""
        place = log10 if is_log(self.indicator) else float
        low, high = place(self.low), place(self.high)
        return (high - place(min(max(value, self.low), self.high))) / (high - low)


def _names(grid: _Grid, points: Rows, bands: Rows, as_of: date, happened: Rows) -> list[Rows]:
    """Names of levels, of the systems that led (the newest first) and of events, where there is room for them."""
    at = [(grid.x(p), grid.y(p["value"]), p) for p in points]
    bars = [
        Taken(x=x, y=grid.y(p["high"]), y2=grid.y(p["low"]), reach=1.0)
        for x, _, p in at
        if p["low"] is not None and p["high"] is not None
    ]
    # A level's own name stands close above or under its line, the others keep off it.
    lines = [Taken(x=0.0, x2=1.0, y=grid.y(band["q50"]), reach=-1.0) for band in bands]
    today = Taken(x=grid.span.share(as_of), y=0.0, y2=1.0, reach=1.0)
    levels = [
        Name(
            text=band["name"],
            x=share,
            y=grid.y(band["q50"]),
            row={"day": stamp(grid.span.at(share)), "value": band["q50"]},
            reach=0.0,
            over=True,
        )
        for band in bands
        for share in PLACES
    ]
    led = sorted((one for one in at if one[2]["leads"]), key=lambda one: one[2]["day"], reverse=True)
    systems = [
        Name(text=p["system"], x=x, y=y, row={"day": p["day"], "value": p["value"]}) for x, y, p in led
    ]
    return arranged(
        Names(names=levels, apart=30.0, avoid=[today, *bars]),
        Names(names=systems, avoid=[today, *bars]),
        Names(names=event_names(happened, grid.span), apart=190.0, size=EVENT_SIZE, avoid=[today, *bars]),
        taken=[*(Taken(x=x, y=y) for x, y, _ in at), *lines, *foot_taken(happened, grid.span)],
    )


def _as_of_rule(as_of: date, x: alt.X) -> alt.Chart:
    rule: alt.Chart = (
        alt.Chart(inline([{"day": stamp(as_of)}])).mark_rule(color=GREY, strokeDash=[2, 3]).encode(x=x)
    )
    return rule


def _evidence_words(
    indicator: Indicator, points: Rows, as_of: date, fan: Rows | None, bands: Rows, line: str
) -> str:
    words = [f"{indicator.name}, {indicator.unit}, as of {day_in_words(as_of)}."]
    if points:
        top = (max if indicator.direction == "higher" else min)(points, key=lambda p: p["value"])
        first = date.fromisoformat(points[0]["day"][:10])
        last = date.fromisoformat(points[-1]["day"][:10])
        words.append(
            f"{len(points)} readings from {month_in_words(first)} to {month_in_words(last)}; "
            f"the furthest is {top['said']} by {top['system']}, {top['interval']}."
        )
    else:
        words.append("No reading is known.")
    if fan:
        row = fan[-1]
        unit = indicator.unit
        words.append(
            f"{line[:1].upper()}{line[1:]}: median {value_in_words(row['q50'], unit)} by "
            f"{month_in_words(date.fromisoformat(row['day'][:10]))}, 80 % interval "
            f"{value_in_words(row['q10'], unit)} to {value_in_words(row['q90'], unit)}."
        )
    for band in bands:
        words.append(
            f"Level {band['name']}: {value_in_words(band['q50'], indicator.unit)}, 80 % interval "
            f"{value_in_words(band['q10'], indicator.unit)} to {value_in_words(band['q90'], indicator.unit)}."
        )
    return " ".join(words)
