"""What the site is made of: the public material of a day, its readings and issued forecasts, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scorecard.briefings.content.audience import for_audience
from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.content.build import build, taken_at
from scorecard.briefings.content.material import Material, read
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.governance.snapshots import find_snapshot
from scorecard.records import POOL, QUICK, ForecastRun, LogEntry, Measurement
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow, standing_prior_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that one edition of the site may say; nothing in it is for an internal reader only.

    `issued` are the publishable runs under the prior set in use, newest first, by threshold; `address` is where the
    site will stand, "" if that is not known.
    """

    briefing: Briefing
    material: Material
    readings: Mapping[str, tuple[Measurement, ...]]
    issued: Mapping[str, tuple[ForecastRun, ...]]
    entry: LogEntry
    address: str

    @property
    def as_of(self) -> date:
        """The day the edition is of."""
        return self.material.as_of

    @property
    def rows(self) -> tuple[ScorecardRow, ...]:
        """The thresholds, as the scorecard has them."""
        return self.material.rows

    def indicators(self, row: ScorecardRow) -> tuple[str, ...]:
        """The indicators that a threshold is measured by, the weightiest first, else those that inform it."""
        read = [c.indicator for c in sorted(row.criteria, key=lambda c: -c.weight)]
        named = read or [i.id for i in self.material.indicators.values() if row.threshold.id in i.informs]
        return tuple(name for name in dict.fromkeys(named) if self.readings.get(name))


def edition(store: Store, *, as_of: date, snapshot: str = "", address: str = "") -> Edition:
    """What is published of a day, or of a snapshot: then nothing that was recorded after it was taken."""
    bound = find_snapshot(store, snapshot) if snapshot else None
    seen_at = taken_at(store, bound) if bound else None
    material, _ = for_audience(read(store, as_of, seen_at), "public")
    readings: dict[str, list[Measurement]] = {}
    issued: dict[str, list[ForecastRun]] = {}
    with store.view(as_of, seen_at) as known, store.view(seen_at=seen_at) as now:
        chosen = standing_prior_set(known)
        for m in published_readings(known):
            readings.setdefault(m.indicator, []).append(m)
        ours = now.all(ForecastRun, prior_set=chosen, model=[POOL, QUICK])
        runs = [r for r in ours if r.publishable and r.as_of <= as_of]
        for run in sorted(runs, key=lambda r: (r.as_of, r.id), reverse=True):
            issued.setdefault(run.threshold, []).append(run)
        log = now.log()
    last = next(e for e in log if e.seq == bound.entry) if bound else log[-1]
    return Edition(
        briefing=build(store, as_of=as_of, audience="public", snapshot=snapshot),
        material=material,
        readings={name: tuple(found) for name, found in readings.items()},
        issued={name: tuple(found) for name, found in issued.items()},
        entry=last,
        address=address.rstrip("/"),
    )
