"""A row's raw cells -> a record, by the type hints of the record's fields; every misfit becomes a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from scorecard.addresses import EXPECTED as ADDRESS
from scorecard.addresses import web_address
from scorecard.evidence.tables import Fault, Row
from scorecard.records import Record
from scorecard.records.typed_json import Mismatch, from_plain

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SEPARATOR = ";"  # between the entries of a list inside one CSV cell


class Misfit(ValueError):
    """A cell that is not what its field needs; the message says what was expected."""


def converter[R: Record](cls: type[R]) -> Callable[[Row], R | list[Fault]]:
    """How to make a record of this kind from a row: the record, or every fault that keeps it from being one.

    An empty CSV cell and a YAML null count as not given. Not given and without default is a fault.
    """
    known = _fields(cast("Hashable", cls))  # which every class is, but not to the type checker

    def convert_row(row: Row) -> R | list[Fault]:
        faults = [_unknown(row, name, tuple(known)) for name in row.cells if name not in known]
        values: dict[str, Any] = {}
        for name, (convert, required, expected) in known.items():
            raw = row.cells.get(name)
            if raw is None or raw == "":
                if required:
                    faults.append(row.fault(name, None, expected))
                continue
            try:
                values[name] = convert(raw)
            except Misfit as misfit:
                faults.append(row.fault(name, raw, str(misfit)))
        return faults or cls(**values)

    return convert_row


def _unknown(row: Row, name: str, known: tuple[str, ...]) -> Fault:
    close = get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"fields are {', '.join(known)}"
    return row.fault(str(name), "a field of that name", f"a known one ({hint})")


@cache
def _fields(cls: Any) -> Mapping[str, tuple[Callable[[Any], Any], bool, str]]:
    """Field name -> how to convert it, whether it must be given, and what is expected there."""
    hints = get_type_hints(cls)
    table = {}
    for field in fields(cls):
        convert, expected = NAMED.get(field.name) or _converter(hints[field.name])
        table[field.name] = (convert, field.default is MISSING, EXPECTED.get(field.name, expected))
    return table


EXPECTED = {
    "source": "the id of a source in sources.yaml",
    "known_at": "the day on which it could have been known, as 2026-01-31",
    "grade": "how well it was verified: primary, dataset, secondary_verified, secondary or own_knowledge",
}


def _converter(hint: Any) -> tuple[Callable[[Any], Any], str]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return _converter(next(part for part in arguments if part is not NoneType))
    if origin is Literal:
        return _one_of(arguments), f"one of {', '.join(arguments)}"
    if origin is tuple:
        return _many(_converter(arguments[0])[0]), "a list"
    if origin is Mapping:
        return _mapping, "field names with values"
    if is_dataclass(hint):
        return _typed(hint), f"{', '.join(field.name for field in fields(hint))} with their values"
    return SIMPLE[hint]


def _typed(hint: Any) -> Callable[[Any], Any]:
    """How a part of a record with fields of its own is read."""

    def convert_part(raw: Any) -> Any:
        try:
            return from_plain(hint, raw)
        except Mismatch as wrong:
            raise Misfit(f"{wrong}{f' at {wrong.place}' if wrong.place else ''}") from None

    return convert_part


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise Misfit("text; put quotes around it")
    return raw


def _address(raw: Any) -> str:
    if web_address(raw) is None:
        raise Misfit(ADDRESS)
    return str(raw)


def _number(raw: Any) -> float:
    try:
        number = float(raw) if not isinstance(raw, bool) else None
    except (TypeError, ValueError):
        number = None
    if number is None or not isfinite(number):
        raise Misfit("a number")
    return number


def _whole(raw: Any) -> int:
    number = _number(raw)
    if number != int(number):
        raise Misfit("a whole number")
    return int(number)


def _truth(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return bool(raw == "true")
    raise Misfit("true or false")


def _day(raw: Any) -> date:
    if not isinstance(raw, str) or not _ISO.fullmatch(raw):
        raise Misfit("a date as 2026-01-31")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise Misfit("a day that exists, as 2026-01-31") from None
    if not EARLIEST <= day <= LATEST:
        raise Misfit(f"a date between {EARLIEST} and {LATEST}")
    return day


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def convert(raw: Any) -> str:
        if raw not in choices:
            raise Misfit(f"one of {', '.join(choices)}")
        return str(raw)

    return convert


def _many(one: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def convert(raw: Any) -> tuple[Any, ...]:
        if isinstance(raw, str):
            raw = [part.strip() for part in raw.split(_SEPARATOR)]
            if not all(raw):
                raise Misfit(f"entries with one {_SEPARATOR!r} between them")
        if not isinstance(raw, list):
            raise Misfit("a list")
        return tuple(one(entry) for entry in raw)

    return convert


def _mapping(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        raise Misfit("field names with values")
    _plain(raw)
    return raw


def _plain(value: Any) -> None:
    """Refuse, anywhere inside a mapping, what JSON cannot hold."""
    match value:
        case dict():
            for inner in value.values():
                _plain(inner)
        case list():
            for inner in value:
                _plain(inner)
        case float() if not isfinite(value):
            raise Misfit("finite numbers")


NAMED: Mapping[str, tuple[Callable[[Any], Any], str]] = {"url": (_address, ADDRESS)}
SIMPLE: Mapping[Any, tuple[Callable[[Any], Any], str]] = {
    str: (_text, "text"),
    float: (_number, "a number"),
    int: (_whole, "a whole number"),
    bool: (_truth, "true or false"),
    date: (_day, "a date as 2026-01-31"),
}
