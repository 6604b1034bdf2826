"""From a request and what is known to plans: one threshold's run each, named by the hash of all that decides it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from forecasts.dates.combining import Found
from forecasts.dates.worlds import WORLDS
from forecasts.inference.fit import VERSION as ENGINE
from forecasts.priors.sets import Priors
from forecasts.runs.indicators import Task
from forecasts.runs.request import Known, Request
from forecasts.worlds.building import Asked, learnt_by
from scorecard.records import Criterion, Rule, Threshold
from scorecard.store.rows import row_hash, to_row
from scorecard.thresholds.levels import below, reads
from scorecard.thresholds.quoted.freshness import evidence_hash

MODEL_VERSION = f"2.3.{ENGINE}"  # 2.3: the same distributions, drawn in another order


@dataclass(frozen=True, kw_only=True)
class Level:
    """How one threshold is measured: its criteria, the thresholds that are a route of it, the rule over all routes.

    `found` is its developer's newest finding of it.
    """

    threshold: str
    own: tuple[Criterion, ...]
    routes: tuple[Level, ...]
    rule: Rule
    found: Found | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Its own criteria, then those of its routes."""
        return (*self.own, *(c for route in self.routes for c in route.criteria))

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that its criteria read."""
        return tuple(dict.fromkeys(c.indicator for c in self.criteria))

    @property
    def findings(self) -> tuple[tuple[str, Found], ...]:
        """What was found of it and of its routes, by threshold."""
        own = ((self.threshold, self.found),) if self.found else ()
        return (*own, *(said for route in self.routes for said in route.findings))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One threshold's run before it is made: what it reads and the hash of all that decides its result.

    `below` is the lower level of the same category, which is never crossed later. `indicators` are those of both.
    """

    id: str
    threshold: Threshold
    as_of: date
    model: str
    seed: int
    level: Level
    below: Level | None
    indicators: tuple[str, ...]
    prior_set: str
    data_hash: str


def plans(known: Known, priors: Priors, priors_id: str, request: Request) -> list[Plan]:
    """A plan for each threshold that has a criterion, of those with the indicators that are asked for, if any are."""
    found = (_plan(t, known, priors, priors_id, request) for t in known.thresholds)
    asked = set(request.indicators)
    return [p for p in found if p is not None and (not asked or asked & set(p.indicators))]


def _plan(
    threshold: Threshold, known: Known, priors: Priors, priors_id: str, request: Request
) -> Plan | None:
    level = _level(threshold, known)
    if not level.criteria:
        return None
    lower = below(threshold, known.every)
    under = _level(lower, known) if lower else None
    under = under if under and under.criteria else None
    indicators = tuple(dict.fromkeys([*level.indicators, *(under.indicators if under else ())]))
    data_hash = evidence_hash(
        reads(threshold, known.criteria, known.every, known.findings),
        known.indicators,
        known.measurements,
        known.systems,
    )
    decided = {
        "threshold": threshold.id,
        "as_of": request.as_of.isoformat(),
        "data": data_hash,
        "seed": request.seed,
        "levels": [_decided(one) for one in (level, under) if one],
        "learnt": learnt_by(request.as_of),
        "model": f"{request.model} {MODEL_VERSION}",
        "priors": {s: {n: str(p) for n, p in of.items()} for s, of in priors.shapes.items()},
        "settings": repr(priors.settings),
        "prior_set": priors_id,
    }
    return Plan(
        id=sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest(),
        threshold=threshold,
        as_of=request.as_of,
        model=request.model,
        seed=request.seed,
        level=level,
        below=under,
        indicators=indicators,
        prior_set=priors_id,
        data_hash=data_hash,
    )


def _level(threshold: Threshold, known: Known) -> Level:
    return Level(
        threshold=threshold.id,
        own=tuple(c for c in known.criteria if c.threshold == threshold.id),
        routes=tuple(_level(t, known) for t in known.every if t.route_of == threshold.id),
        rule=threshold.rule,
        found=Found.newest([d for d in known.findings if d.threshold == threshold.id]),
    )


def _decided(level: Level) -> list[str]:
    rows = [row_hash(c.TABLE, to_row(c)) for c in level.own]
    return [
        level.threshold,
        level.rule,
        repr(level.found),
        *rows,
        *(x for r in level.routes for x in _decided(r)),
    ]


def asked_of(known: Known, priors: Priors, request: Request, size: int = WORLDS) -> Asked:
    """What the worlds of a request are made from."""
    return Asked(
        indicators=known.indicators,
        measurements=known.measurements,
        systems=known.systems,
        as_of=request.as_of,
        seed=request.seed,
        paces=priors.settings.paces,
        halts=priors.settings.halts,
        size=size,
        part=request.part,
    )


def tasks(known: Known, planned: Sequence[Plan], priors: Priors, request: Request) -> list[Task]:
    """The fits of shapes that plans need: one task an indicator, with every criterion that is measured by it.

    A sampled run shows every shape of the prior set, a quick one those that weigh something; often none does.
    """
    weighted = priors.settings.weighted
    if request.method == "quick" and not weighted:
        return []
    names = dict.fromkeys(n for p in planned for n in (p.indicators if weighted else p.level.indicators))
    return [task_of(name, known, planned, priors, request) for name in names if name in known.indicators]


def task_of(name: str, known: Known, planned: Sequence[Plan], priors: Priors, request: Request) -> Task:
    """One indicator to fit for the criteria that plans have on it."""
    levels = [one for p in planned for one in (p.level, p.below) if one]
    return Task(
        indicator=known.indicators[name],
        criteria=tuple({c.id: c for one in levels for c in one.criteria if c.indicator == name}.values()),
        systems=known.systems,
        priors=priors,
        measurements=tuple(m for m in known.measurements if m.indicator == name),
        as_of=request.as_of,
        seed=request.seed,
        shapes=priors.settings.weighted if request.method == "quick" else priors.settings.listed,
        method=request.method,
    )
