"""What other processes do to a store while a test watches; each function is one process's whole life."""

from __future__ import annotations

import multiprocessing
import os
import resource
from multiprocessing.connection import Connection
from pathlib import Path

from scorecard.records import Source
from scorecard.store import Store, StoreError
from scorecard.store.engines import checkpoint
from scorecard.store.engines.connection import connected
from tests.scorecard.examples import SOURCE, source

# A server that has imported the store once, and never opened one, forks each process: with a fresh
# interpreter for each, their imports would take most of a test's time.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

NOBODY = 65534


def work(path: str | Path, name: str, operations: int) -> None:
    """Append rows one at a time and read them back; any error ends the process with exit code 1."""
    store = Store(path)
    for number in range(operations):
        store.append([source(f"{name}-{number}")], action="work", actor=name)
        with store.view() as now:
            mine = [item.id for item in now.all(Source) if item.id.startswith(f"{name}-")]
        if mine != [f"{name}-{i}" for i in range(number + 1)]:
            raise AssertionError(f"{name} wrote {number + 1} rows and sees {mine}")


def append_batches(path: str | Path, told: Connection, batches: int, size: int, prefix: str = "") -> None:
    """Create a store and append whole batches, telling after each that it is stored."""
    told.send("begins")
    store = Store(path)
    for batch in range(batches):
        store.append(
            [source(f"{prefix}{batch}-{i}", note=str(batch)) for i in range(size)],
            action="batch",
            actor="a worker",
        )
        told.send(batch)


def hold(path: Path, told: Connection, release: Connection) -> None:
    """Keep a store open for writing until told to let go."""
    with connected(path, write=True, patience=30):
        told.send(os.getpid())
        release.recv()


def write_without_permission(path: Path, told: Connection) -> None:
    """Append as a user who may not write in the folder, and tell what was said."""
    if os.geteuid() == 0:  # permissions do not bind root
        os.setuid(NOBODY)
    _tell(path, told)


def write_on_a_full_disk(path: Path, told: Connection, limit: int) -> None:
    """Append many rows while no file may grow past `limit` bytes, and tell what was said."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    _tell(path, told, rows=50_000)


def _tell(path: Path, told: Connection, rows: int = 1) -> None:
    store = Store(path)
    many = [source(f"full-{i}", title=f"A long title, {i} of many" * 5) for i in range(rows)]
    try:
        store.append([*many, SOURCE], action="write", actor="a worker")
    except StoreError as error:
        told.send(str(error))
    else:
        told.send("stored")


def write_and_fold(path: Path, told: Connection, name: str) -> None:
    """Append row after row, each with a checkpoint of its own, and tell which are stored."""
    checkpoint.LEAST_LOG, checkpoint.SHARE_OF_FILE = 0, 0.0
    store = Store(path)
    told.send("begins")
    for number in range(1000):
        store.append([source(f"{name}-{number}")], action="write", actor="a worker")
        told.send(f"{name}-{number}")
