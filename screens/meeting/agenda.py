"""The Meeting page: schedule, the agenda one item a screen with minutes in place, close, sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from pathlib import Path

import streamlit as st

from scorecard.clock import today
from scorecard.governance import meetings, snapshots
from scorecard.governance.agenda import REST, grouped
from scorecard.governance.proposals import Proposable
from scorecard.governance.tripwires import check
from scorecard.records import AboutDecision, AgendaItem, Meeting, Minute, SignOff
from scorecard.store import Store, StoreError
from scorecard.words import day_in_words, from_markdown
from screens import changes
from screens.frame import session
from screens.frame.page import Frame, choice
from screens.frame.record import Opened, dossier
from screens.frame.text import Marked, escaped, joined
from screens.meeting import jump, proposals, shaping

# Letters that the last row of a room can read, and nothing beside the item.
NEW = "new"  # in the address: no meeting yet
PRESENT = Path(__file__).with_name("present.css")


def all_meetings(frame: Frame) -> list[Meeting]:
    """Every meeting on the record, newest first."""
    return _meetings(Opened.of(frame.store))


@st.cache_data(show_spinner=False, max_entries=4)
def _meetings(opened: Opened) -> list[Meeting]:
    with Store(opened.address).view() as now:
        return sorted(now.all(Meeting), key=lambda m: m.held_on, reverse=True)


def agenda(frame: Frame, meeting: Meeting) -> list[AgendaItem]:
    """The agenda: as fixed when the meeting was opened, else as it would stand now."""
    return _agenda(Opened.of(frame.store), meeting.id)


@st.cache_data(show_spinner="Writing the agenda ...", max_entries=8)
def _agenda(opened: Opened, id: str) -> list[AgendaItem]:
    store = Store(opened.address)
    return meetings.agenda(store, meetings.find_meeting(store, id))


@st.cache_data(show_spinner=False, max_entries=8)
def _minutes(opened: Opened, id: str) -> dict[str, Minute]:
    with Store(opened.address).view() as now:
        return meetings.standing_minutes(now, id)


@st.cache_data(show_spinner=False, max_entries=8)
def _signed(opened: Opened, snapshot: str) -> list[SignOff]:
    with Store(opened.address).view() as now:
        return now.all(SignOff, snapshot=snapshot)


def draw_schedule(frame: Frame) -> None:
    """The form that puts a meeting on the record."""
    with st.form("schedule", border=True):
        left, right = st.columns(2)
        held_on = left.date_input("Held on", value=today(), format="YYYY-MM-DD", key="held_on")
        with right:
            who = session.name_field("In the chair", key="chair")
        left, right = st.columns(2)
        people = left.text_input("Who attends (commas between names)", key="attendees")
        moved = right.number_input(
            "Points that a chance has to move",
            value=100 * meetings.MOVED_BY,
            min_value=0.1,
            max_value=99.0,
            step=1.0,
            format="%g",
            key="moved_by",
            help="A threshold is on the agenda when its chance within 12 months moved by so many percentage points.",
        )
        if not st.form_submit_button("Schedule the meeting", type="primary"):
            return
    made = session.tried(
        lambda: meetings.schedule(
            frame.store,
            who,
            held_on=held_on,
            attendees=tuple(p.strip() for p in people.split(",") if p.strip()),
            moved_by=moved / 100,
        )
    )
    if made:
        st.query_params["meeting"] = made.id
        session.done(f"Scheduled: {made.title}.", "attendees")


def answer(meeting: Meeting, items: Sequence[AgendaItem]) -> str:
    """The meeting in a sentence."""
    since = f" since {day_in_words(meeting.since_on)}" if meeting.since_on else ""
    state = {"scheduled": "would have", "open": "has", "closed": "had"}[meeting.state]
    rest = len(grouped(items).get(REST, []))
    minutes = shaping.total(items)
    timed = f" ({minutes} in all)" if minutes else ""
    to_know = f" and {rest} for information" if rest else ""
    return f"{meeting.title} {state} {len(items) - rest} items on its agenda{timed}{to_know}{since}."


def draw_open(frame: Frame, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """A scheduled meeting: its agenda as it would stand, and the button that fixes it."""
    _draw_list(items)
    if items:
        shaping.draw(frame, meeting, items)
    who = session.name_field("In the chair", key="opener")
    if st.button("Open the meeting", type="primary"):

        def opened() -> Meeting:
            check(frame.store, meeting.held_on)
            return meetings.open_meeting(frame.store, meeting.id, who)

        if session.tried(opened):
            session.done("The meeting is open; its agenda is fixed.")


def _draw_list(items: Sequence[AgendaItem]) -> None:
    """What the meeting takes, group by group, then what is for information, folded."""
    for group, found in grouped(items).items():
        place = st.expander(escaped(f"{group} ({len(found)})")) if group == REST else st.container()
        if group != REST:
            place.subheader(escaped(group), anchor=False)
        for at in found:
            item = items[at]
            timed = f"({meetings.in_minutes(item.timebox)}) {item.words}" if item.timebox else item.words
            place.markdown(f"{escaped(at + 1)}\\. **{escaped(item.title)}.** {escaped(timed)}")


@st.cache_data(show_spinner="Writing the agenda ...", max_entries=2)
def _drafted(opened: Opened, held_on: date) -> tuple[Meeting, list[AgendaItem]]:
    """A meeting of a day that nobody has scheduled, and what its agenda would be."""
    store = Store(opened.address)
    meeting = meetings.drafted(store, held_on)
    return meeting, meetings.agenda(store, meeting)


def draw_items(frame: Frame, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """An open meeting, one item a screen; the arrow keys turn the pages, P shows it to the room."""
    at = _at(items)
    present = presenting()
    if present:
        st.html(PRESENT)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Previous", shortcut="Left", disabled=at < 1):
            _turn(at)
        st.caption(escaped(shaping.place_in_words(items, at)) if items else "No item")
        if st.button("Next", shortcut="Right", disabled=at >= len(items) - 1):
            _turn(at + 2)
        label = "Back to taking minutes" if present else "Show to the room"
        if st.button(escaped(label), shortcut="P", type="tertiary"):
            st.query_params["present"] = "no" if present else "yes"
            st.rerun()
    if not items:
        st.info("Nothing changed since the last meeting.")
    elif present:
        _draw_item(frame, meeting, items[at], minutes="")
    else:
        shown, listed = st.columns((3, 1), gap="large")  # a phone stacks them: the item comes first
        with listed:
            with st.container(key="jump", gap="xsmall"):
                pressed = jump.draw(items, at)
            shaping.draw(frame, meeting, items, at)
        if pressed is not None:
            _turn(pressed + 1)
        with shown:
            _draw_item(frame, meeting, items[at], minutes=f"Minute on item {at + 1}")
    if not present:
        with st.expander("The meeting as a whole, and its end"):
            _minute_form(frame, meeting, "", "General minute")
            _draw_close(frame, meeting)


def presenting() -> bool:
    """Whether the address asks for the view that a room can read."""
    return st.query_params.get("present") == "yes"


def _at(items: Sequence[AgendaItem]) -> int:
    """Which item the address asks for, from 0; what it cannot mean is read as the first."""
    asked = st.query_params.get("item", "1")
    return min(max(int(asked) - 1 if asked.isdecimal() else 0, 0), max(len(items) - 1, 0))


def _draw_item(frame: Frame, meeting: Meeting, item: AgendaItem, *, minutes: str) -> None:
    st.header(escaped(item.title), anchor=False)
    if not minutes:
        st.subheader(escaped(item.words), anchor=False)
    elif _proposed(item) is None:  # whose card says it again
        st.markdown(escaped(item.words))
    if item.kind == "forecast moved" and meeting.since_on:
        changes.draw_then_and_now(frame, item, meeting.since_on)
        changes.draw(frame, item, meeting.since_on, meeting.held_on)
    if not minutes:
        return
    with st.container(horizontal=True):
        if item.threshold:
            query = {"threshold": item.threshold, "as_of": min(meeting.held_on, today()).isoformat()}
            st.page_link(
                "pages/threshold.py",
                label="The threshold: evidence, forecast, safeguards",
                icon=":material/arrow_forward:",
                query_params=query,
            )
        if isinstance(item.data, AboutDecision):
            st.page_link(
                "pages/meeting.py",
                label="The decision, and how its forecast scored",
                icon=":material/arrow_forward:",
                query_params={"tab": "decisions"},
            )
    if item.kind == "proposal":
        _draw_proposal(frame, item)
    if item.threshold:
        _draw_deciding(frame, meeting, item.threshold)
    _minute_form(frame, meeting, item.key, minutes)


def _draw_deciding(frame: Frame, meeting: Meeting, threshold: str) -> None:
    """Decisions on the item's threshold that stand, and the form for one, here in the meeting."""
    from screens.threshold import decision_form  # which asks this module for the meetings there are

    try:
        about = dossier(frame.store, min(meeting.held_on, today()), threshold)
    except StoreError as error:  # a threshold of a version that is no longer in force
        st.caption(escaped(f"Nothing can be decided on it here: {error}"))
        return
    decision_form.draw_standing(about)
    with st.expander("Decide here"):
        decision_form.draw_form(frame, about, border=False)


def _draw_proposal(frame: Frame, item: AgendaItem) -> None:
    """What is proposed with the form for a ruling; what came with the scorecard has a page of its own."""
    if found := _proposed(item):
        proposals.draw(frame, proposals.one(frame.store, *found))
    else:
        st.page_link(
            "pages/meeting.py",
            label="Look at them, adopt or decline",
            icon=":material/arrow_forward:",
            query_params={"tab": "proposals"},
        )


def _proposed(item: AgendaItem) -> tuple[Proposable, str] | None:
    """The one proposal that an item is about; None for any other item, and for those that came with the scorecard."""
    kind, subject, id = (*item.key.split("/", 2), "", "")[:3]
    known = next((name for name in proposals.NAMES if name == subject), None)
    return (known, id) if kind == "proposal" and known and id else None


def _turn(to: int) -> None:
    st.query_params["item"] = str(to)
    st.rerun()


def _minute_form(frame: Frame, meeting: Meeting, item: str, label: str) -> None:
    taken = _minutes(Opened.of(frame.store), meeting.id).get(item)
    with st.form(f"minute-{item}", border=True):
        words = st.text_area(
            escaped(label), value=taken.words if taken else "", height=96, key=f"words-{item}"
        )
        who = session.name_field("Minutes by", key=f"minutes-by-{item}")
        if not st.form_submit_button("Keep the minute"):
            return
    if session.tried(lambda: meetings.minute(frame.store, meeting.id, item, words, who)):
        session.done("Minute kept.")


def _draw_close(frame: Frame, meeting: Meeting) -> None:
    with st.form("close", border=True):
        summary = st.text_area("What came of it", key="summary")
        who = session.name_field("Closed by", key="closer")
        if not st.form_submit_button("Close the meeting", type="primary"):
            return
    if session.tried(lambda: meetings.close(frame.store, meeting.id, who, summary)):
        session.done("The meeting is closed; its minutes can be signed.")


def draw_closed(frame: Frame, meeting: Meeting) -> None:
    """A closed meeting: the text as it was bound, who signed it, and the form to sign."""
    view = snapshots.reopen(frame.store, meeting.snapshot)
    minutes, listed = _parted(view.text)
    st.markdown(escaped(_laid_out(minutes)))
    if listed:
        with st.expander(escaped(f"{REST} ({sum(line.startswith('- ') for line in listed)})")):
            st.markdown(escaped(_laid_out(listed)))
    st.download_button(
        "Download the snapshot (JSON)",
        view.content,
        file_name=f"{meeting.snapshot[:24]}.json",
        mime="application/json",
    )
    st.caption(escaped(f"Snapshot {meeting.snapshot}: as it was bound when the meeting closed."))
    st.subheader("Signed", anchor=False)
    signed = _signed(Opened.of(frame.store), meeting.snapshot)
    for one in signed:
        st.markdown(escaped(f"{one.name}, {one.role}, {day_in_words(one.known_at)} ({one.identity})"))
    if not signed:
        st.caption("Nobody has signed yet.")
    with st.form("sign", border=True):
        who = session.name_field("Signed by", key="signer")
        statement = st.text_input("Statement", value="I was there; these are the minutes.", key="statement")
        if not st.form_submit_button("Sign"):
            return
    if session.tried(lambda: snapshots.sign(frame.store, meeting.snapshot, who, statement)):
        session.done("Signed.")


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Lines of minutes below their title, which stands on the page already, and the list of what only informs."""
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    heading = f"## {REST}"
    if heading not in lines:
        return lines, []
    before, after = lines[: lines.index(heading)], lines[lines.index(heading) + 1 :]
    listed = list(takewhile(lambda line: not line or line.startswith(("- ", "  ")), after))
    return [*before, *after[len(listed) :]], [line for line in listed if line]


def _laid_out(lines: Sequence[str]) -> Marked:
    """Minutes on the screen: headings and lists as they are, two sizes down, what people wrote letter by letter."""
    shown = []
    for line in lines:
        mark, _, rest = line.partition(" ")
        kept = {"##": "#### ", "-": "- "}.get(mark)
        words = from_markdown(rest if kept else line)
        shown.append(joined("", [Marked(kept), words]) if kept else escaped(words))
    return joined("\n", shown)


def view(frame: Frame) -> None:
    """The meeting that the address asks for, in the state it is in; or the form that schedules one."""
    there = {one.id: one for one in all_meetings(frame)}
    names = {id: f"{one.title} ({one.state})" for id, one in there.items()} | {NEW: "Schedule a meeting"}
    chosen = choice(frame, "Meeting", names, key="meeting")
    if chosen == NEW:
        meeting, items = _drafted(Opened.of(frame.store), today())
        frame.answer(answer(replace(meeting, title="A meeting today"), items))
        st.caption("Nobody has scheduled it. The agenda writes itself until the meeting is opened.")
        _draw_list(items)
        st.subheader("Schedule a meeting", anchor=False)
        draw_schedule(frame)
        return
    if chosen not in there:
        raise StoreError(f"there is no meeting {chosen!r}; pick one at the top")
    one = there[chosen]
    items = agenda(frame, one)
    if not (one.state == "open" and presenting()):
        frame.answer(answer(one, items))
    if one.state == "scheduled":
        draw_open(frame, one, items)
    elif one.state == "open":
        draw_items(frame, one, items)
    else:
        draw_closed(frame, one)
