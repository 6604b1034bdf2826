"""Records to rows and back, and the hash that lets anyone check a row later."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scorecard.records import Record
from scorecard.records.typed_json import Form, Mismatch, form_of, is_typed
from scorecard.store.errors import StoreError

Row = dict[str, Any]
GENESIS = "0" * 64  # what the first entry of the log follows


@dataclass(frozen=True, slots=True)
class _Codec:
    """How one field is stored; `encode` raises ValueError saying what it expected."""

    optional: bool
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


# A value of another type than declared might be stored, but would come back different and no longer
# match its hash; so each is checked here, where the field can still be named.


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text in Unicode") from error
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("True or False")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or not -(2**63) <= int(value) < 2**63:
        raise ValueError("a whole number of at most 64 bits")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
        raise ValueError("a finite number")
    return float(value)


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a date without a time")
    return value


def _json(value: Any) -> str:
    """What others have written, as the text of a JSON object."""
    if not isinstance(value, dict):
        raise ValueError("a dict of text to what JSON can hold")
    try:
        text = json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (ValueError, TypeError) as error:
        raise ValueError(f"a dict of text to what JSON can hold ({error})") from error
    if not _text_keys(value):  # JSON would turn the key 1 into "1"
        raise ValueError("a dict whose keys are text, at every depth")
    return text


def _text_keys(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _text_keys(inner) for key, inner in value.items())
    return all(map(_text_keys, value)) if isinstance(value, list | tuple) else True


_PLAIN: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _number,
    date: _day,
}


def _codec(hint: Any) -> _Codec:
    parts = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    optional = NoneType in parts
    kinds = [part for part in parts if part is not NoneType]
    many = get_origin(kinds[0]) is tuple
    item = get_args(kinds[0])[0] if many else kinds[0]
    if item == Mapping[str, Any] and not many:
        return _Codec(optional, _json, json.loads)
    if is_typed(item):  # one JSON text, whose shape the type decides
        form = form_of(hint)
        return _Codec(optional, lambda value: _dumped(form, value), lambda text: form.read(json.loads(text)))
    one = _choice(get_args(item)) if get_origin(item) is Literal else _PLAIN[item]
    return _Codec(optional, _listed(one) if many else one, tuple if many else lambda value: value)


def _dumped(form: Form, value: Any) -> str:
    text = json.dumps(form.write(value), sort_keys=True, allow_nan=False, ensure_ascii=False)
    return _text(text)


def _choice(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def encode(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return str(value)

    return encode


def _listed(one: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def encode(values: Any) -> Any:
        if not isinstance(values, tuple | list):
            raise ValueError("a tuple")
        return [one(value) for value in values]

    return encode


_known: dict[str, dict[str, _Codec]] = {}


def _codecs(cls: type[Record]) -> dict[str, _Codec]:
    if cls.TABLE not in _known:
        hints = get_type_hints(cls)
        _known[cls.TABLE] = {field.name: _codec(hints[field.name]) for field in fields(cls)}
    return _known[cls.TABLE]


def columns(cls: type[Record]) -> tuple[str, ...]:
    """The stored columns of a record, in the order of its fields."""
    return tuple(_codecs(cls))


def key_of(record: Record) -> tuple[Any, ...]:
    """The values that identify the thing a record is about."""
    return tuple(getattr(record, name) for name in record.KEY)


def key_text(cls: type[Record], row: Mapping[str, Any]) -> str:
    """A row's key for a message: its parts, empty ones left out."""
    return " / ".join(str(row[name]) for name in cls.KEY if row[name] not in ("", None))


def to_row(record: Record) -> Row:
    """A record as plain values that DuckDB stores exactly; StoreError names table, key and field."""
    row: Row = {}
    for name, codec in _codecs(type(record)).items():
        value = getattr(record, name)
        try:
            if value is None and not codec.optional:
                raise ValueError("given")
            row[name] = None if value is None else codec.encode(value)
        except ValueError as error:
            key = " / ".join(map(str, key_of(record)))
            place, found = (error.place, error.found) if isinstance(error, Mismatch) else ("", value)
            raise StoreError(
                f"{record.TABLE}, {key}: {name}{place} must be {error}, not {found!r:.80}; nothing was stored"
            ) from error
    return row


def portable(cls: type[Record], row: Row) -> Row:
    """A row as every engine keeps it, with negative zeros as zeros; StoreError for a text with the character NUL."""

    def plain(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [plain(name, one) for one in value]
        if isinstance(value, str) and "\0" in value:
            key = repr(key_text(cls, row))
            raise StoreError(
                f"{cls.TABLE}, {key}: {name} holds the character NUL, which this store cannot keep; nothing was stored"
            )
        return value + 0.0 if isinstance(value, float) else value

    return {name: plain(name, value) for name, value in row.items()}


def from_row[R: Record](cls: type[R], row: Mapping[str, Any]) -> R:
    """The record that `to_row` made this row from; inside foreign JSON, tuples have become lists.

    StoreError names table, key and field when a JSON text is not of the field's type.
    """
    values: dict[str, Any] = {}
    for name, codec in _codecs(cls).items():
        try:
            values[name] = None if row[name] is None else codec.decode(row[name])
        except Mismatch as error:
            raise StoreError(
                f"{cls.TABLE}, {key_text(cls, row)}: {name}{error.place} must be {error}, not {error.found!r:.80}; "
                "it was changed, or another version wrote it: `preparedness verify` tells which"
            ) from error
    return cls(**values)


def decoded(cls: type[Record], names: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """Some fields of a stored row as `from_row` gives them."""
    codecs = _codecs(cls)
    pairs = zip(names, row, strict=True)
    return tuple(None if value is None else codecs[name].decode(value) for name, value in pairs)


# Fields that joined their table after rows were stored, with the value that those rows have: at that value a field is
# no part of the hash, so that earlier rows keep theirs.
_LATER: Mapping[tuple[str, str], str] = {
    ("log", "token"): "",
    ("log", "clock"): "",
    ("criteria", "route"): "",
    ("thresholds", "rule"): "any",
    ("thresholds", "route_of"): "",
}


def row_hash(table: str, row: Mapping[str, Any]) -> str:
    """sha256 over the table's name and the row's values, independent of column order."""
    hashed = {
        name: value for name, value in row.items() if value is None or _LATER.get((table, name)) != value
    }
    text = json.dumps([table, hashed], sort_keys=True, default=_iso, allow_nan=False, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def content_hash(hashes: list[str]) -> str:
    """One hash for the rows of a transaction, in the order they were written."""
    return sha256("\n".join(hashes).encode()).hexdigest()


def chain_hash(entry: Mapping[str, Any]) -> str:
    """The hash of a log entry, which covers the hash of the entry before it."""
    return row_hash("log", {name: value for name, value in entry.items() if name != "hash"})
