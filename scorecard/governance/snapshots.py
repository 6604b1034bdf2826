"""Snapshots: evidence, criteria, priors, runs and text that somebody relied on, bound under one hash.

A snapshot is one file of canonical JSON (keys sorted, no spaces, UTF-8) whose sha256 is its id. It holds every
row it rests on with that row's hash, so it opens without the store's tables and can be checked against them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

from scorecard import clock
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.people import Actor, once
from scorecard.records import (
    ASSUMED,
    RECORDS,
    Adjustment,
    Assessment,
    Criterion,
    Decision,
    Determination,
    ForecastRun,
    Indicator,
    Look,
    Meeting,
    Minute,
    PriorSet,
    Record,
    Report,
    Ruling,
    Safeguard,
    Search,
    SignOff,
    Snapshot,
    Source,
    Subject,
    System,
    Threshold,
    ThresholdEvent,
    Tripwire,
    Watched,
)
from scorecard.store import Store, StoreError, View
from scorecard.store.rows import columns, from_row, row_hash, to_row
from scorecard.thresholds.standing import standing

Kind = Literal["view", "meeting", "decision", "briefing"]
_TABLES = {cls.TABLE: cls for cls in RECORDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A snapshot as it was taken: its record, its exact bytes, its text and the rows it binds."""

    snapshot: Snapshot
    content: bytes
    text: str
    records: tuple[Record, ...]

    def of[R: Record](self, cls: type[R]) -> list[R]:
        """The bound records of one kind."""
        return [record for record in self.records if isinstance(record, cls)]


@once(Snapshot)
def take(
    store: Store,
    actor: Actor,
    *,
    kind: Kind,
    subject: str,
    title: str,
    as_of: date,
    runs: Sequence[str],
    text: str,
    also: Sequence[Record] = (),
    today: date | None = None,
) -> Snapshot:
    """Bind forecast runs (full ids) with all they read, the given text and further records; return the snapshot.

    Taking the same thing twice gives the same id and stores nothing new. Raises NotAllowed, and StoreError
    when a run does not exist or its draws are gone.
    """
    actor.require("take a snapshot")
    with store.view(as_of=as_of) as known, store.view() as now:
        bound = [*_read_by(known, now, runs), *also]
        last = now.log()[-1]
        for run in (r for r in bound if isinstance(r, ForecastRun) and r.draws):
            store.files.get(run.draws, run.draws_sha256)
        content = canonical(
            {
                "kind": kind,
                "subject": subject,
                "title": title,
                "as_of": as_of.isoformat(),
                "text": text,
                "runs": list(runs),
                "rows": _rows(bound),
            }
        )
        name, digest = store.files.put(content, ".json")
        there = now.all(Snapshot, id=digest)
    if there:
        return there[0]
    snapshot = Snapshot(
        id=digest,
        kind=kind,
        subject=subject,
        title=title,
        as_of=as_of,
        entry=last.seq,
        content=name,
        author=actor.name,
        known_at=today or clock.today(),
    )
    store.append([snapshot], action="take snapshot", actor=actor, reason=title)
    return snapshot


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way in which a snapshot's content is written down."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _rows(bound: Sequence[Record]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for record in bound:
        row = to_row(record)
        digest = row_hash(record.TABLE, row)
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        rows[digest] = {"table": record.TABLE, "hash": digest, "row": plain}
    return sorted(rows.values(), key=lambda row: (row["table"], row["hash"]))


def _read_by(known: View, now: View, runs: Sequence[str]) -> list[Record]:
    """Everything that runs rest on, with what is known about their thresholds."""
    ran = [now.get(ForecastRun, id=id) for id in dict.fromkeys(runs)]
    thresholds = {run.threshold for run in ran}
    indicators = {name for run in ran for name in run.indicators}
    criteria = {name for run in ran for name in run.criteria}
    sets = {run.prior_set.partition("+")[0] for run in ran} | {run.prior_set for run in ran}
    measurements = [m for m in published_readings(known) if m.indicator in indicators]
    sources = {m.source for m in measurements}
    systems = {m.system for m in measurements}
    found: list[Record] = [*ran, *measurements]
    found += [i for i in now.all(Indicator) if i.id in indicators]
    found += [c for c in now.all(Criterion) if c.id in criteria]
    found += [p for p in now.all(PriorSet) if p.id in sets]
    found += [t for t in known.all(Threshold) if t.id in thresholds]
    determinations = [d for d in known.all(Determination) if d.threshold in thresholds]
    events = [e for e in known.all(ThresholdEvent) if thresholds & set(e.thresholds)]
    judged = {d.id for d in determinations} | {e.id for e in events}
    found += [*determinations, *events]
    found += [a for a in known.all(Assessment) if a.of in judged]
    found += [s for s in known.all(Search) if s.about.removeprefix("thresholds/") in thresholds]
    found += [*known.all(Watched), *known.all(Look)]  # up to which day silence was vouched for
    found += [s for s in now.all(Source) if s.id in sources]
    found += [s for s in known.all(System) if s.id in systems]
    found += [s for s in now.all(Safeguard) if thresholds & set(s.thresholds)]
    adjustments = [a for a in known.all(Adjustment) if a.indicator in indicators]
    found += adjustments
    found += [one for kind in ASSUMED for one in standing(known, kind)]
    subjects = {Subject(Criterion.TABLE, c) for c in criteria} | {Subject(PriorSet.TABLE, p) for p in sets}
    subjects |= {Subject.of(a) for a in adjustments}
    return found + [r for r in now.all(Ruling) if r.about in subjects]


def reopen(store: Store, id: str) -> Reopened:
    """A snapshot (id, or its first 8 characters or more) exactly as it was taken, from its file alone.

    Raises StoreError when there is no such snapshot, StoreMissing or StoreCorrupt when its file is gone or changed.
    """
    snapshot = find_snapshot(store, id)
    content = store.files.get(snapshot.content, snapshot.id)
    data = json.loads(content)
    records = tuple(_record(_TABLES[entry["table"]], entry["row"]) for entry in data["rows"])
    return Reopened(snapshot=snapshot, content=content, text=data["text"], records=records)


def find_snapshot(store: Store, id: str) -> Snapshot:
    """The one snapshot whose id begins so; StoreError otherwise."""
    with store.view() as now:
        found = [s for s in now.all(Snapshot) if s.id.startswith(id)] if len(id) >= 8 else []
    if len(found) != 1:
        raise StoreError(f"no single snapshot begins with {id!r} (give 8 characters or more)")
    return found[0]


@cache
def _dates(table: str) -> frozenset[str]:
    cls = _TABLES[table]
    hints = get_type_hints(cls)
    return frozenset(name for name in columns(cls) if date in (hints[name], *get_args(hints[name])))


def _record(cls: type[Record], plain: Mapping[str, Any]) -> Record:
    dates = _dates(cls.TABLE)
    row = {
        name: date.fromisoformat(value) if name in dates and value is not None else value
        for name, value in plain.items()
    }
    return from_row(cls, row)


def of_decision(store: Store, decision: Decision, actor: Actor) -> Snapshot:
    """A snapshot of a decision with the run it rested on, its reports and tripwires."""
    with store.view() as now:
        also: list[Record] = [decision, *now.all(Report, decision=decision.id)]
        also += now.all(Tripwire, decision=decision.id)
        run = now.all(ForecastRun, id=decision.forecast_run)
    return take(
        store,
        actor,
        kind="decision",
        subject=str(Subject(Decision.TABLE, decision.id)),
        title=decision.decision,
        as_of=run[0].as_of if run else decision.known_at,
        runs=[r.id for r in run],
        text=decision.reason,
        also=also,
    )


def of_meeting(store: Store, meeting: Meeting, actor: Actor, *, runs: Sequence[str], text: str) -> Snapshot:
    """A snapshot of a meeting with its minutes, its decisions and the runs in front of it."""
    with store.view() as now:
        also: list[Record] = [meeting, *now.all(Minute, meeting=meeting.id)]
        also += now.all(Decision, meeting=meeting.id)
    return take(
        store,
        actor,
        kind="meeting",
        subject=str(Subject(Meeting.TABLE, meeting.id)),
        title=meeting.title,
        as_of=meeting.held_on,
        runs=runs,
        text=text,
        also=also,
    )


@once(SignOff)
def sign(store: Store, snapshot: str, actor: Actor, statement: str, *, today: date | None = None) -> SignOff:
    """Put a person's name to a snapshot; a second signature of the same person is refused."""
    actor.require("sign")
    bound = find_snapshot(store, snapshot)
    with store.view() as now:
        there = now.all(SignOff, snapshot=bound.id)
    if any(one.name == actor.name for one in there):
        raise StoreError(f"{actor.name} has signed snapshot {bound.id[:12]} already")
    signed = SignOff(
        id=f"{bound.id[:12]}-{len(there) + 1}",
        subject=bound.subject,
        snapshot=bound.id,
        name=actor.name,
        identity=actor.identity,
        role=actor.role,
        statement=statement,
        known_at=today or clock.today(),
    )
    store.append([signed], action="sign", actor=actor, reason=statement)
    return signed


@once(SignOff)
def sign_decision(
    store: Store, decision: str, actor: Actor, statement: str, *, today: date | None = None
) -> SignOff:
    """Put a person's name to a decision, by its id; the first signature binds what it rested on in a snapshot."""
    with store.view() as now:
        made = now.get(Decision, id=decision)
        there = now.all(Snapshot, subject=str(Subject(Decision.TABLE, decision)))
    bound = there[0] if there else of_decision(store, made, replace(actor, token=""))
    return sign(store, bound.id, actor, statement, today=today)
