"""The list to jump by: at most eight items in groups, none lost, no group pushed out by a long one."""

from __future__ import annotations

from scorecard.governance.agenda import MOST, REST, grouped
from scorecard.records import AgendaItem, AgendaKind, Plainly


def agenda(*kinds: AgendaKind) -> list[AgendaItem]:
    return [
        AgendaItem(key=str(n), kind=kind, title=kind, words="", threshold="", data=Plainly())
        for n, kind in enumerate(kinds)
    ]


def test_a_long_group_leaves_room_for_the_others_and_every_item_is_somewhere() -> None:
    many: list[AgendaKind] = ["forecast moved"] * 12
    items = agenda(*many, "proposal", "tripwire", "evidence", "stale evidence")
    found = grouped(items)
    assert list(found) == ["Crossed or found", "To decide", "Moved", REST]
    first = [at for group, places in found.items() if group != REST for at in places]
    assert len(first) == MOST
    assert (found["To decide"], found["Crossed or found"]) == ([12], [13])
    assert found["Moved"] == list(range(6))
    assert sorted([*first, *found[REST]]) == list(range(len(items)))


def test_an_agenda_in_this_order_is_in_this_order() -> None:
    many: list[AgendaKind] = ["evidence", *["forecast moved"] * 12, "proposal", "tripwire"]  # type: ignore[list-item]
    items = agenda(*many)
    ordered = [items[at] for found in grouped(items).values() for at in found]
    assert [at for found in grouped(ordered).values() for at in found] == list(range(len(items)))


def test_what_only_informs_is_never_among_the_eight() -> None:
    assert grouped(agenda("evidence", "stale evidence")) == {REST: [0, 1]}
    assert grouped([]) == {}
