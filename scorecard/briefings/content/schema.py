"""The shape of a JSON briefing as a JSON Schema, read off the classes of its content; published in docs/."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scorecard.briefings.content import briefing as content

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A name, not a place to fetch from; the number goes up with every change of a field, so that a reader may hold to it.
ID = "urn:preparedness-scorecard:briefing"
LEFT_OUT = ("drawings",)  # charts are drawn from the rest


def schema() -> dict[str, Any]:
    """The schema as plain values; docs/briefing.schema.json holds the same."""
    named: dict[str, Any] = {}
    whole = _object(content.Briefing, named)
    hash_ = {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "sha256 of the rest as JSON with sorted keys, `, ` and `: ` between, in UTF-8.",
    }
    properties = {"hash": hash_, "schema": {"const": content.SCHEMA}, **whole["properties"]}
    return {
        "$schema": DIALECT,
        "$id": f"{ID}/{content.SCHEMA}",
        "title": "Briefing of the preparedness scorecard",
        **whole,
        "properties": properties,
        "required": list(properties),
        "$defs": dict(sorted(named.items())),
    }


def _object(cls: type, named: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    kept = [f for f in fields(cls) if f.name not in LEFT_OUT]
    return {
        "type": "object",
        "description": " ".join(inspect.cleandoc(cls.__doc__ or "").split()),
        "properties": {f.name: _type(hints[f.name], named) for f in kept},
        "required": [f.name for f in kept],  # the exporter writes every field, its default included
        "additionalProperties": False,
    }


def _type(hint: Any, named: dict[str, Any]) -> dict[str, Any]:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in (Union, UnionType):
        return _either([_type(one, named) for one in inside])
    if origin is tuple and len(inside) == 2 and inside[1] is Ellipsis:
        return {"type": "array", "items": _type(inside[0], named)}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_type(one, named) for one in inside],
            "items": False,
            "minItems": len(inside),
        }
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in named:
            named[hint.__name__] = {}  # before its fields, should they name it again
            named[hint.__name__] = _object(hint, named)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint is date:
        return {"type": "string", "format": "date"}
    plain = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
    return {"type": plain[hint]}


def _either(kinds: list[dict[str, Any]]) -> dict[str, Any]:
    unique = [kind for i, kind in enumerate(kinds) if kind not in kinds[:i]]
    return unique[0] if len(unique) == 1 else {"anyOf": unique}
