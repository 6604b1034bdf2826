"""What we ourselves hold, beside criteria and prior sets: dates that people named, bars, pace rules, the loop's priors.

Each stands from the start as a proposed default; a later one that `supersedes` it counts once somebody has adopted it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Json, Record

AlertScale = Literal["capability", "safeguards"]
AlertLevel = Literal["normal", "watch", "warning", "reached"]
AlertMeasure = Literal["p_now", "p_12_months", "p_before_ready", "p_unowned", "word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed(Record):
    """A proposed default or a later proposal: whose it is, why, and what it takes the place of."""

    KEY: ClassVar[tuple[str, ...]] = ("id",)
    OURS: ClassVar[bool] = True
    STANDING: ClassVar[bool] = True
    id: str
    author: str
    rationale: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Assumed):
    """A day that people have named in advance, for which probabilities are quoted."""

    TABLE: ClassVar[str] = "deadlines"
    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm(Assumed):
    """How many months lie between governance meetings where none is scheduled."""

    TABLE: ClassVar[str] = "rhythms"
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightArea(Assumed):
    """An area of oversight: its question, what nobody has published, and the threshold it is raced against."""

    TABLE: ClassVar[str] = "oversight_areas"
    name: str
    question: str
    missing: str
    capability: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightBar(Assumed):
    """The bar that an indicator of an area is held to, in its unit, and which way is safer."""

    TABLE: ClassVar[str] = "oversight_bars"
    area: str
    indicator: str
    safer: Literal["higher", "lower"]
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRule(Assumed):
    """A threshold on the pace: `level` times `baseline` on average over `months`, AI's part `cause` or more."""

    TABLE: ClassVar[str] = "pace_rules"
    threshold: str
    name: str
    level: float
    months: int
    cause: float
    baseline: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPriors(Assumed):
    """Priors of the self-improvement loop by section and parameter, and the settings that are no distribution."""

    TABLE: ClassVar[str] = "loop_priors"
    name: str
    priors: Json
    settings: Json
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRole(Assumed):
    """What an indicator is read as elsewhere than in criteria.

    `role` "stage": how far the stage of work `part` is automated, by evidence of a `kind`; "multiplier": how many
    times as much staff get done; "share": a share of work that moves together; "gain": an end of the loop's gain.
    """

    TABLE: ClassVar[str] = "series_roles"
    role: Literal["stage", "multiplier", "share", "gain"]
    indicator: str
    part: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule(Assumed):
    """When an alert level is entered and left, and what must then happen within how many days, and by whom.

    `measure` is what is compared: a chance of the forecast, the chance of a crossing before the safeguards are ready,
    the chance within 12 months where no safeguard has a date, or the developer's word (one of `words`). A chance from
    `enter` on enters the level, from `enter_unsure` on where confidence is low; below `leave` the level stands down,
    once it has stood for `hold_days`. An empty `threshold` means every threshold that has no rule of its own.
    """

    TABLE: ClassVar[str] = "alert_rules"
    scale: AlertScale
    level: Literal["watch", "warning", "reached"]
    measure: AlertMeasure
    within_days: int
    action: str
    owner: str
    enter: float = 1.0
    enter_unsure: float = 1.0
    leave: float = 1.0
    hold_days: int = 0
    words: tuple[str, ...] = ()
    threshold: str = ""
