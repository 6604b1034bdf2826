"""The record in one DuckDB file, opened for each operation and closed again, so that many processes share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import duckdb

from scorecard.store.bulk import bulk_connection
from scorecard.store.engines.checkpoint import log_of
from scorecard.store.engines.connection import connected
from scorecard.store.errors import StoreMended


@dataclass(frozen=True, slots=True)
class FileEngine:
    """One file on a disk of this machine, with a folder of files beside it."""

    path: Path
    guards: ClassVar[bool] = True
    shared: ClassVar[bool] = False
    exact: ClassVar[bool] = True
    table_of_attempts: ClassVar[str] = ""

    @property
    def address(self) -> str:
        """The path, as text."""
        return str(self.path)

    @property
    def folder(self) -> Path:
        """Where the files that belong to the record are."""
        return self.path.with_suffix(".files")

    def exists(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def stamp(self) -> tuple[int, int]:
        """When file or log was last written to, in nanoseconds, and their size in bytes."""
        facts = [one.stat() for one in (self.path, log_of(self.path)) if one.exists()]
        return max((one.st_mtime_ns for one in facts), default=0), sum(one.st_size for one in facts)

    def reading(self, patience: float) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The file, which no writer has meanwhile; raises what `connected` raises."""
        return connected(self.path, write=False, patience=patience)

    def writing[T](self, work: Callable[[duckdb.DuckDBPyConnection], T], patience: float) -> T:
        """What `work` returns with the file to itself; raises what `connected` raises."""
        try:
            return self._worked(work, patience)
        except StoreMended:  # nothing of it was stored, and `work` can be done again
            return self._worked(work, patience)

    def _worked[T](self, work: Callable[[duckdb.DuckDBPyConnection], T], patience: float) -> T:
        with connected(self.path, write=True, patience=patience) as connection:
            return work(connection)

    def furnish(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Nothing: attempts stay files."""

    def adopt(self, connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
        """Nothing to do: the record names its files."""

    def bulk(self) -> duckdb.DuckDBPyConnection:
        """DuckDB without a file, which puts what does not fit in memory on the store's disk."""
        return bulk_connection(self.folder)
