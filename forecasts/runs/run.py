"""A forecast run from end to end: asked, read, planned, fitted, assembled, stored; or shown and kept nowhere."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import numpy as np

from forecasts.dates.crossing import first_passage
from forecasts.dates.own import OwnModel, OwnModelError, OwnPaths
from forecasts.dates.worlds import Worlds
from forecasts.priors.changing import ChangedPriors, changed_priors
from forecasts.priors.sets import HEADLINE, Priors, priors_of
from forecasts.runs.assembly import assemble
from forecasts.runs.fitting import on_processes, on_threads
from forecasts.runs.indicators import IndicatorForecast, ShapeForecast, prior_fan
from forecasts.runs.plan import Plan, asked_of, plans, task_of, tasks
from forecasts.runs.request import Known, Progress, Request, assuming, read
from forecasts.series import SeriesError
from forecasts.worlds.building import worlds
from scorecard import __version__
from scorecard.evidence.readings.like import instrument
from scorecard.governance.proposals import propose
from scorecard.jobs import NamedSet
from scorecard.people import this_machine
from scorecard.records import ChangedMeasure, Fan, ForecastRun, PriorSet, Ruling
from scorecard.store import Store

PREVIEW_DRAWS = 1000  # a shape
PREVIEW_WORLDS = 2048


def run(
    store: Store,
    request: Request,
    *,
    named: NamedSet | None = None,
    progress: Progress = lambda _share, _words: None,
) -> list[ForecastRun]:
    """Forecast what a request asks for, store the runs, and return them; those already stored are not repeated.

    Raises PriorError, StoreError or ProposalRefused, and then stores no run.
    """
    progress(0.02, "Reading the evidence")
    known = read(store, request)
    changed = changed_priors(known.prior_set, request.overrides)
    if named is not None:
        _propose(store, known.prior_set, changed, request, named)
    planned = plans(known, changed.priors, changed.id, request)
    done = [known.runs[p.id] for p in planned if p.id in known.runs]
    todo = [p for p in planned if p.id not in known.runs]
    made: list[ForecastRun] = []
    if todo:
        found: dict[str, IndicatorForecast] = {}
        names = [name for p in todo for name in p.indicators]
        shared = worlds(asked_of(known, changed.priors, request), names)
        work = tasks(known, todo, changed.priors, request)
        for count, one in enumerate(on_processes(work) if work else (), start=1):
            found[one.indicator.id] = one
            progress(
                0.05 + 0.85 * count / len(work),
                f"Fitted {count} of {len(work)} indicators: {one.indicator.name}",
            )
        progress(0.92, "Crossing dates")

        def assembled(plan: Plan) -> ForecastRun:
            return assemble(
                plan, shared, found, changed.priors, lambda draws: store.files.put(draws, ".parquet")
            )

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = list(pool.map(assembled, todo))
        # In the log and not in the run: a later version that computes the same makes the same run.
        store.append(
            made,
            action="forecast",
            actor="forecasts",
            identity="local user of this machine",
            reason=f"preparedness {__version__}",
        )
    progress(1.0, f"{len(made)} thresholds forecast, {len(done)} already there")
    return [*done, *made]


def run_own(
    store: Store, request: Request, own: OwnModel, *, indicator: str, weight: float
) -> list[ForecastRun]:
    """Put somebody's model of an indicator on record as a shape, pooled by weight with the headline model.

    A run for each threshold asked for that the indicator measures, combined by its rule and given its findings like any
    other, under the model's name, which no page quotes as ours. OwnModelError, SeriesError or StoreError in words.
    """
    if not 0 < weight <= 1:
        raise OwnModelError(f"the model's weight beside ours lies above 0 and up to 1; found {weight:g}")
    asked = replace(request, method="quick")
    known = read(store, asked)
    if indicator not in known.indicators:
        raise OwnModelError(
            f"there is no indicator {indicator!r}; `preparedness export --table indicators` writes those there are"
        )
    base = changed_priors(known.prior_set, asked.overrides)
    weights = {HEADLINE: 1 - weight, own.name: weight}
    priors = replace(base.priors, settings=replace(base.priors.settings, weights=weights))
    planned = [p for p in plans(known, priors, base.id, asked) if indicator in p.indicators]
    if not planned:
        raise OwnModelError(f"no threshold that was asked for is measured by {indicator}; name another one")
    shared = worlds(asked_of(known, priors, asked), [name for p in planned for name in p.indicators])
    points = shared.indicators[indicator].series if indicator in shared.indicators else None
    if points is None:
        raise SeriesError(shared.refused.get(indicator, f"{indicator}: no readings"))
    paths = own.ahead(points, asked.as_of, seed=asked.seed)
    digest = sha256(paths.frontier.tobytes()).hexdigest()
    made = []
    for plan in planned:
        told = json.dumps([plan.id, own.name, own.author, own.reason, digest])
        mine = replace(plan, id=sha256(told.encode()).hexdigest(), model=f"own: {own.name}")
        with store.view() as now:
            if before := now.all(ForecastRun, id=mine.id):
                made += before
                continue
        found = _as_shape(own, paths, plan, shared, indicator)
        run_of_it = assemble(mine, shared, found, priors, lambda draws: store.files.put(draws, ".parquet"))
        store.append(
            [run_of_it],
            action="forecast",
            actor=own.author,
            identity="local user of this machine",
            reason=f"{own.name}, weight {weight:g}: {own.reason}",
        )
        made.append(run_of_it)
    return made


def _as_shape(
    own: OwnModel, paths: OwnPaths, plan: Plan, shared: Worlds, indicator: str
) -> dict[str, IndicatorForecast]:
    """A model's times of every criterion of a plan, world by world; of other indicators it says what ours says."""
    times: dict[str, dict[str, np.ndarray]] = {}
    by_rank = np.argsort(paths.frontier[:, len(paths.t) // 3], kind="stable")
    one = shared.indicators[indicator]
    rank = shared.draws.order(instrument(one.series.indicator)[0])
    ranked = paths.frontier[by_rank[rank * len(by_rank) // shared.draws.size]]
    in_worlds = OwnPaths(t=paths.t, frontier=ranked)
    for criterion in (c for level in (plan.level, plan.below) if level for c in level.criteria):
        try:
            ours = criterion.indicator == indicator
            height = shared.draws.height(one.series, criterion) if ours else None
            found = (
                shared.times(criterion)
                if height is None
                else first_passage(in_worlds, height, seed=shared.draws.seed)
            )
        except SeriesError:
            continue  # said where the headline model is asked
        times.setdefault(criterion.indicator, {})[criterion.id] = found
    return {
        name: IndicatorForecast(
            indicator=shared.indicators[name].series.indicator,
            shapes={
                own.name: ShapeForecast(
                    times=by, parameters={}, checks=(), sensitivity=(0.0, 0.0), usable=True
                )
            },
        )
        for name, by in times.items()
    }


def preview(
    store: Store,
    request: Request,
    *,
    without: str = "",
    assumed: Sequence[ChangedMeasure] = (),
    known: Known | None = None,
) -> list[ForecastRun]:
    """What a request would give, by the quick method in this process: nothing is stored, not even its draws.

    Fewer draws than a stored quick run, so that a page can ask while somebody moves a number. `without` is the
    id of a source whose readings are left out, to see what rests on it; `assumed` what is measured otherwise; `known`
    what was read for a request that differs in changed priors alone.
    """
    asked = replace(request, method="quick")
    known = assuming(known or read(store, asked), assumed)
    known = replace(known, measurements=tuple(m for m in known.measurements if m.source != without))
    changed = changed_priors(known.prior_set, asked.overrides)
    return previewed(known, asked, changed.priors, changed.id)


def previewed(known: Known, request: Request, priors: Priors, priors_id: str) -> list[ForecastRun]:
    """The quick runs of what is known under given priors, kept nowhere."""
    asked = replace(request, method="quick")
    planned = plans(known, priors, priors_id, asked)
    names = [name for p in planned for name in p.indicators]
    shared = worlds(asked_of(known, priors, asked, PREVIEW_WORLDS), names)
    work = [replace(task, draws=PREVIEW_DRAWS) for task in tasks(known, planned, priors, asked)]
    found = {one.indicator.id: one for one in on_threads(work)} if work else {}
    return [assemble(p, shared, found, priors, lambda _: ("", "")) for p in planned]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedForecast:
    """The first forecast of a threshold as things stand and with a proposal adopted; None where there is none."""

    threshold: str
    before: ForecastRun | None
    after: ForecastRun | None


def adopting(store: Store, ruling: Ruling, as_of: date) -> list[MovedForecast]:
    """What a ruling that is not made yet would do to every threshold's dates; nothing is stored.

    The record is read a second time as if the ruling stood on it, by the reader that every run uses, and both are
    forecast in the same worlds: what differs is the ruling's doing.
    """
    request = Request(as_of=as_of, method="quick")
    standing = read(store, request, keep=False)
    ruled = read(store, request, keep=False, supposing=[ruling])
    if standing == ruled:
        return []
    before, after = (
        {
            one.threshold: one
            for one in previewed(known, request, priors_of(known.prior_set), known.prior_set.id)
        }
        for known in (standing, ruled)
    )
    names = [t.id for t in standing.thresholds if t.id in before or t.id in after]
    return [MovedForecast(threshold=id, before=before.get(id), after=after.get(id)) for id in names]


def prior_predictive(store: Store, request: Request, indicator: str) -> Fan:
    """What the priors alone say about an indicator, as quantiles by date; SeriesError when it cannot be scaled."""
    known = read(store, request)
    changed = changed_priors(known.prior_set, request.overrides)
    return prior_fan(task_of(indicator, known, (), changed.priors, request))


def _propose(store: Store, base: PriorSet, changed: ChangedPriors, request: Request, named: NamedSet) -> None:
    with store.view() as now:
        if now.all(PriorSet, id=changed.id):
            return
    made = changed.as_set(
        base, name=named.name, author=named.author, reason=named.reason, known_at=request.as_of
    )
    propose(store, made, this_machine(named.author))
