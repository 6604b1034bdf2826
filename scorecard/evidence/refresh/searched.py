"""Up to which day anybody looked: the watch list, what is due on it, and the day that silence may be vouched for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scorecard.records import InboxItem, Look, Watched
from scorecard.store import View
from scorecard.words import day_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One publisher with its last look; `due_on` is None while nobody has looked yet."""

    watched: Watched
    last: Look | None
    waiting: int  # items of it in the inbox that nobody has read

    @property
    def due_on(self) -> date | None:
        """The day by which somebody should look again: so many days after the last day that was seen, not looked on."""
        return self.last.reaches + timedelta(days=self.watched.every_days) if self.last else None

    def overdue(self, as_of: date) -> bool:
        """Whether that day has passed, or nobody has looked at all."""
        return self.due_on is None or self.due_on < as_of

    def as_json(self, as_of: date) -> dict[str, Any]:
        """The line as plain values."""
        last = self.last
        return {
            "id": self.watched.id,
            "publisher": self.watched.publisher,
            "address": self.watched.address,
            "looks_for": self.watched.looks_for,
            "every_days": self.watched.every_days,
            "decisive": self.watched.decisive,
            "last_looked_on": last.looked_on.isoformat() if last else None,
            "reaches": last.reaches.isoformat() if last else None,
            "by": last.looked_by if last else None,
            "found": last.found if last else None,
            "overdue": self.overdue(as_of),
            "waiting": self.waiting,
        }


def watch_list(
    watched: Iterable[Watched], looks: Iterable[Look], inbox: Iterable[InboxItem] = ()
) -> list[Watch]:
    """Every watched publisher with its last look, those longest unseen first."""
    last: dict[str, Look] = {}
    for look in looks:
        kept = last.get(look.watched)
        if kept is None or (look.looked_on, look.reaches) >= (kept.looked_on, kept.reaches):
            last[look.watched] = look
    waiting: dict[str, int] = {}
    for item in inbox:
        if item.state == "seen":
            waiting[item.watched] = waiting.get(item.watched, 0) + 1
    lines = [Watch(watched=w, last=last.get(w.id), waiting=waiting.get(w.id, 0)) for w in watched]
    return sorted(lines, key=lambda w: (w.last.reaches if w.last else date.min, w.watched.id))


def watch_list_of(known: View) -> list[Watch]:
    """The watch list as the record stood."""
    return watch_list(known.all(Watched), known.all(Look), known.all(InboxItem))


def searched_to(lines: Sequence[Watch], developer: str = "") -> date | None:
    """The last day up to which every decisive publisher was looked at; None while one was never looked at.

    With a developer, only the publishers where its findings appear count; without any such, the whole list does.
    """
    decisive = [line for line in lines if line.watched.decisive]
    own = [line for line in decisive if developer and line.watched.developer == developer]
    reached = [line.last.reaches if line.last else None for line in own or decisive]
    days = [day for day in reached if day is not None]
    return min(days) if days and len(days) == len(reached) else None


def searched_line(day: date | None, as_of: date) -> str:
    """What stands beside the as-of line of every page and briefing."""
    if day is None:
        return "Evidence: no search is on record"
    ago = (as_of - day).days
    if ago <= 0:
        return f"Evidence searched to {day_in_words(day)}"
    return f"Evidence searched to {day_in_words(day)} ({ago} {'day' if ago == 1 else 'days'} ago)"
