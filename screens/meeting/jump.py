"""The agenda of an open meeting to jump by: what calls for the meeting first, at most eight; the rest is to know."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from scorecard.records import AgendaItem, AgendaKind
from screens.frame.text import escaped

MOST = 8  # items that a meeting takes one by one
GROUPS: tuple[tuple[str, tuple[AgendaKind, ...]], ...] = (
    ("Crossed or found", ("tripwire", "determination", "alert level")),
    ("Overdue", ("decision due", "safeguard")),
    ("To decide", ("proposal",)),
    ("Moved", ("forecast moved",)),
)
REST = "For information"


def grouped(items: Sequence[AgendaItem]) -> dict[str, list[int]]:
    """The items by group, as their places on the agenda; at most eight outside the last, shared out in turn.

    Every group gives its first before any gives its second, so that a long one does not push out the others.
    """
    waiting = {group: [at for at, item in enumerate(items) if item.kind in kinds] for group, kinds in GROUPS}
    taken: dict[str, list[int]] = {group: [] for group in waiting}
    turn = 0
    while sum(map(len, taken.values())) < MOST and any(len(found) > turn for found in waiting.values()):
        for group, found in waiting.items():
            if len(found) > turn and sum(map(len, taken.values())) < MOST:
                taken[group].append(found[turn])
        turn += 1
    kept = {at for found in taken.values() for at in found}
    rest = [at for at in range(len(items)) if at not in kept]
    return {group: found for group, found in {**taken, REST: rest}.items() if found}


def draw(items: Sequence[AgendaItem], at: int) -> int | None:
    """The list with its groups; the place of the item that was pressed."""
    pressed = None
    for group, found in grouped(items).items():
        if group == REST:
            with st.expander(escaped(f"{group} ({len(found)})"), expanded=at in found):
                pressed = _draw(items, found, at) if pressed is None else pressed
            continue
        st.caption(f"**{escaped(group)}**")
        pressed = _draw(items, found, at) if pressed is None else pressed
    return pressed


def _draw(items: Sequence[AgendaItem], found: Sequence[int], at: int) -> int | None:
    pressed = None
    for place in found:
        label, chosen = f"{place + 1}. {items[place].title}", place == at
        if st.button(
            escaped(label), key=f"jump-{place}", type="secondary" if chosen else "tertiary", disabled=chosen
        ):
            pressed = place
    return pressed
