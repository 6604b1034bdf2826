"""What boards read: one content built from the record, charts, and exporters that render it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scorecard.discovery import declarations

if TYPE_CHECKING:
    from scorecard.briefings.content.briefing import Briefing
    from scorecard.store import Store

Audience = Literal["internal", "board", "public"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a briefing can be had: the name to ask for, a title for people, the file's ending and media type.

    `place` is where it stands among the others, `other_names` are taken for the same.
    """

    name: str
    title: str
    suffix: str
    mime: str
    place: int = 99
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """One file of a briefing: its bytes, a name that says the day and audience, and its media type."""

    content: bytes
    filename: str
    mime: str


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, in the order in which they are offered: one for each file of exporters/.

    Read from the files' text, since what draws and typesets takes a second to import.
    """
    told = declarations(Path(__file__).parent / "exporters", "EXPORTER")
    known = {field.name for field in fields(Format)}
    found = [
        Format(**{name: value for name, value in given.items() if name in known}) for given in told.values()
    ]
    return {one.name: one for one in sorted(found, key=lambda one: (one.place, one.name))}


def named(asked: str | Sequence[str]) -> tuple[str, ...]:
    """The formats that a list or a text such as "pdf,md" names, each once; "all" names every one.

    Raises BriefingRefused, a StoreError that lists what there is, for an unknown one.
    """
    from scorecard.briefings.content.briefing import BriefingRefused

    known = formats()
    other = {name: one.name for one in known.values() for name in one.other_names}
    words = [word.strip() for word in (asked.split(",") if isinstance(asked, str) else asked)]
    names = [name for word in words for name in (known if word == "all" else (other.get(word, word),))]
    for name in names:
        if name not in known:
            raise BriefingRefused(f"there is no format {name!r}; there are: {', '.join(sorted(known))}")
    return tuple(dict.fromkeys(names))


def export(
    store: Store, format: str, *, as_of: date, audience: str = "internal", snapshot: str = ""
) -> Export:
    """The briefing of a day or snapshot in one format; the same record gives the same bytes on any machine.

    Raises BriefingRefused, a StoreError that lists what there is, for an unknown format or audience.
    """
    # Charts and typesetting take a second to import, and pages import this package for its words.
    from scorecard.briefings.content.build import build

    names = named([format])
    return next(exports(build(store, as_of=as_of, audience=audience, snapshot=snapshot), names))


def exports(briefing: Briefing, names: Sequence[str]) -> Iterator[Export]:
    """One briefing in several formats, one after the other; its charts are drawn once for all of them."""
    from scorecard.briefings.exporters import exporters

    known = exporters()
    part = "" if briefing.audience == "internal" else f"-{briefing.audience}"
    for name in named(names):
        filename = f"scorecard-{briefing.as_of.isoformat()}{part}{known[name].suffix}"
        yield Export(known[name].render(briefing), filename, known[name].mime)
