"""What one person proposes and another rules on: criteria, prior sets, warning rules, adjusted readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol, Self

from scorecard.records._base import Doubt, Json, Record, Verdict

DEFAULTS = "the scorecard's defaults"  # the author of what the project proposes itself
SHIPPED = (DEFAULTS, "the project")  # authors of what came with the scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Record):
    """A way to measure a threshold: an indicator reaching an uncertain level.

    The level is `level` in the indicator's unit, normal with sd `level_sd` on the link scale; `gap`
    and `gap_sd` (link-scale units, never below zero) are the distance from benchmark to real work.
    Criteria with the same `route` of a threshold are alternative measures of the same thing, mixed by `weight`;
    routes are combined by the threshold's `rule`.
    """

    TABLE: ClassVar[str] = "criteria"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    STANDING: ClassVar[bool] = True
    id: str
    threshold: str
    indicator: str
    level: float
    level_sd: float
    gap: float = 0.0
    gap_sd: float = 0.0
    weight: float = 1.0
    rationale: str
    author: str
    source: str
    supersedes: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorSet(Record):
    """Named priors: `priors[shape][parameter]` is a distribution with unit, meaning and reason."""

    TABLE: ClassVar[str] = "prior_sets"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    STANDING: ClassVar[bool] = True
    id: str
    name: str
    author: str
    rationale: str
    priors: Json
    settings: Json  # model discrepancy, stall branch, release rate
    links: tuple[str, ...] = ()
    asked: Json | None = None  # quantiles as they were typed, to refill the form
    review_by: date | None = None
    supersedes: str = ""
    dissent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer(Record):
    """A proposed warning rule for a threshold: how likely a crossing before readiness may be, and months to spare."""

    TABLE: ClassVar[str] = "buffers"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    id: str
    threshold: str
    tolerance: float  # the greatest acceptable P(crossed before the safeguards are ready)
    months: float  # added to the readiness date
    rationale: str
    author: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment(Record):
    """What somebody holds a published reading should be, and why; counts once somebody else has adopted it."""

    TABLE: ClassVar[str] = "adjustments"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    id: str
    indicator: str
    system: str
    condition: str
    observed_on: date
    vintage: str
    doubt: Doubt
    value: float
    low: float | None = None
    high: float | None = None
    rationale: str
    author: str
    supersedes: str = ""


class Ruled(Protocol):
    """Any record that is ruled on: it has a table and an id."""

    TABLE: ClassVar[str]

    @property
    def id(self) -> str:
        """Its name within the table."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a ruling, a signature or a snapshot is about: one record by its table and id, written TABLE/ID."""

    table: str
    id: str

    @classmethod
    def of(cls, item: Ruled) -> Self:
        """The subject that a proposal is."""
        return cls(item.TABLE, item.id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read TABLE/ID as it is stored."""
        table, _, id = text.partition("/")
        return cls(table, id)

    def __str__(self) -> str:
        return f"{self.table}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling(Record):
    """Someone adopts, declines or withdraws a proposed prior set or criterion."""

    TABLE: ClassVar[str] = "rulings"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    id: str
    subject: str  # a `Subject` as it is stored
    ruling: Verdict
    ruled_by: str
    reason: str

    @property
    def about(self) -> Subject:
        """What it rules on."""
        return Subject.parse(self.subject)
