"""PDF of one page: the summary that a director reads in five minutes; its sources are in the full report."""

from __future__ import annotations

from scorecard.briefings.content import Briefing
from scorecard.briefings.exporters._exporter import Exporter
from scorecard.briefings.exporters.pdf import FIRST, page_data, typeset

NOTE = (
    "Small letters and numbers name sources; they and the annex are in the full report of the same content."
)


def render(briefing: Briefing) -> bytes:
    """The full report's first page alone, with a line that says where its sources are listed."""
    return typeset(FIRST.read_bytes(), {**page_data(briefing), "note": NOTE}, {})


EXPORTER = Exporter("summary", "-summary.pdf", "application/pdf", render)
