"""The frame of every page: title, as-of day in the URL, a link that reopens the view, sources, faults in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from scorecard.clock import today
from scorecard.evidence.facts import FactsRefused
from scorecard.records import LogEntry, Source
from scorecard.store import Store, StoreBusy, StoreError
from scorecard.words import day_in_words, day_of_both
from screens.frame import glossary, search, session
from screens.frame.record import Opened, open_store, searched
from screens.frame.text import escaped, link
from screens.frame.tokens import DARK_STYLE, LIGHT_STYLE, is_dark

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

STYLE = Path(__file__).with_suffix(".css")
CHOICE_WIDTH = 340  # pixels; the longest name of a threshold fits
HANDED_OVER = (
    0.02  # seconds that the server gets to send what a page has drawn; benchmarks/pages.py shows what they do
)
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
    """What a page is about to show: which store, as of which day, with what we held on which day; and its places."""

    store: Store
    as_of: date
    assumptions: date | None
    heading: DeltaGenerator
    choices: DeltaGenerator

    @property
    def is_today(self) -> bool:
        """Whether the day shown is the present one."""
        return self.as_of == today()

    def retitle(self, text: str) -> None:
        """Put another title on the page than the navigation's, such as the name of what is shown."""
        self.heading.title(escaped(text), anchor=False)

    def answer(self, text: str, place: DeltaGenerator | None = None) -> None:
        """What is shown in a sentence, with the day it stands for; in a place kept for it where it is found late."""
        with place.container() if place else st.container():
            st.header(escaped(text), anchor=False)
            st.caption(escaped(as_of_line(self)))
        self.send()

    def send(self) -> None:
        """Let what is drawn so far go out; else the reader gets it with all that is drawn after it, twice as late."""
        sleep(HANDED_OVER)


@contextmanager
def page(title: str, purpose: str, *, assumptions: bool = False) -> Iterator[Frame]:
    """Draw a page inside its frame; what is wrong with the record is told in a sentence, not a trace.

    On top stand the title, the day in a small menu, what else can be chosen, a link to the view and who is here.
    `assumptions` offers today's criteria and priors on the evidence of an earlier day; the page has to heed it.
    """
    _through_app()
    session.go_where_it_began()
    session.confirm()
    st.html(STYLE)
    if is_dark():
        st.html(DARK_STYLE)
    else:
        st.html(LIGHT_STYLE)
    heading = st.empty()
    heading.title(escaped(title), anchor=False, help=escaped(purpose))
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        days = st.container(width="content")
        choices = st.container(horizontal=True, vertical_alignment="center", width="content")
        st.space("stretch")
        with st.popover("Words", type="tertiary", help="What the words of the field mean here"):
            glossary.draw()
        seek, link, people = (st.container(width="content") for _ in range(3))
    as_of, todays = _day(days, assumptions=assumptions)
    with told_in_words():
        session.gate(people)
        store = open_store()
        if seek.button("Search", icon=":material/search:", type="tertiary", shortcut="Mod+K"):
            search.ask(store, as_of)
        frame = Frame(store, as_of, today() if todays else None, heading, choices)
        try:
            yield frame
        finally:
            with link:
                _view_link(frame)  # last, when the address holds all that was chosen


def _day(place: DeltaGenerator, *, assumptions: bool) -> tuple[date, bool]:
    """The as-of day, in a menu whose name says which it is, and whether today's assumptions are asked for with it."""
    known = st.session_state.get("as_of") or _read_day(st.query_params.get("as_of", "")) or today()
    label = "today, " if known == today() else ""
    with place.popover(escaped(f"As of {label}{day_in_words(known)}"), type="tertiary", key="days"):
        as_of = st.date_input(
            "As of",
            value=today(),
            min_value=EARLIEST,
            max_value=today(),
            format="YYYY-MM-DD",
            key="as_of",
            bind="query-params",
            required=True,
            help="Count only what could have been known by the end of this day. The forecast is made from that.",
        )
        todays = (
            assumptions
            and as_of < today()
            and st.toggle(
                "Today's assumptions",
                key="todays",
                bind="query-params",
                help="The criteria, priors and dates that we hold today, on the evidence of that day.",
            )
        )
    return as_of, todays


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


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
def told_in_words() -> Iterator[None]:
    """What is wrong with the record ends the page with a sentence instead of a trace."""
    try:
        yield
    except StoreBusy as error:
        st.warning(escaped(f"Somebody else is writing to the record. {error}"))
        st.button("Try again")
        st.stop()
    except (StoreError, FactsRefused) as error:
        st.error(escaped(_sentence(str(error))))
        st.stop()


def _sentence(text: str) -> str:
    """An error's message as a person reads it: a capital first and a full stop last; markup stays literal."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def choice(
    frame: Frame, label: str, names: Mapping[str, str], *, key: str, place: DeltaGenerator | None = None
) -> str:
    """Let a person choose one id by its name, at the top of the page or in a place; the id stands in the URL as `key`.

    Streamlit's own binding would put the shown name there, so that an address that gives an id is ignored.
    An id in the address that `names` lacks is returned as it is: the page says what is wrong with it.
    """
    asked = st.query_params.get(key) or next(iter(names))
    st.session_state[key] = st.query_params[key] = asked

    def keep() -> None:
        st.query_params[key] = st.session_state[key]

    options = list(dict.fromkeys([*names, asked]))
    return (place or frame.choices).selectbox(
        escaped(label),
        options,
        key=key,
        on_change=keep,
        format_func=lambda id: names.get(id, id),
        label_visibility="visible" if place else "collapsed",
        width="stretch" if place else CHOICE_WIDTH,
    )


def as_of_line(frame: Frame) -> str:
    """The line under every answer: which day it stands for, and up to which day anybody looked for evidence."""
    looked = searched(Opened.of(frame.store), frame.as_of)
    if frame.assumptions:
        return f"{day_of_both(frame.as_of, frame.assumptions)}. {looked}."
    if frame.is_today:
        return f"As of today, {day_in_words(frame.as_of)}. {looked}."
    return f"As of {day_in_words(frame.as_of)}: what became known later is left out. {looked}."


def link_to(as_of: date) -> str:
    """The address that reopens this view on a day, with the filters as they are now."""
    base = (st.context.url or "").partition("?")[0]
    kept = {name: st.query_params.get_all(name) for name in st.query_params}
    kept["as_of"] = [as_of.isoformat()]
    return f"{base}?{urlencode(kept, doseq=True)}"


@st.fragment
def _view_link(frame: Frame) -> None:
    """Offer the address of this view, ready to copy; asked anew when it is opened, as parts of a page change it."""
    with st.popover("Link to this view", type="tertiary", key="view_link", on_change="rerun"):
        st.caption("Reopens this view on the same day with the same filters.")
        st.code(link_to(frame.as_of), language=None, wrap_lines=True)


def sources_footer(sources: Iterable[Source], entry: LogEntry | None, *, note: str = "") -> None:
    """The list of sources behind what is shown, and which state of the record it was read from."""
    listed = {source.id: source for source in sources}
    with st.expander(f"Sources ({len(listed)})"):
        for source in sorted(listed.values(), key=lambda s: s.published_on, reverse=True):
            st.markdown(f"{link(source.title, source.url)}, {escaped(day_in_words(source.published_on))}")
    words = [note] if note else []
    if entry is not None:
        moment = f"{day_in_words(entry.recorded_at.date())}, {entry.recorded_at:%H:%M} UTC"
        words.append(f"Read from entry {entry.seq} of the record ({moment}; head {entry.hash[:12]}).")
    st.caption(escaped(" ".join(words)))
