"""PDF of one page: the summary that a director reads in five minutes; its sources are in the full report."""

from __future__ import annotations

from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.exporters.pdf import FIRST, page_data, typeset

NOTE = (
    "Small letters and numbers name sources; they and the annex are in the full report of the same content."
)


def render(briefing: Briefing) -> bytes:
    """The full report's first page alone, with a line that says where its sources are listed."""
    return typeset(FIRST.read_bytes(), {**page_data(briefing), "note": NOTE}, {})


def picture(briefing: Briefing, *, ppi: float = 108) -> bytes:
    """The same page as a PNG, for a look at it before any file is made; 893 pixels wide by default."""
    return typeset(FIRST.read_bytes(), {**page_data(briefing), "note": NOTE}, {}, picture=ppi)


EXPORTER = Exporter(
    name="summary",
    title="One page (PDF)",
    suffix="-summary.pdf",
    mime="application/pdf",
    place=1,
    render=render,
)
