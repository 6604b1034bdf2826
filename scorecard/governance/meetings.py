"""Governance meetings: scheduled, opened with an agenda that is then fixed, minuted, closed under a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Literal

from scorecard import clock
from scorecard.clock import plus_months
from scorecard.governance.agenda import REST, Moment, draw_up_agenda, grouped, runs_on_agenda
from scorecard.governance.snapshots import of_meeting
from scorecard.people import Actor, once
from scorecard.records import (
    AgendaItem,
    AgendaPlace,
    Decision,
    Meeting,
    Minute,
    Snapshot,
)
from scorecard.store import Store, StoreError, View
from scorecard.store.witness import in_words
from scorecard.thresholds.board import named_thresholds, newest_runs, standing_prior_set
from scorecard.thresholds.calendar import calendar
from scorecard.words import day_in_words, in_markdown, title_of

MOVED_BY = 0.05
LONGEST = 480  # minutes for one item: a working day
Move = Literal["up", "down", "drop", "take"]


class MeetingRefused(StoreError):
    """What the order of a meeting does not allow; the message says what to do first."""


@once(Meeting)
def schedule(
    store: Store,
    actor: Actor,
    *,
    held_on: date,
    title: str = "",
    attendees: tuple[str, ...] = (),
    moved_by: float = MOVED_BY,
    today: date | None = None,
) -> Meeting:
    """Put a meeting on the record, with the actor in the chair.

    Its agenda will compare the record with what it was at the end of the last meeting before it, or, if there
    was none, one meeting interval earlier.
    """
    actor.require("hold a meeting")
    if not 0 < moved_by < 1:
        raise MeetingRefused(f"moved_by is a change of a probability between 0 and 1; found {moved_by}")
    meeting = replace(
        drafted(store, held_on),
        chair=actor.name,
        attendees=attendees,
        moved_by=moved_by,
        known_at=today or clock.today(),
    )
    meeting = replace(meeting, title=title) if title else meeting
    _store(store, meeting, actor, "schedule meeting")
    return meeting


def drafted(store: Store, held_on: date) -> Meeting:
    """A meeting as it would be scheduled for a day, in nobody's chair and not on record: what its agenda would be."""
    with store.view() as now:
        there = now.all(Meeting)
        last = _last_before(there, held_on)
        interval = calendar(now).meeting_every_months
    since = last.held_on if last else plus_months(held_on, -interval)
    count = sum(1 for m in there if m.held_on == held_on)
    return Meeting(
        id=f"{held_on}" if not count else f"{held_on}-{count + 1}",
        title=f"Governance meeting of {day_in_words(held_on)}",
        held_on=held_on,
        chair="",
        attendees=(),
        state="scheduled",
        moved_by=MOVED_BY,
        since_on=since,
        since_seq=last.until_seq if last else 0,
        known_at=held_on,
    )


def _last_before(meetings: list[Meeting], day: date) -> Meeting | None:
    closed = [m for m in meetings if m.state == "closed" and m.held_on <= day]
    return max(closed, key=lambda m: (m.held_on, m.until_seq), default=None)


def agenda(store: Store, meeting: Meeting) -> list[AgendaItem]:
    """The agenda: as fixed when the meeting was opened, else as it would stand now; as the chair shaped it."""
    if meeting.state != "scheduled":
        return list(meeting.agenda)
    since = Moment(on=meeting.since_on or meeting.held_on, entry=meeting.since_seq)
    drawn = draw_up_agenda(store, since, Moment(on=meeting.held_on), moved_by=meeting.moved_by)
    return as_before(drawn, meeting.agenda)


def as_before(drawn: Sequence[AgendaItem], before: Sequence[AgendaItem]) -> list[AgendaItem]:
    """What was drawn up anew in the order, places and minutes that the chair gave it before; new items stand last."""
    if not before:
        return list(drawn)
    now = {item.key: item for item in _settled(drawn)}
    known = {
        one.key: replace(now[one.key], place=one.place, timebox=one.timebox)
        for one in before
        if one.key in now
    }
    return _taken_first((known | {key: item for key, item in now.items() if key not in known}).values())


def _settled(items: Sequence[AgendaItem]) -> list[AgendaItem]:
    """The agenda with the place of every item said, so that moving one changes no other's."""
    rest = grouped(items).get(REST, [])
    return _taken_first(
        replace(item, place="for information" if at in rest else "taken") if item.place == "by kind" else item
        for at, item in enumerate(items)
    )


def _taken_first(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    return sorted(items, key=lambda item: item.place != "taken")


def shaped(items: Sequence[AgendaItem], key: str, change: Move | int) -> list[AgendaItem]:
    """The agenda with one item a place up or down, dropped to what is for information, taken up, or given minutes.

    A dropped item stands first of those for information, one that is taken up last of those that are taken.
    """
    settled = _settled(items)
    at = next((at for at, item in enumerate(settled) if item.key == key), None)
    if at is None:
        keys = ", ".join(item.key for item in settled)
        raise MeetingRefused(f"{key!r} is not on the agenda; its items are {keys or 'none'}")
    item, taken = settled[at], sum(one.place == "taken" for one in settled)
    if isinstance(change, int):
        if not 0 <= change <= LONGEST:
            raise MeetingRefused(f"an item is given 0 to {LONGEST} minutes; found {change}")
        return [replace(one, timebox=change) if one is item else one for one in settled]
    to = {"up": at - 1, "down": at + 1, "drop": taken - 1, "take": taken}[change]
    if (at < taken) != (change != "take"):
        raise MeetingRefused(
            f"{key} is on the agenda already" if at < taken else f"{key} is for information; take it up first"
        )
    if not 0 <= to < taken + (change == "take"):
        raise MeetingRefused(f"{key} is the {'first' if change == 'up' else 'last'} item already")
    places: dict[Move, AgendaPlace] = {"drop": "dropped", "take": "taken"}
    others = [one for one in settled if one is not item]
    return [*others[:to], replace(item, place=places.get(change, item.place)), *others[to:]]


@once(Meeting)
def shape(
    store: Store, id: str, key: str, change: Move | int, actor: Actor, *, today: date | None = None
) -> Meeting:
    """Change one item of the agenda of a meeting that is not closed yet, as `shaped` does; kept with the meeting."""
    actor.require("hold a meeting")
    meeting = find_meeting(store, id)
    if meeting.state == "closed":
        raise MeetingRefused(f"meeting {id} is closed; its agenda is bound with its minutes")
    items = shaped(agenda(store, meeting), key, change)
    made = replace(meeting, agenda=tuple(items), known_at=today or clock.today())
    _store(store, made, actor, "shape agenda")
    return made


@once(Meeting)
def open_meeting(store: Store, id: str, actor: Actor, *, today: date | None = None) -> Meeting:
    """Open a scheduled meeting: its agenda is written and fixed."""
    actor.require("hold a meeting")
    meeting = find_meeting(store, id)
    if meeting.state != "scheduled":
        raise MeetingRefused(f"meeting {id} is {meeting.state} already")
    items = agenda(store, meeting)
    with store.view() as now:
        entry = now.log()[-1].seq
    opened = replace(
        meeting,
        state="open",
        chair=actor.name,
        until_seq=entry,
        known_at=today or clock.today(),
        agenda=tuple(items),
    )
    _store(store, opened, actor, "open meeting")
    return opened


@once(Minute)
def minute(
    store: Store, id: str, item: str, words: str, actor: Actor, *, today: date | None = None
) -> Minute:
    """Take a minute on an item of an open meeting ("" for the meeting as a whole); an earlier one is kept."""
    actor.require("take minutes")
    meeting = find_meeting(store, id)
    if meeting.state != "open":
        raise MeetingRefused(f"meeting {id} is {meeting.state}; minutes are taken while it is open")
    keys = [one.key for one in agenda(store, meeting)]
    if item and item not in keys:
        raise MeetingRefused(
            f"{item!r} is not on the agenda of {id}; its items are {', '.join(keys) or 'none'}"
        )
    if not words.strip():
        raise MeetingRefused("a minute needs words; say what was said")
    with store.view() as now:
        earlier = [m for m in now.all(Minute, meeting=id) if m.item == item]
        count = len(now.all(Minute, meeting=id))
    taken = Minute(
        id=sha256(f"{id}\0{item}\0{count}".encode()).hexdigest()[:12],
        meeting=id,
        item=item,
        words=words,
        author=actor.name,
        supersedes=earlier[-1].id if earlier else "",
        known_at=today or clock.today(),
    )
    store.append([taken], action="minute", actor=actor, reason=item)
    return taken


@once(Meeting)
def close(store: Store, id: str, actor: Actor, summary: str, *, today: date | None = None) -> Meeting:
    """Close an open meeting and bind agenda, minutes, decisions and the forecasts in front of it in a snapshot."""
    actor.require("hold a meeting")
    meeting = find_meeting(store, id)
    if meeting.state != "open":
        raise MeetingRefused(f"meeting {id} is {meeting.state}; only an open one can be closed")
    if not summary.strip():
        raise MeetingRefused("to close a meeting takes a summary; say what came of it")
    held = replace(meeting, summary=summary, known_at=today or clock.today())
    with store.view(as_of=meeting.held_on) as known, store.view() as now:
        text = minutes_text(now, held)
        prior_set = standing_prior_set(known)
        shown = newest_runs(now, known, as_of=meeting.held_on, prior_set=prior_set)
        runs = [run.id for run in shown.values()]
    quoted = runs_on_agenda(agenda(store, meeting))
    bound = of_meeting(
        store, meeting, replace(actor, token=""), runs=[*dict.fromkeys([*quoted, *runs])], text=text
    )
    closed = replace(held, state="closed", snapshot=bound.id)
    _store(store, closed, actor, "close meeting")
    return closed


def in_minutes(timebox: int) -> str:
    """A number of minutes as people say it."""
    return "1 minute" if timebox == 1 else f"{timebox} minutes"


def standing_minutes(view: View, id: str) -> dict[str, Minute]:
    """The last minute on each item of a meeting, by the item's key."""
    return {one.item: one for one in view.all(Minute, meeting=id)}


def minutes_text(view: View, meeting: Meeting) -> str:
    """The minutes as Markdown: what came of it, what was decided, item by item what was taken; the rest by its title.

    Only a line at the margin is a heading or in a list.
    """
    minutes = standing_minutes(view, meeting.id)
    lines = [
        f"# {_within(meeting.title)}",
        "",
        f"Held on {day_in_words(meeting.held_on)}; in the chair: {_within(meeting.chair)}.",
    ]
    if meeting.attendees:
        lines.append(f"Present: {_within(', '.join(meeting.attendees))}.")
    lines += ["", f"Summary: {_within(meeting.summary)}"] if meeting.summary else []
    decided: list[Decision] = view.all(Decision, meeting=meeting.id)
    if decided:
        lines += ["", "## Decisions", ""]
        names = named_thresholds(view)
        for made in decided:
            lines += _decision_lines(made, names.get(made.threshold, made.threshold))
    told: list[str] = []
    rest = grouped(meeting.agenda).get(REST, [])
    for number, item in enumerate(meeting.agenda, start=1):
        if number - 1 in rest and item.place != "dropped" and item.key not in minutes:
            told.append(f"- {number}: {_within(item.title)}")
            continue
        lines += ["", f"## {number}. {_within(item.title)}", "", _within(item.words)]
        if item.place == "dropped":
            lines += ["", "Dropped by the chair to what is for information."]
        if item.timebox:
            lines += ["", f"Time set aside: {in_minutes(item.timebox)}."]
        lines += ["", f"Minute: {_within(minutes[item.key].words)}"] if item.key in minutes else []
    lines += ["", "## For information", "", *told] if told else []
    lines += ["", f"General: {_within(minutes[''].words)}"] if "" in minutes else []
    lines += ["", _head(view, meeting)]
    return "\n".join(lines) + "\n"


def _within(words: str) -> str:
    """What a person wrote as it is, its further lines indented: no heading, list, link or picture of Markdown."""
    return "\n  ".join(in_markdown(line) for line in words.splitlines() or [""])


def _decision_lines(made: Decision, name: str) -> list[str]:
    """A decision in full: what was found and decided, why, how people voted, who dissented, who does what by when."""
    votes: Mapping[str, str] = made.votes or {}
    told = (
        ("Finding", title_of(made.finding)),
        ("Reason", made.reason),
        ("Options considered", "; ".join(made.options)),
        ("Votes", "; ".join(f"{who}: {vote}" if vote else who for who, vote in votes.items())),
        ("Dissent", made.dissent or "none was recorded"),
        ("Conflicts of interest", made.conflicts),
        ("Owner", made.owner),
        ("To be carried out by", day_in_words(made.due_on) if made.due_on else ""),
        ("Review on", day_in_words(made.review_on) if made.review_on else ""),
        ("Holds while", made.holds_while),
        ("Decided by", f"{made.decided_by}; record {made.id}"),
        ("Rests on forecast run", made.forecast_run),
    )
    return [
        f"- {_within(name)}: {_within(made.decision)}",
        *(f"- {label}: {_within(text)}" for label, text in told if text),
        "",
    ]


def _head(view: View, meeting: Meeting) -> str:
    """The head of the record that the minutes were closed on, or that they are read from: `verify --head` knows it."""
    bound = view.all(Snapshot, id=meeting.snapshot) if meeting.snapshot else []
    log = view.log()
    return in_words(log[bound[0].entry - 1] if bound else log[-1])


def find_meeting(store: Store, id: str) -> Meeting:
    """A meeting by its id; StoreError when there is none."""
    with store.view() as now:
        return now.get(Meeting, id=id)


def _store(store: Store, meeting: Meeting, actor: Actor, action: str) -> None:
    store.append([meeting], action=action, actor=actor, reason=meeting.title)
