"""What happened to a threshold and who says so: events, verdicts of others, second readings, corrections, searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Fact, Json

EventKind = Literal[
    "crossed",
    "not_crossed",
    "cannot_rule_out",
    "look_deeper",
    "precautionary",
    "below_alert",
    "applies",
    "alert",
    "restricts",
    "reassesses",
]
Judged = Literal["supports", "partly", "does_not_support"]
Sought = Literal["threshold", "series", "report", "determination"]
SearchOutcome = Literal["none_found", "published_not_held"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdEvent(Fact):
    """Something a developer did or said about one or several thresholds at once, with its system and day.

    The first six kinds are findings, as of `Determination`. `applies`: the developer treats the level as applying;
    `alert`: an alert threshold before the level was reached; `restricts`: training or use was restricted because of
    it; `reassesses`: an earlier finding is being looked at again.
    """

    TABLE: ClassVar[str] = "threshold_events"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    thresholds: tuple[str, ...]
    kind: EventKind
    developer: str
    system: str
    happened_on: date
    statement: str
    place: str = ""  # page or section of the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Fact):
    """What somebody else makes of a developer's finding; `of` is the id of a determination or of a threshold event."""

    TABLE: ClassVar[str] = "assessments"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    assessor: str
    independent: bool
    of: str
    verdict: Judged
    made_on: date
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCheck(Fact):
    """A second reading of a threshold's wording in the framework's own text: when, on which page, with what result."""

    TABLE: ClassVar[str] = "text_checks"
    KEY: ClassVar[tuple[str, ...]] = ("threshold", "read_on")
    threshold: str
    read_on: date
    place: str
    outcome: Literal["agrees", "corrected", "added"]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Fact):
    """A row that said something else before: what its fields were, what the source says, and why it changed.

    `subject` is the table and key of the row, such as `thresholds/lab.high`; `was` holds the earlier values of the
    fields that changed, and is empty for a row that was missing.
    """

    TABLE: ClassVar[str] = "corrections"
    KEY: ClassVar[tuple[str, ...]] = ("subject", "corrected_on")
    subject: str
    corrected_on: date
    reason: str
    was: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Fact):
    """What was looked for and not found, or found published but not held here; `reaches` is the last day it covers.

    `about` is the table and key of what it was sought for: a threshold, a framework's version or a system.
    """

    TABLE: ClassVar[str] = "searches"
    KEY: ClassVar[tuple[str, ...]] = ("about", "sought", "looked_on")
    about: str
    sought: Sought
    looked_on: date
    reaches: date
    outcome: SearchOutcome
    found: str
