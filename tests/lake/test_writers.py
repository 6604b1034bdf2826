"""Several processes that write one lake at once, and processes killed while they write."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import duckdb
import pytest

from scorecard.records import LogEntry, Source
from scorecard.store import Store, StoreBusy, verify
from scorecard.store.engines.extensions import load_extensions
from tests.scorecard.examples import source
from tests.scorecard.store.workers import PROCESSES, append_batches, work

pytestmark = pytest.mark.lake
BATCHES, SIZE, KILLS = 5, 40, 8


def stored(store: Store) -> tuple[list[Source], list[LogEntry]]:
    with store.view() as now:
        return now.all(Source), now.log()


def test_three_processes_lose_no_row_and_do_not_fork_the_chain(address: Callable[..., str]) -> None:
    names = ("app", "command", "fit")  # there is no lake yet: they also race to make it
    workers = [PROCESSES.Process(target=work, args=(address(), name, 30)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(180)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    found, entries = stored(Store(address()))
    assert sorted(one.id for one in found) == sorted(f"{name}-{i}" for name in names for i in range(30))
    assert [entry.seq for entry in entries] == list(range(1, 91))
    times = [entry.recorded_at for entry in entries]
    assert times == sorted(set(times)), "the store's clock moves forwards whoever writes"
    assert verify(Store(address())).sound


def test_the_catalogue_alone_keeps_the_chain_from_forking(store: Store) -> None:
    """Even if the lock were lost: who committed on an older state is refused, and does everything again."""
    attempts = []

    def slow(connection: duckdb.DuckDBPyConnection) -> int:
        connection.begin()
        seen = connection.execute("SELECT coalesce(max(seq), 0) FROM log").fetchone()
        attempts.append(seen)
        if len(attempts) == 1:  # another process, past the lock
            other = duckdb.connect()
            load_extensions(other)
            other.execute(f"ATTACH 'ducklake:postgres:{store.engine.lake.catalogue}' AS lake")  # type: ignore[attr-defined]
            other.execute(
                "INSERT INTO lake.log VALUES (1, now()::TIMESTAMP, 'x', 'x', 'x', '', 0, '', '', '')"
            )
            other.close()
        connection.execute("INSERT INTO refusals_for_a_test VALUES (1)")
        connection.commit()
        return len(attempts)

    store.engine.writing(lambda c: c.execute("CREATE TABLE refusals_for_a_test (seq BIGINT)"), 5)
    assert store.engine.writing(slow, 10) == 2
    assert attempts == [(0,), (1,)], "the second time on the newer state"


def test_threads_of_one_process_share_its_sessions(store: Store) -> None:
    def work(name: str) -> int:
        mine = Store(store.address)
        for number in range(5):
            mine.append([source(f"{name}-{number}")], action="write", actor=name)
            with mine.view() as now:
                now.get(Source, id=f"{name}-{number}")
        return mine.stamp()[0]

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, "abcdefgh")) == store.stamp()[0]
    assert len(stored(store)[0]) == 40
    assert verify(store).sound


def hold(address: str, told: Connection, release: Connection) -> None:
    """Keep the turn to write until told to let go, or killed."""

    def work(_: duckdb.DuckDBPyConnection) -> None:
        told.send("mine")
        release.recv()

    Store(address).engine.writing(work, 30)


def test_who_waits_too_long_is_told_and_a_killed_holder_lets_go(store: Store) -> None:
    told, teller = PROCESSES.Pipe()
    releasing, _release = PROCESSES.Pipe()
    holder = PROCESSES.Process(target=hold, args=(store.address, teller, releasing))
    holder.start()
    assert told.recv() == "mine"
    with pytest.raises(StoreBusy, match=r"written to by others for 0\.3 s"):
        Store(store.address, patience=0.3).append([source("one")], action="write", actor="a test")
    assert stored(store) == ([], []), "readers do not wait"
    holder.kill()
    store.append([source("one")], action="write", actor="a test")
    assert len(stored(store)[0]) == 1


def test_killed_at_any_moment_the_lake_holds_whole_batches_only(store: Store) -> None:
    """`kill -9` of a writer, again and again on one lake; what was said to be stored is stored."""
    chance = random.Random(20260131)
    cut_short = 0
    for kill in range(KILLS):
        before = len(stored(store)[1])
        told, teller = PROCESSES.Pipe(duplex=False)
        writer = PROCESSES.Process(
            target=append_batches, args=(store.address, teller, BATCHES, SIZE, f"{kill}-")
        )
        writer.start()
        teller.close()
        assert told.recv() == "begins"
        acknowledged = 0
        for _ in range(chance.randrange(BATCHES)):
            told.recv()
            acknowledged += 1
        time.sleep(chance.uniform(0, 0.1))
        writer.kill()
        try:
            while True:
                told.recv()
                acknowledged += 1
        except EOFError:
            writer.join(30)
        found, entries = stored(store)
        assert len(entries) - before >= acknowledged
        cut_short += len(entries) - before < BATCHES
        assert len(found) == len(entries) * SIZE
    assert verify(store).sound
    assert cut_short > KILLS / 4
