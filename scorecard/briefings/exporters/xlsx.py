"""XLSX: typed cells, one sheet a table, a sheet of sources; no text can become a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from math import ceil
from textwrap import wrap

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scorecard.briefings.content.briefing import Briefing, Cell, Column, ColumnKind, Said, Table
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.parts import (
    KEYS,
    field_keys,
    head,
    labelled,
    scorecard_table,
    sections,
    subtitle,
)
from scorecard.briefings.layout.spreadsheets import fitting

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
NUMBERS = {"chance": "0.0%", "date": "yyyy-mm-dd", "count": "0", "number": "General"}
WIDTHS: dict[ColumnKind, int] = {
    "text": 28,
    "number": 12,
    "chance": 12,
    "date": 12,
    "count": 10,
    "keys": 14,
    "yes": 8,
}


LINES, WIDEST = 5, 80  # lines that a column of text is made wide enough for, and the widest, characters
PAGE = 260  # characters of columns that an A4 page in landscape shows in letters that can be read
LINE, TALLEST = 15, 405  # points: a line of text, and the tallest row that a workbook may have


class _Book:
    """A workbook with the few formats it needs."""

    def __init__(self, briefing: Briefing) -> None:
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, OPTIONS)
        # The file carries the day it stands for, never the clock, so that two exports are the same bytes.
        made = datetime.combine(briefing.as_of, time(), tzinfo=UTC).replace(tzinfo=None)
        self.book.set_properties(
            {
                "title": briefing.title,
                "subject": subtitle(briefing),
                "comments": briefing.hash,
                "created": made,
            }
        )
        self.heading = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.big = self.book.add_format({"bold": True, "font_size": 14})
        # A quote prefix keeps text a text even when somebody edits the cell and presses Enter.
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.formats: dict[str, Format] = {
            kind: self.book.add_format({"num_format": number, "valign": "top"})
            for kind, number in NUMBERS.items()
        }

    def sheet(self, name: str, width: int) -> Worksheet:
        """A sheet whose columns are `width` characters wide together, which is printed on as few pages as show them."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(ceil(width / PAGE), 0)  # so many pages wide, and as many long as it takes
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def done(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def render(briefing: Briefing) -> bytes:
    """The briefing as a workbook: summary, scorecard, the annex's tables, duties, what is withheld, sources."""
    book = _Book(briefing)
    _summary(book, briefing)
    for table in (scorecard_table(briefing), *briefing.tables, *_lists(briefing)):
        _table(book, table)
    return book.done()


def _summary(book: _Book, briefing: Briefing) -> None:
    sheet = book.sheet("Summary", 150)
    sheet.set_column(0, 0, 110)
    sheet.set_column(1, 1, 40)
    _text(sheet, 0, 0, briefing.title, book.big)
    _text(sheet, 1, 0, f"{subtitle(briefing)} · {briefing.hash}", book.wrapped)
    row = 3
    for heading, said in (("Verdict", labelled(briefing)), *sections(briefing)):
        _text(sheet, row, 0, heading, book.heading)
        _text(sheet, row, 1, "sources", book.heading)
        for one in said:
            row += 1
            _said(book, sheet, row, one)
        row += 2


def _said(book: _Book, sheet: Worksheet, row: int, one: Said) -> None:
    keys = " ".join(one.refs)
    _text(sheet, row, 0, one.text, book.wrapped)
    _text(sheet, row, 1, keys, book.wrapped)
    sheet.set_row(row, _height((one.text, 110), (keys, 40)))


def _table(book: _Book, table: Table) -> None:
    widths = [_width(column, [row[c] for row in table.rows]) for c, column in enumerate(table.columns)]
    sheet = book.sheet(table.title.replace("/", " ").replace(":", " "), sum(widths))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)  # headings on every printed page
    sheet.repeat_columns(0)
    for r, row in enumerate((tuple(map(head, table.columns)), *table.rows)):
        sheet.set_row(r, _height(*zip(row, widths, strict=True)))
    for c, column in enumerate(table.columns):
        sheet.set_column(c, c, widths[c])
        _text(sheet, 0, c, head(column), book.heading)
        for r, row in enumerate(table.rows, start=1):
            _cell(book, sheet, r, c, row[c], column)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _width(column: Column, cells: Sequence[Cell]) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    own = WIDTHS[column.kind]
    return min(max(own, ceil(longest / LINES)), WIDEST) if column.kind == "text" else own


def _height(*cells: tuple[Cell, int]) -> float:
    """Points that a row takes whose texts are wrapped in columns so many characters wide.

    Said in the file, since not every program that opens it works this out for itself.
    """
    lines = [len(wrap(text, width - 2)) for text, width in cells if isinstance(text, str)]
    return min(LINE * max([1, *lines]), TALLEST)


def _cell(book: _Book, sheet: Worksheet, r: int, c: int, value: Cell, column: Column) -> None:
    style = book.formats.get(column.kind, book.wrapped)
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(r, c, value, book.wrapped)
    elif isinstance(value, date):
        sheet.write_datetime(r, c, datetime.combine(value, time()), book.formats["date"])
    elif isinstance(value, int | float):
        sheet.write_number(r, c, value, style)
    else:
        _text(sheet, r, c, value, book.wrapped)


def _text(sheet: Worksheet, r: int, c: int, text: str, style: Format) -> None:
    sheet.write_string(r, c, fitting(text), style)


def _lists(briefing: Briefing) -> tuple[Table, ...]:
    duties = Table(
        name="duties",
        title="Duties",
        columns=(
            Column("duty", "duty"),
            Column("in_force_on", "in force on", "date"),
            Column("asks", "asks for"),
            Column("article", "article"),
            Column("due", "next due", "date"),
            Column("state", "state"),
            Column("missing", "fields missing", "count"),
            Column("fields", "of", "count"),
            Column("answer", "how it stands"),
            KEYS,
        ),
        rows=tuple(
            (
                d.name,
                d.in_force_on,
                i.asks,
                i.article,
                i.due,
                i.state,
                i.missing,
                i.fields,
                i.answer,
                " ".join(field_keys(d, i)),
            )
            for d in briefing.duties
            for i in d.items
        ),
    )
    withheld = Table(
        name="withheld",
        title="Withheld",
        columns=(Column("what", "what"), Column("count", "how many", "count"), Column("reason", "why")),
        rows=tuple((w.what, w.count, w.reason) for w in briefing.withheld),
    )
    sources = Table(
        name="sources",
        title="Sources",
        columns=(
            Column("key", "key", "keys"),
            Column("kind", "kind"),
            Column("title", "title"),
            Column("day", "day", "date"),
            Column("where", "where"),
            Column("detail", "detail"),
        ),
        rows=tuple((r.key, r.kind, r.title, r.day, r.where, r.detail) for r in briefing.references),
    )
    return (*(table for table in (duties, withheld) if table.rows), sources)


EXPORTER = Exporter(
    name="xlsx",
    title="Workbook (XLSX)",
    suffix=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    place=4,
    render=render,
)
