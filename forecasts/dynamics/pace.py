"""Pace thresholds: when progress has run so many times as fast for so long, and how much of it is AI's doing.

A path crosses a rule at the first month at which its mean pace over the rule's window reaches the level. Whether AI
is the cause is a second question: the pace on the same path with AI's help frozen at today's says what would have
happened anyway, and the speed-up since 2024 is AI's only by the share `attribution`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dynamics.model import Array, Draws
from forecasts.dynamics.simulate import Scenarios
from scorecard.records import PaceRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceForecast:
    """When a rule is met: index of the month of each path, the number of months where it never is.

    by_speed: the pace alone. by_cause: with AI's part of the speed-up at least the rule's `cause`.
    """

    rule: PaceRule
    months: list[date]
    by_speed: Array
    by_cause: Array

    def p_by(self, on: date, *, cause: bool = True) -> float:
        """P(met by a day); without `cause`, whoever caused it."""
        index = self.by_cause if cause else self.by_speed
        reached = sum(month <= on for month in self.months)
        return float((index < reached).mean())

    def quantile(self, q: float, *, cause: bool = True) -> date | None:
        """The month by which the probability reaches q; None when that is beyond the horizon."""
        index = np.sort(self.by_cause if cause else self.by_speed)
        at = int(index[min(int(np.ceil(q * len(index))), len(index)) - 1])
        return self.months[at] if at < len(self.months) else None

    def cdf(self, *, cause: bool = True) -> Array:
        """P(met) by each month, (months,)."""
        index = self.by_cause if cause else self.by_speed
        return np.cumsum(np.bincount(index, minlength=len(self.months) + 1)[:-1]) / len(index)


def mean_pace(progress: Array, months: int) -> Array:
    """Mean pace over the last `months` at each month, (months, paths); before the start the pace was 1."""
    before = -np.arange(months, 0, -1)[:, None] / 12.0 * np.ones(progress.shape[1])
    whole = np.concatenate([before, progress])
    return (whole[months:] - whole[:-months]) * (12.0 / months)


def first_passage(values: Array, level: Array | float) -> Array:
    """Index of the first month at which `values` (months, paths) reach a level; the number of months if never."""
    reached = values >= level
    return np.where(reached.any(axis=0), reached.argmax(axis=0), len(values))


def forecast(rule: PaceRule, draws: Draws, with_loop: Scenarios, without: Scenarios) -> PaceForecast:
    """When a rule is met on paths with the loop, and AI's part from the same paths without it."""
    now, share = draws["pace_now"], draws["attribution"]
    pace = now * mean_pace(with_loop.progress, rule.months)
    speed = first_passage(pace, rule.level)
    by_cause = speed
    if rule.cause > 0:
        anyway = now * mean_pace(without.progress, rule.months)
        part = share_of_ai(pace, anyway, now, share)
        by_cause = first_passage(np.where(part >= rule.cause, pace, 0.0), rule.level)
    return PaceForecast(rule=rule, months=with_loop.dates, by_speed=speed, by_cause=by_cause)


def share_of_ai(pace: Array, anyway: Array, now: Array, share: Array) -> Array:
    """AI's part of the log speed-up over the baseline: what the loop adds, and its share of the speed-up so far."""
    tiny = 1e-9
    whole = np.log(np.maximum(pace, tiny))
    ours = np.log(np.maximum(pace, tiny)) - np.log(np.maximum(anyway, tiny)) + share * np.log(now)
    return np.where(whole > 0, ours / np.where(whole > 0, whole, 1.0), 0.0)


def forecasts(
    rules: Iterable[PaceRule], draws: Draws, with_loop: Scenarios, without: Scenarios
) -> Mapping[str, PaceForecast]:
    """Every rule's forecast by threshold."""
    return {rule.threshold: forecast(rule, draws, with_loop, without) for rule in rules}
