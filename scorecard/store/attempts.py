"""Attempts in bulk: millions of task results in Parquet files beside the store, written and read by DuckDB.

A batch of attempts is one Parquet file below the store's folder of files, named by its sha256 in the record
`Import`; so it cannot change unnoticed, a copy of the folder is a copy of the attempts, and a file of attempts
that was revised takes the place of the earlier one only in later reads. No row passes through Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from scorecard.records import Import
from scorecard.store.bulk import COLUMNS, bulk_connection
from scorecard.store.errors import StoreError
from scorecard.store.store import Store
from scorecard.store.view import View

if TYPE_CHECKING:
    import pandas as pd

DEFAULTS: Mapping[str, str] = {
    "benchmark": "''", "family": "''", "epoch": "1", "scorer": "''", "runs": "1", "weight": "1.0",
    "scaffold": "''", "budget": "''", "tools": "''",
}  # fmt: skip
# A fault, where it is, and what should be there; told with a count and the first rows.
RULES: Sequence[tuple[str, str, str]] = (
    ("system", "system IS NULL OR trim(system) = ''", "the name of the system"),
    ("task", "task IS NULL OR task = ''", "the id of the task"),
    ("score", "score IS NULL OR NOT isfinite(score) OR score < 0 OR score > 1", "a number between 0 and 1"),
    ("runs", "runs IS NULL OR runs < 1", "a whole number above 0"),
    ("human_minutes", "human_minutes <= 0 OR NOT isfinite(human_minutes)", "a number above 0, or nothing"),
    ("weight", "weight IS NULL OR NOT isfinite(weight) OR weight <= 0", "a number above 0"),
)
SCHEMA = pa.schema(
    [(name, {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "DOUBLE": pa.float64(), "DATE": pa.date32()}[kind])
     for name, kind in COLUMNS.items()]
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Attempts in a file of somebody else's making: which of its columns is which of ours."""

    path: Path
    format: str
    columns: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """Rows that one rule refuses: how many, and the places (counted from 1) of the first ones."""

    field: str
    expected: str
    count: int
    places: tuple[int, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Attempts written to a Parquet file that is not yet on the record."""

    part: Path
    rows: Mapping[str, int]  # by the id of the import
    misfits: Mapping[str, tuple[Misfits, ...]]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def _selected(outside: Outside, connection: duckdb.DuckDBPyConnection) -> str:
    """The SELECT that turns a file's columns into ours; refuses columns that neither side has."""
    reader = {"parquet": "read_parquet", "csv": "read_csv", "jsonl": "read_ndjson"}[outside.format]
    place = _literal(str(outside.path))
    source = f"{reader}({place})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    there = {row[0] for row in described}
    picks = []
    for name, kind in COLUMNS.items():
        if name in outside.columns:
            column = outside.columns[name]
            if column not in there:
                raise StoreError(
                    f"{outside.path.name} has no column {column!r}; it has {', '.join(sorted(there))[:300]}"
                )
            value = f"TRY_CAST({_quoted(column)} AS {kind})"
            if name in DEFAULTS and name not in ("runs", "weight"):
                value = f"coalesce({value}, {DEFAULTS[name]})"
        elif name in outside.constants:
            value = f"CAST({_literal(outside.constants[name])} AS {kind})"
        else:
            value = f"CAST({DEFAULTS.get(name, 'NULL')} AS {kind})"
        picks.append(f"{value} AS {name}")
    return f"SELECT {', '.join(picks)} FROM {source}"


def write(folder: Path, tables: Iterable[tuple[str, pa.Table | Outside]], *, lenient: bool = False) -> Batch:
    """Write attempts, each table under the id of its import, to one Parquet file below `folder`.

    Rows that break a rule are counted in `misfits`; `lenient` leaves them out, otherwise no file is made.
    Raises StoreError when a file cannot be read as what it claims to be.
    """
    part = folder / "attempts.parquet"
    misfits: dict[str, tuple[Misfits, ...]] = {}
    rows: dict[str, int] = {}
    bad = " OR ".join(f"coalesce(({broken}), false)" for _, broken, _ in RULES)
    connection = bulk_connection(folder)
    try:
        tables = _joined(tables)
        selects = []
        for number, (owner, table) in enumerate(tables):
            if isinstance(table, pa.Table):
                connection.register(f"given_{number}", table)
                inner = f"SELECT {', '.join(COLUMNS)}, import_id FROM given_{number}"
            else:
                inner = f"SELECT *, {_literal(owner)} AS import_id FROM ({_selected(table, connection)})"
            if _misfits(connection, inner):
                owners = [owner]
                if isinstance(table, pa.Table):
                    owners = sorted(set(table.column("import_id").to_pylist()))
                for one in owners:
                    part_of = (
                        f"{inner} WHERE import_id = {_literal(one)}" if isinstance(table, pa.Table) else inner
                    )
                    if found := _misfits(connection, part_of):
                        misfits[one] = tuple(found)
            selects.append(inner + (f" WHERE NOT ({bad})" if lenient else ""))
        if misfits and not lenient:
            return Batch(part=part, rows={}, misfits=misfits)
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"COPY ({' UNION ALL '.join(selects)}) TO {_literal(str(part))} (FORMAT parquet, COMPRESSION snappy)"
        )
        counted = f"SELECT import_id, count(*) FROM read_parquet({_literal(str(part))}) GROUP BY import_id"
        rows = dict(connection.execute(counted).fetchall())
        return Batch(part=part, rows=rows, misfits=misfits)
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()


def _joined(
    tables: Iterable[tuple[str, pa.Table | Outside]],
) -> list[tuple[str, pa.Table | Outside]]:
    """Small tables made into one, so that two thousand files are not two thousand parts of a query."""
    whole: list[tuple[str, pa.Table | Outside]] = []
    small = []
    for owner, table in tables:
        if isinstance(table, pa.Table):
            owners = pa.array([owner] * table.num_rows, pa.string())
            small.append(table.append_column("import_id", owners))
        else:
            whole.append((owner, table))
    return [("", pa.concat_tables(small)), *whole] if small else whole


def _misfits(connection: duckdb.DuckDBPyConnection, inner: str) -> list[Misfits]:
    """Count what each rule refuses in one pass; only when there is something are the rows looked up."""
    counts = ", ".join(f"count(*) FILTER ({broken})" for _, broken, _ in RULES)
    found = connection.execute(f"SELECT {counts} FROM ({inner})").fetchone() or ()
    misfits = []
    for (name, broken, expected), count in zip(RULES, found, strict=True):
        if not count:
            continue
        rows = connection.execute(
            f"SELECT place, CAST({name} AS VARCHAR) FROM (SELECT *, row_number() OVER () AS place FROM ({inner})) "
            f"WHERE {broken} ORDER BY place LIMIT 5"
        ).fetchall()
        places, values = zip(*rows, strict=True)
        misfits.append(
            Misfits(field=name, expected=expected, count=count, places=places,
                    found=tuple("nothing" if value is None else value for value in values))
        )  # fmt: skip
    return misfits


def names_of(folder: Path, tables: Iterable[pa.Table | Outside]) -> dict[str, int]:
    """Every name of a system in attempts, with how many attempts it has."""
    found: dict[str, int] = {}
    connection = bulk_connection(folder)
    try:
        for number, table in enumerate(tables):
            if isinstance(table, pa.Table):
                connection.register(f"given_{number}", table)
                inner = f"given_{number}"
            else:
                inner = f"({_selected(table, connection)})"
            rows = connection.execute(
                f"SELECT system, count(*) FROM {inner} WHERE system IS NOT NULL GROUP BY system"
            ).fetchall()
            for name, count in rows:
                found[name] = found.get(name, 0) + count
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()
    return found


def current(view: View) -> list[Import]:
    """The imports whose attempts count: of several files about one subject, the one known last."""
    latest: dict[tuple[str, str], Import] = {}
    for one in view.all(Import):
        kept = latest.get((one.format, one.subject))
        if one.kept and (kept is None or one.known_at >= kept.known_at):
            latest[one.format, one.subject] = one
    return list(latest.values())


def query(
    store: Store,
    view: View,
    sql: str,
    parameters: Sequence[Any] = (),
    *,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Run one SELECT over `attempts` as they were known in `view`; `system` is the id where `names` has one.

    `names` maps a folded name to the id of its system. Columns are those of `COLUMNS` and `import_id`.
    """
    with _opened(store, view, names) as connection:
        return connection.execute(sql, list(parameters)).df()


@contextmanager
def _opened(store: Store, view: View, names: Mapping[str, str] | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view `attempts`; DuckDB's faults come out in our words."""
    imports = current(view)
    files = sorted({store.files.folder / one.kept for one in imports})
    if missing := [file for file in files if not file.exists()]:
        raise StoreError(f"{missing[0]} is missing; copy the folder that belongs to the store")
    connection = store.engine.bulk()
    try:
        called = dict(names or {})
        wanted = pa.table({"import_id": pa.array([one.id for one in imports], pa.string())})
        known = pa.table(
            {"name": pa.array(list(called), pa.string()), "id": pa.array(list(called.values()), pa.string())}
        )
        connection.register("wanted", wanted)
        connection.register("called", known)
        if files:
            source = (
                store.engine.table_of_attempts
                or f"read_parquet([{', '.join(_literal(str(file)) for file in files)}])"
            )
            whole = (
                f"SELECT a.* REPLACE (coalesce(c.id, a.system) AS system) FROM {source} a "
                "LEFT JOIN called c ON c.name = lower(trim(a.system)) WHERE a.import_id IN (FROM wanted)"
            )
        else:
            columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items())
            whole = f"SELECT {columns}, '' AS import_id WHERE false"
        connection.execute(f"CREATE TEMP VIEW attempts AS {whole}")
        yield connection
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()


def export(
    store: Store, view: View, out: Path, format: str, *, names: Mapping[str, str] | None = None
) -> int:
    """Write every attempt that counts in `view` to a file (csv, parquet or json lines); how many there were."""
    options = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet", "json": "FORMAT json"}[format]
    with _opened(store, view, names) as connection:
        done = connection.execute(f"COPY attempts TO {_literal(str(out))} ({options})").fetchone()
    return int(done[0]) if done else 0


def adopt(store: Store, batch: Batch) -> tuple[str, str]:
    """Put a written batch among the store's files: its name there and its sha256."""
    return store.files.adopt(batch.part, ".attempts.parquet")


def workshop(store: Store) -> TemporaryDirectory[str]:
    """A temporary folder on the store's own disk, so that adopting a file is a rename."""
    store.files.folder.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(dir=store.files.folder, prefix=".import-")
