"""Keeps the store's file whole: commits go to its log alone, and a checkpoint is made on a copy, never in place.

DuckDB's own checkpoint rewrites live metadata blocks in place under one checksum: a kill or a power cut in the middle
of that write makes the whole file unreadable, log or no log. So writers never checkpoint when they close (`writer`).
When the log has grown (`due`), a copy of file and log is checkpointed, synced and renamed into place (`checkpoint`);
the file and the log it replaces stay in `last-good/` among the store's files, where `recover` finds them.
"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

CONFIG: Mapping[str, str | bool | int] = {"autoinstall_known_extensions": False, "threads": 2}
NEVER = "1TB"  # of log, before DuckDB would checkpoint in place while it is open
# A log is read again at every opening, some 0.1 ms a commit: 32 KB are about 50 commits. A large file is dearer to
# copy than a longer log is to read, so its log may grow with it.
LEAST_LOG = 32_768
SHARE_OF_FILE = 1 / 200

_log = logging.getLogger(__name__)


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what was committed since the last checkpoint."""
    return path.with_name(f"{path.name}.wal")


def last_good(path: Path) -> Path:
    """The folder with the file and log that the last checkpoint replaced."""
    return path.with_suffix(".files") / "last-good"


def writer(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes to the log alone, while it is open and when it is closed."""
    connection = quiet(duckdb.connect(str(path), config={**CONFIG, "checkpoint_threshold": NEVER}))
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    return connection


def quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection without DuckDB's own progress bar.

    A process that was started with `python -c`, as `./run preparedness` is, counts as interactive there: a query of two
    seconds would draw its bar on standard output, into what `--json` prints.
    """
    connection.execute("SET enable_progress_bar = false")
    return connection


def is_due(path: Path) -> bool:
    """Whether the log has grown enough for a checkpoint; the caller has the file to itself."""
    try:
        return log_of(path).stat().st_size > max(LEAST_LOG, path.stat().st_size * SHARE_OF_FILE)
    except OSError:  # no log, or a disk that is gone: nothing to do now
        return False


def checkpoint(path: Path) -> None:
    """Put the log's changes into the file, on a copy that takes its place; nobody else may have the file open.

    A kill at any instant leaves the old file with its log, or the new one (beside it perhaps a log that is in it
    already, which `recover` takes away). OSError and duckdb.Error leave everything as it was.
    """
    with TemporaryDirectory(dir=path.parent, prefix=".checkpoint-") as folder:
        new = Path(folder) / path.name
        copy_with_log(path, new)
        fold(new)
        synced(new)
        shutil.copymode(path, new)
        _keep(path)
        new.replace(path)
        sync_folder(path.parent)
        log_of(path).unlink(missing_ok=True)


def recover(path: Path, *, unmatched: bool) -> bool:
    """Mend a file that cannot be read, if what the last checkpoint replaced allows it; True when it was mended.

    The caller has the file to itself. `unmatched` says that the log is of another time than the file: one whose
    changes are in the file already is taken away; any other is left alone, since somebody put a copy back and has to
    say which of the two counts. A damaged file is kept under another name and made anew from the last good file, its
    log, and the log of today.
    """
    kept, log = last_good(path) / path.name, log_of(path)
    superseded = log.exists() and _same(log, log_of(kept))
    if unmatched:
        if superseded:  # the kill came between the rename and this
            log.unlink()
            sync_folder(path.parent)
        return superseded
    if not kept.exists():
        return False
    with TemporaryDirectory(dir=path.parent, prefix=".checkpoint-") as folder:
        new = Path(folder) / path.name
        try:
            copy_with_log(kept, new)
            fold(new)
            if log.exists() and not superseded:
                shutil.copyfile(log, log_of(new))
                fold(new)
            synced(new)
        except duckdb.Error:
            return False
        damaged = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        if log.exists():
            shutil.copyfile(log, log_of(damaged))
        path.replace(damaged)
        new.replace(path)
        sync_folder(path.parent)
        log.unlink(missing_ok=True)
    _log.warning(
        "%s was damaged and has been made anew from the last good copy and the log, with every committed entry. The "
        "damaged file is kept as %s. Run `preparedness verify`, and have the disk looked at",
        path,
        damaged.name,
    )
    return True


def sync_folder(folder: Path) -> None:
    """Make names that were made, changed or taken away in a folder outlive a power cut, where the system can."""
    with suppress(OSError):  # Windows opens no folders; there, renames are journalled by the file system
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def copy_with_log(path: Path, new: Path) -> None:
    """File and log as they are; nobody may be writing."""
    shutil.copyfile(path, new)
    if log_of(path).exists():
        shutil.copyfile(log_of(path), log_of(new))


def fold(new: Path) -> None:
    """Bring a copy's log into its file; nobody else may know of the copy."""
    with duckdb.connect(str(new), config=dict(CONFIG)) as connection:
        connection.execute("CHECKPOINT")


def synced(one: Path) -> None:
    """Make a file's content outlive a power cut."""
    # Windows syncs only what is open for writing; elsewhere a linked file may be another user's.
    descriptor = os.open(one, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(path: Path) -> None:
    """Make file and log, as they are, the last good ones, in one step for the two of them."""
    kept = last_good(path)
    part, older = kept.with_name(".last-good-new"), kept.with_name(".last-good-old")
    for left in (part, older):
        shutil.rmtree(left, ignore_errors=True)
    part.mkdir(parents=True)
    link_or_copy(path, part / path.name)
    if log_of(path).exists():
        shutil.copyfile(log_of(path), log_of(part / path.name))
    for one in part.iterdir():
        synced(one)
    sync_folder(part)
    if kept.exists():
        kept.replace(older)
    part.replace(kept)
    sync_folder(kept.parent)
    shutil.rmtree(older, ignore_errors=True)


def link_or_copy(one: Path, to: Path) -> None:
    """The same content under another name, without copying where the file system has hard links."""
    try:
        os.link(one, to)
    except OSError:  # one without them, or the folder is on another one
        shutil.copyfile(one, to)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and filecmp.cmp(one, other, shallow=False)
