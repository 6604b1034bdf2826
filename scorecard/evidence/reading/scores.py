"""Rows of attempts -> one Arrow table with the columns of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any

import pyarrow as pa

from scorecard.store.attempts import SCHEMA

DEFAULTS: Mapping[str, Any] = {
    "benchmark": "",
    "family": "",
    "epoch": 1,
    "scorer": "",
    "runs": 1,
    "weight": 1.0,
    "scaffold": "",
    "budget": "",
    "tools": "",
    "settings": "",
    "sample": "",
}


def table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Attempts as a table; a row names what it knows and the rest has its default."""
    listed = [{**DEFAULTS, **row} for row in rows]
    columns = {}
    for name in SCHEMA.names:
        kind = SCHEMA.field(name).type
        cells = [row.get(name) for row in listed]
        columns[name] = pa.array(map(_text, cells) if pa.types.is_string(kind) else cells, kind)
    return pa.table(columns)


def _text(cell: Any) -> str:
    """A cell of text; whatever else stands there is shown as it is, and halves of characters as ?."""
    return "" if cell is None else str(cell).encode("utf-8", errors="replace").decode("utf-8")


def family_of(task: str) -> str:
    """The family that a task's id names: what stands before the slash, or nothing."""
    return task.partition("/")[0] if "/" in task else ""


# How Inspect turns words into numbers (value_to_float): letters as they are, truth values in any case.
LETTERS: Mapping[str, float] = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
TRUTHS: Mapping[str, float] = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}


def unscored(value: Any) -> bool:
    """Whether a score says that there is none: null, NaN, or the word for it."""
    return value is None or (isinstance(value, float) and isnan(value)) or value in ("NaN", "nan")


def score_of(value: Any) -> float | None:
    """A score from 0 to 1, or None: numbers, truth values, yes and no, and the letters of Inspect (C, P, I, N)."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        if (known := LETTERS.get(value, TRUTHS.get(value.strip().lower()))) is not None:
            return known
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, int | float) and 0 <= value <= 1:
        return float(value)
    return None


def whole_number(value: Any, least: int = 1) -> int | None:
    """A whole number of at least `least` that fits the store, or None."""
    if isinstance(value, str) and value.strip().lstrip("+-").isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        return None
    return value
