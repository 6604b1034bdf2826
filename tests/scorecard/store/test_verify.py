"""`verify` names the table and the key of whatever was altered behind the store's back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import find

from scorecard.records import RECORDS, LogEntry
from scorecard.store import Store, StoreMissing, verify
from scorecard.store.rows import chain_hash, row_hash, to_row
from tests.scorecard.examples import FACTS, run, source
from tests.scorecard.store.strategies import BATCH
from tests.scorecard.store.tamper import tamper

READING = "measurements, horizon / one / 2025-03-01 / 2026-01"
FIRST = "log entry 1 (import by a test)"


@pytest.fixture
def later(store: Store) -> Store:
    """The made-up facts, and a second and a third transaction after them."""
    store.append([source("second")], action="write", actor="the chair")
    store.append([source("third"), source("fourth")], action="write", actor="the chair")
    return store


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
    with pytest.raises(StoreMissing, match="python -m scorecard init"):
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
        f"{FIRST}: 1 row was deleted between measurements, horizon / two / 2025-09-01 / 2026-03 and its end",
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
    empty.append(find(BATCH, lambda _: True), action="write", actor="a test")
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
