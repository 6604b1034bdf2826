"""What changed a probability between two days: refitted along a path on which one thing changes at a time.

The order is model, new data, revised data, priors, criterion. What comes first takes what two changes do only
together, so another order gives other parts. The parts and the remainder add up to the whole: the remainder
holds the passing of time and, where the ends are stored runs, the difference between them and a refit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cache

import numpy as np

from forecasts.assembly import FEWEST_SHAPES, MODEL_VERSION
from forecasts.crossing import Crossing, mix
from forecasts.fit import Engine
from forecasts.indicators import Method, Task, forecast
from forecasts.prior_sets import priors_of
from forecasts.runs import SEED, store_default_priors
from scorecard.evidence.adjusting import readings
from scorecard.evidence.vintages import current
from scorecard.records import POOL, Criterion, ForecastRun, Indicator, Measurement, PriorSet, System
from scorecard.store import Store, View
from scorecard.thresholds.board import newest_runs, standing_criteria, standing_prior_set
from scorecard.thresholds.calendar import calendar, plus_months
from scorecard.thresholds.forecast import probability_by

ORDER = ("changed model", "new data", "revised data", "changed priors", "changed criterion")
type Times = Mapping[tuple[str, str], np.ndarray]  # criterion and shape -> crossing times (draws,)
type Progress = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything that a forecast depends on, at one place of the path."""

    as_of: date
    measurements: tuple[Measurement, ...]
    systems: tuple[System, ...]
    indicators: Mapping[str, Indicator]
    prior_set: PriorSet
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """The change of P(crossed by a day) of one threshold: `before` + all parts + `remainder` = `after`.

    readings: indicator -> how many were new and how many revised. runs: the stored runs at both ends, "" where
    there was none and a refit stands in.
    """

    threshold: str
    by: date
    before: float
    after: float
    parts: Mapping[str, float]
    readings: Mapping[str, Mapping[str, int]]
    runs: tuple[str, str]

    @property
    def remainder(self) -> float:
        """What the parts leave of the whole."""
        return self.after - self.before - sum(self.parts.values())

    @property
    def words(self) -> str:
        """The change in a sentence, in percentage points."""
        named = [*self.parts.items(), ("remainder", self.remainder)]
        told = ", ".join(f"{name} {100 * part:+.1f}" for name, part in named if abs(part) >= 0.0005)
        day = f"{self.by.day} {self.by:%B %Y}"
        return f"P(crossed by {day}) went from {self.before:.1%} to {self.after:.1%}".replace("%", " %") + (
            f": {told} points." if told else "."
        )


@dataclass(frozen=True, kw_only=True)
class Goalpost:
    """P(crossed by a day) with the evidence of one day under the criteria of another: (evidence, criteria)."""

    threshold: str
    by: date
    then_then: float | None
    now_then: float | None
    then_now: float | None
    now_now: float | None
    criteria_then: tuple[str, ...]
    criteria_now: tuple[str, ...]


@dataclass
class Refits:
    """Refits states, doing each indicator once for the same data, priors and criteria."""

    method: Method = "sampled"
    seed: int = SEED
    progress: Callable[[str], None] = lambda _words: None
    _done: dict[tuple[object, ...], Times] = field(default_factory=dict)

    def crossings(self, state: State, thresholds: Sequence[str]) -> dict[str, Crossing]:
        """The pooled crossing of each threshold that can be forecast in this state."""
        found: dict[str, Crossing] = {}
        priors = priors_of(state.prior_set)
        weights = priors.settings.weights
        for threshold in thresholds:
            parts: list[tuple[Crossing, float]] = []
            for criterion in (c for c in state.criteria if c.threshold == threshold):
                times = self._times(state, criterion.indicator)
                ours = {shape: t for (id, shape), t in times.items() if id == criterion.id}
                if len(ours) < min(FEWEST_SHAPES, len(weights)):
                    continue
                total = sum(weights[shape] for shape in ours)
                parts += [
                    (
                        Crossing(time=t, weight=np.full(len(t), 1 / len(t)), as_of=state.as_of),
                        criterion.weight * weights[shape] / total,
                    )
                    for shape, t in ours.items()
                ]
            if parts:
                found[threshold] = mix(parts)
        return found

    def _times(self, state: State, indicator: str) -> Times:
        readings = tuple(m for m in state.measurements if m.indicator == indicator and m.main)
        criteria = tuple(c for c in state.criteria if c.indicator == indicator)
        definition = state.indicators[indicator]
        key = (state.as_of, definition, readings, criteria, state.prior_set.id)
        mark = tuple(map(repr, key))
        if mark not in self._done:
            priors = priors_of(state.prior_set)
            task = Task(
                indicator=definition, measurements=readings, systems=state.systems, criteria=criteria, priors=priors,
                as_of=state.as_of, seed=self.seed, shapes=tuple(s for s, w in priors.settings.weights.items() if w > 0),
                method=self.method,
            )  # fmt: skip
            self.progress(f"{definition.name}, {len(current(readings))} readings")
            self._done[mark] = _times(task)
        return self._done[mark]


@cache
def _engine() -> Engine:
    return Engine(cores=1)


def _times(task: Task) -> Times:
    """As a run does it: shapes that fail their checks are left out."""
    shapes = forecast(task, _engine()).shapes
    return {(id, name): t for name, s in shapes.items() if s.usable for id, t in s.times.items()}


def explain(
    store: Store,
    since: date,
    until: date,
    *,
    thresholds: Sequence[str] = (),
    by: Sequence[date] = (),
    method: Method = "sampled",
    seed: int = SEED,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Change]:
    """Split the change of each probability between two days into its causes.

    `by`: the days the probabilities are for; by default a year after `until` and the named deadlines ahead.
    Ends are the runs on record for exactly those days, else (and always by the quick method) refits. Thresholds
    that cannot be forecast at both ends are left out. Raises ValueError when the days are not in order.
    """
    start, end, stored = _ends(store, since, until)
    if method == "quick":
        stored = ({}, {})  # a first forecast beside a sampled run would compare the methods
    names = [t for t in dict.fromkeys(c.threshold for c in end.criteria) if not thresholds or t in thresholds]
    days = list(by) or [plus_months(until, 12), *(d.on for d in calendar().ahead(until))]
    refits = Refits(method=method, seed=seed, progress=progress)
    path = path_between(start, end)
    crossed = [refits.crossings(state, names) for state in path]
    outdated = [t for t in names if not (run := stored[0].get(t)) or run.model_version != MODEL_VERSION]
    at_start = refits.crossings(start, outdated) if outdated else {}
    found = []
    for threshold in names:
        runs = tuple(side.get(threshold) for side in stored)
        if any(threshold not in one for one in crossed) or (not runs[0] and threshold not in at_start):
            continue
        for day in days:
            p = [one[threshold].p_by(day) for one in crossed]
            refit = at_start[threshold].p_by(day) if threshold in at_start else p[0]
            before = probability_by(runs[0], day) if runs[0] else refit
            changed_model = runs[0] is not None and runs[0].model_version != MODEL_VERSION
            parts = {"changed model": refit - before if changed_model else 0.0}
            parts |= {name: float(b - a) for name, a, b in zip(ORDER[1:], p, p[1:], strict=False)}
            found.append(
                Change(
                    threshold=threshold, by=day, before=before,
                    after=probability_by(runs[1], day) if runs[1] else p[-1], parts=parts,
                    readings=_counted(start, end, threshold),
                    runs=(runs[0].id if runs[0] else "", runs[1].id if runs[1] else ""),
                )
            )  # fmt: skip
    return found


def path_between(start: State, end: State) -> list[State]:
    """The states along the path, all as of the later day: old, new data, revised data, priors, criteria.

    New data are readings of what had no reading; what had one keeps its old vintages until "revised data".
    """
    had = {_what(m) for m in start.measurements}
    added = tuple(m for m in end.measurements if _what(m) not in had)
    first = replace(start, as_of=end.as_of, systems=end.systems, indicators=end.indicators)
    second = replace(first, measurements=start.measurements + added)
    third = replace(second, measurements=end.measurements)
    fourth = replace(third, prior_set=end.prior_set)
    return [first, second, third, fourth, replace(fourth, criteria=end.criteria)]


def _what(m: Measurement) -> tuple[object, ...]:
    return m.indicator, m.system, m.condition, m.observed_on


def _counted(start: State, end: State, threshold: str) -> dict[str, dict[str, int]]:
    """How many readings of a threshold's indicators were new and how many revised."""
    old = {_what(m): m for m in current(m for m in start.measurements if m.main)}
    found = {c.indicator: {"new": 0, "revised": 0} for c in end.criteria if c.threshold == threshold}
    for m in current(m for m in end.measurements if m.main):
        if m.indicator in found:
            was = old.get(_what(m))
            if was is None:
                found[m.indicator]["new"] += 1
            elif (was.value, was.low, was.high, was.bound) != (m.value, m.low, m.high, m.bound):
                found[m.indicator]["revised"] += 1
    return found


def goalposts(
    store: Store,
    since: date,
    until: date,
    *,
    thresholds: Sequence[str] = (),
    by: date | None = None,
    method: Method = "sampled",
    seed: int = SEED,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Goalpost]:
    """Today's evidence under the criteria of then, and the reverse: has the goal moved, or the world?"""
    start, end, _ = _ends(store, since, until)
    names = [t for t in dict.fromkeys(c.threshold for c in end.criteria) if not thresholds or t in thresholds]
    day = by or plus_months(until, 12)
    refits = Refits(method=method, seed=seed, progress=progress)
    old = replace(start, as_of=until, systems=end.systems, indicators=end.indicators, prior_set=end.prior_set)
    four = [
        refits.crossings(replace(evidence, criteria=criteria.criteria), names)
        for criteria in (start, end)
        for evidence in (old, end)
    ]
    found = []
    for name in names:
        p = [one[name].p_by(day) if name in one else None for one in four]
        ids = [tuple(c.id for c in side.criteria if c.threshold == name) for side in (start, end)]
        found.append(
            Goalpost(
                threshold=name, by=day, then_then=p[0], now_then=p[1], then_now=p[2], now_now=p[3],
                criteria_then=ids[0], criteria_now=ids[1],
            )
        )  # fmt: skip
    return found


type Stored = tuple[Mapping[str, ForecastRun], Mapping[str, ForecastRun]]


def _ends(store: Store, since: date, until: date) -> tuple[State, State, Stored]:
    """Both ends of the path, and the publishable runs on record for exactly those days."""
    if since >= until:
        raise ValueError(f"--from {since} must lie before --to {until}")
    store_default_priors(store)
    states, stored = [], []
    with store.view() as now:
        first = now.log()[0].recorded_at
    for day in (since, until):
        end_of_day = datetime.combine(day, time.max, tzinfo=UTC)
        held_at = end_of_day if first <= end_of_day else None  # before the record began: what stands now
        with store.view(as_of=day) as known, store.view(seen_at=held_at) as held, store.view() as now:
            states.append(_state(known, held, now, day))
            runs = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(held))
            # At the later end only a run of the present model belongs to the path.
            ours = {t: r for t, r in runs.items() if r.publishable and r.as_of == day and r.model == POOL}
            stored.append({t: r for t, r in ours.items() if day == since or r.model_version == MODEL_VERSION})
    return states[0], states[1], (stored[0], stored[1])


def _state(known: View, held: View, now: View, day: date) -> State:
    prior_set = held.all(PriorSet, id=standing_prior_set(held)) or now.all(
        PriorSet, id=standing_prior_set(held)
    )
    return State(
        as_of=day, measurements=tuple(readings(known)), systems=tuple(known.all(System)),
        indicators={i.id: i for i in now.all(Indicator)}, prior_set=prior_set[0],
        criteria=tuple(standing_criteria(held)),
    )  # fmt: skip
