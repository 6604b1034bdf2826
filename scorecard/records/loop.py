"""What the dynamics say of the self-improvement loop: scenarios, gain, pace thresholds, drivers, errors, and staff.

Exploratory: assumptions laid over the trend. Nothing of it is stored; commands print it and pages draw it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scorecard.records._base import Bound
from scorecard.records.forecast_result import Fan


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The 10, 50 and 90 % quantiles of a number."""

    q10: float
    q50: float
    q90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopAnchor:
    """The reading that scenarios start from."""

    indicator: str
    minutes: float
    on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopGain:
    """The gain G of the loop: implied by the priors alone, and estimated from readings (None: too few are known).

    `amplification` is 1 / (1 - G) at the combined median; `p_runaway` is P(G is 1 or more).
    """

    implied: Span
    p_implied_runaway: float
    p_ever_runaway: float
    estimates: Mapping[str, Span]
    combined: Span | None
    p_runaway: float | None
    points: int
    amplification: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """The 10, 50 and 90 % dates of what is awaited, None beyond the horizon."""

    q10: date | None
    q50: date | None
    q90: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceCurve:
    """P(a pace threshold is met) by date: with AI's part of the speed-up as asked for, and whoever caused it."""

    dates: tuple[date, ...]
    p: tuple[float, ...]
    p_speed_alone: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceAnswer:
    """One pace threshold: what it asks for, and when scenarios meet it, by ISO date.

    Another argument than the scorecard's row, which gives it no weight; so its chances bear another name than a row's.
    """

    threshold: str
    name: str
    level: float  # times the baseline
    months: int
    baseline: str
    cause: float  # AI's part at least, 0 to 1
    source: str
    scenario_p_by: Mapping[str, float]
    scenario_p_by_speed_alone: Mapping[str, float]
    dates: DateSpan
    dates_speed_alone: DateSpan
    scenario_p_beyond_horizon: float
    cdf: PaceCurve
    argument: str
    weight: float  # in what the row quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopAnswer:
    """Scenarios of progress from a day to the horizon; `fixed` are the parameters that were held at a value."""

    as_of: date
    horizon: date
    status: str
    paths: int
    seed: int
    priors: str
    fixed: Mapping[str, float]
    anchor: LoopAnchor
    fans: Mapping[str, Fan]
    gain: LoopGain
    full_automation_years: Span
    thresholds: tuple[PaceAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadDriver:
    """How one assumption moves the outcome: at its 10 and 90 %, and its Sobol indices; with its prior and source."""

    parameter: str
    meaning: str
    at_10: float
    at_90: float
    first_order: float
    total: float
    prior: str
    usual: tuple[float, ...] | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """What drives the spread of an outcome, the largest first."""

    outcome: str
    drivers: tuple[SpreadDriver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """What a number of monitors does to the errors passed on per cycle."""

    monitors: int
    r: Span
    p_above_one: float
    p_runaway: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawCourse:
    """Expected undetected flaws after each cycle, the present first."""

    q10: tuple[float, ...]
    q50: tuple[float, ...]
    q90: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Drift instead of flaws: the assumptions, and P(past the tolerated deviation) by cycle."""

    kappa: float
    noise: float
    bound: float
    loss: float
    p_past_bound: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsAnswer:
    """Error compounding: R_e, what follows from it, and what other numbers of monitors would do.

    `catch_readings` are set-up, share caught (0 to 1) and source id.
    """

    as_of: date
    status: str
    monitors: int
    cycles: int
    speed: float
    fixed: Mapping[str, float]
    r: Span
    p_above_one: float
    catch: Span
    catch_readings: tuple[tuple[str, float, str], ...]
    p_dies_out: float
    p_runaway: float
    doubling_months_if_growing: Span | None
    flaws: FlawCourse
    catch_needed: Span
    p_no_catch_rate_enough: float
    p_enough_monitors: Mapping[str, float]
    by_monitors: tuple[Monitored, ...]
    drift: Drift


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftSource:
    """A source on the multiplier of work: as published (90 %), freed of its kind's bias, and the latent value then.

    `freed` and `latent` are 10, 50 and 90 % quantiles.
    """

    name: str
    kind: str
    on: date
    source: str
    bound: Bound
    published: float
    low: float
    high: float
    freed: tuple[float, float, float]
    latent: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftAnswer:
    """The one multiplier of research work behind the sources; `bias` is by kind of source, times the truth."""

    now: Span
    p_slower: float
    p_twofold: float
    growth_a_year: Span
    bias: Mapping[str, Span]
    sources: tuple[UpliftSource, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionAhead:
    """A share of the work ahead, in percent: quantiles at each day, and P(at least 90 %) by ISO date."""

    indicator: str
    points: int
    dates: tuple[date, ...]
    q10: tuple[float, ...]
    q50: tuple[float, ...]
    q90: tuple[float, ...]
    p_90_percent: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBound:
    """What a share of code means for research (Amdahl): times as fast at tenfold coding speed, and at any speed."""

    share_of_code: float
    share_of_time_coding: float
    source: str | None
    multiplier_at_ten_times: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAnswer:
    """A stage of work by AI against by staff at equal quality: quantiles (10, 50, 90 %), and when it is cheaper.

    `competitive`: within the ratio that a framework names.
    """

    stage: str
    task_hours: tuple[float, float, float]
    cost_ratio_now: tuple[float, float, float]
    success_now: tuple[float, float, float]
    p_cheaper_now: float
    cheaper: DateSpan
    competitive: DateSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAnswer:
    """How far technical staff are automated; `amdahl` is None where no share of code is on record."""

    as_of: date
    status: str
    uplift: UpliftAnswer
    adoption: tuple[AdoptionAhead, ...]
    amdahl: CodeBound | None
    costs: tuple[CostAnswer, ...]
    salary_usd: tuple[float, float]
    cost_ratio_named: float
