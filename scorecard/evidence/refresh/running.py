"""A whole refresh: each source asked once, its answer kept, compared and imported, what is new noted for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import httpx2 as httpx

from scorecard.evidence.importing import ImportPlan, plan
from scorecard.evidence.reading.archive import opened
from scorecard.evidence.refresh.feeds import Unfeedable, entries
from scorecard.evidence.refresh.fetching import PAUSE, Refused, Response, fetch
from scorecard.evidence.refresh.machines import Machine
from scorecard.evidence.storing import commit
from scorecard.evidence.tables import Unreadable
from scorecard.people import Actor
from scorecard.records import Fetch, InboxItem, Look, Record, Watched
from scorecard.store import Store, StoreError

State = Literal["changed", "unchanged", "failed"]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one source: how it answered, what an import of it adds, what is new in the inbox."""

    machine: Machine
    state: State
    said: str = ""
    stale_days: int | None = None  # since an answer was last taken; None when none ever was
    plans: tuple[ImportPlan, ...] = ()
    added: int = 0
    items: tuple[InboxItem, ...] = ()
    indicators: tuple[str, ...] = ()  # series with new values

    @property
    def measurements(self) -> int:
        """How many values an import of it stores."""
        return sum(one.measurements for one in self.plans)

    @property
    def line(self) -> str:
        """One sentence for a person."""
        name, days = self.machine.id, self.stale_days
        if self.state == "failed":
            since = "it never answered" if days is None else f"what is held is {days} days old"
            return f"{name}: failed, {self.said}; {since}"
        if self.state == "unchanged":
            return f"{name}: unchanged"
        refused = sum(len(one.refusals) for one in self.plans)
        told = [f"{self.measurements} values new or changed"] if self.machine.kind == "results" else []
        told += [f"{refused} rows refused"] if refused else []
        told += [f"{len(self.items)} new in the inbox"] if self.machine.kind != "results" else []
        return f"{name}: changed, {', '.join(told)}"

    def as_json(self) -> dict[str, Any]:
        """The outcome as plain values."""
        return {
            "source": self.machine.id,
            "address": self.machine.address,
            "state": self.state,
            "said": self.said,
            "stale_days": self.stale_days,
            "added": self.added,
            "indicators": list(self.indicators),
            "inbox": [
                {"title": i.title, "address": i.address, "on": i.published_on.isoformat()} for i in self.items
            ],
            "imports": [one.as_json() for one in self.plans],
        }


def client() -> httpx.Client:
    """A client for a refresh: no redirects of its own, no endless waiting."""
    return httpx.Client(timeout=httpx.Timeout(PAUSE), follow_redirects=False)


def refresh(
    store: Store,
    chosen: Iterable[Machine],
    *,
    today: date,
    actor: Actor,
    dry_run: bool = False,
    new_systems: bool = False,
) -> list[Outcome]:
    """Ask each source once, and store what is new; a source that fails stops no other.

    A second call, nothing having changed, is answered 304 by servers that know how, and adds no row. With `dry_run`
    sources are asked and compared, and nothing is stored. Rows that an importer refuses wait in the quarantine.
    """
    actor.require("import evidence")
    outcomes = []
    with client() as asking, TemporaryDirectory(prefix="refresh-") as folder:
        for machine in chosen:
            with store.view() as now:
                before = next(iter(now.all(Fetch, refresh=machine.id)), None)
                watched = now.all(Watched, refresh=machine.id)
                looks = [k for w in watched for k in now.all(Look, watched=w.id)]
                known = {item.id for w in watched for item in now.all(InboxItem, watched=w.id)}
            last = max((k.reaches for k in looks), default=None)
            taken = before.fetched_on if before and before.sha256 else last
            stale = None if taken is None else (today - max(filter(None, (taken, last)))).days
            try:
                answer = fetch(machine, before, asking)
                outcome = _compared(store, machine, before, answer, Path(folder), today, new_systems)
                if machine.kind != "results" and outcome.state == "changed":
                    outcome.items = _items(machine, answer, watched, known, last, today, actor)
            except (Refused, Unfeedable, StoreError) as error:
                outcome = Outcome(machine=machine, state="failed", said=str(error))
                answer = None
            outcome.stale_days = stale
            if not dry_run:
                _store(store, outcome, before, answer, watched, looks, today, actor)
            outcomes.append(outcome)
    return outcomes


def _compared(
    store: Store,
    machine: Machine,
    before: Fetch | None,
    answer: Response,
    folder: Path,
    today: date,
    new_systems: bool,
) -> Outcome:
    if answer.content is None or (before is not None and before.sha256 == answer.sha256):
        return Outcome(machine=machine, state="unchanged")
    outcome = Outcome(machine=machine, state="changed")
    if machine.kind == "results":
        place = folder / machine.id
        place.mkdir()
        path = place / machine.name  # importers know files by their names too
        path.write_bytes(answer.content)
        paths = _members(path) if path.suffix == ".zip" else [path]
        outcome.plans = tuple(plan(store, paths, machine.format, known_at=today, new_systems=new_systems))
        # A file is a vintage as a whole; only a series with another value than before moves a forecast.
        moved = [change.indicator for one in outcome.plans for change in one.changes]
        outcome.indicators = tuple(dict.fromkeys(moved))
    return outcome


def _members(path: Path) -> list[Path]:
    """The tables of an archive as files beside it, each under its own plain name."""
    written = []
    try:
        with opened(path) as archive:
            for name in archive.names(""):
                if name.endswith(".csv"):
                    target = path.with_name(Path(name).name)
                    target.write_bytes(archive.read(name))
                    written.append(target)
    except Unreadable as error:
        raise Refused(f"the archive cannot be read: {error}") from None
    if not written:
        raise Refused("the archive holds no table")
    return written


def _items(
    machine: Machine,
    answer: Response,
    watched: Sequence[Watched],
    known: set[str],
    last: date | None,
    today: date,
    actor: Actor,
) -> tuple[InboxItem, ...]:
    """What is new since the last look, as items that somebody has to read."""
    if answer.content is None or not watched:
        return ()

    def item(id: str, title: str, address: str, day: date | None) -> InboxItem:
        return InboxItem(
            id=f"{machine.id}-{sha256(id.encode()).hexdigest()[:12]}",
            watched=watched[0].id,
            title=title,
            address=address or machine.address,
            published_on=min(day or today, today),
            state="seen",
            handled_by=actor.name,
            known_at=today,
        )

    if machine.kind == "page":
        return (item(answer.sha256, f"{watched[0].publisher}: the page changed", machine.address, today),)
    found = [item(e.id, e.title, e.address, e.published_on) for e in entries(answer.content)]
    fresh = {
        one.id: one for one in found if one.id not in known and (last is None or one.published_on > last)
    }
    return tuple(fresh.values())


def _store(
    store: Store,
    outcome: Outcome,
    before: Fetch | None,
    answer: Response | None,
    watched: Sequence[Watched],
    looks: Sequence[Look],
    today: date,
    actor: Actor,
) -> None:
    machine = outcome.machine
    if outcome.plans:
        outcome.added = commit(store, outcome.plans, actor=actor, lenient=True).added
    records: list[Record] = [*outcome.items]
    if answer is None:
        records.append(_failed(machine, before, outcome.said, today))
    elif answer.content is not None and outcome.state == "changed":
        kept, digest = store.files.put(answer.content, f"-{machine.id}{Path(machine.name).suffix}")
        records.append(
            Fetch(
                refresh=machine.id,
                address=machine.address,
                fetched_on=today,
                outcome="changed",
                etag=answer.etag,
                last_modified=answer.last_modified,
                sha256=digest,
                size=len(answer.content),
                kept=kept,
                known_at=today,
            )
        )
    seen = {k.watched for k in looks if k.looked_on == k.reaches == today}
    if answer is not None:
        # Fetched results and feeds were looked at to the day; what a page says, somebody has yet to read.
        records += [
            Look(
                watched=w.id,
                looked_on=today,
                reaches=today,
                looked_by=actor.name,
                found=len(outcome.items) or outcome.measurements,
                note="fetched",
                known_at=today,
            )
            for w in watched
            if w.id not in seen and machine.kind != "page"
        ]
    if records:
        store.append(records, action="refresh", actor=actor, reason=outcome.line)


def _failed(machine: Machine, before: Fetch | None, said: str, today: date) -> Fetch:
    """The last answer with the failure noted on it, so that what to ask with next time is kept."""
    same = before is not None and before.outcome == "failed" and before.note == said
    return Fetch(
        refresh=machine.id,
        address=machine.address,
        fetched_on=before.fetched_on if before and (before.sha256 or same) else today,
        outcome="failed",
        etag=before.etag if before else "",
        last_modified=before.last_modified if before else "",
        sha256=before.sha256 if before else "",
        size=before.size if before else 0,
        kept=before.kept if before else "",
        note=said,
        known_at=before.known_at if before and same else today,
    )
