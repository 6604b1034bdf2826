"""Search from every page: thresholds, indicators, systems, sources and decisions by name, by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from scorecard.records import Decision, Indicator, Source, System, Threshold
from scorecard.store import Store
from scorecard.thresholds.board import named_thresholds
from scorecard.words import day_in_words
from screens.frame.navigation import TAB, file_of, pages
from screens.frame.record import Opened

CHOSEN = "search_chosen"


class SearchHit(NamedTuple):
    """One thing that can be opened: its name, the address of its page, and what the page is asked for."""

    name: str
    address: str
    query: Mapping[str, str]


@st.cache_data(show_spinner=False, max_entries=4)
def everything(opened: Opened) -> tuple[SearchHit, ...]:
    """All that can be found by name, thresholds first; of a framework that changed only what is in force."""
    with Store(opened.address).view() as now:
        names = named_thresholds(now)
        found = [
            SearchHit(f"Threshold: {names[t.id]}", "threshold", {"threshold": t.id})
            for t in now.all(Threshold)
            if t.current
        ]
        found += [
            SearchHit(f"Indicator: {i.name}", "evidence", {TAB: "readings", "indicator": i.id})
            for i in now.all(Indicator)
        ]
        found += [
            SearchHit(f"System: {s.name} ({s.developer})", "explore", {TAB: "systems", "system": s.id})
            for s in now.all(System)
        ]
        found += [
            SearchHit(f"Source: {s.title}", "explore", {TAB: "sources", "source": s.id})
            for s in now.all(Source)
        ]
        found += [
            SearchHit(
                f"Decision of {day_in_words(d.known_at)}: {d.decision}",
                "threshold",
                {TAB: "record", "threshold": d.threshold},
            )
            for d in now.all(Decision)
        ]
    return tuple(found)


@st.dialog("Search")
def ask(store: Store, as_of: date) -> None:
    """Type a part of a name, choose with the arrow keys, and Enter opens it as of the same day."""
    found = everything(Opened.of(store))
    chosen = st.selectbox(
        "Threshold, indicator, system, source or decision",
        range(len(found)),
        index=None,
        format_func=lambda number: found[number].name,
        placeholder="Type a part of its name",
        key="searched",
    )
    if chosen is not None:
        st.session_state[CHOSEN] = (found[chosen], as_of)
        st.switch_page(between(), query_params={})  # to clear what a field holds is refused


@cache
def between() -> StreamlitPage:
    """A page that is drawn nowhere, on the way to what was found: only where no field is drawn can the day be set."""
    return st.Page(_open, title="found", url_path="found", visibility="hidden")


def _open() -> None:
    chosen: tuple[SearchHit, date] | None = st.session_state.pop(CHOSEN, None)
    if chosen is None:  # somebody typed the address
        st.switch_page(next(path for path, page in pages().items() if page.home))
    one, st.session_state["as_of"] = chosen
    st.switch_page(file_of(one.address) or "", query_params=dict(one.query))
