"""METR's line through a window of one's own, beside what METR printed and our own posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

import pandas as pd
import streamlit as st

from forecasts.judging.compared import WHY, first_posterior
from forecasts.judging.published import HORIZON, HORIZONS, WINDOWS, Systems, Window, window
from scorecard.charts import evidence_chart
from scorecard.records import Measurement
from scorecard.store import StoreError
from screens import draw_chart, sources_footer
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.tables import data_table
from screens.frame.text import escaped
from screens.threshold.occasions import published

STARTS: Mapping[str, date | None] = {
    "from 2023": WINDOWS["from 2023"],
    "from 2024": WINDOWS["from 2024"],
    "from 2025": date(2025, 1, 1),
    "all time": None,
}
KINDS: Mapping[Systems, str] = {
    "sota": "State of the art, as METR marks it",
    "frontier": "Best so far within the window",
    "all": "All systems",
}
assert set(KINDS) == set(get_args(Systems))


def draw(frame: Frame) -> None:
    """The window as it is chosen, the doubling time by METR's line, METR's own figure and ours."""
    known = record.evidence(frame.store, frame.as_of)
    held = [m for id in {*HORIZONS.values(), "metr_doubling_time"} for m in known.measurements.get(id, ())]
    vintages = sorted({m.vintage for m in known.measurements.get(HORIZON, ()) if "metr_sota" in m.marks})
    if not vintages:
        raise StoreError(f"no results file of METR's was known on {frame.as_of}; pick a later day")
    answered, tabled, charted = (st.container() for _ in range(3))
    columns = st.columns((3, 2, 5, 3))  # the longest choice is that of systems
    since = columns[0].selectbox("Window", list(STARTS), key="window", bind="query-params")
    percentile = columns[1].selectbox(
        "Success", list(HORIZONS), format_func=lambda p: f"{p} %", key="percentile", bind="query-params"
    )
    systems: Systems = columns[2].selectbox(
        "Systems", list(KINDS), format_func=KINDS.__getitem__, key="systems", bind="query-params"
    )
    vintage = columns[3].selectbox("Results file of", vintages[::-1], key="vintage", bind="query-params")
    chosen = {"percentile": percentile, "vintage": vintage, "since": STARTS[since], "systems": systems}
    whole = line(held, **chosen)
    there = {m.system: known.systems.get(m.system, m.system) for m in whole.rows}
    without = st.multiselect("Without", list(there), format_func=there.__getitem__, key="without")
    one = line(held, **chosen, without=without) if without else whole
    ours = first_posterior(known.indicators[HORIZONS[one.percentile]], one.rows)
    frame.answer(answer(one, since), answered)
    table = as_frame(one, ours)
    with tabled:
        ends = {name: f"{name}, 95 %" for name in ("low", "high")}
        data_table(
            table,
            alt="Days a doubling: METR's line, METR's own figure, our posterior",
            config={
                name: st.column_config.NumberColumn(ends.get(name), format="%.1f")
                for name in ("days a doubling", *ends)
            },
        )
    with st.expander("Why ours differs, and the figures to take away"):
        st.caption(escaped(WHY))
        table_download(table, frame, "metr-window")
    indicator = known.indicators[HORIZONS[one.percentile]]
    draw_chart(
        evidence_chart(
            indicator,
            one.rows,
            known.systems,
            as_of=frame.as_of,
            sources=known.titles,
            events=published(indicator, known),
        ),
        charted,
    )
    sources_footer([known.sources[m.source] for m in one.rows if m.source in known.sources], None)


def line(held: Sequence[Measurement], **chosen: object) -> Window:
    """The window, or a sentence on why there is none."""
    try:
        return window(held, **chosen)  # type: ignore[arg-type]  # the fields of the form above
    except ValueError as error:
        raise StoreError(f"{error}; choose a wider window") from None


def answer(one: Window, since: str) -> str:
    """The doubling time in a sentence."""
    return (
        f"METR's {one.percentile} % horizon doubles every {one.days:.0f} days by a straight line through "
        f"{len(one.rows)} systems, {since}."
    )


def as_frame(one: Window, ours: tuple[float, float, float]) -> pd.DataFrame:
    """The three figures beside each other, days a doubling; an interval of 95 % where there is one."""
    low, middle, high = ours
    rows = [
        {
            "figure": "METR's line, from our rows",
            "days a doubling": one.days,
            "low": None,
            "high": None,
        },
        {
            "figure": "As METR printed it"
            if one.published is not None
            else "METR printed no figure for this window",
            "days a doubling": one.published,
            "low": one.low,
            "high": one.high,
        },
        {"figure": "Our posterior, approximated", "days a doubling": middle, "low": low, "high": high},
    ]
    return pd.DataFrame(rows)
