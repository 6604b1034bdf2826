"""Records on standard output: as JSON, or a line each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any

from scorecard.records import Record
from scorecard.records.typed_json import to_plain


def plain(record: Record) -> dict[str, Any]:
    """A record's fields by name, those kept as JSON as they are kept; dates stay dates until they are printed."""
    return {name: _kept(getattr(record, name)) for name in type(record).__dataclass_fields__}


def _kept(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_kept(one) for one in value]
    return to_plain(value) if is_dataclass(value) else value


def print_json(value: Any) -> None:
    """Print JSON; records become objects, dates ISO text."""
    print(json.dumps(value, default=_default, indent=2, ensure_ascii=False))


def _default(value: Any) -> Any:
    if isinstance(value, Record):
        return plain(value)
    return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)


def pairs(given: Iterable[str], what: str) -> dict[str, str]:
    """NAME=TEXT options as a dict; exits with a sentence when one has no equals sign."""
    import typer

    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{what} are written NAME=TEXT; {text!r} has no equals sign")
        found[name.strip()] = value.strip()
    return found
