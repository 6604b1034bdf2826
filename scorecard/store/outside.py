"""Tables of attempts of somebody else's making, read by DuckDB: what each row says, is lacking, or has wrong.

No row passes through Python. A row without a score is absent and counted; one that breaks a rule, or has a cell that is
not what its column needs, is a misfit with its place. A line that cannot be read at all costs that line, not the file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import parquet

from scorecard.store.bulk import COLUMNS, literal
from scorecard.store.errors import StoreError

DEFAULTS: Mapping[str, str] = {
    "benchmark": "''",
    "family": "''",
    "epoch": "1",
    "scorer": "''",
    "runs": "1",
    "weight": "1.0",
    "scaffold": "''",
    "budget": "''",
    "tools": "''",
    "settings": "''",
    "sample": "''",
}
# A fault, where it is, and what should be there; told with a count and the first rows.
RULES: Sequence[tuple[str, str, str]] = (
    ("system", "system IS NULL OR trim(system) = ''", "the name of the system"),
    ("task", "task IS NULL OR task = ''", "the id of the task"),
    ("score", "score IS NULL OR NOT isfinite(score) OR score < 0 OR score > 1", "a number between 0 and 1"),
    ("runs", "runs IS NULL OR runs < 1", "a whole number above 0"),
    ("human_minutes", "human_minutes <= 0 OR NOT isfinite(human_minutes)", "a number above 0, or nothing"),
    ("weight", "weight IS NULL OR NOT isfinite(weight) OR weight <= 0", "a number above 0"),
)
KINDS: Mapping[str, str] = {
    "INTEGER": "a whole number",
    "DOUBLE": "a number",
    "DATE": "a date as 2026-01-31",
}
# How tables write that an attempt has no score, and scores in words; both without regard to case.
NOTHING = ("", "na", "n/a", "nan", "null", "none", "-")
RIGHT = ("true", "yes", "pass", "passed", "correct", "c")
WRONG = ("false", "no", "fail", "failed", "incorrect", "i", "n")
MOST = 50_000_000  # rows of one file
SWOLLEN = 50  # rows for each byte of a Parquet file; what is packed tighter was made to swell
FIRST = 5  # places that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Attempts in a file of somebody else's making: which of its columns is which of ours."""

    path: Path
    format: str
    columns: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    separator: str = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """Rows that one rule refuses: how many, and the places (counted from 1) of the first ones."""

    field: str
    expected: str
    count: int
    places: tuple[int, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The SELECT of a table's rows under our names, with `absent` and the rules that its rows must keep."""

    sql: str
    rules: tuple[
        tuple[str, str, str, str], ...
    ] = ()  # field, what is broken, what is expected, what is shown

    @property
    def broken(self) -> str:
        """The condition under which a row is refused."""
        faults = " OR ".join(f"coalesce(({broken}), false)" for _, broken, _, _ in self.rules)
        return f"NOT absent AND ({faults})"


def given_rows(sql: str) -> Rows:
    """The rows of a table of our own making, which only has to keep the rules."""
    rules = tuple((name, broken, said, f"CAST({name} AS VARCHAR)") for name, broken, said in RULES)
    return Rows(sql=f"SELECT *, false AS absent FROM ({sql})", rules=rules)


def rows_of(outside: Outside, connection: duckdb.DuckDBPyConnection) -> Rows:
    """The rows of a file; StoreError for columns that it does not have and for files that swell."""
    source, there = _source(outside, connection)
    picks, rules = [], list(given_rows("").rules)
    for name, kind in COLUMNS.items():
        column = outside.columns.get(name)
        if column is None:
            constant = literal_of(outside.constants[name]) if name in outside.constants else None
            picks.append(f"CAST({constant or DEFAULTS.get(name, 'NULL')} AS {kind}) AS {name}")
            continue
        if column not in there:
            shown = ", ".join(sorted(there))[:300]
            raise StoreError(f"{outside.path.name} has no column {column!r}; it has {shown}")
        cell = quoted(column)
        value = f"TRY_CAST({cell} AS {kind})"
        if there[column] == "VARCHAR" and kind != "VARCHAR":
            picks.append(f"{cell} AS raw_{name}")
            cell = f"trim({cell})"
            value = f"TRY_CAST({cell} AS {kind})"
            if name == "score":
                value = f"coalesce({value}, {_words(cell)})"
            shown = f"raw_{name}"
            rules = [(n, b, e, shown if n == name else s) for n, b, e, s in rules]
            if kind in KINDS and name not in ("score", "runs", "weight"):
                unread = f"{name} IS NULL AND lower(trim(raw_{name})) NOT IN ({_listed(NOTHING)})"
                rules.append((name, unread, KINDS[kind], shown))
        if name in DEFAULTS and name not in ("runs", "weight"):
            blank = f"({cell}) IS NULL" + (
                f" OR lower({cell}) IN ({_listed(NOTHING)})"
                if there[column] == "VARCHAR" and kind != "VARCHAR"
                else ""
            )
            value = f"CASE WHEN {blank} THEN {DEFAULTS[name]} ELSE {value} END"
        picks.append(f"{value} AS {name}")
    # Not isnan(score): by a Parquet column's statistics DuckDB 2.0.0 takes it for never true.
    absent = "coalesce(NOT (isfinite(score) OR isinf(score)), true)"
    if "score" in outside.columns and there[outside.columns["score"]] == "VARCHAR":
        absent = f"raw_score IS NULL OR lower(trim(raw_score)) IN ({_listed(NOTHING)})"
    if "score" not in outside.columns:
        absent = "false"
    return Rows(
        sql=f"SELECT *, coalesce({absent}, false) AS absent FROM (SELECT {', '.join(picks)} FROM {source})",
        rules=tuple(rules),
    )


def _source(outside: Outside, connection: duckdb.DuckDBPyConnection) -> tuple[str, dict[str, str]]:
    """How DuckDB reads a file, and the types of its columns; text stays text until it is known what it should be."""
    place = literal(str(outside.path))
    match outside.format:
        case "parquet":
            bounded(outside.path)
            source = f"read_parquet({place})"
        case "csv":
            source = (
                f"read_csv({place}, delim = {literal(outside.separator)}, quote = '\"', escape = '\"', header = true, "
                "all_varchar = true, strict_mode = true)"
            )
        case _:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_ndjson({place})").fetchall()
            there = {row[0]: "VARCHAR" for row in described}
            wanted = [name for name in outside.columns.values() if name in there]
            if not wanted:
                return f"read_ndjson({place})", there
            columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in dict.fromkeys(wanted))
            return f"read_ndjson({place}, columns = {{{columns}}})", there
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return source, {row[0]: row[1] for row in described}


def bounded(path: Path, most: int = MOST) -> None:
    """Refuse a Parquet file that has too many rows, or far more than its bytes can mean; StoreError."""
    try:
        rows = parquet.read_metadata(path).num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise StoreError(
            f"{path.name} is no whole Parquet file: {str(error).splitlines()[0][:120]}"
        ) from None
    if rows > most or rows > max(1_000_000, SWOLLEN * path.stat().st_size):
        raise StoreError(
            f"{path.name} holds {rows:,} rows in {path.stat().st_size:,} bytes; at most {most:,} are taken, and no "
            f"more than {SWOLLEN} a byte: split the file, or write it anew"
        )


def counted(
    connection: duckdb.DuckDBPyConnection, rows: Rows, where: str = "true"
) -> tuple[int, int, tuple[Misfits, ...]]:
    """Good rows, absent rows, and what each rule refuses, in one pass; only then are the refused rows looked up."""
    counts = ", ".join(f"count(*) FILTER (NOT absent AND ({broken}))" for _, broken, _, _ in rows.rules)
    sql = f"SELECT count(*), count(*) FILTER (absent), {counts} FROM ({rows.sql}) WHERE {where}"
    total, absent, *found = connection.execute(sql).fetchone() or (0, 0)
    refused = 0
    if any(found):
        refusing = f"SELECT count(*) FROM ({rows.sql}) WHERE {where} AND {rows.broken}"
        (refused,) = connection.execute(refusing).fetchone() or (0,)
    misfits = []
    for (name, broken, expected, shown), count in zip(rows.rules, found, strict=True):
        if not count:
            continue
        listed = connection.execute(
            f"SELECT place, {shown} FROM (SELECT *, row_number() OVER () AS place FROM ({rows.sql}) WHERE {where}) "
            f"WHERE NOT absent AND ({broken}) ORDER BY place LIMIT {FIRST}"
        ).fetchall()
        places, values = zip(*listed, strict=True)
        told = tuple("nothing" if value is None else str(value)[:60] for value in values)
        misfits.append(Misfits(field=name, expected=expected, count=count, places=places, found=told))
    return total - absent - refused, absent, tuple(misfits)


def mended(outside: Outside, folder: Path) -> tuple[Outside, Misfits | None]:
    """A text file without the lines that cannot be read, written below `folder`, and those lines by their places."""
    if outside.format == "parquet":
        return outside, None
    target = folder / f"mended-{outside.path.name}"
    bad: list[tuple[int, str]] = []
    count = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        for place, line, fault in _lines(outside):
            if fault is None:
                out.write(line)
                continue
            count += 1
            if len(bad) < FIRST:
                bad.append((place, f"{line.strip()[:60]} ({fault})"))
    if not count:
        return outside, None
    places, found = zip(*bad, strict=True)
    what = "one whole JSON object a line" if outside.format == "jsonl" else "as many cells as the header"
    misfits = Misfits(field="line", expected=what, count=count, places=places, found=found)
    return replace(outside, path=target), misfits


def _lines(outside: Outside) -> Iterator[tuple[int, str, str | None]]:
    """Number, text and fault of each line; blank ones are left out."""
    with outside.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        if outside.format == "jsonl":
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line if line.endswith("\n") else f"{line}\n", _json_fault(line)
            return
        width = 0
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            cells = next(csv.reader([line], delimiter=outside.separator), [])
            width = width or len(cells)
            yield number, line, None if len(cells) == width else f"{len(cells)} cells of {width}"


def _json_fault(line: str) -> str | None:
    try:
        return None if isinstance(json.loads(line), dict) else "no object"
    except (ValueError, RecursionError) as error:
        return error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__


def _words(cell: str) -> str:
    right, wrong = _listed(RIGHT), _listed(WRONG)
    return f"CASE WHEN lower({cell}) IN ({right}) THEN 1.0 WHEN lower({cell}) IN ({wrong}) THEN 0.0 END"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(literal, words))


def quoted(name: str) -> str:
    """A column's name as SQL writes it down."""
    return '"' + name.replace('"', '""') + '"'


def literal_of(value: Any) -> str:
    """A constant as SQL writes it down."""
    return repr(value) if isinstance(value, bool | int | float) else literal(str(value))
