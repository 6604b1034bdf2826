"""When filings are due: counted from the day that each counts from, or told by an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from scorecard.clock import plus_months
from scorecard.records import Filing

SHOWN = 3  # dates ahead


@dataclass(frozen=True, slots=True)
class DueDates:
    """The dates on which a recurring filing is due, seen from a day; all empty for one that an event triggers."""

    ahead: tuple[date, ...]
    last: date | None = None

    @property
    def next(self) -> date | None:
        """The next one, that day included."""
        return self.ahead[0] if self.ahead else None


def due_dates(filing: Filing, starts: Mapping[str, date | None], as_of: date) -> DueDates:
    """The last due date before a day and the next ones; `starts` has the day that each way of counting counts from.

    Nothing is due where that day is not known, or for a filing without a rhythm.
    """
    start = starts.get(filing.counted_from)
    if not filing.every_months or start is None:
        return DueDates(())
    last = None
    for day in _dates(filing, start):
        if day >= as_of:
            return DueDates(tuple(_from(filing, start, day)), last)
        last = day
    return DueDates((), last)


def _dates(filing: Filing, start: date) -> Iterator[date]:
    for turn in count(0 if filing.at_start else 1):
        yield plus_months(start, turn * filing.every_months)


def _from(filing: Filing, start: date, first: date) -> Iterator[date]:
    shown = 0
    for day in _dates(filing, start):
        if day >= first:
            yield day
            shown += 1
        if shown == SHOWN:
            return


def period_of(due: date | None, as_of: date) -> str:
    """What a filing's period is called: by the day it is due, or by the year where an event triggers it."""
    return due.isoformat() if due else str(as_of.year)


def day_before(period: str) -> date | None:
    """The last day that a period named by its due date can speak of; None for a period of another name."""
    try:
        return date.fromisoformat(period) - timedelta(days=1)
    except ValueError:
        return None
