"""What boards read: one content built from the record, charts, and exporters that render it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorecard.briefings.content import Briefing
    from scorecard.store import Store

FORMATS = ("pdf", "summary", "pptx", "xlsx", "html", "markdown", "csv", "parquet", "json")
OTHER_NAMES = {"md": "markdown"}


@dataclass(frozen=True, slots=True)
class Export:
    """One file of a briefing: its bytes, a name that says the day and audience, and its media type."""

    content: bytes
    filename: str
    mime: str


def named(formats: str | Sequence[str]) -> tuple[str, ...]:
    """The formats that a list or a text such as "pdf,md" names, each once; "all" names every one.

    Raises BriefingRefused, a StoreError that lists what there is, for an unknown one.
    """
    from scorecard.briefings.build import BriefingRefused

    asked = formats.split(",") if isinstance(formats, str) else formats
    names = [OTHER_NAMES.get(name.strip(), name.strip()) for name in asked]
    names = [one for name in names for one in (FORMATS if name == "all" else (name,))]
    for name in names:
        if name not in FORMATS:
            raise BriefingRefused(f"there is no format {name!r}; there are: {', '.join(sorted(FORMATS))}")
    return tuple(dict.fromkeys(names))


def export(
    store: Store, format: str, *, as_of: date, audience: str = "internal", snapshot: str = ""
) -> Export:
    """The briefing of a day or snapshot in one format; the same record gives the same bytes on any machine.

    Raises BriefingRefused, a StoreError that lists what there is, for an unknown format or audience.
    """
    # Charts and typesetting take a second to import, and pages import this package for its words.
    from scorecard.briefings.build import build

    formats = named([format])
    return next(exports(build(store, as_of=as_of, audience=audience, snapshot=snapshot), formats))


def exports(briefing: Briefing, formats: Sequence[str]) -> Iterator[Export]:
    """One briefing in several formats, one after the other; its charts are drawn once for all of them."""
    from scorecard.briefings.exporters import exporters

    known = exporters()
    part = "" if briefing.audience == "internal" else f"-{briefing.audience}"
    for name in named(formats):
        filename = f"scorecard-{briefing.as_of.isoformat()}{part}{known[name].suffix}"
        yield Export(known[name].render(briefing), filename, known[name].mime)
