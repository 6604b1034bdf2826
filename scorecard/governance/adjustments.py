"""Proposing that a published reading be read otherwise: what it should be, which doubt says so, and why."""

from __future__ import annotations

from datetime import date
from math import isfinite

from scorecard import clock
from scorecard.evidence.readings.adjusting import key_of
from scorecard.governance.proposals import ProposalRefused, propose
from scorecard.people import Actor, once
from scorecard.records import Adjustment, Doubt, Indicator, Measurement
from scorecard.store import Store


@once(Adjustment)
def adjust(
    store: Store,
    actor: Actor,
    measurement: Measurement,
    *,
    doubt: Doubt,
    value: float,
    rationale: str,
    low: float | None = None,
    high: float | None = None,
    today: date | None = None,
) -> Adjustment:
    """Propose another value for a reading, in the indicator's unit; forecasts read it once somebody else adopts it.

    Raises NotAllowed or ProposalRefused.
    """
    with store.view() as now:
        indicator = now.get(Indicator, id=measurement.indicator)
        about = [a for a in now.all(Adjustment) if key_of(a) == key_of(measurement)]
        count = len(now.all(Adjustment, indicator=measurement.indicator, system=measurement.system))
    given = [x for x in (low, value, high) if x is not None]
    if not all(isfinite(x) for x in given) or given != sorted(given):
        raise ProposalRefused(
            "low, value and high must be numbers in this order; give the value alone to move both ends"
        )
    if indicator.scale in ("log2", "log10") and min(given) <= 0:
        raise ProposalRefused(f"{indicator.name} is read on a log scale; an adjusted value must be above 0")
    if indicator.scale == "logit" and not (indicator.lower or 0) < value < (indicator.upper or 1):
        raise ProposalRefused(
            f"{indicator.name} lies between {indicator.lower} and {indicator.upper}; so must {value:g}"
        )
    one = Adjustment(
        id=f"{measurement.indicator}/{measurement.system}/{count + 1}",
        indicator=measurement.indicator,
        system=measurement.system,
        condition=measurement.condition,
        observed_on=measurement.observed_on,
        vintage=measurement.vintage,
        doubt=doubt,
        value=value,
        low=low,
        high=high,
        rationale=rationale.strip(),
        author=actor.name,
        supersedes=about[-1].id if about else "",
        known_at=today or clock.today(),
    )
    propose(store, one, actor)
    return one
