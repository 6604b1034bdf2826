"""Governance meetings: scheduled, opened with an agenda that is then fixed, minuted, closed under a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

from scorecard import clock
from scorecard.clock import plus_months
from scorecard.governance.agenda import Moment, draw_up_agenda, runs_on_agenda
from scorecard.governance.snapshots import of_meeting
from scorecard.people import Actor, once
from scorecard.records import AgendaItem, Decision, Framework, Meeting, Minute, Snapshot, Threshold
from scorecard.store import Store, StoreError, View
from scorecard.store.witness import in_words
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.thresholds.calendar import calendar
from scorecard.words import day_in_words, in_markdown, said_by

MOVED_BY = 0.05


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
    with store.view() as now:
        there = now.all(Meeting)
        last = _last_before(there, held_on)
        interval = calendar(now).meeting_every_months
    since = last.held_on if last else plus_months(held_on, -interval)
    count = sum(1 for m in there if m.held_on == held_on)
    meeting = Meeting(
        id=f"{held_on}" if not count else f"{held_on}-{count + 1}",
        title=title or f"Governance meeting of {day_in_words(held_on)}",
        held_on=held_on,
        chair=actor.name,
        attendees=attendees,
        state="scheduled",
        moved_by=moved_by,
        since_on=since,
        since_seq=last.until_seq if last else 0,
        known_at=today or clock.today(),
    )
    _store(store, meeting, actor, "schedule meeting")
    return meeting


def _last_before(meetings: list[Meeting], day: date) -> Meeting | None:
    closed = [m for m in meetings if m.state == "closed" and m.held_on <= day]
    return max(closed, key=lambda m: (m.held_on, m.until_seq), default=None)


def agenda(store: Store, meeting: Meeting) -> list[AgendaItem]:
    """The agenda: as fixed when the meeting was opened, else as it would stand now."""
    if meeting.state != "scheduled":
        return list(meeting.agenda)
    since = Moment(on=meeting.since_on or meeting.held_on, entry=meeting.since_seq)
    return draw_up_agenda(store, since, Moment(on=meeting.held_on), moved_by=meeting.moved_by)


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


def standing_minutes(view: View, id: str) -> dict[str, Minute]:
    """The last minute on each item of a meeting, by the item's key."""
    return {one.item: one for one in view.all(Minute, meeting=id)}


def minutes_text(view: View, meeting: Meeting) -> str:
    """The minutes as Markdown, in the order of the agenda; only a line at the margin is a heading or in a list."""
    minutes = standing_minutes(view, meeting.id)
    lines = [
        f"# {_within(meeting.title)}",
        "",
        f"Held on {day_in_words(meeting.held_on)}; in the chair: {_within(meeting.chair)}.",
    ]
    if meeting.attendees:
        lines.append(f"Present: {_within(', '.join(meeting.attendees))}.")
    for number, item in enumerate(meeting.agenda, start=1):
        lines += ["", f"## {number}. {_within(item.title)}", "", _within(item.words)]
        lines += ["", f"Minute: {_within(minutes[item.key].words)}"] if item.key in minutes else []
    lines += ["", f"General: {_within(minutes[''].words)}"] if "" in minutes else []
    decided: list[Decision] = view.all(Decision, meeting=meeting.id)
    if decided:
        lines += ["", "## Decisions", ""]
        names = {t.id: t for t in view.all(Threshold)}
        developers = {f.id: f.developer for f in view.all(Framework)}
        for made in decided:
            about = names.get(made.threshold)
            name = said_by(developers[about.framework], about) if about else made.threshold
            lines += _decision_lines(made, name)
    lines += ["", f"Summary: {_within(meeting.summary)}"] if meeting.summary else []
    lines += ["", _head(view, meeting)]
    return "\n".join(lines) + "\n"


def _within(words: str) -> str:
    """What a person wrote as it is, its further lines indented: no heading, list, link or picture of Markdown."""
    return "\n  ".join(in_markdown(line) for line in words.splitlines() or [""])


def _decision_lines(made: Decision, name: str) -> list[str]:
    """A decision in full: what was found and decided, why, how people voted, who dissented, who does what by when."""
    votes: Mapping[str, str] = made.votes or {}
    told = (
        ("Finding", made.finding.replace("_", " ")),
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
    """The head of the record that the minutes were closed on, or that they are read from: `verify --since` knows it."""
    bound = view.all(Snapshot, id=meeting.snapshot) if meeting.snapshot else []
    log = view.log()
    return in_words(log[bound[0].entry - 1] if bound else log[-1])


def find_meeting(store: Store, id: str) -> Meeting:
    """A meeting by its id; StoreError when there is none."""
    with store.view() as now:
        return now.get(Meeting, id=id)


def _store(store: Store, meeting: Meeting, actor: Actor, action: str) -> None:
    store.append([meeting], action=action, actor=actor, reason=meeting.title)
