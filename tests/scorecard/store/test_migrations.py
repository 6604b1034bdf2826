"""Numbered SQL files: applied once, each whole or not at all, never edited after use; rows that refuse change."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from scorecard.records import RECORDS
from scorecard.store import Store, StoreError, StoreOutdated, verify
from scorecard.store.migrate import FOLDER, migrate, migrations, pending
from scorecard.store.rows import columns
from tests.scorecard.examples import FACTS
from tests.scorecard.store.tamper import tamper

NAMES = [path.name for path in sorted(FOLDER.glob("*.sql"))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the program's migrations, to add to and to edit."""
    return Path(shutil.copytree(FOLDER, tmp_path / "migrations"))


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """An empty database."""
    return duckdb.connect(str(tmp_path / "empty.duckdb"))


def add(folder: Path, sql: str, name: str = "next") -> None:
    number = len(list(folder.glob("*.sql"))) + 1
    (folder / f"{number:04}_{name}.sql").write_text(sql, encoding="utf-8")


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def test_each_file_is_applied_once_and_noted(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    assert [m.name for m in migrate(connection, folder)] == NAMES
    assert migrate(connection, folder) == []
    add(folder, "CREATE TABLE more (id VARCHAR);")
    assert [m.number for m in pending(connection, folder)] == [len(NAMES) + 1]
    migrate(connection, folder)
    noted = connection.execute("SELECT name, sha256 FROM schema_version ORDER BY number").fetchall()
    assert noted == [(m.name, m.digest) for m in migrations(folder)]


def test_every_record_has_a_table_with_its_fields(empty: Store) -> None:
    connection = duckdb.connect(str(empty.path), read_only=True)
    for cls in RECORDS:
        rows = connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [cls.TABLE]
        ).fetchall()
        assert {name for (name,) in rows} == {"seq", "row_no", "recorded_at", "row_hash", *columns(cls)}
    connection.close()


def test_a_file_edited_after_use_is_refused(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    migrate(connection, folder)
    first = folder / NAMES[0]
    first.write_text(first.read_text(encoding="utf-8") + "-- a note\n", encoding="utf-8")
    add(folder, "CREATE TABLE more (id VARCHAR);")
    for use in (pending, migrate):
        with pytest.raises(
            StoreError, match=rf"{NAMES[0]} was edited after .*restore the file and add a new"
        ):
            use(connection, folder)
    assert "more" not in tables(connection)


@pytest.mark.parametrize(
    "fault", ["CREATE TABLE more (id INTEGER);", "INSERT INTO more VALUES ('x'), (NULL);", "CREAT TABLE x;"]
)
def test_a_file_that_fails_half_way_changes_nothing(
    connection: duckdb.DuckDBPyConnection, folder: Path, fault: str
) -> None:
    last = len(migrate(connection, folder))
    before = tables(connection)
    name = f"{last + 1:04}_next.sql"
    add(folder, f"CREATE TABLE more (id VARCHAR NOT NULL); INSERT INTO more VALUES ('one'); {fault}")
    add(folder, "CREATE TABLE still_more (id VARCHAR);")
    with pytest.raises(StoreError, match=rf"{name} failed and changed nothing"):
        migrate(connection, folder)
    assert tables(connection) == before
    assert [m.number for m in pending(connection, folder)] == [last + 1, last + 2], (
        "neither it nor what follows it ran"
    )

    (folder / name).write_text("CREATE TABLE more (id VARCHAR);", encoding="utf-8")
    assert len(migrate(connection, folder)) == 2


def test_numbers_without_gaps_and_without_twins(tmp_path: Path) -> None:
    for names in (["0001_a.sql", "0003_c.sql"], ["0001_a.sql", "0001_b.sql"], ["0002_b.sql"]):
        folder = tmp_path / names[-1] / str(len(names))
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text("SELECT 1;", encoding="utf-8")
        with pytest.raises(StoreError, match="numbered 1, 2, 3 without gaps"):
            migrations(folder)


def test_a_store_of_a_newer_program_is_refused_and_untouched(store: Store) -> None:
    tamper(store.path, "INSERT INTO schema_version VALUES (99, '0099_tomorrow.sql', 'abc')")
    before = store.path.read_bytes()
    uses = (
        store.prepare,
        lambda: store.append(FACTS, action="import", actor="a test"),
        lambda: verify(store),
    )
    for use in uses:
        with pytest.raises(StoreOutdated, match=r"0099_tomorrow\.sql.*update the program"):
            use()
    with pytest.raises(StoreOutdated, match="update the program"), store.view():
        pass
    assert store.path.read_bytes() == before


def test_a_file_without_tables_is_asked_to_be_initialised(tmp_path: Path) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    duckdb.connect(str(store.path)).close()
    with pytest.raises(StoreOutdated, match="preparedness init"), store.view():
        pass
    with pytest.raises(StoreOutdated, match="preparedness init"):
        verify(store)
    store.prepare()
    assert verify(store).sound


# ---- append-only ---------------------------------------------------------------------------------

STATEMENTS = ("UPDATE {} SET seq = seq + 1", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_tables_refuse_change(store: Store, statement: str) -> None:
    connection = duckdb.connect(str(store.path))
    filled = (
        "log",
        "sources",
        "frameworks",
        "thresholds",
        "systems",
        "indicators",
        "measurements",
        "criteria",
    )
    for table in filled:
        with pytest.raises(duckdb.Error, match=f"append-only: rows of {table} are superseded, never changed"):
            connection.execute(statement.format(table))
    connection.close()
    assert verify(store).sound


def test_every_table_has_both_triggers(empty: Store) -> None:
    connection = duckdb.connect(str(empty.path), read_only=True)
    found = connection.execute("SELECT table_name, event_manipulation FROM duckdb_triggers()").fetchall()
    connection.close()
    expected = {
        (table, event) for table in ("log", *(cls.TABLE for cls in RECORDS)) for event in ("UPDATE", "DELETE")
    }
    assert set(found) == expected


def test_a_refused_change_does_not_stop_the_store(store: Store) -> None:
    connection = duckdb.connect(str(store.path))
    with pytest.raises(duckdb.Error, match="append-only"):
        connection.execute("DELETE FROM log WHERE seq = 1")
    connection.execute("DELETE FROM log WHERE seq = 77")  # touches no row, so there is nothing to refuse
    connection.close()
    assert store.append(FACTS, action="import", actor="a test").unchanged == len(FACTS)
