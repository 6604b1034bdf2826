"""The Briefing page: for which meeting or day, in a look before it is made, as files, with commentary."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from scorecard import __version__
from scorecard.briefings import Export, formats
from scorecard.briefings.content.audience import AUDIENCES
from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.layout.parts import labelled
from scorecard.clock import today
from scorecard.governance import commentary, snapshots
from scorecard.records import Commentary, Meeting, Snapshot
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import named_thresholds
from scorecard.words import day_in_words
from screens.frame import session
from screens.frame.page import Frame, choice
from screens.frame.record import Opened
from screens.frame.text import code, escaped, joined, marked

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

DAY = "day"
PAGE, WEB = "The one page", "The whole, as a web page"
PREVIEW_HEIGHT = 900  # pixels
BY_CONTENT: dict[str | type, Callable[[Any], Any]] = {Briefing: lambda briefing: briefing.hash}


@dataclass(frozen=True, slots=True)
class BriefingRequest:
    """What to brief on: a day, and the snapshot it is written from, which is empty for the record as it stands."""

    as_of: date
    snapshot: str
    why: str = ""


def ask(frame: Frame) -> BriefingRequest:
    """Let the secretary pick the day above, a meeting or a briefing that was kept; the choice is in the address."""
    held, kept = _offered(Opened.of(frame.store))
    meetings = {f"meeting-{m.id}": m for m in held}
    bound = {f"kept-{s.id[:12]}": s for s in reversed(kept)}
    names = {DAY: "For this day"}
    names |= {key: f"{m.title} ({m.state})" for key, m in meetings.items()}
    names |= {key: s.title for key, s in bound.items()}
    chosen = choice(frame, "Briefing for", names, key="for")
    if chosen in meetings:
        m = meetings[chosen]
        closed = "Written from the snapshot it was closed under; what was recorded later is left out."
        return BriefingRequest(
            min(m.held_on, today()), m.snapshot, closed if m.snapshot else f"The meeting is {m.state}."
        )
    if chosen in bound:
        s = bound[chosen]
        return BriefingRequest(s.as_of, s.id, f"Kept by {s.author}; what was recorded later is left out.")
    if chosen != DAY:
        raise StoreError(f"there is no meeting or kept briefing {chosen!r}; pick one at the top")
    return BriefingRequest(frame.as_of, "")


@st.cache_resource(show_spinner=False, max_entries=4)
def _offered(opened: Opened) -> tuple[list[Meeting], list[Snapshot]]:
    """Every meeting, the newest first, and every briefing that was kept; shared, never written to."""
    with Store(opened.address).view() as now:
        held = sorted(now.all(Meeting), key=lambda m: m.held_on, reverse=True)
        return held, now.all(Snapshot, kind="briefing")


def ask_audience(frame: Frame, place: DeltaGenerator) -> str:
    """Who it is for; what that reader may not have is left out of everything on the page but the forms."""
    chosen = choice(
        frame, "Audience", {name: name.capitalize() for name in AUDIENCES}, key="audience", place=place
    )
    if chosen not in AUDIENCES:
        raise StoreError(f"there is no audience {chosen!r}; pick one at the top")
    return chosen


def made(store: Store, asked: BriefingRequest, audience: str) -> Briefing:
    """The briefing, built once for as long as the record stays as it is."""
    return _made(Opened.of(store), asked.as_of, audience, asked.snapshot)


@st.cache_resource(show_spinner="Writing the briefing ...", max_entries=8)
def _made(opened: Opened, as_of: date, audience: str, snapshot: str) -> Briefing:
    from scorecard.briefings.content.build import build

    return build(Store(opened.address), as_of=as_of, audience=audience, snapshot=snapshot)


def answer(briefing: Briefing) -> str:
    """The briefing in a sentence."""
    if not any(line.p_12_months for line in briefing.lines):
        return (
            f"Not ready: none of the {len(briefing.lines)} thresholds has a forecast for "
            f"{day_in_words(briefing.as_of)} on record yet."
        )
    forecast = sum(line.p_12_months is not None for line in briefing.lines)
    return (
        f"The {briefing.audience} briefing of {day_in_words(briefing.as_of)} covers {len(briefing.lines)} thresholds, "
        f"{forecast} of them with a forecast, from {len(briefing.references)} sources."
    )


def draw_preview(briefing: Briefing) -> None:
    """What the reader will see, drawn anew with every choice."""
    view = st.segmented_control("Preview", (PAGE, WEB), default=PAGE, key="preview", required=True)
    if view == WEB:
        # The file forbids itself to load anything or to run a script that is not its own, and every text in it is
        # escaped: it may be shown as it is.
        st.iframe(_web(briefing), height=PREVIEW_HEIGHT, alt="The briefing as a web page")
        return
    words = " ".join(said.text for said in labelled(briefing))
    # Wider than the picture, which would otherwise be scaled and written anew with every press.
    with st.container(horizontal_alignment="center"):
        st.image(_picture(briefing), alt=f"The first page of the briefing. {words}", width=900)


@st.cache_data(show_spinner="Drawing the page ...", max_entries=8, hash_funcs=BY_CONTENT)
def _picture(briefing: Briefing) -> bytes:
    from scorecard.briefings.exporters.summary import picture

    return picture(briefing)


@st.cache_data(show_spinner="Drawing the charts ...", max_entries=4, hash_funcs=BY_CONTENT)
def _web(briefing: Briefing) -> str:
    from scorecard.briefings.exporters.html import html_page

    return html_page(
        briefing, script=False
    ).decode()  # inside this page only this server's own scripts may run


@st.fragment
def draw_files(briefing: Briefing) -> None:
    """Choose formats, make them with progress, take them away; the rest of the page stays as it is."""
    left, right = st.columns((3, 1), vertical_alignment="bottom")
    chosen = left.multiselect(
        "Formats",
        list(formats()),
        default=["summary", "pdf"],
        key="formats",
        format_func=lambda name: formats()[name].title,
    )
    if right.button("Make the files", type="primary", disabled=not chosen):
        st.session_state["briefing_files"] = (briefing.hash, _files(briefing, chosen))
    content, files = st.session_state.get("briefing_files", ("", {}))
    if content != briefing.hash:
        if files:
            st.caption("The files that were made here are of another briefing; make them again.")
        return
    with st.container(horizontal=True):
        for name, file in files.items():
            st.download_button(
                escaped(f"Download: {formats()[name].title}"),
                file.content,
                file_name=file.filename,
                mime=file.mime,
                key=f"file-{name}",
                on_click="ignore",
            )
        if len(files) > 1:
            st.download_button(
                "Download all (ZIP)",
                partial(_zipped, tuple(files.values())),
                mime="application/zip",
                file_name=f"scorecard-{briefing.as_of.isoformat()}-{briefing.audience}.zip",
                key="file-all",
                on_click="ignore",
            )
    sizes = ", ".join(f"{file.filename} ({len(file.content) / 1000:,.0f} kB)" for file in files.values())
    st.caption(escaped(f"Made from content {briefing.short_hash} by version {__version__}: {sizes}."))


def _files(briefing: Briefing, chosen: list[str]) -> dict[str, Export]:
    from scorecard.briefings import exports

    bar = st.progress(0.0, text="Beginning ...")
    files: dict[str, Export] = {}
    turns = exports(briefing, chosen)
    for turn, name in enumerate(chosen):
        bar.progress(
            turn / len(chosen), text=escaped(f"{turn + 1} of {len(chosen)}: {formats()[name].title} ...")
        )
        files[name] = next(turns)
    bar.empty()
    return files


def _zipped(files: tuple[Export, ...]) -> bytes:
    """The files in one, without a clock."""
    from scorecard.briefings.layout.zips import timeless

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for file in files:
            packed.writestr(file.filename, file.content)
    return timeless(out.getvalue())


def draw_commentary(frame: Frame, briefing: Briefing) -> None:
    """Commentary in force on the day, and the form to write or replace one's own."""
    with frame.store.view(as_of=briefing.as_of) as known:
        there = commentary.newest_commentary(known.all(Commentary))
        called = named_thresholds(known)
    names = {line.threshold: called.get(line.threshold, line.name) for line in briefing.lines}
    for one in there:
        with st.container(border=True):
            st.markdown(f"**{escaped(names.get(one.threshold, one.threshold))}**: {escaped(one.text)}")
            st.caption(escaped(f"{one.author}, {day_in_words(one.known_at)}; record {one.id}"))
    if not there:
        st.caption("Nobody has commented yet.")
    if not names:
        return
    figures = joined(
        "\n",
        (
            marked(f"- {code(f'{{{name}}}')}: {escaped(meaning)}")
            for name, meaning in commentary.REFERENCES.items()
        ),
    )
    with st.expander("Write a commentary"), st.form("commentary", border=False):
        about = st.selectbox(
            "Threshold", list(names), format_func=lambda id: names[id], key="commentary_threshold"
        )
        text = st.text_area(
            "What the numbers do not say",
            key="commentary_text",
            help=marked(f"Write figures as references, which follow the record:\n{escaped(figures)}"),
        )
        replaced = st.selectbox(
            "Replaces (only one's own)",
            ["", *(one.id for one in there)],
            key="commentary_replaces",
            format_func=lambda id: id or "Nothing: it stands beside the others",
        )
        who = session.name_field("Written by", key="commentary_author")
        if not st.form_submit_button("Keep the commentary", type="primary"):
            return
    kept = session.tried(
        lambda: commentary.comment(frame.store, actor=who, threshold=about, text=text, supersedes=replaced)
    )
    if kept:
        st.toast("Commentary kept.")
        st.rerun()


def draw_keep(frame: Frame, briefing: Briefing) -> None:
    """Bind the state that this briefing rests on under one hash, so that it can be written again later."""
    runs = [r.where for r in briefing.references if r.kind == "forecast run"]
    with (
        st.expander("Keep this state, to write the same briefing again later"),
        st.form("keep", border=False),
    ):
        title = st.text_input(
            "Name",
            value=f"Briefing of {day_in_words(briefing.as_of)}, kept {day_in_words(today())}",
            key="keep_title",
        )
        who = session.name_field("Kept by", key="keeper")
        if not st.form_submit_button("Keep this state as a snapshot"):
            return

    def kept() -> Snapshot:
        return snapshots.take(
            frame.store,
            who,
            kind="briefing",
            subject=f"briefings/{briefing.as_of.isoformat()}",
            title=title,
            as_of=briefing.as_of,
            runs=runs,
            text=f"Content {briefing.hash} ({briefing.audience}).",
        )

    bound = session.tried(kept)
    if bound:
        st.query_params["for"] = f"kept-{bound.id[:12]}"
        st.rerun()
