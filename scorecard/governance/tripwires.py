"""Conditions under which a decision stops holding, evaluated on the record: typed as text, kept as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from scorecard.briefings.words import chance_in_words, day_in_words, value_in_words
from scorecard.evidence.vintages import current
from scorecard.governance.roles import Actor
from scorecard.records import (
    Decision,
    Determination,
    Finding,
    Firing,
    Indicator,
    Measurement,
    Threshold,
    Tripwire,
)  # fmt: skip
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.thresholds.forecast import probability_by

FORMS = """\
P(THRESHOLD by DATE) > NUMBER      the probability on record passes a number (or <)
INDICATOR > NUMBER                 a main reading passes a number in the indicator's unit (or <)
found THRESHOLD FINDING            the developer finds so
revised INDICATOR                  a reading that was known at the decision is corrected
on DATE                            a day comes"""
_PROBABILITY = re.compile(r"P\(\s*(\S+)\s+by\s+(\d{4}-\d\d-\d\d)\s*\)\s*([<>])\s*([\d.]+)$")
_READING = re.compile(r"(\w+)\s*([<>])\s*(-?[\d.]+(?:e-?\d+)?)$")
_FOUND = re.compile(r"found\s+(\S+)\s+(\w+)$")
_REVISED = re.compile(r"revised\s+(\w+)$")
_ON = re.compile(r"on\s+(\d{4}-\d\d-\d\d)$")


class ConditionRefused(StoreError):
    """A condition that cannot be read or names what does not exist; the message lists the forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition as typed and as data."""

    words: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A tripwire whose condition holds, what was seen, and the decision it belongs to."""

    tripwire: Tripwire
    words: str
    seen: dict[str, Any]


def read(text: str, view: View) -> Condition:
    """A condition typed in one of FORMS, checked against the record; ConditionRefused says what is wrong."""
    text = text.strip()
    if found := _PROBABILITY.match(text):
        data: dict[str, Any] = {
            "kind": "probability", "threshold": found[1], "by": _day(found[2]), "side": found[3],
            "value": float(found[4]),
        }  # fmt: skip
        if not 0 < data["value"] < 1:
            raise ConditionRefused(f"{found[4]} is no probability; write one between 0 and 1")
    elif found := _FOUND.match(text):
        data = {"kind": "determination", "threshold": found[1], "finding": found[2]}
        if found[2] not in get_args(Finding):
            raise ConditionRefused(f"{found[2]!r} is no finding; they are {', '.join(get_args(Finding))}")
    elif found := _REVISED.match(text):
        data = {"kind": "revision", "indicator": found[1]}
    elif found := _ON.match(text):
        data = {"kind": "day", "on": _day(found[1])}
    elif found := _READING.match(text):
        data = {"kind": "reading", "indicator": found[1], "side": found[2], "value": float(found[3])}
    else:
        raise ConditionRefused(f"{text!r} is no condition. Write one of:\n{FORMS}")
    for name, cls in (("threshold", Threshold), ("indicator", Indicator)):
        if name in data:
            view.get(cls, id=data[name])
    return Condition(words=text, data=data)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
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
                id=f"{one.tripwire.id}-fired", tripwire=one.tripwire.id, decision=one.tripwire.decision,
                words=one.words, seen=one.seen, known_at=as_of,
            )
            for one in fired(known, now, as_of)
            if one.tripwire.id not in there
        ]  # fmt: skip
    if new:
        store.append(
            new, action="tripwires fired", actor=actor.name if actor else "the scorecard",
            identity=actor.identity if actor else "built from data/", reason="; ".join(one.words for one in new),
        )  # fmt: skip
    return new


def _seen(
    condition: Any, decision: Decision, known: View, now: View, as_of: date
) -> tuple[str, dict[str, Any]] | None:
    """What makes a condition true, in words and as data; None while it is not."""
    match condition["kind"]:
        case "probability":
            return _probability(condition, known, now, as_of)
        case "reading":
            return _reading(condition, decision, known)
        case "determination":
            return _determination(condition, decision, known)
        case "revision":
            return _revision(condition, decision, known)
        case _:
            on = date.fromisoformat(condition["on"])
            return (f"{day_in_words(on)} has come", {"on": condition["on"]}) if on <= as_of else None


def _passes(condition: Any, value: float) -> bool:
    return value > condition["value"] if condition["side"] == ">" else value < condition["value"]


def _probability(condition: Any, known: View, now: View, as_of: date) -> tuple[str, dict[str, Any]] | None:
    runs = newest_runs(now, known, as_of=as_of, prior_set=standing_prior_set(now))
    run = runs.get(condition["threshold"])
    if run is None or not run.publishable:
        return None
    by = date.fromisoformat(condition["by"])
    p = probability_by(run, by)
    if not _passes(condition, p):
        return None
    limit = chance_in_words(condition["value"])
    words = f"P({condition['threshold']} crossed by {day_in_words(by)}) is {chance_in_words(p)}, past {limit}"
    return words, {"p": p, "run": run.id}


def _reading(condition: Any, decision: Decision, known: View) -> tuple[str, dict[str, Any]] | None:
    """Only readings that became known after the decision: what was there already was weighed then."""
    indicator = known.all(Indicator, id=condition["indicator"])
    passing = [
        m
        for m in current(known.all(Measurement, indicator=condition["indicator"], main=True))
        if m.known_at > decision.known_at and _passes(condition, m.value)
    ]
    if not passing or not indicator:
        return None
    m = min(passing, key=lambda m: (m.known_at, m.observed_on))
    unit = indicator[0].unit
    limit = value_in_words(condition["value"], unit)
    words = f"{indicator[0].name} of {m.system} is {value_in_words(m.value, unit)}, past {limit}"
    return words, {"system": m.system, "value": m.value, "vintage": m.vintage}


def _determination(condition: Any, decision: Decision, known: View) -> tuple[str, dict[str, Any]] | None:
    new = [
        d
        for d in known.all(Determination, threshold=condition["threshold"], finding=condition["finding"])
        if d.known_at > decision.known_at
    ]
    if not new:
        return None
    words = f"{new[0].developer} found {new[0].system}: {condition['finding'].replace('_', ' ')}"
    return words, {"determination": new[0].id}


def _revision(condition: Any, decision: Decision, known: View) -> tuple[str, dict[str, Any]] | None:
    every = known.all(Measurement, indicator=condition["indicator"], main=True)
    then = {_what(m): m for m in current([m for m in every if m.known_at <= decision.known_at])}
    revised = [m for m in current(every) if (old := then.get(_what(m))) is not None and old.value != m.value]
    if not revised:
        return None
    count = "1 reading" if len(revised) == 1 else f"{len(revised)} readings"
    turned = "was" if len(revised) == 1 else "were"
    words = f"{count} of {condition['indicator']} known at the decision {turned} corrected"
    return words, {"systems": sorted({m.system for m in revised})}


def _what(m: Measurement) -> tuple[str, str, date]:
    return m.system, m.condition, m.observed_on
