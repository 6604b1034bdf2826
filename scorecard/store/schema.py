"""Whether a store's tables are those that its migrations made: neither more, nor fewer, nor noted under other names."""

from __future__ import annotations

import re

import duckdb

from scorecard.records import RECORDS, LogEntry
from scorecard.store.errors import StoreOutdated
from scorecard.store.migrate import Migration, migrations
from scorecard.store.rows import columns

_TABLE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)
_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+)", re.MULTILINE)
_COLUMN = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN (\w+)", re.MULTILINE)
_OF_THE_STORE = ("seq", "row_no", "recorded_at", "row_hash")


def schema_faults(connection: duckdb.DuckDBPyConnection, *, guards: bool) -> list[str]:
    """What is wrong with the tables and with the list of migrations; StoreOutdated when some were never applied."""
    try:
        rows = connection.execute("SELECT number, name, sha256 FROM schema_version").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        rows = []
    applied = {number: (name, digest) for number, name, digest in rows}
    views, tables = _relations(connection)
    major = int(duckdb.__version__.split(".")[0]) if guards else 1
    faults, missing = [], []
    known = [m for m in migrations() if m.requires <= major]
    if newer := sorted(applied.keys() - {m.number for m in migrations()}):
        raise StoreOutdated(
            f"the store has migration {applied[newer[0]][0]}, which this program does not know; update the program"
        )
    for one in known:
        if one.number not in applied:
            missing.append(one)
        elif applied[one.number] != (one.name, one.digest):
            faults.append(f"schema_version, {one.number}: was changed, {one.name} was applied")
    last = max(applied, default=0)
    never = [one for one in missing if one.number > last and not _made(connection, one, tables)]
    if never and len(never) == len(missing):
        raise StoreOutdated(
            f"the store needs new tables ({', '.join(one.name for one in never)}); run `preparedness init`"
        )
    faults += [
        f"schema_version, {one.number}: the row that says that {one.name} was applied is gone"
        for one in missing
        if one not in never
    ]
    return faults + _strange(views, tables)


def _relations(connection: duckdb.DuckDBPyConnection) -> tuple[set[str], dict[str, set[str]]]:
    """The names of views, and the columns of each table."""
    views: set[str] = set()
    tables: dict[str, set[str]] = {}
    ours = "NOT internal AND database_name = current_database()"
    sql = f"SELECT table_name, column_name FROM duckdb_columns() WHERE {ours}"
    for name, column in connection.execute(sql).fetchall():
        tables.setdefault(name, set()).add(column)
    for (name,) in connection.execute(f"SELECT view_name FROM duckdb_views() WHERE {ours}").fetchall():
        views.add(name)
        tables.pop(name, None)
    return views, tables


def _made(connection: duckdb.DuckDBPyConnection, one: Migration, tables: dict[str, set[str]]) -> bool:
    """Whether what a migration makes is there, noted or not."""
    if any(name in tables for name in _TABLE.findall(one.sql)):
        return True
    if any(column in tables.get(table, ()) for table, column in _COLUMN.findall(one.sql)):
        return True
    wanted = set(_TRIGGER.findall(one.sql))
    if not wanted:
        return False
    there = connection.execute("SELECT trigger_name FROM duckdb_triggers()").fetchall()
    return bool(wanted & {name for (name,) in there})


def _strange(views: set[str], tables: dict[str, set[str]]) -> list[str]:
    ours = {cls.TABLE: {*_OF_THE_STORE, *columns(cls)} for cls in RECORDS}
    ours["log"] = set(LogEntry.__dataclass_fields__)
    own = {name for one in migrations() for name in _TABLE.findall(one.sql)} | {"attempts"}
    faults = [f"{name}: is a view, which may show other rows than are stored" for name in sorted(views)]
    faults += [f"{name}: is no table of this program" for name in sorted(tables.keys() - own)]
    for name, there in sorted(tables.items()):
        faults += [
            f"{name}: has a column {one!r} that is none of this program's"
            for one in sorted(there - ours.get(name, there))
        ]
    return faults
