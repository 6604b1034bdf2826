"""A threshold's status with its reason, from what its developer said and did; and the level that follows on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scorecard.records import Determination, EventKind, Source, Threshold, ThresholdEvent
from scorecard.words import day_in_words

StatusName = Literal[
    "crossed",
    "treated as crossed",
    "treated as applying",
    "alert reached",
    "cannot rule out",
    "look deeper",
    "below alert",
    "not crossed",
    "no determination",
]

NAMES: Mapping[EventKind, StatusName] = {
    "crossed": "crossed",
    "precautionary": "treated as crossed",
    "applies": "treated as applying",
    "alert": "alert reached",
    "cannot_rule_out": "cannot rule out",
    "look_deeper": "look deeper",
    "below_alert": "below alert",
    "not_crossed": "not crossed",
}
SENTENCES: Mapping[EventKind, str] = {
    "crossed": "{developer} found it crossed by {system}",
    "precautionary": "{developer} treats {system} as having crossed it, as a precaution",
    "applies": "{developer} treats it as applying to {system}",
    "alert": "{developer} found its alert threshold reached by {system}",
    "cannot_rule_out": "{developer} could not rule it out for {system}",
    "look_deeper": "{developer} asked for a deeper look at {system}",
    "below_alert": "{developer} found {system} below its alert threshold",
    "not_crossed": "{developer} found it not crossed by {system}",
}
# A level is the developer's, not one system's: a weaker system below it later does not undo that one was above it.
STANDING: tuple[EventKind, ...] = ("crossed", "precautionary", "applies")
GRADES: Mapping[str, str] = {
    "primary": "read in the document itself",
    "dataset": "from a dataset whose author read the documents",
    "secondary_verified": "from a checked second-hand quotation",
    "secondary": "second-hand",
    "own_knowledge": "not re-checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status on a day, the sentence that justifies it, the finding it rests on, and whether it is reached."""

    name: StatusName
    reason: str
    rests_on: Determination | ThresholdEvent | None

    @property
    def reached(self) -> bool:
        """Whether the developer found the level crossed, or acts as if it were."""
        return self.rests_on is not None and kind_of(self.rests_on) in STANDING


def status(
    threshold: Threshold,
    determinations: Sequence[Determination],
    sources: Mapping[str, Source],
    *,
    events: Iterable[ThresholdEvent] = (),
    searched_to: date | None = None,
) -> Status:
    """The developer's word on a threshold; silence is said as silence, up to the day that anybody looked.

    What was found crossed stays so; else the latest finding counts. Of `events` those count that say something of the
    level's state and are not among the determinations already.
    """
    derived = {d.id for d in determinations}
    stated: list[Determination | ThresholdEvent] = [*determinations]
    stated += [e for e in events if e.kind in NAMES and f"{e.id}/{threshold.id}" not in derived]
    if not stated:
        day = f", up to {day_in_words(searched_to)}" if searched_to else ""
        reason = (
            f"No determination about this threshold ({threshold.version}) was found in what was read{day}."
        )
        return Status(name="no determination", reason=reason, rests_on=None)
    standing = [one for one in stated if kind_of(one) in STANDING]
    # The strongest finding first, then the day it was first made; without any, the latest.
    last = (
        min(standing, key=lambda one: (STANDING.index(kind_of(one)), day_of(one)))
        if standing
        else max(stated, key=day_of)
    )
    kind = kind_of(last)
    sentence = SENTENCES[kind].format(developer=last.developer, system=last.system)
    said = last.statement if isinstance(last, ThresholdEvent) else last.note
    note = f" {said[0].upper()}{said[1:].rstrip('.')}." if said else ""
    source = sources[last.source].title if last.source in sources else last.source
    return Status(
        name=NAMES[kind],
        reason=f"{sentence}, {day_in_words(day_of(last))} ({source}; {GRADES[last.grade]}).{note}",
        rests_on=last,
    )


def kind_of(finding: Determination | ThresholdEvent) -> EventKind:
    """What a determination found or an event was."""
    return finding.finding if isinstance(finding, Determination) else finding.kind


def day_of(finding: Determination | ThresholdEvent) -> date:
    """The day of a determination or event."""
    return finding.determined_on if isinstance(finding, Determination) else finding.happened_on
