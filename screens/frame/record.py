"""Cached reads of the record for the screen, each keyed by the store's stamp, so that a change is seen at once.

What is read is shared by all visitors and never written to: a copy for each of them, as `st.cache_data` makes, would
cost a page most of its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import streamlit as st

from scorecard.evidence import facts
from scorecard.evidence.readings import adjusting
from scorecard.evidence.refresh.searched import searched_line, searched_to, watch_list_of
from scorecard.governance import tripwires
from scorecard.governance.alerts import levels
from scorecard.places import DATA
from scorecard.records import (
    Adjustment,
    Criterion,
    Decision,
    Determination,
    ForecastRun,
    Framework,
    Indicator,
    LogEntry,
    Measurement,
    PriorSet,
    Source,
    Subject,
    System,
    Threshold,
    TrackRecord,
)
from scorecard.store import Store, StoreError
from scorecard.store.witness import in_words
from scorecard.thresholds.board import ScorecardRow, board, in_force, named_thresholds, standing_prior_set
from scorecard.thresholds.loop import LoopHeld, loop_held
from scorecard.thresholds.quoted.league import ScoredForecast
from scorecard.thresholds.quoted.outcomes import resolved
from scorecard.thresholds.standing import last_rulings
from scorecard.words import day_in_words

BY_FORECASTS = ("forecast", tripwires.FIRED, levels.CHANGED)  # what a forecast itself leaves on the record


class Opened(NamedTuple):
    """A store at one of its states; the stamp makes a cached read of another state impossible."""

    address: str
    stamp: tuple[int, int]

    @classmethod
    def of(cls, store: Store) -> Opened:
        return cls(store.address, store.stamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The scorecard's rows on a day, the sources they name, and the log entry that was last when read.

    `changed` is the number of the last entry that was not a forecast's own.
    """

    as_of: date
    rows: tuple[ScorecardRow, ...]
    sources: Mapping[str, Source]
    entry: LogEntry | None
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Every indicator and reading known on a day, all vintages, with the names of systems and sources."""

    indicators: Mapping[str, Indicator]
    measurements: Mapping[str, tuple[Measurement, ...]]  # by indicator
    systems: Mapping[str, str]
    sources: Mapping[str, Source]
    adjustments: Mapping[tuple[object, ...], Adjustment]  # adopted, by the reading's key

    @property
    def titles(self) -> Mapping[str, str]:
        """Source id to title, as charts want it."""
        return {source.id: source.title for source in self.sources.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is on record about one threshold: its row, determinations, decisions, runs and prior sets."""

    row: ScorecardRow
    determinations: tuple[Determination, ...]
    decisions: tuple[Decision, ...]
    runs: Mapping[str, ForecastRun]
    prior_sets: Mapping[str, PriorSet]
    standing: str  # the prior set in use
    adopted: frozenset[str]  # criteria that somebody else than their author has adopted


def open_store() -> Store:
    """The store, built from data/ first when there is none or nothing in it; FactsRefused lists faults."""
    store = Store()
    if not store.exists() or not _filled(Opened.of(store)):
        with st.spinner("Building the record from the published facts in data/ ..."):
            facts.build(store, DATA)
    return store


@st.cache_resource(show_spinner=False, max_entries=4)
def _filled(opened: Opened) -> bool:
    with Store(opened.address).view() as now:
        return bool(now.log())


def scorecard(
    store: Store, as_of: date, *, everything: bool = False, assumptions: date | None = None
) -> Scorecard:
    """The scorecard's rows on a day; `everything` adds thresholds that do not bear on self-improvement.

    `assumptions`: with what we held on another day than that of the evidence.
    """
    return _scorecard(Opened.of(store), as_of, everything, assumptions)


@st.cache_resource(show_spinner=False, max_entries=32)
def _scorecard(opened: Opened, as_of: date, everything: bool, assumptions: date | None) -> Scorecard:
    store = Store(opened.address)
    with store.view(as_of=as_of, assumptions=assumptions) as known, store.view() as now:
        rows = board(known, now, as_of=as_of, everything=everything)
        log = now.log()
        return Scorecard(
            as_of=as_of,
            rows=tuple(rows),
            sources={s.id: s for s in now.all(Source)},
            entry=log[-1] if log else None,
            changed=max((entry.seq for entry in log if entry.action not in BY_FORECASTS), default=0),
        )


def class_outcomes(store: Store, as_of: date) -> tuple[ScoredForecast, ...]:
    """Every forecast of the reference class that was resolved by a day; shared, never written to."""
    return _outcomes(Opened.of(store), as_of)


@st.cache_resource(show_spinner=False, max_entries=4)
def _outcomes(opened: Opened, as_of: date) -> tuple[ScoredForecast, ...]:
    with Store(opened.address).view(as_of=as_of) as known:
        return resolved(known, as_of)


@st.cache_resource(show_spinner=False, max_entries=16)
def loop_assumptions(opened: Opened, as_of: date) -> LoopHeld:
    """What we hold about the self-improvement loop on a day."""
    with Store(opened.address).view(as_of=as_of) as known:
        return loop_held(known)


@st.cache_resource(show_spinner=False, max_entries=4)
def threshold_names(opened: Opened) -> Mapping[str, str]:
    """Every threshold's whole name by id, those of replaced versions included."""
    with Store(opened.address).view() as now:
        return named_thresholds(now)


@st.cache_resource(show_spinner=False, max_entries=16)
def searched(opened: Opened, as_of: date) -> str:
    """Up to which day anybody looked for evidence, in words."""
    with Store(opened.address).view(as_of=as_of) as known:
        return searched_line(searched_to(watch_list_of(known)), as_of)


def evidence(store: Store, as_of: date) -> Evidence:
    """Every indicator and reading known on a day."""
    return _evidence(Opened.of(store), as_of)


@st.cache_resource(show_spinner=False, max_entries=16)
def _evidence(opened: Opened, as_of: date) -> Evidence:
    store = Store(opened.address)
    with store.view(as_of=as_of) as known, store.view() as now:
        readings: dict[str, list[Measurement]] = {}
        for m in adjusting.published_readings(known):
            readings.setdefault(m.indicator, []).append(m)
        return Evidence(
            indicators={i.id: i for i in known.all(Indicator) if i.id in readings},
            measurements={name: tuple(found) for name, found in readings.items()},
            systems={s.id: s.name for s in known.all(System)},
            sources={s.id: s for s in now.all(Source)},
            adjustments={key: one for key, (one, _) in adjusting.standing(known).items()},
        )


def dossier(
    store: Store,
    as_of: date,
    threshold: str,
    *,
    prior_set: str | None = None,
    assumptions: date | None = None,
) -> Dossier:
    """One threshold with all that is on record about it; StoreError says when it does not exist or hold."""
    return _dossier(Opened.of(store), as_of, threshold, prior_set, assumptions)


@st.cache_resource(show_spinner=False, max_entries=32)
def _dossier(
    opened: Opened, as_of: date, threshold: str, prior_set: str | None, assumptions: date | None
) -> Dossier:
    store = Store(opened.address)
    with store.view(as_of=as_of, assumptions=assumptions) as known, store.view() as now:
        rows = board(known, now, as_of=as_of, prior_set=prior_set, everything=True)
        found = next((row for row in rows if row.threshold.id == threshold), None)
        if found is None:
            in_use = in_force(known.all(Framework), as_of)
            raise StoreError(_absent(threshold, now.all(Threshold), in_use, as_of))
        return Dossier(
            row=found,
            determinations=tuple(known.all(Determination, threshold=threshold)),
            decisions=tuple(now.all(Decision, threshold=threshold)),
            runs={run.id: run for run in now.all(ForecastRun, threshold=threshold)},
            prior_sets={p.id: p for p in now.all(PriorSet)},
            standing=standing_prior_set(known),
            adopted=frozenset(
                c.id for c in found.criteria if last_rulings(known).get(Subject.of(c)) == "adopted"
            ),
        )


@st.cache_resource(show_spinner=False, max_entries=4)
def acts(opened: Opened) -> tuple[tuple[str, str], ...]:
    """Who acted under which token, oldest first; entries without a token are left out."""
    with Store(opened.address).view() as now:
        return tuple((entry.actor, entry.token) for entry in now.log() if entry.token)


@st.cache_resource(show_spinner=False, max_entries=4)
def head(opened: Opened) -> str:
    """The last entry of the record in words, as minutes and snapshots name it; nothing for an empty record."""
    with Store(opened.address).view() as now:
        log = now.log()
    return in_words(log[-1]) if log else ""


def track_records(store: Store, as_of: date) -> Mapping[str, TrackRecord]:
    """The newest backtest of each indicator that uses nothing known after a day."""
    return _track_records(Opened.of(store), as_of)


@st.cache_resource(show_spinner=False, max_entries=16)
def _track_records(opened: Opened, as_of: date) -> Mapping[str, TrackRecord]:
    with Store(opened.address).view(as_of=as_of) as known:
        return {one.indicator: one for one in known.all(TrackRecord)}


def _absent(id: str, thresholds: list[Threshold], in_use: Mapping[str, Framework], as_of: date) -> str:
    """Why a threshold is not on the scorecard of a day, and what to do."""
    known = next((t for t in thresholds if t.id == id), None)
    if known is None:
        return f"There is no threshold {id!r} on record. Pick one from the list at the top."
    holding = in_use.get(known.framework)
    if holding is None:
        return f"{id} was not known on {day_in_words(as_of)}. Pick a later day."
    return (
        f"{id} belongs to version {known.version} of its framework; on {day_in_words(as_of)} version "
        f"{holding.version} was in force. Pick a day on which {known.version} was, or another threshold."
    )


def named_criteria(criteria: tuple[Criterion, ...], indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """Criterion id to the name of its indicator, for labels."""
    return {
        c.id: indicators[c.indicator].name if c.indicator in indicators else c.indicator for c in criteria
    }
