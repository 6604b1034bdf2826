"""Conditions under which a decision stops holding, evaluated on the record: typed as text, kept as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import get_args

from scorecard.evidence.readings.adjusting import published_readings, readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance.alerts.told import beyond
from scorecard.people import Actor
from scorecard.records import (
    Condition,
    DayCondition,
    Decision,
    Determination,
    DeterminationCondition,
    Finding,
    Firing,
    Indicator,
    ProbabilityCondition,
    ReadingCondition,
    RevisionCondition,
    Side,
    Sighting,
    Threshold,
    Tripwire,
)
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.words import chance_in_words, day_in_words, value_in_words

FIRED = "tripwires fired"  # the action under which firings are stored
FORMS = """\
P(THRESHOLD by DATE) > NUMBER      the probability on record passes a number (or <)
INDICATOR > NUMBER                 a main reading passes a number in the indicator's unit (or <)
found THRESHOLD FINDING            the developer finds so
revised INDICATOR                  a reading that was known at the decision is corrected
on DATE                            a day comes"""
FINDINGS: tuple[Finding, ...] = get_args(Finding)
_PROBABILITY = re.compile(r"P\(\s*(\S+)\s+by\s+(\d{4}-\d\d-\d\d)\s*\)\s*([<>])\s*([\d.]+)$")
_READING = re.compile(r"(\w+)\s*([<>])\s*(-?[\d.]+(?:e-?\d+)?)$")
_FOUND = re.compile(r"found\s+(\S+)\s+(\w+)$")
_REVISED = re.compile(r"revised\s+(\w+)$")
_ON = re.compile(r"on\s+(\d{4}-\d\d-\d\d)$")


class ConditionRefused(StoreError):
    """A condition that cannot be read or names what does not exist; the message lists the forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCondition:
    """A condition as somebody typed it, and what it means."""

    words: str
    meant: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A tripwire whose condition holds, what was seen, and the decision it belongs to."""

    tripwire: Tripwire
    words: str
    seen: Sighting


def read_condition(text: str, view: View) -> TypedCondition:
    """A condition typed in one of FORMS, checked against the record; ConditionRefused says what is wrong."""
    text = text.strip()
    if found := _PROBABILITY.match(text):
        if not 0 < float(found[4]) < 1:
            raise ConditionRefused(f"{found[4]} is no probability; write one between 0 and 1")
        meant: Condition = ProbabilityCondition(
            threshold=found[1], by=_day(found[2]), side=_side(found[3]), value=float(found[4])
        )
    elif found := _FOUND.match(text):
        named = next((name for name in FINDINGS if name == found[2]), None)
        if named is None:
            raise ConditionRefused(f"{found[2]!r} is no finding; they are {', '.join(FINDINGS)}")
        meant = DeterminationCondition(threshold=found[1], finding=named)
    elif found := _REVISED.match(text):
        meant = RevisionCondition(indicator=found[1])
    elif found := _ON.match(text):
        meant = DayCondition(on=_day(found[1]))
    elif found := _READING.match(text):
        meant = ReadingCondition(indicator=found[1], side=_side(found[2]), value=float(found[3]))
    else:
        raise ConditionRefused(f"{text!r} is no condition. Write one of:\n{FORMS}")
    if isinstance(meant, ProbabilityCondition | DeterminationCondition):
        view.get(Threshold, id=meant.threshold)
    elif not isinstance(meant, DayCondition):
        view.get(Indicator, id=meant.indicator)
    return TypedCondition(words=text, meant=meant)


def _side(text: str) -> Side:
    return ">" if text == ">" else "<"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConditionRefused(f"{text} is no date; write it as 2027-12-31") from None


def fired(known: View, now: View, as_of: date) -> list[Fired]:
    """Every tripwire of a decision in force whose condition holds on a day, recorded or not."""
    decisions = {d.id: d for d in now.all(Decision)}
    replaced = {d.supersedes for d in decisions.values()}
    found = []
    for wire in now.all(Tripwire):
        if wire.decision in decisions and wire.decision not in replaced:
            seen = _seen(wire.condition, decisions[wire.decision], known, now, as_of)
            if seen is not None:
                words, data = seen
                found.append(Fired(tripwire=wire, words=words, seen=data))
    return found


def check(store: Store, as_of: date, actor: Actor | None = None) -> list[Firing]:
    """Put on the record what has fired and is not there yet; run after every import and forecast."""
    with store.view(as_of=as_of) as known, store.view() as now:
        there = {one.tripwire for one in now.all(Firing)}
        new = [
            Firing(
                id=f"{one.tripwire.id}-fired",
                tripwire=one.tripwire.id,
                decision=one.tripwire.decision,
                words=one.words,
                seen=one.seen,
                known_at=as_of,
            )
            for one in fired(known, now, as_of)
            if one.tripwire.id not in there
        ]
    if new:
        store.append(
            new,
            action=FIRED,
            actor=actor.name if actor else "the scorecard",
            identity=actor.identity if actor else "built from data/",
            reason="; ".join(one.words for one in new),
        )
    return new


def _seen(
    condition: Condition, decision: Decision, known: View, now: View, as_of: date
) -> tuple[str, Sighting] | None:
    """What makes a condition true, in words and as data; None while it is not."""
    match condition:
        case ProbabilityCondition():
            return _probability(condition, known, now, as_of)
        case ReadingCondition():
            return _reading(condition, decision, known)
        case DeterminationCondition():
            return _determination(condition, decision, known)
        case RevisionCondition():
            return _revision(condition, decision, known)
        case DayCondition(on=on):
            return (f"{day_in_words(on)} has come", Sighting(on=on)) if on <= as_of else None


def _probability(
    condition: ProbabilityCondition, known: View, now: View, as_of: date
) -> tuple[str, Sighting] | None:
    runs = newest_runs(now, known, as_of=as_of, prior_set=standing_prior_set(known))
    run = runs.get(condition.threshold)
    if run is None or not run.publishable:
        return None
    by = condition.by
    p = run.quoted.p_by(by)
    if not beyond(p, condition.value, condition.side):
        return None
    limit = chance_in_words(condition.value)
    words = f"P({condition.threshold} crossed by {day_in_words(by)}) is {chance_in_words(p)}, past {limit}"
    return words, Sighting(p=p, run=run.id)


def _reading(condition: ReadingCondition, decision: Decision, known: View) -> tuple[str, Sighting] | None:
    """Only readings that became known after the decision: what was there already was weighed then."""
    indicator = known.all(Indicator, id=condition.indicator)
    passing = [
        m
        for m in current(readings(known, indicator=condition.indicator, main=True))
        if m.known_at > decision.known_at and beyond(m.value, condition.value, condition.side)
    ]
    if not passing or not indicator:
        return None
    m = min(passing, key=lambda m: (m.known_at, m.observed_on))
    unit = indicator[0].unit
    limit = value_in_words(condition.value, unit)
    words = f"{indicator[0].name} of {m.system} is {value_in_words(m.value, unit)}, past {limit}"
    return words, Sighting(system=m.system, value=m.value, vintage=m.vintage)


def _determination(
    condition: DeterminationCondition, decision: Decision, known: View
) -> tuple[str, Sighting] | None:
    new = [
        d
        for d in known.all(Determination, threshold=condition.threshold, finding=condition.finding)
        if d.known_at > decision.known_at
    ]
    if not new:
        return None
    words = f"{new[0].developer} found {new[0].system}: {condition.finding.replace('_', ' ')}"
    return words, Sighting(determination=new[0].id)


def _revision(condition: RevisionCondition, decision: Decision, known: View) -> tuple[str, Sighting] | None:
    every = published_readings(known, indicator=condition.indicator, main=True)
    then = {m.subject: m for m in current([m for m in every if m.known_at <= decision.known_at])}
    revised = [m for m in current(every) if (old := then.get(m.subject)) is not None and old.value != m.value]
    if not revised:
        return None
    count = "1 reading" if len(revised) == 1 else f"{len(revised)} readings"
    turned = "was" if len(revised) == 1 else "were"
    words = f"{count} of {condition.indicator} known at the decision {turned} corrected"
    return words, Sighting(systems=tuple(sorted({m.system for m in revised})))
