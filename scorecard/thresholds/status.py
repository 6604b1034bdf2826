"""A threshold's status: what the developer has determined so far, in words, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scorecard.records import Determination, Finding, Source, Threshold

StatusName = Literal[
    "crossed", "treated as crossed", "cannot rule out", "look deeper", "below alert", "not crossed",
    "no determination",
]  # fmt: skip

NAMES: Mapping[Finding, StatusName] = {
    "crossed": "crossed",
    "precautionary": "treated as crossed",
    "cannot_rule_out": "cannot rule out",
    "look_deeper": "look deeper",
    "below_alert": "below alert",
    "not_crossed": "not crossed",
}
SENTENCES: Mapping[Finding, str] = {
    "crossed": "{developer} found it crossed by {system}",
    "precautionary": "{developer} treats {system} as having crossed it, as a precaution",
    "cannot_rule_out": "{developer} could not rule it out for {system}",
    "look_deeper": "{developer} asked for a deeper look at {system}",
    "below_alert": "{developer} found {system} below its alert threshold",
    "not_crossed": "{developer} found it not crossed by {system}",
}
GRADES: Mapping[str, str] = {
    "primary": "read in the document itself",
    "dataset": "from a dataset whose author read the documents",
    "secondary_verified": "from a checked second-hand quotation",
    "secondary": "second-hand",
    "own_knowledge": "not re-checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status on a day, the sentence that justifies it, and the determination it rests on."""

    name: StatusName
    reason: str
    rests_on: Determination | None


def status(
    threshold: Threshold, determinations: Sequence[Determination], sources: Mapping[str, Source]
) -> Status:
    """The developer's latest word on a threshold; silence is said as silence, never as "not crossed"."""
    if not determinations:
        return Status(
            name="no determination",
            reason=f"No determination about this threshold ({threshold.version}) was found in what was read.",
            rests_on=None,
        )
    last = max(determinations, key=lambda d: d.determined_on)
    sentence = SENTENCES[last.finding].format(developer=last.developer, system=last.system)
    note = f" {last.note[0].upper()}{last.note[1:].rstrip('.')}." if last.note else ""
    source = sources[last.source].title if last.source in sources else last.source
    return Status(
        name=NAMES[last.finding],
        reason=f"{sentence}, {last.determined_on:%-d %B %Y} ({source}; {GRADES[last.grade]}).{note}",
        rests_on=last,
    )
