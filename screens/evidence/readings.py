"""An indicator on the screen: what it measures and does not, its readings as a table, and the sources of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.evidence.readings.adjusting import key_of
from scorecard.evidence.readings.left_out import left_out_words
from scorecard.evidence.readings.vintages import current
from scorecard.records import Indicator, Measurement, Source
from scorecard.words import day_in_words, interval_in_words, title_of, value_in_words
from screens.board import mark_in_words
from screens.frame.page import GRADES
from screens.frame.record import Evidence
from screens.frame.tables import data_table
from screens.frame.text import bulleted, escaped, link, link_column

BOUNDS: Mapping[str, str] = {"exact": "", "at_least": "at least ", "at_most": "at most "}


def marks_of(indicator: Indicator, m: Measurement, as_of: date) -> tuple[str, ...]:
    """A reading's own marks, then whether it is out of range, old, or shown without being fitted."""
    beyond = indicator.reliable_max is not None and m.value > indicator.reliable_max
    derived = (
        ("out of range",) * (beyond and "out_of_range" not in m.marks)
        + ("stale",) * ((as_of - m.observed_on).days > indicator.retest_days)
        + ("not fitted",) * (not m.main)
    )
    return (*map(mark_in_words, m.marks), *derived)


def answer(
    indicator: Indicator, readings: Sequence[Measurement], systems: Mapping[str, str], as_of: date
) -> str:
    """The newest and the best reading in a sentence."""
    main = [m for m in current(readings) if m.main] or current(readings)
    newest = max(main, key=lambda m: m.observed_on)
    best = max(main, key=lambda m: m.value if indicator.direction == "higher" else -m.value)

    def said(m: Measurement) -> str:
        return (
            f"{BOUNDS[m.bound]}{value_in_words(m.value, indicator.unit)} ({systems.get(m.system, m.system)})"
        )

    words = f"{indicator.name}: newest reading {said(newest)}, {(as_of - newest.observed_on).days} days old"
    return f"{words}, and the best so far." if newest is best else f"{words}; best so far {said(best)}."


def as_frame(
    indicator: Indicator, readings: Iterable[Measurement], known: Evidence, as_of: date
) -> pd.DataFrame:
    """Readings as a table, newest first, every vintage its own row; values in the indicator's unit."""
    rows = [_cells(indicator, m, known, as_of) for m in readings]
    table = pd.DataFrame(rows)
    return table.sort_values(
        ["observed on", "system", "vintage"], ascending=[False, True, True], ignore_index=True
    )


def _cells(indicator: Indicator, m: Measurement, known: Evidence, as_of: date) -> dict[str, Any]:
    source, held = known.sources.get(m.source), known.adjustments.get(key_of(m))
    return {
        "as of": as_of,
        "indicator": indicator.id,
        "system": known.systems.get(m.system, m.system),
        "condition": m.condition or None,
        "observed on": m.observed_on,
        "vintage": m.vintage,
        "known since": m.known_at,
        "in words": BOUNDS[m.bound] + value_in_words(m.value, indicator.unit),
        "interval in words": interval_in_words(m, indicator.unit),
        "read as": value_in_words(held.value, indicator.unit) if held else None,
        "why": f"{title_of(held.doubt)}: {held.rationale}" if held else None,
        "value": m.value,
        "low": m.low,
        "high": m.high,
        "interval level": m.interval,
        "unit": indicator.unit,
        "bound": m.bound,
        "n": m.n,
        "marks": ", ".join(marks_of(indicator, m, as_of)) or None,
        "grade": GRADES[m.grade],
        "source": source.title if source else m.source,
        "address": web_address(source.url) if source else None,
        "note": m.note or None,
    }


SHOWN = (
    "system",
    "observed on",
    "in words",
    "interval in words",
    "condition",
    "marks",
    "vintage",
    "value",
    "read as",
    "why",
    "grade",
    "source",
    "address",
    "note",
)


TEXTS = (
    "condition",
    "read as",
    "why",
    "marks",
    "address",
    "note",
)  # may be missing; shown empty then


def draw_table(table: pd.DataFrame, *, alt: str) -> None:
    """The readings' table: words first; the download carries every column."""
    config: dict[str, Any] = {
        "in words": st.column_config.TextColumn("reading"),
        "value": st.column_config.NumberColumn(escaped(f"value, {table['unit'].iloc[0]}"), format="%.4g"),
        "read as": st.column_config.TextColumn("read as (adjusted)"),
        "interval in words": st.column_config.TextColumn("interval and its level"),
        "condition": st.column_config.TextColumn(width="medium"),
        "address": link_column("link"),
    }
    columns = [name for name in SHOWN if table[name].notna().any()]
    shown = table[columns].fillna(dict.fromkeys(TEXTS, ""))
    data_table(shown, config=config, alt=alt)


def draw_meaning(indicator: Indicator, source: Source | None, as_of: date) -> None:
    """What the indicator measures, what it does not, how it is treated, and how it did on tasks left out."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What it measures**")
        st.markdown(escaped(indicator.measures))
        treated = (
            f"Unit {indicator.unit}; modelled on the {indicator.scale} scale; {indicator.direction} is more."
        )
        if indicator.reliable_max is not None:
            limit = value_in_words(indicator.reliable_max, indicator.unit)
            treated += (
                f" Beyond {limit} the instrument does not measure: such readings count as at least that."
            )
        if indicator.shared_tasks:
            treated += " All systems are tested on the same tasks, so their errors go together."
        st.caption(escaped(treated))
        if source:
            st.caption(
                f"Source: {link(source.title, source.url)}, {escaped(day_in_words(source.published_on))}"
            )
    with right:
        st.markdown("**What this does not measure**")
        none = "No caveat is on record, which is not to say that there is none."
        st.markdown(bulleted(indicator.caveats or (none,)))
        if indicator.note:
            st.caption(escaped(indicator.note))
    if words := left_out_words([indicator.id], as_of):
        st.caption(escaped(words))
