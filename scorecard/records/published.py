"""What is published: sources, frameworks and their thresholds, systems, indicators, readings, goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Bound, Direction, Fact, Finding, Json, Kind, Record, Rule, Scale


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
    """A capability level that a framework version says it will act on, in our own words.

    `rule` is what its text asks of its routes (those of its criteria, and the thresholds that are a `route_of` it):
    any of them, or all of them together.
    """

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
    rule: Rule = "any"
    route_of: str = ""


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
class FilingAsk:
    """One field of a filing: its short name, where the law asks for it, and what it asks, in our own words."""

    field: str
    article: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Fact):
    """One thing that a duty says must be filed or published: by which article, with whom, by when, and what is in it.

    `due` says the time limit; where it recurs, every so many months, counted from the day the duty came into force,
    from the framework's version in force or from the developer's newest system on record. The first is due so many
    months after that day, or `at_start` on the day itself. `place` is its place in the regulator's order.
    """

    TABLE: ClassVar[str] = "filings"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    duty: str
    name: str
    article: str
    recipient: str
    due: str
    asks: tuple[FilingAsk, ...]
    every_months: int = 0
    counted_from: Literal["in force", "framework", "system", "event"] = "event"
    at_start: bool = False
    place: int = 0


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

    @property
    def subject(self) -> tuple[str, str, str, date]:
        """What it is a reading of, whatever the vintage: indicator, system, condition and day."""
        return self.indicator, self.system, self.condition, self.observed_on


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
