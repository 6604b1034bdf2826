"""The frame of every page: title, as-of day in the URL, a link that reopens the view, sources, faults in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from scorecard.briefings.words import day_in_words
from scorecard.evidence.facts import FactsRefused
from scorecard.records import LogEntry, Source
from scorecard.store import Store, StoreBusy, StoreError
from scorecard.ui import session
from scorecard.ui.record import open_store

STYLE = Path(__file__).with_suffix(".css")
EARLIEST = date(2019, 1, 1)  # before the first reading on record
GRADES: Mapping[str, str] = {
    "primary": "read in the document itself",
    "dataset": "from a dataset whose author read the documents",
    "secondary_verified": "from a checked second-hand quotation",
    "secondary": "second-hand",
    "own_knowledge": "not re-checked",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is about to show: which store, as of which day."""

    store: Store
    as_of: date

    @property
    def is_today(self) -> bool:
        """Whether the day shown is the present one."""
        return self.as_of == today()


def today() -> date:
    """The present day in UTC, which is the clock of the record."""
    return datetime.now(UTC).date()


@contextmanager
def page(title: str, purpose: str) -> Iterator[Frame]:
    """Draw a page inside its frame; what is wrong with the record is told in a sentence, not a trace."""
    _through_app()
    session.go_where_it_began()
    st.html(STYLE)
    st.title(title, anchor=False)
    st.caption(purpose)
    as_of = st.sidebar.date_input(
        "As of", value=today(), min_value=EARLIEST, max_value=today(), format="YYYY-MM-DD", key="as_of",
        bind="query-params", required=True,
        help="Count only what could have been known by the end of this day. The forecast is made from that.",
    )  # fmt: skip
    with _told_in_words():
        session.gate()
        store = open_store()
        yield Frame(store, as_of)


def _through_app() -> None:
    """Make sure that app.py runs first.

    Until app.py has run once in a server's life, Streamlit takes pages/ for its older kind of navigation and
    would draw a page that is opened by its own address without titles and settings.
    """
    if PagesManager.uses_pages_directory and not st.session_state.get("_through_app"):
        st.session_state["_through_app"] = True  # once a session: a rerun forgets what was just pressed
        PagesManager.uses_pages_directory = False
        st.rerun()


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What is wrong with the record ends the page with a sentence instead of a trace."""
    try:
        yield
    except StoreBusy as error:
        st.warning(f"Somebody else is writing to the record. {error}")
        st.button("Try again")
        st.stop()
    except (StoreError, FactsRefused) as error:
        st.error(_sentence(str(error)))
        st.stop()


def _sentence(text: str) -> str:
    """An error's message as a person reads it: a capital first and a full stop last; markup stays literal."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def choice(label: str, names: Mapping[str, str], *, key: str) -> str:
    """Let a person choose one id by its name in the sidebar; the id stands in the URL as `key`.

    Streamlit's own binding would put the shown name there, so that an address that gives an id is ignored.
    An id in the address that `names` lacks is returned as it is: the page says what is wrong with it.
    """
    asked = st.query_params.get(key) or next(iter(names))
    st.session_state[key] = st.query_params[key] = asked

    def keep() -> None:
        st.query_params[key] = st.session_state[key]

    options = list(dict.fromkeys([*names, asked]))
    return st.sidebar.selectbox(
        label, options, key=key, on_change=keep, format_func=lambda id: names.get(id, id)
    )


def as_of_line(frame: Frame) -> str:
    """The line under every answer that says which day it stands for."""
    if frame.is_today:
        return f"As of today, {day_in_words(frame.as_of)}."
    return f"As of {day_in_words(frame.as_of)}: what became known later is left out."


def link_to(frame: Frame) -> str:
    """The address that reopens this view on the same day, with the filters as they are now."""
    base = (st.context.url or "").partition("?")[0]
    kept = {name: st.query_params.get_all(name) for name in st.query_params}
    kept["as_of"] = [frame.as_of.isoformat()]
    return f"{base}?{urlencode(kept, doseq=True)}"


def view_link(frame: Frame) -> None:
    """Offer the address of this view, ready to copy."""
    with st.popover("Link to this view", type="tertiary"):
        st.caption("Reopens this view on the same day with the same filters.")
        st.code(link_to(frame), language=None, wrap_lines=True)


def sources_footer(sources: Iterable[Source], entry: LogEntry | None, *, note: str = "") -> None:
    """The list of sources behind what is shown, and which state of the record it was read from."""
    listed = {source.id: source for source in sources}
    with st.expander(f"Sources ({len(listed)})"):
        for source in sorted(listed.values(), key=lambda s: s.published_on, reverse=True):
            st.markdown(f"[{escaped(source.title)}]({source.url}), {day_in_words(source.published_on)}")
    words = [note] if note else []
    if entry is not None:
        moment = f"{entry.recorded_at:%-d %B %Y, %H:%M} UTC"
        words.append(f"Read from entry {entry.seq} of the record ({moment}; head {entry.hash[:12]}).")
    st.caption(" ".join(words))


def escaped(text: str) -> str:
    """Text that people wrote, so that markdown shows it letter by letter."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|~$:" else c for c in text)
