"""Who is told what, measured from what each reader was last told: notes due now, told, acknowledged, handed on.

Nothing is sent here. A note is composed (`due`), whoever has channels delivers it, and `tell` then puts on the record
that it was told, so that a note which no channel took is due again with all that has gathered since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from math import sqrt
from typing import Literal

from scorecard.governance.alerts.levels import Alert, alerts
from scorecard.governance.alerts.told import Amounts, MovedLevel, ToldState, changes
from scorecard.people import Actor, once
from scorecard.records import Notice, NoticeEvent, Reader, Told
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import ScorecardRow, board
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.words import chance_in_words, day_in_words, title_of

EVERY_DAYS = {"at once": 0, "daily": 1, "weekly": 7, "monthly": 28}
DRAWS = 16_000  # four shapes of 4,000 or more are mixed in a run: for the Monte Carlo error of a chance


class TellingRefused(StoreError):
    """A reader or an acknowledgement that the record cannot take; the message says what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that is due to a reader: its sentences, one a threshold, and what they will have been told by it."""

    reader: Reader
    notice: Notice
    told: tuple[Told, ...]

    @property
    def text(self) -> str:
        """The note as it is sent, which can be read alone."""
        r = self.reader
        lines = [
            self.notice.subject,
            "",
            *(f"- {one}" for one in self.notice.sentences),
            "",
            f"Measured from what {r.name} was last told, from {100 * r.moved_by:g} points in the chance within "
            f"12 months or {r.months:g} months in the median on; named levels, alert levels and slow drifts are told "
            "as well.",
            f"Please acknowledge by {day_in_words(self.notice.acknowledge_by)}: preparedness alerts acknowledge "
            f"{self.notice.id}",
        ]
        return "\n".join(lines) + "\n"


def name_of(row: ScorecardRow) -> str:
    """A threshold as a note names it."""
    return f"{row.framework.developer}: {title_of(row.threshold.category)}, {title_of(row.threshold.level)}"


def state_of(row: ScorecardRow, alert: Alert | None, as_of: date) -> ToldState:
    """A row as it can be told."""
    f = row.forecast if row.forecast and not row.forecast.refused and not row.withheld else None
    p = f.p_12_months if f else None
    return ToldState(
        threshold=row.threshold.id,
        on=as_of,
        word=row.status.name,
        capability=alert.capability.level if alert else "normal",
        safeguards=alert.safeguards.level if alert else "normal",
        p_12_months=p,
        q50=f.q50 if f else None,
        error=_error(f) if f else 0.0,
        run=f.run.id if f else "",
        capability_reason=alert.capability.reason if alert else "",
        safeguards_reason=alert.safeguards.reason if alert else "",
    )


def _error(f: Forecast) -> float:
    """Monte Carlo standard error of the chance within 12 months: the run's own, else by its number of draws."""
    if f.mcse is not None:
        return f.mcse.p_12_months
    p = f.p_12_months or 0.0
    return sqrt(p * (1 - p) / DRAWS)


def amounts_of(reader: Reader) -> Amounts:
    """From which size on a reader is told."""
    return Amounts(points=reader.moved_by, months=reader.months)


def readers(view: View) -> list[Reader]:
    """Everybody who is told of changes."""
    return [one for one in view.all(Reader) if one.active]


def due(store: Store, as_of: date, *, besides: Sequence[Reader] = ()) -> list[Note]:
    """The notes that are due on a day, at most one a reader; `besides` are readers who are not on the record."""
    with store.view(as_of=as_of) as known, store.view() as now:
        rows = board(known, now, as_of=as_of)
        levels = alerts(known, rows, as_of)
        told = known.all(Told)
        told_on = _last_notices(known)
        listed = readers(known)
        wanted = [*listed, *(one for one in besides if one.id not in {each.id for each in listed})]
    names = {row.threshold.id: name_of(row) for row in rows}
    states = {row.threshold.id: state_of(row, levels.get(row.threshold.id), as_of) for row in rows}
    found = []
    for reader in wanted:
        before = {one.threshold: _state(one) for one in told if one.reader == reader.id}
        note = compose(reader, before, states, names, as_of, last=told_on.get(reader.id))
        if note is not None:
            found.append(note)
    return found


def compose(
    reader: Reader,
    before: Mapping[str, ToldState],
    states: Mapping[str, ToldState],
    names: Mapping[str, str],
    as_of: date,
    *,
    last: date | None = None,
) -> Note | None:
    """The note that a reader is due, given what they were told before; None when nothing has moved that far.

    `last` is the day of their last notice: until their digest is due, only what presses is told. The first note says
    where everything stands.
    """
    ours = {name: s for name, s in states.items() if not reader.thresholds or name in reader.thresholds}
    found: dict[str, tuple[MovedLevel, ...]] = {}
    for name in [*ours, *(one for one in before if one not in states)]:
        what = changes(before.get(name), ours.get(name), amounts_of(reader))
        if what:
            found[name] = what
    waits = last is not None and (as_of - last).days < EVERY_DAYS[reader.digest]
    if waits:
        found = {name: what for name, what in found.items() if any(one.pressing for one in what)}
    if not found:
        return None
    sentences = tuple(
        f"{names.get(name, name)}: {'; '.join(one.words for one in what)}." for name, what in found.items()
    )
    key = sha256(f"{reader.id}/{as_of}/{sentences}".encode()).hexdigest()[:12]
    notice = Notice(
        id=key,
        reader=reader.id,
        subject=_subject(before, states, found, as_of),
        sentences=sentences,
        acknowledge_by=as_of + timedelta(days=reader.within_days),
        known_at=as_of,
    )
    return Note(
        reader=reader,
        notice=notice,
        told=tuple(_told(ours[name], reader, key) for name in found if name in ours),
    )


def _subject(
    before: Mapping[str, ToldState],
    states: Mapping[str, ToldState],
    found: Mapping[str, Iterable[MovedLevel]],
    as_of: date,
) -> str:
    what = [one for changed in found.values() for one in changed]
    raised = sum(one.kind == "level" and one.pressing for one in what)
    down = sum(one.kind == "level" and not one.pressing for one in what)
    if not before:
        risen = sum(one.capability != "normal" for one in states.values())
        return (
            f"Preparedness scorecard, {day_in_words(as_of)}: {risen} of {len(states)} thresholds above normal"
        )
    parts = [f"{raised} raised"] * bool(raised) + [f"{down} stood down"] * bool(down)
    parts = parts or [f"{len(found)} moved"]
    return f"Preparedness scorecard, {day_in_words(as_of)}: {', '.join(parts)}"


def _told(state: ToldState, reader: Reader, notice: str) -> Told:
    return Told(
        reader=reader.id,
        threshold=state.threshold,
        notice=notice,
        word=state.word,
        capability=state.capability,
        safeguards=state.safeguards,
        run=state.run,
        p_12_months=state.p_12_months,
        q50=state.q50,
        error=state.error,
        known_at=state.on,
    )


def _state(told: Told) -> ToldState:
    return ToldState(
        threshold=told.threshold,
        on=told.known_at,
        word=told.word,
        capability=told.capability,
        safeguards=told.safeguards,
        p_12_months=told.p_12_months,
        q50=told.q50,
        error=told.error,
        run=told.run,
    )


def _last_notices(view: View) -> dict[str, date]:
    last: dict[str, date] = {}
    for one in view.all(Notice):
        last[one.reader] = max(one.known_at, last.get(one.reader, one.known_at))
    return last


def tell(store: Store, note: Note, went: Mapping[str, str]) -> bool:
    """Put on the record how a note went: `went` holds, by channel, why it was not taken, empty where it was sent.

    Only a note that some channel took was told; returns whether one did.
    """
    day, id = note.notice.known_at, note.notice.id
    outcomes: list[tuple[Literal["sent", "failed"], str, str]] = [
        ("failed" if why else "sent", channel, why) for channel, why in went.items()
    ]
    events = [
        NoticeEvent(notice=id, what=what, channel=channel, author="the scorecard", note=why, known_at=day)
        for what, channel, why in outcomes
    ]
    told = any(what == "sent" for what, _, _ in outcomes)
    store.append(
        [note.notice, *(note.told if told else ()), *events],
        action="notice sent" if told else "notice not taken",
        actor="the scorecard",
        identity="built from data/",
        reason=f"{note.reader.name}: {note.notice.subject}",
    )
    return told


@once(NoticeEvent)
def acknowledge(store: Store, notice: str, actor: Actor, as_of: date) -> NoticeEvent:
    """Note that somebody has read a notice, which then is not handed on; TellingRefused when it was so before."""
    actor.require("acknowledge")
    with store.view() as now:
        now.get(Notice, id=notice)
        if now.all(NoticeEvent, notice=notice, what="acknowledged"):
            raise TellingRefused(f"notice {notice} was acknowledged already")
    made = NoticeEvent(notice=notice, what="acknowledged", channel="", author=actor.name, known_at=as_of)
    store.append([made], action="acknowledge notice", actor=actor, reason=f"notice {notice}")
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A notice that nobody acknowledged in time, and the reader it is handed on to (None: nobody is named)."""

    notice: Notice
    reader: Reader
    to: Reader | None


def overdue(store: Store, as_of: date) -> list[Waiting]:
    """The notices that were told, not acknowledged in time, and not handed on yet."""
    with store.view(as_of=as_of) as known:
        events: dict[str, set[str]] = {}
        for one in known.all(NoticeEvent):
            events.setdefault(one.notice, set()).add(one.what)
        everybody = {one.id: one for one in known.all(Reader)}
        late = [
            one
            for one in known.all(Notice)
            if one.acknowledge_by < as_of
            and "sent" in events.get(one.id, set())
            and not events[one.id] & {"acknowledged", "escalated"}
        ]
    return [
        Waiting(notice=one, reader=everybody[one.reader], to=everybody.get(everybody[one.reader].escalate_to))
        for one in late
        if one.reader in everybody
    ]


def handed_on(store: Store, waiting: Waiting, as_of: date) -> None:
    """Put on the record that a notice was handed on to the next reader."""
    to = waiting.to.name if waiting.to else "nobody: no reader is named to hand it on to"
    store.append(
        [
            NoticeEvent(
                notice=waiting.notice.id,
                what="escalated",
                channel="",
                author="the scorecard",
                note=to,
                known_at=as_of,
            )
        ],
        action="notice handed on",
        actor="the scorecard",
        identity="built from data/",
        reason=f"{waiting.reader.name} did not acknowledge it by {waiting.notice.acknowledge_by}",
    )


@once(Reader)
def add_reader(store: Store, reader: Reader, actor: Actor) -> Reader:
    """Put a reader, or their changed wishes under the same id, on the record; TellingRefused says what is wrong."""
    actor.require("add a reader")
    if not 0 < reader.moved_by < 1 or reader.months <= 0:
        raise TellingRefused(
            f"told from a change of a chance between 0 and 1 and of a median above 0 months on, such as 0.05 and 3; "
            f"not {reader.moved_by:g} and {reader.months:g}"
        )
    with store.view() as now:
        known = {row.threshold.id for row in board(now, now, as_of=reader.known_at, everything=True)}
        others = {one.id for one in now.all(Reader)}
    strangers = [one for one in reader.thresholds if one not in known]
    if strangers:
        raise TellingRefused(
            f"no threshold {strangers[0]!r} is in force; `preparedness status --all` lists them"
        )
    if reader.escalate_to and (reader.escalate_to not in others or reader.escalate_to == reader.id):
        raise TellingRefused(f"no other reader {reader.escalate_to!r} to hand notices on to; add them first")
    store.append([reader], action="add reader", actor=actor, reason=reader.name)
    return reader


def told_in_words(states: Sequence[Told]) -> list[str]:
    """What a reader holds to be the case, a line a threshold."""
    return [
        f"{one.threshold}: {one.capability}, told {day_in_words(one.known_at)}"
        + ("" if one.p_12_months is None else f", {chance_in_words(one.p_12_months)} within 12 months")
        for one in states
    ]
