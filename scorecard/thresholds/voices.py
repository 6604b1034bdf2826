"""Who says what about one threshold: developer, others, committee and model side by side, and what happened when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.records import Assessment, Decision, Determination, ThresholdEvent
from scorecard.store import View
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.thresholds.status import Status, day_of, kind_of
from scorecard.words import day_in_words

WORDS = {
    "supports": "supports it",
    "partly": "supports it in part",
    "does_not_support": "finds it not supported by the evidence given",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of a threshold's timeline; `assessments` are what others made of it."""

    on: date
    kind: str
    developer: str
    system: str
    said: str
    source: str
    grade: str
    id: str
    thresholds: int
    assessments: tuple[Assessment, ...]

    def as_json(self) -> dict[str, Any]:
        """The entry as plain values."""
        return {
            "on": self.on.isoformat(),
            "kind": self.kind,
            "developer": self.developer,
            "system": self.system,
            "said": self.said,
            "source": self.source,
            "grade": self.grade,
            "id": self.id,
            "thresholds": self.thresholds,
            "assessments": [
                {"by": a.assessor, "independent": a.independent, "verdict": a.verdict, "reason": a.reason}
                for a in self.assessments
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Four voices on one threshold on a day; an empty one is silent."""

    developer: str
    others: str
    committee: str
    model: str
    contested: bool

    def as_json(self) -> dict[str, Any]:
        """The voices as plain values."""
        return {
            "developer": self.developer,
            "others": self.others,
            "committee": self.committee,
            "model": self.model,
            "contested": self.contested,
        }


def timeline(
    threshold: str,
    determinations: Iterable[Determination],
    events: Iterable[ThresholdEvent],
    assessments: Sequence[Assessment] = (),
) -> list[Happening]:
    """Everything on record about one threshold, newest first; a finding on several is one entry."""
    found = [*(e for e in events if threshold in e.thresholds)]
    whole = {f"{e.id}/{threshold}" for e in found}
    single = [d for d in determinations if d.threshold == threshold and d.id not in whole]
    said: list[Determination | ThresholdEvent] = [*found, *single]
    entries = [
        Happening(
            on=day_of(one),
            kind=kind_of(one),
            developer=one.developer,
            system=one.system,
            said=one.statement if isinstance(one, ThresholdEvent) else one.note,
            source=one.source,
            grade=one.grade,
            id=one.id,
            thresholds=len(one.thresholds) if isinstance(one, ThresholdEvent) else 1,
            assessments=tuple(a for a in assessments if a.of == one.id),
        )
        for one in said
    ]
    return sorted(entries, key=lambda h: (h.on, h.id), reverse=True)


def timeline_of(known: View, threshold: str) -> list[Happening]:
    """The timeline of one threshold as the record stood."""
    return timeline(threshold, known.all(Determination), known.all(ThresholdEvent), known.all(Assessment))


def voices(
    status: Status, events: Sequence[Happening], decisions: Iterable[Decision], forecast: Forecast | None
) -> Voices:
    """The four voices; contested where anybody else does not, or only in part, support a finding of the developer's.

    `decisions` are the committee's own on this threshold. The model speaks with its probability of a crossing so far.
    """
    judged = [(a, h) for h in events for a in h.assessments]
    others = "; ".join(
        f"{a.assessor}{'' if a.independent else ' (not independent)'} {WORDS[a.verdict]} "
        f"({h.system}, {day_in_words(a.made_on)}): {a.reason}"
        for a, h in judged
    )
    own = max(decisions, key=lambda d: d.known_at, default=None)
    now = None if forecast is None or forecast.refused else forecast.p_now
    return Voices(
        developer="" if status.rests_on is None else status.reason,
        others=others,
        committee="" if own is None else f"{own.finding.replace('_', ' ')}, {day_in_words(own.known_at)}",
        model="" if now is None else f"{now:.0%} that it is crossed already",
        contested=any(a.verdict != "supports" for a, _ in judged),
    )
