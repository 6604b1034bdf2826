"""Attempts of a table with a mapping: plain files go to DuckDB as they are, all others are read row by row here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from scorecard.evidence.importers.generic.mapping import TableMapping
from scorecard.evidence.reading.gather import Gather, day_of, empty, nothing, number
from scorecard.evidence.reading.office import Percentage, Unclear, cell_day, learned, number_of
from scorecard.evidence.reading.scores import score_of, table, whole_number
from scorecard.evidence.reading.sheets import TableRow, separator_of
from scorecard.evidence.tables import Fault, Unreadable
from scorecard.store import StoreError
from scorecard.store.outside import RIGHT, WRONG, Outside, bounded

SAMPLE = 1024 * 1024  # bytes of a text file that are looked at before it is handed over
NUMBERS = ("score", "human_minutes", "weight", "runs", "epoch")


def attempts_of(
    gather: Gather, path: Path, format: str, mapping: TableMapping, rows: Callable[[], Iterator[TableRow]]
) -> pa.Table | Outside:
    """The attempts of a file; DuckDB's where it can read the file as it stands, at any size."""
    separator = _plain(path, mapping) if format == "csv" else ","
    if format == "parquet":
        try:
            bounded(path)
        except StoreError as error:
            raise Unreadable(Fault(path.name, 0, "", str(error), "a Parquet file of ordinary size")) from None
    nested = any("." in column or "[" in column for column in mapping.columns.values())
    if format == "parquet" or (format == "jsonl" and not nested) or (format == "csv" and separator):
        return Outside(
            path=path,
            format=format,
            columns=mapping.columns,
            constants=mapping.constants,
            separator=separator or ",",
        )
    return table(_attempts(gather, mapping, rows))


def _plain(path: Path, mapping: TableMapping) -> str | None:
    """The separator of a table that DuckDB can read as it is: UTF-8, its header on top, numbers and days as in SQL."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    writing = mapping.writing
    if any((writing.encoding not in (None, "utf-8"), writing.header, writing.decimal == ",", writing.dates)):
        return None
    try:
        text = head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    separator = separator_of(text, path, writing)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [name.strip() for name in next(lines, [])]
        if any(header.count(column) != 1 for column in mapping.columns.values()):
            return None
        at = {name: header.index(column) for name, column in mapping.columns.items()}
        for row in lines:
            cells = {name: row[place] for name, place in at.items() if place < len(row)}
            if any("," in cells.get(name, "") or "%" in cells.get(name, "") for name in NUMBERS):
                return None
            day = cells.get("on_day", "").strip()
            if day and day_of(day) is None:
                return None
    except csv.Error:
        return None  # row by row it is told which line is broken
    return separator


def _attempts(
    gather: Gather, mapping: TableMapping, rows: Callable[[], Iterator[TableRow]]
) -> Iterator[dict[str, Any]]:
    numbers, days = [], []
    for _, row in rows():
        if not isinstance(row, Fault):
            numbers += [row.get(mapping.columns[name]) for name in NUMBERS if name in mapping.columns]
            days += [row.get(mapping.columns[name]) for name in ("on_day",) if name in mapping.columns]
    mapping = replace(mapping, writing=learned(mapping.writing, numbers, days))
    for place, row in rows():
        if isinstance(row, Fault):
            gather.fault(row)
        elif (attempt := _attempt(gather, place, row, mapping)) is not None:
            yield attempt


def _attempt(gather: Gather, place: int, row: Any, mapping: TableMapping) -> dict[str, Any] | None:
    """One row as an attempt; None when it has no score, or something in it is not what it should be."""
    raw = {name: row.get(column) for name, column in mapping.columns.items()}
    if all(map(empty, raw.values())):
        gather.absent("blank")
        return None
    cells: dict[str, Any] = {**mapping.constants}
    for name, cell in raw.items():
        try:
            cells[name] = number_of(cell, mapping.writing) if name in NUMBERS else cell
            if name == "on_day":
                cells[name] = cell_day(cell, mapping.writing)
        except Unclear as unclear:
            gather.refuse(place, mapping.columns[name], cell, str(unclear))
            return None
    if nothing(cells.get("score")):
        gather.absent("without a score")
        return None
    attempt, wrong = _checked(cells)
    for name, expected in wrong:
        gather.refuse(place, mapping.columns.get(name, name), raw.get(name, cells.get(name)), expected)
    return None if wrong else attempt


def _checked(cells: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """An attempt's fields as the store has them, and what is not as it should be."""
    attempt = {name: cell for name, cell in cells.items() if not empty(cell)}
    wrong = [
        (name, what)
        for name, what in (("system", "the system's name"), ("task", "the task's id"))
        if empty(cells.get(name))
    ]
    attempt["score"] = _score(cells["score"])
    if attempt["score"] is None:
        wrong.append(("score", "a number between 0 and 1"))
    for name in ("runs", "epoch"):
        if name in attempt and (found := whole_number(attempt[name])) is None:
            wrong.append((name, "a whole number above 0"))
        elif name in attempt:
            attempt[name] = found
    for name in ("human_minutes", "weight"):
        if name in attempt and nothing(attempt[name]):
            attempt.pop(name)
        elif name in attempt:
            attempt[name] = number(attempt[name])
            if attempt[name] is None or attempt[name] <= 0:
                wrong.append((name, "a number above 0"))
    if "on_day" in attempt:
        attempt["on_day"] = day_of(attempt["on_day"])
        if attempt["on_day"] is None:
            wrong.append(("on_day", "a date as 2026-01-31"))
    return attempt, wrong


def _score(cell: Any) -> float | None:
    if isinstance(cell, Percentage):
        cell = cell.number / 100
    word = cell.strip().lower() if isinstance(cell, str) else ""
    if word in RIGHT or word in WRONG:
        return float(word in RIGHT)
    return score_of(cell)
