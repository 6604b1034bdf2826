"""Typed values as what JSON can hold, and back: the types of a dataclass's fields decide both ways.

A field without a default is always written. A field with one is left out while it holds it: so a field that is
added later, with a default, changes neither the text nor the hash of what was stored before there was one. A label
(a field with one allowed value, by which classes of a union are told apart) is always written. A key that no field
knows is refused, since it would be lost when the value is written again.

A date is ISO text, a tuple an array, a mapping an object whose keys are text, a union of dataclasses the one whose
fields the keys fit. `Any` marks what others have written and nothing here reads.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from math import isfinite
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

type Plain = Any  # None, bool, int, float, str, and lists and dicts of them


class Mismatch(ValueError):
    """A value that its field cannot hold: what was expected there, what was found, and where below the top."""

    def __init__(self, expected: str, found: object, place: str = "") -> None:
        super().__init__(expected)
        self.expected, self.found, self.place = expected, found, place

    def below(self, step: str) -> Mismatch:
        """The same, seen from one level up."""
        return Mismatch(self.expected, self.found, step + self.place)


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type are written and read; both raise Mismatch."""

    write: Callable[[Any], Plain]
    read: Callable[[Plain], Any]


def to_plain(value: Any) -> Plain:
    """A dataclass as what JSON can hold; Mismatch names the field that holds something else than it declares."""
    return form_of(type(value)).write(value)


def from_plain[T](cls: type[T], data: Plain) -> T:
    """The dataclass that `to_plain` made this from; Mismatch names the field that is missing, wrong or unknown."""
    made: T = form_of(cls).read(data)
    return made


def stored_as(name: str, default: Any = MISSING) -> Any:
    """A dataclass field whose JSON key is no Python name."""
    return field(metadata={"key": name}, default=default)


def is_typed(hint: Any) -> bool:
    """Whether a type is kept as JSON: a dataclass, a mapping, or a union of dataclasses."""
    if get_origin(hint) is UnionType:
        return all(map(is_typed, get_args(hint)))
    return get_origin(hint) is Mapping or is_dataclass(hint)


def form_of(hint: Any) -> Form:
    """How a type is written and read; TypeError for one that JSON has no place for."""
    return _form(hint)


@cache
def _form(hint: Hashable) -> Form:
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return Form(_foreign, lambda data: data)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if origin is Literal:
        return _choice(parts)
    if origin is tuple and parts[1:] == (...,):
        return _many(form_of(parts[0]))
    if origin is tuple:
        return _row(tuple(map(form_of, parts)))
    if origin is Mapping and parts[0] is str:
        return _by_name(form_of(parts[1]))
    if origin is UnionType:
        kinds = tuple(part for part in parts if part is not NoneType)
        form = form_of(kinds[0]) if len(kinds) == 1 else _one_of(kinds)
        return _or_none(form) if NoneType in parts else form
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    raise TypeError(f"{hint} is no type that JSON has a place for")


def _same(check: Callable[[Any], Any]) -> Form:
    return Form(check, check)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Mismatch("text", value)
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Mismatch("True or False", value)
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise Mismatch("a whole number", value)
    return int(value)


def _number(value: Any) -> int | float:
    """A whole number stays one: 1 and 1.0 are one number but two texts, and the text is hashed."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
        raise Mismatch("a finite number", value)
    return float(value)


def _iso(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Mismatch("a date without a time", value)
    return value.isoformat()


def _day(text: Any) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Mismatch("a date such as 2027-12-31", text) from None
    if day.isoformat() != text:  # another spelling would come back different
        raise Mismatch("a date such as 2027-12-31", text)
    return day


_SIMPLE: dict[Any, Form] = {
    str: _same(_text),
    bool: _same(_truth),
    int: _same(_whole),
    float: _same(_number),
    date: Form(_iso, _day),
}


def _foreign(value: Any) -> Plain:
    if isinstance(value, Mapping):
        return {_text(key): _foreign(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_foreign(one) for one in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return _number(value)


def _choice(allowed: tuple[Any, ...]) -> Form:
    def check(value: Any) -> Any:
        if value not in allowed:
            raise Mismatch(f"one of {', '.join(map(str, allowed))}", value)
        return value

    return _same(check)


def _or_none(form: Form) -> Form:
    return Form(
        lambda value: None if value is None else form.write(value),
        lambda data: None if data is None else form.read(data),
    )


def _many(form: Form) -> Form:
    def each(one: Callable[[Any], Any], values: Any) -> list[Any]:
        if not isinstance(values, list | tuple):
            raise Mismatch("several in a row", values)
        done: list[Any] = []
        try:
            for value in values:
                done.append(one(value))
        except Mismatch as error:
            raise error.below(f"[{len(done)}]") from None
        return done

    return Form(lambda values: each(form.write, values), lambda data: tuple(each(form.read, data)))


def _row(forms: tuple[Form, ...]) -> Form:
    def each(which: Literal["write", "read"], values: Any) -> list[Any]:
        if not isinstance(values, list | tuple) or len(values) != len(forms):
            raise Mismatch(f"{len(forms)} in a row", values)
        pairs = enumerate(zip(forms, values, strict=True))
        return [_below(f"[{i}]", getattr(form, which), value) for i, (form, value) in pairs]

    return Form(lambda values: each("write", values), lambda data: tuple(each("read", data)))


def _by_name(form: Form) -> Form:
    def each(one: Callable[[Any], Any], values: Any) -> dict[str, Any]:
        if not isinstance(values, Mapping):
            raise Mismatch("an object", values)
        return {_text(key): _below(f"[{key!r}]", one, value) for key, value in values.items()}

    return Form(lambda values: each(form.write, values), lambda data: each(form.read, data))


def _below(step: str, one: Callable[[Any], Any], value: Any) -> Any:
    try:
        return one(value)
    except Mismatch as error:
        raise error.below(step) from None


@dataclass(frozen=True, slots=True)
class _Member:
    """One field of a dataclass: its name, its JSON key, how it is written and read, and its default."""

    name: str
    key: str
    form: Form
    default: Any  # MISSING when it is always written


def _default(one: Field[Any], hint: Any) -> Any:
    if get_origin(hint) is Literal and len(get_args(hint)) == 1:  # a label, which tells a class of a union
        return MISSING
    return one.default if one.default_factory is MISSING else one.default_factory()


@cache
def _members(cls: Any) -> tuple[_Member, ...]:
    hints = get_type_hints(cls)
    return tuple(
        _Member(
            one.name,
            one.metadata.get("key", one.name),
            form_of(hints[one.name]),
            _default(one, hints[one.name]),
        )
        for one in fields(cls)
    )


def _object(cls: Any) -> Form:
    members = _members(cls)

    def write(value: Any) -> Plain:
        if type(value) is not cls:
            raise Mismatch(f"a {cls.__name__}", value)
        told = {}
        for one in members:
            held = getattr(value, one.name)
            if one.default is MISSING or held != one.default:
                told[one.key] = _below(f".{one.key}", one.form.write, held)
        return told

    def read(data: Plain) -> Any:
        if not isinstance(data, Mapping):
            raise Mismatch(f"an object that holds a {cls.__name__}", data)
        held = {}
        for one in members:
            if one.key in data:
                held[one.name] = _below(f".{one.key}", one.form.read, data[one.key])
            elif one.default is MISSING:
                raise Mismatch("given", None, f".{one.key}")
        if unknown := data.keys() - {one.key for one in members}:
            raise Mismatch("absent: no field of this version", data[min(unknown)], f".{min(unknown)}")
        return cls(**held)

    return Form(write, read)


def _one_of(classes: Iterable[Any]) -> Form:
    """The class of a union whose fields the keys fit best; that class then says what is wrong, if anything is."""
    known = {cls: form_of(cls) for cls in classes}

    def write(value: Any) -> Plain:
        if type(value) not in known:
            raise Mismatch(f"a {' or a '.join(cls.__name__ for cls in known)}", value)
        return known[type(value)].write(value)

    def read(data: Plain) -> Any:
        if not isinstance(data, Mapping):
            raise Mismatch(f"an object that holds a {' or a '.join(cls.__name__ for cls in known)}", data)
        return known[max(known, key=lambda cls: _fit(cls, data))].read(data)

    return Form(write, read)


def _fit(cls: Any, data: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """How well keys fit a class: whether its label is there, none is missing or unknown, and keys in common."""
    labels = {
        name: get_args(hint)
        for name, hint in get_type_hints(cls).items()
        if get_origin(hint) is Literal and len(get_args(hint)) == 1
    }
    labelled = bool(labels) and all(data.get(name) in allowed for name, allowed in labels.items())
    keys = {one.key for one in _members(cls)}
    needed = {one.key for one in _members(cls) if one.default is MISSING}
    return labelled, needed <= data.keys() <= keys, len(keys & data.keys()) - len(keys ^ data.keys())
