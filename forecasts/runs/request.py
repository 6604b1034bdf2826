"""What somebody asks of the forecasts, and what is known for it: the only reading of the record that a run does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from forecasts import SEED
from forecasts.priors.sets import read_prior_set
from forecasts.runs.indicators import Method
from forecasts.worlds.building import Part
from scorecard.evidence.readings.adjusting import readings
from scorecard.governance.criteria import CriterionRefused, check_criterion
from scorecard.places import DATA
from scorecard.records import (
    POOL,
    QUICK,
    RULE,
    ChangedMeasure,
    Criterion,
    Determination,
    ForecastRun,
    Indicator,
    Measurement,
    Override,
    PriorError,
    PriorSet,
    Record,
    System,
    Threshold,
)
from scorecard.store import Store, View
from scorecard.thresholds.board import standing_prior_set, thresholds_in_force
from scorecard.thresholds.standing import standing

PRIORS = DATA / "priors"

type Progress = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to forecast: a day, a prior set (None: the standing one), changed priors, and which thresholds.

    Criteria and priors are those of `assumptions`, by default of the same day as the evidence.
    """

    as_of: date
    prior_set: str | None = None
    overrides: tuple[Override, ...] = ()
    thresholds: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    seed: int = SEED
    method: Method = "sampled"
    part: Part | None = None  # of the headline model, for what-ifs
    assumptions: date | None = None

    @property
    def model(self) -> str:
        """The name under which the runs are stored."""
        return POOL if self.method == "sampled" else QUICK


@dataclass(frozen=True, kw_only=True)
class Known:
    """The record that a request reads; `thresholds` are those asked for, `every` those on record."""

    thresholds: tuple[Threshold, ...]
    indicators: Mapping[str, Indicator]
    measurements: tuple[Measurement, ...]
    systems: tuple[System, ...]
    criteria: tuple[Criterion, ...]
    findings: tuple[Determination, ...]
    every: tuple[Threshold, ...]
    prior_set: PriorSet
    runs: Mapping[str, ForecastRun]


@cache
def _default_priors() -> PriorSet:
    """The prior set that the shapes carry: code as they are, so it is the same for as long as a process lives."""
    return read_prior_set(PRIORS / "default.yaml")


def store_default_priors(store: Store) -> None:
    """Store the shapes' default prior set, a proposal like any other, unless the record has it as it stands."""
    ours = _default_priors()
    with store.view() as now:
        if now.all(PriorSet, id=ours.id) == [ours]:
            return
    store.append([ours], action="import", actor="the scorecard", identity="built from data/")


def read(store: Store, request: Request, *, keep: bool = True, supposing: Sequence[Record] = ()) -> Known:
    """What is known for a request: evidence, criteria and the prior set in use as of its day.

    The shapes' default prior set is put on a record that lacks it, unless nothing is to be written (`keep`).
    `supposing` are records that are read as if they were stored.
    """
    if keep:
        store_default_priors(store)
    then_known = store.view(request.as_of, assumptions=request.assumptions, supposing=supposing)
    with then_known as then, store.view() as now:
        return _known(then, now, request)


def _prior_set(now: View, id: str) -> PriorSet:
    ours = _default_priors()
    return ours if id == ours.id and not now.all(PriorSet, id=id) else now.get(PriorSet, id=id)


def _known(then: View, now: View, request: Request) -> Known:
    thresholds = thresholds_in_force(then, request.as_of)
    # When a level that its developer found crossed will be reached is no question, unless somebody asks for it.
    done = {d.threshold for d in then.all(Determination) if d.finding in ("crossed", "precautionary")}
    wanted = [
        t for t in thresholds if (t.id in request.thresholds if request.thresholds else t.id not in done)
    ]
    unknown = set(request.thresholds) - {t.id for t in thresholds}
    if unknown:
        now.get(Threshold, id=next(iter(unknown)))  # says so when there is none at all
    return Known(
        thresholds=tuple(wanted),
        indicators={i.id: i for i in now.all(Indicator)},  # ours, as criteria are; only values have a day
        measurements=tuple(readings(then)),
        systems=tuple(then.all(System)),
        criteria=tuple(standing(then, Criterion)),
        findings=tuple(then.all(Determination)),
        every=tuple(then.all(Threshold)),
        prior_set=_prior_set(now, request.prior_set or standing_prior_set(then)),
        runs={run.id: run for run in now.all(ForecastRun, as_of=request.as_of)},
    )


def assuming(known: Known, assumed: Sequence[ChangedMeasure]) -> Known:
    """What is known with some criteria and rules changed; PriorError names what there is none of, or why it cannot be.

    Nothing is renormalised: weights of one route that no longer sum to 1 weigh against each other.
    """
    criteria = changed_criteria(known.criteria, assumed)
    for one in criteria:
        if one not in known.criteria:
            try:
                check_criterion(one, known.indicators[one.indicator])
            except CriterionRefused as refused:
                raise PriorError(f"{one.id}: {refused}") from None
    rules: dict[str, Any] = {one.about: one.value for one in assumed if one.field == RULE}
    if strange := set(rules) - {t.id for t in known.every}:
        raise PriorError(f"there is no threshold {min(strange)!r} whose rule could be changed")
    every, ours = (
        tuple(replace(t, rule=rules[t.id]) if t.id in rules else t for t in thresholds)
        for thresholds in (known.every, known.thresholds)
    )
    return replace(known, criteria=criteria, every=every, thresholds=ours)


def changed_criteria(
    criteria: Sequence[Criterion], assumed: Sequence[ChangedMeasure]
) -> tuple[Criterion, ...]:
    """The criteria with the changes of their fields; PriorError when there is no such criterion."""
    found = {one.id: one for one in criteria}
    for one in assumed:
        if one.field == RULE:
            continue
        if one.about not in found:
            raise PriorError(
                f"there is no criterion {one.about!r} in use on this day; a threshold's page names those there are"
            )
        changed: dict[str, Any] = {one.field: one.value}
        found[one.about] = replace(found[one.about], **changed)
    return tuple(found.values())
