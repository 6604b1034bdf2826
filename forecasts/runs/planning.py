"""What to measure next: every option weighed on the record as it stood, the re-tests due, and what has no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from forecasts import SEED
from forecasts.priors.sets import Priors, priors_of
from forecasts.runs.next_evaluation import KINDS, options
from forecasts.runs.request import store_default_priors
from forecasts.series import SeriesError
from scorecard.evidence.readings.adjusting import readings
from scorecard.records import (
    Criterion,
    Indicator,
    Measurement,
    PriorSet,
    System,
    Threshold,
)
from scorecard.store import Store
from scorecard.thresholds.board import standing_prior_set, thresholds_in_force
from scorecard.thresholds.retests import retests, without_fresh_evidence
from scorecard.thresholds.standing import standing


def plan(
    store: Store, as_of: date, *, threshold: str | None = None, seed: int = SEED, weigh: bool = True
) -> dict[str, Any]:
    """Options (the most telling first within a threshold), re-tests by day, thresholds without fresh evidence.

    For the thresholds in force on a day that bear on self-improvement, or the one named. Narrowing in years; without
    `weigh` the options stay empty, which takes no fit.
    StoreError for a threshold that is not on record.
    """
    store_default_priors(store)
    with store.view(as_of=as_of) as known, store.view() as now:
        thresholds = [t for t in thresholds_in_force(known, as_of) if t.rsi_relevant]
        if threshold is not None:
            thresholds = [t for t in thresholds if t.id == threshold] or [now.get(Threshold, id=threshold)]
        ids = {t.id for t in thresholds}
        criteria = [c for c in standing(known, Criterion) if c.threshold in ids]
        indicators = {i.id: i for i in now.all(Indicator)}
        measurements, systems = readings(known), known.all(System)
        priors = priors_of(now.get(PriorSet, id=standing_prior_set(known)))
    listed = retests(criteria, indicators.values(), measurements)
    weighed = criteria if weigh else ()
    rows = list(_options(weighed, indicators, measurements, systems, priors, as_of, seed))
    return {
        "as_of": as_of.isoformat(),
        "kinds": dict(KINDS),
        "options": sorted(rows, key=lambda r: (r["threshold"], -r.get("weighted_narrowing_years", -1.0))),
        "without_fresh_evidence": without_fresh_evidence(thresholds, listed, as_of),
        "retests": [
            {
                "due": r.due.isoformat() if r.due else None,
                "overdue": r.overdue(as_of),
                "threshold": r.threshold,
                "indicator": r.indicator,
                "newest": r.newest.isoformat() if r.newest else None,
            }
            for r in listed
        ],
    }


def _options(
    criteria: Sequence[Criterion],
    indicators: Mapping[str, Indicator],
    readings: Sequence[Measurement],
    systems: Sequence[System],
    priors: Priors,
    as_of: date,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Every option on every indicator; one that cannot carry a trend says why in `refused`."""
    weight = {c.id: c.weight for c in criteria}
    for name in dict.fromkeys(c.indicator for c in criteria):
        ours = [c for c in criteria if c.indicator == name]
        try:
            found = options(
                indicators[name], indicators, readings, systems, ours, priors, as_of=as_of, seed=seed
            )
        except SeriesError as error:
            for c in ours:
                yield {
                    "threshold": c.threshold,
                    "criterion": c.id,
                    "indicator": name,
                    "kind": "any",
                    "refused": str(error),
                }
            continue
        for o in found:
            yield {
                "threshold": o.threshold,
                "criterion": o.criterion,
                "indicator": o.indicator,
                "kind": o.kind,
                "error_now_years": o.error_now,
                "narrowing_years": o.narrowing,
                "weight": weight[o.criterion],
                "weighted_narrowing_years": weight[o.criterion] * o.narrowing,
            }
