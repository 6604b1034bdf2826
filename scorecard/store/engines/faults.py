"""DuckDB's words for a file that is damaged, busy or out of reach, turned into ours: what to do next."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from scorecard.store.copies.keeping import advice
from scorecard.store.errors import LogUnmatched, StoreBusy, StoreCorrupt, StoreError, StoreOutdated

# Patterns rather than error classes, because DuckDB raises one class (IOException) for most of these.
_HELD = re.compile(r"Could not set lock on file|being used by another process")
_HOLDER = re.compile(r"held in (.*?) \(PID (\d+)\)")
_DISK = re.compile(
    r"No space left|File too large|Disk quota|Permission denied|Read-only file system|Is a directory"
)
_NEWER = re.compile(r"can only read versions?|newer version of DuckDB")
_UNMATCHED = re.compile(r"WAL does not match|WAL checkpoint iteration|WAL was created")
_LOG_FILE = re.compile(r"replaying WAL|Corrupt WAL")
_DAMAGE = re.compile(
    r"not a valid DuckDB database|Could not read enough bytes|Corrupt database file|does not match stored "
    r"checksum|[Ff]ailed to deserialize|database has been invalidated"
)


def in_our_words(path: Path, error: duckdb.Error) -> StoreError | None:
    """The same fault as a sentence with what to do; None when it is not about the file."""
    text = str(error)
    if _DISK.search(text):
        return StoreError(out_of_reach(path, error))
    if _NEWER.search(text):
        return StoreOutdated(f"{path} was written by a newer DuckDB ({_first(error)}); update the program")
    if (unmatched := _UNMATCHED.search(text)) or _LOG_FILE.search(text):
        return (LogUnmatched if unmatched else StoreCorrupt)(
            f"{path}.wal, which holds the last changes, does not fit {path.name} or is damaged ({_first(error)}). "
            f"Nothing was changed. If you put back a copy of the store, move the .wal file away and try again; "
            f"if not, keep both files: without the .wal file the store opens, but lacks those changes."
        )
    if _DAMAGE.search(text) or isinstance(error, duckdb.FatalException):
        return StoreCorrupt(
            f"{path} cannot be read as a store ({_first(error)}). Nothing was changed. {advice(path)}. "
            f"Without one, move the file away and run `preparedness init` to rebuild the published facts from "
            f"data/ (decisions and prior sets live only in the record, so keep the damaged one). The record is this "
            f"file, {path.name}.wal beside it, and the folder {path.stem}.files."
        )
    return None


def held_elsewhere(path: Path, error: duckdb.Error, patience: float) -> StoreBusy | None:
    """The sentence that names who holds the file; None when the error is about something else."""
    text = str(error)
    if not _HELD.search(text):
        return None
    holder = _HOLDER.search(text)
    who = f"{holder[1]}, process {holder[2]}" if holder else "another process"
    return StoreBusy(
        f"{path} has been held by {who} for {patience:g} s; wait for it to finish, or end it, and try again"
    )


def out_of_reach(path: Path, error: Exception) -> str:
    """What to say when the disk refuses: full, read-only, somebody else's, or a folder where a file should be."""
    return (
        f"the store at {path} cannot be used: {_first(error)}. Nothing was stored. Make room, allow this user to "
        f"write there, or name another place in SCORECARD_STORE, and try again"
    )


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]
