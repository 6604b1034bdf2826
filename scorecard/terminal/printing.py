"""Records on standard output: as JSON, or a line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from scorecard.records import Record
from scorecard.records.typed_json import to_plain

if TYPE_CHECKING:
    from scorecard.governance.proposals import Proposal


def plain(record: Record) -> dict[str, Any]:
    """A record's fields by name, those kept as JSON as they are kept; dates stay dates until they are printed."""
    return {field.name: _kept(getattr(record, field.name)) for field in fields(record)}


def _kept(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_kept(one) for one in value]
    return to_plain(value) if is_dataclass(value) else value


def print_json(value: Any) -> None:
    """Print JSON; records become objects, dates ISO text."""
    print(json.dumps(value, default=_default, indent=2, ensure_ascii=False))


def print_fields(told: Mapping[str, Any]) -> None:
    """Print a line a field, its name in words; what is empty is left out, lists stand in one line."""
    for name, value in told.items():
        if value not in ("", None) and value != []:
            said = ", ".join(map(_said, value)) if isinstance(value, list) else _said(value)
            print(f"{name.replace('_', ' ')}: {said}")


def _said(value: Any) -> str:
    return (
        json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    )


def print_record(record: Record, json_: bool) -> None:
    """Print one record with all its parts."""
    print_json(record) if json_ else print_fields(plain(record))


def print_proposal(found: Proposal, json_: bool) -> None:
    """Print what was proposed with all its parts, where it stands and every ruling on it."""
    told = plain(found.item) | {"standing": found.standing}
    if json_:
        print_json(told | {"rulings": found.rulings})
        return
    print_fields(told)
    for ruling in found.rulings:
        print(f"{ruling.ruling} by {ruling.ruled_by} on {ruling.known_at}: {ruling.reason}")


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
