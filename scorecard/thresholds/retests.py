"""When each indicator is due to be measured again, and which thresholds have no fresh evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scorecard.evidence.readings.vintages import current
from scorecard.records import Criterion, Indicator, Measurement, Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Retest:
    """One indicator that a threshold is measured by: its newest main reading and the day the next one is due.

    newest and due are None where nothing was ever measured.
    """

    threshold: str
    criterion: str
    indicator: str
    name: str
    weight: float
    newest: date | None
    due: date | None

    def overdue(self, as_of: date) -> bool:
        """Whether the day has passed, or nothing was measured at all."""
        return self.due is None or self.due < as_of


def retests(
    criteria: Iterable[Criterion], indicators: Iterable[Indicator], measurements: Iterable[Measurement]
) -> list[Retest]:
    """Every criterion's indicator with its re-test date, those due first on top."""
    named = {i.id: i for i in indicators}
    newest: dict[str, date] = {}
    for m in current(measurements):
        if m.main:
            newest[m.indicator] = max(m.observed_on, newest.get(m.indicator, m.observed_on))
    listed = []
    for c in criteria:
        indicator = named.get(c.indicator)
        if indicator is None:
            continue
        seen = newest.get(c.indicator)
        due = seen + timedelta(days=indicator.retest_days) if seen else None
        listed.append(
            Retest(
                threshold=c.threshold,
                criterion=c.id,
                indicator=c.indicator,
                name=indicator.name,
                weight=c.weight,
                newest=seen,
                due=due,
            )
        )
    return sorted(listed, key=lambda r: (r.due or date.min, r.threshold))


def without_fresh_evidence(
    thresholds: Iterable[Threshold], listed: Iterable[Retest], as_of: date
) -> dict[str, str]:
    """Threshold id -> why it has no fresh evidence, for those that have none."""
    by_threshold: dict[str, list[Retest]] = {}
    for one in listed:
        by_threshold.setdefault(one.threshold, []).append(one)
    stale: dict[str, str] = {}
    for threshold in thresholds:
        ours = by_threshold.get(threshold.id, [])
        if not ours:
            stale[threshold.id] = f"nobody can measure it yet. {threshold.needed}".strip()
        elif all(one.overdue(as_of) for one in ours):
            newest = max((one.newest for one in ours if one.newest), default=None)
            seen = f"the newest reading is of {newest}" if newest else "nothing was ever measured"
            stale[threshold.id] = f"{seen}, and every re-test is overdue"
    return stale
