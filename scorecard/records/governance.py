"""What a meeting works with and leaves behind: decisions, safeguards, minutes, tripwires, signatures, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Finding, Identity, Json, Record, Role, SafeguardState


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """What a governance meeting decided about a threshold, and the forecast it rested on."""

    TABLE: ClassVar[str] = "decisions"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    threshold: str
    finding: Finding
    decision: str
    reason: str
    decided_by: str
    forecast_run: str
    system: str = ""
    meeting: str = ""
    owner: str = ""
    due_on: date | None = None
    review_on: date | None = None
    holds_while: str = ""
    options: tuple[str, ...] = ()
    votes: Json | None = None
    dissent: str = ""
    conflicts: str = ""
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard(Record):
    """Something a threshold obliges, and when it will be in place as 10 / 50 / 90 % dates.

    The dates assume that the work starts (or started) on `starts_on`; a ready one has its date three times.
    """

    TABLE: ClassVar[str] = "safeguards"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    thresholds: tuple[str, ...]
    name: str
    obligation: str
    owner: str
    status: SafeguardState
    starts_on: date
    ready_10: date
    ready_50: date
    ready_90: date
    author: str
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Record):
    """A governance meeting; its agenda compares the record at log entries `since_seq` and `until_seq`."""

    TABLE: ClassVar[str] = "meetings"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    title: str
    held_on: date
    chair: str
    attendees: tuple[str, ...]
    state: Literal["scheduled", "open", "closed"]
    moved_by: float  # the change of a probability that puts a threshold on the agenda
    since_on: date | None = None
    since_seq: int = 0
    until_seq: int = 0
    agenda: tuple[Json, ...] = ()  # as it stood when the meeting was opened
    summary: str = ""
    snapshot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute(Record):
    """What was said about one item of a meeting's agenda."""

    TABLE: ClassVar[str] = "minutes"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    meeting: str
    item: str
    words: str
    author: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripwire(Record):
    """A condition under which a decision stops holding; see scorecard/governance/tripwires.py."""

    TABLE: ClassVar[str] = "tripwires"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    decision: str
    condition: Json
    words: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing(Record):
    """A tripwire that fired, with what was seen."""

    TABLE: ClassVar[str] = "firings"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    tripwire: str
    decision: str
    words: str
    seen: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """What stood in front of a meeting when it decided: about the capability, or about the safeguards."""

    TABLE: ClassVar[str] = "reports"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    decision: str
    about: Literal["capability", "safeguards"]
    finding: str
    contents: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Record):
    """What a meeting, a decision or a briefing rested on, in one file whose sha256 is the id."""

    TABLE: ClassVar[str] = "snapshots"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    kind: Literal["view", "meeting", "decision", "briefing"]
    subject: str
    title: str
    as_of: date
    entry: int  # the log entry that was last when it was taken
    content: str  # file name below the store's folder of files
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Record):
    """A person puts their name to a snapshot of a meeting or decision."""

    TABLE: ClassVar[str] = "signoffs"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    subject: str
    snapshot: str
    name: str
    identity: Identity
    role: Role
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commentary(Record):
    """What a named author says about a threshold; its figures are references such as {p_12_months}."""

    TABLE: ClassVar[str] = "commentary"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    threshold: str
    text: str
    author: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Record):
    """A question to the organisation's own experts: does it happen by a day? Open until it closes or is resolved."""

    TABLE: ClassVar[str] = "questions"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    about: str  # an event or a threshold, by id
    due_on: date
    closes_on: date
    asked_by: str
    note: str = ""
    happened: bool | None = None
    resolved_on: date | None = None
    resolved_by: str = ""
    grounds: str = ""

    def state(self, as_of: date) -> Literal["open", "closed", "resolved"]:
        """Whether answers are still taken on a day; until it closes nobody may be shown another's."""
        if self.happened is not None:
            return "resolved"
        return "open" if as_of <= self.closes_on else "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Record):
    """One expert's probability for a question; a later one of the same expert supersedes it while it is open."""

    TABLE: ClassVar[str] = "judgements"
    KEY: ClassVar[tuple[str, ...]] = ("question", "author")
    question: str
    author: str
    probability: float
    reason: str
