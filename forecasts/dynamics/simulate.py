"""Scenario paths of progress, month by month: many at once, by a fourth-order Runge-Kutta step.

Time is in years from the start, progress in years at the present pace, so that without feedback and without a
change in compute growth a path is the straight line progress = time (the plain trend).

    d ln Y / dt = g (v - 1)                      software over its trend; g is its trend growth
    dP / dt     = w [s v + (1 - s) c(t) / c(0)]  progress; s share of software, c compute growth, w wandering
    ln L        = ln(M) * P / D up to full automation at P = D, then ln(M) + copies * k (P - D)

M is the multiplier of labour at full automation over today's, D the distance to it in years at the present pace,
k the growth of effective compute in a year at the present pace. Published multipliers are of progress, so M is the
labour that gives them where compute and thinking trade one for one (sigma = 1):
M = (m_full / m_now)^(1 / (lambda (1 - a))).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import log

import numpy as np

from forecasts.dynamics.anchors import Anchors
from forecasts.dynamics.model import (
    LEAST_COMPUTE_GROWTH,
    Array,
    Draws,
    labour_share,
    log_research,
    loop_gain,
    substitution,
)
from scorecard.clock import YEAR

HORIZON = date(2040, 12, 31)
SPEED_CAP = 1000.0  # years of software progress in a year; faster than that the equations say nothing
LN10 = log(10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """Paths of progress. t: years from `start`, (months,). The rest (months, paths).

    progress: years at the present pace. pace: progress a year. gain: the loop's G, zero without feedback.
    to_full: years at the present pace to full automation, (paths,).
    """

    start: date
    t: Array
    progress: Array
    pace: Array
    gain: Array
    to_full: Array

    def day(self, index: int) -> date:
        """The date of a month's index."""
        return self.start + timedelta(days=round(float(self.t[index]) * YEAR))

    @property
    def dates(self) -> list[date]:
        """The date of every month."""
        return [self.day(i) for i in range(len(self.t))]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopEquations:
    """The loop's equations with numbers in them, each (paths,) or a number; see the top of this file.

    balanced: whether inputs grow so that software keeps its trend without feedback (the default), or stay fixed.
    log_compute: experiment compute over its trend at a time, None for none; log_full: ln M.
    """

    growth: Array
    software_share: Array
    returns: Array
    parallel: Array
    rho: Array  # of the CES, see model.substitution
    compute_share: Array
    log_full: Array
    to_full: Array
    copies: Array
    effective_growth: Array  # k
    compute_growth: Array  # natural log a year
    compute_later: Array
    compute_change: float  # years from the start
    ceiling: Array  # natural log
    feedback: bool = True
    balanced: bool = True

    def compute(self, t: float) -> tuple[Array, Array]:
        """Compute growth over today's, and log experiment compute over its trend, at a time."""
        if t <= self.compute_change:
            return np.ones_like(self.compute_growth), np.zeros_like(self.compute_growth)
        return (
            self.compute_later / self.compute_growth,
            (self.compute_later - self.compute_growth) * (t - self.compute_change),
        )

    def labour(self, progress: Array) -> Array:
        """Log research labour over today's, at a progress."""
        if not self.feedback:
            return np.zeros_like(progress)
        before = np.clip(progress / self.to_full, 0.0, 1.0)
        beyond = np.maximum(progress - self.to_full, 0.0)
        return self.log_full * before + self.copies * self.effective_growth * beyond

    def software_pace(self, t: float, log_excess: Array, log_compute: Array, log_labour: Array) -> Array:
        """v: the pace of software over its trend."""
        research = log_research(log_compute, log_labour, self.rho, self.compute_share)
        returns = log_excess if self.balanced else log_excess + self.growth * t
        log_pace = self.parallel * research - self.parallel / self.returns * returns
        pace = np.exp(np.minimum(log_pace, log(SPEED_CAP)))
        room = np.clip(1.0 - log_excess / self.ceiling, 0.0, 1.0)
        return 1.0 + (pace - 1.0) * room

    def slopes(self, t: float, log_excess: Array, progress: Array, wander: Array) -> tuple[Array, Array]:
        """d ln Y / dt and dP / dt."""
        growth, log_compute = self.compute(t)
        pace = self.software_pace(t, log_excess, log_compute, self.labour(progress))
        total = wander * (self.software_share * pace + (1.0 - self.software_share) * growth)
        return self.growth * (pace - 1.0), total

    def gain(self, t: float, progress: Array) -> Array:
        """The loop's G at a time: the growth of labour per growth of software, through research and returns."""
        _, log_compute = self.compute(t)
        share = labour_share(log_compute, self.labour(progress), self.rho, self.compute_share)
        before = self.log_full / (self.to_full * self.effective_growth)
        elasticity = np.where(progress < self.to_full, before, self.copies)
        return loop_gain(self.returns, share, elasticity)


def system_of(
    draws: Draws, anchors: Anchors, *, start: date, change: date, feedback: bool = True
) -> LoopEquations:
    """The equations for drawn parameters, from today's readings."""
    compute = LN10 * np.maximum(draws["compute_growth"], LEAST_COMPUTE_GROWTH)
    share = np.clip(draws["software_share"], 0.01, 0.99)
    growth = compute * share / (1.0 - share)
    doublings = np.log2(draws["horizon_needed"] * 60.0 / anchors.horizon_minutes)
    years = doublings * draws["doubling_days"] / YEAR + draws["job_gap_months"] / 12.0
    passed = (start - anchors.horizon_on).days / YEAR
    progress = np.log(np.maximum(draws["full_multiplier"] / (1.0 + draws["present_gain"]), 1.0))
    labour = progress / (draws["parallel"] * np.maximum(1.0 - draws["compute_share"], 0.02))
    return LoopEquations(
        growth=growth,
        software_share=share,
        returns=draws["returns"],
        parallel=draws["parallel"],
        rho=substitution(draws["sigma"]),
        compute_share=draws["compute_share"],
        log_full=labour,
        to_full=np.maximum(years - passed, 1.0 / 12.0),
        copies=draws["copies"],
        effective_growth=growth + compute,
        compute_growth=compute,
        compute_later=LN10 * draws["compute_growth_later"],
        compute_change=(change - start).days / YEAR,
        ceiling=LN10 * draws["ceiling"],
        feedback=feedback,
    )


def integrate(system: LoopEquations, t: Array, wander: Array) -> tuple[Array, Array, Array]:
    """Progress, pace and gain, each (times, paths), along t; `wander` (times, paths) multiplies the pace.

    A step takes the wandering of its beginning. Software counts from zero excess over its trend at t[0].
    """
    paths = np.broadcast_shapes(system.growth.shape, wander.shape[1:])
    progress, pace, gain = (np.zeros((len(t), *paths)) for _ in range(3))
    y, p = np.zeros(paths), np.zeros(paths)
    for i, now in enumerate(t):
        w = wander[i]
        dy1, dp1 = system.slopes(now, y, p, w)
        progress[i], pace[i] = p, dp1
        if system.feedback:
            gain[i] = system.gain(now, p)
        if i + 1 == len(t):
            break
        h = float(t[i + 1] - now)
        dy2, dp2 = system.slopes(now + h / 2, y + h / 2 * dy1, p + h / 2 * dp1, w)
        dy3, dp3 = system.slopes(now + h / 2, y + h / 2 * dy2, p + h / 2 * dp2, w)
        dy4, dp4 = system.slopes(now + h, y + h * dy3, p + h * dp3, w)
        y = y + h / 6 * (dy1 + 2 * dy2 + 2 * dy3 + dy4)
        p = p + h / 6 * (dp1 + 2 * dp2 + 2 * dp3 + dp4)
    return progress, pace, gain


def wandering(draws: Draws, t: Array, seed: int) -> Array:
    """Lasting changes of pace that are not AI's doing: exp of a random walk with median 1, (times, paths)."""
    rng = np.random.default_rng([seed, 17])
    steps = rng.standard_normal((len(t), len(draws["wander"]))) * np.sqrt(np.diff(t, prepend=t[0]))[:, None]
    return np.exp(np.cumsum(steps, axis=0) * draws["wander"])


def months(start: date, end: date = HORIZON) -> Array:
    """Monthly times from a day to the horizon, in years from it."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return np.arange(max(count, 1) + 1) / 12.0


def simulate(
    draws: Draws, anchors: Anchors, *, start: date, change: date, seed: int, feedback: bool = True
) -> Scenarios:
    """Paths from a day to 2040 for drawn parameters; the same arguments give the same paths.

    `change` is the day from which compute grows at its later rate. Without feedback AI's help stays as it is.
    """
    system = system_of(draws, anchors, start=start, change=change, feedback=feedback)
    t = months(start)
    progress, pace, gain = integrate(system, t, wandering(draws, t, seed))
    return Scenarios(start=start, t=t, progress=progress, pace=pace, gain=gain, to_full=system.to_full)
