"""Any table (CSV, TSV, Parquet, XLSX, JSON, JSON lines), with a mapping file that says which column is what.

The mapping is YAML: `rows: measurements` or `rows: attempts`; `columns: {ours: theirs}`; `constants: {ours: value}`;
for measurements `times: {ours: factor}` and, for series that are not on record yet, `indicators`; for a workbook
`sheet`; for JSON `items`; how it is written in `writing`. docs/imports.md has examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from scorecard.evidence.convert import converter
from scorecard.evidence.importers.generic.bulk import attempts_of
from scorecard.evidence.importers.generic.mapping import TableMapping, checked_mapping, load_mapping
from scorecard.evidence.importers.generic.nested import at, items, steps
from scorecard.evidence.reading.bounded import lines_of_json, parsed, text, whole
from scorecard.evidence.reading.gather import Gather, empty, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.office import Percentage, Unclear, cell_day, learned, number_of
from scorecard.evidence.reading.sheets import TableRow, text_rows, workbook_rows
from scorecard.evidence.tables import Fault, Row, Unreadable
from scorecard.records import Indicator, Measurement
from scorecard.store import StoreError
from scorecard.store.outside import bounded

__all__ = ["FORMATS", "IMPORTER", "load_mapping", "mapped", "preview"]

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".xlsx": "xlsx",
}
MOST_ROWS = 1_000_000  # measurements; attempts have a bound of their own
NUMBERS, DAYS = ("value", "low", "high", "interval", "n"), ("observed_on", "known_at")
SCALED = ("value", "low", "high")
_INDICATOR = converter(Indicator)


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
    table = checked_mapping(given, "the mapping")
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        raise whole(path.name, f"the ending {path.suffix!r}", ", ".join(FORMATS))
    if table.rows == "attempts":
        return gather.done(
            f"generic {path.name}",
            attempts_of(gather, path, format, table, partial(_rows, path, format, table)),
        )
    for place, item in enumerate(table.indicators, start=1):
        _declare(gather, item, place)
    table = _settled(path, format, table)
    for place, row in _rows(path, format, table):
        if isinstance(row, Fault):
            gather.fault(row)
        else:
            _measure(gather, place, row, table)
    return gather.done(f"generic {path.name}")


def _settled(path: Path, format: str, table: TableMapping) -> TableMapping:
    """The mapping with what a first reading of the file settles: how it is written, and that it has every column."""
    there: set[str] = set()
    cells: dict[str, list[Any]] = {name: [] for name in (*NUMBERS, *DAYS) if name in table.columns}
    written = format in ("csv", "xlsx")
    names: list[str] = []
    for _, row in _rows(path, format, table):
        if isinstance(row, Fault):
            continue
        there |= row.keys()
        names = names or list(map(str, row))
        for name in cells if written else ():
            cells[name].append(row.get(table.columns[name]))
    if names and (absent := [column for column in table.columns.values() if column not in there]):
        raise whole(path.name, f"no such column ({absent[0]})", f"one of {', '.join(names)[:200]}")
    numbers = (cell for name in NUMBERS for cell in cells.get(name, ()))
    days = (cell for name in DAYS for cell in cells.get(name, ()))
    return replace(table, writing=learned(table.writing, numbers, days))


def _measure(gather: Gather, place: int, row: Mapping[str, Any], table: TableMapping) -> None:
    """One row as a measurement; blank rows say nothing."""
    raw = {name: row.get(column) for name, column in table.columns.items()}
    if all(map(empty, raw.values())):
        gather.absent("blank")
        return
    cells: dict[str, Any] = {**table.constants}
    for name, cell in raw.items():
        try:
            cells[name] = _cell(name, cell, table, cells)
        except Unclear as unclear:
            gather.refuse(place, table.columns[name], cell, str(unclear))
            return
    for name, factor in table.times.items():
        if (value := number(cells.get(name))) is not None:
            cells[name] = value * factor
    gather.system(cells.get("system"))
    kept = {str(name): value for name, value in cells.items() if name == "value" or not empty(value)}
    gather.measurement(place, **kept)


def _cell(name: str, cell: Any, table: TableMapping, cells: Mapping[str, Any]) -> Any:
    """A cell as text or number: days as ISO text, per cent as its field has it."""
    if name in NUMBERS:
        value = number_of(cell, table.writing)
        return _percent(name, value, table, cells) if isinstance(value, Percentage) else value
    return cell_day(cell, table.writing) if name in DAYS or isinstance(cell, date) else cell


def _percent(name: str, percent: Percentage, table: TableMapping, cells: Mapping[str, Any]) -> float:
    """42 % as 42 where a factor follows or the series counts in per cent, as 0.42 where it counts in shares."""
    if name == "interval":
        return percent.number / 100
    if name in SCALED and name in table.times:
        return percent.number
    declared = next(
        (
            one
            for one in table.indicators
            if isinstance(one, dict) and one.get("id") == cells.get("indicator")
        ),
        {},
    )
    upper = number(declared.get("upper"))
    kept = table.writing.percent or {1.0: "share", 100.0: "number"}.get(upper or 0.0)
    if kept is None:
        raise Unclear(
            f"{percent.number:g} % may be stored as {percent.number / 100:g} or {percent.number:g}: add `writing: "
            "{percent: share}` or `writing: {percent: number}` to the mapping"
        )
    return percent.number / 100 if kept == "share" else percent.number


def _declare(gather: Gather, item: Any, place: int) -> None:
    if not isinstance(item, dict):
        gather.refuse(f"indicator {place}", "", item, "an indicator's fields")
        return
    row = Row(
        gather.file,
        f"indicator {place}",
        {
            "role": "imported",
            "source": gather.source,
            "grade": gather.grade,
            "known_at": gather.vintage,
            **item,
        },
    )
    record = _INDICATOR(row)
    if isinstance(record, list):
        for fault in record:
            gather.fault(fault)
        return
    kept = {field.name: getattr(record, field.name) for field in fields(Indicator)}
    taken = ("id", "source", "grade", "known_at")
    gather.indicator(record.id, **{name: value for name, value in kept.items() if name not in taken})


def _rows(path: Path, format: str, table: TableMapping) -> Iterator[TableRow]:
    """Place and cells of each row, whatever the format; more than MOST_ROWS are refused, never cut off."""
    wanted = list(table.columns.values())
    rows: Iterator[TableRow]
    match format:
        case "csv":
            rows = text_rows(path, table.writing, wanted)
        case "xlsx":
            rows = workbook_rows(path, table.sheet, table.writing, wanted)
        case "jsonl":
            rows = _reached(lines_of_json(path), wanted)
        case "json":
            listed = items(parsed(text(path), path.name), table.items, path.name)
            rows = _reached(enumerate(listed, start=1), wanted)
        case _:
            rows = _reached(_parquet(path), wanted)
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise whole(path.name, f"more than {MOST_ROWS:,} rows", f"at most {MOST_ROWS:,}; split the file")
        yield row


def _reached(rows: Iterator[tuple[int, Any]], wanted: list[str]) -> Iterator[TableRow]:
    """Rows with what stands at each wanted path, where it is no plain column."""
    paths: dict[str, Any] = {}
    for place, row in rows:
        if isinstance(row, Fault):
            yield place, row
            continue
        reached = dict(row)
        for column in wanted:
            if column not in reached:
                if column not in paths:
                    paths[column] = steps(column, "the mapping")
                if (found := at(row, paths[column])) is not None or len(paths[column]) > 1:
                    reached[column] = found
        yield place, reached


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        bounded(path, MOST_ROWS)
        with parquet.ParquetFile(path) as file:
            place = 0
            for batch in file.iter_batches(batch_size=8192):
                for row in batch.to_pylist():
                    place += 1
                    yield place, row
    except StoreError as error:
        raise Unreadable(Fault(path.name, 0, "", str(error), "a Parquet file of ordinary size")) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise whole(path.name, str(error).splitlines()[0][:120], "a whole Parquet file") from None


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    """A mapping named like the file (`results.csv`, `results.mapping.yaml`) is used when none is given."""
    beside = path.with_suffix(".mapping.yaml")
    if not beside.is_file():
        raise whole(
            path.name, "no mapping", f"--mapping FILE, or {beside.name} beside it: which column is what"
        )
    return _take(gather, path, given=load_mapping(beside))


def _recognise(path: Path, _seen: Glimpse) -> bool:
    return path.suffix.lower() in FORMATS and path.with_suffix(".mapping.yaml").is_file()


IMPORTER = Importer(
    name="generic",
    version="2",
    at_release=False,
    title="Any table, with a mapping file: CSV, TSV, Parquet, XLSX, JSON, JSON lines",
    recognise=_recognise,
    read=_read,
)
