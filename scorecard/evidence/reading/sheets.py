"""One reader for tables of text and workbooks: cells keep their places, the header is found, names must be clear."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.archive import BROKEN, opened
from scorecard.evidence.reading.bounded import content, whole
from scorecard.evidence.reading.office import SEPARATORS, Writing
from scorecard.evidence.tables import Fault, Unreadable

TITLES = 30  # rows above the header that may be titles
SAMPLE = 64 * 1024  # characters in which the separator is looked for
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

type Cells = Sequence[Any]
type TableRow = tuple[int, Mapping[str, Any] | Fault]


@dataclass(frozen=True, slots=True)
class Text:
    """A table of text: decoded, with its separator known."""

    text: str
    separator: str
    encoding: str


def table_text(path: Path, writing: Writing) -> Text:
    """A table's text in its encoding, with the separator that its first lines agree on; Unreadable when it has none."""
    got = content(path)
    encoding = writing.encoding or _encoding(got)
    try:
        text = got.decode("utf-8-sig" if encoding == "utf-8" else encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        expected = (
            f"{encoding} text; if it is another encoding, add `writing: {{encoding: cp1252}}` to the mapping"
        )
        raise Unreadable(
            Fault(path.name, line, "", f"bytes that are not {encoding.upper()}", expected)
        ) from None
    return Text(text, separator_of(text, path, writing), encoding)


def separator_of(text: str, path: Path, writing: Writing) -> str:
    """The separator of a table: the mapping's, the ending's, or the one that its lines agree on."""
    named = writing.separator or ("tab" if path.suffix.lower() in (".tsv", ".tab") else None)
    return SEPARATORS[named] if named else _separator(text)


def _encoding(got: bytes) -> str:
    """UTF-8, or UTF-16 by its mark or by the zeros between its letters."""
    if got[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = got[:1000]
    if len(head) > 3 and head[1::2].count(0) > len(head) / 3:
        return "utf-16-le"
    return "utf-16-be" if len(head) > 3 and head[0::2].count(0) > len(head) / 3 else "utf-8"


def _separator(text: str) -> str:
    """The separator that splits most lines into the same number of cells, at least two; a comma when none does."""
    best, most = ",", 0.0
    for separator in (",", ";", "\t", "|"):
        reader = csv.reader(io.StringIO(text[:SAMPLE], newline=""), delimiter=separator)
        try:
            widths = [len(cells) for cells in islice(reader, 50) if cells]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=0)
        score = usual * widths.count(usual) / max(len(widths), 1) if usual > 1 else 0.0
        if score > most:
            best, most = separator, score
    return best


def text_rows(path: Path, writing: Writing, wanted: Collection[str]) -> Iterator[TableRow]:
    """Line number and named cells of each row of a table of text; `#` lines above the header are comments."""
    read = table_text(path, writing)
    return _named(_lines(path, read), wanted, path.name, writing.header, ragged=False)


def _lines(path: Path, read: Text) -> Iterator[tuple[int, Cells | Fault]]:
    reader = csv.reader(io.StringIO(read.text, newline=""), delimiter=read.separator, strict=True)
    begun = False
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Fault(path.name, line, "", str(error), "closed quotes and whole rows")
            return
        if not cells or (not begun and cells[0].startswith("#")):
            continue
        begun = True
        yield line, cells


def workbook_rows(path: Path, sheet: Any, writing: Writing, wanted: Collection[str]) -> Iterator[TableRow]:
    """Row number and named cells of each row of a sheet: the first one unless the mapping names another."""
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
        rows = (book[sheet] if sheet is not None else book.worksheets[0]).iter_rows()
        places = ((place, [_shown(cell) for cell in cells]) for place, cells in enumerate(rows, start=1))
        filled = ((place, cells) for place, cells in places if any(cell not in (None, "") for cell in cells))
        yield from _named(filled, wanted, path.name, writing.header, ragged=True)
    except UNWELL as error:
        raise whole(path.name, str(error)[:120] or type(error).__name__, "a whole workbook") from None
    finally:
        book.close()


def _shown(cell: Any) -> Any:
    """A cell's value; a number that the sheet shows as per cent carries its sign."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return f"{100 * value:.12g} %"
    return value


def _named(
    rows: Iterator[tuple[int, Any]], wanted: Collection[str], name: str, at: int | None, *, ragged: bool
) -> Iterator[TableRow]:
    """Rows under the names of their columns: blank names keep their place, and a name that is meant stands once."""
    header: list[str] | None = None
    above: list[list[str]] = []
    waiting: list[tuple[int, Any]] = []
    for place, cells in rows:
        if header is None:
            if isinstance(cells, Fault):
                waiting.append((place, cells))
                continue
            names = [_text(cell) for cell in cells]
            # Titles may stand above the header; it is the first row with every column that the mapping names.
            if (at is not None and place >= at) or (at is None and set(wanted) <= set(names)):
                header = _clear(names, wanted, name)
                continue
            above.append(names)
            if len(above) >= TITLES or at is not None:
                break
            continue
        yield from waiting
        waiting = []
        yield place, _row(cells, header, name, place, ragged=ragged)
    if header is None:
        _no_header(above, wanted, name)
    yield from waiting


def _no_header(above: list[list[str]], wanted: Collection[str], name: str) -> None:
    first = max(above, key=lambda names: sum(map(bool, names)), default=[])
    missing = sorted(set(wanted) - set(first))
    found = f"no such column ({', '.join(missing[:5])})" if first else "no header"
    raise whole(
        name, found, f"one of {', '.join(one for one in first if one)[:200]}" if first else "column names"
    )


def _clear(names: list[str], wanted: Collection[str], name: str) -> list[str]:
    if twice := sorted({one for one in wanted if names.count(one) > 1}):
        raise whole(name, f"the column {twice[0]!r} more than once", "each column of the mapping once")
    return names


def _row(cells: Any, header: list[str], name: str, place: int, *, ragged: bool) -> Mapping[str, Any] | Fault:
    if isinstance(cells, Fault):
        return cells
    if not ragged and len(cells) != len(header):
        expected = f"{len(header)} as in the header; the row may be cut off"
        return Fault(name, place, "", f"{len(cells)} cells", expected)
    return {column: cell for column, cell in zip(header, cells, strict=False) if column}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell).strip()
