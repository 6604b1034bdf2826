"""Attempts in bulk: millions of task results in Parquet files beside the store, written and read by DuckDB.

A batch of attempts is one Parquet file below the store's folder of files, named by its sha256 in the record
`Import`; so it cannot change unnoticed, a copy of the folder is a copy of the attempts, and a file of attempts
that was revised takes the place of the earlier one only in later reads. No row passes through Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from scorecard.records import Import
from scorecard.store.bulk import ADDED, COLUMNS, bulk_connection, literal
from scorecard.store.errors import StoreError
from scorecard.store.outside import Misfits, Outside, Rows, counted, given_rows, mended, rows_of
from scorecard.store.store import Store
from scorecard.store.view import View
from scorecard.words import RISKY

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = pa.schema(
    [
        (
            name,
            {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "DOUBLE": pa.float64(), "DATE": pa.date32()}[
                kind
            ],
        )
        for name, kind in COLUMNS.items()
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Attempts written to a Parquet file that is not yet on the record."""

    part: Path
    rows: Mapping[str, int]  # by the id of the import
    misfits: Mapping[str, tuple[Misfits, ...]]
    absent: Mapping[str, int]  # rows without a score


def write(folder: Path, tables: Iterable[tuple[str, pa.Table | Outside]], *, lenient: bool = False) -> Batch:
    """Write attempts, each table under the id of its import, to one Parquet file below `folder`.

    Rows without a score are left out and counted in `absent`, rows that break a rule in `misfits`; `lenient` leaves
    those out, too, otherwise no file is made. Raises StoreError when a file cannot be read as what it claims to be.
    """
    part = folder / "attempts.parquet"
    misfits: dict[str, tuple[Misfits, ...]] = {}
    absent: dict[str, int] = {}
    connection = bulk_connection(folder)
    try:
        selects = []
        for number, (owner, table) in enumerate(_joined(tables)):
            if isinstance(table, pa.Table):
                connection.register(f"given_{number}", table)
                rows = given_rows(f"SELECT {', '.join(COLUMNS)}, import_id FROM given_{number}")
                _, _, found = counted(connection, rows)
                for one in sorted(set(table.column("import_id").to_pylist())) if found else ():
                    if own := counted(connection, rows, f"import_id = {literal(one)}")[2]:
                        misfits[one] = own
                owned = "import_id"
            else:
                rows, looked = _looked(connection, table, folder)
                absent[owner] = looked.absent
                if looked.misfits:
                    misfits[owner] = looked.misfits
                owned = f"{literal(owner)} AS import_id"
            kept = f"NOT absent AND NOT ({rows.broken})" if lenient else "NOT absent"
            selects.append(f"SELECT {', '.join(COLUMNS)}, {owned} FROM ({rows.sql}) WHERE {kept}")
        if misfits and not lenient:
            return Batch(part=part, rows={}, misfits=misfits, absent=absent)
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"COPY ({' UNION ALL '.join(selects)}) TO {literal(str(part))} (FORMAT parquet, COMPRESSION snappy)"
        )
        totals = f"SELECT import_id, count(*) FROM read_parquet({literal(str(part))}) GROUP BY import_id"
        written = dict(connection.execute(totals).fetchall())
        return Batch(part=part, rows=written, misfits=misfits, absent=absent)
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContents:
    """What a table of attempts holds: good rows, rows without a score, and rows that are refused."""

    rows: int
    absent: int
    misfits: tuple[Misfits, ...]


def look(folder: Path, outside: Outside) -> TableContents:
    """Say what a table holds without storing it: what `write` would take, and what it would refuse."""
    connection = bulk_connection(folder)
    try:
        return _looked(connection, outside, folder)[1]
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()


def _looked(
    connection: duckdb.DuckDBPyConnection, outside: Outside, folder: Path
) -> tuple[Rows, TableContents]:
    """The rows of a table and what they hold; lines that cannot be read are set aside, once."""
    lines: Misfits | None = None
    try:
        rows = rows_of(outside, connection)
        good, absent, misfits = counted(connection, rows)
    except duckdb.Error:
        outside, lines = mended(outside, folder)
        if lines is None:
            raise
        rows = rows_of(outside, connection)
        good, absent, misfits = counted(connection, rows)
    return rows, TableContents(rows=good, absent=absent, misfits=(*([lines] if lines else []), *misfits))


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


def current(view: View) -> list[Import]:
    """The imports whose attempts count: of several files about one subject, the run made last, then known last."""
    latest: dict[tuple[str, str], Import] = {}
    for one in view.all(Import):
        kept = latest.get((one.format, one.subject))
        if one.kept and (kept is None or _order(one) >= _order(kept)):
            latest[one.format, one.subject] = one
    return list(latest.values())


def _order(one: Import) -> tuple[str, date]:
    """When the run was made, where its file says so, and when it was known."""
    return str((one.mapping or {}).get("made_at", "")), one.known_at


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
        wanted = pa.table(
            {
                "import_id": pa.array([one.id for one in imports], pa.string()),
                "kept": pa.array([str(store.files.folder / one.kept) for one in imports], pa.string()),
                "rank": pa.array(_ranks(imports), pa.int64()),
            }
        )
        known = pa.table(
            {"name": pa.array(list(called), pa.string()), "id": pa.array(list(called.values()), pa.string())}
        )
        connection.register("wanted", wanted)
        connection.register("called", known)
        if files:
            whole = _once(connection, store.engine.table_of_attempts, files)
        else:
            columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items())
            whole = f"SELECT {columns}, '' AS import_id WHERE false"
        connection.execute(f"CREATE TEMP VIEW attempts AS {whole}")
        yield connection
    except duckdb.Error as error:
        raise StoreError(f"the attempts cannot be read: {str(error).splitlines()[0][:300]}") from error
    finally:
        connection.close()


def _ranks(imports: Sequence[Import]) -> list[int]:
    """The order of imports by the day they were known, later ones above."""
    order = sorted(range(len(imports)), key=lambda place: (*_order(imports[place]), place))
    return [rank for _, rank in sorted(zip(order, range(len(order)), strict=True))]


def _once(connection: duckdb.DuckDBPyConnection, lake: str, files: Sequence[Path]) -> str:
    """The SELECT of every attempt that counts, under its system's id; one that two imports hold counts once.

    Attempts are the same when their source gave them the same id, as a run and its retry do.
    """
    listed = ", ".join(literal(str(file)) for file in files)
    source = lake or f"read_parquet([{listed}], union_by_name = true, filename = true)"
    there = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    picks = ", ".join(
        (f"coalesce(a.{name}, '')" if name in there else "''") + f" AS {name}"
        if name in ADDED
        else "coalesce(c.id, a.system) AS system"
        if name == "system"
        else f"a.{name}"
        for name in COLUMNS
    )
    at = "" if lake else " AND w.kept = a.filename"  # an import that was read anew lies in two files
    joined = (
        f"SELECT {picks}, a.import_id, w.rank FROM {source} a JOIN wanted w ON w.import_id = a.import_id{at} "
        "LEFT JOIN called c ON c.name = lower(trim(a.system))"
    )
    if "sample" not in there:
        return f"SELECT * EXCLUDE (rank) FROM ({joined})"
    return (
        f"SELECT * EXCLUDE (rank) FROM ({joined}) WHERE sample = '' UNION ALL "
        f"SELECT * EXCLUDE (rank) FROM ({joined}) WHERE sample <> '' "
        "QUALIFY row_number() OVER (PARTITION BY sample, scorer ORDER BY rank DESC) = 1"
    )


def export(
    store: Store, view: View, out: Path, format: str, *, names: Mapping[str, str] | None = None
) -> int:
    """Write every attempt that counts in `view` to a file (csv, parquet or json lines); how many there were."""
    options = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet", "json": "FORMAT json"}[format]
    with _opened(store, view, names) as connection:
        source = _harmless(connection) if format == "csv" else "attempts"
        done = connection.execute(f"COPY {source} TO {literal(str(out))} ({options})").fetchone()
    return int(done[0]) if done else 0


def _harmless(connection: duckdb.DuckDBPyConnection) -> str:
    """The attempts with an apostrophe before every text that a spreadsheet would run as a formula."""
    risky = " OR ".join(f"starts_with(ltrim(x, ' '), {literal(one)})" for one in RISKY)
    connection.execute(
        f"CREATE OR REPLACE TEMP MACRO quoted(x) AS CASE WHEN {risky} THEN chr(39) || x ELSE x END"
    )
    rows = connection.execute("DESCRIBE SELECT * FROM attempts").fetchall()
    texts = ", ".join(f"quoted({name}) AS {name}" for name, kind, *_ in rows if kind == "VARCHAR")
    return f"(SELECT * REPLACE ({texts}) FROM attempts)"


def adopt(store: Store, batch: Batch) -> tuple[str, str]:
    """Put a written batch among the store's files: its name there and its sha256."""
    return store.files.adopt(batch.part, ".attempts.parquet")


def workshop(store: Store) -> TemporaryDirectory[str]:
    """A temporary folder on the store's own disk, so that adopting a file is a rename."""
    store.files.folder.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(dir=store.files.folder, prefix=".import-")
