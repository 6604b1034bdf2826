"""CSV: the scorecard, a row a threshold, for spreadsheets and scripts; UTF-8 with a byte-order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

from scorecard.briefings.content.briefing import Briefing, Cell, Reference, Table
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.parts import reference_in_words, scorecard_data
from scorecard.words import literal


def render(briefing: Briefing) -> bytes:
    """The scorecard as CSV, under column names that stay the same."""
    return written(briefing, scorecard_data(briefing), reference_in_words)


def written(briefing: Briefing, table: Table, named: Callable[[Reference], str]) -> bytes:
    """A table as CSV; the last columns name each row's sources as asked, the day and the content's hash."""
    known = {reference.key: named(reference) for reference in briefing.references}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(column.name for column in table.columns), "sources", "as_of", "content"])
    for row in table.rows:
        keys = str(row[-1]).split()
        full = " | ".join(known[key] for key in keys)
        writer.writerow(
            [*(_cell(value) for value in row), literal(full), briefing.as_of.isoformat(), briefing.hash]
        )
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return literal(value) if isinstance(value, str) else value


EXPORTER = Exporter(
    name="csv",
    title="CSV",
    suffix=".csv",
    mime="text/csv",
    place=7,
    render=render,
)
