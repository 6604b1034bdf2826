"""Recomputes every hash of the store and says where the record was altered."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import duckdb

from scorecard.records import RECORDS, ForecastRun, Import, LogEntry, Record, Snapshot
from scorecard.store import witness
from scorecard.store.errors import StoreError, StoreMended
from scorecard.store.rows import (
    GENESIS,
    chain_hash,
    columns,
    content_hash,
    from_row,
    key_text,
    row_hash,
    to_row,
)
from scorecard.store.schema import schema_faults
from scorecard.store.store import Store
from scorecard.store.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was checked, the head of the chain, and every fault found, each as a sentence.

    `witnessed` is how many heads noted elsewhere were looked for, `odd` how many entries were stamped by a clock that
    was odd and is marked so.
    """

    rows: int
    entries: int
    files: int
    head: str
    witnessed: int
    odd: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True when nothing was altered."""
        return not self.faults


@dataclass(frozen=True, slots=True, order=True)
class _Written:
    """One stored row: its place in its transaction, its stored hash and time, and its table and key."""

    place: int
    digest: str
    recorded_at: datetime
    name: str


def verify(store: Store, *, since: Sequence[str] = ()) -> Verification:
    """Check rows, transactions, the chain, the tables and the files of draws; reads only.

    A store cut off at its end, or written anew as a whole, is consistent in itself: only a head noted down elsewhere
    shows that. Those of the store's own witness file are looked for, and those in `since` (heads, or files with heads).
    Raises StoreError for a `since` that holds none, and what `Store.view` raises.
    """
    noted = [one for given in since for one in witness.noted_in(given)]
    own = witness.file_of(store.address)
    if own is not None and own.exists():
        noted += witness.noted_in(str(own))
    noted = list(dict.fromkeys(noted))
    try:
        return _checked(store, noted)
    except StoreMended:  # the file was damaged where nothing had read it yet
        return _checked(store, noted)


def _checked(store: Store, noted: Sequence[witness.Noted]) -> Verification:
    faults: list[str] = []
    written: dict[int, list[_Written]] = defaultdict(list)
    files = 0
    entries: list[LogEntry] = []
    snapshots: list[Snapshot] = []
    with store.engine.reading(store.patience) as connection:
        faults += schema_faults(connection, guards=store.engine.guards)
        for cls in RECORDS:
            try:
                for seq, row, values in _stored(connection, cls):
                    written[seq].append(row)
                    record, wrong = _read_back(cls, row, values, seq)
                    faults += wrong
                    if isinstance(record, ForecastRun) and record.draws:
                        files += 1
                        faults += _file_fault(store, record, record.draws, record.draws_sha256)
                    if isinstance(record, Import) and record.kept:
                        files += 1
                        faults += _file_fault(store, record, record.kept, record.kept_sha256)
                    if isinstance(record, Snapshot) and record.content:
                        files += 1
                        snapshots.append(record)
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                faults.append(f"{cls.TABLE}: the table, or a column of it, is gone ({_first(error)})")
        try:
            entries = View(connection, None, None).log()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            faults.append(f"log: the table, or a column of it, is gone ({_first(error)})")
    rows = sum(map(len, written.values()))
    digests = {row.digest for group in written.values() for row in group}
    faults += [fault for one in snapshots for fault in _snapshot_faults(store, one, digests)]
    head = GENESIS
    for position, entry in enumerate(entries, start=1):
        faults += _entry_faults(entry, position, head)
        faults += _row_faults(entry, sorted(written.pop(entry.seq, [])))
        head = entry.hash
    faults += [
        f"{row.name}: names log entry {seq}, which is not in the log"
        for seq, extra in sorted(written.items())
        for row in sorted(extra)
    ]
    faults += witness.strangers(noted, entries)
    return Verification(
        rows=rows,
        entries=len(entries),
        files=files,
        head=head,
        witnessed=len(noted),
        odd=sum(1 for entry in entries if entry.clock),
        faults=tuple(faults),
    )


def _stored(
    connection: duckdb.DuckDBPyConnection, cls: type[Record]
) -> Iterator[tuple[int, _Written, dict[str, Any]]]:
    names = columns(cls)
    sql = (
        f"SELECT seq, row_no, row_hash, recorded_at, {', '.join(names)} FROM {cls.TABLE} ORDER BY seq, row_no"
    )
    for seq, place, digest, recorded_at, *values in connection.execute(sql).fetchall():
        row = dict(zip(names, values, strict=True))
        yield seq, _Written(place, digest, recorded_at, f"{cls.TABLE}, {key_text(cls, row)}"), row


def _read_back(
    cls: type[Record], row: _Written, values: dict[str, Any], seq: int
) -> tuple[Record | None, list[str]]:
    """The record of a row, if it still is one, and what is wrong with it."""
    try:
        record = from_row(cls, values)
        same = row_hash(cls.TABLE, to_row(record)) == row.digest
    except (StoreError, ValueError, TypeError):  # the altered value is of no kind that could be stored
        return None, [f"{row.name}: a value was changed to one that could not be stored (log entry {seq})"]
    if same:
        return record, []
    return record, [f"{row.name}: a value was changed after it was stored (log entry {seq})"]


def _file_fault(store: Store, record: ForecastRun | Import, name: str, digest: str) -> list[str]:
    try:
        store.files.check(name, digest)
    except StoreError as error:
        return [f"{record.TABLE}, {record.id}: {error}"]
    return []


def _snapshot_faults(store: Store, one: Snapshot, digests: set[str]) -> list[str]:
    """What is wrong with a snapshot: its file, or a row it binds that the record no longer holds."""
    try:
        content = json.loads(store.files.get(one.content, one.id))
    except StoreError as error:
        return [f"{one.TABLE}, {one.id}: {error}"]
    gone = Counter(row["table"] for row in content["rows"] if row["hash"] not in digests)
    return [
        f"{one.TABLE}, {one.id}: binds {count} of {table} that the record no longer holds"
        for table, count in gone.items()
    ]


def _entry_name(entry: LogEntry) -> str:
    return f"log entry {entry.seq} ({entry.action} by {entry.actor})"


def _entry_faults(entry: LogEntry, position: int, head: str) -> list[str]:
    fields = {name: getattr(entry, name) for name in LogEntry.__dataclass_fields__}
    fields["recorded_at"] = entry.recorded_at.replace(tzinfo=None)
    name = _entry_name(entry)
    faults = []
    if entry.seq != position:
        faults.append(f"log: entry {position} is missing before {name}")
    if entry.previous != head:
        faults.append(f"{name}: the chain is broken here, it does not follow the entry before it")
    if chain_hash(fields) != entry.hash:
        faults.append(f"{name}: the entry itself was changed")
    return faults


def _row_faults(entry: LogEntry, rows: list[_Written]) -> list[str]:
    """What is wrong with a transaction's rows: deleted, inserted, moved in time or exchanged."""
    name = _entry_name(entry)
    faults = [
        f"{row.name}: the time it was stored was changed, it is not that of {name}"
        for row in rows
        if row.recorded_at != entry.recorded_at.replace(tzinfo=None)
    ]
    inside = [row for row in rows if 0 <= row.place < entry.rows]
    within = set(inside)
    faults += [
        f"{row.name}: was inserted into {name}, which wrote {entry.rows} rows"
        for row in rows
        if row not in within
    ]
    faults += [
        f"{a.name} and {b.name}: both are row {a.place} of {name}, so one was inserted"
        for a, b in pairwise(inside)
        if a.place == b.place
    ]
    ends = [(-1, "its start"), *((row.place, row.name) for row in inside), (entry.rows, "its end")]
    for (before, left), (after, right) in pairwise(ends):
        if gone := max(after - before - 1, 0):
            what = "1 row was" if gone == 1 else f"{gone} rows were"
            faults.append(f"{name}: {what} deleted between {left} and {right}")
    if not faults and content_hash([row.digest for row in rows]) != entry.content:
        faults.append(f"{name}: its rows are not the ones it wrote")
    return faults


def _first(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
