"""The agenda of an open meeting to jump by: what calls for the meeting first, at most eight; the rest is to know."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from scorecard.governance.agenda import REST, grouped
from scorecard.records import AgendaItem
from screens.frame.text import escaped, marked


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
        label = escaped(f"{place + 1}. {items[place].title}")
        if place == at:
            label = marked(f"**{label}**")
        if st.button(label, key=f"jump-{place}", type="secondary" if place == at else "tertiary"):
            pressed = place
    return pressed
