"""What an importer is, and what it hands back: records with their places, attempts, absences and refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from scorecard.evidence.checks import Entry
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.tables import Fault
from scorecard.records import Record
from scorecard.store.outside import Outside


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows or a whole file that were not taken, and why; `cells` is the measurement if it got that far."""

    fault: Fault
    cells: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1  # rows with this fault

    def __str__(self) -> str:
        return str(self.fault)

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.fault.file

    @property
    def row(self) -> int | str:
        """The line, item or sample; 0 means the whole file."""
        return self.fault.row


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSystem:
    """What a file says about a system that it names."""

    name: str
    developer: str = ""
    released_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read from one file; systems have the names that the file gives them.

    A row is taken (`entries`, `attempts`), absent by the file's own meaning (`absent`: why, and how many), or
    damaged (`refusals`). `circumstances` are what the file records of its run beyond the settings that stand in each
    value's condition, such as the revision of a task's code; where they differ, a changed value is asked about.
    """

    subject: str
    entries: tuple[Entry, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    attempts: pa.Table | Outside | None = None
    systems: Mapping[str, SeenSystem] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what was passed over on purpose, in sentences
    absent: Mapping[str, int] = field(default_factory=dict)
    circumstances: Mapping[str, str] = field(default_factory=dict)
    made_at: str = (
        ""  # when the run was made, as a moment in UTC: of two runs of one subject the later one counts
    )

    @property
    def records(self) -> tuple[Record, ...]:
        """The indicators and measurements, without their places."""
        return tuple(entry.record for entry in self.entries)


class Read(Protocol):
    """Reads one file as known on a day and resting on a source; never raises for what a file holds."""

    def __call__(self, path: Path, *, known_at: date, source: str) -> Imported: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One format: `recognise` looks at a path and a glimpse of its content, `read` takes the file apart.

    A change of `version` means that the same file would now give other records. `at_release` is false where a
    value belongs to the day it describes and not to the release of a system.
    """

    name: str
    version: str
    title: str
    recognise: Callable[[Path, Glimpse], bool]
    read: Read
    at_release: bool = True
