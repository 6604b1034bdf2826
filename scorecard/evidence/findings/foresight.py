"""Texts that know more than their own day: of a later day, of a version or a system that was not there yet."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scorecard.evidence.findings.consistency import Wrong
from scorecard.records import (
    Deadline,
    Duty,
    Event,
    Filing,
    Framework,
    LoopPriors,
    Outlook,
    PriorSet,
    Record,
    System,
    Threshold,
)

# What speaks of days to come by its nature: goals, forecasts, duties and deadlines, and what we ourselves assume.
AHEAD = (Outlook, Event, Duty, Filing, Deadline, PriorSet, LoopPriors)
FIELDS = (
    "title",
    "note",
    "paraphrase",
    "operationalisation",
    "needed",
    "obligations",
    "statement",
    "reason",
    "measures",
    "caveats",
    "process",
    "rationale",
    "found",
    "looks_for",
)
NAMED_BEFORE = timedelta(days=31)  # a system may be spoken of that long before its release
_MONTHS = {name: number for number, name in enumerate(month_name) if name}
_DATE = re.compile(
    r"\b(?P<iso>20\d\d-\d\d(?:-\d\d)?)\b"
    rf"|\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS)}) (?P<of>20\d\d)\b"
    r"|(?<!AI )\b(?P<year>20[2-4]\d)\b(?!-)"
)
_PLANNED = re.compile(r"\b(?:by|before|until|from|effective|through) (?:the end of )?$", re.IGNORECASE)
_VERSION = re.compile(r"\b(?:versions? |v)(\d+\.\d+)\b")
_SUPERSEDED = re.compile(r"\bsupersed\w+", re.IGNORECASE)


def foreseen(records: Sequence[Record]) -> Iterator[Wrong]:
    """Every text that mentions a day after its row's own `known_at`; in thresholds, a later version or system too.

    A day that is announced (by, before, until, from) is no hindsight; nor are texts of the kinds in `AHEAD`.
    """
    since = {(r.id, r.version): r.known_at for r in records if isinstance(r, Framework)}
    released = {r.name: r.known_at for r in records if isinstance(r, System)}
    for record in records:
        if isinstance(record, AHEAD):
            continue
        for field, text in _texts(record):
            later = _later_days(text, record.known_at, titled=field == "title")
            if isinstance(record, Threshold):
                later = [*later, *_later_versions(text, record, since)]
                later += _later_systems(text, record.known_at + NAMED_BEFORE, released)
            for found in later:
                expected = (
                    f"nothing that became known after {record.known_at}; say it where it has a day of its own"
                )
                yield Wrong(record=record, field=field, found=found, expected=expected)


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        value: Any = getattr(record, field, "")
        texts = value if isinstance(value, tuple) else (value,)
        yield from ((field, text) for text in texts if isinstance(text, str) and text)


def _later_days(text: str, known: date, *, titled: bool) -> list[str]:
    found = []
    for said in _DATE.finditer(text):
        if said["year"] and titled:  # names of documents hold the years that they are about
            continue
        first = _first_day(said)
        if first is not None and first > known and not _PLANNED.search(text[: said.start()]):
            found.append(said.group())
    return found


def _first_day(said: re.Match[str]) -> date | None:
    try:
        if said["iso"]:
            year, month, *day = map(int, said["iso"].split("-"))
            return date(year, month, *(day or [1]))
        if said["month"]:
            return date(int(said["of"]), _MONTHS[said["month"]], int(said["day"] or 1))
        return date(int(said["year"]), 1, 1)
    except ValueError:  # no day of any calendar
        return None


def _later_versions(text: str, record: Threshold, since: Mapping[tuple[str, str], date]) -> Iterable[str]:
    for said in _VERSION.finditer(text):
        if since.get((record.framework, said[1]), record.known_at) > record.known_at:
            yield said.group()
    if gone := _SUPERSEDED.search(text):
        yield gone.group()


def _later_systems(text: str, known: date, released: Mapping[str, date]) -> Iterable[str]:
    for name, day in released.items():
        if day > known and name in text and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\d)", text):
            yield name
