"""The scorecard itself: one row a threshold, with its status and reason, latest evidence and forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.evidence.adjusting import readings
from scorecard.evidence.vintages import current
from scorecard.records import (
    POOL,
    QUICK,
    Criterion,
    Determination,
    ForecastRun,
    Framework,
    Indicator,
    Measurement,
    PriorSet,
    Ruling,
    Source,
    System,
    Threshold,
    Verdict,
)  # fmt: skip
from scorecard.store import View
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.forecast import Forecast
from scorecard.thresholds.status import Status, status

NO_DOUBT = ("metr_sota",)  # marks that classify a reading without casting doubt on it
STANDARD = "default"  # the prior set shown until a researcher's set is adopted


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest reading of the indicator that a threshold is measured by, in the indicator's unit."""

    indicator: Indicator
    measurement: Measurement
    system: str
    source: Source
    age_days: int

    @property
    def marks(self) -> tuple[str, ...]:
        """The reading's own marks, and `stale` when it is older than the indicator's re-test interval."""
        stale = ("stale",) if self.age_days > self.indicator.retest_days else ()
        return (*(mark for mark in self.measurement.marks if mark not in NO_DOUBT), *stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRow:
    """Everything that one line of the scorecard says about one threshold on one day."""

    threshold: Threshold
    framework: Framework
    status: Status
    criteria: tuple[Criterion, ...]
    latest: Latest | None
    forecast: Forecast | None
    source: Source

    @property
    def unforecast(self) -> str:
        """Why there is no forecast, in a sentence; empty when there is one."""
        if self.forecast is not None and not self.forecast.refused:
            return ""
        if self.forecast is not None:
            return self.forecast.refused
        if not self.criteria:
            return f"Nobody can measure this yet. {self.threshold.needed}".strip()
        return "No forecast has been run for this day yet."

    def as_json(self) -> dict[str, Any]:
        """The row as plain values, as `python -m scorecard status --json` prints it."""
        forecast = self.forecast
        return {
            "threshold": self.threshold.id,
            "framework": self.framework.name,
            "developer": self.framework.developer,
            "version": self.threshold.version,
            "category": self.threshold.category,
            "level": self.threshold.level,
            "kind": self.threshold.kind,
            "status": self.status.name,
            "reason": self.status.reason,
            "latest": None if self.latest is None else _latest_json(self.latest),
            **(forecast.as_json() if forecast else Forecast.nothing()),
            "unforecast": self.unforecast,
            "source": self.source.url,
            "grade": self.threshold.grade,
        }


def _latest_json(latest: Latest) -> dict[str, Any]:
    m = latest.measurement
    return {
        "indicator": latest.indicator.id, "value": m.value, "unit": latest.indicator.unit, "low": m.low,
        "high": m.high, "interval": m.interval, "bound": m.bound, "system": latest.system,
        "date": m.observed_on.isoformat(), "vintage": m.vintage, "source": latest.source.url,
        "grade": m.grade, "age_days": latest.age_days, "marks": list(latest.marks),
    }  # fmt: skip


def board(
    known: View, now: View, *, as_of: date, prior_set: str | None = None, everything: bool = False
) -> list[ScorecardRow]:
    """The scorecard on a day, in the order of data/thresholds.yaml.

    `known` is the record as of that day (evidence, thresholds, determinations); `now` is the record
    today, from which criteria, prior sets and forecast runs come, since those are ours and are
    applied to any day. `everything` adds categories that do not bear on self-improvement.
    """
    frameworks = in_force(known.all(Framework), as_of)
    thresholds = [t for t in known.all(Threshold) if (t.rsi_relevant or everything)]
    thresholds = [t for t in thresholds if frameworks.get(t.framework, _NONE).version == t.version]
    criteria = standing_criteria(now)
    sources = {s.id: s for s in now.all(Source)}
    findings = known.all(Determination)
    newest = newest_readings(known, sources, as_of)
    runs = newest_runs(now, known, as_of=as_of, prior_set=prior_set or standing_prior_set(now))
    indicators = known.all(Indicator)
    rows = []
    for threshold in thresholds:
        ours = tuple(c for c in criteria if c.threshold == threshold.id)
        rows.append(
            ScorecardRow(
                threshold=threshold,
                framework=frameworks[threshold.framework],
                status=status(threshold, [d for d in findings if d.threshold == threshold.id], sources),
                criteria=ours,
                latest=_latest_for(threshold, ours, indicators, newest),
                forecast=Forecast.of(runs[threshold.id], as_of, calendar()) if threshold.id in runs else None,
                source=sources[threshold.source],
            )
        )
    return rows


class _Nothing:
    version = None


_NONE = _Nothing()


def in_force(frameworks: Iterable[Framework], as_of: date) -> dict[str, Framework]:
    """The version of each framework that is in force on a day, by framework id."""
    latest: dict[str, Framework] = {}
    for framework in sorted(frameworks, key=lambda f: f.effective_on):
        if framework.effective_on <= as_of:
            latest[framework.id] = framework
    return latest


def standing_criteria(now: View) -> list[Criterion]:
    """The criteria in use: adopted ones, else the proposed defaults; declined and superseded ones are out."""
    rulings = last_rulings(now)
    criteria = [
        c for c in now.all(Criterion) if rulings.get(f"criteria/{c.id}") not in ("declined", "withdrawn")
    ]
    adopted = {c.id for c in criteria if rulings.get(f"criteria/{c.id}") == "adopted"}
    replaced = {c.supersedes for c in criteria if c.id in adopted and c.supersedes}
    defaults = {c.id for c in criteria if not c.supersedes and c.author == "the scorecard's defaults"}
    return [c for c in criteria if c.id in (adopted | defaults) - replaced]


def standing_prior_set(now: View) -> str:
    """The prior set in use: the last adopted one that was not withdrawn, else the default."""
    known = {p.id for p in now.all(PriorSet)}
    ruled = last_rulings(now)
    adopted = [
        subject.removeprefix("prior_sets/") for subject, verdict in ruled.items() if verdict == "adopted"
    ]
    standing = [name for name in adopted if name in known]
    return standing[-1] if standing else STANDARD


def last_rulings(now: View) -> dict[str, Verdict]:
    """The last ruling on each proposal, the most recently ruled on last."""
    last: dict[str, Verdict] = {}
    for ruling in now.all(Ruling):
        last.pop(ruling.subject, None)
        last[ruling.subject] = ruling.ruling
    return last


def newest_readings(known: View, sources: Mapping[str, Source], as_of: date) -> dict[str, Latest]:
    """The newest main reading of each indicator known on a day, by indicator id."""
    names = {s.id: s.name for s in known.all(System)}
    newest: dict[str, Measurement] = {}
    for reading in current(known.all(Measurement, main=True)):
        kept = newest.get(reading.indicator)
        if kept is None or (reading.observed_on, reading.value) >= (kept.observed_on, kept.value):
            newest[reading.indicator] = reading
    return {
        indicator.id: Latest(
            indicator=indicator,
            measurement=m,
            system=names.get(m.system, m.system),
            source=sources[m.source],
            age_days=(as_of - m.observed_on).days,
        )
        for indicator in known.all(Indicator)
        if (m := newest.get(indicator.id)) is not None
    }


def _latest_for(
    threshold: Threshold,
    criteria: Sequence[Criterion],
    indicators: Sequence[Indicator],
    newest: Mapping[str, Latest],
) -> Latest | None:
    by_weight = [c.indicator for c in sorted(criteria, key=lambda c: -c.weight)]
    informing = [i.id for i in indicators if threshold.id in i.informs]
    return next((newest[name] for name in [*by_weight, *informing] if name in newest), None)


def newest_runs(now: View, known: View, *, as_of: date, prior_set: str) -> dict[str, ForecastRun]:
    """By threshold, the pooled run that holds on a day: made as of that day, or before it on the same evidence.

    An earlier run still holds when nothing it reads became known since; its probabilities are then
    quoted for the later day from the same crossing distribution. A sampled run goes before a quick one.
    """
    moved: dict[str, date] = {}
    for m in readings(known):
        moved[m.indicator] = max(m.known_at, moved.get(m.indicator, m.known_at))
    standing = standing_criteria(now)
    holding: dict[str, ForecastRun] = {}
    runs = now.all(ForecastRun, prior_set=prior_set)
    for run in [r for model in (QUICK, POOL) for r in runs if r.model == model]:
        ours = tuple(c.id for c in standing if c.threshold == run.threshold)
        fresh = all(moved.get(name, date.min) <= run.as_of for name in run.indicators)
        if run.as_of > as_of or not fresh or ours != run.criteria:
            continue
        kept = holding.get(run.threshold)
        if kept is None or (kept.model, run.model) == (QUICK, POOL) or run.as_of >= kept.as_of:
            holding[run.threshold] = run
    return holding
