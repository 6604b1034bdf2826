"""A mapping: which column of a table is what, and how the table is written; checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import MOST_YAML, from_yaml, mapping, text, whole
from scorecard.evidence.reading.gather import number
from scorecard.evidence.reading.office import Writing, writing_of
from scorecard.evidence.tables import say
from scorecard.records import Measurement
from scorecard.store.bulk import COLUMNS

_PARTS = {"rows", "columns", "constants", "times", "indicators", "sheet", "items", "writing"}
NEEDED = ("system", "task", "score")  # of an attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A checked mapping."""

    rows: str
    columns: Mapping[str, str]
    constants: Mapping[str, Any]
    times: Mapping[str, float]
    indicators: tuple[Any, ...]
    sheet: Any
    items: str
    writing: Writing


def load_mapping(path: Path) -> dict[str, Any]:
    """A mapping file, checked; raises Unreadable with what is wrong in it."""
    given = mapping(
        from_yaml(text(path, MOST_YAML), path.name), path.name, "a mapping: rows, columns, constants"
    )
    checked_mapping(given, path.name)
    return dict(given)


def checked_mapping(given: Mapping[str, Any], name: str) -> TableMapping:
    """A mapping whose parts and fields are known ones."""
    if unknown := sorted(set(map(str, given)) - _PARTS):
        raise whole(name, f"the part {unknown[0]!r}", f"one of {', '.join(sorted(_PARTS))}")
    rows = given.get("rows")
    if rows not in ("measurements", "attempts"):
        raise whole(name, f"rows: {say(rows)}", "rows: measurements, or rows: attempts")
    known = set(COLUMNS) if rows == "attempts" else {field.name for field in fields(Measurement)}
    parts: dict[str, dict[str, Any]] = {}
    for part in ("columns", "constants", "times"):
        inner = mapping(given.get(part) or {}, name, f"{part}, each a field of ours with its value")
        if unknown := sorted(set(map(str, inner)) - known):
            raise whole(name, f"{part}: {unknown[0]}", f"one of {', '.join(sorted(known))}")
        parts[part] = inner
    if not all(isinstance(value, str) for value in parts["columns"].values()):
        raise whole(name, "a column that is not text", "the name of a column")
    if any(number(value) is None for value in parts["times"].values()):
        raise whole(name, "a factor that is not a number", "a number")
    if any(isinstance(value, dict | list) for value in parts["constants"].values()):
        raise whole(name, "a constant with parts", "text, a number, true or false")
    named = {*parts["columns"], *parts["constants"]}
    if rows == "attempts" and (lacking := [one for one in NEEDED if one not in named]):
        raise whole(name, f"no {lacking[0]}", f"columns or constants for {', '.join(NEEDED)}")
    items = given.get("items", "")
    if not isinstance(items, str):
        raise whole(name, f"items: {say(items)}", "the path to the list of rows, such as results.runs")
    indicators = given.get("indicators") or []
    if not isinstance(indicators, list):
        raise whole(name, f"indicators: {say(indicators)}", "a list of indicators")
    return TableMapping(
        rows=rows,
        columns={str(ours): theirs.strip() for ours, theirs in parts["columns"].items()},
        constants=parts["constants"],
        times={str(ours): float(value) for ours, value in parts["times"].items()},
        indicators=tuple(indicators),
        sheet=given.get("sheet"),
        items=items,
        writing=writing_of(given.get("writing"), name),
    )
