"""Public goals and predictions on the screen: the answer, the register, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.records import Event, Outlook
from scorecard.store import Store
from scorecard.thresholds.milestones import MilestoneRow, register
from scorecard.words import chance_in_words, day_in_words, title_of
from screens import oversight
from screens.board import whole_name
from screens.frame import record
from screens.frame.page import GRADES, Frame, choice
from screens.frame.record import Evidence, Scorecard, threshold_names
from screens.frame.tables import data_table
from screens.frame.text import escaped


@st.cache_data(show_spinner=False, max_entries=16)
def rows(opened: record.Opened, day: date) -> list[MilestoneRow]:
    """Every statement known on a day, those whose day comes first on top."""
    with Store(opened.address).view(as_of=day) as known:
        events, outlooks = known.all(Event), known.all(Outlook)
    return register(events, outlooks, oversight.runs(opened, day), as_of=day)


def answer(found: Sequence[MilestoneRow], as_of: date) -> str:
    """What is due next and how the past ones ended, in a sentence."""
    stated = [row for row in found if row.outlook.kind != "observation"]
    if not stated:
        return "No public goal or forecast was known on this day."
    ended = {
        name: sum(row.outcome == name for row in stated) for name in ("happened", "not happened", "declared")
    }
    ahead = [
        row
        for row in stated
        if row.outcome == "open" and row.by and row.by >= as_of and row.outlook.target_on
    ]
    words = (
        f"Of {len(stated)} public goals and forecasts {ended['happened']} came true, {ended['not happened']} did not, "
        f"{ended['declared']} was declared without the evidence that its criteria ask for"
    )
    if not ahead:
        return f"{words}; none with a date of its own is ahead."
    first = ahead[0]
    return (
        f"{words}; next is {first.event.name} ({first.outlook.who}, {day_in_words(first.by or as_of)}, "
        f"in {((first.by or as_of) - as_of).days} days)."
    )


def as_frame(found: Sequence[MilestoneRow], known: Evidence) -> pd.DataFrame:
    """The register as a table: who, what, by when, their probability beside ours, outcome and score."""
    return pd.DataFrame(_cells(row, known) for row in found)


def _cells(row: MilestoneRow, known: Evidence) -> dict[str, Any]:
    o, source = row.outlook, known.sources.get(row.outlook.source)
    quantiles = {
        name: value if isinstance(value, str) else f"{value['value']:g} {value['unit']}"
        for name, value in (o.quantiles or {}).items()
    }
    at_least = "at least " if o.probability_is == "at_least" else ""
    return {
        "who": o.who,
        "event": row.event.name,
        "target": o.target_on,
        "theirs": None if o.probability is None else at_least + chance_in_words(o.probability),
        "ours by the same day": row.ours,
        "outcome": row.outcome,
        "kind": o.kind,
        "said on": o.said_on,
        "organisation": o.organisation,
        "their dates": ", ".join(f"{q} {x}" for q, x in quantiles.items()) or None,
        "compared by": row.by,
        "score (lower is better)": ", ".join(f"{n} {v:.2f}" for n, v in row.score.items()) or None,
        "statement": o.statement,
        "source": source.title if source else o.source,
        "address": web_address(source.url) if source else None,
        "how far checked": GRADES[o.grade],
    }


def askable(found: Sequence[MilestoneRow], card: Scorecard) -> dict[str, str]:
    """What the experts can be asked about, id to name: every event, then every threshold of the scorecard."""
    events = {row.event.id: row.event.name for row in found}
    thresholds = {r.threshold.id: f"{whole_name(r)} is crossed" for r in card.rows}
    return events | thresholds


def draw_register(table: pd.DataFrame) -> None:
    """The register, with probabilities as per cent and addresses as links."""
    data_table(
        table, chances=("ours by the same day",), links=("address",), alt="Public goals and predictions"
    )


def draw_event(frame: Frame, found: Sequence[MilestoneRow]) -> None:
    """One event at a time: what resolves it, its parts, and what became of the statements about it."""
    names = {row.event.id: row.event.name for row in found}
    chosen = choice(frame, "Event", names, key="event", place=st.container())
    ours = [row for row in found if row.event.id == chosen]
    if not ours:
        st.markdown(escaped(f"There is no event {chosen!r} among those shown; pick another."))
        return
    event = ours[0].event
    st.markdown(f"**What resolves it.** {escaped(event.criteria)}")
    if event.sub_events:
        st.markdown(f"**Parts.** {escaped(', '.join(event.sub_events))}")
    if event.threshold:
        name = threshold_names(record.Opened.of(frame.store)).get(event.threshold, event.threshold)
        st.markdown(f"**Our threshold for it.** {escaped(name)}")
    for row in ours:
        note = (row.outlook.resolution or {}).get("note", "")
        said = f"{row.outlook.who}, {day_in_words(row.outlook.said_on)}: {row.outlook.statement}"
        st.markdown(f"- {escaped(said)} *{escaped(title_of(row.outcome))}.* {escaped(str(note))}")
