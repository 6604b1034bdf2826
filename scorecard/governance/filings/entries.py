"""What people put on the record under a field of a filing: drafted by one, reviewed by another, then filed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from scorecard import clock
from scorecard.people import Actor, once, same_person
from scorecard.records import Filing, FilingEntry, Framework
from scorecard.store import Store, StoreError, View

OWNER = "owner"  # the field under which the owner of a filing is named
OWN = ".own"  # ends the id of what a developer's framework itself obliges


class FilingRefused(StoreError):
    """An entry that a filing has no place for, or that comes before its turn; the message says what to do."""


def entries_of(view: View, developer: str) -> dict[tuple[str, str, str], FilingEntry]:
    """The newest entry of each filing, field and period of a developer."""
    return newest_entries(view.all(FilingEntry, developer=developer))


def newest_entries(entries: Iterable[FilingEntry]) -> dict[tuple[str, str, str], FilingEntry]:
    """The newest of one developer's entries by filing, field and period."""
    return {(e.duty, e.field, e.period): e for e in entries}


@once(FilingEntry)
def draft(
    store: Store,
    *,
    actor: Actor,
    filing: str,
    field: str,
    developer: str,
    period: str,
    text: str,
    evidence: Sequence[str] = (),
    today: date | None = None,
) -> FilingEntry:
    """Write what stands under a field of a filing, or `owner`; it goes before what the record would say there.

    Raises NotAllowed, or FilingRefused for an unknown filing, field or developer or an empty text.
    """
    actor.require("draft a filing")
    if not text.strip() or not period.strip():
        raise FilingRefused("an entry needs a text and a period; say what is to be filed, and for when")
    with store.view() as now:
        _known(now, filing, field, developer)
    entry = FilingEntry(
        duty=filing,
        field=field,
        developer=developer,
        period=period.strip(),
        text=text.strip(),
        state="drafted",
        author=actor.name,
        evidence=tuple(evidence),
        known_at=today or clock.today(),
    )
    store.append([entry], action="draft filing", actor=actor)
    return entry


def settle(
    store: Store, *, actor: Actor, entries: Sequence[FilingEntry], state: Literal["reviewed", "filed"]
) -> list[FilingEntry]:
    """Say that entries, as they were read, are reviewed (by another than who wrote them) or filed; all or none.

    Raises NotAllowed, or FilingRefused where somebody would review their own text, or files what nobody reviewed.
    """
    actor.require("review a filing")
    if not entries:
        raise FilingRefused("there is nothing to settle; draft a field first")
    with store.view() as now:
        held = entries_of(now, entries[0].developer)
    settled = []
    for one in entries:
        before = held.get((one.duty, one.field, one.period))
        if state == "reviewed" and before and same_person(before.author, actor.name):
            raise FilingRefused(
                f"{actor.name} wrote {one.field} of {one.duty}; somebody else has to review it"
            )
        if state == "filed" and (before is None or before.state == "drafted"):
            raise FilingRefused(
                f"nobody has reviewed {one.field} of {one.duty}; review it first (`preparedness duty review`)"
            )
        settled.append(
            FilingEntry(
                duty=one.duty,
                field=one.field,
                developer=one.developer,
                period=one.period,
                text=one.text,
                state=state,
                author=actor.name,
                evidence=one.evidence,
                known_at=clock.today(),
            )
        )
    store.append(settled, action=f"filing {state}", actor=actor)
    return settled


def _known(view: View, filing: str, field: str, developer: str) -> None:
    """FilingRefused, with what there is, unless the filing, its field and the developer are on the record."""
    developers = sorted({one.developer for one in view.all(Framework)})
    if developer not in developers:
        raise FilingRefused(f"there is no developer {developer!r}; there are: {', '.join(developers)}")
    if filing.endswith(OWN):
        if filing.removesuffix(OWN) not in {one.id for one in view.all(Framework, developer=developer)}:
            raise FilingRefused(f"{developer} has no framework {filing.removesuffix(OWN)!r} on record")
        return
    found = {one.id: one for one in view.all(Filing)}
    if filing not in found:
        raise FilingRefused(f"there is no filing {filing!r}; there are: {', '.join(found)}")
    fields = [OWNER, *(ask.field for ask in found[filing].asks)]
    if field not in fields:
        raise FilingRefused(f"{filing} has no field {field!r}; it has: {', '.join(fields)}")
