"""Any table (CSV, Parquet, XLSX, JSON lines), with a mapping file that says which column is what.

The mapping is YAML: `rows: measurements` or `rows: attempts`; `columns: {ours: theirs}`; `constants: {ours: value}`;
for measurements `times: {ours: factor}` and, for series that are not on record yet, `indicators`; for a workbook
`sheet`. docs/imports.md has examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
from pyarrow import parquet

from scorecard.evidence.convert import converter
from scorecard.evidence.importers._archive import BROKEN, opened
from scorecard.evidence.importers._gather import Gather, empty, gathered, number
from scorecard.evidence.importers._importer import Imported, Importer
from scorecard.evidence.importers._reading import (
    MOST_YAML,
    from_yaml,
    lines_of_json,
    mapping,
    rows_of_csv,
    text,
    whole,
)  # fmt: skip
from scorecard.evidence.tables import Fault, Row, say
from scorecard.records import Indicator, Measurement
from scorecard.store.attempts import Outside
from scorecard.store.bulk import COLUMNS

FORMATS = {".csv": "csv", ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}
MOST_ROWS = 1_000_000  # measurements; attempts have no such bound
# What openpyxl, which checks little, raises on a damaged workbook.
UNWELL = (
    *BROKEN,
    KeyError,
    TypeError,
    AttributeError,
    SyntaxError,
    IndexError,
    AssertionError,
    OverflowError,
)
_PARTS = {"rows", "columns", "constants", "times", "indicators", "sheet"}
_INDICATOR = converter(Indicator)


def load_mapping(path: Path) -> dict[str, Any]:
    """A mapping file, checked; raises Unreadable with what is wrong in it."""
    given = mapping(
        from_yaml(text(path, MOST_YAML), path.name), path.name, "a mapping: rows, columns, constants"
    )
    return checked(given, path.name)


def checked(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A mapping whose parts and fields are known ones."""
    if unknown := sorted(set(given) - _PARTS):
        raise whole(name, f"the part {unknown[0]!r}", f"one of {', '.join(sorted(_PARTS))}")
    rows = given.get("rows")
    if rows not in ("measurements", "attempts"):
        raise whole(name, f"rows: {say(rows)}", "rows: measurements, or rows: attempts")
    known = set(COLUMNS) if rows == "attempts" else {field.name for field in fields(Measurement)}
    for part in ("columns", "constants", "times"):
        inner = mapping(given.get(part) or {}, name, f"{part}, each a field of ours with its value")
        if unknown := sorted(set(map(str, inner)) - known):
            raise whole(name, f"{part}: {unknown[0]}", f"one of {', '.join(sorted(known))}")
        if part == "columns" and not all(isinstance(value, str) for value in inner.values()):
            raise whole(name, "a column that is not text", "the name of a column")
        if part == "times" and any(number(value) is None for value in inner.values()):
            raise whole(name, "a factor that is not a number", "a number")
        if part == "constants" and any(isinstance(value, dict | list) for value in inner.values()):
            raise whole(name, "a constant with parts", "text, a number, true or false")
    return dict(given)


def mapped(given: Mapping[str, Any]) -> Importer:
    """The generic importer with a mapping."""
    return replace(IMPORTER, read=partial(_read_mapped, given=given))


def preview(
    path: Path, given: Mapping[str, Any], *, known_at: date, source: str, rows: int = 10
) -> list[dict[str, Any]]:
    """The first rows as they would be stored, or as they are when a field misses: what a person checks first."""
    imported = _read_mapped(path, known_at=known_at, source=source, given=given)
    shown: list[dict[str, Any]] = [
        {
            name: getattr(entry.record, name)
            for name in ("indicator", "system", "observed_on", "value", "low", "high")
        }
        for entry in imported.entries
        if isinstance(entry.record, Measurement)
    ]
    return shown[:rows]


def _read_mapped(path: Path, *, known_at: date, source: str, given: Mapping[str, Any]) -> Imported:
    return gathered(partial(_take, given=given))(path, known_at=known_at, source=source)


def _take(gather: Gather, path: Path, *, given: Mapping[str, Any]) -> Imported:
    given = checked(given, "the mapping")
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        raise whole(path.name, f"the ending {path.suffix!r}", ", ".join(FORMATS))
    columns, constants = given.get("columns") or {}, given.get("constants") or {}
    if given["rows"] == "attempts":
        if format == "xlsx":
            raise whole(path.name, "a workbook of attempts", "CSV, Parquet or JSON lines")
        return gather.done(
            f"generic {path.name}", Outside(path=path, format=format, columns=columns, constants=constants)
        )
    for number_, item in enumerate(given.get("indicators") or [], start=1):
        _declare(gather, item, number_)
    times = {name: float(value) for name, value in (given.get("times") or {}).items()}
    for line, row in _rows(path, format, given.get("sheet")):
        if isinstance(row, Fault):
            gather.fault(row)
            continue
        if absent := [column for column in columns.values() if column not in row]:
            gather.refuse(line, absent[0], "no such column", f"one of {', '.join(map(str, row))[:200]}")
            continue
        cells = {**constants, **{name: _plain(row[column]) for name, column in columns.items()}}
        for name, factor in times.items():
            if (value := number(cells.get(name))) is not None:
                cells[name] = value * factor
        gather.system(cells.get("system"))
        gather.measurement(line, **{str(name): value for name, value in cells.items() if not empty(value)})
    return gather.done(f"generic {path.name}")


def _declare(gather: Gather, item: Any, place: int) -> None:
    if not isinstance(item, dict):
        gather.refuse(f"indicator {place}", "", item, "an indicator's fields")
        return
    row = Row(gather.file, f"indicator {place}", {
        "role": "imported", "source": gather.source, "grade": gather.grade, "known_at": gather.vintage, **item,
    })  # fmt: skip
    record = _INDICATOR(row)
    if isinstance(record, list):
        for fault in record:
            gather.fault(fault)
        return
    kept = {field.name: getattr(record, field.name) for field in fields(Indicator)}
    taken = ("id", "source", "grade", "known_at")
    gather.indicator(record.id, **{name: value for name, value in kept.items() if name not in taken})


def _plain(cell: Any) -> Any:
    """A cell as text or number: days as ISO text, times cut to their day."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def _rows(path: Path, format: str, sheet: Any) -> Iterator[tuple[int, Mapping[str, Any] | Fault]]:
    rows: Iterator[tuple[int, Mapping[str, Any] | Fault]]
    match format:
        case "csv":
            rows = cast("Iterator[tuple[int, Mapping[str, Any] | Fault]]", rows_of_csv(path)[1])
        case "jsonl":
            rows = cast("Iterator[tuple[int, Mapping[str, Any] | Fault]]", lines_of_json(path))
        case "parquet":
            rows = _parquet(path)
        case _:
            rows = _workbook(path, sheet)
    yield from islice(rows, MOST_ROWS)


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        with parquet.ParquetFile(path) as file:
            place = 0
            for batch in file.iter_batches(batch_size=8192):
                for row in batch.to_pylist():
                    place += 1
                    yield place, row
    except (pa.ArrowException, OSError, ValueError) as error:
        raise whole(path.name, str(error).splitlines()[0][:120], "a whole Parquet file") from None


def _workbook(path: Path, sheet: Any) -> Iterator[tuple[int, Mapping[str, Any] | Fault]]:
    with opened(path) as archive:  # refuses bombs and odd paths before anything is read
        if "xl/workbook.xml" not in archive:
            raise whole(path.name, "no workbook inside", "an .xlsx workbook")
        for member in archive.names(""):
            if member.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(member)[:4096]:
                raise whole(
                    path.name, f"a document type in {member}", "a workbook as spreadsheet programs write it"
                )
    from openpyxl import load_workbook  # takes half a second to import

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except UNWELL as error:
        raise whole(path.name, str(error)[:120] or type(error).__name__, "a whole workbook") from None
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise whole(path.name, f"no sheet {sheet!r}", f"one of {', '.join(book.sheetnames)[:200]}")
        rows = (book[sheet] if sheet is not None else book.worksheets[0]).iter_rows(values_only=True)
        header = [str(cell) for cell in next(rows, ()) if cell is not None]
        if not header:
            raise whole(path.name, "no header", "column names in the first row")
        for place, cells in enumerate(rows, start=2):
            if any(cell is not None for cell in cells):
                yield place, dict(zip(header, cells, strict=False))
    except UNWELL as error:
        raise whole(path.name, str(error)[:120] or type(error).__name__, "a whole workbook") from None
    finally:
        book.close()


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    """A mapping named like the file (`results.csv`, `results.mapping.yaml`) is used when none is given."""
    beside = path.with_suffix(".mapping.yaml")
    if not beside.is_file():
        raise whole(
            path.name, "no mapping", f"--mapping FILE, or {beside.name} beside it: which column is what"
        )
    return _take(gather, path, given=load_mapping(beside))


def _recognise(path: Path, _head: bytes) -> bool:
    return path.suffix.lower() in FORMATS and path.with_suffix(".mapping.yaml").is_file()


IMPORTER = Importer(
    name="generic", version="1", at_release=False,
    title="Any table, with a mapping file: CSV, Parquet, XLSX, JSON lines",
    recognise=_recognise, read=_read,
)  # fmt: skip
