"""Records to rows and back, and the hash that lets anyone check a row later."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scorecard.records import Record
from scorecard.store.errors import StoreError

Row = dict[str, Any]


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
    str: _text, bool: _truth, int: _whole, float: _number, date: _day, Mapping: _json,
}  # fmt: skip


def _codec(hint: Any) -> _Codec:
    optional = get_origin(hint) is UnionType
    kind = next(part for part in get_args(hint) if part is not NoneType) if optional else hint
    many = get_origin(kind) is tuple
    item = get_args(kind)[0] if many else kind
    origin = get_origin(item)
    if origin is Mapping:  # many mappings are one JSON array
        encode = _listed(_json, joined=True) if many else _json
        return _Codec(optional, encode, _array if many else json.loads)
    one = _choice(get_args(item)) if origin is Literal else _PLAIN[item]
    return _Codec(optional, _listed(one) if many else one, tuple if many else lambda value: value)


def _array(text: str) -> tuple[Any, ...]:
    items = json.loads(text)
    if not isinstance(items, list):  # an empty object would pass for an empty array
        raise ValueError("a JSON array")
    return tuple(items)


def _choice(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def encode(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return str(value)

    return encode


def _listed(one: Callable[[Any], Any], *, joined: bool = False) -> Callable[[Any], Any]:
    def encode(values: Any) -> Any:
        if not isinstance(values, tuple | list):
            raise ValueError("a tuple")
        items = [one(value) for value in values]
        return f"[{', '.join(items)}]" if joined else items

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
            raise StoreError(
                f"{record.TABLE}, {key}: {name} must be {error}, not {value!r:.80}; nothing was stored"
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
    """The record that `to_row` made this row from; inside JSON, tuples have become lists."""
    values: dict[str, Any] = {
        name: None if row[name] is None else codec.decode(row[name]) for name, codec in _codecs(cls).items()
    }
    return cls(**values)


def row_hash(table: str, row: Mapping[str, Any]) -> str:
    """sha256 over the table's name and the row's values, independent of column order."""
    text = json.dumps([table, row], sort_keys=True, default=_iso, allow_nan=False, ensure_ascii=False)
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
