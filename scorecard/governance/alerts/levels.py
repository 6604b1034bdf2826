"""The alert levels of the thresholds on a day: what the rules look at is read here, the rules are in thresholds/alerts.

A change of level, up or down, is put on the record with its reason, what must then happen, and by when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from scorecard.governance.safeguards import Clock, lead, safeguards_of, standing_rule
from scorecard.people import Actor
from scorecard.records import AlertChange, AlertRule, AlertScale, Buffer, Ruling
from scorecard.store import Store, View
from scorecard.thresholds.alerts import SCALES, Seen, Stand, rank, rules_for, step
from scorecard.thresholds.board import ScorecardRow, board
from scorecard.thresholds.standing import standing
from scorecard.words import day_in_words

CHANGED = "alert levels changed"  # the action under which changes are stored
LEAVE = 0.6  # of an adopted tolerance: below this share of it the watch on safeguards stands down


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A threshold's two levels on a day, and what the rules looked at."""

    threshold: str
    seen: Seen
    capability: Stand
    safeguards: Stand

    def on(self, scale: AlertScale) -> Stand:
        """The level on one of the scales."""
        return self.capability if scale == "capability" else self.safeguards

    @property
    def urgency(self) -> tuple[int, int, float]:
        """What thresholds are put in order by, the most pressing highest: levels, then the chance within 12 months."""
        return rank(self.capability.level), rank(self.safeguards.level), self.seen.p_12_months or 0.0

    def as_json(self) -> dict[str, Any]:
        """Both levels as plain values, as `preparedness status --json` prints them."""
        return {f"alert_{scale}": _plain(self.on(scale)) for scale in SCALES}


def _plain(stand: Stand) -> dict[str, Any]:
    rule = stand.rule
    return {
        "level": stand.level,
        "named": stand.named,
        "since": stand.since.isoformat(),
        "reason": stand.reason,
        "rule": rule.id if rule else None,
        "due_on": stand.due_on.isoformat() if stand.due_on else None,
        "action": rule.action if rule else None,
        "owner": rule.owner if rule else None,
    }


def alerts(known: View, rows: Sequence[ScorecardRow], as_of: date) -> dict[str, Alert]:
    """The levels of the rows of a day, each one step on from what the record last had, by threshold id."""
    rules = standing(known, AlertRule)
    last: dict[tuple[str, AlertScale], AlertChange] = {}
    for change in known.all(AlertChange):
        last[change.threshold, change.scale] = change
    by_id = {rule.id: rule for rule in rules}
    found = {}
    for row in rows:
        seen = seen_of(known, row, as_of)
        stands = {
            scale: step(
                _stood(last.get((row.threshold.id, scale)), by_id),
                seen,
                _with_buffer(known, rules_for(rules, row.threshold.id, scale), row.threshold.id),
            )
            for scale in SCALES
        }
        found[row.threshold.id] = Alert(threshold=row.threshold.id, seen=seen, **stands)
    return found


def moved_by(
    store: Store, ruling: Ruling, rows: Sequence[ScorecardRow], as_of: date
) -> list[tuple[Stand, Alert, AlertScale]]:
    """The levels that a ruling which is not made yet would move on a day: the one before, the alert then, its scale."""
    with store.view(as_of=as_of) as known:
        before = alerts(known, rows, as_of)
    with store.view(as_of=as_of, supposing=[ruling]) as known:
        after = alerts(known, rows, as_of)
    return [
        (before[id].on(scale), alert, scale)
        for id, alert in after.items()
        for scale in SCALES
        if before[id].on(scale).level != alert.on(scale).level
    ]


def seen_of(known: View, row: ScorecardRow, as_of: date) -> Seen:
    """What the rules look at for a row: its figures, its developer's word, and its safeguards' dates."""
    # What is no headline raises nothing either: it rests on less than half of what was agreed to measure.
    f = row.forecast if row.forecast and not row.forecast.refused and not row.withheld else None
    needed = safeguards_of(known, row.threshold.id)
    reached = row.status.reached
    before_ready = unowned = None
    if needed:
        waiting = any(not (one.status == "ready" and one.ready_50 <= as_of) for one in needed)
        if reached or not waiting:
            before_ready = float(waiting)
        elif f is not None:
            tolerance, months = standing_rule(known, row.threshold.id)
            before_ready = lead(
                Clock.of(f.run, as_of), needed, tolerance=tolerance, months=months
            ).p_before_ready
    elif row.threshold.obligations:
        unowned = 1.0 if reached else (f.p_12_months if f else None)
    return Seen(
        on=as_of,
        word=row.status.name,
        p_now=f.p_now if f else None,
        p_12_months=f.p_12_months if f else None,
        p_before_ready=before_ready,
        p_unowned=unowned,
        confidence=row.grounds.confidence if row.grounds else "moderate",
        run=f.run.id if f else "",
    )


def _stood(last: AlertChange | None, rules: Mapping[str, AlertRule]) -> Stand | None:
    if last is None:
        return None
    return Stand(
        level=last.level,
        since=last.known_at,
        reason=last.reason,
        rule=rules.get(last.rule),
        value=last.value,
    )


def _with_buffer(known: View, rules: tuple[AlertRule, ...], threshold: str) -> tuple[AlertRule, ...]:
    """The rules with a tolerance that was adopted for the threshold in place of the watch on late safeguards."""
    if not any(one.threshold == threshold for one in standing(known, Buffer)):
        return rules
    tolerance, _ = standing_rule(known, threshold)
    return tuple(
        replace(rule, enter=tolerance, enter_unsure=tolerance, leave=LEAVE * tolerance)
        if rule.measure == "p_before_ready" and rule.level == "watch" and not rule.threshold
        else rule
        for rule in rules
    )


def evaluate(store: Store, as_of: date, actor: Actor | None = None) -> list[AlertChange]:
    """Put on the record which levels changed by a day and are not there yet; run after imports and forecasts."""
    with store.view(as_of=as_of) as known, store.view() as now:
        if any(one.known_at > as_of for one in now.all(AlertChange)):
            return []  # the levels of a later day stand already; a day is not looked at again afterwards
        last = {(one.threshold, one.scale): one.level for one in known.all(AlertChange)}
        found = alerts(known, board(known, now, as_of=as_of, everything=True), as_of)
    new = []
    for alert in found.values():
        for scale in SCALES:
            stand, before = alert.on(scale), last.get((alert.threshold, scale), "normal")
            if stand.level != before:
                rule = stand.rule
                new.append(
                    AlertChange(
                        id=sha256(f"{alert.threshold}/{scale}/{as_of}/{stand.level}".encode()).hexdigest()[
                            :12
                        ],
                        threshold=alert.threshold,
                        scale=scale,
                        before=before,
                        level=stand.level,
                        rule=rule.id if rule else "",
                        reason=stand.reason,
                        run=alert.seen.run,
                        action=rule.action if rule else "",
                        owner=rule.owner if rule else "",
                        value=stand.value,
                        due_on=stand.due_on,
                        known_at=as_of,
                    )
                )
    if new:
        store.append(
            new,
            action=CHANGED,
            actor=actor.name if actor else "the scorecard",
            identity=actor.identity if actor else "built from data/",
            reason="; ".join(f"{one.threshold} {one.scale}: {one.before} to {one.level}" for one in new),
        )
    return new


def sentence(alert: Alert, scale: AlertScale) -> str:
    """A level with its reason and what it asks for, as a person reads it."""
    stand = alert.on(scale)
    text = f"{stand.named} since {day_in_words(stand.since)}: {stand.reason}."
    if stand.rule is not None and stand.due_on is not None:
        text += f" By {day_in_words(stand.due_on)}, {stand.rule.owner}: {stand.rule.action}."
    return text
