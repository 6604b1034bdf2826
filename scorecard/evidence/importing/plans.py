"""What importing one file would do, and what is on record while it is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from scorecard.evidence.importers import Imported, Importer, Refusal, SeenSystem
from scorecard.evidence.names import Registry, folded
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.vintages import current
from scorecard.records import Import, Indicator, Json, Measurement, Record, Source, System
from scorecard.store import View

# What becomes of a value that differs from an earlier one whose run was recorded under other circumstances.
type Differing = Literal["ask", "revise", "apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """One value beside what was known of the same thing: `before` is None for a new one."""

    indicator: str
    system: str
    condition: str
    before: str | None
    before_vintage: str
    after: str
    vintage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """A value that would change another whose run differs in something that nobody has called harmless."""

    change: ValueChange
    differs: str  # "task code was a1b2c3d, is e4f5a6b"


@dataclass(slots=True, kw_only=True)
class ImportPlan:
    """What importing one file would do."""

    path: Path
    file: str
    id: str
    size: int
    importer: Importer
    known_at: date
    source: str
    mapping: Json | None = None
    differing: Differing = "ask"
    imported: Imported
    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unknown: dict[str, SeenSystem] = field(default_factory=dict)  # names that nobody has said the system of
    changes: list[ValueChange] = field(default_factory=list)
    questions: list[InDoubt] = field(default_factory=list)
    same: int = 0
    gone: list[str] = field(default_factory=list)  # what the file before had and this one lacks
    notes: list[str] = field(default_factory=list)
    already: bool = False
    counted: int | None = None  # attempts of a table that were looked at beforehand

    @property
    def measurements(self) -> int:
        """How many values would be stored."""
        return sum(isinstance(record, Measurement) for record in self.records)

    @property
    def attempts(self) -> int | None:
        """How many attempts it holds; None for a table that is counted only while it is stored."""
        held = self.imported.attempts
        return 0 if held is None else held.num_rows if isinstance(held, pa.Table) else self.counted

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return sum(refusal.count for refusal in self.refusals)

    @property
    def absent(self) -> str:
        """Why rows have no value by the file's own meaning, and how many: `2 errored, 1 unscored`."""
        return ", ".join(f"{count} {why}" for why, count in self.imported.absent.items())

    def as_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {
            "file": self.file,
            "format": self.importer.name,
            "sha256": self.id,
            "known_at": str(self.known_at),
            "source": self.source,
            "already": self.already,
            "measurements": self.measurements,
            "attempts": self.attempts,
            "same": self.same,
            "absent": dict(self.imported.absent),
            "refused": [str(refusal) for refusal in self.refusals],
            "unknown": sorted(self.unknown),
            "notes": self.notes,
            "gone": self.gone,
            "changes": [_plain(change) for change in self.changes],
            "questions": [{**_plain(one.change), "differs": one.differs} for one in self.questions],
        }


def _plain(change: ValueChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ValueChange.__slots__}


@dataclass
class Stored:
    """What is on record, read once for all files of a call, with what earlier files of it add."""

    registry: Registry
    indicators: dict[str, Indicator]
    sources: dict[str, Source]
    imports: dict[str, Import]
    keys: dict[tuple[Any, ...], Measurement]
    latest: dict[tuple[Any, ...], Measurement]
    circumstances: dict[str, Json]  # of the run that a source reports on
    systems: dict[str, System] = field(default_factory=dict)  # to be added, by folded name

    @classmethod
    def of(cls, view: View) -> Stored:
        """Read what is on record in a view."""
        measurements, imports = published_readings(view), view.all(Import)
        return cls(
            Registry.of(view),
            {i.id: i for i in view.all(Indicator)},
            {s.id: s for s in view.all(Source)},
            {i.id: i for i in imports},
            {value_key(m): m for m in measurements},
            {m.subject: m for m in current(measurements)},
            {i.source: dict((i.mapping or {}).get("circumstances") or {}) for i in imports},
        )

    def system(self, name: str) -> System | None:
        """The system that a name means, on record or to be added."""
        return self.registry.find(name) or self.systems.get(folded(name))


def value_key(m: Measurement) -> tuple[Any, ...]:
    """What identifies a value in its vintage."""
    return (m.indicator, m.system, m.condition, m.observed_on, m.vintage)
