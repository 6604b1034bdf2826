"""Filings of one developer on the Briefing page: what is due, documents, and the form to draft a field."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from scorecard.briefings.content.filings import FilingDraft, Filings, filings
from scorecard.briefings.delivery.calendars import days_of_record
from scorecard.briefings.delivery.filed import DOCUMENTS, as_calendar
from scorecard.governance.filings.entries import OWNER, draft
from scorecard.records import Framework
from scorecard.store import Store
from scorecard.thresholds.board import board
from scorecard.words import day_in_words
from screens.frame import session
from screens.frame.page import Frame, choice
from screens.frame.record import Opened
from screens.frame.tables import data_table
from screens.frame.text import escaped

TITLES = {"docx": "Word", "pdf": "PDF", "ics": "Calendar"}


def draw_filings(frame: Frame, as_of: date) -> None:
    """The developer's filings, the next due first, with their documents and a form for whoever drafts them."""
    with frame.store.view(as_of=as_of) as known:
        developers = sorted({one.developer for one in known.all(Framework)})
    if not developers:
        st.caption("No developer's framework is on record yet.")
        return
    place = st.container()
    developer = choice(frame, "Developer", {one: one for one in developers}, key="developer", place=place)
    made = _made(Opened.of(frame.store), developer, as_of)
    missing = sum(one.missing for one in made.drafts)
    asked = sum(len(one.fields) for one in made.drafts)
    due = min((one.due for one in made.drafts if one.due and one.due >= as_of), default=None)
    told = f", the next by {day_in_words(due)}" if due else ""
    st.markdown(
        escaped(
            f"{developer} has {len(made.drafts)} filings to make{told}; {missing} of the {asked} fields that they ask "
            "for are missing."
        )
    )
    data_table(_listed(made), alt=f"Filings that {developer} owes")
    with st.container(horizontal=True):
        for name, title in TITLES.items():
            write = partial(_calendar, frame.store, made) if name == "ics" else partial(DOCUMENTS[name], made)
            st.download_button(
                escaped(f"All filings ({title})"),
                write,
                key=f"filings-{name}",
                file_name=f"filings-{'-'.join(developer.casefold().split())}-{as_of.isoformat()}.{name}",
                on_click="ignore",
            )
    with st.expander("Field by field, and the form to draft one"):
        _draw_fields(frame, made)


@st.cache_resource(show_spinner="Reading what is due ...", max_entries=8)
def _made(opened: Opened, developer: str, as_of: date) -> Filings:
    return filings(Store(opened.address), developer=developer, as_of=as_of)


def _listed(made: Filings) -> pd.DataFrame:
    rows = [
        {
            "due": one.due,
            "filing": one.name,
            "law or framework": one.law,
            "missing": f"{one.missing} of {len(one.fields)}",
            "state": one.state,
            "owner": one.owner or "nobody yet",
            "to": one.recipient,
            "article": one.article,
            "not on record as filed": one.unfiled_since,
        }
        for one in sorted(made.drafts, key=lambda one: one.due or date.max)
    ]
    return pd.DataFrame(rows)


def _draw_fields(frame: Frame, made: Filings) -> None:
    """One filing field by field, and the form under it."""
    if not made.drafts:
        return
    by_id = {one.id: one for one in made.drafts}
    chosen = st.selectbox(
        "Filing", list(by_id), format_func=lambda id: f"{by_id[id].law}: {by_id[id].name}", key="filing"
    )
    one = by_id[chosen]
    st.caption(escaped(f"{one.article}. To {one.recipient}. {one.due_rule}. Period {one.period}."))
    fields = [
        {"state": f.state, "article": f.article, "asks for": f.asks, "our entry": f.text, "by": f.by}
        for f in one.fields
    ]
    data_table(pd.DataFrame(fields), alt="What the filing asks for, and our entries")
    _draw_form(frame, made.developer, one)


def _draw_form(frame: Frame, developer: str, one: FilingDraft) -> None:
    asks = {OWNER: "Owner of this filing"} | {f.field: f"{f.article}: {f.asks}" for f in one.fields}
    with st.form("filing_entry", border=True):
        field = st.selectbox("Field", list(asks), format_func=lambda name: asks[name], key="filing_field")
        text = st.text_area("What is to be filed", key="filing_text")
        who = session.name_field("Drafted by", key="filing_by")
        if not st.form_submit_button("Keep the draft"):
            return
    kept = session.tried(
        lambda: draft(
            frame.store,
            actor=who,
            filing=one.id,
            field=field,
            developer=developer,
            period=one.period,
            text=text,
        )
    )
    if kept:
        session.done("Kept as a draft; somebody else reviews it (`preparedness duty review`).", "filing_text")


def _calendar(store: Store, made: Filings) -> bytes:
    """What is due, with re-tests, meetings and deadlines."""
    with store.view(as_of=made.as_of) as known, store.view() as now:
        rows = [r for r in board(known, now, as_of=made.as_of) if r.framework.developer == made.developer]
        return as_calendar(made, days_of_record(known, rows, made.as_of))
