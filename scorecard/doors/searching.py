"""Search over the record: every record of some kinds that holds all the words, with the question that tells more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from scorecard.doors.answers import Hit, SearchAnswer
from scorecard.doors.questions import AsOf, Limit, Offset, asked_of, question
from scorecard.doors.readers import Caller
from scorecard.doors.reading import page
from scorecard.records import (
    Commentary,
    Decision,
    Determination,
    Event,
    Framework,
    Indicator,
    Outlook,
    Record,
    Source,
    System,
    Threshold,
    ThresholdEvent,
)
from scorecard.store import Store


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that is searched: the field that names one, those that are read, where one looks further."""

    cls: type[Record]
    title: str
    read: tuple[str, ...]
    ask: str = ""
    internal: bool = False


KINDS = (
    Kind(Threshold, "level", ("id", "category", "level", "paraphrase", "operationalisation"), "threshold"),
    Kind(Indicator, "name", ("id", "name", "measures", "note"), "evidence"),
    Kind(ThresholdEvent, "statement", ("id", "developer", "system", "statement")),
    Kind(Determination, "note", ("id", "developer", "system", "finding", "note"), "threshold"),
    Kind(Framework, "name", ("id", "developer", "name", "note"), "status"),
    Kind(System, "name", ("id", "name", "developer", "aliases"), "evidence"),
    Kind(Event, "name", ("id", "name", "criteria")),
    Kind(Outlook, "statement", ("id", "who", "organisation", "statement")),
    Kind(Source, "title", ("id", "title", "url", "note")),
    Kind(Decision, "decision", ("id", "decision", "reason", "threshold"), "threshold", internal=True),
    Kind(Commentary, "text", ("id", "text", "threshold"), "threshold", internal=True),
)


@question
def search(
    store: Store,
    reader: Caller,
    words: Annotated[
        str, Field(description="Words that a record holds, all of them.", min_length=2, max_length=200)
    ],
    as_of: AsOf = None,
    offset: Offset = 0,
    limit: Limit = 20,
) -> SearchAnswer:
    """Thresholds, indicators, findings, systems, goals and sources that hold every word; case does not matter."""
    asked = asked_of(store, reader, as_of)
    wanted = words.casefold().split()
    hits: list[Hit] = []
    with store.view(as_of=asked.as_of) as known:
        for kind in KINDS:
            if kind.internal and not reader.internal:
                continue
            for record in known.all(kind.cls):
                text = " ".join(_texts(record, kind.read))
                if wanted and all(word in text.casefold() for word in wanted):
                    hits.append(_hit(record, kind, text, wanted[0]))
    which, some = page(hits, offset, limit)
    return SearchAnswer(about=asked.about(), page=which, hits=some)


def _texts(record: Record, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = getattr(record, name)
        yield " ".join(value) if isinstance(value, tuple) else str(value)


def _hit(record: Record, kind: Kind, text: str, word: str) -> Hit:
    at = text.casefold().find(word)
    start, end = max(0, at - 60), at + 120
    where = f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
    own = str(getattr(record, "threshold", "")) if kind.ask == "threshold" else ""
    id = own or str(record.id)  # type: ignore[attr-defined]  # every kind here has one
    return Hit(table=kind.cls.TABLE, id=id, title=str(getattr(record, kind.title)), where=where, ask=kind.ask)
