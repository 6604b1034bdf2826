"""What a briefing is made of: the record of a day and of the day it is compared with, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scorecard.evidence.readings.adjusting import published_readings
from scorecard.governance import commentary
from scorecard.governance.alerts.levels import Alert, alerts
from scorecard.governance.decisions import standing_decisions
from scorecard.records import (
    Assessment,
    Buffer,
    Commentary,
    Criterion,
    Decision,
    Determination,
    Duty,
    Event,
    Filing,
    FilingEntry,
    ForecastRun,
    Framework,
    Indicator,
    Outlook,
    PriorSet,
    Safeguard,
    Source,
    Subject,
    System,
    TrackRecord,
    Verdict,
)
from scorecard.store import Store, View
from scorecard.thresholds.board import (
    Latest,
    ScorecardRow,
    board,
    newest_readings,
)
from scorecard.thresholds.calendar import Calendar, calendar
from scorecard.thresholds.quoted.league import ScoredForecast
from scorecard.thresholds.quoted.outcomes import resolved
from scorecard.thresholds.quoted.together import Together, together
from scorecard.thresholds.standing import last_rulings, standing

BACK = timedelta(days=91)  # one meeting earlier: they are taken to be three months apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The records a briefing may speak of; `before` and `since` are the earlier day's."""

    as_of: date
    since: date
    rows: tuple[ScorecardRow, ...]
    before: Mapping[str, ScorecardRow]
    readings: Mapping[str, Latest]
    arrived: int  # readings that became known after `since`
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    systems: Mapping[str, str]
    determinations: tuple[Determination, ...]
    rulings: Mapping[Subject, Verdict]
    prior_sets: Mapping[str, PriorSet]
    decisions: tuple[Decision, ...]
    commentary: tuple[Commentary, ...]
    safeguards: tuple[Safeguard, ...]
    buffers: tuple[Buffer, ...]  # the adopted one of each threshold
    tracks: tuple[TrackRecord, ...]
    outcomes: tuple[ScoredForecast, ...]  # of the reference class, resolved by the day
    recorded_since: date | None
    events: Mapping[str, Event]
    outlooks: tuple[Outlook, ...]
    duties: tuple[Duty, ...]
    filings: tuple[Filing, ...]
    entries: tuple[FilingEntry, ...]  # what people wrote under the fields of filings
    assessments: tuple[Assessment, ...]
    frameworks: tuple[Framework, ...]
    released: tuple[System, ...]
    calendar: Calendar
    alerts: Mapping[str, Alert]
    together: Together | None  # the rows counted in shared worlds
    safeguards_shown: bool = True  # whether this reader may know how they stand
    reaches: date | None = None  # up to here the evidence was searched; None where it is not known

    @property
    def runs(self) -> tuple[ForecastRun, ...]:
        """The forecast runs that hold on the day, refused ones included, in the order of the rows."""
        return tuple(row.forecast.run for row in self.rows if row.forecast)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria in use, in the order of the rows."""
        return tuple(criterion for row in self.rows for criterion in row.criteria)

    def standing_of(self, criterion: Criterion) -> str:
        """Whether a criterion was adopted, in the words that every page uses."""
        ruled = self.rulings.get(Subject.of(criterion))
        return ruled or "proposed, not adopted"


def adopted_buffers(known: View) -> tuple[Buffer, ...]:
    """The adopted warning rule of each threshold that has one."""
    return tuple({b.threshold: b for b in standing(known, Buffer)}.values())


def read(store: Store, as_of: date, seen_at: datetime | None = None) -> Material:
    """Read what is known on a day and was on the day 91 days before; no forecast is run for either.

    `seen_at` (UTC) leaves out what this store came to hold later.
    """
    since = as_of - BACK
    with (
        store.view(as_of, seen_at) as known,
        store.view(since, seen_at) as earlier,
        store.view(seen_at=seen_at) as now,
    ):
        sources = {s.id: s for s in now.all(Source)}
        rows = tuple(board(known, now, as_of=as_of))
        days = [row.searched_to for row in rows]
        return Material(
            as_of=as_of,
            since=since,
            rows=rows,
            alerts=alerts(known, rows, as_of),
            together=together(store, rows, as_of),
            reaches=min((day for day in days if day is not None), default=None) if all(days) else None,
            before={row.threshold.id: row for row in board(earlier, now, as_of=since)},
            readings=newest_readings(known, sources, as_of),
            arrived=sum(m.known_at > since for m in published_readings(known)),
            indicators={i.id: i for i in now.all(Indicator)},
            sources=sources,
            systems={s.id: s.name for s in known.all(System)},
            determinations=tuple(known.all(Determination)),
            rulings=last_rulings(known),
            prior_sets={p.id: p for p in known.all(PriorSet)},
            decisions=tuple(standing_decisions(known.all(Decision))),
            commentary=tuple(commentary.newest_commentary(known.all(Commentary))),
            safeguards=tuple(s for s in known.all(Safeguard) if s.status != "withdrawn"),
            buffers=adopted_buffers(known),
            tracks=tuple(known.all(TrackRecord)),
            outcomes=resolved(known, as_of),
            recorded_since=next((entry.recorded_at.date() for entry in now.log()), None),
            events={e.id: e for e in known.all(Event)},
            outlooks=tuple(known.all(Outlook)),
            duties=tuple(known.all(Duty)),
            filings=tuple(known.all(Filing)),
            entries=tuple(known.all(FilingEntry)),
            assessments=tuple(known.all(Assessment)),
            frameworks=tuple(known.all(Framework)),
            released=tuple(one for one in known.all(System) if one.released_on <= as_of),
            calendar=calendar(known),
        )
