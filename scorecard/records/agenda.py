"""What is watched for and what comes before a meeting: conditions, what was seen of them, and agenda items.

A decision stops holding when its condition comes true; tripwires, firings and agendas keep what was seen when it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scorecard.records._base import Finding

Side = Literal[">", "<"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityCondition:
    """The probability on record that a threshold is crossed by a day passes a number."""

    kind: Literal["probability"] = "probability"
    threshold: str
    by: date
    side: Side
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCondition:
    """A main reading that became known after the decision passes a number in the indicator's unit."""

    kind: Literal["reading"] = "reading"
    indicator: str
    side: Side
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationCondition:
    """The developer finds so."""

    kind: Literal["determination"] = "determination"
    threshold: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionCondition:
    """A reading that was known at the decision is corrected."""

    kind: Literal["revision"] = "revision"
    indicator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCondition:
    """A day comes."""

    kind: Literal["day"] = "day"
    on: date


Condition = (
    ProbabilityCondition | ReadingCondition | DeterminationCondition | RevisionCondition | DayCondition
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What made a condition true: the fields that its kind fills, the others None."""

    p: float | None = None
    run: str | None = None
    system: str | None = None
    value: float | None = None  # in the indicator's unit
    vintage: str | None = None
    determination: str | None = None
    systems: tuple[str, ...] | None = None
    on: date | None = None


AgendaKind = Literal[
    "tripwire",
    "decision due",
    "determination",
    "alert level",
    "forecast moved",
    "safeguard",
    "evidence",
    "stale evidence",
    "proposal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plainly:
    """An item that needs no figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutDecision(Sighting):
    """A decision that is due, or whose tripwire fired on what was seen."""

    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """P(crossed by a day, 12 months on) at the meeting before (None: no forecast) and now, by the run of now."""

    by: date
    before: float | None
    now: float
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unready:
    """P(crossed before the safeguards are ready), and what of it is tolerated."""

    p: float
    tolerance: float
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsCame:
    """How many readings are new and how many corrected: of one indicator, or of all that no criterion uses."""

    new: int
    revised: int
    indicator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An indicator whose newest reading is older than its re-test interval."""

    indicator: str


# "by kind" until the chair has shaped the agenda; "dropped" is for information because the chair said so.
AgendaPlace = Literal["by kind", "taken", "for information", "dropped"]
AgendaData = Plainly | AboutDecision | Moved | Unready | ReadingsCame | Stale


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One item: a key that minutes refer to, what it is in a line, the detail, and the threshold it opens to."""

    key: str
    kind: AgendaKind
    title: str
    words: str
    threshold: str  # empty when it is about none
    data: AgendaData
    place: AgendaPlace = "by kind"
    timebox: int = 0  # minutes that the chair sets aside for it; 0: none said
