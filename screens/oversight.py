"""Oversight and safeguards on the screen: whether they keep pace, each area with its readings, bar and trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.evidence.readings.adjusting import readings
from scorecard.records import ForecastRun, Indicator, OversightArea
from scorecard.store import Store
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.thresholds.oversight import Bars, Standing, bars, standings
from scorecard.words import chance_in_words, value_in_words
from screens.automation import BOUNDS
from screens.frame import record
from screens.frame.page import GRADES
from screens.frame.record import Evidence
from screens.frame.tables import data_table
from screens.frame.text import escaped


@st.cache_data(show_spinner=False, max_entries=16)
def runs(opened: record.Opened, day: date) -> Mapping[str, ForecastRun]:
    """The publishable forecast that holds on a day, by threshold."""
    store = Store(opened.address)
    with store.view(as_of=day) as known, store.view() as now:
        found = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known))
    return {threshold: run for threshold, run in found.items() if run.publishable}


@st.cache_data(show_spinner=False, max_entries=16)
def bars_in_use(opened: record.Opened, day: date) -> tuple[Bars, list[Standing]]:
    """The bars in use on a day, and every indicator of every area raced against the capability they name."""
    with Store(opened.address).view(as_of=day) as known, Store(opened.address).view() as now:
        indicators = {i.id: i for i in now.all(Indicator)}
        found, held = readings(known), bars(known)
    return held, standings(indicators, found, runs(opened, day).get(held.capability), held, as_of=day)


def answer(found: Sequence[Standing]) -> str:
    """Whether oversight keeps pace, in a sentence."""
    measured = [one for one in found if one.p_at_bar is not None]
    if not measured:
        return "No reading of oversight or safeguards was known on this day."
    at_bar = [one for one in measured if (one.p_at_bar or 0) >= 0.5]
    getting = sum(one.trend == "getting safer" for one in measured)
    none = len(found) - len(measured)
    safer = f"{getting} {'is' if getting == 1 else 'are'} clearly getting safer"
    first = (
        f"Oversight is behind its own bars: {len(at_bar)} of {len(measured)} measured indicators are probably at "
        f"theirs, {safer}, and {none} {'has' if none == 1 else 'have'} no reading in numbers"
    )
    late = [one.p_late for one in measured if one.p_late is not None]
    if not late:
        return f"{first}."
    ahead = sum(p > 0.5 for p in late)
    return f"{first}; capability probably comes first for {ahead} of {len(late)}."


def frame_of(area: OversightArea, found: Sequence[Standing], known: Evidence, as_of: date) -> pd.DataFrame:
    """One area's indicators: newest reading, trend, bar, chances, age and source."""
    rows = []
    for one in found:
        if one.area != area:
            continue
        m, indicator = one.newest, one.indicator
        unit = indicator.unit if indicator else ""
        source = known.sources.get(m.source) if m else None
        rows.append(
            {
                "what is measured": indicator.name if indicator else one.bar.indicator,
                "newest": BOUNDS[m.bound] + value_in_words(m.value, unit) if m else "no reading in numbers",
                "system": known.systems.get(m.system, m.system) if m else None,
                "condition": (m.condition or None) if m else None,
                "observed on": m.observed_on if m else None,
                "days old": (as_of - m.observed_on).days if m else None,
                "readings": one.readings,
                "trend": one.trend,
                "safer": one.bar.safer,
                "proposed bar": value_in_words(one.bar.bar, unit),
                "why there": one.bar.rationale,
                "at the bar today": one.p_at_bar,
                "capability comes first": one.p_late,
                "source": source.title if source else None,
                "address": web_address(source.url) if source else None,
                "how far checked": GRADES[m.grade] if m else None,
            }
        )
    return pd.DataFrame(rows)


def draw_area(area: OversightArea, found: Sequence[Standing], known: Evidence, as_of: date) -> None:
    """One area: its question, its table, and what nobody has published."""
    st.markdown(f"**{escaped(area.name)}.** {escaped(area.question)}")
    table = frame_of(area, found, known, as_of)
    if not table.empty:
        data_table(
            table,
            chances=("at the bar today", "capability comes first"),
            links=("address",),
            alt=f"Readings of {area.name.lower()}",
        )
    st.caption(escaped(f"Not published: {area.missing}"))


def capability_line(run: ForecastRun | None, names: Mapping[str, str]) -> str:
    """What the race is run against, by its name, or why there is none."""
    if run is None:
        return "No forecast of the capability is stored for this day, so there is no race: `preparedness forecast run`."
    now = chance_in_words(run.quoted.cdf.p[0])
    return (
        f"The capability is {names.get(run.threshold, run.threshold)}, crossed already with {now} (forecast "
        f"{run.id[:12]}). The race takes the two as independent given what is known, and published set-ups differ by "
        "about one log-odds."
    )
