"""The scorecard itself: one row a threshold, with its status and reason, latest evidence and forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.evidence.readings.adjusting import readings
from scorecard.evidence.readings.vintages import current
from scorecard.evidence.refresh.searched import searched_to, watch_list_of
from scorecard.records import (
    Assessment,
    Criterion,
    Decision,
    Determination,
    ForecastResult,
    ForecastRun,
    Framework,
    Indicator,
    Measurement,
    PriorSet,
    Search,
    Source,
    System,
    TextCheck,
    Threshold,
    ThresholdEvent,
)
from scorecard.store import View
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.levels import measured_by, next_level
from scorecard.thresholds.quoted.explanation import Grounds, because, grounds, withheld
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.thresholds.quoted.freshness import STANDARD, StandingRun, once_in_use, shown_runs
from scorecard.thresholds.standing import last_rulings, standing
from scorecard.thresholds.status import Status, day_of, status
from scorecard.thresholds.voices import Happening, Voices, timeline, voices
from scorecard.words import day_in_words, said_by

NO_DOUBT = ("metr_sota",)  # marks that classify a reading without casting doubt on it


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
    searches: tuple[Search, ...] = ()
    above: str = ""  # the level that comes next in the same category, if the framework has one
    searched_to: date | None = None  # silence about it is vouched for up to this day
    timeline: tuple[Happening, ...] = ()
    decisions: tuple[Decision, ...] = ()
    because: str = ""
    grounds: Grounds | None = None
    withheld: str = ""  # why the forecast is no headline
    same_as: tuple[str, ...] = ()  # thresholds whose forecast is this one to the digit
    read: TextCheck | None = None  # the last reading of its wording in the framework's own text

    @property
    def voices(self) -> Voices:
        """What the developer, others, the committee and the model say, side by side."""
        return voices(self.status, self.timeline, self.decisions, self.forecast)

    @property
    def unforecast(self) -> str:
        """Why there is no forecast, in a sentence; empty when there is one."""
        if self.forecast is not None and not self.forecast.refused:
            return ""
        if self.status.reached and self.status.rests_on is not None:
            following = (
                f" Next level: {self.above}." if self.above else " The framework names no level above it."
            )
            done = f"{self.status.name.capitalize()} since {day_in_words(day_of(self.status.rests_on))}"
            return f"{done} ({self.status.rests_on.system}); when it is reached is no longer a question.{following}"
        if self.forecast is not None:
            return self.forecast.refused
        if not self.criteria:
            return f"{self._unmeasured()} {self.threshold.needed}".strip()
        return "No forecast has been run for this day yet."

    def _unmeasured(self) -> str:
        """Why there is no criterion: what we hold, what we know to be published, what was looked for in vain."""
        if self.latest is not None:
            return "Series on record bear on it, but nobody has proposed at which value it counts as reached."
        last = max(
            (s for s in self.searches if s.sought == "series"), key=lambda s: s.looked_on, default=None
        )
        if last is None:
            return "We hold no series that measures it; whether anybody publishes one was not looked for."
        day = f"looked for up to {day_in_words(last.reaches)}"
        if last.outcome == "published_not_held":
            return f"We hold no series that measures it, though one is published ({last.found}; {day})."
        return f"Nobody was found to publish a series that measures it ({day})."

    def as_json(self) -> dict[str, Any]:
        """The row as plain values, as `preparedness status --json` prints it."""
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
            "reached": self.status.reached,
            "next_level": self.above or None,
            "voices": self.voices.as_json(),
            "timeline": [happening.as_json() for happening in self.timeline],
            "searched_to": self.searched_to.isoformat() if self.searched_to else None,
            "latest": None if self.latest is None else _latest_json(self.latest),
            **(forecast.as_json() if forecast else Forecast.nothing()),
            "withheld": self.withheld or None,
            "confidence": self.grounds.confidence if self.grounds else None,
            "confidence_because": list(self.grounds.lowered_by) if self.grounds else [],
            "because": self.because or None,
            "same_as": list(self.same_as),
            "unforecast": self.unforecast,
            "source": self.source.url,
            "grade": self.threshold.grade,
            "text_read": {"on": self.read.read_on.isoformat(), "place": self.read.place}
            if self.read
            else None,
        }


def _latest_json(latest: Latest) -> dict[str, Any]:
    m = latest.measurement
    return {
        "indicator": latest.indicator.id,
        "value": m.value,
        "unit": latest.indicator.unit,
        "low": m.low,
        "high": m.high,
        "interval": m.interval,
        "bound": m.bound,
        "system": latest.system,
        "date": m.observed_on.isoformat(),
        "vintage": m.vintage,
        "source": latest.source.url,
        "grade": m.grade,
        "age_days": latest.age_days,
        "marks": list(latest.marks),
    }


def board(
    known: View, now: View, *, as_of: date, prior_set: str | None = None, everything: bool = False
) -> list[ScorecardRow]:
    """The scorecard on a day, in the order of data/thresholds.yaml.

    `known` is the record as of that day: evidence, thresholds, determinations, and the criteria, prior set and
    calendar in use then; `now` is the record today, for the names of sources and for runs made since as of that day.
    `everything` adds categories that do not bear on self-improvement.
    """
    frameworks = in_force(known.all(Framework), as_of)
    thresholds = [t for t in thresholds_in_force(known, as_of) if t.rsi_relevant or everything]
    criteria = standing(known, Criterion)
    sources = {s.id: s for s in now.all(Source)}
    findings = known.all(Determination)
    events = known.all(ThresholdEvent)
    searches = known.all(Search)
    readings_of_texts = {c.threshold: c for c in sorted(known.all(TextCheck), key=lambda c: c.read_on)}
    assessments = known.all(Assessment)
    decisions = known.all(Decision)
    looked = watch_list_of(known)
    every = known.all(Threshold)
    newest = newest_readings(known, sources, as_of)
    runs = shown_runs(
        now,
        known,
        as_of=as_of,
        prior_set=prior_set or standing_prior_set(known),
        before=() if prior_set else once_in_use(known),
    )
    indicators, dates = known.all(Indicator), calendar(known)
    by_id = {i.id: i for i in indicators}
    rows = []
    for threshold in thresholds:
        ours = measured_by(threshold, criteria, every)
        reaches = searched_to(looked, frameworks[threshold.framework].developer)
        stands = status(
            threshold,
            [d for d in findings if d.threshold == threshold.id],
            sources,
            events=[e for e in events if threshold.id in e.thresholds],
            searched_to=reaches,
        )
        shown = runs.get(threshold.id)
        if shown and shown.outdated and stands.reached:
            shown = None  # nobody renews what is no longer a question
        said = shown.run.quoted if shown and shown.run.publishable else None
        latest = _latest_for(threshold, ours, indicators, newest, said)
        rows.append(
            ScorecardRow(
                threshold=threshold,
                framework=frameworks[threshold.framework],
                status=stands,
                criteria=ours,
                latest=latest,
                forecast=Forecast.of(shown.run, as_of, dates, shown.outdated) if shown else None,
                because=because(said, by_id, as_of) if said else "",
                grounds=_grounds(said, latest) if said else None,
                withheld=withheld(said, by_id) if said else "",
                same_as=_same_as(threshold.id, said, runs),
                source=sources[threshold.source],
                searches=tuple(s for s in searches if s.about == f"thresholds/{threshold.id}"),
                above=next_level(threshold, every),
                searched_to=reaches,
                timeline=tuple(timeline(threshold.id, findings, events, assessments)),
                decisions=tuple(d for d in decisions if d.threshold == threshold.id),
                read=readings_of_texts.get(threshold.id),
            )
        )
    return rows


def quoted_runs(rows: Iterable[ScorecardRow]) -> dict[str, ForecastRun]:
    """By threshold, the run whose figures its row quotes: what any other page says of the same crossing."""
    return {row.threshold.id: row.forecast.run for row in rows if row.forecast and not row.forecast.refused}


def in_force(frameworks: Iterable[Framework], as_of: date) -> dict[str, Framework]:
    """The version of each framework that is in force on a day, by framework id."""
    latest: dict[str, Framework] = {}
    for framework in sorted(frameworks, key=lambda f: f.effective_on):
        if framework.effective_on <= as_of:
            latest[framework.id] = framework
    return latest


def named_thresholds(view: View) -> dict[str, str]:
    """Every threshold's whole name as one says it, by id, those of replaced versions included."""
    developers = {f.id: f.developer for f in view.all(Framework)}
    return {t.id: said_by(developers[t.framework], t) for t in view.all(Threshold)}


def thresholds_in_force(known: View, as_of: date) -> list[Threshold]:
    """The thresholds of the framework versions that are in force on a day, in the order of data/thresholds.yaml."""
    versions = in_force(known.all(Framework), as_of)
    return [
        t
        for t in known.all(Threshold)
        if t.framework in versions and versions[t.framework].version == t.version
    ]


def standing_prior_set(now: View) -> str:
    """The prior set in use: the last adopted one that was not withdrawn, else the default."""
    known = {p.id for p in now.all(PriorSet)}
    ruled = last_rulings(now)
    adopted = [
        subject.id
        for subject, verdict in ruled.items()
        if verdict == "adopted" and subject.table == PriorSet.TABLE
    ]
    standing = [name for name in adopted if name in known]
    return standing[-1] if standing else STANDARD


def newest_readings(known: View, sources: Mapping[str, Source], as_of: date) -> dict[str, Latest]:
    """The newest main reading of each indicator known on a day, by indicator id."""
    names = {s.id: s.name for s in known.all(System)}
    newest: dict[str, Measurement] = {}
    for reading in current(one for one in readings(known) if one.main):
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
    said: ForecastResult | None,
) -> Latest | None:
    """The newest reading of the indicator that decides most: one that the forecast uses, where there is one."""
    weights = {c.id: c.weight for c in criteria}
    if said is not None:
        weights = {id: one.weight for id, one in said.by_criterion.items()}
    used = [c for c in criteria if c.id in weights]
    by_weight = [c.indicator for c in sorted(used, key=lambda c: -weights[c.id])]
    informing = [i.id for i in indicators if threshold.id in i.informs]
    return next((newest[name] for name in [*by_weight, *informing] if name in newest), None)


def _grounds(said: ForecastResult, latest: Latest | None) -> Grounds:
    age, retest = (latest.age_days, latest.indicator.retest_days) if latest else (None, 0)
    return grounds(said, newest_age=age, retest_days=retest)


def _same_as(threshold: str, said: ForecastResult | None, runs: Mapping[str, StandingRun]) -> tuple[str, ...]:
    if said is None:
        return ()
    others = (one.run for one in runs.values() if one.run.publishable and one.run.threshold != threshold)
    return tuple(run.threshold for run in others if run.quoted.cdf == said.cdf)


def newest_runs(now: View, known: View, *, as_of: date, prior_set: str) -> dict[str, ForecastRun]:
    """By threshold, the pooled run that holds on a day: it read what a forecast of that day would read."""
    shown = shown_runs(now, known, as_of=as_of, prior_set=prior_set)
    return {threshold: one.run for threshold, one in shown.items() if not one.outdated}
