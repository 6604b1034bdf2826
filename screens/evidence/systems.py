"""One system on the screen: its names, where it stands, every reading, its attempts, and what was found of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.evidence.attempts import by_task, rates
from scorecard.evidence.names import Registry, folded
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.rankings import Ranking
from scorecard.records import Determination, System
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import named_thresholds
from scorecard.words import day_in_words, title_of, value_in_words
from screens.evidence.readings import BOUNDS, as_frame
from screens.frame.page import GRADES
from screens.frame.record import Evidence, Opened
from screens.frame.tables import data_table
from screens.frame.text import escaped, link_column


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """Every system known on a day, with its names, the ids merged into it, and determinations."""

    systems: Mapping[str, System]  # those that something is known of, newest first
    names: Mapping[str, tuple[str, ...]]  # by system id, as sources write them
    merged: Mapping[str, tuple[str, ...]]  # by system id: every id that means it
    determinations: tuple[Determination, ...]
    thresholds: Mapping[str, str]  # whole names by id

    def one(self, id: str, as_of: date) -> System:
        """The system of an id; StoreError says what to do when nothing is known of it."""
        if id not in self.systems:
            raise StoreError(f"there is no system {id!r} with a reading by {as_of}; pick one at the top")
        return self.systems[id]

    def found(self, id: str) -> list[Determination]:
        """What developers found about a system, by any name of it."""
        return [
            d for d in self.determinations if d.system and self._meant(d.system) in (id, *self.merged[id])
        ]

    def _meant(self, name: str) -> str:
        return next((id for id, names in self.names.items() if folded(name) in map(folded, names)), name)


def systems(store: Store, as_of: date) -> Systems:
    """Every system that something is known of on a day."""
    return _systems(Opened.of(store), as_of)


@st.cache_data(show_spinner=False, max_entries=16)
def _systems(opened: Opened, as_of: date) -> Systems:
    with Store(opened.address).view(as_of=as_of) as known:
        registry = Registry.of(known)
        measured = {m.system for m in published_readings(known)}
        determinations = tuple(known.all(Determination))
        thresholds = named_thresholds(known)
    meant = {id: registry.ids.get(folded(id), id) for id in registry.systems}
    found = {d.system for d in determinations}
    standing = {meant[id] for id in measured | found if id in meant}
    newest = sorted(standing, key=lambda id: registry.systems[id].released_on, reverse=True)
    names: dict[str, list[str]] = {id: [registry.systems[id].name] for id in standing}
    for name, id in registry.ids.items():
        if id in names:
            names[id].append(name)
    return Systems(
        systems={id: registry.systems[id] for id in newest},
        names={id: tuple({folded(name): name for name in reversed(of)}.values()) for id, of in names.items()},
        merged={id: tuple(old for old, new in meant.items() if new == id) for id in standing},
        determinations=determinations,
        thresholds=thresholds,
    )


@st.cache_data(show_spinner=False, max_entries=16)
def attempts(opened: Opened, as_of: date, system: str) -> pd.DataFrame:
    """The success rates from attempts of one system, a row for each way in which it was elicited."""
    store = Store(opened.address)
    with store.view(as_of=as_of) as known:
        found = rates(by_task(store, known, system=system))
    rows = [
        {
            "benchmark": setting["benchmark"],
            "scorer": setting["scorer"],
            "scaffold": setting["scaffold"],
            "budget": setting["budget"],
            "tools": setting["tools"],
            "settings": setting["settings"],
            "success rate": made.value,
            "low": made.low,
            "high": made.high,
            "interval level": made.level,
            "attempts": made.runs,
            "tasks": made.tasks,
            "families": made.clusters,
        }
        for setting, made in found
    ]
    return pd.DataFrame(rows)


def answer(system: System, found: Sequence[Ranking]) -> str:
    """How much is known of a system and where it leads, in a sentence."""
    who = f"{system.name} ({system.developer}, {day_in_words(system.released_on)})"
    if not found:
        return f"{who}: no reading is known, only what its developer has found."
    readings = sum(one.readings for one in found)
    series = f"{len(found)} indicator{'' if len(found) == 1 else 's'}"
    leads = [one.indicator.name for one in found if one.leads and one.others]
    led = sum(one.led and one.others > 0 for one in found)
    words = f"{who} has {readings} reading{'' if readings == 1 else 's'} of {series}"
    if not leads:
        return f"{words}; it leads none of them today and led {led or 'none'} on its release."
    named = ", ".join(leads[:2]) + (f" and {len(leads) - 2} more" if len(leads) > 2 else "")
    return f"{words}; it is the best so far on {named}."


def draw_facts(system: System, names: Sequence[str]) -> None:
    """The names that sources give a system, and what is noted of it; its own id is nobody's name for it."""
    others = [name for name in names if folded(name) not in (folded(system.name), folded(system.id))]
    told = [f"Also called: {'; '.join(others)}."] if others else []
    told += [system.note] if system.note else []
    st.caption(escaped(" ".join((*told, f"Release day {GRADES[system.grade]}."))))


def readings_frame(ids: Sequence[str], known: Evidence, as_of: date) -> pd.DataFrame:
    """Every reading of a system, every vintage and condition, with the indicator's name."""
    tables = [
        as_frame(known.indicators[name], own, known, as_of).assign(indicator=known.indicators[name].name)
        for name, of in known.measurements.items()
        if name in known.indicators and (own := [m for m in of if m.system in ids])
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def draw_readings(table: pd.DataFrame, *, alt: str) -> None:
    """The readings, words first."""
    columns = [
        "indicator",
        "condition",
        "vintage",
        "in words",
        "interval in words",
        "marks",
        "grade",
        "source",
        "address",
        "note",
    ]
    texts = dict.fromkeys(("condition", "marks", "address", "note"), "")
    config: dict[str, Any] = {
        "interval in words": st.column_config.TextColumn("interval and its level"),
        "address": link_column("link"),
    }
    shown = table[columns].fillna(texts)
    data_table(shown, config=config, alt=alt)


def standing_frame(found: Sequence[Ranking]) -> pd.DataFrame:
    """Where a system stands on every indicator: its furthest reading, how many others it is ahead of."""
    return pd.DataFrame(
        {
            "indicator": one.indicator.name,
            "furthest reading": BOUNDS[one.reading.bound]
            + value_in_words(one.reading.value, one.indicator.unit),
            "level with or ahead of": f"{one.behind} of {one.others}",
            "best so far": one.leads and one.others > 0,
            "best when released": one.led and one.others > 0,
            "fitted": one.reading.main,
            "readings": one.readings,
            "id": one.indicator.id,
        }
        for one in found
    )


def draw_found(found: Sequence[Determination], known: Evidence, thresholds: Mapping[str, str]) -> None:
    """What its developer found about it, threshold by threshold."""
    rows = [
        {
            "threshold": thresholds.get(d.threshold, d.threshold),
            "finding": title_of(d.finding),
            "on": d.determined_on,
            "known since": d.known_at,
            "how far checked": GRADES[d.grade],
            "source": source.title if (source := known.sources.get(d.source)) else d.source,
            "address": web_address(source.url) if source else None,
            "note": d.note,
        }
        for d in found
    ]
    config = {"address": link_column("link")}
    data_table(pd.DataFrame(rows), config=config, alt="What its developer found")


def draw_attempts(table: pd.DataFrame) -> None:
    """Success rates as per cent, with their intervals and how the system was elicited."""
    kept = [
        name
        for name in table.columns
        if name not in ("scorer", "scaffold", "budget", "tools", "settings") or table[name].any()
    ]
    data_table(table[kept], chances=("success rate", "low", "high"), alt="Success rates from attempts")
    st.caption(
        "Epochs are averaged within tasks and errors computed over families. How a system was elicited (scaffold, "
        "budget, tools, other settings) keeps rates apart."
    )
