"""The dates that probabilities are quoted for on a day: the next meeting and named deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scorecard.clock import plus_months
from scorecard.records import Deadline, Meeting, Rhythm
from scorecard.store import View
from scorecard.thresholds.standing import standing

QUARTER = 3  # months between meetings, for a record that holds no rhythm


@dataclass(frozen=True, slots=True)
class Calendar:
    """Named deadlines, earliest first; days of scheduled meetings; and how often a meeting is held otherwise."""

    deadlines: tuple[Deadline, ...]
    meeting_every_months: int = QUARTER
    scheduled: tuple[date, ...] = ()

    def ahead(self, as_of: date) -> tuple[Deadline, ...]:
        """The deadlines that still lie ahead on a day."""
        return tuple(deadline for deadline in self.deadlines if deadline.day > as_of)

    def next_meeting(self, as_of: date) -> date:
        """The next meeting seen from a day: the first one scheduled, else after the usual number of months."""
        ahead = [day for day in self.scheduled if day > as_of]
        return min(ahead, default=plus_months(as_of, self.meeting_every_months))


def calendar(view: View) -> Calendar:
    """The calendar as the record has it on a view's day."""
    deadlines = sorted(standing(view, Deadline), key=lambda one: (one.day, one.id))
    rhythm = standing(view, Rhythm)
    scheduled = sorted({one.held_on for one in view.all(Meeting) if one.state == "scheduled"})
    return Calendar(tuple(deadlines), rhythm[-1].months if rhythm else QUARTER, tuple(scheduled))
