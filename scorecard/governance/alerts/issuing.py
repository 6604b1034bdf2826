"""Issue days: the first of each month, on which all forecasts are issued, frozen under one entry and witnessed.

Which runs were issued for a day is a record, with the head of the log that they are under; a day that was missed is
issued afterwards from what was known on it, and marked as reconstructed, so that it is scored apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scorecard.clock import plus_months
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.vintages import current
from scorecard.records import POOL, Determination, Event, ForecastRun, Indicator, Issue, Measurement, Outlook
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.thresholds.milestones import MilestoneRow, register

LATE_DAYS = 3  # after which an issue is no longer of its day
MOST = 12  # months that are caught up at once


class NothingToIssue(StoreError):
    """A day has no forecast to issue; the message says what makes them."""


def owed(store: Store, today: date) -> list[date]:
    """The issue days up to today that were not issued yet, the earliest first; the first ever is this month's."""
    this = today.replace(day=1)
    with store.view() as now:
        done = sorted(one.due_on for one in now.all(Issue))
    if not done:
        return [this]
    days = [plus_months(done[0], count) for count in range(1200)]
    return [day for day in days if day <= this and day not in done][-MOST:]


def issue(store: Store, due_on: date, today: date) -> Issue:
    """Put on the record which runs are issued for a day; NothingToIssue when none holds for it."""
    with store.view(as_of=due_on) as known, store.view() as now:
        runs = newest_runs(now, known, as_of=due_on, prior_set=standing_prior_set(known))
        head = now.log()[-1].hash
    issued = tuple(sorted(run.id for run in runs.values() if run.publishable and run.as_of == due_on))
    if not issued:
        raise NothingToIssue(
            f"no forecast of {due_on} is on record; “preparedness forecast run --as-of {due_on}” makes them"
        )
    late = (today - due_on).days
    reconstructed = late > LATE_DAYS
    note = f"{late} days late, from what was known on its day" if reconstructed else "on its day"
    made = Issue(
        id=due_on.isoformat(),
        due_on=due_on,
        runs=issued,
        head=head,
        note=note,
        reconstructed=reconstructed,
        known_at=today,
    )
    store.append(
        [made],
        action="issue forecasts",
        actor="the scorecard",
        identity="built from data/",
        reason=f"{len(issued)} forecasts of {due_on}, {note}",
    )
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedMaterial:
    """What issued forecasts are scored from: the runs of the firsts of months, and what was read by each of them.

    runs: one a threshold and day, the issued one where there is one. known: by day, the as-of day included, the
    readings of each indicator as that day knew them. stated: public goals and forecasts with what became of them.
    """

    as_of: date
    issues: tuple[Issue, ...]
    runs: tuple[ForecastRun, ...]
    indicators: Mapping[str, Indicator]
    known: Mapping[date, Mapping[str, Sequence[Measurement]]]
    determinations: tuple[Determination, ...]
    stated: tuple[MilestoneRow, ...]


def issued_material(store: Store, as_of: date) -> IssuedMaterial:
    """Read what was issued up to a day, and runs made for firsts of months without having been issued."""
    with store.view(as_of=as_of) as known, store.view() as now:
        issues = tuple(one for one in now.all(Issue) if one.due_on <= as_of)
        issued = {id for one in issues for id in one.runs}
        ours = standing_prior_set(known)
        kept: dict[tuple[str, date], ForecastRun] = {}
        for run in now.all(ForecastRun):
            if run.publishable and run.as_of.day == 1 and run.as_of <= as_of and run.prior_set == ours:
                held = kept.get((run.threshold, run.as_of))
                rank = (run.id in issued, run.model == POOL)
                if held is None or rank >= (held.id in issued, held.model == POOL):
                    kept[run.threshold, run.as_of] = run
        indicators = {one.id: one for one in now.all(Indicator)}
        determinations = tuple(known.all(Determination))
        stated = register(known.all(Event), known.all(Outlook), {}, as_of=as_of)
    days = sorted({run.as_of for run in kept.values()} | {as_of})
    return IssuedMaterial(
        as_of=as_of,
        issues=issues,
        runs=tuple(kept.values()),
        indicators=indicators,
        known={day: _by_indicator(store, day) for day in days},
        determinations=determinations,
        stated=tuple(stated),
    )


def _by_indicator(store: Store, day: date) -> dict[str, list[Measurement]]:
    found: dict[str, list[Measurement]] = {}
    with store.view(as_of=day) as known:
        for one in current(published_readings(known)):
            found.setdefault(one.indicator, []).append(one)
    return found
