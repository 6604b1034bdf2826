"""Rows that contradict the record: a text that says what no event says, a name of a row that is not there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scorecard.records import (
    Assessment,
    Correction,
    Determination,
    Record,
    Ruling,
    Search,
    Threshold,
    ThresholdEvent,
)

_REACHED = ("crossed", "precautionary", "applies")
_NOT_REACHED = ("not_crossed", "below_alert")
# What a threshold's text may say only where an event or a determination of one of these kinds says it too.
CLAIMS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kinds)
    for pattern, kinds in (
        (
            r"\btreat(?:s|ed|ing)? (?:it |this |them )?as (?:already )?(?:applying|reached|crossed|met)\b",
            _REACHED,
        ),
        (r"\bnothing to measure\b", _REACHED),
        (r"\b(?:judged|found|deemed|assessed) (?:as |to be )?(?:reached|crossed|met)\b", _REACHED),
        (r"\b(?:judged|found|deemed|assessed) (?:as )?not (?:yet )?(?:reached|crossed|met)\b", _NOT_REACHED),
        (r"\bbelow (?:the|its) alert threshold\b", _NOT_REACHED),
        (r"\brestrict(?:s|ed) (?:its )?training\b", ("restricts",)),
    )
)
FOUND = (Determination, ThresholdEvent)
TEXTS = ("paraphrase", "operationalisation", "needed", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A record, the field at fault, what stands there and what was expected."""

    record: Record
    field: str
    found: str
    expected: str


def denied(records: Iterable[Record]) -> Iterator[Wrong]:
    """Every threshold whose text claims a state that no event and no determination of it holds."""
    held: dict[str, set[str]] = defaultdict(set)
    thresholds: list[Threshold] = []
    for record in records:
        match record:
            case Determination():
                held[record.threshold].add(record.finding)
            case ThresholdEvent():
                for name in record.thresholds:
                    held[name].add(record.kind)
            case Threshold():
                thresholds.append(record)
    for threshold in thresholds:
        for field in TEXTS:
            for pattern, kinds in CLAIMS:
                said = pattern.search(getattr(threshold, field))
                if said and not held[threshold.id] & set(kinds):
                    expected = (
                        f"an event of the kind {' or '.join(kinds)} in threshold_events.yaml that says so"
                    )
                    yield Wrong(record=threshold, field=field, found=said.group(), expected=expected)


def unnamed(records: Sequence[Record], refused: Collection[str] = ()) -> Iterator[Wrong]:
    """Every assessment, correction, ruling and search that names a row which is not there.

    `refused` are the names (table and key) of rows that are there and were refused; a table's own name stands for
    all of its rows, where its file could not be read.
    """
    present = {_name(record) for record in records}.union(refused)

    def there(name: str) -> bool:
        return name in present or name.partition("/")[0] in present

    for record in records:
        match record:
            case Assessment() if not any(there(f"{kind.TABLE}/{record.of}") for kind in FOUND):
                expected = "the id of a determination or of a threshold event"
                yield Wrong(record=record, field="of", found=record.of, expected=expected)
            case Correction() if not there(record.subject):
                expected = "the table and key of a row, such as thresholds/lab.high"
                yield Wrong(record=record, field="subject", found=record.subject, expected=expected)
            case Ruling() if not there(record.subject):
                expected = "the table and id of a proposal, such as criteria/lab_high.p80"
                yield Wrong(record=record, field="subject", found=record.subject, expected=expected)
            case Search() if not there(record.about):
                expected = "the table and key of a row, such as thresholds/lab.high"
                yield Wrong(record=record, field="about", found=record.about, expected=expected)


def _name(record: Record) -> str:
    return "/".join([record.TABLE, *(str(getattr(record, part)) for part in record.KEY)])
