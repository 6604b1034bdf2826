"""What the doors answer: frozen values with units and where each is from; both protocols give them as they are here.

Chances run from 0 to 1, dates are ISO, values are in the unit beside them. None says that there is none. The answers
themselves have no slots, which MCP's SDK takes for defaults of the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day  # since a field is called date
from typing import Any

from scorecard.records import (
    AgendaItem,
    Bound,
    Check,
    CriterionResult,
    DateSensitivity,
    Grade,
    Kind,
    ParameterEstimate,
    Quantiles,
    ShapeResult,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What every answer rests on: the day, the record's last entry with its head, and who may read it."""

    as_of: Day
    entry: int
    head: str
    audience: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list this is; `next_offset` asks for the following one, None at the end."""

    total: int
    offset: int
    next_offset: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A public document that a value is from."""

    id: str
    title: str
    url: str
    published_on: Day
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One published value in its indicator's unit; `interval` is the level of low to high."""

    indicator: str
    system: str
    value: float
    unit: str
    low: float | None
    high: float | None
    interval: float | None
    bound: Bound
    observed_on: Day
    known_at: Day
    vintage: str
    condition: str
    fitted: bool
    marks: tuple[str, ...]
    grade: Grade
    source: Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestReading:
    """The newest reading of a threshold's indicator, in its unit; `source` is its address."""

    indicator: str
    value: float
    unit: str
    low: float | None
    high: float | None
    interval: float | None
    bound: Bound
    system: str
    date: Day
    vintage: str
    source: str
    grade: Grade
    age_days: int
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A threshold's row, field by field what `preparedness status --json` prints (a test holds them equal).

    `p_by` is the chance by each named deadline; `q10`, `q50` and `q90` are dates, None beyond `horizon`. All are given
    the developer's findings; `by_measurement` has them without. `mcse` is each one's Monte Carlo error, `weight_used`
    the share of the criteria's weight that could be used; `withheld` says why the chance is no headline.
    """

    threshold: str
    framework: str
    developer: str
    version: str
    category: str
    level: str
    kind: Kind
    status: str
    reason: str
    reached: bool
    next_level: str | None
    voices: dict[str, str | bool]
    timeline: tuple[dict[str, Any], ...]
    searched_to: Day | None
    latest: NewestReading | None
    p_now: float | None
    p_next_meeting: float | None
    next_meeting: Day | None
    p_12_months: float | None
    p_by: dict[str, float] | None
    q10: Day | None
    q50: Day | None
    q90: Day | None
    p_beyond_horizon: float | None
    horizon: Day | None
    weight_used: float | None
    by_measurement: dict[str, Any] | None
    mcse: dict[str, Any] | None
    forecast_run: str | None
    prior_set: str | None
    model: str | None
    outdated: str | None
    withheld: str | None
    confidence: str | None
    confidence_because: tuple[str, ...]
    because: str | None
    same_as: tuple[str, ...]
    unforecast: str
    source: str
    grade: Grade
    text_read: dict[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherCrossed:
    """The chance that at least one more of these thresholds is crossed by a day, counted in the worlds they share."""

    thresholds: tuple[str, ...]
    by: Day
    p: float
    mcse: float


@dataclass(frozen=True, kw_only=True)
class StatusAnswer:
    """The scorecard of a day: a row a threshold, and the chance of another crossing within twelve months.

    That chance is of all thresholds on self-improvement, whatever rows are asked for; None where fewer than two count.
    """

    about: About
    page: Page
    rows: tuple[Row, ...]
    another_12_months: AnotherCrossed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionTold:
    """How a threshold is measured, in part: the level to reach in the indicator's unit, and its weight."""

    id: str
    indicator: str
    name: str
    level: float
    unit: str
    weight: float
    standing: str
    rationale: str


@dataclass(frozen=True, kw_only=True)
class ThresholdAnswer:
    """All that is held about one threshold: its row, its text in our words, its measure, its newest readings."""

    about: About
    row: Row
    paraphrase: str
    operationalisation: str
    obligations: tuple[str, ...]
    needed: str
    criteria: tuple[CriterionTold, ...]
    readings: tuple[Reading, ...]
    decisions: tuple[str, ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceAnswer:
    """Readings of indicators, the newest first."""

    about: About
    page: Page
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where a threshold stood on a day; chances are None where no forecast of that day is held."""

    status: str
    p_now: float | None
    p_12_months: float | None
    q50: Day | None
    run: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One threshold on both days; `then` is None where it was not on the scorecard yet."""

    threshold: str
    then: Stood | None
    now: Stood


@dataclass(frozen=True, kw_only=True)
class ChangesAnswer:
    """What changed between two days: thresholds that stand otherwise, and what came in, most pressing first."""

    about: About
    since: Day
    page: Page
    changes: tuple[Change, ...]
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainAnswer:
    """Why a forecast says what it says: its parts by criterion and shape, parameters, checks, what was left out.

    `refused` says why nothing is quoted; then the parts are empty.
    """

    about: About
    threshold: str
    run: str
    made_as_of: Day
    prior_set: str
    model: str
    model_version: str
    seed: int
    data_hash: str
    draws_sha256: str
    refused: str
    by_criterion: dict[str, CriterionResult]
    by_shape: dict[str, ShapeResult]
    parameters: dict[str, dict[str, ParameterEstimate]]
    left_out: dict[str, str]
    sensitivity: DateSensitivity | None
    notes: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record that a search found; `ask` is the question that tells more of it, with `id`."""

    table: str
    id: str
    title: str
    where: str
    ask: str


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """Records that hold every word that was searched for, thresholds first."""

    about: About
    page: Page
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTold:
    """A snapshot: what it was taken of, by whom, and how many rows of each kind it binds (when it is asked for)."""

    id: str
    kind: str
    subject: str
    title: str
    as_of: Day
    entry: int
    author: str
    known_at: Day
    rows: dict[str, int] | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class SnapshotAnswer:
    """The snapshots of the record, the newest first, or the one that was asked for with what it binds."""

    about: About
    page: Page
    snapshots: tuple[SnapshotTold, ...]


@dataclass(frozen=True, kw_only=True)
class AskAnswer:
    """What is forecast of an indicator's best published reading, field by field what `preparedness ask --json` prints.

    `probability` is that of at least `level` (in `unit`) by `day`; without a level `quantiles` on the day. `given` is
    the condition and `given_probability` its own chance; `mcse` the Monte Carlo error of the probability, or of the
    median relative to it. `run` hashes all that the answer depends on; it is on the record only if `on_record`.
    """

    about: About
    run: str
    on_record: bool
    indicator: str
    unit: str
    level: float | None
    day: Day
    given: str
    as_of: Day
    known_at: Day
    prior_set: str
    model_version: str
    seed: int
    data_hash: str
    probability: float | None
    quantiles: Quantiles | None
    given_probability: float | None
    mcse: float
