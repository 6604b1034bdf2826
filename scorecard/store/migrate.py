"""Numbered SQL files bring a store's tables up to date, each in one transaction with its own record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from scorecard.store.errors import StoreError, StoreOutdated

FOLDER = Path(__file__).parent / "migrations"
APPEND_ONLY = "-- append-only"  # a line of its own: the tables that the file creates refuse every change
_CREATED = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)
_REFUSES = """
CREATE TRIGGER {table}_no_{act} AFTER {ACT} ON {table} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0
    THEN error('append-only: rows of {table} are superseded, never changed') END FROM gone;
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file `0001_name.sql`; `requires` is the lowest DuckDB major version that can run it."""

    number: int
    name: str
    sql: str
    requires: int

    @property
    def triggers(self) -> str:
        """What makes the tables of an append-only file refuse changes; needs DuckDB 2."""
        if APPEND_ONLY not in self.sql.splitlines():
            return ""
        acts = [(table, act) for table in _CREATED.findall(self.sql) for act in ("update", "delete")]
        return "".join(_REFUSES.format(table=table, act=act, ACT=act.upper()) for table, act in acts)

    @property
    def digest(self) -> str:
        """sha256 of the text, recorded when it is applied."""
        return sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """The files of a folder in order; StoreError when a number is missing or used twice."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        requires = 2 if "-- requires DuckDB 2" in sql else 1
        found.append(Migration(int(path.name[:4]), path.name, sql, requires))
    numbers = [m.number for m in found]
    if numbers != list(range(1, len(found) + 1)):
        raise StoreError(f"migrations in {folder} must be numbered 1, 2, 3 without gaps; found {numbers}")
    return found


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    try:
        rows = connection.execute("SELECT number, name, sha256 FROM schema_version").fetchall()
    except duckdb.CatalogException:  # no table yet; asking duckdb_tables() first is slow in a DuckLake
        return {}
    return {number: (name, digest) for number, name, digest in rows}


def _not_another_programs(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND table_name <> 'schema_version' ORDER BY 1"
    there = [name for (name,) in connection.execute(sql).fetchall()]
    if there:
        raise StoreError(
            f"this file is a DuckDB database with tables of its own ({', '.join(there[:3])}) and no store; nothing was "
            "written to it. Name another file in SCORECARD_STORE"
        )


def begun(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a store has tables already, of whatever version."""
    return bool(_applied(connection))


def pending(
    connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER, *, guards: bool = True
) -> list[Migration]:
    """The migrations still to apply; never writes. Without `guards`, those that are nothing but triggers are left out.

    Raises StoreError when an applied file was edited since, StoreOutdated when the store is newer
    than this program.
    """
    known = migrations(folder)
    applied = _applied(connection)
    if not applied and guards:
        _not_another_programs(connection)
    for number, (name, digest) in applied.items():
        ours = next((m for m in known if m.number == number), None)
        if ours is None:
            raise StoreOutdated(
                f"the store has migration {name}, which this program does not know; update the program"
            )
        if ours.digest != digest:
            raise StoreError(
                f"migration {ours.name} was edited after this store applied it; restore the file and add a new one"
            )
    major = _major() if guards else 1
    return [m for m in known if m.number not in applied and m.requires <= major]


def _major() -> int:
    return int(duckdb.__version__.split(".")[0])


def migrate(
    connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER, *, guards: bool = True
) -> list[Migration]:
    """Apply what is pending, each file in one transaction with the note that it ran.

    Without `guards` tables get no primary keys either: for an engine that has none.
    """
    todo = pending(connection, folder, guards=guards)
    for migration in todo:
        connection.begin()
        try:
            connection.execute(
                migration.sql if guards else migration.sql.replace(" PRIMARY KEY", " NOT NULL")
            )
            if guards and _major() >= 2:
                connection.execute(migration.triggers)
            connection.execute(
                "INSERT INTO schema_version VALUES (?, ?, ?)",
                [migration.number, migration.name, migration.digest],
            )
            connection.commit()
        except duckdb.Error as error:
            connection.rollback()
            raise StoreError(f"migration {migration.name} failed and changed nothing: {error}") from error
    return todo
