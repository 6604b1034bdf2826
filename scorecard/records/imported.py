"""How evidence came in: imports, what was held back, names of systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from scorecard.records._base import Json, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Record):
    """A file of evaluation results that was read, by what it contains; its attempts stand in `kept`."""

    TABLE: ClassVar[str] = "imports"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of the file
    format: str
    version: str  # of the importer
    file: str
    size: int  # bytes
    source: str
    subject: str  # what it reports on: a later file with the same subject takes the place of its attempts
    measurements: int
    attempts: int
    refused: int
    kept: str = ""  # Parquet below the store's folder of files
    kept_sha256: str = ""
    mapping: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Record):
    """A row that an import refused, kept until it is corrected and read again."""

    TABLE: ClassVar[str] = "quarantine"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    format: str
    file: str
    place: str
    field: str
    found: str
    expected: str
    cells: Json  # the measurement as read; empty when the row had no such shape
    state: Literal["held", "replayed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Record):
    """A further name of a system; a merge is the id of one system made a name of another."""

    TABLE: ClassVar[str] = "aliases"
    KEY: ClassVar[tuple[str, ...]] = ("name",)
    name: str  # without regard to case
    system: str
    kind: Literal["alias", "merge"]
    standing: bool  # false takes it back
    author: str
    reason: str
