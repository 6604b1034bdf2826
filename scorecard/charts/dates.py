"""Charts of when: the crossing distribution of one threshold, and all thresholds one under another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import altair as alt

from scorecard.charts.layout.labels import Name, Names, Taken, arranged, name_layer
from scorecard.charts.layout.times import TimeSpan, years
from scorecard.charts.style import CORE, GREY, INK, TREND, Rows, dressed, inline, source_line, stamp
from scorecard.records import ForecastRun
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import chance_in_words, day_in_words, month_in_words, percent, title_of

HOW_TO_READ = (
    "Bar: 80 % interval, its end named on the right. Upright: median. Arrow: beyond the axis. Dashed: today."
)
MARGIN = timedelta(days=45)  # of the axis before today, so that today's line is seen
LOWEST, HIGHEST = 140, 340  # pixels: briefings draw the curve low, screens high
AHEAD = timedelta(days=10 * 365)  # an axis longer than this hides the near years; later dates become arrows


def crossing(
    now: ForecastRun, *, as_of: date, before: ForecastRun | None = None, name: str = ""
) -> alt.LayerChart:
    """The chance that the threshold has been crossed, by date, with its 10, 50 and 90 % dates.

    `before` is an older run, drawn dashed; `name` is the threshold's name for the title.
    A run that was refused gives an empty frame that says why.
    """
    end = _cdf_end(now, as_of)
    rows = _cdf_rows(now, as_of, end)
    span = TimeSpan(as_of, _day(rows[-1]) if len(rows) > 1 else end)
    x = years(span)
    y = alt.Y(
        "p:Q",
        title="chance that it has been crossed",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            values=[0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], labelExpr="format(datum.value * 100, '~f') + ' %'"
        ),
    )
    tooltip = [
        alt.Tooltip("day:T", title="by", format="%d %B %Y"),
        alt.Tooltip("p:Q", title="chance", format=".1%"),
    ]
    base = alt.Chart(inline(rows))
    layers = [
        base.mark_area(color=CORE, fillOpacity=0.3, stroke=CORE, strokeWidth=0.5, clip=True).encode(x=x, y=y),
        base.mark_line(color=TREND, strokeWidth=2.2, clip=True).encode(x=x, y=y),
    ]
    earlier = _cdf_rows(before, as_of, end) if before is not None else []
    if earlier:
        older = alt.Chart(inline(earlier))
        layers.append(
            older.mark_line(color=INK, strokeWidth=1.5, strokeDash=[5, 4], clip=True).encode(x=x, y=y)
        )
    marks = _quantile_rows(now, as_of, end)
    at = alt.Chart(inline(marks))
    layers.append(at.mark_point(size=64, filled=True, color=INK, opacity=1).encode(x=x, y=y))
    layers.append(
        name_layer(_quantile_names(marks, rows, earlier, span), x, y, called="dates", span=span.ms, size=11)
    )
    # The curve is thin: a month's whole strip answers to the pointer.
    layers.append(
        base.mark_rule(opacity=0, strokeWidth=9, clip=True, aria=False).encode(x=x, tooltip=tooltip)
    )
    title = f"{name or 'When it is crossed'}: chance by date"
    if not now.publishable:
        title = f"No forecast: {now.refusal}"
    sources = [f"forecast run {now.id[:12]} of {day_in_words(now.as_of)}, prior set {now.prior_set}"]
    if before is not None:
        sources.append(f"dashed: run {before.id[:12]} of {day_in_words(before.as_of)}")
    return dressed(
        layers,
        title=title,
        subtitle=source_line(as_of, sources),
        description=_crossing_words(now, as_of, before, name or now.threshold),
    )


def curve(run: ForecastRun, *, as_of: date) -> tuple[tuple[date, float], ...]:
    """The same curve as numbers: each date on the chart's axis with the chance of a crossing by then."""
    rows = _cdf_rows(run, as_of, _cdf_end(run, as_of))
    return tuple((_day(row), row["p"]) for row in rows)


def _cdf_rows(run: ForecastRun, as_of: date, end: date) -> Rows:
    if not run.publishable:
        return []
    cdf = run.quoted.cdf
    rows = [
        {"day": stamp(day), "p": p} for day, p in zip(cdf.dates, cdf.p, strict=True) if as_of < day <= end
    ]
    return [{"day": stamp(as_of), "p": run.quoted.p_by(as_of)}, *rows]


def _cdf_end(run: ForecastRun, as_of: date) -> date:
    """A year after the curve passes 90 %, the last that is named, at least three years ahead; else the horizon."""
    if not run.publishable:
        return as_of + timedelta(days=3 * 365)
    cdf, horizon = run.quoted.cdf, run.quoted.horizon
    near = next((day for day, p in zip(cdf.dates, cdf.p, strict=True) if p >= 0.9), horizon)
    return min(horizon, max(near + timedelta(days=365), as_of + timedelta(days=3 * 365)))


def _quantile_rows(run: ForecastRun, as_of: date, end: date) -> Rows:
    if not run.publishable:
        return []
    rows: Rows = []
    passed = run.quoted.p_by(as_of)  # a quantile below it lies before the axis begins
    said = run.quoted
    for p, day in ((0.1, said.q10), (0.5, said.q50), (0.9, said.q90)):
        if day and p >= passed and as_of <= day <= end:
            rows.append({"day": stamp(day), "p": p, "label": f"{percent(p)}: {month_in_words(day)}"})
    return rows


def _quantile_names(marks: Rows, rows: Rows, earlier: Rows, span: TimeSpan) -> Rows:
    """The dates of 10, 50 and 90 %, beside the curves rather than on them."""
    curves = [
        Taken(x=span.share(_day(a)), y=1 - a["p"], x2=span.share(_day(b)), y2=1 - b["p"], reach=1.5)
        for drawn in (rows, earlier)
        for a, b in pairwise(drawn)
    ]
    at = [(span.share(_day(mark)), 1 - mark["p"], mark) for mark in marks]
    names = [
        Name(text=mark["label"], x=x, y=y, row={"day": mark["day"], "p": mark["p"]}) for x, y, mark in at
    ]
    (placed,) = arranged(
        Names(names=names, apart=60.0, size=11, avoid=curves),
        taken=[Taken(x=x, y=y) for x, y, _ in at],
        heights=(LOWEST, HIGHEST),
    )
    return placed


def _day(row: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(row["day"]).date()


def _date_words(day: date | None, horizon: date) -> str:
    return f"by {day_in_words(day)}" if day else f"not before {day_in_words(horizon)}"


def _crossing_words(now: ForecastRun, as_of: date, before: ForecastRun | None, name: str) -> str:
    if not now.publishable:
        return f"No forecast of {name} as of {day_in_words(as_of)}: {now.refusal}"
    said = now.quoted
    q10, q50, q90 = (_date_words(day, said.horizon) for day in (said.q10, said.q50, said.q90))
    words = (
        f"Chance that {name} has been crossed, by date, as of {day_in_words(as_of)}: "
        f"{chance_in_words(now.quoted.p_by(as_of))} already; 10 % {q10}, "
        f"50 % {q50}, 90 % {q90}; "
        f"{chance_in_words(said.p_beyond_horizon)} not by then at all."
    )
    if before is not None and before.publishable:
        words += f" Before, 50 % {_date_words(before.quoted.q50, before.quoted.horizon)}."
    return words


def overview(rows: Sequence[ScorecardRow], *, as_of: date) -> alt.LayerChart:
    """One line a threshold: the 80 % interval of its crossing date and the median.

    A bar with an arrow runs beyond the axis or the horizon; a threshold without a forecast says why.
    """
    lines = [_overview_row(row) for row in rows]
    end = _overview_end(lines, as_of)
    for line in lines:
        _place(line, as_of, end)
    order = [line["name"] for line in lines]
    x = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(domain=[stamp(as_of - MARGIN), stamp(end)], nice=False),
        axis=alt.Axis(
            format="%Y", tickCount={"interval": "year", "step": 1}, labelOverlap=True, orient="top"
        ),
    )
    y = alt.Y(
        "name:N",
        sort=order,
        title=None,
        scale=alt.Scale(paddingInner=0.3),
        axis=alt.Axis(labelLimit=300, ticks=False, domain=False, labelFontSize=11, labelPadding=8),
    )
    tooltip = [alt.Tooltip("name:N", title="threshold"), alt.Tooltip("words:N", title="forecast")]
    known = inline([line for line in lines if line["from"]])
    layers = [
        alt.Chart(known)
        .mark_bar(height=9, color=CORE, cornerRadius=2)
        .encode(x=x, x2=alt.X2("to:T"), y=y, tooltip=tooltip),
        alt.Chart(inline([line for line in lines if line["mid"]]))
        .mark_tick(thickness=3.2, size=19, color=INK, opacity=1)
        .encode(x=_again(x, "mid"), y=y, tooltip=tooltip),
        alt.Chart(inline([line for line in lines if line["runs_on"]]))
        .mark_point(shape="triangle-right", size=90, filled=True, color=TREND, opacity=1)
        .encode(x=_again(x, "to"), y=y, tooltip=tooltip),
        alt.Chart(inline([line for line in lines if line["label"] and line["from"]]))
        .mark_text(align="left", dx=9, fontSize=11, color=INK, clip=False)
        .encode(x=_again(x, "to"), y=y, text=alt.Text("label:N")),
        alt.Chart(inline([line for line in lines if line["mid"]]))
        .mark_text(dy=-15, fontSize=10, fontWeight="bold", color=INK, clip=False)
        .encode(x=_again(x, "mid"), y=y, text=alt.Text("median:N")),
        alt.Chart(inline([{"today": stamp(as_of)}]))
        .mark_rule(color=GREY, strokeDash=[3, 3])
        .encode(x=_again(x, "today")),
        alt.Chart(inline([line for line in lines if not line["from"]]))
        .mark_text(align="left", dx=4, fontSize=11, color=GREY, fontStyle="italic", limit=440)
        .encode(x=alt.value(0), y=y, text=alt.Text("label:N")),
    ]
    chart = dressed(
        layers,
        title="When thresholds are crossed: median and 80 % interval",
        subtitle=source_line(as_of, _run_sources(rows), key=HOW_TO_READ),
        description=_overview_words(lines, as_of),
    )
    return chart.properties(height=alt.Step(30))


def _again(x: alt.X, name: str) -> alt.X:
    return alt.X(f"{name}:T", title=None, scale=x["scale"], axis=x["axis"])


def _overview_row(row: ScorecardRow) -> dict[str, Any]:
    t = row.threshold
    name = f"{row.framework.developer}: {title_of(t.category)}, {title_of(t.level)}"
    f = row.forecast
    if f is None or f.refused or f.horizon is None or row.withheld:
        return {
            "name": name,
            "from": None,
            "mid": None,
            "to": None,
            "runs_on": False,
            "label": row.unforecast or row.withheld,
            "words": row.unforecast or row.withheld,
        }
    beyond = f"after {f.horizon.year}"
    dates = [month_in_words(day) if day else beyond for day in (f.q10, f.q50, f.q90)]
    words = f"median {dates[1]}, 80 % interval {dates[0]} to {dates[2]}"
    return {
        "name": name,
        "q10": f.q10,
        "q50": f.q50,
        "q90": f.q90,
        "horizon": f.horizon,
        "dates": dates,
        "words": words,
    }


def _overview_end(lines: Rows, as_of: date) -> date:
    finite = [day for line in lines for q in ("q10", "q50", "q90") if (day := line.get(q))]
    if not finite:
        return as_of + timedelta(days=5 * 365)
    longest: date = max(finite) + timedelta(days=365)
    return max(as_of + timedelta(days=3 * 365), min(longest, as_of + AHEAD))


def _place(line: dict[str, Any], as_of: date, end: date) -> None:
    """Set where a line's bar starts and stops on the axis, as the chart language's dates."""
    if "horizon" not in line:
        return
    q10, q50, q90 = (line.pop(q) for q in ("q10", "q50", "q90"))
    line.pop("horizon")
    dates = line.pop("dates")
    start, stop = (min(max(day or end, as_of), end) for day in (q10, q90))
    runs_on = q90 is None or q90 > end
    line["from"], line["to"] = stamp(start), stamp(stop)
    line["mid"] = stamp(max(q50, as_of)) if q50 is not None and q50 <= end else None
    line["runs_on"] = runs_on
    line["median"] = dates[1]
    line["label"] = dates[2] if line["mid"] else f"median {dates[1]}, to {dates[2]}"


def _run_sources(rows: Sequence[ScorecardRow]) -> list[str]:
    runs = [row.forecast.run for row in rows if row.forecast is not None]
    if not runs:
        return []
    sets = ", ".join(dict.fromkeys(run.prior_set for run in runs))
    return [f"{len(runs)} forecast runs, prior set {sets}"]


def _overview_words(lines: Rows, as_of: date) -> str:
    said = "; ".join(f"{line['name']}: {line['words']}" for line in lines)
    return f"Crossing dates of {len(lines)} thresholds as of {day_in_words(as_of)}. {said}."
