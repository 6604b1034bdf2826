"""What a forecast run says: when a threshold is crossed, by which shape and criterion, and how it was checked.

Dates are None beyond the horizon; a quantile that has passed is the run's own as-of day. Chances run from 0 to 1.
A field that joins one of these classes later needs a default: it is then left out of the JSON of runs that were
stored before it, whose hashes stay as they are (typed_json.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One figure against its limit, what it was computed on, and what to try when it fails."""

    name: str
    what: str
    value: float
    limit: float
    passed: bool
    advice: str  # empty when it passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Every check of a run, and whether all were passed."""

    passed: bool
    items: tuple[Check, ...]

    @classmethod
    def of(cls, items: tuple[Check, ...]) -> Checks:
        """The checks of a run together."""
        return cls(passed=all(one.passed for one in items), items=items)

    @property
    def failed(self) -> tuple[Check, ...]:
        """Those that were not passed."""
        return tuple(one for one in self.items if not one.passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """The 10, 50 and 90 % quantiles of a quantity in its unit."""

    q10: float
    q50: float
    q90: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterEstimate(Quantiles):
    """A parameter's posterior, with its prior (none for a quantity that is worked out from others).

    `contraction` is 1 - posterior variance / prior variance: near 1 the data decide, near 0 the prior does.
    """

    meaning: str
    contraction: float
    prior: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Quantiles of an indicator over time, in its unit; every tuple is as long as `dates`."""

    dates: tuple[date, ...]
    q10: tuple[float, ...]
    q25: tuple[float, ...]
    q50: tuple[float, ...]
    q75: tuple[float, ...]
    q90: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdf:
    """P(crossed by the end of a day), on a monthly grid that begins with the run's as-of day."""

    dates: tuple[date, ...]
    p: tuple[float, ...]

    def by(self, day: date) -> float:
        """P(crossed by the end of a day), linear between the grid's points and level beyond its ends."""
        after = bisect_right(self.dates, day)
        if after in (0, len(self.dates)):
            return self.p[max(after - 1, 0)]
        start, end = self.dates[after - 1 : after + 1]
        share = (day - start).days / (end - start).days
        return self.p[after - 1] + share * (self.p[after] - self.p[after - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingSummary:
    """The 10, 50 and 90 % dates of a crossing, and how likely it has been passed, soon, or not by the horizon."""

    q10: date | None
    q50: date | None
    q90: date | None
    p_now: float
    p_12_months: float
    p_beyond_horizon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonteCarloErrors:
    """Standard errors of a summary's figures that come from the number of draws: chances 0 to 1, dates in days.

    None where a date lies beyond the horizon or on the as-of day in some of the batches.
    """

    p_now: float
    p_12_months: float
    q10: float | None
    q50: float | None
    q90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingUsed:
    """A developer's finding that a forecast is conditioned on: of which level, by which system, when.

    `threshold` may be the level below. `agreement`: the chance that measurement alone gave to a finding like this.
    """

    threshold: str
    system: str
    on: date
    crossed: bool
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeResult(CrossingSummary):
    """The crossing by one shape alone, and its share of the mixture."""

    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult(ShapeResult):
    """The crossing by one criterion alone: what is measured, and the level to reach with its gap."""

    indicator: str
    level: Quantiles
    route: str = ""
    model: str = (
        ""  # which model forecast its indicator: the headline, or a level with a pace for few readings
    )
    readings: int = 0
    now: Quantiles | None = None  # the frontier on the as-of day
    measured_p_now: float | None = None  # without the developer's findings
    measured_p_12_months: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSensitivity:
    """How far the date moves when the prior or the data count for more (power-scaling), in words too."""

    prior: float
    likelihood: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastResult(CrossingSummary):
    """A threshold's crossing, mixed over criteria and shapes by weight and given what its developer found.

    `fans` are by indicator, `parameters` by shape and name (of the indicator whose criterion weighs most);
    `left_out` says why a criterion could not be used, `weight_used` which share of the criteria's weight could.
    `by_measurement` is the same without the findings (None: in runs of before there were any). `learnt` says by
    indicator what was learnt elsewhere, and up to which day. `below`: the lower level of which this is no earlier.
    By indicator, for scoring: `fans` are of the best true ability, `published` of the best published reading,
    `next_record` of the reading that beats the record of the as-of day, given the day on which it is taken.
    """

    horizon: date
    cdf: Cdf
    by_shape: Mapping[str, ShapeResult]
    by_criterion: Mapping[str, CriterionResult]
    fans: Mapping[str, Fan]
    parameters: Mapping[str, Mapping[str, ParameterEstimate]]
    notes: tuple[str, ...]
    sensitivity: DateSensitivity
    left_out: Mapping[str, str]
    weight_used: float = 1.0
    rule: str = "any"
    by_measurement: CrossingSummary | None = None
    mcse: MonteCarloErrors | None = None
    findings: tuple[FindingUsed, ...] = ()
    learnt: Mapping[str, str] = field(default_factory=dict)
    below: str = ""
    published: Mapping[str, Fan] = field(default_factory=dict)
    next_record: Mapping[str, Fan] = field(default_factory=dict)

    def p_by(self, day: date) -> float:
        """P(crossed by the end of a day)."""
        return self.cdf.by(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoForecast:
    """Why a threshold could not be forecast, for all its criteria in a sentence and for each by itself."""

    message: str
    left_out: Mapping[str, str]
