"""PDF: one page for the board, then the annex and its sources; typeset from data, never from markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import typst

from scorecard.briefings.content.briefing import Briefing, Column, Line, Said, Table
from scorecard.briefings.content.verdict import nearest_first
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.glyphs import drawable, lacking, undrawn
from scorecard.briefings.layout.parts import (
    cell_in_words,
    field_keys,
    head,
    is_link,
    line_keys,
    ranges,
    sections,
    subtitle,
)
from scorecard.thresholds.quoted.forecast import KEY_OF_WORDS
from scorecard.words import day_in_words, visible

HERE = Path(__file__).parent
FIRST, ANNEX = HERE / "_first_page.typ", HERE / "_annex.typ"
STANDARD: typst.PDFStandard = "ua-1"
AXIS = timedelta(days=10 * 365)  # the first page's axis is no longer; later dates become an arrow
ANSWER, PHRASE, NAME = (
    620,
    240,
    62,
)  # characters of answers, sentences and names on the first page; the annex has all of it
WHOLE = ("link", "chart")  # what is looked up or followed, not read
LONG = 1500  # characters of a cell that may be broken over pages; rows of shorter ones stay whole
BOX = 6  # sentences of a box on the first page, where they fit
RUN = 30  # characters without a place to break a line, after which one is put in
UNBROKEN = re.compile(rf"(\S{{{RUN}}})(?=\S)")


def render(briefing: Briefing) -> bytes:
    """The briefing as PDF/UA: first page for reading, annex for checking; the document's date is the briefing's day.

    The board's has no annex: that is a file of its own (exporters/annex.py).
    """
    return whole(briefing, short=briefing.audience == "board")


def whole(briefing: Briefing, *, short: bool) -> bytes:
    """The document with its annex, or without for those who do not look things up."""
    drawn = [one for one in briefing.drawings if not short or one.name in ("overview", "calibration")]
    charts = {one.name: {"svg": one.svg, "alt": one.words} for one in drawn}
    data = {**page_data(briefing), "short": short}
    return typeset(FIRST.read_bytes() + ANNEX.read_bytes(), data, charts)


def typeset(
    template: bytes, data: Mapping[str, Any], charts: Mapping[str, Any], *, picture: float | None = None
) -> bytes:
    """A template filled with data that it finds in `sys.inputs`; what its fonts lack is written as a number.

    With `picture`, in pixels per inch, the one page that it makes as a PNG in place of a PDF.
    """
    given = [json.dumps(part, ensure_ascii=False) for part in (data, charts)]
    missing = lacking(frozenset("".join(given)))
    while True:
        texts = dict(zip(("data", "charts"), (drawable(text, missing) for text in given), strict=True))
        try:
            made = _compiler(template, texts).compile(format="pdf", pdf_standards=STANDARD)
        except typst.TypstError as error:
            more = undrawn(error) - missing  # what can be drawn alone may not be beside its neighbour
            if not more:
                raise
            missing |= more
            continue
        if picture is not None:
            made = _compiler(template, texts).compile(format="png", ppi=picture)
        if not isinstance(made, bytes):
            raise TypeError("the typesetter gave pages instead of one document")
        return made


def _compiler(template: bytes, texts: dict[str, str]) -> typst.Compiler:
    """A compiler for one use: it lets go of a template that it was given as bytes."""
    return typst.Compiler(template, ignore_system_fonts=True, sys_inputs=texts)


def page_data(briefing: Briefing) -> dict[str, Any]:
    """Everything the template prints, as texts and numbers; long runs of characters can be broken."""
    day = briefing.as_of
    having = nearest_first(line for line in briefing.lines if line.q50)
    end = _axis_end(having, day)
    boxes = [  # two columns of two
        (f"What changed since {day_in_words(briefing.since)}", briefing.changed),
        ("Decisions sought", briefing.sought),
        ("Largest uncertainties", briefing.uncertainties),
        ("Disagreements and decisions", (*briefing.disagreements, *briefing.decided)),
    ]
    data = {
        "title": briefing.title,
        "day": day_in_words(day),
        "date": [day.year, day.month, day.day],
        "audience": {"internal": "internal", "board": "for the board", "public": "public"}[briefing.audience],
        "hash": briefing.short_hash,
        "fullhash": briefing.hash,
        "footer": f"{briefing.title} · {subtitle(briefing)}",
        "verdict": [{"label": one.label, **_said(one.said, ANSWER)} for one in briefing.verdict],
        "words": KEY_OF_WORDS,
        "axis": _ticks(day, end),
        "rows": [_row(line, day, end) for line in having],
        "without": _without(briefing.lines),
        "boxes": [_box(title, said) for title, said in boxes],
        "lines": [_line(line) for line in briefing.lines],
        "sections": [
            {"title": title, "items": [_said(one) for one in said]} for title, said in sections(briefing)
        ],
        "duties": [
            {
                "title": f"{duty.name}, in force {day_in_words(duty.in_force_on)}",
                "rows": [
                    [
                        item.asks,
                        item.answer,
                        item.article,
                        ranges(field_keys(duty, item)),
                    ]
                    for item in duty.items
                ],
            }
            for duty in briefing.duties
        ],
        "withheld": [f"{w.what}: {w.count}, because {w.reason}" for w in briefing.withheld],
        "tables": [_table(table) for table in briefing.tables if table.name != "chances"],
        "references": [
            {
                "key": r.key,
                "title": r.title,
                "day": r.day.isoformat(),
                "where": r.where,
                "detail": r.detail,
                "link": r.where if is_link(r.where) else "",
            }
            for r in briefing.references
        ],
    }
    soft: dict[str, Any] = _breakable(data)
    return soft


def _breakable(value: Any, name: str = "") -> Any:
    """The same data with a place to break a line in each long run of characters, names of things excepted."""
    if isinstance(value, str):
        return value if name in WHOLE else UNBROKEN.sub("\\1\u200b", visible(value))
    if isinstance(value, dict):
        return {key: _breakable(item, key) for key, item in value.items()}
    return [_breakable(item) for item in value] if isinstance(value, list) else value


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 2].rstrip() + " …"


def _said(one: Said, most: int = PHRASE) -> dict[str, str]:
    """A sentence, whole and as short as the first page may need it."""
    return {"text": one.text, "short": _cut(one.text, most), "keys": ranges(one.refs)}


def _box(title: str, said: Sequence[Said]) -> dict[str, Any]:
    return {"title": title, "items": [_said(one) for one in said[:BOX]], "total": len(said)}


def _row(line: Line, day: date, end: date) -> dict[str, Any]:
    """A line of the first page; `from`, `to`, `mid` and the ticks are shares of the axis."""
    assert line.q10
    assert line.q50
    assert line.q90
    dates = [
        figure.value if isinstance(figure.value, date) else None for figure in (line.q10, line.q50, line.q90)
    ]
    q10, q50, q90 = dates
    return {
        "name": _cut(line.name, NAME),
        "keys": ranges(line_keys(line)[:3]),
        "status": line.status,
        "alert": line.alert,
        "then": f"{line.p_12_before.text} → " if line.p_12_before else "",
        "now": line.p_now.text if line.p_now else "",
        "year": line.p_12_months.text if line.p_12_months else "",
        "median": line.q50.text,
        "interval": f"{line.q10.text} to {line.q90.text}",
        "from": _share(q10, day, end),
        "to": _share(q90, day, end),
        "mid": _share(q50, day, end) if q50 is not None and q50 <= end else None,
        "beyond": q90 is None or q90 > end,
    }


def _share(when: date | None, start: date, end: date) -> float:
    if when is None:
        return 1.0
    return min(max((when - start).days / (end - start).days, 0.0), 1.0)


def _axis_end(lines: Sequence[Line], day: date) -> date:
    found = [f.value for line in lines for f in (line.q50, line.q90) if f and isinstance(f.value, date)]
    return min(max([day + timedelta(days=3 * 365), *found]), day + AXIS)


def _ticks(day: date, end: date) -> list[dict[str, Any]]:
    years = range(day.year + 1, end.year + 1)
    step = 1 + len(years) // 6
    return [{"at": _share(date(year, 1, 1), day, end), "label": str(year)} for year in years[::step]]


def _without(lines: Sequence[Line]) -> str:
    """The thresholds without a forecast, by name, so that the first page leaves none out."""
    names = [_cut(line.name, NAME) for line in lines if not line.q50]
    if not names:
        return ""
    more = f"; and {len(names) - 8} more" if len(names) > 8 else ""
    return f"Without a forecast ({len(names)}; the reasons are in the annex): {'; '.join(names[:8])}{more}."


def _line(line: Line) -> dict[str, Any]:
    said = [Said(f"Status: {line.status}. {line.reason.text}", line.reason.refs)]
    if line.latest and line.latest_on and line.age_days:
        marks = f" Marks: {', '.join(mark.replace('_', ' ') for mark in line.marks)}." if line.marks else ""
        text = (
            f"Newest reading: {line.measured_by}, {line.latest.text} ({line.latest_interval}), "
            f"{line.latest_system}, {line.latest_on.text}, {line.age_days.text} old.{marks}"
        )
        said.append(Said(text, line.latest.refs))
    if line.q10 and line.q50 and line.q90 and line.p_beyond_horizon:
        text = (
            f"Median {line.q50.text}; 80 % interval {line.q10.text} to {line.q90.text}; "
            f"{line.p_beyond_horizon.text} beyond the horizon."
        )
        said.append(Said(text, line.q50.refs))
    if line.unforecast:
        said.append(Said(f"No forecast. {line.unforecast}", line_keys(line)))
    if line.moved.text:
        said.append(Said(f"Changed: {line.moved.text}", line.moved.refs))
    asked = [
        ("already crossed", line.p_now),
        ("by the next meeting", line.p_next_meeting),
        ("within 12 months", line.p_12_months),
        *((f"by {name}", p) for name, p in line.p_by),
    ]
    return {
        "name": line.name,
        "paraphrase": _said(
            Said(f"{line.framework}, version {line.version}. {line.paraphrase}", (line.source,))
        ),
        "said": [_said(one) for one in said],
        "chances": [{"by": by, "text": p.text, "keys": ranges(p.refs)} for by, p in asked if p is not None],
        "chart": f"crossing {line.threshold}",
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [
        [_cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]
    columns = [
        [head(column), *cells] for column, cells in zip(table.columns, zip(*rows, strict=True), strict=True)
    ]
    return {
        "title": table.title,
        "note": table.note,
        "head": [head(column) for column in table.columns],
        "rows": rows,
        "widths": [_width(cells) for cells in columns],
        "long": any(len(cell) > LONG for row in rows for cell in row),
        "numbers": [column.kind in ("number", "chance", "count") for column in table.columns],
    }


def _width(cells: Sequence[str]) -> dict[str, Any]:
    """How wide a column is, its heading first: as its longest word where all is short, else a share of the rest."""
    word = max(len(word) for cell in cells for word in cell.split() or [""])
    longest = max(len(cell) for cell in cells[1:])
    if word <= 14 and longest <= 16:
        return {"fixed": True, "of": 4.6 * max(word, min(longest, 11)) + 9}
    return {"fixed": False, "of": min(longest, 260) ** 0.6}


def _cell(value: Any, column: Column) -> str:
    return ranges(str(value).split()) if column.kind == "keys" and value else cell_in_words(value, column)


EXPORTER = Exporter(
    name="pdf",
    title="Full report (PDF)",
    suffix=".pdf",
    mime="application/pdf",
    place=2,
    render=render,
)
