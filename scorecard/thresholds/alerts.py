"""Alert levels: the one rule by which they rise and stand down, used on the day, in replay and in simulation.

Four levels, normal, watch, warning, reached (by the developer's word) or presumed (by the forecast), on two scales that
may part: the capability, and whether its safeguards will be in time. As with volcanoes and storms, a level is entered
at one figure and left at a lower one, and not before it has stood for a while, so that a figure that sways about a
line does not raise and lower it again (hysteresis). What cannot be told, for want of a forecast, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, get_args

from scorecard.records import AlertLevel, AlertMeasure, AlertRule, AlertScale
from scorecard.thresholds.quoted.explanation import Confidence
from scorecard.words import chance_in_words

LEVELS: tuple[AlertLevel, ...] = ("normal", "watch", "warning", "reached")
SCALES: tuple[AlertScale, ...] = get_args(AlertScale)
MEASURES: Mapping[AlertMeasure, str] = {
    "p_now": "chance of having been crossed already",
    "p_12_months": "chance within 12 months",
    "p_before_ready": "chance of a crossing before the safeguards are ready",
    "p_unowned": "chance within 12 months, with no safeguard that has a date,",
    "word": "developer's word",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the rules look at on a day: the developer's word, chances in [0, 1] (None: not known), the confidence."""

    on: date
    word: str = "no determination"
    p_now: float | None = None
    p_12_months: float | None = None
    p_before_ready: float | None = None
    p_unowned: float | None = None
    confidence: Confidence = "moderate"
    run: str = ""

    def chance(self, measure: AlertMeasure) -> float | None:
        """The chance that a rule compares."""
        match measure:
            case "p_now":
                return self.p_now
            case "p_12_months":
                return self.p_12_months
            case "p_before_ready":
                return self.p_before_ready
            case "p_unowned":
                return self.p_unowned
            case "word":
                return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A level, since when it stands, and the sentence that says why; `rule` is the one that raised or keeps it."""

    level: AlertLevel
    since: date
    reason: str
    rule: AlertRule | None = None
    value: float | None = None

    @property
    def due_on(self) -> date | None:
        """By when what the level asks for must have happened."""
        return self.since + timedelta(days=self.rule.within_days) if self.rule else None

    @property
    def named(self) -> str:
        """The level as people say it: one that no developer confirmed is presumed."""
        presumed = self.level == "reached" and (self.rule is None or self.rule.measure != "word")
        return "presumed reached" if presumed else self.level


def rank(level: AlertLevel) -> int:
    """How high a level is, 0 for normal."""
    return LEVELS.index(level)


def rules_for(rules: Iterable[AlertRule], threshold: str, scale: AlertScale) -> tuple[AlertRule, ...]:
    """The rules of a threshold on a scale: for each level its own where it has any, else those for every threshold."""
    ours = [rule for rule in rules if rule.scale == scale and rule.threshold in ("", threshold)]
    own = {rule.level for rule in ours if rule.threshold}
    return tuple(rule for rule in ours if rule.threshold or rule.level not in own)


def step(before: Stand | None, seen: Seen, rules: Sequence[AlertRule]) -> Stand:
    """The level after a day is looked at, given the one that stood before (None: it was never looked at)."""
    stood = before or Stand(level="normal", since=seen.on, reason="")
    entered = _highest(rules, [_enters(rule, seen) for rule in rules])
    if entered is not None and rank(entered.level) > rank(stood.level):
        return _at(entered, seen, seen.on, "up")
    if entered is not None and entered.level == stood.level:
        return _at(entered, seen, stood.since, "on")
    kept = _highest(rules, [_keeps(rule, seen) and rank(rule.level) <= rank(stood.level) for rule in rules])
    if kept is not None and kept.level == stood.level:
        return _at(kept, seen, stood.since, "on")
    if stood.level == "normal":
        return Stand(level="normal", since=stood.since, reason=_calm(seen, rules))
    worded = stood.rule is not None and stood.rule.measure == "word"
    if not worded and all(_unknown(rule, seen) for rule in rules):
        return Stand(
            level=stood.level,
            since=stood.since,
            rule=stood.rule,
            reason="no forecast holds on this day, so it stands as it stood",
        )
    held_to = stood.since + timedelta(days=_hold(rules, stood))
    if seen.on < held_to:
        return Stand(
            level=stood.level,
            since=stood.since,
            rule=stood.rule,
            reason=f"{_left(stood, seen, rules)}; it stands until {held_to.isoformat()} at least",
        )
    lower = next((one for one in (entered, kept) if one is not None), None)
    why = f"stood down from {stood.named}: {_left(stood, seen, rules)}"
    if lower is None:
        return Stand(level="normal", since=seen.on, reason=why)
    return Stand(level=lower.level, since=seen.on, rule=lower, value=seen.chance(lower.measure), reason=why)


def course(days: Iterable[Seen], rules: Sequence[AlertRule], start: Stand | None = None) -> list[Stand]:
    """The levels of successive days, each given the one before."""
    stands: list[Stand] = []
    for seen in days:
        stands.append(step(stands[-1] if stands else start, seen, rules))
    return stands


def turns(stands: Sequence[Stand]) -> list[tuple[Stand, Stand]]:
    """Each change of level in a course, as the stand before it and after."""
    return [(one, other) for one, other in pairwise(stands) if one.level != other.level]


def _highest(rules: Sequence[AlertRule], holds: Sequence[bool]) -> AlertRule | None:
    """The rule of the highest level among those that hold; of one level the first in the record's order."""
    found = [rule for rule, yes in zip(rules, holds, strict=True) if yes]
    return max(found, key=lambda rule: rank(rule.level), default=None)


def _enters(rule: AlertRule, seen: Seen) -> bool:
    if rule.measure == "word":
        return seen.word in rule.words
    p = seen.chance(rule.measure)
    return p is not None and p >= (rule.enter_unsure if seen.confidence == "low" else rule.enter)


def _keeps(rule: AlertRule, seen: Seen) -> bool:
    if rule.measure == "word":
        return seen.word in rule.words
    p = seen.chance(rule.measure)
    return p is not None and p >= rule.leave


def _unknown(rule: AlertRule, seen: Seen) -> bool:
    return rule.measure == "word" or seen.chance(rule.measure) is None


def _hold(rules: Sequence[AlertRule], stood: Stand) -> int:
    """For how many days a level stands at least: as the rule that raised it says, else the longest of its level."""
    if stood.rule is not None:
        return stood.rule.hold_days
    return max((rule.hold_days for rule in rules if rule.level == stood.level), default=0)


def _at(rule: AlertRule, seen: Seen, since: date, way: Literal["up", "on"]) -> Stand:
    if rule.measure == "word":
        reason = f"the developer's word is “{seen.word}”"
        return Stand(level=rule.level, since=since, rule=rule, reason=reason)
    p = seen.chance(rule.measure)
    assert p is not None
    unsure = seen.confidence == "low"
    limit = rule.enter_unsure if unsure else rule.enter
    at = f"entered from {chance_in_words(limit)} on" + (" where confidence is low" if unsure else "")
    if way == "on" and p < limit:
        at = f"kept from {chance_in_words(rule.leave)} on"
    reason = f"the {MEASURES[rule.measure]} is {chance_in_words(p)}, {at}"
    return Stand(level=rule.level, since=since, rule=rule, value=p, reason=reason)


def _left(stood: Stand, seen: Seen, rules: Sequence[AlertRule]) -> str:
    """Why a level no longer holds, by each rule that could have kept it."""
    parts = [
        f"the {MEASURES[rule.measure]} is {chance_in_words(p)}, below {chance_in_words(rule.leave)}"
        for rule in rules
        if rule.level == stood.level and (p := seen.chance(rule.measure)) is not None
    ]
    worded = any(rule.measure == "word" and rule.level == stood.level for rule in rules)
    if not parts and worded:
        parts = [f"the developer's word is “{seen.word}”"]
    return "; ".join(parts) or f"nothing keeps it: the developer's word is “{seen.word}”"


def _calm(seen: Seen, rules: Sequence[AlertRule]) -> str:
    if all(_unknown(rule, seen) for rule in rules):
        return "no forecast holds on this day, and no word of the developer raises it"
    return "no rule enters a higher level"
