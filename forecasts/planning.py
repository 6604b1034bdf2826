"""What to measure next: every option weighed on the record as it stood, the re-tests due, and what has no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from forecasts.dynamics.answers import SEED
from forecasts.next_evaluation import KINDS, options
from forecasts.prior_sets import Priors, priors_of
from forecasts.runs import store_default_priors
from forecasts.series import SeriesError
from scorecard.evidence.adjusting import readings
from scorecard.records import (
    Criterion,
    Framework,
    Indicator,
    Measurement,
    PriorSet,
    System,
    Threshold,
)
from scorecard.store import Store
from scorecard.thresholds.board import in_force, standing_criteria, standing_prior_set
from scorecard.thresholds.retests import retests, without_fresh_evidence

__all__ = ["SEED", "plan"]


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
        versions = in_force(known.all(Framework), as_of)
        thresholds = [
            t for t in known.all(Threshold)
            if t.rsi_relevant and t.framework in versions and versions[t.framework].version == t.version
        ]  # fmt: skip
        if threshold is not None:
            thresholds = [t for t in thresholds if t.id == threshold] or [now.get(Threshold, id=threshold)]
        ids = {t.id for t in thresholds}
        criteria = [c for c in standing_criteria(now) if c.threshold in ids]
        indicators = {i.id: i for i in now.all(Indicator)}
        measurements, systems = readings(known), known.all(System)
        priors = priors_of(now.get(PriorSet, id=standing_prior_set(now)))
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
                "due": r.due.isoformat() if r.due else None, "overdue": r.overdue(as_of), "threshold": r.threshold,
                "indicator": r.indicator, "newest": r.newest.isoformat() if r.newest else None,
            }
            for r in listed
        ],
    }  # fmt: skip


def _options(
    criteria: Sequence[Criterion], indicators: Mapping[str, Indicator], readings: Sequence[Measurement],
    systems: Sequence[System], priors: Priors, as_of: date, seed: int,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Every option on every indicator; one that cannot carry a trend says why in `refused`."""
    weight = {c.id: c.weight for c in criteria}
    for name in dict.fromkeys(c.indicator for c in criteria):
        ours = [c for c in criteria if c.indicator == name]
        own = [m for m in readings if m.indicator == name]
        try:
            found = options(indicators[name], own, systems, ours, priors, as_of=as_of, seed=seed)
        except SeriesError as error:
            for c in ours:
                yield {
                    "threshold": c.threshold, "criterion": c.id, "indicator": name, "kind": "any",
                    "refused": str(error),
                }  # fmt: skip
            continue
        for o in found:
            yield {
                "threshold": o.threshold, "criterion": o.criterion, "indicator": o.indicator, "kind": o.kind,
                "error_now_years": o.error_now, "narrowing_years": o.narrowing, "weight": weight[o.criterion],
                "weighted_narrowing_years": weight[o.criterion] * o.narrowing,
            }  # fmt: skip
