"""What a meeting works with and leaves behind: decisions, safeguards, minutes, tripwires, signatures, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Finding, Identity, Json, Record, Role, SafeguardState
from scorecard.records.agenda import AgendaItem, Condition, Sighting
from scorecard.records.assumed import AlertLevel, AlertScale


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
    agenda: tuple[AgendaItem, ...] = ()  # as the chair shaped it; fixed but for that once opened
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
    condition: Condition
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
    seen: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """What stood in front of a meeting when it decided: about the capability or the safeguards, or why about an
    outdated forecast."""

    TABLE: ClassVar[str] = "reports"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    decision: str
    about: Literal["capability", "safeguards", "forecast"]
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
class Signature(Record):
    """What a signer's own SSH key says of a snapshot: `signature` is OpenSSH's armoured text over its id."""

    TABLE: ClassVar[str] = "signatures"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    snapshot: str
    signer: str  # as the file of allowed signers names them
    fingerprint: str
    signature: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange(Record):
    """A threshold's alert level went up or down: by which rule, why, and what must happen by when.

    `value` is what the rule compared, in [0, 1]; empty where a developer's word or missing figures decided.
    """

    TABLE: ClassVar[str] = "alert_changes"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    threshold: str
    scale: AlertScale
    before: AlertLevel
    level: AlertLevel
    rule: str
    reason: str
    run: str
    action: str
    owner: str
    value: float | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(Record):
    """Somebody who is told of changes: of which thresholds (none named: all), from what size on, how often, and where.

    `moved_by` is a change of the chance within 12 months, in [0, 1], `months` one of the median date. `channels` are
    names of channels of the configuration (none named: all). What was not acknowledged `within_days` goes to
    `escalate_to`, another reader; an empty name escalates to nobody.
    """

    TABLE: ClassVar[str] = "readers"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    name: str
    author: str
    thresholds: tuple[str, ...] = ()
    moved_by: float = 0.05
    months: float = 3.0
    digest: Literal["at once", "daily", "weekly", "monthly"] = "at once"
    channels: tuple[str, ...] = ()
    within_days: int = 14
    escalate_to: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Record):
    """What a reader was last told of a threshold, and by which notice: the mark that changes are measured from."""

    TABLE: ClassVar[str] = "told"
    KEY: ClassVar[tuple[str, ...]] = ("reader", "threshold")
    reader: str
    threshold: str
    notice: str
    word: str
    capability: AlertLevel
    safeguards: AlertLevel
    run: str
    p_12_months: float | None = None
    q50: date | None = None
    error: float = 0.0  # Monte Carlo standard error of the chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Record):
    """A note to a reader, with the sentences it told; what became of it are its events."""

    TABLE: ClassVar[str] = "notices"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    reader: str
    subject: str
    sentences: tuple[str, ...]
    acknowledge_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEvent(Record):
    """What became of a notice: sent on a channel, not taken by it, acknowledged, or handed on because nobody did."""

    TABLE: ClassVar[str] = "notice_events"
    KEY: ClassVar[tuple[str, ...]] = ("notice", "what", "channel")
    notice: str
    what: Literal["sent", "failed", "acknowledged", "escalated"]
    channel: str
    author: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Record):
    """The forecasts issued for an issue day: which runs, on which day they were made, and the head that witnessed them.

    `reconstructed` marks one made afterwards from what was known on its day: it is scored apart.
    """

    TABLE: ClassVar[str] = "issues"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    due_on: date
    runs: tuple[str, ...]
    head: str
    note: str
    reconstructed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingEntry(Record):
    """What somebody wrote under one field of a duty's filing, for one developer and period, and how far it is."""

    TABLE: ClassVar[str] = "filing_entries"
    KEY: ClassVar[tuple[str, ...]] = ("duty", "field", "developer", "period")
    duty: str
    field: str
    developer: str
    period: str
    text: str
    state: Literal["drafted", "reviewed", "filed"]
    author: str
    evidence: tuple[str, ...] = ()
