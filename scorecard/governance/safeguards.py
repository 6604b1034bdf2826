"""Safeguards against the clock: will what a threshold obliges be in place before the threshold is crossed?

A readiness date is given as 10 / 50 / 90 % dates and read as a normal distribution with a width of its own
on either side of the median, which meets all three. The crossing date is the distribution of a stored
forecast run. Both are taken as independent: a hurried lab is faster at both, which this does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.special import ndtr

from scorecard.clock import MONTH
from scorecard.people import Actor
from scorecard.records import Buffer, Fan, ForecastRun, Safeguard, Threshold
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.standing import standing
from scorecard.words import day_in_words, percent

TENTH = 1.2815515655446004  # standard normal quantile at 90 %
TOLERANCE = 0.1  # where no buffer has been adopted


class SafeguardRefused(StoreError):
    """A safeguard that lacks what the record needs; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The crossing distribution of a run on a daily grid from a day on.

    `p` (days,) is P(crossed by the end of as_of + k days); what lies beyond the run's horizon is 1 - p[-1].
    """

    as_of: date
    p: np.ndarray

    @classmethod
    def of(cls, run: ForecastRun, as_of: date) -> Clock:
        """A publishable run read from a day at or after its own, linear between the points of its monthly grid."""
        cdf = run.quoted.cdf
        dates = [day.toordinal() for day in cdf.dates]
        days = np.arange(as_of.toordinal(), dates[-1] + 1)
        return cls(as_of=as_of, p=np.interp(days, dates, np.asarray(cdf.p, float)))

    def by(self, day: np.ndarray) -> np.ndarray:
        """P(crossed by) for days after as_of, any shape; days between grid points are interpolated."""
        return np.interp(day, np.arange(len(self.p)), self.p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How a safeguard (or several) stands against a crossing: chances 0 to 1, slack in months, dates.

    slack: crossing date less readiness date at 10 / 50 / 90 %, None beyond the horizon; a crossing that may
    have happened already counts as today. latest_start is None when no start is early enough (`late`) or
    when none within the horizon is too late. warning: the value of each indicator that the forecast's median
    has on the latest start: reached earlier, it is time to start then. outdated: names of safeguards whose
    plan has run out, which count as never ready.
    """

    p_before_ready: float
    slack: tuple[float | None, float | None, float | None]
    tolerance: float
    latest_start: date | None
    late: bool
    overdue: bool
    warning: dict[str, dict[str, float]]
    outdated: tuple[str, ...]

    @property
    def words(self) -> str:
        """The latest start in a sentence."""
        within = f"keeps the chance of being late within {percent(self.tolerance)}"
        if self.late:
            return f"No start {within}: it is too late for that."
        if self.latest_start is None:
            return f"Any start within the forecast's horizon {within}."
        past = ", which has passed" if self.overdue else ""
        return f"Starting by {day_in_words(self.latest_start)}{past}, {within}."


def readiness(safeguard: Safeguard, days: np.ndarray, as_of: date) -> np.ndarray:
    """P(ready by the end of a day) as planned, for days after `as_of` (fractions allowed), same shape."""
    low, middle, high = (
        (when - as_of).days for when in (safeguard.ready_10, safeguard.ready_50, safeguard.ready_90)
    )
    below, above = (middle - low) / TENTH, (high - middle) / TENTH
    away = np.asarray(days, float) - middle
    left = ndtr(away / below) if below else np.zeros_like(away)
    right = ndtr(away / above) if above else np.ones_like(away)
    return np.where(away < 0, left, right)


def unready(safeguards: Sequence[Safeguard], as_of: date, days: np.ndarray) -> np.ndarray:
    """P(all ready by) given that the unfinished ones are not ready on `as_of`; ready ones are left out.

    A plan whose 90 % date has passed says nothing of the time left (its thin tail would say "any day now"), so
    that safeguard is taken not to come within the horizon until somebody enters a new plan.
    """
    whole = np.ones(len(days))
    for one in safeguards:
        if one.status == "ready" and one.ready_50 <= as_of:
            continue
        if plan_passed(one, as_of):
            return np.zeros(len(days))
        now = float(readiness(one, np.zeros(1), as_of)[0])
        whole = whole * (readiness(one, days, as_of) - now) / (1 - now)
    return whole


def plan_passed(safeguard: Safeguard, as_of: date) -> bool:
    """Whether even the 90 % date of a plan has passed without the safeguard being ready."""
    return safeguard.status != "ready" and safeguard.ready_90 <= as_of


def lead(
    clock: Clock,
    safeguards: Sequence[Safeguard],
    *,
    tolerance: float = TOLERANCE,
    months: float = 0.0,
    fans: Mapping[str, Fan] | None = None,
) -> Lead:
    """How safeguards, all of which are needed, stand against a crossing.

    `months` is a buffer added to the readiness. `fans` are a run's, for the warning levels.
    """
    days = np.arange(len(clock.p), dtype=float)
    extra = months * MONTH
    waiting = [s for s in safeguards if not (s.status == "ready" and s.ready_50 <= clock.as_of)]
    ready = unready(waiting, clock.as_of, days) if waiting else np.ones(len(days))
    # Probability that they are ready in the day that ends at each grid point, and later than the grid.
    mass = np.diff(ready, prepend=0.0)
    never = 1.0 - float(ready[-1])
    p_late = float(mass @ clock.by(days + extra) + never * clock.p[-1]) if waiting else 0.0

    def slack_below(s: float) -> float:
        """P(crossing - readiness <= s days)."""
        at = days + extra + s
        inside = np.where(at < 0, 0.0, clock.by(np.maximum(at, 0.0)))
        return float(mass @ inside + never * clock.p[-1])

    start, late = _latest_start(clock, waiting, tolerance, extra)
    warning = {
        name: {
            q: _on(start, fan, values) for q, values in (("q10", fan.q10), ("q50", fan.q50), ("q90", fan.q90))
        }
        for name, fan in (fans or {}).items()
        if start is not None and fan.dates[0] <= start <= fan.dates[-1]
    }
    return Lead(
        p_before_ready=p_late,
        slack=(
            _quantile(slack_below, 0.1, days),
            _quantile(slack_below, 0.5, days),
            _quantile(slack_below, 0.9, days),
        ),
        tolerance=tolerance,
        latest_start=start,
        late=late,
        overdue=start is not None and start < clock.as_of,
        warning=warning,
        outdated=tuple(s.name for s in waiting if plan_passed(s, clock.as_of)),
    )


def _quantile(below: Any, q: float, days: np.ndarray) -> float | None:
    """The slack in months at which `below` reaches q, by bisection; None when the horizon is nearer."""
    low, high = -float(days[-1]) - 1, float(days[-1])
    if below(high) < q:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if below(middle) >= q else (middle, high)
    return float(high / MONTH)


def _latest_start(
    clock: Clock, waiting: Sequence[Safeguard], tolerance: float, extra: float
) -> tuple[date | None, bool]:
    """The last day to start with P(crossed before ready) within the tolerance, and whether none is early enough.

    The plan of each safeguard is moved as a whole; where several are needed, each by the same days, counted
    from the earliest planned start.
    """
    if not waiting:
        return None, False
    if float(clock.p[0]) > tolerance:
        return None, True
    start = min(s.starts_on for s in waiting)
    span = (max(s.ready_90 for s in waiting) - min(s.ready_10 for s in waiting)).days * 3 + 30
    earliest = min((s.ready_10 - clock.as_of).days for s in waiting) - span
    days = np.arange(earliest, max((s.ready_90 - clock.as_of).days for s in waiting) + span, dtype=float)
    whole = np.ones(len(days))
    for one in waiting:
        whole = whole * readiness(one, days, clock.as_of)
    mass = np.diff(whole, prepend=0.0)

    def late_by(shift: int) -> float:
        return float(mass @ clock.by(np.maximum(days + shift + extra, 0.0)))

    low, high = -int(days[-1]) - int(extra) - 1, len(clock.p)
    if late_by(high) <= tolerance:
        return None, False
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if late_by(middle) <= tolerance else (low, middle)
    return start + timedelta(days=low), False


def _on(day: date, fan: Fan, values: Sequence[float]) -> float:
    return float(np.interp(day.toordinal(), [one.toordinal() for one in fan.dates], values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing a threshold obliges, with the safeguards that answer it."""

    obligation: str
    safeguards: tuple[Safeguard, ...]


def duties(view: View, threshold: str) -> list[Obligation]:
    """What a threshold obliges, in the framework's order, each with its safeguards; none means nobody owns it."""
    owed = view.get(Threshold, id=threshold).obligations
    ours = safeguards_of(view, threshold)
    named = [Obligation(obligation=o, safeguards=tuple(s for s in ours if s.obligation == o)) for o in owed]
    other = dict.fromkeys(s.obligation for s in ours if s.obligation not in owed)
    return named + [
        Obligation(obligation=o, safeguards=tuple(s for s in ours if s.obligation == o)) for o in other
    ]


def safeguards_of(view: View, threshold: str) -> list[Safeguard]:
    """The safeguards of a threshold that were not withdrawn, in the order first entered."""
    return [s for s in view.all(Safeguard) if threshold in s.thresholds and s.status != "withdrawn"]


def plan_safeguard(store: Store, safeguard: Safeguard, actor: Actor) -> None:
    """Put a safeguard, or its revised plan under the same id, on the record.

    Raises NotAllowed, or SafeguardRefused naming the field.
    """
    actor.require("plan a safeguard")
    empty = [name for name in ("id", "name", "obligation", "owner") if not getattr(safeguard, name).strip()]
    if empty or not safeguard.thresholds:
        raise SafeguardRefused(f"a safeguard needs {', '.join(empty) or 'a threshold'}; fill it in")
    if not safeguard.ready_10 <= safeguard.ready_50 <= safeguard.ready_90:
        raise SafeguardRefused(
            "the dates of ready_10, ready_50 and ready_90 must not fall; put them in order"
        )
    if safeguard.starts_on > safeguard.ready_10:
        raise SafeguardRefused(
            "starts_on is after ready_10; readiness dates assume that work has started by then"
        )
    if safeguard.status == "ready" and safeguard.ready_10 != safeguard.ready_90:
        raise SafeguardRefused(
            "a ready safeguard has one date; give ready_10, ready_50 and ready_90 the same"
        )
    with store.view() as now:
        for threshold in safeguard.thresholds:
            now.get(Threshold, id=threshold)
    store.append([safeguard], action="plan safeguard", actor=actor, reason=safeguard.note)


def standing_rule(view: View, threshold: str) -> tuple[float, float]:
    """Tolerance and months to spare of a threshold: those of the last adopted buffer, else TOLERANCE and none."""
    left = [one for one in standing(view, Buffer) if one.threshold == threshold]
    return (left[-1].tolerance, left[-1].months) if left else (TOLERANCE, 0.0)
