"""Any record at all, drawn from the declared types of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from scorecard.records import RECORDS, Record

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: NUMBERS,
    date: st.dates(),
    NoneType: st.none(),
    Any: JSON,
}


def strategy(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's declared type, the odd ones included."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return st.one_of(*map(strategy, arguments))
    if origin is Mapping:
        return st.dictionaries(WORDS, strategy(arguments[1]), max_size=3)
    if is_dataclass(hint):
        return st.builds(
            cast("type[Any]", hint), **{name: strategy(part) for name, part in get_type_hints(hint).items()}
        )
    if origin is tuple:
        return st.lists(strategy(arguments[0]), max_size=3).map(tuple)
    if origin is Literal:
        return st.sampled_from(arguments)
    return PLAIN[hint]


def records(cls: type[Record]) -> st.SearchStrategy[Record]:
    """Records of one kind; a run names no file of draws, an import none of attempts, a snapshot none of rows."""
    hints = get_type_hints(cls)
    values = {field.name: strategy(hints[field.name]) for field in fields(cls)}
    nothing = {name: st.just("") for name in ("draws", "kept", "content") if name in values}
    return st.builds(cls, **values | nothing)


# One record of every kind.
BATCH = st.tuples(*(records(cls) for cls in RECORDS))
