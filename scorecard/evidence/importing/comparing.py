"""A value beside what was known of the same thing: the same, new, changed, or a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scorecard.evidence.checks import Entry
from scorecard.evidence.importers import Refusal
from scorecard.evidence.importing.plans import ImportPlan, InDoubt, Stored, ValueChange, value_key
from scorecard.evidence.reading.settings import joined
from scorecard.records import Json, Measurement

READ_ANEW = "read_anew"  # a mark: a later version of the importer reads the same file otherwise
ANSWERS = "--differing revise (it is the same, newly measured) or --differing apart (keep both)"


def compare(record: Stored, made: ImportPlan, entry: Entry) -> Measurement | None:
    """Set a value beside what was known of the same thing; None when a person must first say whether it is the same.

    "Changed" is said only where nothing that the two files record of their runs differs.
    """
    m = entry.record
    assert isinstance(m, Measurement)
    before = record.latest.get(m.subject)
    same = before is not None and (before.value, before.low, before.high) == (m.value, m.low, m.high)
    if before is not None and not same and before.source != m.source:
        differs = _differences(record.circumstances.get(before.source, {}), made.imported.circumstances)
        if differs and made.differing == "ask":
            made.questions.append(InDoubt(change=_change(m, before), differs="; ".join(differs)))
            expected = f"the same circumstances as {before.vintage}; else {ANSWERS}"
            made.refusals.append(
                Refusal(entry.row.fault("condition", "; ".join(differs)[:160], expected), entry.row.cells)
            )
            return None
        if differs and made.differing == "apart":
            own = made.imported.circumstances
            m = replace(
                m, condition=joined([m.condition, *(f"{name} {value}" for name, value in own.items())])
            )
            before = record.latest.get(m.subject)
            same = before is not None and (before.value, before.low, before.high) == (m.value, m.low, m.high)
    if same:
        made.same += 1
    else:
        made.changes.append(_change(m, before))
    record.keys[value_key(m)] = record.latest[m.subject] = m
    return m


def _differences(before: Json, after: Json) -> list[str]:
    """What two runs' circumstances differ in; nothing where one of them recorded none."""
    if not before or not after:
        return []
    return [
        f"{name} was {before.get(name, 'not given')}, is {after.get(name, 'not given')}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _change(m: Measurement, before: Measurement | None) -> ValueChange:
    return ValueChange(
        indicator=m.indicator,
        system=m.system,
        condition=m.condition,
        after=_shown(m),
        vintage=m.vintage,
        before=_shown(before) if before else None,
        before_vintage=before.vintage if before else "",
    )


def _shown(m: Measurement) -> str:
    if m.low is None and m.high is None:
        return f"{m.value:g}"
    low, high = ("open" if end is None else f"{end:g}" for end in (m.low, m.high))
    return f"{m.value:g} [{low} to {high}]"


def missing(record: Stored, made: ImportPlan, good: Sequence[Measurement]) -> None:
    """What the file before, on the same subject, had and this one lacks."""
    about = (made.importer.name, made.imported.subject)
    earlier = {
        i.source for i in record.imports.values() if (i.format, i.subject) == about and i.id != made.id
    }
    if earlier:
        now = {m.subject for m in good}
        made.gone = sorted(
            {
                f"{m.system}, {m.indicator}"
                for m in record.keys.values()
                if m.source in earlier and m.subject not in now
            }
        )


def read_anew(record: Stored, made: ImportPlan, good: Sequence[Measurement]) -> list[Measurement]:
    """What an earlier version of the importer read of this very file and this one reads otherwise, no longer fitted."""
    before = record.imports.get(made.id)
    if before is None or not good or sum(i.source == before.source for i in record.imports.values()) > 1:
        return []
    now = {value_key(m) for m in good}
    return [
        replace(m, main=False, marks=(*m.marks, READ_ANEW), known_at=max(m.known_at, made.known_at))
        for m in record.keys.values()
        if m.source == before.source and value_key(m) not in now and READ_ANEW not in m.marks
    ]
