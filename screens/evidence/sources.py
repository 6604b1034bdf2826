"""One source on the screen: what rests on it, what each series would lose, and the forecast without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.dependents import Loss, resting
from scorecard.records import Criterion, ForecastRun, Indicator, Measurement, Source
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.thresholds.standing import standing
from scorecard.words import chance_in_words, day_in_words, title_of, value_in_words
from screens.board import interval, median, whole_name
from screens.frame.record import Evidence, Opened
from screens.frame.tables import data_table
from screens.frame.text import joined, link


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """How many records of each kind name a source, and the criteria in use."""

    counts: Mapping[str, int]
    criteria: tuple[Criterion, ...]


@st.cache_data(show_spinner=False, max_entries=32)
def rests(opened: Opened, as_of: date, source: str) -> Resting:
    """What was known on a day to rest on a source; and the criteria in use then."""
    store = Store(opened.address)
    with store.view(as_of=as_of) as known:
        return Resting(counts=resting(known, source), criteria=tuple(standing(known, Criterion)))


@st.cache_data(show_spinner=False, max_entries=16)
def used(opened: Opened, as_of: date) -> dict[str, str]:
    """The sources that something rests on, by id with their titles: those with most readings first."""
    with Store(opened.address).view(as_of=as_of) as known:
        counts: dict[str, int] = {}
        for m in published_readings(known):
            counts[m.source] = counts.get(m.source, 0) + 1
        titles = {s.id: s.title for s in known.all(Source)}
    return {id: titles[id] for id in sorted(titles, key=lambda id: (-counts.get(id, 0), titles[id]))}


def affected(
    rows: Sequence[ScorecardRow], criteria: Sequence[Criterion], lost: Sequence[Loss]
) -> dict[str, str]:
    """Thresholds whose forecast reads a series that would change: id to name, in the scorecard's order."""
    moved = {one.indicator.id for one in lost if one.bears}
    reading = {c.threshold for c in criteria if c.indicator in moved}
    return {row.threshold.id: whole_name(row) for row in rows if row.threshold.id in reading}


def answer(source: Source, counts: Mapping[str, int], lost: Sequence[Loss], moved: Mapping[str, str]) -> str:
    """What rests on a source, in a sentence."""
    if not counts:
        return f"Nothing known on this day rests on {source.title}."
    readings = counts.get("measurements", 0)
    if not readings:
        listed = ", ".join(f"{count} {title_of(table).lower()}" for table, count in counts.items())
        return f"No reading rests on {source.title}; on record from it: {listed}."
    words = (
        f"{readings} reading{'' if readings == 1 else 's'} of {len(lost)} indicator{'' if len(lost) == 1 else 's'} "
        f"rest{'s' if readings == 1 else ''} on {source.title}"
    )
    if not moved:
        return f"{words}; no forecast would change without it."
    one = len(moved) == 1
    return f"{words}; the forecast{'' if one else 's'} of {len(moved)} threshold{' reads' if one else 's read'} them."


def answer_without(before: ForecastRun, after: ForecastRun, as_of: date) -> str:
    """How the headline moves when the source is left out, in a sentence."""
    old, new = (Forecast.of(run, as_of) for run in (before, after))
    if new.refused:
        return f"Without it there is no forecast. {new.refused}"
    if old.refused:
        return f"Only without it there is a forecast: {old.refused}"
    chances = [chance_in_words(f.p_12_months or 0.0) for f in (old, new)]
    parts = (
        _goes("the median", median(old), median(new)),
        _goes("the 80 % interval", interval(old), interval(new)),
        _goes("the chance within 12 months", *chances),
    )
    return f"Without it {', '.join(parts[:-1])}, and {parts[-1]}."


def _goes(what: str, before: str, after: str) -> str:
    return f"{what} stays {before}" if before == after else f"{what} goes from {before} to {after}"


def losses_frame(lost: Sequence[Loss], known: Evidence, criteria: Sequence[Criterion]) -> pd.DataFrame:
    """What each series would lose: fitted readings now and without, those with another value, the newest."""
    weighed = {c.indicator for c in criteria}
    rows = [
        {
            "indicator": one.indicator.name,
            "readings from it": one.readings,
            "a criterion reads it": one.indicator.id in weighed,
            "fitted now": one.fitted,
            "fitted without it": one.left,
            "with another value": one.moved,
            "newest now": _said(one.newest, one.indicator, known),
            "newest without it": _said(one.newest_left, one.indicator, known),
            "id": one.indicator.id,
        }
        for one in sorted(lost, key=lambda one: -one.readings)
    ]
    return pd.DataFrame(rows)


def _said(m: Measurement | None, indicator: Indicator, known: Evidence) -> str:
    if m is None:
        return "none"
    system, value = known.systems.get(m.system, m.system), value_in_words(m.value, indicator.unit)
    return f"{value}, {system}, {day_in_words(m.observed_on)}"


def draw_source(source: Source) -> None:
    """Where the source is, from when, under what licence."""
    licence = f" Licence: {source.licence}." if source.licence else ""
    rest = f", published {day_in_words(source.published_on)}.{licence} {source.note}"
    st.caption(joined("", [link(source.url, source.url), rest]))


def draw_losses(table: pd.DataFrame, *, alt: str) -> None:
    """The table of what each series would lose."""
    data_table(table.drop(columns="id"), alt=alt)
    st.caption(
        "Where a reading has several vintages, an older or another one would take the place of the one that is left "
        "out: the count stays and the value may move."
    )


def draw_without(before: ForecastRun, after: ForecastRun, as_of: date) -> None:
    """The two forecasts as a table, and the words that say how they were made."""
    rows: list[dict[str, Any]] = []
    for label, run in (("with it", before), ("without it", after)):
        f = Forecast.of(run, as_of)
        none = f.refused
        rows.append(
            {
                "": label,
                "median": none or median(f),
                "80 % interval": "" if none else interval(f),
                "crossed already": None if none else f.p_now,
                "within 12 months": None if none else f.p_12_months,
            }
        )
    data_table(
        pd.DataFrame(rows),
        chances=("crossed already", "within 12 months"),
        alt="Forecast with and without it",
    )
    st.caption(
        "Both by approximation and with few draws, so that the page answers at once; differences of a month or of a "
        "few per cent are noise. Nothing of this is stored."
    )
