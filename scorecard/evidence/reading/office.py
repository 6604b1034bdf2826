"""Numbers and days as people write them: per cent, decimal commas, thousands, day first, names of months, time zones.

What a file says plainly is understood; where one cell could mean two things, the file's other cells may settle it, and
where they do not, a sentence says which word to add to the mapping. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from scorecard.evidence.reading.bounded import mapping, whole
from scorecard.evidence.tables import say

type Dates = Literal["day first", "month first"]
type Percent = Literal["share", "number"]

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "latin-1",
    "iso-8859-15",
    "mac-roman",
    "cp1250",
)
SEPARATORS: Mapping[str, str] = {",": ",", ";": ";", "|": "|", "tab": "\t", "\t": "\t"}
_PERCENT = re.compile(r"(?P<number>.+?)\s*(?:%|per ?cent|pct)\.?", re.IGNORECASE)
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}']+")
_EITHER = re.compile(
    r"[+-]?[1-9]\d{0,2}(?P<mark>[,.])\d{3}"
)  # 1,319 and 1.319 may be thousands or a fraction
_THOUSANDS = {mark: re.compile(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ",."}
_DECIMAL = re.compile(r"[+-]?\d*(?P<mark>[,.])\d*(?:[eE][+-]?\d+)?")
_SHORT = re.compile(r"(?P<a>\d{1,2})\s*(?P<mark>[./-])\s*(?P<b>\d{1,2})\s*[./-]\s*(?P<year>\d{4})")
_WORDS = re.compile(
    r"(?:(?P<d>\d{1,2})[.]?\s+)?(?P<m>[^\W\d]{3,})[.]?\s+(?:(?P<e>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>\d{4})"
)
_MONTHS = (
    "jan ene gen|feb fev fév|mar mär mrz|apr avr abr|may mai mag mayo|jun jui giu|jul lug|aug aoû aou ago|sep set|"
    "oct okt ott out|nov|dec dez déc dic"
)
MONTHS = {word: number for number, words in enumerate(_MONTHS.split("|"), start=1) for word in words.split()}
MONTHS |= {"juil": 7, "juin": 6}


class Unclear(ValueError):
    """A cell that may mean two things; the message says what to add to the mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How a table is written; None where the mapping does not say."""

    decimal: str | None = None
    dates: Dates | None = None
    percent: Percent | None = None
    zone: str | None = None
    separator: str | None = None
    encoding: str | None = None
    header: int | None = None  # the row of the column names, from 1


def writing_of(given: Any, name: str) -> Writing:
    """The part `writing` of a mapping, checked; raises Unreadable with what is wrong in it."""
    inner = mapping(given or {}, name, "writing, each word with its value")
    allowed: dict[str, tuple[Any, ...] | None] = {
        "decimal": (",", "."),
        "dates": ("day first", "month first"),
        "percent": ("share", "number"),
        "separator": tuple(SEPARATORS),
        "encoding": ENCODINGS,
        "zone": None,
        "header": None,
    }
    for word, value in inner.items():
        if word not in allowed:
            raise whole(name, f"writing: {say(word)}", f"one of {', '.join(allowed)}")
        choices = allowed[word]
        if choices is not None and value not in choices:
            raise whole(name, f"writing: {word}: {say(value)}", f"one of {', '.join(map(repr, choices))}")
    header, zone = inner.get("header"), inner.get("zone")
    if header is not None and (
        isinstance(header, bool) or not isinstance(header, int) or not 1 <= header <= 1000
    ):
        raise whole(name, f"writing: header: {say(header)}", "the number of the row with the column names")
    if zone is not None:
        try:
            ZoneInfo(str(zone))
        except (ValueError, OSError, KeyError):
            raise whole(name, f"writing: zone: {say(zone)}", "a zone such as Europe/Berlin or UTC") from None
    return Writing(**{str(word): value for word, value in inner.items()})


def learned(writing: Writing, numbers: Iterable[Any], days: Iterable[Any]) -> Writing:
    """What a file's cells settle that the mapping leaves open: the decimal mark, and whether days come first."""
    if writing.decimal is None:
        marks = {mark for cell in numbers if (mark := _proof(cell)) is not None}
        writing = replace(writing, decimal=marks.pop() if len(marks) == 1 else None)
    if writing.dates is None:
        orders = {order for cell in days if (order := _order(cell)) is not None}
        writing = replace(writing, dates=cast("Dates", orders.pop()) if len(orders) == 1 else None)
    return writing


def _bare(cell: str) -> str:
    text = _SPACES.sub("", cell)
    found = _PERCENT.fullmatch(text)
    return found["number"] if found else text


def _proof(cell: Any) -> str | None:
    """The decimal mark that a cell proves; None where it may have been either."""
    if not isinstance(cell, str):
        return None
    text = _bare(cell)
    if "," in text and "." in text:
        return "," if text.rfind(",") > text.rfind(".") else "."
    found = _DECIMAL.fullmatch(text)
    return found["mark"] if found and not _EITHER.fullmatch(text) else None


def number_of(cell: Any, writing: Writing) -> Any:
    """A cell as a number where it is one in the file's writing, with per cent as `Percentage`; else the cell itself."""
    if not isinstance(cell, str):
        return cell
    text = _SPACES.sub("", cell)
    found = _PERCENT.fullmatch(text)
    value = _plain_number(found["number"] if found else text, writing)
    if value is None:
        return cell
    return Percentage(value) if found else value


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number with a per cent sign."""

    number: float


def _plain_number(text: str, writing: Writing) -> float | None:
    either = _EITHER.fullmatch(text)
    if either and either["mark"] == "," and writing.decimal is None:
        raise Unclear(
            f'{text} may be {text.replace(",", "")} or {text.replace(",", ".")}: add `writing: {{decimal: ","}}` '
            'or `writing: {decimal: "."}` to the mapping'
        )
    decimal = writing.decimal or _proof(text) or "."
    thousands = "." if decimal == "," else ","
    head, mark, tail = text.partition(decimal)
    if thousands in head:
        if not _THOUSANDS[thousands].fullmatch(head):
            return None
        head = head.replace(thousands, "")
    try:
        return float(f"{head}.{tail}" if mark else head)
    except ValueError:
        return None


def _order(cell: Any) -> str | None:
    found = _SHORT.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found is None:
        return None
    first, second = int(found["a"]), int(found["b"])
    if found["mark"] == "." or first > 12:
        return "day first"
    return "month first" if second > 12 else None


def cell_day(cell: Any, writing: Writing) -> Any:
    """A cell as an ISO day where it is a day in the file's writing; else the cell itself, for its field to refuse."""
    if isinstance(cell, datetime):
        return _day_in(cell, writing.zone)
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        return text if "-" in text else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text):
        try:
            return _day_in(datetime.fromisoformat(text), writing.zone)
        except ValueError:
            return cell
    if found := _SHORT.fullmatch(text):
        order = _order(text) or writing.dates
        if order is None:
            raise Unclear(
                f"{text} may be two days: add `writing: {{dates: day first}}` or `writing: {{dates: month first}}` to "
                "the mapping"
            )
        if writing.dates is not None and order != writing.dates and found["mark"] != ".":
            return cell
        day, month = (found["a"], found["b"]) if order == "day first" else (found["b"], found["a"])
        return f"{found['year']}-{int(month):02}-{int(day):02}"
    if (found := _WORDS.fullmatch(text)) and bool(found["d"]) != bool(found["e"]):
        word = found["m"].lower()
        number = next((MONTHS[word[:size]] for size in (4, 3) if word[:size] in MONTHS), None)
        return cell if number is None else f"{found['y']}-{number:02}-{int(found['d'] or found['e']):02}"
    if re.fullmatch(r"[2-6]\d{4}(\.0+)?", text):
        raise Unclear(
            f"{text} looks like a spreadsheet's count of days: format the column as dates and save it again"
        )
    return cell


def _day_in(moment: datetime, zone: str | None) -> str:
    """The day of a moment: as it is written, or in the zone that the mapping names."""
    if zone is not None:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(ZoneInfo(zone))
    return moment.date().isoformat()
