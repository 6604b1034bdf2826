"""Opens the store's file for one operation at a time, and waits politely when somebody else has it.

DuckDB lets one process write or several read. So nobody keeps the file open: every operation opens, works and
closes; threads take turns (turns.py), processes a lock (guard.py); whoever has to wait tries again after 5-30 ms, and
after `patience` seconds the answer is a sentence that says who holds it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from scorecard.store.engines.checkpoint import (
    CONFIG,
    checkpoint,
    is_due,
    log_of,
    quiet,
    recover,
    sync_folder,
    writer,
)
from scorecard.store.engines.faults import held_elsewhere, in_our_words, out_of_reach
from scorecard.store.engines.guard import guarded, pause
from scorecard.store.engines.turns import Turns
from scorecard.store.errors import (
    LogUnmatched,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreMended,
    StoreMissing,
)

_turns: dict[Path, Turns] = {}
_turns_lock = threading.Lock()


def _turns_of(path: Path) -> Turns:
    with _turns_lock:
        return _turns.setdefault(path.resolve(), Turns())


@contextmanager
def connected(path: Path, *, write: bool, patience: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for one operation; closing it rolls back what was not committed.

    Raises StoreMissing, StoreBusy, StoreCorrupt, and StoreError for a disk that is full or not ours.
    """
    deadline = time.monotonic() + patience
    turns = _turns_of(path)
    nested = turns.mine()  # in a block of this thread that holds the lock; a writer would wait for itself
    with turns.taken(write=write, patience=patience) as ours:
        if not ours:
            raise StoreBusy(
                f"{path} has been used by another part of this program for {patience:g} s; try again"
            )
        if not _is_there(path):
            if not write:
                raise StoreMissing(
                    f"there is no store at {path}; run `preparedness init` to build it from data/"
                )
            _create(path)
        for again in (not nested, False):
            begun = False
            try:
                with nullcontext(True) if nested else guarded(path, write=write, deadline=deadline) as alone:
                    if not alone:
                        raise _busy(path, patience)
                    logged = log_of(path).exists()
                    connection = _open(path, write=write, deadline=deadline, patience=patience)
                    begun = True
                    try:
                        yield connection
                    except duckdb.Error as error:
                        raise in_our_words(path, error) or error from error
                    finally:
                        connection.close()
                        if write and not nested:
                            _settle(path, logged=logged)
                return
            except StoreCorrupt as damage:
                if nested or not (again or begun) or not _mended(path, damage, deadline):
                    raise
                if begun:  # damage deep in the file shows when it is read, and a block cannot be begun again
                    raise StoreMended(
                        f"{path} was damaged and has been mended from its last good copy and log, with every "
                        f"committed entry; do it again"
                    ) from damage


def _mended(path: Path, damage: StoreCorrupt, deadline: float) -> bool:
    """Whether a file that could not be read can be now."""
    with guarded(path, write=True, deadline=deadline) as alone:
        try:
            return alone and recover(path, unmatched=isinstance(damage, LogUnmatched))
        except OSError:  # a disk that may only be read, or is full: the damage is what there is to say
            return False


def _settle(path: Path, *, logged: bool) -> None:
    """After a write: bring a new log's name to the disk, and fold a long log into the file."""
    if not logged and log_of(path).exists():
        sync_folder(path.parent)
    if is_due(path):
        # What was committed is safe in the log, and the next write tries again.
        with suppress(OSError, duckdb.Error):
            checkpoint(path)


def _busy(path: Path, patience: float) -> StoreBusy:
    """Who holds the file, as far as DuckDB can tell from looking at it; nothing is written."""
    try:
        _connect(path, write=False).close()
    except duckdb.Error as error:
        if busy := held_elsewhere(path, error, patience):
            return busy
    return StoreBusy(f"{path} has been in use by others for {patience:g} s; wait for them, and try again")


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(out_of_reach(path, error)) from error
    return True


def _create(path: Path) -> None:
    """Put an empty store in place in one step, so that no process and no crash ever meets half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent, prefix=".new-store-") as folder:
            new = Path(folder) / path.name
            duckdb.connect(str(new)).close()
            os.link(new, path)  # unlike a rename, it never replaces what another process made meanwhile
    except FileExistsError as error:
        if not path.exists():  # then it is a folder on the way that is a file
            raise StoreError(out_of_reach(path, error)) from error
    except (OSError, duckdb.IOException) as error:
        raise StoreError(out_of_reach(path, error)) from error


def _connect(path: Path, *, write: bool) -> duckdb.DuckDBPyConnection:
    return writer(path) if write else quiet(duckdb.connect(str(path), read_only=True, config=dict(CONFIG)))


def _open(path: Path, *, write: bool, deadline: float, patience: float) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return _connect(path, write=write)
        except duckdb.ConnectionException as error:
            raise StoreError(
                f"{path} is still open for reading in this thread; leave the `with` block of the view first"
            ) from error
        except duckdb.Error as error:
            # Another program than this one may hold it, which knows nothing of our own lock.
            if not (busy := held_elsewhere(path, error, patience)):
                raise in_our_words(path, error) or error from error
            if time.monotonic() > deadline:
                raise busy from error
            pause()
