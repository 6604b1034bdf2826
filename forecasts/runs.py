"""Forecast runs: what is known on a day, through every shape, to crossing dates stored under one hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from forecasts.assembly import MODEL_VERSION, Plan, assemble
from forecasts.elicit import as_prior_text, elicit, read_quantiles
from forecasts.fit import Engine
from forecasts.indicators import IndicatorForecast, Method, Task, forecast
from forecasts.predictive import prior_fan
from forecasts.prior_sets import Priors, parameters_of, priors_of, read_prior_set
from forecasts.shapes import get_shape
from scorecard.evidence.adjusting import readings
from scorecard.governance.proposals import propose
from scorecard.governance.roles import this_machine
from scorecard.records import (
    POOL,
    QUICK,
    Criterion,
    ForecastRun,
    Framework,
    Indicator,
    Measurement,
    PriorSet,
    System,
    Threshold,
)  # fmt: skip
from scorecard.store import Store, View
from scorecard.store.rows import row_hash, to_row
from scorecard.thresholds.board import STANDARD, in_force, standing_criteria, standing_prior_set

SEED = 20260101
PREVIEW_DRAWS = 1000  # a shape
WORTH_COMPILING = 8  # indicators that take as long as compiling every shape once more
PRIORS = Path(__file__).parents[1] / "data" / "priors"

type Progress = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to forecast: a day, a prior set (None: the standing one), changed priors, and which thresholds."""

    as_of: date
    prior_set: str | None = None
    overrides: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    seed: int = SEED
    method: Method = "sampled"

    @property
    def model(self) -> str:
        """The name under which the runs are stored."""
        return POOL if self.method == "sampled" else QUICK


@dataclass(frozen=True, kw_only=True)
class Named:
    """Who proposes the changed priors as a set of their own, under what name, and why."""

    name: str
    author: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """The record that a request reads."""

    thresholds: tuple[Threshold, ...]
    indicators: Mapping[str, Indicator]
    measurements: tuple[Measurement, ...]
    systems: tuple[System, ...]
    criteria: tuple[Criterion, ...]
    prior_set: PriorSet
    runs: Mapping[str, ForecastRun]


def store_default_priors(store: Store) -> None:
    """Store the prior sets of data/priors/ that hold trend shapes, as what they are: proposals."""
    sets = [read_prior_set(PRIORS / name) for name in ("default.yaml", "published.yaml")]
    store.append(sets, action="import", actor="the scorecard", identity="built from data/")


def read(store: Store, request: Request) -> Known:
    """What is known for a request: evidence as of its day, criteria and priors as they stand now."""
    with store.view(as_of=request.as_of) as then, store.view() as now:
        if now.all(PriorSet, id=STANDARD):
            return _known(then, now, request)
    store_default_priors(store)
    return read(store, request)


def _known(then: View, now: View, request: Request) -> Known:
    versions = in_force(then.all(Framework), request.as_of)
    thresholds = [
        t
        for t in then.all(Threshold)
        if t.framework in versions and versions[t.framework].version == t.version
    ]
    wanted = [t for t in thresholds if not request.thresholds or t.id in request.thresholds]
    unknown = set(request.thresholds) - {t.id for t in thresholds}
    if unknown:
        now.get(Threshold, id=next(iter(unknown)))  # says so when there is none at all
    return Known(
        thresholds=tuple(wanted),
        indicators={i.id: i for i in now.all(Indicator)},  # ours, as criteria are; only values have a day
        measurements=tuple(readings(then)),
        systems=tuple(then.all(System)),
        criteria=tuple(standing_criteria(now)),
        prior_set=now.get(PriorSet, id=request.prior_set or standing_prior_set(now)),
        runs={run.id: run for run in now.all(ForecastRun, as_of=request.as_of)},
    )


def changed_priors(base: PriorSet, overrides: Sequence[str]) -> tuple[Priors, str, dict[str, Any]]:
    """The priors with changes applied, their id, and what was asked beside what was achieved.

    A change is PARAM=FAMILY(args), or PARAM=quantiles(...) or PARAM=doubling_days(...), see elicit.py.
    """
    priors = priors_of(base)
    if not overrides:
        return priors, base.id, {}
    told: dict[str, Any] = {}
    for text in overrides:
        target, _, right = text.partition("=")
        named, _, parameter = target.strip().rpartition(".")
        quantiles = read_quantiles(right)
        if quantiles is None:
            priors = priors.with_overrides([text])
            continue
        having = [s for s in ([named] if named else list(priors.shapes)) if parameter in priors.of(s)]
        if not having:
            priors.with_overrides([f"{target}=normal(0, 1)"])  # raises with the names there are
        positive = all(_positive(shape, parameter) for shape in having)
        best = elicit(
            quantiles, priors.of(having[0])[parameter], positive=positive or min(quantiles.values()) > 0
        )[0]
        priors = priors.with_overrides([f"{target}={as_prior_text(best.prior)}"])
        told[target.strip()] = {
            "typed": right.strip(), "family": best.prior.family, "params": dict(best.prior.params),
            "asked": {f"{p:g}": x for p, x in best.asked.items()},
            "achieved": {f"{p:g}": x for p, x in best.achieved.items()},
            "one_percent": best.one_percent, "ninety_nine_percent": best.ninety_nine_percent, "miss": best.miss,
        }  # fmt: skip
    digest = sha256("\n".join([base.id, *sorted(overrides)]).encode()).hexdigest()[:8]
    return priors, f"{base.id}+{digest}", told


def _positive(shape: str, parameter: str) -> bool:
    return next(p.positive for p in parameters_of(get_shape(shape)) if p.name == parameter)


def run(
    store: Store,
    request: Request,
    *,
    named: Named | None = None,
    progress: Progress = lambda _share, _words: None,
) -> list[ForecastRun]:
    """Forecast what a request asks for, store the runs, and return them; those already stored are not repeated.

    Raises PriorError, StoreError or ProposalRefused, and then stores no run.
    """
    progress(0.02, "Reading the evidence")
    store_default_priors(store)  # a file of data/priors/ may have changed
    known = read(store, request)
    priors, priors_id, told = changed_priors(known.prior_set, request.overrides)
    if named is not None:
        _propose(store, known.prior_set, priors, priors_id, told, request, named)
    plans = [
        plan for t in known.thresholds if (plan := _plan(t, known, priors, priors_id, request)) is not None
    ]
    plans = [p for p in plans if not request.indicators or set(request.indicators) & set(p.indicators)]
    done = [known.runs[p.id] for p in plans if p.id in known.runs]
    todo = [p for p in plans if p.id not in known.runs]
    made: list[ForecastRun] = []
    if todo:
        names = list(dict.fromkeys(name for p in todo for name in p.indicators))
        tasks = [_task(name, known, todo, priors, request) for name in names]
        found: dict[str, IndicatorForecast] = {}
        for count, one in enumerate(_spread(tasks), start=1):
            found[one.indicator.id] = one
            progress(
                0.05 + 0.85 * count / len(tasks),
                f"Fitted {count} of {len(tasks)} indicators: {one.indicator.name}",
            )
        progress(0.92, "Crossing dates")
        made = [assemble(p, found, priors, lambda draws: store.files.put(draws, ".parquet")) for p in todo]
        store.append(made, action="forecast", actor="forecasts", identity="local user of this machine")
    progress(1.0, f"{len(made)} thresholds forecast, {len(done)} already there")
    return [*done, *made]


def preview(store: Store, request: Request, *, without: str = "") -> list[ForecastRun]:
    """What a request would give, by the quick method in this process: nothing is stored, not even its draws.

    Fewer draws than a stored quick run, so that a page can ask while somebody moves a number. `without` is the
    id of a source whose readings are left out, to see what rests on it.
    """
    asked = replace(request, method="quick")
    known = read(store, asked)
    known = replace(known, measurements=tuple(m for m in known.measurements if m.source != without))
    priors, priors_id, _ = changed_priors(known.prior_set, asked.overrides)
    return previewed(known, asked, priors, priors_id)


def previewed(known: Known, request: Request, priors: Priors, priors_id: str) -> list[ForecastRun]:
    """The quick runs of what is known under given priors, kept nowhere."""
    asked = replace(request, method="quick")
    found_plans = (_plan(t, known, priors, priors_id, asked) for t in known.thresholds)
    plans = [p for p in found_plans if p is not None]
    names = list(dict.fromkeys(name for p in plans for name in p.indicators))
    tasks = [replace(_task(name, known, plans, priors, asked), draws=PREVIEW_DRAWS) for name in names]
    # An indicator's thread waits for its shapes, which two threads share out: numpy lets go of the interpreter.
    with ThreadPoolExecutor(2) as shapes, ThreadPoolExecutor(max(len(tasks), 1)) as pool:
        made = pool.map(lambda task: forecast(task, _engine(), shapes.map), tasks)
        found = dict(zip(names, made, strict=True))
    return [assemble(p, found, priors, lambda _: ("", "")) for p in plans]


def prior_predictive(store: Store, request: Request, indicator: str) -> dict[str, Any]:
    """What the priors alone say about an indicator, as quantiles by date; SeriesError when it cannot be scaled."""
    known = read(store, request)
    priors, _, _ = changed_priors(known.prior_set, request.overrides)
    return prior_fan(_task(indicator, known, (), priors, request))


def _propose(
    store: Store,
    base: PriorSet,
    priors: Priors,
    id: str,
    told: Mapping[str, Any],
    request: Request,
    named: Named,
) -> None:
    given = {
        shape: {name: prior.as_data() for name, prior in of.items()} for shape, of in priors.shapes.items()
    }
    with store.view() as now:
        if now.all(PriorSet, id=id):
            return
    propose(
        store,
        PriorSet(
            id=id, name=named.name, author=named.author, rationale=named.reason, priors=given,
            settings=base.settings, known_at=request.as_of, asked=dict(told) or None, links=(),
        ),
        this_machine(named.author),
    )  # fmt: skip


def _plan(
    threshold: Threshold, known: Known, priors: Priors, priors_id: str, request: Request
) -> Plan | None:
    criteria = tuple(c for c in known.criteria if c.threshold == threshold.id)
    if not criteria:
        return None
    indicators = tuple(dict.fromkeys(c.indicator for c in criteria))
    readings = sorted(
        row_hash(m.TABLE, to_row(m)) for m in known.measurements if m.indicator in indicators and m.main
    )
    definitions = [
        row_hash(i.TABLE, to_row(known.indicators[i.id])) for i in map(known.indicators.get, indicators) if i
    ]
    data_hash = sha256("\n".join([*definitions, *readings]).encode()).hexdigest()
    decided = {
        "threshold": threshold.id, "as_of": request.as_of.isoformat(), "data": data_hash, "seed": request.seed,
        "criteria": [row_hash(c.TABLE, to_row(c)) for c in criteria], "model": f"{request.model} {MODEL_VERSION}",
        "priors": {s: {n: str(p) for n, p in of.items()} for s, of in priors.shapes.items()},
        "settings": repr(priors.settings), "prior_set": priors_id,
    }  # fmt: skip
    return Plan(
        id=sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest(), threshold=threshold,
        as_of=request.as_of, model=request.model, seed=request.seed,
        criteria=criteria, indicators=indicators, prior_set=priors_id, data_hash=data_hash,
    )  # fmt: skip


def _task(name: str, known: Known, plans: Sequence[Plan], priors: Priors, request: Request) -> Task:
    criteria = tuple(c for p in plans for c in p.criteria if c.indicator == name)
    return Task(
        indicator=known.indicators[name], criteria=criteria, systems=known.systems, priors=priors,
        measurements=tuple(m for m in known.measurements if m.indicator == name),
        as_of=request.as_of, seed=request.seed, shapes=tuple(s for s, w in priors.settings.weights.items() if w > 0),
        method=request.method,
    )  # fmt: skip


@cache
def _engine() -> Engine:
    return Engine(cores=1)


def _work(task: Task) -> IndicatorForecast:
    return forecast(task, _engine())


def shared_out(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks for one process each, two at most.

    Models with correlated errors compile apart from those without, so each process takes one kind and compiles each
    shape once. Compiling both kinds pays where that would leave a process idle for longer.
    """
    kinds = [
        [t for t in tasks if t.indicator.shared_tasks],
        [t for t in tasks if not t.indicator.shared_tasks],
    ]
    fewer, more = sorted(map(len, kinds))
    if fewer == 0 or more - fewer > WORTH_COMPILING:
        every, half = [*kinds[0], *kinds[1]], (len(tasks) + 1) // 2
        kinds = [every[:half], every[half:]]
    return [kind for kind in kinds if kind]


def _spread(tasks: Sequence[Task]) -> Iterator[IndicatorForecast]:
    """Forecast indicators on two processes, as they finish."""
    groups = shared_out(tasks)
    if len(tasks) == 1:
        yield _work(tasks[0])
        return
    pools = [ProcessPoolExecutor(1, mp_context=get_context("spawn")) for _ in groups]
    try:
        futures = [pool.submit(_work, t) for pool, group in zip(pools, groups, strict=True) for t in group]
        for future in as_completed(futures):
            yield future.result()
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)
