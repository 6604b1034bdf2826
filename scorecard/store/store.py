"""The append-only store: append records in one transaction, read them as they stood at a moment."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from scorecard.records import Identity, Import, Record
from scorecard.store.engines import FileEngine, engine_of
from scorecard.store.errors import StoreError, StoreOutdated
from scorecard.store.files import Files
from scorecard.store.migrate import migrate, pending
from scorecard.store.rows import (
    chain_hash,
    columns,
    content_hash,
    key_of,
    key_text,
    portable,
    row_hash,
    to_row,
)  # fmt: skip
from scorecard.store.view import View, naive

DEFAULT_PATH = Path(__file__).parents[2] / "data" / "scorecard.duckdb"
GENESIS = "0" * 64
PATIENCE = 30.0


def default_address() -> str:
    """Where the store lives: `SCORECARD_STORE`, else data/scorecard.duckdb beside the program."""
    return os.environ.get("SCORECARD_STORE") or str(DEFAULT_PATH)


def local_user() -> str:
    """The name this machine knows the present user by."""
    return getpass.getuser()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one append did; `seq` is the log entry, or the last one when nothing was new."""

    seq: int
    added: int
    unchanged: int
    head: str


class Store:
    """The record, in a DuckDB file of this machine or in a DuckLake that machines share, as its address says."""

    def __init__(self, address: str | Path | None = None, *, patience: float = PATIENCE) -> None:
        """StoreError for an address that no engine understands."""
        self.engine = engine_of(default_address() if address is None else address)
        self.patience = patience
        self.files = Files(self.engine.folder)

    @property
    def address(self) -> str:
        """What names this store to another process, in `SCORECARD_STORE` or as `Store(address)`."""
        return self.engine.address

    @property
    def path(self) -> Path:
        """The store's file; StoreError where the record is not one file."""
        if isinstance(self.engine, FileEngine):
            return self.engine.path
        raise StoreError(
            f"{self.address} is not one file on this machine, which this needs; name it by its address"
        )

    def exists(self) -> bool:
        """Whether there is a store; it may still need `prepare`."""
        return self.engine.exists()

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the record does: a cheap key for caches."""
        return self.engine.stamp()

    def prepare(self) -> None:
        """Create the store or bring its tables up to date; safe to call at every start."""
        self.engine.writing(self._bring_up_to_date, self.patience)

    def _bring_up_to_date(self, connection: duckdb.DuckDBPyConnection) -> None:
        if pending(connection, guards=self.engine.guards):
            self.engine.furnish(connection)
            migrate(connection, guards=self.engine.guards)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to one state of the record; StoreOutdated when its tables are not those of this program."""
        with self.engine.reading(self.patience) as connection:
            if pending(connection, guards=self.engine.guards):
                raise StoreOutdated(f"{self.address} needs new tables; run `python -m scorecard init`")
            yield connection

    @contextmanager
    def view(self, as_of: date | None = None, seen_at: datetime | None = None) -> Iterator[View]:
        """The record as it stood, for the length of a `with` block.

        `as_of` counts only what could have been known by the end of that day; `seen_at` (UTC) counts
        only what this store held then. Keep the block short: writers wait for it.
        """
        with self.reading() as connection:
            yield View(connection, as_of, seen_at)

    def append(
        self,
        records: Iterable[Record],
        *,
        action: str,
        actor: str,
        identity: Identity = "typed by hand",
        reason: str = "",
    ) -> Receipt:
        """Store records in one transaction; those equal to what is current are left out.

        All or nothing: on any error no row is stored. Raises StoreError on two records with one key,
        on a missing actor, and on values that cannot be stored.
        """
        if not actor.strip():
            raise StoreError("every change is recorded with a name; say who is making it")
        rows = _by_key(records, exact=self.engine.exact)
        bulk = {self.files.folder / one["kept"] for one, _ in rows.get(Import, {}).values() if one["kept"]}

        def work(connection: duckdb.DuckDBPyConnection) -> Receipt:
            self._bring_up_to_date(connection)
            connection.begin()
            receipt = _write(connection, rows, action=action, actor=actor, identity=identity, reason=reason)
            if receipt.added and bulk:
                self.engine.adopt(connection, bulk)
            connection.commit()
            return receipt

        return self.engine.writing(work, self.patience)


type _Keyed = dict[type[Record], dict[tuple[Any, ...], tuple[dict[str, Any], str]]]


def _by_key(records: Iterable[Record], *, exact: bool) -> _Keyed:
    rows: _Keyed = {}
    for record in records:
        cls = type(record)
        row = to_row(record) if exact else portable(cls, to_row(record))
        digest = row_hash(cls.TABLE, row)
        kind = rows.setdefault(cls, {})
        key = key_of(record)
        if key in kind:
            raise StoreError(
                f"two records of {cls.TABLE} have the key {key_text(cls, row)}; nothing was stored"
            )
        kind[key] = (row, digest)
    return rows


def _current_hashes(connection: duckdb.DuckDBPyConnection, cls: type[Record]) -> dict[tuple[Any, ...], str]:
    key = ", ".join(cls.KEY)
    sql = (
        f"SELECT {key}, row_hash FROM {cls.TABLE} "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY seq DESC) = 1"
    )
    return {tuple(row[:-1]): row[-1] for row in connection.execute(sql).fetchall()}


def _write(
    connection: duckdb.DuckDBPyConnection,
    rows: _Keyed,
    *,
    action: str,
    actor: str,
    identity: Identity,
    reason: str,
) -> Receipt:
    last = connection.execute("SELECT seq, recorded_at, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before, head = last or (0, datetime.min, GENESIS)  # noqa: DTZ901  # the store's clock is naive UTC
    fresh: dict[type[Record], list[tuple[dict[str, Any], str]]] = {}
    total = 0
    for cls, keyed in rows.items():
        current = _current_hashes(connection, cls)
        total += len(keyed)
        fresh[cls] = [(row, digest) for key, (row, digest) in keyed.items() if current.get(key) != digest]
    added = sum(len(kind) for kind in fresh.values())
    if not added:
        return Receipt(seq=seq, added=0, unchanged=total, head=head)

    # The clock never runs backwards, whatever the machine's does, so that `seen_at` orders as `seq` does.
    now = max(naive(datetime.now(UTC)), before + timedelta(microseconds=1) if last else datetime.min)  # noqa: DTZ901
    hashes: list[str] = []
    for cls, kind in fresh.items():
        if not kind:
            continue
        names = columns(cls)
        table = [
            [seq + 1, len(hashes) + i, now, digest, *(row[name] for name in names)]
            for i, (row, digest) in enumerate(kind)
        ]
        _insert(connection, cls, names, table)
        hashes += [digest for _, digest in kind]
    entry: dict[str, Any] = {
        "seq": seq + 1, "recorded_at": now, "actor": actor, "identity": identity, "action": action,
        "reason": reason, "rows": added, "content": content_hash(hashes), "previous": head,
    }  # fmt: skip
    entry["hash"] = chain_hash(entry)
    connection.execute(
        f"INSERT INTO log ({', '.join(entry)}) VALUES ({', '.join('?' * len(entry))})", list(entry.values())
    )
    return Receipt(seq=seq + 1, added=added, unchanged=total - added, head=entry["hash"])


def _insert(
    connection: duckdb.DuckDBPyConnection, cls: type[Record], names: Sequence[str], rows: list[list[Any]]
) -> None:
    """Insert many rows at once: column lists unnested side by side, which is 50x faster than a row a call."""
    all_names = ("seq", "row_no", "recorded_at", "row_hash", *names)
    types = dict(
        connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {cls.TABLE})").fetchall()
    )
    picks = ", ".join(f"unnest(?::{types[name]}[])" for name in all_names)
    connection.execute(
        f"INSERT INTO {cls.TABLE} ({', '.join(all_names)}) SELECT {picks}",
        [list(column) for column in zip(*rows, strict=True)],
    )
