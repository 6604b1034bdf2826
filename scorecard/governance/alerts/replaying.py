"""How the alert levels would have done: run month by month on what was known, and scored against what happened.

Each first of a month the rules look at what was known by then, and the level of each threshold goes one step on, by the
function that is used on the day (thresholds/alerts). The forecasts are those on record for that day; where none is,
only the developer's word counts. What happened is every first time that a developer found a level crossed, or acted as
if it were, since the beginning. The rules and criteria of today are applied to all of it: they were written by people
who knew what had happened, so this shows what the rules do, not how well they foresee.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scorecard.clock import YEAR, plus_months
from scorecard.governance.alerts.levels import seen_of
from scorecard.records import AlertRule, Determination, Threshold, ThresholdEvent
from scorecard.store import Store
from scorecard.thresholds.alerts import Seen, Stand, course, rank, rules_for, turns
from scorecard.thresholds.board import board
from scorecard.thresholds.standing import standing
from scorecard.thresholds.status import STANDING, day_of, kind_of
from scorecard.words import day_in_words

PATIENCE = 12  # months after which a warning that nothing followed counts as false
WARNING = rank("warning")
Outcome = Literal["it came", "stood down", "a year without", "replaced", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A level that was reached, by its developer's word, and the warning there was of it (None: there was none).

    `days` is from the first look with a warning to the day it happened; `looks` says how many looks there were before,
    `measured` whether any of them had a forecast.
    """

    threshold: str
    developer: str
    on: date
    kind: str
    warned_on: date | None
    reason: str
    looks: int
    measured: bool

    @property
    def days(self) -> int | None:
        """Days of warning; None where there was none."""
        return (self.on - self.warned_on).days if self.warned_on else None

    @property
    def words(self) -> str:
        """What the replay says of it, in a sentence."""
        if self.warned_on is not None:
            return f"warned {self.days} days before, since {day_in_words(self.warned_on)}: {self.reason}"
        if not self.looks:
            return "missed: its framework's version came into force after the last look before it"
        if not self.measured:
            return f"missed: none of the {self.looks} looks before it had a forecast, since no criterion measures it"
        return f"missed: none of the {self.looks} looks before it raised a warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A warning that was raised: when, why, and what followed."""

    threshold: str
    on: date
    reason: str
    outcome: Outcome
    until: date | None  # the day that it came, stood down, or was last looked at before it was replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What the levels did over the months, against what happened."""

    since: date
    until: date
    looks: int
    forecasts: int
    happened: tuple[Happened, ...]
    raised: tuple[Raised, ...]

    @property
    def warned(self) -> int:
        """How many of the events had a warning."""
        return sum(one.warned_on is not None for one in self.happened)

    @property
    def false(self) -> int:
        """Warnings that stood down, or stood for a year, with nothing following."""
        return sum(one.outcome in ("stood down", "a year without") for one in self.raised)

    @property
    def false_a_year(self) -> float:
        """False warnings a year of the replay, over all thresholds together."""
        return self.false / max((self.until - self.since).days / YEAR, 1 / 12)

    @property
    def words(self) -> str:
        """The whole in sentences, how few events there are included."""
        count, still = len(self.happened), sum(one.outcome == "open" for one in self.raised)
        measured = sum(one.measured for one in self.happened)
        few = (
            f"{count} events are far too few to tell a good rule from a lucky one: had each been warned of by a fair "
            "coin, half of them would have been."
            if count
            else "Nothing happened in this time, so nothing can be said of warnings that were missed."
        )
        replaced = sum(one.outcome == "replaced" for one in self.raised)
        return (
            f"{self.looks} monthly looks from {day_in_words(self.since)} to {day_in_words(self.until)}: of {count} "
            f"levels that developers found reached or acted on, {self.warned} had been warned of; for "
            f"{count - measured} there was no forecast to warn by. {len(self.raised)} warnings were raised before "
            f"anything had happened: {self.false} false ({self.false_a_year:.1f} a year), {still} still open, "
            f"{replaced} whose framework was replaced. {few}"
        )


def replay(store: Store, since: date, until: date) -> Replay:
    """Run the levels on what was known on the first of each month, and score them; nothing is stored."""
    first = since if since.day == 1 else plus_months(since.replace(day=1), 1)
    days = [day for count in range(1200) if (day := plus_months(first, count)) <= until]
    seen: dict[str, list[Seen]] = {}
    with store.view() as now:
        for day in days:
            with store.view(as_of=day) as known:
                for row in board(known, now, as_of=day, everything=True):
                    seen.setdefault(row.threshold.id, []).append(seen_of(known, row, day))
        with store.view(as_of=until) as known:
            rules = standing(known, AlertRule)
            reached = _reached(known.all(Determination), known.all(ThresholdEvent), since, until)
            thresholds = {one.id: one for one in known.all(Threshold)}
    courses = {
        name: course(
            looks, rules_for(rules, name, "capability"), Stand(level="normal", since=first, reason="")
        )
        for name, looks in seen.items()
    }
    firsts = {name: day for name, (day, _, _) in reached.items()}
    return Replay(
        since=first,
        until=until,
        looks=len(days),
        forecasts=len({one.run for looks in seen.values() for one in looks if one.run}),
        happened=tuple(
            _happened(name, day, kind, developer, seen.get(name, []), courses.get(name, []))
            for name, (day, kind, developer) in sorted(reached.items(), key=lambda one: one[1][0])
            if name in thresholds
        ),
        raised=tuple(
            raised
            for name, stands in courses.items()
            for raised in _raised(name, seen[name], stands, firsts.get(name), until)
        ),
    )


def _reached(
    findings: Sequence[Determination], events: Sequence[ThresholdEvent], since: date, until: date
) -> Mapping[str, tuple[date, str, str]]:
    """The first day on which each level was reached by its developer's word, with the kind of word and whose it was."""
    first: dict[str, tuple[date, str, str]] = {}
    stated: list[tuple[str, Determination | ThresholdEvent]] = [(one.threshold, one) for one in findings]
    stated += [(name, one) for one in events for name in one.thresholds]
    for name, one in stated:
        if kind_of(one) in STANDING and (name not in first or day_of(one) < first[name][0]):
            first[name] = (day_of(one), kind_of(one), one.developer)
    return {name: found for name, found in first.items() if since <= found[0] <= until}


def _happened(
    name: str, day: date, kind: str, developer: str, looks: Sequence[Seen], stands: Sequence[Stand]
) -> Happened:
    before = [(look, stand) for look, stand in zip(looks, stands, strict=True) if look.on < day]
    warned: tuple[date, str] | None = None
    for look, stand in before:
        if rank(stand.level) < WARNING:
            warned = None  # it stood down again before it happened
        elif warned is None:
            warned = (look.on, stand.reason)
    return Happened(
        threshold=name,
        developer=developer,
        on=day,
        kind=kind,
        warned_on=warned[0] if warned else None,
        reason=warned[1] if warned else "",
        looks=len(before),
        measured=any(look.run for look, _ in before),
    )


def _raised(
    name: str, looks: Sequence[Seen], stands: Sequence[Stand], came: date | None, until: date
) -> Iterator[Raised]:
    """Each warning of what had not happened yet."""
    start = Stand(level="normal", since=stands[0].since, reason="")
    days = {id(stand): look.on for look, stand in zip(looks, stands, strict=True)}
    changed = turns([start, *stands])
    for number, (before, after) in enumerate(changed):
        on = days[id(after)]
        if rank(before.level) >= WARNING or rank(after.level) < WARNING or (came and came <= on):
            continue
        down = next(
            (days[id(later)] for _, later in changed[number + 1 :] if rank(later.level) < WARNING), None
        )
        if came is not None and (down is None or came <= down):
            yield Raised(threshold=name, on=on, reason=after.reason, outcome="it came", until=came)
        elif down is not None:
            yield Raised(threshold=name, on=on, reason=after.reason, outcome="stood down", until=down)
        else:
            waited = plus_months(on, PATIENCE) <= looks[-1].on
            over = looks[-1].on < until.replace(day=1)
            outcome: Outcome = "a year without" if waited else "replaced" if over else "open"
            ended = looks[-1].on if over and not waited else None
            yield Raised(threshold=name, on=on, reason=after.reason, outcome=outcome, until=ended)
