"""Processes killed while they write and fold: every acknowledged entry is there afterwards, and the store is sound.

`KILLS=1000` asks for as many kills; the default is what a run of all tests can afford.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from scorecard.records import RECORDS, Source
from scorecard.store import Store, verify
from scorecard.store import migrate as schema
from scorecard.store.copies.manifest import read_manifest
from scorecard.store.copies.restoring import check_backup
from scorecard.store.engines.checkpoint import log_of
from scorecard.store.migrate import FOLDER
from tests.scorecard.examples import FACTS, RESEARCHER, run, source
from tests.scorecard.store.workers import write_and_fold
from tests.slow.deeds import PATHS, PROCESSES, Told, id_of, live

_log = logging.getLogger(__name__)
OLDER = 16  # migrations of the program of before: the kinds that the next ones change are none that it wrote
ACTS = 5  # that it had acknowledged
KILLS = int(os.environ.get("KILLS", "60"))


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_was_told_is_stored(tmp_path: Path) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    store.prepare()
    chance = random.Random(20261130)
    stored: set[str] = set()
    for number in range(KILLS):
        ear, mouth = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=write_and_fold, args=(store.path, mouth, f"kill-{number}"))
        worker.start()
        mouth.close()
        assert ear.recv() == "begins"
        ear.poll(chance.uniform(0, 0.25))
        worker.kill()
        worker.join()
        try:
            while True:
                stored.add(ear.recv())
        except EOFError:
            ear.close()
        with store.view() as now:
            lost = stored - {one.id for one in now.all(Source)}
        assert lost == set(), f"lost after kill {number}"
    assert stored
    assert verify(store).sound


# ---- every way of writing -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A store to work on, and one of a program of before the last migrations, with acts that it acknowledged."""
    folder = tmp_path_factory.mktemp("before")
    now = Store(folder / "now.duckdb")
    now.append(FACTS, action="build", actor="the scorecard")
    now.append([run()], action="forecast", actor="forecasts")
    migrations = folder / "migrations"
    migrations.mkdir()
    for one in sorted(FOLDER.glob("*.sql"))[:OLDER]:
        shutil.copy(one, migrations)
    older = Before(folder / "older.duckdb", migrations)
    for number in range(ACTS):
        older.append([source(f"paper-{number}")], action="enter", actor=RESEARCHER)
    return {"now": now.path, "older": older.path}


class Before(Store):
    """The store of a program that had fewer migrations; it writes kinds that have not changed since."""

    def __init__(self, path: Path, migrations: Path) -> None:
        super().__init__(path)
        self.migrations = migrations

    def _bring_up_to_date(self, connection: duckdb.DuckDBPyConnection) -> None:
        schema.migrate(connection, self.migrations)


def put(path: Path, from_: Path | None) -> None:
    """A store of its own for a process that is to be killed."""
    path.parent.mkdir()
    if from_ is not None:
        for one in (from_, log_of(from_)):
            if one.exists():
                shutil.copy(one, path.with_name(one.name.replace(from_.name, path.name)))


def killed(name: str, path: Path, life: str, after: float | None) -> tuple[set[Told], float]:
    """What a process was told is stored before it was killed, and how long its first act took (seconds).

    With `after` None it is killed when it has told of two acts, or has ended.
    """
    ear, mouth = PROCESSES.Pipe(duplex=False)
    worker = PROCESSES.Process(target=live, args=(name, path, mouth, life))
    worker.start()
    mouth.close()
    told: set[Told] = set()
    assert ear.recv() == "begins"
    began = time.monotonic()
    took = 0.0
    with suppress(EOFError):
        if after is None:
            told.add(ear.recv())
            took = time.monotonic() - began
            told.add(ear.recv())
        else:
            worker.join(after)
    worker.kill()
    worker.join()
    with suppress(EOFError):
        while True:
            told.add(ear.recv())
    ear.close()
    return told, took


def lost(store: Store, told: set[Told]) -> set[Told]:
    """The acts told of that are not there."""
    tables = {cls.TABLE: cls for cls in RECORDS}
    with store.view() as now:
        there = {
            (name, id_of(one))
            for name in {n for n, _ in told} & tables.keys()
            for one in now.all(tables[name])
        }
    return told - there


@pytest.mark.slow
@pytest.mark.parametrize("name", PATHS)
def test_kills_on_every_writing_path_lose_nothing(
    name: str, before: Mapping[str, Path], tmp_path: Path
) -> None:
    rounds = max(KILLS // len(PATHS), 2)
    anew = PATHS[name].anew
    source_of = before.get(PATHS[name].on)
    path = tmp_path / "store" / "scorecard.duckdb"
    put(path, source_of)
    chance = random.Random(name)
    told, span = killed(name, path, "first", None)
    assert told
    writing = kept = 0
    for number in range(rounds):
        if anew:
            path = tmp_path / f"store-{number}" / "scorecard.duckdb"
            put(path, source_of)
            told = set()
        heard, _ = killed(name, path, f"life-{number}", chance.uniform(0, 2 * span))
        writing += bool(heard) or anew
        told |= heard
        store = Store(path)
        if anew:
            list(PATHS[name].work(store, "again"))
            found = verify(store)
            assert found.sound, (number, found.faults)
            assert found.entries == (ACTS if PATHS[name].on else 1)
            acts = {(Source.TABLE, f"paper-{number}") for number in range(ACTS if PATHS[name].on else 0)}
            assert lost(store, acts) == set(), f"lost after kill {number}"
        else:
            for backup in [one for one in told if one[0] == "backups"]:
                check_backup(read_manifest(Path(backup[1])))  # once, and no more: they would fill the disk
                shutil.rmtree(backup[1])
                told.discard(backup)
                kept += 1
            assert lost(store, told) == set(), f"lost after kill {number}"
            if number % 20 == 0 or number == rounds - 1:
                assert verify(store).sound, f"after kill {number}"
    _log.info(
        "%s: %d kills, %d after an act or on a store of its own, %d acts told of; 0 unreadable, 0 lost",
        name,
        rounds,
        writing,
        len(told) + kept,
    )
