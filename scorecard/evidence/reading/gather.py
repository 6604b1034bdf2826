"""Collects what an importer reads: measurements checked cell by cell, indicators, systems, absences, refusals."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import pyarrow as pa

from scorecard.evidence.checks import Entry
from scorecard.evidence.convert import converter
from scorecard.evidence.reading.importer import Imported, Read, Refusal, SeenSystem
from scorecard.evidence.tables import Fault, Row, Unreadable, say
from scorecard.records import Grade, Indicator, Measurement
from scorecard.store.outside import Outside

_MEASUREMENT = converter(Measurement)
SHARE: Mapping[str, Any] = {"scale": "logit", "lower": 0.0, "upper": 1.0}
PERCENT: Mapping[str, Any] = {"scale": "logit", "lower": 0.0, "upper": 100.0}
LINEAR: Mapping[str, Any] = {"scale": "linear"}
Z = {0.9: 1.6448536269514722, 0.95: 1.959963984540054}
# How files write that there is no value, without regard to case.
NOTHING = frozenset(
    {"", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "na", "n/a", "#n/a", "n.a.", "nan", ".nan", "null", "none"}
)


@dataclass
class Gather:
    """What has been read of one file so far; `known_at`, `source` and `grade` go into every record."""

    file: str
    known_at: date
    source: str
    grade: Grade = "primary"
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    systems: dict[str, SeenSystem] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    absences: Counter[str] = field(default_factory=Counter)
    _indicators: set[str] = field(default_factory=set)

    @property
    def vintage(self) -> str:
        """The day the file became known names the publication, where the file has no better name for it."""
        return self.known_at.isoformat()

    def refuse(self, place: int | str, field: str, found: object, expected: str) -> None:
        """Note one thing that is not taken, with what was there and what should have been."""
        self.refusals.append(Refusal(Fault(self.file, place, field, say(found), expected)))

    def absent(self, why: str, count: int = 1) -> None:
        """Count rows that have no value by the file's own meaning; they are shown beside the values."""
        if count:
            self.absences[why] += count

    def fault(self, fault: Fault) -> None:
        """Note a fault that reading found."""
        self.refusals.append(Refusal(fault))

    def indicator(self, id: str, *, name: str, unit: str, measures: str, **more: Any) -> str:
        """Declare a series once; the store's own indicator of that id is kept where there is one."""
        if id not in self._indicators:
            self._indicators.add(id)
            fields: dict[str, Any] = {"scale": "linear", "direction": "higher", "role": "imported", **more}
            record = Indicator(
                id=id,
                name=name,
                unit=unit,
                measures=measures,
                source=self.source,
                grade=self.grade,
                known_at=self.known_at,
                **fields,
            )
            self.entries.append(Entry(record, Row(self.file, f"indicator {id}", {})))
        return id

    def system(self, name: Any, *, developer: Any = "", released_on: Any = None) -> None:
        """Note what the file says of a system, for the day somebody has to say which one it is."""
        if isinstance(name, str) and name.strip():
            developer = developer if isinstance(developer, str) else ""
            self.systems.setdefault(
                name.strip(),
                SeenSystem(name=name.strip(), developer=developer, released_on=day_of(released_on)),
            )

    def measurement(self, place: int | str, **cells: Any) -> None:
        """Take one value, count it as absent, or refuse it with every field that is not what it should be.

        `system` is the name in the file. An end that is no finite number is left open, and an interval that is wholly
        empty loses its level, too.
        """
        if "value" in cells and nothing(cells["value"]):
            self.absent("no value")
            return
        if infinite(cells.get("value")):
            self.absent("no finite value")
            return
        for end in ("low", "high"):
            if end in cells and (nothing(cells[end]) or infinite(cells[end])):
                cells.pop(end)
        if empty(cells.get("low")) and empty(cells.get("high")):
            cells.pop("interval", None)
        if isinstance(cells.get("system"), str):
            cells["system"] = cells["system"].strip()
        given = {
            "vintage": self.vintage,
            "source": self.source,
            "grade": self.grade,
            "known_at": self.known_at.isoformat(),
            **cells,
        }
        row = Row(self.file, place, given)
        record = _MEASUREMENT(row)
        if isinstance(record, Measurement):
            self.entries.append(Entry(record, row))
        else:
            self.refusals += [Refusal(fault, given) for fault in record]

    def done(
        self,
        subject: str,
        attempts: pa.Table | Outside | None = None,
        *,
        circumstances: Mapping[str, str] | None = None,
        made_at: Any = "",
    ) -> Imported:
        """Everything read."""
        if isinstance(attempts, pa.Table) and not attempts.num_rows:
            attempts = None
        if not (self.entries or self.refusals or self.systems or self.absences) and attempts is None:
            self.refuse(0, "", "no result", "at least one")
        return Imported(
            subject=subject,
            entries=tuple(self.entries),
            refusals=tuple(self.refusals),
            attempts=attempts,
            systems=self.systems,
            notes=tuple(self.notes),
            absent=dict(self.absences),
            circumstances=dict(circumstances or {}),
            made_at=moment_of(made_at),
        )


def gathered(take: Callable[[Gather, Path], Imported]) -> Read:
    """Make `read` of a function that fills a Gather; a file that cannot be read becomes one refusal."""

    @wraps(take)
    def read(path: Path, *, known_at: date, source: str) -> Imported:
        gather = Gather(path.name, known_at, source)
        try:
            return take(gather, path)
        except Unreadable as unreadable:
            return Imported(subject="", refusals=(Refusal(unreadable.fault),))

    return read


def empty(cell: Any) -> bool:
    """Whether a cell holds nothing, in the ways that files write it."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def nothing(cell: Any) -> bool:
    """Whether a cell says that there is no value: empty, null, NaN, N/A, a dash."""
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in NOTHING)


def infinite(cell: Any) -> bool:
    """Whether a cell is an infinite number, as a float or in words."""
    try:
        return not isinstance(cell, bool) and math.isinf(float(cell))
    except (TypeError, ValueError, OverflowError):
        return False


def number(cell: Any) -> float | None:
    """A finite number, or None."""
    try:
        value = float(cell) if not isinstance(cell, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def day_of(cell: Any) -> date | None:
    """The day of an ISO date or moment, or None."""
    if not isinstance(cell, str):
        return None
    try:
        day = date.fromisoformat(cell.strip()[:10])
    except ValueError:
        return None
    return day if 1950 <= day.year < 2100 else None


def moment_of(cell: Any) -> str:
    """An ISO moment in UTC, so that two can be compared as text; empty when it is none."""
    try:
        moment = datetime.fromisoformat(str(cell).strip())
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return ""


def around(value: Any, se: Any, *, level: float = 0.95, share: bool = False) -> dict[str, Any]:
    """value, low, high and interval from a standard error by the normal rule; a share stays within 0 and 1."""
    middle, spread = number(value), number(se)
    if middle is None or spread is None or spread < 0:
        return {"value": value}
    low, high = middle - Z[level] * spread, middle + Z[level] * spread
    if share and 0 <= middle <= 1:
        low, high = max(low, 0.0), min(high, 1.0)
    return {"value": middle, "low": low, "high": high, "interval": level}


def slug(text: str) -> str:
    """A name as part of an id: lower case, with _ for everything that is not a letter or digit."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:80] or "unnamed"
