"""Where the record is kept: a file of this machine, or a DuckLake that several machines share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import duckdb

from scorecard.store.engines.address import LakeAddress
from scorecard.store.engines.ducklake import LakeEngine
from scorecard.store.engines.file import FileEngine
from scorecard.store.errors import StoreError

__all__ = ["Engine", "FileEngine", "LakeEngine", "engine_of"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two letters or more; one is a drive


class StoreEngine(Protocol):
    """What the store asks of the place where the record is kept; the store alone knows what is written there.

    `address` is what `SCORECARD_STORE` would say, `folder` holds the files that belong to the record, `guards` says
    whether tables can have keys and triggers, `shared` whether other machines use the same folder, `exact` whether
    a NUL in a text and the sign of a zero come back, and `table_of_attempts` names the table of all attempts, if any.
    """

    @property
    def address(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def guards(self) -> bool: ...
    @property
    def shared(self) -> bool: ...
    @property
    def exact(self) -> bool: ...
    @property
    def table_of_attempts(self) -> str: ...

    def exists(self) -> bool:
        """Whether there is a store; it may still need tables."""

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the record does; (0, 0) when there is none."""

    def reading(self, patience: float) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A connection to one state of the record; StoreMissing when there is none."""

    def writing[T](self, work: Callable[[duckdb.DuckDBPyConnection], T], patience: float) -> T:
        """What `work` returns, with no other writer beside it.

        `work` begins and commits by itself, and is done again from its beginning when another writer came first.
        """

    def furnish(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make what this engine needs beside the tables of the record; safe to call again."""

    def adopt(self, connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
        """Make files of attempts part of the record, in the transaction that names them."""

    def bulk(self) -> duckdb.DuckDBPyConnection:
        """A connection for reading attempts, to be closed by the caller."""


def engine_of(address: str | Path) -> StoreEngine:
    """The engine for a path or an address; StoreError for an address that no engine understands."""
    scheme = _SCHEME.match(address) if isinstance(address, str) else None
    if scheme is None:
        return FileEngine(Path(address).absolute())
    if scheme[1].lower() == "ducklake":
        return LakeEngine(LakeAddress.of(str(address)))
    raise StoreError(
        f"SCORECARD_STORE names a server or catalogue ({scheme[1]}:...) that the store does not know; give the path "
        f"of a file on a disk of this machine, or {LakeAddress.FORM}"
    )
