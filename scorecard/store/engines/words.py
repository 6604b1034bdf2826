"""What PostgreSQL and DuckLake say about a lake, turned into our words: what to do next."""

from __future__ import annotations

import re

import duckdb

from scorecard.store.engines.address import LakeAddress
from scorecard.store.errors import StoreCorrupt, StoreError, StoreMissing

# Patterns rather than error classes, because DuckDB passes on what it is told as text.
_OVERTAKEN = re.compile(r"ducklake_snapshot_pkey|[Tt]ransaction conflict|could not serialize access")
_BEGUN = re.compile(r"already exists|pg_type_typname_nsp_index|pg_class_relname_nsp_index")
_MISSING = re.compile(r"does not exist - and creating a new DuckLake is explicitly disabled")
_ELSEWHERE = re.compile(r'does not match existing data path in the catalog "(.*?)lake/"')
_AWAY = re.compile(
    r"Unable to connect|could not connect|server closed the connection|terminating connection|"
    r"Connection refused|no connection to the server|SSL SYSCALL"
)
_REASON = re.compile(r"failed: (.*)")
_REFUSED = re.compile(r"ERROR:\s+(permission denied [^\n\"]*)")
_GONE = re.compile(r"(?:Cannot open file|No files found that match the pattern) \"(.*?)\"")
_NUL = re.compile(r"unterminated quoted string")
_DISK = re.compile(r"No space left|Disk quota|Permission denied|Read-only file system")


def overtaken(error: BaseException) -> bool:
    """Whether another process committed while this one was at work, so that all of it may be done again."""
    return any(
        isinstance(one, duckdb.Error) and bool(_OVERTAKEN.search(str(one)))
        for one in (error, error.__cause__)
    )


def begun_elsewhere(error: duckdb.Error) -> bool:
    """Whether another process is making the same lake at this moment."""
    return bool(_BEGUN.search(str(error)))


def in_our_words(lake: LakeAddress, error: duckdb.Error) -> StoreError | None:
    """The same fault as a sentence with what to do; None when it is not about the lake."""
    text = str(error)
    if _MISSING.search(text):
        return StoreMissing(f"there is no store at {lake}; run `preparedness init` to build it from data/")
    if found := _ELSEWHERE.search(text):
        return StoreError(f"{lake}: this catalogue's data are in {found[1]}; name that as data_path")
    if _AWAY.search(text):
        reason = _REASON.search(text)
        return StoreError(
            f"{lake}: PostgreSQL cannot be used ({reason[1] if reason else _first(error)}). Check that the server "
            "runs, that the database and the user are there, and that the file PGPASSFILE names has the password"
        )
    if found := _REFUSED.search(text):
        return StoreError(
            f"{lake}: PostgreSQL refuses ({found[1]}). Nothing was stored. Tables are made and brought up to date by "
            "the lake's owner (`preparedness init`), who also grants writing (docs/lake.md)"
        )
    if found := _GONE.search(text):
        return StoreCorrupt(
            f"{lake}: {found[1]} is missing or cannot be read; mount the storage, or put back a copy"
        )
    if _NUL.search(text):
        return StoreError(
            f"{lake}: a text that was looked for holds the character NUL; no text of this store does"
        )
    if _DISK.search(text):
        return StoreError(
            f"{lake}: the shared storage cannot be used ({_first(error)}). Nothing was stored. Make room, or allow "
            "this user to write there, and try again"
        )
    return None


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:300]
