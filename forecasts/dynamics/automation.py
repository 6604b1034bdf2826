"""Automation of technical staff: adoption shares ahead, and when a stage of work becomes cheaper by AI.

Adoption:  logit(share) = a + b t + noise up to the last reading; after it the slope fades by a factor e a year (damped
           trends forecast better; Gardner and McKenzie, 1985), with a random walk on top.
Cost:      AI costs less for the same result when  (price / wage + checking) / success <= ratio  and success >= bar,
           success of a task of length L at time t:  logit = slope (log2 H(t) / messiness - log2 L) + logit(0.8),

H the 80 % time horizon, doubling at the pace of the loop's prior. A failed attempt still costs its tokens and its
checking, so the cost is per success. Exploratory: lengths of tasks, messiness and checking are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import expit, logit

from forecasts.dynamics.anchors import Anchors
from forecasts.dynamics.gaussian import solve
from forecasts.dynamics.model import Array, Assumptions
from forecasts.dynamics.uplift import quantiles
from scorecard.clock import YEAR
from scorecard.evidence.readings.vintages import current
from scorecard.records import CostAnswer, DateSpan, Indicator, Measurement

GROWTH = (1.5, 1.5)  # log-odds a year, mean and sd a priori; shares on record rose by 0.6 to 7
EDGE = 0.002  # of the scale: readings nearer to an end are taken to lie there
FADE = 1.0  # years in which the slope falls by a factor e; an assumption
WANDER = 1.0  # log-odds per square root of a year by which any line here may err; an assumption
AT_HORIZON = 0.8  # success at the 80 % horizon
BAR = 0.8  # success at which quality counts as equal to staff's; an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A share ahead: draws of the share (days, draws) in percent at each day, from `points` readings."""

    indicator: str
    dates: tuple[date, ...]
    share: Array
    points: int

    def by(self, on: date, level: float) -> float:
        """P(share at least `level` percent) on the last day not after `on`."""
        at = max((i for i, day in enumerate(self.dates) if day <= on), default=0)
        return float((self.share[at] >= level).mean())


def adoption(
    indicator: Indicator,
    measurements: Iterable[Measurement],
    dates: Sequence[date],
    *,
    seed: int,
    draws: int = 4000,
) -> Adoption | None:
    """A share's course on the logit scale; None without two readings on different days."""
    found = [m for m in current(measurements) if m.indicator == indicator.id and m.main]
    if len({m.observed_on for m in found}) < 2 or indicator.lower is None or indicator.upper is None:
        return None
    low, high = indicator.lower, indicator.upper
    shares = np.clip([(m.value - low) / (high - low) for m in found], EDGE, 1 - EDGE)
    origin = max(m.observed_on for m in found)
    t = np.array([(m.observed_on - origin).days / YEAR for m in found])
    rng = np.random.default_rng([seed, 43, *indicator.id.encode()])
    posterior = solve(
        np.column_stack([np.ones_like(t), t]),
        logit(shares),
        np.array([_error(m, low, high) for m in found]),
        mean=np.array([0.0, GROWTH[0]]),
        spread=np.array([4.0, GROWTH[1]]),
        scatter=0.5,
        draws=draws,
        rng=rng,
        bound=np.array([{"exact": 0.0, "at_most": -1.0, "at_least": 1.0}[m.bound] for m in found]),
    )
    ahead = np.array([(day - origin).days / YEAR for day in dates])
    b = posterior.coefficients
    steps = np.sqrt(np.diff(np.maximum(ahead, 0.0), prepend=0.0))
    wander = np.cumsum(WANDER * steps[:, None] * rng.standard_normal((len(ahead), draws)), axis=0)
    rise = np.where(ahead > 0, FADE * -np.expm1(-ahead / FADE), ahead)
    last = int(np.argmax(t))
    start = logit(shares[last]) if found[last].bound == "exact" else b[:, 0]
    share = low + (high - low) * expit(start + rise[:, None] * b[:, 1] + wander)
    return Adoption(indicator=indicator.id, dates=tuple(dates), share=share, points=len(found))


def _error(m: Measurement, low: float, high: float) -> float:
    """Standard deviation of a reading in log-odds: from its interval, else a tenth."""
    if m.low is None or m.high is None or not m.interval:
        return 0.1
    ends = logit(np.clip([(m.low - low) / (high - low), (m.high - low) / (high - low)], EDGE, 1 - EDGE))
    return float(ends[1] - ends[0]) / 3.29 if m.interval == 0.9 else float(ends[1] - ends[0]) / 3.92


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """One stage of work: AI's cost per success over staff's today, and the month in which it is cheaper.

    ratio_now, success_now: draws, (draws,). cheaper, competitive: index of the month, the number of months if never:
    cost at most staff's, and at most the ratio that Anthropic's substitution route names, each at equal quality.
    """

    stage: str
    hours: Array
    ratio_now: Array
    success_now: Array
    months: tuple[date, ...]
    cheaper: Array
    competitive: Array

    def quantile(self, q: float, *, competitive: bool = False) -> date | None:
        """The month by which the probability reaches q; None when that is beyond the last month."""
        index = np.sort(self.competitive if competitive else self.cheaper)
        at = int(index[int(np.ceil(q * len(index))) - 1])
        return self.months[at] if at < len(self.months) else None

    @property
    def p_now(self) -> float:
        """P(cheaper at equal quality already)."""
        return float((self.cheaper == 0).mean())


def wage(settings: Mapping[str, object], salary: float) -> float:
    """What an hour of staff costs in USD, overheads included."""
    return salary * float(str(settings["overhead"])) / float(str(settings["human_hours_a_year"]))


def stage_costs(
    priors: Assumptions,
    anchors: Anchors,
    *,
    start: date,
    salary: tuple[float, float] | None = None,
    years: int = 14,
    draws: int = 2000,
    seed: int,
    fixed: Mapping[str, float] | None = None,
) -> list[StageCost]:
    """Every stage's cost by AI against by staff, month by month; `salary` in USD a year, low and high.

    `fixed` sets parameters of the section `economics` to a value.
    """
    rng = np.random.default_rng([seed, 47])
    low, high = salary or priors.settings["salary_usd"]
    hourly = wage(priors.settings, 1.0) * rng.uniform(low, max(high, low + 1e-9), draws)
    named = float(priors.settings["cost_ratio_named"])
    e = priors.draw("economics", draws, seed, fixed=fixed)
    doubling = priors.draw("loop", draws, seed)["doubling_days"] / YEAR
    lengths = priors.draw("stages", draws, seed)
    t = np.arange(12 * years + 1) / 12.0
    passed = (start - anchors.horizon_on).days / YEAR
    horizon = (
        np.log2(anchors.horizon_minutes / 60.0) + (t[:, None] + passed) / doubling - np.log2(e["messiness"])
    )
    price = e["agent_usd_per_hour"] * 0.5 ** (t[:, None] / e["price_halving_years"])
    months = tuple(start + timedelta(days=round(float(x) * YEAR)) for x in t)
    found = []
    for stage, hours in lengths.items():
        success = expit(e["slope"] * (horizon - np.log2(hours)) + logit(AT_HORIZON))
        ratio = (price / hourly + e["review_share"]) / success
        good = success >= BAR
        found.append(
            StageCost(
                stage=stage,
                hours=hours,
                ratio_now=ratio[0],
                success_now=success[0],
                months=months,
                cheaper=_first(good & (ratio <= 1.0)),
                competitive=_first(good & (ratio <= named)),
            )
        )
    return found


def _first(reached: Array) -> Array:
    return np.where(reached.any(axis=0), reached.argmax(axis=0), len(reached))


def summary(cost: StageCost) -> CostAnswer:
    """A stage's figures; dates are None beyond the last month."""

    def dates(*, competitive: bool) -> DateSpan:
        low, middle, high = (cost.quantile(q, competitive=competitive) for q in (0.1, 0.5, 0.9))
        return DateSpan(q10=low, q50=middle, q90=high)

    return CostAnswer(
        stage=cost.stage,
        task_hours=quantiles(cost.hours),
        cost_ratio_now=quantiles(cost.ratio_now),
        success_now=quantiles(cost.success_now),
        p_cheaper_now=cost.p_now,
        cheaper=dates(competitive=False),
        competitive=dates(competitive=True),
    )
