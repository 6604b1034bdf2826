"""The dates that probabilities are quoted for: the next meeting and named deadlines."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[2] / "data" / "calendar.yaml"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that people have named in advance."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Named deadlines, earliest first, and how often the governance meeting is held."""

    deadlines: tuple[Deadline, ...]
    meeting_every_months: int

    def ahead(self, as_of: date) -> tuple[Deadline, ...]:
        """The deadlines that still lie ahead on a day."""
        return tuple(deadline for deadline in self.deadlines if deadline.on > as_of)

    def next_meeting(self, as_of: date) -> date:
        """When the next meeting is taken to be, seen from a day."""
        return plus_months(as_of, self.meeting_every_months)


@cache
def calendar(file: Path = FILE) -> Calendar:
    """The calendar of data/calendar.yaml."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    deadlines = sorted((Deadline(row["date"], row["name"]) for row in data["deadlines"]), key=lambda d: d.on)
    return Calendar(tuple(deadlines), int(data["meeting_every_months"]))


def plus_months(day: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
