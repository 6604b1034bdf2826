"""The nouns of the record, as frozen dataclasses.

Each class names the table it is stored in (`TABLE`) and the fields that identify one thing (`KEY`):
a later row with the same key supersedes the earlier one, and both are kept. `known_at` is the day on
which a fact could have been known; `recorded_at` belongs to the store and is not a field here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

Grade = Literal["primary", "dataset", "secondary_verified", "secondary", "own_knowledge"]
Scale = Literal["log2", "log10", "logit", "linear"]
Direction = Literal["higher", "lower"]
Bound = Literal["exact", "at_least", "at_most"]
Kind = Literal["substitution", "pace", "declaration"]
Finding = Literal["crossed", "not_crossed", "cannot_rule_out", "look_deeper", "precautionary", "below_alert"]
Doubt = Literal["contamination", "cheating", "under_elicitation", "other"]
Verdict = Literal["adopted", "declined", "withdrawn"]
Identity = Literal[
    "typed by hand", "signed in with single sign-on", "local user of this machine", "built from data/"
]
SafeguardState = Literal["planned", "being built", "being tested", "ready", "withdrawn"]
Role = Literal["viewer", "researcher", "chair", "administrator"]
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every stored thing has: a table, a key, and the day it could have been known."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    known_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """A record taken from a published source; without source and grade it is refused."""

    source: str
    grade: Grade


# ---- what is published ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A public document or data file that numbers come from."""

    TABLE: ClassVar[str] = "sources"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    title: str
    url: str
    published_on: date
    licence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Fact):
    """One version of a developer's safety framework; versions stand side by side."""

    TABLE: ClassVar[str] = "frameworks"
    KEY: ClassVar[tuple[str, ...]] = ("id", "version")
    id: str
    version: str
    developer: str
    name: str
    effective_on: date
    current: bool
    process: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Fact):
    """A capability level that a framework version says it will act on, in our own words."""

    TABLE: ClassVar[str] = "thresholds"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    framework: str
    version: str
    category: str
    level: str
    kind: Kind
    rsi_relevant: bool
    current: bool
    paraphrase: str
    operationalisation: str = ""
    obligations: tuple[str, ...] = ()
    quantities: tuple[Json, ...] = ()
    needed: str = ""  # what would have to be published before anybody could measure it
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination(Fact):
    """What a developer itself has found about a system and a threshold."""

    TABLE: ClassVar[str] = "determinations"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    threshold: str
    developer: str
    system: str
    determined_on: date
    finding: Finding
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Fact):
    """A legal or code-of-practice duty to report, and the fields it asks for."""

    TABLE: ClassVar[str] = "duties"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    name: str
    in_force_on: date
    duties: tuple[str, ...]
    fields: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Fact):
    """An AI model or agent under test, with the names that sources give it."""

    TABLE: ClassVar[str] = "systems"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    name: str
    developer: str
    released_on: date
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Fact):
    """A measurable series with its unit, link scale, direction and reliable range.

    `direction` says which way is more of what is measured; `lower`/`upper` are the ends of a
    `logit` scale in the indicator's own unit; beyond `reliable_max` the instrument does not measure
    and values are treated as right-censored there. `shared_tasks` marks series whose errors are
    correlated because the systems are tested on the same tasks.
    """

    TABLE: ClassVar[str] = "indicators"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    name: str
    unit: str
    scale: Scale
    direction: Direction
    role: str
    measures: str
    lower: float | None = None
    upper: float | None = None
    reliable_max: float | None = None
    shared_tasks: bool = False
    few_lag: bool = True  # few systems lag the frontier, so fitting the frontier alone loses little
    retest_days: int = 180
    informs: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement(Fact):
    """One published value of an indicator for one system, in one vintage.

    `value`, `low`, `high` are in the indicator's unit and `interval` is the level of low-high
    (METR 0.95, Epoch 0.90). `observed_on` is the place on the time axis: the system's release, or
    the day a survey or period describes. `condition` tells apart readings of one system (effort,
    treatment of cheating). `main` is false for readings that are shown but not fitted.
    """

    TABLE: ClassVar[str] = "measurements"
    KEY: ClassVar[tuple[str, ...]] = ("indicator", "system", "condition", "observed_on", "vintage")
    indicator: str
    system: str
    condition: str = ""
    observed_on: date
    vintage: str
    value: float
    low: float | None = None
    high: float | None = None
    interval: float | None = None
    bound: Bound = "exact"
    n: int | None = None
    main: bool = True
    marks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Fact):
    """A dated public goal or question that can be resolved, with criteria for it."""

    TABLE: ClassVar[str] = "events"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    name: str
    criteria: str
    sub_events: tuple[str, ...] = ()
    threshold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook(Fact):
    """A goal, forecast or observation that somebody made in public about an event."""

    TABLE: ClassVar[str] = "outlooks"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    event: str
    kind: Literal["goal", "forecast", "observation"]
    who: str
    organisation: str
    said_on: date
    statement: str
    probability: float | None = None
    probability_is: Bound = "exact"
    target_on: date | None = None
    quantiles: Json | None = None  # "p10" .. "p90" -> ISO date, or a value with its unit
    resolution: Json | None = None  # status, on, note, source
    note: str = ""


# ---- what people propose and decide --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Record):
    """A way to measure a threshold: an indicator reaching an uncertain level.

    The level is `level` in the indicator's unit, normal with sd `level_sd` on the link scale; `gap`
    and `gap_sd` (link-scale units, never below zero) are the distance from benchmark to real work.
    """

    TABLE: ClassVar[str] = "criteria"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorSet(Record):
    """Named priors: `priors[shape][parameter]` is a distribution with unit, meaning and reason."""

    TABLE: ClassVar[str] = "prior_sets"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
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
class Ruling(Record):
    """Someone adopts, declines or withdraws a proposed prior set or criterion."""

    TABLE: ClassVar[str] = "rulings"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    subject: str  # "prior_sets/ID" or "criteria/ID"
    ruling: Verdict
    ruled_by: str
    reason: str


POOL = "pool"  # all shapes, sampled
QUICK = "pool, approximated"  # the same without sampling: a first answer, never preferred to a sampled one


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRun(Record):
    """A forecast of one threshold: data as of a moment, priors, model and seed to draws, under one hash."""

    TABLE: ClassVar[str] = "forecast_runs"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of everything the result depends on
    threshold: str
    as_of: date
    criteria: tuple[str, ...]
    indicators: tuple[str, ...]
    prior_set: str
    model: str  # POOL, or QUICK until the sampler has answered
    model_version: str
    seed: int
    data_hash: str
    publishable: bool
    checks: Json
    result: Json  # probabilities, quantiles, fans, weights; see forecasts/runs.py
    draws: str  # file name below the store's folder of files
    draws_sha256: str


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
class TrackRecord(Record):
    """How forecasts of one indicator would have done in the past: scores by model, and lateness of dates."""

    TABLE: ClassVar[str] = "track_records"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of everything the result depends on
    indicator: str
    prior_set: str
    model_version: str
    seed: int
    data_hash: str
    origins: int
    records: int  # distinct records that were forecast: what limits what the scores can tell
    scores: tuple[Json, ...]  # a row a model; see forecasts/judging/backtest.py
    lateness: tuple[Json, ...]
    calibration: Json  # model -> probability integral transforms


# ---- governance: what a meeting works with ---------------------------------------------------------


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
class Buffer(Record):
    """A proposed warning rule for a threshold: how likely a crossing before readiness may be, and months to spare."""

    TABLE: ClassVar[str] = "buffers"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    threshold: str
    tolerance: float  # the greatest acceptable P(crossed before the safeguards are ready)
    months: float  # added to the readiness date
    rationale: str
    author: str
    supersedes: str = ""


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
class Adjustment(Record):
    """What somebody holds a published reading should be, and why; counts once somebody else has adopted it."""

    TABLE: ClassVar[str] = "adjustments"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
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
class LogEntry:
    """One transaction of the store; `hash` chains it to the one before."""

    seq: int
    recorded_at: datetime
    actor: str
    identity: Identity
    action: str
    reason: str
    rows: int
    content: str
    previous: str
    hash: str


RECORDS: tuple[type[Record], ...] = (
    Source, Framework, Threshold, Determination, Duty, System, Indicator, Measurement, Event, Outlook,
    Criterion, PriorSet, Ruling, ForecastRun, Decision, TrackRecord,
    Safeguard, Buffer, Meeting, Minute, Tripwire, Firing, Report, Snapshot, SignOff,
    Import, Held, Alias, Commentary, Adjustment, Question, Judgement,
)  # fmt: skip
