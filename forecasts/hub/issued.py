"""Issued forecasts scored as readings and findings arrive, beside baselines asked the same on the same day.

What a run says of the past counts as reconstructed unless it was issued on its day. The best published reading on a
day and the reading of every record of the next year are scored by the quantiles that runs keep (twice the mean
pinball loss, an approximation of the CRPS, Gneiting and Raftery, 2007), a crossing by Brier and log score once its
developer has spoken: silence resolves nothing. Runs stored before they kept a record's reading are not asked for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite, nan

import numpy as np

from forecasts import SEED
from forecasts.hub.files import frontier, quantiles, readable
from forecasts.hub.scoring import quantile_score
from forecasts.hub.tasks import LEVELS
from forecasts.judging.reference.baselines import FairLine, NoChange, PastRises, record_days
from forecasts.judging.reference.contender import SeriesForecast, SeriesQuestion
from forecasts.readings import readings_of
from forecasts.series import Link, SeriesError, series, years
from scorecard.clock import plus_months
from scorecard.records import Determination, Fan, ForecastRun, Indicator, Issue, Measurement
from scorecard.thresholds.milestones import MilestoneRow
from scorecard.thresholds.pooling import brier
from scorecard.thresholds.quoted.league import LINE, OURS, ScoredForecast
from scorecard.thresholds.quoted.outcomes import found_by

LEADS = (3, 6, 12)  # months
BASELINES: Mapping[str, Callable[[SeriesQuestion], SeriesForecast]] = {
    LINE: FairLine,
    "no change": NoChange,
    "own past rises": PastRises,
}
FEWEST_RECORDS = 3  # without which no line is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedScores:
    """What resolved of the forecasts of issue days, and how many questions still wait, up to which day.

    days: those on which forecasts were issued or reconstructed.
    """

    days: tuple[date, ...]
    reconstructed: tuple[date, ...]
    resolved: tuple[ScoredForecast, ...]
    waiting: int
    until: date | None


def score_issued(
    issues: Iterable[Issue],
    runs: Sequence[ForecastRun],
    indicators: Mapping[str, Indicator],
    known: Mapping[date, Mapping[str, Sequence[Measurement]]],
    determinations: Sequence[Determination],
    *,
    as_of: date,
) -> IssuedScores:
    """Score what was issued, and runs of past firsts of months as reconstructed, on what is known on a day.

    `runs` holds one run a threshold and day; `known` gives the readings by indicator as each day knew them.
    """
    on_its_day = {one.due_on: set(one.runs) for one in issues if not one.reconstructed}
    by_day: dict[date, list[ForecastRun]] = {}
    for run in runs:
        if run.publishable and run.as_of.day == 1 and run.as_of <= as_of:
            by_day.setdefault(run.as_of, []).append(run)
    now = known[as_of]
    asked: list[ScoredForecast | date] = []
    for day, listed in sorted(by_day.items()):
        issued = {run.id for run in listed} & on_its_day.get(day, set())
        then = known[day]
        fans = {name: (fan, run) for run in listed for name, fan in readable(run.quoted).items()}
        for name, (fan, run) in fans.items():
            own = _Asked(
                indicator=indicators[name],
                day=day,
                as_of=as_of,
                then=then.get(name, ()),
                now=now.get(name, ()),
                reconstructed=run.id not in issued,
            )
            asked += own.values(fan)
            asked += own.records(run.quoted.next_record.get(name))
        asked += _crossings(day, listed, issued, determinations, as_of)
    waiting = [one for one in asked if isinstance(one, date)]
    return IssuedScores(
        days=tuple(sorted(by_day)),
        reconstructed=tuple(day for day in sorted(by_day) if day not in on_its_day),
        resolved=tuple(one for one in asked if isinstance(one, ScoredForecast)),
        waiting=len(waiting),
        until=max(waiting, default=None),
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What one issue asked about one indicator: its readings as that day knew them, and as they are known now."""

    indicator: Indicator
    day: date
    as_of: date
    then: Sequence[Measurement]
    now: Sequence[Measurement]
    reconstructed: bool

    @property
    def link(self) -> Link:
        return Link(indicator=self.indicator)

    def values(self, fan: Fan) -> Iterator[ScoredForecast | date]:
        """The best published reading so many months on: scored, or the day on which it will be."""
        for lead in LEADS:
            end = plus_months(self.day, lead)
            if end > self.as_of:
                yield end
                continue
            said, truth = quantiles(fan, self.link, end), frontier(self.now, self.indicator, end)
            if said is not None and truth is not None:
                beside = {
                    name: np.quantile(one.paths[:, lead], LEVELS) for name, one in self.baselines.items()
                }
                yield from self._scored("value", lead, end, said, truth, beside)

    def records(self, fan: Fan | None) -> Iterator[ScoredForecast]:
        """Every record of the next year: its reading, given that it was set then. None can be waited for."""
        best = self.floor
        if fan is None or best is None:
            return
        read = [m for m in self.now if m.main and m.bound == "exact"]
        for m in sorted(read, key=lambda m: (m.observed_on, -self.link.near(m.value))):
            if self.link.near(m.value) <= best:
                continue
            best = self.link.near(m.value)
            said = quantiles(fan, self.link, m.observed_on) or ()
            if self.day < m.observed_on <= plus_months(self.day, LEADS[-1]) and said:
                on = years(m.observed_on)
                beside = {name: np.quantile(one.record(on), LEVELS) for name, one in self.baselines.items()}
                lead = 12 * (on - years(self.day))
                yield from self._scored("record", lead, m.observed_on, said, m.value, beside)

    @cached_property
    def floor(self) -> float | None:
        """The best reading that the day knew, link scale; None where it knew none."""
        best = frontier(self.then, self.indicator, self.day)
        return None if best is None else self.link.near(best)

    @cached_property
    def baselines(self) -> dict[str, SeriesForecast]:
        """What others say from the same readings, link scale; none where the series was too short."""
        try:
            read = series(self.indicator, self.then, as_of=self.day)
            known = readings_of(read, link_units=1.0)
        except (SeriesError, ValueError):
            return {}
        asked = SeriesQuestion(
            id=self.indicator.id,
            indicator=self.indicator,
            origin=years(self.day),
            known=known,
            others=(),
            seed=SEED,
        )
        if len(record_days(asked)[0]) < FEWEST_RECORDS:
            return {}
        return {name: contender(asked) for name, contender in BASELINES.items()}

    def _scored(
        self,
        kind: str,
        lead: float,
        resolved: date,
        said: Sequence[float],
        truth: float,
        beside: Mapping[str, np.ndarray],
    ) -> Iterator[ScoredForecast]:
        if self.floor is None:
            return
        told, happened = sorted(map(self.link.near, said)), self.link.near(truth)
        others = {name: 2 * quantile_score(LEVELS, at, happened) for name, at in beside.items()}
        yield ScoredForecast(
            kind=kind,
            series=self.indicator.id,
            origin=self.day,
            lead=lead,
            resolved=resolved,
            scores={OURS: 2 * quantile_score(LEVELS, told, happened), **others},
            median=told[2],
            low=told[0],
            high=told[-1],
            floor=self.floor,
            happened=happened,
            reconstructed=self.reconstructed,
        )


def _crossings(
    day: date,
    listed: Iterable[ForecastRun],
    issued: set[str],
    determinations: Sequence[Determination],
    as_of: date,
) -> Iterator[ScoredForecast | date]:
    for run in listed:
        for lead in LEADS:
            by = plus_months(day, lead)
            found, _ = found_by(determinations, run.threshold, after=day, by=by, as_of=as_of)
            if found is None:
                if by > as_of:
                    yield by
                continue
            p = run.quoted.p_by(by)
            yield ScoredForecast(
                kind="crossing",
                series=run.threshold,
                origin=day,
                lead=lead,
                resolved=min(by, as_of),
                scores={OURS: brier(p, found), "one in two": 0.25},
                said=p,
                happened=float(found),
                reconstructed=run.id not in issued,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideForecasts:
    """Public forecasts that carry a number: those resolved with scores, how many are open, and when these resolve."""

    resolved: tuple[ScoredForecast, ...]
    open: int
    first: date | None
    last: date | None


def score_outside(rows: Iterable[MilestoneRow], runs: Sequence[ForecastRun]) -> OutsideForecasts:
    """Probabilities of others that resolved, beside ours of the newest day before each was said."""
    found, ahead = [], []
    for row in rows:
        o = row.outlook
        if o.kind != "forecast" or (o.probability is None and not o.quantiles):
            continue
        if row.outcome in ("open", "overdue"):
            ahead.append(row.by)
        brier_score = row.score.get("brier", nan)
        if row.by is None or not isfinite(brier_score):
            continue
        happened = row.outcome == "happened"
        ours = [
            run
            for run in runs
            if run.publishable and run.threshold == row.event.threshold and run.as_of <= o.said_on
        ]
        newest = max(ours, key=lambda run: run.as_of, default=None)
        mine = {} if newest is None else {OURS: brier(newest.quoted.p_by(row.by), happened)}
        found.append(
            ScoredForecast(
                kind="crossing",
                series=row.event.id,
                origin=o.said_on,
                lead=nan,
                resolved=row.by,
                scores={o.who: brier_score, **mine},
                said=o.probability if o.probability is not None else nan,
                happened=float(happened),
                reconstructed=False,
            )
        )
    days = [day for day in ahead if day is not None]
    return OutsideForecasts(
        resolved=tuple(found), open=len(ahead), first=min(days, default=None), last=max(days, default=None)
    )
