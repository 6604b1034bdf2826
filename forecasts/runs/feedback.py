"""Feedback: AI that speeds up AI research, laid over a fitted trend as a change of clock.

Story: the more capable the best system, the faster everything goes that makes better ones, releases included, up to
1 + kappa times the pace without AI's help; and from some day on scarcer compute may slow all of it down. The trend
stays what the data say; only how fast it is run through changes. With u the plain time of a path and D(u) its frontier:

    du/dt = S(D(u)) / S(D_now) / c(t),    S(D) = 1 + kappa * logistic((D - halfway) / width)

S(D_now) divides because the trend was measured with today's speed-up in it, which would count twice otherwise. c is 1
up to a day and a factor after it. Where D is a straight line the time it takes has a closed form (`phi`), so that no
equation is solved numerically: between the times of its grid a path is taken as straight.

Units: D, halfway and width are link-scale units: doublings on log scales, log-odds for shares; a path's halfway is its
own draw of the level, or so many units above it. Usual: kappa 0 to 40 (multipliers of 2.5 to 41 have been published for
full automation of coding; AI 2027), width 1 to 4. Nothing in the series identifies any of this: an assumption, not
learnt from the trend, and never in the date that is quoted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

import numpy as np
from scipy.special import expit

from forecasts.dates.paths import HORIZON
from forecasts.dates.worlds import Worlds
from forecasts.priors.sets import HEADLINE, priors_of
from forecasts.runs.assembly import assemble
from forecasts.runs.plan import asked_of, plans
from forecasts.runs.request import Known, Request
from forecasts.series import day, years
from forecasts.worlds.building import worlds
from scorecard.records import Criterion, ForecastRun

SIZE = 2048  # worlds
FARTHEST = date(2150, 12, 31)  # what the plain path does not reach by then counts as never reached
STRAIGHT = (
    1e-3  # widths: over a shorter rise the middle's speed is as good as the closed form, and keeps its digits
)
STATUS = "an assumption, not learnt from the trend"


class FeedbackError(ValueError):
    """A layer that cannot be laid, and what to ask for instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What AI adds to the pace at most (`kappa`, in paces without its help), where half of it comes, how gradually.

    above: how far above the level half is reached; width: from half to 73 %; both in link-scale units. From the day
    `slow_from` on everything takes `slow_by` times as long. FeedbackError for what cannot be.
    """

    kappa: float
    above: float = 0.0
    width: float = 2.0
    slow_from: date | None = None
    slow_by: float = 1.0

    def __post_init__(self) -> None:
        numbers = (self.kappa, self.above, self.width, self.slow_by)
        if not all(map(isfinite, numbers)) or self.kappa < 0 or self.width <= 0 or self.slow_by <= 0:
            raise FeedbackError(
                "kappa is zero or more, width and the slow-down's factor above zero, and all are finite"
            )

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "kappa": self.kappa,
            "halfway_above_level": self.above,
            "width": self.width,
            "slow_by": self.slow_by,
            "slow_from": self.slow_from.isoformat() if self.slow_from else None,
        }


def speed(x: np.ndarray, kappa: float) -> np.ndarray:
    """S at `x` widths beyond halfway, elementwise."""
    return 1.0 + kappa * expit(x)


def phi(x: np.ndarray, kappa: float) -> np.ndarray:
    """An integral of 1/S over x, elementwise: a straight rise takes its difference, times width over slope."""
    return x - kappa / (1.0 + kappa) * np.logaddexp(0.0, x + np.log1p(kappa))


def duration(start: np.ndarray, end: np.ndarray, kappa: float) -> np.ndarray:
    """The mean of 1/S along a straight piece from `start` to `end`, in widths beyond halfway; elementwise."""
    rise = end - start
    short = np.abs(rise) < STRAIGHT
    exact = (phi(end, kappa) - phi(start, kappa)) / np.where(short, 1.0, rise)
    return np.where(short, 1.0 / speed((start + end) / 2, kappa), exact)


def sooner(
    t: np.ndarray, now: int, frontier: np.ndarray, halfway: np.ndarray, moment: np.ndarray, feedback: Feedback
) -> np.ndarray:
    """When the plain `moment` of each path comes under the layer; all times in years since 2024-01-01.

    t (times,), its as-of day at `now`; frontier (draws, times) and halfway (draws,) on one scale; moment (draws,),
    of which those up to the as-of day and infinite ones stay as they are.
    """
    ahead = np.isfinite(moment) & (moment > t[now])
    u, x = moment[ahead], (frontier[ahead, now:] - halfway[ahead, None]) / feedback.width
    grid, row = t[now:], np.arange(len(u))
    at = np.clip(np.searchsorted(grid, u) - 1, 0, len(grid) - 2)
    pieces = np.diff(grid) * duration(x[:, :-1], x[:, 1:], feedback.kappa)
    whole = np.concatenate([np.zeros((len(u), 1)), np.cumsum(pieces, axis=1)], axis=1)[row, at]
    inside = (u - grid[at]) / (grid[at + 1] - grid[at])
    end = x[row, at] + inside * (x[row, at + 1] - x[row, at])
    part = (u - grid[at]) * duration(x[row, at], end, feedback.kappa)
    found = np.array(moment, dtype=float)
    found[ahead] = _slowed(t[now] + speed(x[:, 0], feedback.kappa) * (whole + part), feedback)
    return found


def _slowed(time: np.ndarray, feedback: Feedback) -> np.ndarray:
    if feedback.slow_from is None:
        return time
    start = years(feedback.slow_from)
    return np.where(time > start, start + feedback.slow_by * (time - start), time)


@dataclass(frozen=True, kw_only=True)
class FedWorlds(Worlds):
    """The same worlds with the layer over every indicator's path."""

    feedback: Feedback

    def times(self, criterion: Criterion) -> np.ndarray:
        """When a criterion is met in each world under the layer, years since 2024-01-01, (worlds,)."""
        plain = Worlds.times(self, criterion)
        one = self.indicators[criterion.indicator]
        halfway = self.draws.height(one.series, criterion) + self.feedback.above
        return sooner(one.t, 0, one.frontier, halfway, plain, self.feedback)


def reach(feedback: Feedback, as_of: date) -> date:
    """How far plain paths have to go so that nothing that the layer brings before the horizon is missed."""
    start = years(as_of)
    return min(day(start + (years(HORIZON) - start) * (1.0 + feedback.kappa)), FARTHEST)


def without_and_with(known: Known, request: Request, feedback: Feedback) -> tuple[ForecastRun, ForecastRun]:
    """One threshold by the headline model, without and with the layer, in the same worlds; nothing is stored.

    FeedbackError for a slow-down in the past, or a threshold
    that has no criterion.
    """
    if feedback.slow_from is not None and feedback.slow_from < request.as_of:
        raise FeedbackError(
            f"a slow-down from {feedback.slow_from} is in the data already; give a day after {request.as_of}"
        )
    priors = priors_of(known.prior_set)
    planned = plans(known, priors, priors.id, replace(request, method="quick"))
    if not planned:
        raise FeedbackError(
            f"{known.thresholds[0].id} has no criterion, so that no date could move; propose one"
        )
    (plan,) = planned
    far = reach(feedback, request.as_of)
    plain = worlds(asked_of(known, priors, request, SIZE), plan.indicators, horizon=far)
    fed = FedWorlds(draws=plain.draws, indicators=plain.indicators, refused=plain.refused, feedback=feedback)
    # The layer is laid over the headline model: the shapes that only stand beside it have no part in the date.
    ours = replace(priors, settings=replace(priors.settings, weights={HEADLINE: 1.0}))
    without, under = (assemble(plan, one, {}, ours, lambda _: ("", "")) for one in (plain, fed))
    return without, under
