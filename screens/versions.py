"""Two versions of a framework on the screen, threshold by threshold and clause by clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.governance.criteria import versions_compared
from scorecard.records import Framework, Threshold
from scorecard.store import Store
from scorecard.words import day_in_words, percent, title_of
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.text import escaped

NAMES = {
    "paraphrase": "What it says",
    "operationalisation": "How it is measured",
    "obligations": "What it obliges",
}
type Row = Mapping[str, Any]


def frameworks(frame: Frame) -> dict[str, list[Framework]]:
    """Frameworks with more than one version whose thresholds are on record, each oldest first."""
    return _frameworks(Opened.of(frame.store))


@st.cache_data(show_spinner=False, max_entries=4)
def _frameworks(opened: Opened) -> dict[str, list[Framework]]:
    with Store(opened.address).view() as now:
        written = {(t.framework, t.version) for t in now.all(Threshold)}
        held = [f for f in now.all(Framework) if (f.id, f.version) in written]
    found: dict[str, list[Framework]] = {}
    for one in sorted(held, key=lambda f: f.effective_on):
        found.setdefault(one.id, []).append(one)
    return {id: versions for id, versions in found.items() if len(versions) > 1}


def choose(versions: Sequence[Framework]) -> tuple[str, str]:
    """The two versions to compare: the last two unless asked otherwise."""
    names = {f.version: f"{f.version}, in force since {day_in_words(f.effective_on)}" for f in versions}
    left, right = st.columns(2)
    last = len(names) - 1
    old = left.selectbox(
        "From version", list(names), index=last - 1, format_func=names.__getitem__, key="old"
    )
    new = right.selectbox("To version", list(names), index=last, format_func=names.__getitem__, key="new")
    return old, new


def compared(frame: Frame, framework: str, old: str, new: str) -> list[Row]:
    """The clauses of both versions, see `versions_compared`."""
    return _compared(Opened.of(frame.store), framework, old, new)


@st.cache_data(show_spinner=False, max_entries=16)
def _compared(opened: Opened, framework: str, old: str, new: str) -> list[Row]:
    with Store(opened.address).view() as now:
        return list(versions_compared(now, framework, old, new))


def answer(rows: Sequence[Row], old: str, new: str) -> str:
    """What the later version changed, in a sentence."""
    changed = [row for row in rows if row["from"] and row["to"] and row["from"] != row["to"]]
    held = {side: {_name(row): row["was"] for row in rows if row[side]} for side in ("from", "to")}
    both = held["from"].keys() & held["to"].keys()
    renamed = sum(1 for name in both if held["from"][name])
    added, dropped = len(held["to"].keys() - both), len(held["from"].keys() - both)
    if not (changed or renamed or added or dropped):
        return f"From {old} to {new}: none of {len(rows)} clauses changed."
    return (
        f"From {old} to {new}: {len(changed)} of {len(rows)} clauses reworded, {renamed} thresholds renamed, "
        f"{added} added, {dropped} dropped."
    )


def _name(row: Row) -> tuple[str, str]:
    return row["category"], row["level"]


def draw(rows: Sequence[Row], old: str, new: str) -> None:
    """The thresholds of both versions with their clauses side by side, then those that only one of them has."""
    there = {side: {_name(row) for row in rows if row[side]} for side in ("from", "to")}
    both = there["from"] & there["to"]
    for name in dict.fromkeys(map(_name, rows)):
        if name in both:
            _draw_pair([row for row in rows if _name(row) == name])
    for side, words in (("from", f"Only in {old}"), ("to", f"Only in {new}")):
        alone = [row for row in rows if _name(row) in there[side] - both]
        if alone:
            _draw_alone(alone, side, words)
    if not both:
        st.caption(
            "No threshold has the same name in both, and no two texts are alike enough to be one renamed."
        )


def _draw_pair(rows: Sequence[Row]) -> None:
    was = f" (was {rows[0]['was']}; paired by its text)" if rows[0]["was"] else ""
    st.markdown(f"**{escaped(title_of(rows[0]['category']))}: {escaped(rows[0]['level'])}**{escaped(was)}")
    for row in rows:
        if row["from"] == row["to"]:
            st.caption(f"{escaped(NAMES[row['clause']])}: the same in both. {escaped(row['to'])}")
            continue
        st.caption(escaped(f"{NAMES[row['clause']]} ({percent(row['alike'])} alike)"))
        left, right = st.columns(2, gap="large")
        left.markdown(escaped(row["from"]) or "*not there*")
        right.markdown(escaped(row["to"]) or "*not there*")


def _draw_alone(rows: Sequence[Row], side: str, words: str) -> None:
    names = dict.fromkeys(map(_name, rows))
    with st.expander(escaped(f"{words} ({len(names)})")):
        for name in names:
            st.markdown(f"**{escaped(title_of(name[0]))}: {escaped(name[1])}**")
            for row in rows:
                if _name(row) == name:
                    st.markdown(escaped(f"{NAMES[row['clause']]}: {row[side]}"))


def as_frame(rows: Sequence[Row], old: str, new: str) -> pd.DataFrame:
    """The comparison as a table to download."""
    return pd.DataFrame(rows).rename(columns={"from": f"version {old}", "to": f"version {new}"})


def view(frame: Frame, framework: str) -> None:
    """Two versions of the framework that a threshold belongs to, clause by clause."""
    there = frameworks(frame).get(framework)
    if there is None:
        st.caption("One version of this framework is on record, so there is nothing to compare it with.")
        return
    head = st.container()
    old, new = choose(there)
    rows = compared(frame, framework, old, new)
    head.markdown(f"**{escaped(answer(rows, old, new))}**")
    with st.expander("Clause by clause"):
        st.caption("Our paraphrase of both, so a change of our reading shows too.")
        draw(rows, old, new)
        table_download(as_frame(rows, old, new), frame, f"versions-{framework}")
