"""Several processes on one store, and processes killed while they write."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scorecard.records import LogEntry, Source
from scorecard.store import Store, StoreBusy, StoreError, StoreMissing, StoreOutdated, verify
from tests.scorecard.examples import source
from tests.scorecard.store.workers import PROCESSES, append_batches, hold, work

SEED = 20260131

# tests/slow/test_kills.py kills processes on every way of writing; here a few moments stand for the long form.
FEW_AND_MANY_KILLS = (5, pytest.param(20, marks=pytest.mark.slow))
FEW_AND_MANY_WRITES = (15, pytest.param(50, marks=pytest.mark.slow))


@pytest.mark.parametrize("writes", FEW_AND_MANY_WRITES)
def test_three_processes_lose_no_row_and_meet_no_failure(tmp_path: Path, writes: int) -> None:
    path = tmp_path / "scorecard.duckdb"  # not there yet: they also race to create it
    names = ("app", "command", "fit")
    workers = [PROCESSES.Process(target=work, args=(path, name, writes)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]

    with Store(path).view() as now:
        stored = [item.id for item in now.all(Source)]
        entries = now.log()
    assert sorted(stored) == sorted(f"{name}-{i}" for name in names for i in range(writes))
    assert [entry.seq for entry in entries] == list(range(1, len(names) * writes + 1))
    times = [entry.recorded_at for entry in entries]
    assert times == sorted(set(times)), "the store's clock moves forwards whoever writes"
    assert verify(Store(path)).sound
    assert list(tmp_path.glob(".new-store-*")) == []


def test_a_busy_store_says_who_holds_it(empty: Store) -> None:
    told, teller = PROCESSES.Pipe()
    releasing, release = PROCESSES.Pipe()
    holder = PROCESSES.Process(target=hold, args=(empty.path, teller, releasing))
    holder.start()
    process_id = told.recv()
    started = time.monotonic()
    hurried = Store(empty.path, patience=0.3)
    with pytest.raises(StoreBusy, match=rf"held by .*process {process_id} .*wait for it"), hurried.view():
        pass
    with pytest.raises(StoreBusy, match=f"process {process_id}"):
        hurried.append([source("one")], action="write", actor="a test")
    assert time.monotonic() - started >= 0.6, "each waited its 0.3 s"

    threading.Timer(0.2, release.send, ["let go"]).start()
    empty.append([source("one")], action="write", actor="a test")  # waits its turn, and gets it
    holder.join()
    assert holder.exitcode == 0


def test_threads_of_one_process_take_turns(empty: Store) -> None:
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(5):
                empty.append([source(f"{name}-{number}")], action="write", actor=name)
                with empty.view() as now:
                    now.get(Source, id=f"{name}-{number}")
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with empty.view() as now:
        assert len(now.all(Source)) == 20


def test_writing_inside_a_view_says_to_leave_it(store: Store) -> None:
    with store.view(), store.view() as again:
        assert again.all(Source)
        with pytest.raises(StoreError, match="leave the `with` block"):
            store.append([source("one")], action="write", actor="a test")


def test_a_thread_that_never_lets_go_is_not_waited_for_for_ever(store: Store) -> None:
    said: list[str] = []

    def write() -> None:
        try:
            Store(store.path, patience=0.1).append([source("one")], action="write", actor="a test")
        except StoreBusy as error:
            said.append(str(error))

    with store.view():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert said == [f"{store.path} has been used by another part of this program for 0.1 s; try again"]


BATCHES, SIZE = 6, 400


@pytest.mark.parametrize("kills", FEW_AND_MANY_KILLS)
def test_killed_at_any_moment_the_store_holds_whole_batches_only(tmp_path: Path, kills: int) -> None:
    """`kill -9` at moments spread over the creation of a store and six appends to it, a new store each."""
    calm = Writer(tmp_path / "calm.duckdb")
    pace = [calm.wait_for(batch) for batch in range(BATCHES)]
    assert calm.rest() == []
    chance = random.Random(SEED)
    cut_short = 0
    for kill in range(kills):
        writer = Writer(tmp_path / f"{kill}.duckdb")
        done = chance.randrange(BATCHES)
        for batch in range(done):
            writer.wait_for(batch)
        time.sleep(chance.uniform(0, pace[done]))
        writer.process.kill()
        acknowledged = done + len(writer.rest())
        cut_short += acknowledged < BATCHES

        store = Store(writer.path)
        stored, entries = held(store)  # reading comes first, with whatever the killed process left behind
        batches = len(entries)
        assert stored == [str(batch) for batch in range(batches) for _ in range(SIZE)]
        assert batches >= acknowledged, "what was said to be stored is stored"
        store.append([source("after")], action="write", actor="a test")
        result = verify(store)
        assert result.sound, result.faults
        assert result.rows == batches * SIZE + 1
    assert cut_short > kills / 4


def held(store: Store) -> tuple[list[str], list[LogEntry]]:
    """The batch that each stored row belongs to, and the log."""
    try:
        with store.view() as now:
            return [item.note for item in now.all(Source)], now.log()
    except (StoreMissing, StoreOutdated):  # killed before there was a file, or tables in it
        return [], []


class Writer:
    """A process that creates a store and appends batches to it, and what it has told so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._told, teller = PROCESSES.Pipe(duplex=False)
        self.process = PROCESSES.Process(target=append_batches, args=(path, teller, BATCHES, SIZE))
        self.process.start()
        teller.close()
        assert self._told.recv() == "begins"

    def wait_for(self, batch: int) -> float:
        """Wait until a batch is said to be stored; the seconds that took."""
        started = time.monotonic()
        assert self._told.recv() == batch
        return time.monotonic() - started

    def rest(self) -> list[int]:
        """The batches told of from here to the end of the process."""
        messages: list[int] = []
        while True:
            try:
                messages.append(self._told.recv())
            except EOFError:
                self.process.join()
                return messages


# DuckDB draws no progress bar into what a command prints, however the process was started.
ASKED = """
import sys
from pathlib import Path
import duckdb
from scorecard.store.bulk import bulk_connection
from scorecard.store.engines.connection import connected
told = "SELECT current_setting('enable_progress_bar')"
print(duckdb.connect().execute(told).fetchone()[0])
for write in (True, False):
    with connected(Path(sys.argv[1]), write=write, patience=10) as connection:
        print(connection.execute(told).fetchone()[0])
print(bulk_connection(Path(sys.argv[2])).execute(told).fetchone()[0])
"""


def test_no_bar_is_drawn_where_duckdb_takes_the_process_for_interactive(tmp_path: Path) -> None:
    """As with `python -c`, which `./run preparedness` is; the first line is DuckDB's own setting there."""
    command = [sys.executable, "-c", ASKED, str(tmp_path / "scorecard.duckdb"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False", "False"]
