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
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from scorecard.store.errors import StoreBusy, StoreError, StoreMissing
from scorecard.store.faults import held_elsewhere, in_our_words, out_of_reach
from scorecard.store.guard import guarded, pause
from scorecard.store.turns import Turns

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
                    f"there is no store at {path}; run `python -m scorecard init` to build it from data/"
                )
            _create(path)
        with nullcontext(True) if nested else guarded(path, write=write, deadline=deadline) as alone:
            if not alone:
                raise _busy(path, patience)
            connection = _open(path, write=write, deadline=deadline, patience=patience)
            try:
                yield connection
            except duckdb.Error as error:
                raise in_our_words(path, error) or error from error
            finally:
                connection.close()


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
    return duckdb.connect(
        str(path), read_only=not write, config={"autoinstall_known_extensions": False, "threads": 2}
    )


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
