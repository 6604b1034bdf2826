"""What processes do that are killed: each function is one process, which tells of every act that is stored."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from scorecard.evidence import facts
from scorecard.evidence.importers import generic
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import commit
from scorecard.governance import commentary, decisions, proposals, snapshots
from scorecard.people import Actor
from scorecard.records import Commentary, Criterion, Decision, Measurement, Record, Ruling, SignOff, Source
from scorecard.store import Store
from scorecard.store.engines import checkpoint
from tests.scorecard.examples import FACTS, RESEARCHER, criterion, run
from tests.scorecard.small_facts import write_facts

# A server that has imported all this once forks each process; none of them has a store open when it is forked.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
FIRST = date(2026, 2, 1)

type Told = tuple[str, str]  # a table (or "backups") and an id


def comment(store: Store, life: str) -> Iterator[Told]:
    for number in count():
        made = commentary.comment(
            store, actor=RESEARCHER, threshold="lab.high", text=f"It moved, {life} {number}."
        )
        yield Commentary.TABLE, made.id


def decide(store: Store, life: str) -> Iterator[Told]:
    for number in count():
        made = decisions.decide(
            store,
            actor=CHAIR,
            threshold="lab.high",
            finding="not_crossed",
            decision=f"Carry on, {life} {number}.",
            reason="Far off.",
            forecast_run=run().id,
            although="an example",
        )
        yield Decision.TABLE, made.id
        yield SignOff.TABLE, snapshots.sign_decision(store, made.id, RESEARCHER, "I was there.").id


def propose(store: Store, life: str) -> Iterator[Told]:
    for number in count():
        item = criterion(f"{life}-{number}", author=RESEARCHER.name)
        proposals.propose(store, item, RESEARCHER)
        yield Criterion.TABLE, item.id
        yield (
            Ruling.TABLE,
            proposals.rule(store, "criteria", item.id, "adopted", actor=CHAIR, reason="Agreed.").id,
        )


def bring_in(store: Store, life: str) -> Iterator[Told]:
    for number in count():
        file = store.path.parent / f"{life}-{number}.csv"
        day = FIRST + timedelta(days=number)
        file.write_text(f"model,date,value\none,{day},{70 + number}\n")
        given = {
            "rows": "measurements",
            "columns": {"system": "model", "observed_on": "date", "value": "value"},
            "constants": {"indicator": "horizon", "source": "paper", "grade": "primary", "vintage": life},
        }
        plans = plan(store, [file], known_at=date(2026, 3, 1), importer=generic.mapped(given), mapping=given)
        assert commit(store, plans, actor=RESEARCHER).added
        yield Measurement.TABLE, f"one/{day}/{life}"


def back_up(store: Store, life: str) -> Iterator[Told]:
    for number in count():
        store.append([criterion(f"{life}-{number}")], action="write", actor="a worker")
        yield Criterion.TABLE, f"{life}-{number}"
        yield "backups", str(store.back_up(store.path.parent / "copies", "a test").folder)


def begin(store: Store, _: str) -> Iterator[Told]:
    """From nothing, or from whatever a kill left of it."""
    store.prepare()
    yield "prepared", ""
    store.append(FACTS, action="build", actor="the scorecard", identity="built from data/")
    yield "built", ""


def build_again(store: Store, life: str) -> Iterator[Told]:
    """What `init` does, again and again: the record brought up to date, then what is new in the texts added."""
    folder = store.path.parent / "facts"
    write_facts(folder)
    for number in count():
        name = f"{life}-{number}"
        sources = folder / "sources.yaml"
        known = sources.read_text(encoding="utf-8").removesuffix("...\n")
        days = "published_on: 2026-01-10, known_at: 2026-01-10"
        item = f"- {{id: {name}, title: A paper, url: 'https://example.org', {days}}}"
        sources.write_text(f"{known}{item}\n...\n", encoding="utf-8")
        store.prepare()
        assert facts.build(store, folder).added
        yield Source.TABLE, name


def migrate(store: Store, _: str) -> Iterator[Told]:
    """A store of a program of before, with what was acknowledged then."""
    store.prepare()
    yield "prepared", ""


@dataclass(frozen=True)
class WritingPath:
    """A writing path: what is done, on which store, and whether each process starts on a copy of its own."""

    work: Callable[[Store, str], Iterator[Told]]
    on: str = "now"  # "" for none
    anew: bool = False


PATHS = {
    "comment": WritingPath(comment),
    "decide and sign": WritingPath(decide),
    "propose and adopt": WritingPath(propose),
    "import": WritingPath(bring_in),
    "backup": WritingPath(back_up),
    "init": WritingPath(begin, on="", anew=True),
    "init after acts": WritingPath(build_again, on=""),
    "migration": WritingPath(migrate, on="older", anew=True),
}


def id_of(record: Record) -> str:
    """How an act told of names what it stored."""
    if isinstance(record, Measurement):
        return f"{record.system}/{record.observed_on}/{record.vintage}"
    return str(getattr(record, "id"))  # noqa: B009  # every kind of record that is told of has one


def live(name: str, path: Path, told: Connection, life: str) -> None:
    """One process: every write is folded into the file at once, so that each act has a checkpoint."""
    checkpoint.LEAST_LOG, checkpoint.SHARE_OF_FILE = 0, 0.0
    store = Store(path)
    told.send("begins")
    for act in PATHS[name].work(store, life):
        told.send(act)
