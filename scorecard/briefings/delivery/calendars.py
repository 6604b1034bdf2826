"""Days as an iCal file, the same bytes for the same days; and the days that the record itself names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from scorecard.evidence.readings.adjusting import readings
from scorecard.records import Indicator, Meeting
from scorecard.store import View
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.retests import retests
from scorecard.words import day_in_words, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One whole day of a calendar; `id` tells days of one title apart."""

    on: date
    title: str
    id: str
    text: str = ""


def ical(days: Iterable[CalendarDay], *, name: str, stamped: datetime) -> bytes:
    """An iCal file of whole days, which block nobody's time."""
    made = Calendar()
    made.add("prodid", "-//Preparedness scorecard//EN")
    made.add("version", "2.0")
    made.add("name", name)
    for day in sorted(days, key=lambda one: (one.on, one.title, one.id)):
        event = Event()
        event.add(
            "uid", f"{sha256(f'{day.title} {day.id}'.encode()).hexdigest()[:24]}@preparedness-scorecard"
        )
        event.add("dtstamp", stamped)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", visible(day.title))
        if day.text:
            event.add("description", visible(day.text))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    content: bytes = made.to_ical()
    return content


def days_of_record(known: View, rows: Iterable[ScorecardRow], as_of: date) -> list[CalendarDay]:
    """Re-tests, scheduled meetings and named deadlines that lie ahead, or are overdue: those are told for the day."""
    days = [
        CalendarDay(on=one.day, title=f"Deadline: {one.name}", id=one.id)
        for one in calendar(known).ahead(as_of)
    ]
    days += [
        CalendarDay(on=one.held_on, title=f"Meeting: {one.title}", id=one.id)
        for one in known.all(Meeting)
        if one.state == "scheduled" and one.held_on >= as_of
    ]
    criteria = [criterion for row in rows for criterion in row.criteria]
    due = {one.indicator: one for one in retests(criteria, known.all(Indicator), readings(known)) if one.due}
    return days + [
        CalendarDay(
            on=max(one.due, as_of),
            title=f"Due again: {one.name}",
            id=one.indicator,
            text=f"Overdue since {day_in_words(one.due)}." if one.due < as_of else "",
        )
        for one in due.values()
        if one.due is not None
    ]
