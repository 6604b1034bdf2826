"""The record in a DuckLake: its catalogue in PostgreSQL, its data in Parquet files on storage that machines share.

A process keeps one DuckDB attached to the lake (attaching takes a tenth of a second) and opens a cursor for each
operation. Every commit inserts the next number into `ducklake_snapshot`, whose primary key PostgreSQL keeps; DuckLake
would renumber and try again by itself, which forks the chain of the log, so it is told not to, and the whole
operation is done again on the newer state. An advisory lock of PostgreSQL lets writers come one after another, so
that a long append is not overtaken for ever by short ones; the chain does not depend on it.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import duckdb

from scorecard.store.bulk import ADDED, COLUMNS, MEMORY, literal
from scorecard.store.engines.address import LakeAddress
from scorecard.store.engines.extensions import load_extensions
from scorecard.store.engines.guard import pause
from scorecard.store.engines.words import begun_elsewhere, in_our_words, overtaken
from scorecard.store.errors import StoreBusy, StoreMissing

INLINE = 1000  # rows up to which an insert is kept in PostgreSQL instead of a Parquet file of its own
LOCK = 0x5C0E_CA2D  # any number that nobody else locks in this database

# One DuckDB a process and address; a forked process must not speak over its parent's sockets.
_attached: dict[tuple[int, str], duckdb.DuckDBPyConnection] = {}
_attaching = threading.Lock()
_writers: dict[str, threading.Lock] = {}
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class LakeEngine:
    """A DuckLake that any number of processes on any number of machines read and write."""

    lake: LakeAddress
    guards: ClassVar[bool] = False
    shared: ClassVar[bool] = True
    exact: ClassVar[bool] = False  # NUL ends a statement to PostgreSQL; in Parquet, -0.0 and 0.0 become one
    table_of_attempts: ClassVar[str] = "lake.main.attempts"

    @property
    def address(self) -> str:
        """As `SCORECARD_STORE` would say it; it holds no password."""
        return str(self.lake)

    @property
    def folder(self) -> Path:
        """Files of the record; not below DuckLake's own folder, whose maintenance deletes what it does not know."""
        return self.lake.data / "files"

    def exists(self) -> bool:
        """Whether the database holds the catalogue of a DuckLake."""
        try:
            self._duckdb(create=False, deadline=0)
        except StoreMissing:
            return False
        return True

    def stamp(self) -> tuple[int, int]:
        """The number of the newest snapshot, asked of PostgreSQL."""
        if not self.exists():
            return (0, 0)
        with self._cursor() as cursor:
            found = cursor.execute("SELECT id FROM ducklake_current_snapshot('lake')").fetchone()
        return (found[0] if found else 0, 0)

    @contextmanager
    def reading(self, patience: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """One snapshot of the lake; a block inside another one of the same thread sees the same."""
        held: dict[str, duckdb.DuckDBPyConnection] = _thread.__dict__.setdefault("held", {})
        if self.address in held:
            yield held[self.address]
            return
        with self._cursor(deadline=time.monotonic() + patience) as cursor:
            cursor.begin()
            held[self.address] = cursor
            try:
                yield cursor
            finally:
                del held[self.address]

    def writing[T](self, work: Callable[[duckdb.DuckDBPyConnection], T], patience: float) -> T:
        """What `work` returns, on a state of the lake that nobody changed meanwhile.

        Raises StoreBusy when `patience` seconds were not enough, and StoreError in our words for what PostgreSQL says.
        """
        deadline = time.monotonic() + patience
        with self._turn(deadline, patience):
            while True:
                try:
                    with self._cursor(create=True, deadline=deadline) as cursor:
                        return work(cursor)
                except Exception as error:  # DuckDB's own, or one of `work` that DuckDB's caused
                    if not overtaken(error):
                        raise
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        f"{self.address}: others have changed the lake during every attempt of {patience:g} s to "
                        "store this; nothing was stored; try again"
                    )
                pause()

    def furnish(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The table of attempts; its files are named by their hash, so DuckLake is not to merge them."""
        fields = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS attempts ({fields}, import_id VARCHAR)")
        for name in ADDED:
            connection.execute(f"ALTER TABLE attempts ADD COLUMN IF NOT EXISTS {name} {COLUMNS[name]}")
        connection.execute("CALL lake.set_option('auto_compact', false, table_name => 'attempts')")

    def adopt(self, connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
        """Enter Parquet files of attempts into the lake's table `attempts`; they stay where they are."""
        there = {
            name
            for (name,) in connection.execute(
                "SELECT data_file FROM ducklake_list_files('lake', 'attempts')"
            ).fetchall()
        }
        for file in sorted({str(file) for file in files} - there):
            connection.execute("CALL ducklake_add_data_files('lake', 'attempts', ?)", [file])

    def bulk(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the process's DuckDB, whose memory is bounded for all its cursors together."""
        return self._duckdb(create=False, deadline=0).cursor()

    @contextmanager
    def _cursor(self, *, create: bool = False, deadline: float = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._duckdb(create=create, deadline=deadline).cursor()
        try:
            cursor.execute("USE lake")
            yield cursor
        except duckdb.Error as error:
            raise in_our_words(self.lake, error) or error from error
        finally:
            cursor.close()  # rolls back what was not committed

    @contextmanager
    def _turn(self, deadline: float, patience: float) -> Iterator[None]:
        """PostgreSQL's advisory lock, for the length of a session: it ends with a process that is killed."""
        busy = StoreBusy(
            f"{self.address} has been written to by others for {patience:g} s; wait for them, and try again"
        )
        lock = _writers.setdefault(self.address, threading.Lock())
        if not lock.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise busy
        try:
            with self._cursor(create=True, deadline=deadline) as session:
                session.begin()
                ask = f"SELECT pg_try_advisory_xact_lock({LOCK}) AS got"
                sql = f"FROM postgres_query('__ducklake_metadata_lake', '{ask}')"
                while session.execute(sql).fetchone() != (True,):
                    if time.monotonic() > deadline:
                        raise busy
                    pause()
                yield
        finally:
            lock.release()

    def _duckdb(self, *, create: bool, deadline: float) -> duckdb.DuckDBPyConnection:
        key = (os.getpid(), self.address)
        with _attaching:
            while key not in _attached:
                try:
                    _attached[key] = self._attach(create=create)
                except duckdb.Error as error:
                    if begun_elsewhere(error) and time.monotonic() < deadline:
                        pause(0.05, 0.2)
                        continue
                    raise in_our_words(self.lake, error) or error from error
            return _attached[key]

    def _attach(self, *, create: bool) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "threads": 2,
                "memory_limit": MEMORY,
                "temp_directory": tempfile.gettempdir(),
            }
        )
        try:
            load_extensions(connection)
            connection.execute("SET ducklake_max_retry_count = 0")  # see above: it would fork the chain
            # For each column of a table that never had a row, these ask PostgreSQL twice and more: 90 ms instead of 8.
            connection.execute("SET disabled_optimizers = 'statistics_propagation,join_order'")
            if create:
                (self.lake.data / "lake").mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"ATTACH {literal(f'ducklake:postgres:{self.lake.catalogue}')} AS lake "
                f"(DATA_PATH {literal(f'{self.lake.data}/lake/')}, DATA_INLINING_ROW_LIMIT {INLINE}, "
                f"CREATE_IF_NOT_EXISTS {create})"
            )
        except BaseException:
            connection.close()
            raise
        return connection
