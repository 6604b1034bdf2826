"""The scorecard on the screen: one answer, filters kept in the URL, a row a threshold, a table to download."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import streamlit as st

from scorecard.addresses import web_address
from scorecard.thresholds.board import Latest, ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from scorecard.words import (
    chance_in_words,
    day_in_words,
    month_in_words,
    said_by,
    spoken,
    title_of,
    value_in_words,
)
from screens.frame.page import Frame
from screens.frame.tables import data_table
from screens.frame.text import escaped, joined, marked

if TYPE_CHECKING:
    import pandas as pd

MARKS = {"metr_sota": "state of the art by METR"}  # others are said as their identifier's words
FIGURE_WIDTH = 148  # pixels: two beside each other on a phone


def whole_name(row: ScorecardRow) -> str:
    """A row's whole name, said aloud."""
    return said_by(row.framework.developer, row.threshold)


def name_of(row: ScorecardRow) -> str:
    """A threshold as one says it within its developer."""
    return spoken(row.threshold)


def interval(f: Forecast, say: Callable[[date], str] = month_in_words) -> str:
    """The 80 % interval of the crossing date to the month; an end that is past or beyond the horizon says so."""
    if f.q10 is None:
        return f"after {f.horizon.year}" if f.horizon else "beyond the horizon"
    if f.q90 is not None and f.q90 <= f.as_of:
        return "now"
    low = "now" if f.q10 <= f.as_of else say(f.q10)
    high = f"after {f.horizon.year}" if f.q90 is None and f.horizon else say(f.q90 or f.q10)
    return f"{low} to {high}"


def median(f: Forecast) -> str:
    """The median crossing date to the month; now where it is past, or that it is beyond the horizon."""
    if f.q50 is None:
        return f"After {f.horizon.year}" if f.horizon else "Beyond the horizon"
    return "Now" if f.q50 <= f.as_of else month_in_words(f.q50)


def mark_in_words(mark: str) -> str:
    """What a reading's mark says, as a reader knows it."""
    return MARKS.get(mark) or title_of(mark).lower()


def outdated(f: Forecast) -> str:
    """Why a forecast is not what one made now would be, as a sentence; empty when it is."""
    return f"The forecast is {f.outdated}." if f.outdated else ""


def filtered(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows that the filters let through; the filters live in the URL."""
    kept = list(rows)
    asked: tuple[tuple[str, str, Callable[[ScorecardRow], str]], ...] = (
        ("developer", "Developer", lambda row: row.framework.developer),
        ("category", "Category", lambda row: title_of(row.threshold.category)),
        ("status", "Status", lambda row: row.status.name),
        ("kind", "Kind", lambda row: row.threshold.kind),
    )
    for key, label, read in asked:
        options = sorted({read(row) for row in rows})
        chosen = st.multiselect(escaped(label), options, key=key, bind="query-params", placeholder="All")
        kept = [row for row in kept if not chosen or read(row) in chosen]
    return kept


def draw_rows(frame: Frame, rows: Sequence[ScorecardRow]) -> None:
    """A card a threshold, folded together by framework; the name opens the threshold's page."""
    for framework, group in groupby(rows, key=lambda row: row.framework):
        held = list(group)
        words = f"{framework.developer}: {framework.name}, version {framework.version} ({len(held)})"
        with st.expander(escaped(words), expanded=len(held) == len(rows)):
            for row in held:
                with st.container(border=True, gap="small"):
                    _draw(frame, row)
                    if row.forecast and row.forecast.outdated:
                        st.caption(
                            f":orange-badge[outdated] {escaped(outdated(row.forecast))} It is being renewed."
                        )


def query_of(frame: Frame, row: ScorecardRow) -> dict[str, str]:
    """What the threshold's page is asked for: the same threshold on the same day, under the same assumptions."""
    todays = {"todays": "true"} if frame.assumptions else {}
    return {"threshold": row.threshold.id, "as_of": frame.as_of.isoformat(), **todays}


def _draw(frame: Frame, row: ScorecardRow) -> None:
    st.page_link(
        "pages/threshold.py",
        label=escaped(name_of(row)),
        query_params=query_of(frame, row),
    )
    status, latest = st.columns(2, gap="large")
    with status, st.container(gap=None):
        st.markdown(escaped(f"{row.status.name.capitalize()} ({row.threshold.kind})"))
        st.caption(escaped(row.status.reason))
    with latest, st.container(gap=None):
        _draw_latest(row.latest)
    f = row.forecast if row.forecast and not row.forecast.refused else None
    if f is None:
        st.caption(escaped(row.unforecast))
        return
    chances = [
        (label, chance_in_words(p), in_words(p))
        for label, p in (
            ("crossed already", f.p_now),
            ("by the next meeting", f.p_next_meeting),
            ("within 12 months", f.p_12_months),
        )
        if p is not None
    ]
    with st.container(horizontal=True, gap="small"):
        for label, figure, words in (*chances, ("even odds by", median(f), f"80 %: {interval(f)}")):
            with st.container(width=FIGURE_WIDTH, gap=None):
                st.caption(escaped(label))
                st.markdown(f"**{escaped(figure)}**")
                st.caption(escaped(words))


def _draw_latest(latest: Latest | None) -> None:
    if latest is None:
        st.caption("No reading is on record.")
        return
    m = latest.measurement
    bound = {"exact": "", "at_least": "at least ", "at_most": "at most "}[m.bound]
    st.markdown(
        f"{escaped(bound)}{escaped(value_in_words(m.value, latest.indicator.unit))}, {escaped(latest.system)}"
    )
    st.caption(f"{escaped(latest.indicator.name)}, {escaped(latest.age_days)} days old")
    if latest.marks:
        st.markdown(
            joined(" ", (marked(f":gray-badge[{escaped(mark_in_words(mark))}]") for mark in latest.marks))
        )


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
        "why outdated": (row.forecast.outdated or None) if row.forecast else None,
        "forecast run": f.run.id if f else None,
        "source of the threshold": web_address(row.source.url),
        "source of the reading": web_address(latest.source.url) if latest else None,
    }


def draw_table(rows: Sequence[ScorecardRow], frame: Frame) -> None:
    """The same rows as a sortable table with a download of the current filter."""
    table = as_frame(rows, frame.as_of)
    if table.empty:
        return
    chances = [name for name in table.columns if name.startswith("P ")]
    dates = ("10 % date", "median date", "90 % date", "horizon")
    links = ("source of the threshold", "source of the reading")
    table[chances] = (
        table[chances].astype(float).round(3)
    )  # more digits than the draws can tell would mislead
    data_table(
        table, chances=chances, months=dates, links=links, alt=f"The scorecard of {day_in_words(frame.as_of)}"
    )
