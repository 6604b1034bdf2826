"""What changed a probability between two days: refitted along a path on which one thing changes at a time.

The order is model, new data, revised data, priors, criterion. What comes first takes what two changes do only
together, so another order gives other parts. The parts and the remainder add up to the whole: the remainder
holds the passing of time and, where the ends are stored runs, the difference between them and a refit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from forecasts import SEED
from forecasts.dates.worlds import Worlds
from forecasts.priors.sets import priors_of
from forecasts.runs.assembly import assemble
from forecasts.runs.fitting import fitted
from forecasts.runs.indicators import IndicatorForecast, Method, Task
from forecasts.runs.plan import MODEL_VERSION, asked_of, plans, tasks
from forecasts.runs.request import Known, Request, read
from forecasts.worlds.building import Asked, worlds
from scorecard.clock import plus_months
from scorecard.evidence.readings.vintages import current
from scorecard.records import (
    POOL,
    Criterion,
    Determination,
    ForecastResult,
    ForecastRun,
    Indicator,
    Measurement,
    PriorSet,
    System,
    Threshold,
)
from scorecard.store import Store
from scorecard.thresholds.board import newest_runs
from scorecard.thresholds.calendar import calendar
from scorecard.words import day_in_words, percent

SIZE = 4096  # worlds of a refit: the parts are differences in the same worlds
ORDER = ("changed model", "new data", "revised data", "changed priors", "changed criterion")
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
    findings: tuple[Determination, ...]
    thresholds: tuple[Threshold, ...]

    def known(self, thresholds: Sequence[str]) -> Known:
        """The same as what a request for some thresholds would have read."""
        return Known(
            thresholds=tuple(t for t in self.thresholds if t.id in thresholds),
            indicators=self.indicators,
            measurements=self.measurements,
            systems=self.systems,
            criteria=self.criteria,
            findings=self.findings,
            every=self.thresholds,
            prior_set=self.prior_set,
            runs={},
        )


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

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON: the fields, the whole, the remainder and the words."""
        told = {"whole": self.after - self.before, "remainder": self.remainder, "words": self.words}
        return asdict(self) | told

    @property
    def words(self) -> str:
        """The change in a sentence, in percentage points."""
        named = [*self.parts.items(), ("remainder", self.remainder)]
        told = ", ".join(f"{name} {100 * part:+.1f}" for name, part in named if abs(part) >= 0.0005)
        change = f"from {percent(self.before, 1)} to {percent(self.after, 1)}"
        return f"P(crossed by {day_in_words(self.by)}) went {change}" + (f": {told} points." if told else ".")


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
    """Refits states, doing each indicator once for the same readings, priors and day."""

    method: Method = "sampled"
    seed: int = SEED
    progress: Callable[[str], None] = lambda _words: None
    _worlds: dict[str, Worlds] = field(default_factory=dict)
    _shapes: dict[str, IndicatorForecast] = field(default_factory=dict)

    def crossings(self, state: State, thresholds: Sequence[str]) -> dict[str, ForecastResult]:
        """What each threshold's run would say in this state, of those that can be forecast."""
        priors = priors_of(state.prior_set)
        request = Request(as_of=state.as_of, seed=self.seed, method=self.method)
        known = state.known(thresholds)
        planned = plans(known, priors, priors.id, request)
        asked = asked_of(known, priors, request, SIZE)
        shared = self._shared(asked, [name for p in planned for name in p.indicators])
        shapes: dict[str, IndicatorForecast] = {}
        if priors.settings.weighted:  # those of weight zero move nothing that is split here
            for task in tasks(known, planned, priors, request):
                only = replace(task, shapes=priors.settings.weighted)
                shapes[task.indicator.id] = self._once(only)
        runs = [assemble(p, shared, shapes, priors, lambda _: ("", "")) for p in planned]
        return {run.threshold: run.quoted for run in runs if run.publishable}

    def _shared(self, asked: Asked, names: Sequence[str]) -> Worlds:
        mark = repr((asked, sorted(set(names))))
        if mark not in self._worlds:
            self.progress(f"{len(set(names))} indicators as of {asked.as_of}")
            self._worlds[mark] = worlds(asked, names)
        return self._worlds[mark]

    def _once(self, task: Task) -> IndicatorForecast:
        mark = repr(task)
        if mark not in self._shapes:
            self.progress(f"{task.indicator.name}, {len(task.measurements)} readings")
            self._shapes[mark] = fitted(task)
        return self._shapes[mark]


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
    with store.view(until) as known:
        ahead = calendar(known).ahead(until)
    if method == "quick":
        stored = ({}, {})  # a first forecast beside a sampled run would compare the methods
    names = [t for t in dict.fromkeys(c.threshold for c in end.criteria) if not thresholds or t in thresholds]
    days = list(by) or [plus_months(until, 12), *(d.day for d in ahead)]
    # What nobody had said how to measure on the earlier day is split for how it is measured now.
    measured = {c.threshold for c in start.criteria}
    later = tuple(c for c in end.criteria if c.threshold not in measured)
    start = replace(start, criteria=(*start.criteria, *later))
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
            before = runs[0].quoted.p_by(day) if runs[0] else refit
            changed_model = runs[0] is not None and runs[0].model_version != MODEL_VERSION
            parts = {"changed model": refit - before if changed_model else 0.0}
            parts |= {name: float(b - a) for name, a, b in zip(ORDER[1:], p, p[1:], strict=False)}
            found.append(
                Change(
                    threshold=threshold,
                    by=day,
                    before=before,
                    after=runs[1].quoted.p_by(day) if runs[1] else p[-1],
                    parts=parts,
                    readings=_counted(start, end, threshold),
                    runs=(runs[0].id if runs[0] else "", runs[1].id if runs[1] else ""),
                )
            )
    return found


def path_between(start: State, end: State) -> list[State]:
    """The states along the path, all as of the later day: old, new data, revised data, priors, criteria.

    New data are readings of what had no reading, and what developers found since; what had a reading keeps its old
    vintages until "revised data".
    """
    had = {m.subject for m in start.measurements}
    added = tuple(m for m in end.measurements if m.subject not in had)
    first = replace(start, as_of=end.as_of, systems=end.systems, indicators=end.indicators)
    second = replace(first, measurements=start.measurements + added, findings=end.findings)
    third = replace(second, measurements=end.measurements)
    fourth = replace(third, prior_set=end.prior_set)
    return [first, second, third, fourth, replace(fourth, criteria=end.criteria)]


def _counted(start: State, end: State, threshold: str) -> dict[str, dict[str, int]]:
    """How many readings of a threshold's indicators were new and how many revised."""
    old = {m.subject: m for m in current(m for m in start.measurements if m.main)}
    found = {c.indicator: {"new": 0, "revised": 0} for c in end.criteria if c.threshold == threshold}
    for m in current(m for m in end.measurements if m.main):
        if m.indicator in found:
            was = old.get(m.subject)
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
    old = replace(
        start,
        as_of=until,
        systems=end.systems,
        indicators=end.indicators,
        prior_set=end.prior_set,
    )
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
                threshold=name,
                by=day,
                then_then=p[0],
                now_then=p[1],
                then_now=p[2],
                now_now=p[3],
                criteria_then=ids[0],
                criteria_now=ids[1],
            )
        )
    return found


type Stored = tuple[Mapping[str, ForecastRun], Mapping[str, ForecastRun]]


def _ends(store: Store, since: date, until: date) -> tuple[State, State, Stored]:
    """Both ends of the path, and the publishable runs on record for exactly those days."""
    if since >= until:
        raise ValueError(f"--from {since} must lie before --to {until}")
    states, stored = [], []
    for day in (since, until):
        state = _state(store, day)
        states.append(state)
        with store.view(as_of=day) as known, store.view() as now:
            runs = newest_runs(now, known, as_of=day, prior_set=state.prior_set.id)
        # At the later end only a run of the present model belongs to the path.
        ours = {t: r for t, r in runs.items() if r.publishable and r.as_of == day and r.model == POOL}
        stored.append({t: r for t, r in ours.items() if day == since or r.model_version == MODEL_VERSION})
    return states[0], states[1], (stored[0], stored[1])


def _state(store: Store, day: date) -> State:
    """What a run of a day rests on, read as a run reads it."""
    then = read(store, Request(as_of=day))
    with store.view() as now:
        thresholds = tuple(now.all(Threshold))  # what is asked is today's question at both ends
    return State(
        as_of=day,
        measurements=then.measurements,
        systems=then.systems,
        indicators=then.indicators,
        prior_set=then.prior_set,
        criteria=then.criteria,
        findings=then.findings,
        thresholds=thresholds,
    )
