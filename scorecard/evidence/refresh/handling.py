"""What people do with the watch list: note that they looked, and say what became of an item of the inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scorecard.people import Actor, once
from scorecard.records import InboxItem, InboxState, Look, Watched
from scorecard.store import Store, StoreError


@once(Look)
def note_look(
    store: Store, watched: str, *, found: int, reaches: date, actor: Actor, today: date, note: str = ""
) -> Look:
    """Note that somebody looked at a publisher, so that silence may be vouched for up to a day.

    Raises NotAllowed, and StoreError for a publisher that is not on the list, a day to come or a count below zero.
    """
    actor.require("import evidence")
    if reaches > today:
        raise StoreError(f"a look of today cannot reach to {reaches}")
    if found < 0:
        raise StoreError("the number of new things cannot be below zero")
    with store.view() as now:
        now.get(Watched, id=watched)
    look = Look(
        watched=watched,
        looked_on=today,
        reaches=reaches,
        looked_by=actor.name,
        found=found,
        note=note,
        known_at=today,
    )
    store.append([look], action="look", actor=actor, reason=note)
    return look


@once(InboxItem)
def handle(
    store: Store, id: str, state: InboxState, *, actor: Actor, today: date, reason: str = ""
) -> InboxItem:
    """Give an item of the inbox its next state: read, entered (which rows came of it) or set aside (why).

    Raises NotAllowed, and StoreError when there is no such item or, but for `read`, no reason.
    """
    actor.require("import evidence")
    if state != "read" and not reason.strip():
        raise StoreError("say why, so that a colleague can judge")
    with store.view() as now:
        item = now.get(InboxItem, id=id)
    moved = replace(item, state=state, reason=reason, handled_by=actor.name, known_at=today)
    store.append([moved], action="inbox", actor=actor, reason=reason)
    return moved
