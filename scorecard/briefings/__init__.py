"""What boards read: one content built from the record, charts, and exporters that render it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorecard.store import Store


@dataclass(frozen=True, slots=True)
class Export:
    """One file of a briefing: its bytes, a name that says the day and audience, and its media type."""

    content: bytes
    filename: str
    mime: str


def export(store: Store, format: str, *, as_of: date, audience: str = "internal") -> Export:
    """The briefing of a day in one format; the same record gives the same bytes on any machine.

    Raises BriefingRefused, a StoreError that lists what there is, for an unknown format or audience.
    """
    # Charts and typesetting take a second to import, and pages import this package for its words.
    from scorecard.briefings.build import BriefingRefused, build
    from scorecard.briefings.exporters import exporters

    known = exporters()
    if format not in known:
        raise BriefingRefused(f"there is no format {format!r}; there are: {', '.join(known)}")
    exporter = known[format]
    briefing = build(store, as_of=as_of, audience=audience)
    part = "" if audience == "internal" else f"-{audience}"
    filename = f"scorecard-{as_of.isoformat()}{part}{exporter.suffix}"
    return Export(exporter.render(briefing), filename, exporter.mime)
