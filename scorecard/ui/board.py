"""The scorecard on the screen: one answer, filters kept in the URL, a row a threshold, a table to download."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import streamlit as st

from scorecard.briefings.words import (
    chance_in_words,
    day_in_words,
    month_in_words,
    title_of,
    value_in_words,
)
from scorecard.thresholds.board import Latest, ScorecardRow
from scorecard.thresholds.forecast import Forecast, in_words
from scorecard.ui.page import Frame, escaped

if TYPE_CHECKING:
    import pandas as pd

WIDTHS = (2.7, 3.7, 3.0, 1.2, 1.2, 1.2, 1.9)
HEADINGS = (
    "Threshold", "Status and reason", "Newest evidence", "Crossed already", "By next meeting",
    "In 12 months", "Median, 80 % interval",
)  # fmt: skip


def name_of(row: ScorecardRow) -> str:
    """A threshold as a person names it within its developer."""
    return f"{title_of(row.threshold.category)}, {title_of(row.threshold.level)}"


def answer(rows: Sequence[ScorecardRow], as_of: date) -> str:
    """The scorecard in a sentence or two; says what is missing too."""
    if not rows:
        return "No threshold matches these filters."
    forecasts = [(row, row.forecast) for row in rows if row.forecast and not row.forecast.refused]
    total = f"{len(rows)} threshold{'s' if len(rows) > 1 else ''}"
    if not forecasts:
        return f"{total} on record; none of them has a forecast for this day yet."
    crossed = [row for row, f in forecasts if (f.p_now or 0) >= 0.5]
    soon = [row for row, f in forecasts if (f.p_now or 0) < 0.5 <= (f.p_12_months or 0)]
    ahead = sorted(((f.q50, row, f) for row, f in forecasts if f.q50 and f.q50 > as_of), key=lambda x: x[0])
    words = (
        f"Of {total}, {_count(len(crossed))} more likely than not to have been crossed already, and "
        f"{_count(len(soon))} more likely than not to be crossed within 12 months."
    )
    if ahead:
        _, row, f = ahead[0]
        words += (
            f" Next: {row.framework.developer}, {name_of(row)}, median {month_in_words(f.q50 or as_of)} "
            f"(80 % interval {interval(f)})."
        )
    without = len(rows) - len(forecasts)
    return f"{words} {without} without a forecast, each with its reason." if without else words


def _count(n: int) -> str:
    return "1 is" if n == 1 else f"{n or 'none'} are"


def interval(f: Forecast) -> str:
    """The 80 % interval of the crossing date to the month; an end beyond the horizon says so."""
    if f.q10 is None:
        return f"after {f.horizon.year}" if f.horizon else "beyond the horizon"
    low = "already" if f.q10 <= f.as_of else month_in_words(f.q10)
    high = f"after {f.horizon.year}" if f.q90 is None and f.horizon else month_in_words(f.q90 or f.q10)
    return f"{low} to {high}"


def median(f: Forecast) -> str:
    """The median crossing date to the month, or that it is past, or beyond the horizon."""
    if f.q50 is None:
        return f"After {f.horizon.year}" if f.horizon else "Beyond the horizon"
    return "Already" if f.q50 <= f.as_of else month_in_words(f.q50)


def filtered(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows that the filters in the sidebar let through; the filters live in the URL."""
    kept = list(rows)
    asked: tuple[tuple[str, str, Callable[[ScorecardRow], str]], ...] = (
        ("developer", "Developer", lambda row: row.framework.developer),
        ("category", "Category", lambda row: title_of(row.threshold.category)),
        ("status", "Status", lambda row: row.status.name),
        ("kind", "Kind", lambda row: row.threshold.kind),
    )
    for key, label, read in asked:
        options = sorted({read(row) for row in rows})
        chosen = st.sidebar.multiselect(label, options, key=key, bind="query-params", placeholder="All")
        kept = [row for row in kept if not chosen or read(row) in chosen]
    return kept


def draw_rows(frame: Frame, rows: Sequence[ScorecardRow]) -> None:
    """One line a threshold, grouped by framework; the name opens the threshold's page."""
    for place, heading in zip(st.columns(WIDTHS), HEADINGS, strict=True):
        place.caption(f"**{heading}**")
    for framework, group in groupby(rows, key=lambda row: row.framework):
        st.markdown(
            f"**{escaped(framework.developer)}** · {escaped(framework.name)}, version {framework.version}"
        )
        for row in group:
            with st.container(border=True):
                _draw(frame, row)


def _draw(frame: Frame, row: ScorecardRow) -> None:
    f = row.forecast if row.forecast and not row.forecast.refused else None
    name, status, latest, *figures = st.columns(WIDTHS if f else (*WIDTHS[:3], sum(WIDTHS[3:])))
    with name, st.container(gap=None):
        st.page_link(
            "pages/threshold.py",
            label=escaped(name_of(row)),
            query_params={"threshold": row.threshold.id, "as_of": frame.as_of.isoformat()},
        )
        st.caption(row.threshold.kind)
    with status, st.container(gap=None):
        st.markdown(row.status.name.capitalize())
        st.caption(escaped(row.status.reason))
    with latest, st.container(gap=None):
        _draw_latest(row.latest)
    if f is None:
        figures[0].caption(escaped(row.unforecast))
        return
    chances = [(chance_in_words(p), in_words(p)) if p is not None else ("–", "") for p in
               (f.p_now, f.p_next_meeting, f.p_12_months)]  # fmt: skip
    for place, (figure, words) in zip(figures, (*chances, (median(f), interval(f))), strict=True):
        with place, st.container(gap=None):
            st.markdown(f"**{figure}**")
            st.caption(words)


def _draw_latest(latest: Latest | None) -> None:
    if latest is None:
        st.caption("No reading is on record.")
        return
    m = latest.measurement
    bound = {"exact": "", "at_least": "at least ", "at_most": "at most "}[m.bound]
    st.markdown(f"{bound}{value_in_words(m.value, latest.indicator.unit)}, {escaped(latest.system)}")
    st.caption(f"{escaped(latest.indicator.name)}, {latest.age_days} days old")
    if latest.marks:
        st.markdown(" ".join(f":gray-badge[{title_of(mark).lower()}]" for mark in latest.marks))


def as_frame(rows: Iterable[ScorecardRow], as_of: date) -> pd.DataFrame:
    """The rows as a table, a column a figure; probabilities in [0, 1], dates as dates, every row its source."""
    import pandas as pd  # most of a second, after the rows were drawn

    return pd.DataFrame([_cells(row, as_of) for row in rows])


def _cells(row: ScorecardRow, as_of: date) -> dict[str, Any]:
    f = row.forecast if row.forecast and not row.forecast.refused else None
    latest = row.latest
    return {
        "as of": as_of,
        "threshold": row.threshold.id,
        "developer": row.framework.developer,
        "framework": row.framework.name,
        "version": row.threshold.version,
        "category": title_of(row.threshold.category),
        "level": row.threshold.level,
        "kind": row.threshold.kind,
        "status": row.status.name,
        "reason": row.status.reason,
        "measured by": latest.indicator.name if latest else None,
        "newest value": latest.measurement.value if latest else None,
        "unit": latest.indicator.unit if latest else None,
        "system": latest.system if latest else None,
        "reading of": latest.measurement.observed_on if latest else None,
        "age in days": latest.age_days if latest else None,
        "marks": ", ".join(latest.marks) if latest else None,
        "P crossed already": f.p_now if f else None,
        "P by next meeting": f.p_next_meeting if f else None,
        "P in 12 months": f.p_12_months if f else None,
        "in words (12 months)": in_words(f.p_12_months) if f and f.p_12_months is not None else None,
        "10 % date": f.q10 if f else None,
        "median date": f.q50 if f else None,
        "90 % date": f.q90 if f else None,
        "P not by horizon": f.p_beyond_horizon if f else None,
        "horizon": f.horizon if f else None,
        "why no forecast": row.unforecast or None,
        "forecast run": f.run.id if f else None,
        "source of the threshold": row.source.url,
        "source of the reading": latest.source.url if latest else None,
    }


def draw_table(rows: Sequence[ScorecardRow], frame: Frame) -> None:
    """The same rows as a sortable table with a download of the current filter."""
    table = as_frame(rows, frame.as_of)
    if table.empty:
        return
    chances = [name for name in table.columns if name.startswith("P ")]
    days = ["as of", "reading of", "10 % date", "median date", "90 % date", "horizon"]
    config: dict[str, Any] = {name: st.column_config.NumberColumn(format="percent") for name in chances}
    config |= {name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in days}
    config |= {
        name: st.column_config.LinkColumn(display_text="open")
        for name in ("source of the threshold", "source of the reading")
    }
    table[chances] = (
        table[chances].astype(float).round(3)
    )  # more digits than the draws can tell would mislead
    st.dataframe(
        table, hide_index=True, column_config=config, alt=f"The scorecard of {day_in_words(frame.as_of)}"
    )
