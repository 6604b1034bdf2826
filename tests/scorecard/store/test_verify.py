"""`verify` names the table and the key of whatever was altered behind the store's back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, find, settings

from scorecard.records import RECORDS, LogEntry, Record
from scorecard.store import Store, StoreError, StoreMissing, verify
from scorecard.store.rows import chain_hash, columns, row_hash, to_row
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import FACTS, run, source
from tests.scorecard.store.strategies import BATCH
from tests.scorecard.store.tamper import tamper
from tests.shared_stores import copy_store

READING = "measurements, horizon / one / 2025-03-01 / 2026-01"
FIRST = "log entry 1 (import by a test)"
UNSHRUNK = settings(
    phases=[Phase.generate], derandomize=True
)  # the first found is as good: shrinking takes 9 s


@cache
def one_of_each() -> tuple[Record, ...]:
    """A record of every kind, as the strategies draw it first."""
    return find(BATCH, lambda _: True, settings=UNSHRUNK)


def add_two(store: Store) -> None:
    """A second and a third transaction."""
    store.append([source("second")], action="write", actor="the chair")
    store.append([source("third"), source("fourth")], action="write", actor="the chair")


@pytest.fixture
def later(unwitnessed: None, prepared: Prepared, tmp_path: Path) -> Store:
    """The made-up facts, and a second and a third transaction after them."""
    return copy_store(prepared("facts-and-two-more", add_two), tmp_path)


@pytest.fixture(autouse=True)
def unwitnessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the record shows by itself; test_witness.py has what only a head noted elsewhere shows."""
    monkeypatch.setenv("SCORECARD_WITNESS", "off")


def faults(store: Store, *statements: str) -> tuple[str, ...]:
    """What verify says after the statements ran."""
    tamper(store.path, *statements)
    return verify(store).faults


def test_an_untouched_store_is_sound(later: Store) -> None:
    result = verify(later)
    assert result.sound
    assert (result.rows, result.entries, result.files) == (len(FACTS) + 3, 3, 0)
    with later.view() as now:
        assert result.head == now.log()[-1].hash
    tamper(later.path)
    assert verify(later) == result, "dropping the triggers alone alters no record"


def test_an_empty_store_is_sound_and_a_missing_one_is_said_to_be_missing(
    empty: Store, tmp_path: Path
) -> None:
    result = verify(empty)
    assert (result.sound, result.rows, result.head) == (True, 0, "0" * 64)
    with pytest.raises(StoreMissing, match="preparedness init"):
        verify(Store(tmp_path / "none.duckdb"))


@pytest.mark.parametrize(
    ("statement", "table", "key"),
    [
        ("UPDATE measurements SET value = 61 WHERE system = 'one'", "measurements", "horizon / one"),
        (
            "UPDATE measurements SET known_at = '2025-12-31' WHERE system = 'one'",
            "measurements",
            "horizon / one",
        ),
        ("UPDATE measurements SET n = 0 WHERE system = 'one'", "measurements", "horizon / one"),
        ("UPDATE measurements SET marks = ['x'] WHERE system = 'one'", "measurements", "horizon / one"),
        ("UPDATE thresholds SET quantities = '[{\"n\": 1}]'", "thresholds", "lab.high"),
        ("UPDATE systems SET id = 'won' WHERE id = 'one'", "systems", "won"),
        ("UPDATE criteria SET row_hash = repeat('0', 64)", "criteria", "horizon-40h"),
        # Values that no writer could have stored are faults like others, not a crash of the check:
        ("UPDATE measurements SET value = 'nan' WHERE system = 'one'", "measurements", "horizon / one"),
        ("UPDATE measurements SET grade = 'rumour' WHERE system = 'one'", "measurements", "horizon / one"),
        ("UPDATE thresholds SET quantities = '{}'", "thresholds", "lab.high"),
        ("UPDATE thresholds SET quantities = '7'", "thresholds", "lab.high"),
    ],
)
def test_a_changed_value_names_its_row(store: Store, statement: str, table: str, key: str) -> None:
    (fault,) = faults(store, statement)[:1]
    assert fault.startswith(f"{table}, {key}")
    assert "a value was changed" in fault
    assert "log entry 1" in fault


def test_a_changed_time_of_storing_is_noticed(later: Store) -> None:
    """It is what `seen_at` goes by, and no hash of a row covers it."""
    (fault,) = faults(
        later, "UPDATE measurements SET recorded_at = recorded_at - INTERVAL 1 DAY WHERE system = 'one'"
    )
    assert fault == f"{READING}: the time it was stored was changed, it is not that of {FIRST}"


def test_a_deleted_row_is_placed_between_its_neighbours(store: Store) -> None:
    (fault,) = faults(store, "DELETE FROM measurements WHERE vintage = '2026-01' AND system = 'two'")
    assert fault == (
        f"{FIRST}: 1 row was deleted between {READING} and measurements, horizon / two / 2025-09-01 / 2026-03"
    )


def test_rows_deleted_at_an_end_and_a_whole_transaction(later: Store) -> None:
    found = faults(later, "DELETE FROM criteria", "DELETE FROM sources WHERE seq = 3")
    assert found == (
        f"{FIRST}: 1 row was deleted between judged_series, class and its end",
        "log entry 3 (write by the chair): 2 rows were deleted between its start and its end",
    )


def copied(place: int, seq: int = 1) -> str:
    """A statement that inserts a source with a right hash of its own, as a careful forger would."""
    row = to_row(source("forged"))
    values = ", ".join(f"'{value}'" for value in row.values())
    return (
        f"INSERT INTO sources (seq, row_no, recorded_at, row_hash, {', '.join(row)}) SELECT {seq}, {place}, "
        f"recorded_at, '{row_hash('sources', row)}', {values} FROM log WHERE seq = 1"
    )


def test_an_inserted_row_is_named(later: Store) -> None:
    assert faults(later, copied(place=99)) == (
        f"sources, forged: was inserted into {FIRST}, which wrote {len(FACTS)} rows",
    )


def test_a_row_inserted_in_the_place_of_another_names_both(later: Store) -> None:
    (fault,) = faults(later, copied(place=0))
    assert "sources, forged" in fault
    assert "sources, paper" in fault
    assert fault.endswith(f"both are row 0 of {FIRST}, so one was inserted")


def test_a_row_of_no_transaction_is_named(later: Store) -> None:
    assert faults(later, copied(place=0, seq=7)) == (
        "sources, forged: names log entry 7, which is not in the log",
    )


def test_a_row_exchanged_for_one_with_a_right_hash_is_noticed(store: Store) -> None:
    assert faults(store, "DELETE FROM sources", copied(place=0)) == (
        f"{FIRST}: its rows are not the ones it wrote",
    )


@pytest.mark.parametrize(
    "change", ["actor = 'nobody'", "reason = 'another'", "recorded_at = recorded_at + INTERVAL 1 SECOND"]
)
def test_a_changed_log_entry_is_named(later: Store, change: str) -> None:
    found = faults(later, f"UPDATE log SET {change} WHERE seq = 2")
    assert any(f.startswith("log entry 2 (write by") and f.endswith("itself was changed") for f in found)


def test_an_entry_changed_with_its_hash_breaks_the_chain_after_it(later: Store) -> None:
    with later.view() as now:
        entry = now.log()[1]
    forged = {name: getattr(entry, name) for name in LogEntry.__dataclass_fields__}
    forged |= {"actor": "nobody", "recorded_at": entry.recorded_at.replace(tzinfo=None)}
    change = f"UPDATE log SET actor = 'nobody', hash = '{chain_hash(forged)}' WHERE seq = 2"
    assert faults(later, change) == (
        "log entry 3 (write by the chair): the chain is broken here, it does not follow the entry before it",
    )


def test_a_deleted_log_entry_leaves_its_rows_behind(later: Store) -> None:
    found = faults(later, "DELETE FROM log WHERE seq = 2")
    assert "log: entry 2 is missing before log entry 3 (write by the chair)" in found
    assert "sources, second: names log entry 2, which is not in the log" in found


def test_a_record_cut_off_at_its_end_shows_in_the_head_only(later: Store) -> None:
    """The limit that the documentation of `verify` states, kept true by this test."""
    before = verify(later).head
    tamper(later.path, "DELETE FROM log WHERE seq = 3", "DELETE FROM sources WHERE seq = 3")
    after = verify(later)
    assert after.sound
    assert after.head != before


@pytest.mark.parametrize(
    "statement", ["DROP TABLE systems", "ALTER TABLE systems DROP COLUMN note", "DROP TABLE log"]
)
def test_a_table_or_column_that_is_gone_is_named(store: Store, statement: str) -> None:
    table = "log" if "log" in statement else "systems"
    assert any(
        fault.startswith(f"{table}: the table, or a column of it, is gone")
        for fault in faults(store, statement)
    )


def test_several_changes_are_all_told(later: Store) -> None:
    found = faults(
        later,
        "UPDATE measurements SET value = 1",
        "UPDATE log SET actor = 'x' WHERE seq = 3",
        copied(place=99),
    )
    assert len(found) == 5


def test_every_table_is_checked(empty: Store) -> None:
    empty.append(one_of_each(), action="write", actor="a test")
    tables = [cls.TABLE for cls in RECORDS]
    found = faults(empty, *(f"UPDATE {table} SET known_at = known_at + 1" for table in tables))
    assert sorted(fault.split(",")[0] for fault in found) == sorted(tables)


# ---- the draws of a forecast ---------------------------------------------------------------------


@pytest.fixture
def forecast(store: Store) -> Path:
    """A stored run with a file of draws; the file."""
    name, digest = store.files.put(b"the draws of a forecast", ".parquet")
    store.append([run(draws=name, draws_sha256=digest)], action="forecast", actor="a test")
    assert verify(store).files == 1
    assert verify(store).sound
    return store.files.folder / name


def test_changed_draws_name_the_run_and_the_file(store: Store, forecast: Path) -> None:
    forecast.write_bytes(b"the draws of a forecasts")
    (fault,) = verify(store).faults
    assert fault.startswith(f"forecast_runs, {run().id}: {forecast} is not what was stored")


def test_missing_draws_name_the_run_and_the_file(store: Store, forecast: Path) -> None:
    forecast.unlink()
    (fault,) = verify(store).faults
    assert fault.startswith(f"forecast_runs, {run().id}: {forecast} is missing")


def test_verify_reads_only(later: Store) -> None:
    tamper(later.path, "UPDATE systems SET name = 'another'")
    before = later.path.read_bytes()
    assert not verify(later).sound
    assert later.path.read_bytes() == before


# ---- every field, the tables, and what cannot be read ---------------------------------------------


def other(kind: str) -> str:
    """An SQL expression for a value that is not `value`, of a column's type."""
    if kind.endswith("[]"):
        return "list_append(value, 'other')"
    return {
        "VARCHAR": "coalesce(value, '') || 'x'",
        "JSON": """CASE json_type(value) WHEN 'ARRAY' THEN '[{"other": 1}]' ELSE '{"other": 1}' END""",
        "BOOLEAN": "NOT coalesce(value, false)",
        "DATE": "coalesce(value + 1, DATE '2026-01-01')",
        "TIMESTAMP": "value + INTERVAL 1 MICROSECOND",
        "DOUBLE": "coalesce(value + 1, 1)",
    }.get(kind, "coalesce(value + 1, 1)")


def missed(empty: Store) -> list[str]:
    """The columns of the tables of records whose change verify does not find.

    One transaction has a row for each column of each table, and each row is changed in that column alone: verify
    names the row, so that no change hides behind another.
    """
    with empty.reading() as connection:
        types = {
            cls.TABLE: dict(
                connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {cls.TABLE})").fetchall()
            )
            for cls in RECORDS
        }
    batch: list[Record] = []
    changes: list[str] = []
    rows: list[tuple[str, str, str]] = []  # table, column, and how the row's key begins
    for one in one_of_each():
        table, key = one.TABLE, one.KEY[0]
        parts = []
        for number, name in enumerate(("recorded_at", "row_hash", "row_no", "seq", *columns(type(one)))):
            known_at = date(2026, 1, 1) + timedelta(days=number)
            batch.append(replace(one, **{key: f"row-{number:03}"}, known_at=known_at))
            rows.append((table, name, f"row-{number:03}"))
            value = other(types[table][name]).replace("value", f'"{name}"')
            changed = {"seq": "seq + 1000", "row_no": "row_no + 1000000"}.get(name, value)
            parts.append(
                f"""\"{name}\" = CASE "{key}" WHEN 'row-{number:03}' THEN {changed} ELSE "{name}" END"""
            )
        changes.append(f"UPDATE {table} SET {', '.join(parts)}")
    empty.append(batch, action="write", actor="a test")
    tamper(empty.path, *changes)
    found = verify(empty).faults
    return [
        f"{table}.{name}"
        for table, name, row in rows
        if not any(f.startswith(f"{table}, {row}") for f in found)
    ]


def test_a_change_of_any_field_of_any_record_is_found(empty: Store) -> None:
    assert missed(empty) == []


def test_a_hash_that_skips_a_field_does_not_pass_that(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: a program that leaves `note` out of its hashes is found out in every table with one."""

    def careless(table: str, row: Mapping[str, Any]) -> str:
        return row_hash(table, {name: value for name, value in row.items() if name != "note"})

    for module in ("scorecard.store.store", "scorecard.store.verify"):
        monkeypatch.setattr(import_module(module), "row_hash", careless)
    assert missed(empty) == [f"{cls.TABLE}.note" for cls in RECORDS if "note" in columns(cls)]


@pytest.mark.parametrize("name", sorted(LogEntry.__dataclass_fields__))
def test_a_change_of_any_field_of_the_log_is_found(later: Store, name: str) -> None:
    kinds = {"seq": "BIGINT", "rows": "BIGINT", "recorded_at": "TIMESTAMP"}
    value = other(kinds.get(name, "VARCHAR")).replace("value", f'"{name}"')
    changed = "seq + 1000" if name == "seq" else value
    assert faults(later, f'UPDATE log SET "{name}" = {changed} WHERE seq = 3')


@pytest.mark.parametrize("number", [1, 2, 5, 12, 13, 14])
def test_a_deleted_note_of_a_migration_is_a_finding(later: Store, number: int) -> None:
    (fault,) = faults(later, f"DELETE FROM schema_version WHERE number = {number}")
    assert fault.startswith(f"schema_version, {number}: the row that says that")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE schema_version SET name = 'x' WHERE number = 3", "schema_version, 3: was changed"),
        ("CREATE TABLE mine (a INTEGER)", "mine: is no table of this program"),
        ("CREATE VIEW mine AS SELECT * FROM systems", "mine: is a view"),
        ("ALTER TABLE systems ADD COLUMN mine INTEGER", "systems: has a column 'mine'"),
    ],
)
def test_what_was_added_to_the_tables_is_told(later: Store, statement: str, fault: str) -> None:
    (found,) = faults(later, statement)
    assert found.startswith(fault)


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "foreign.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.close()
    before = path.read_bytes()
    store = Store(path)
    for use in (store.prepare, lambda: store.append([source("x")], action="write", actor="a test")):
        with pytest.raises(StoreError, match=r"tables of its own \(t\) and no store"):
            use()
    assert path.read_bytes() == before


def test_a_file_that_may_not_be_read_is_a_sentence(
    store: Store, forecast: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(
        self: Path, *args: Any, **more: Any
    ) -> Any:  # permissions do not bind root, who may run the tests
        if self == forecast:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **more)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refused)
    (fault,) = verify(store).faults
    assert "cannot be read by this user, so it was not checked" in fault
