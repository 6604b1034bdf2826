"""PDF with the annex: each threshold, evidence, criteria, duties; what the board's report leaves to be looked up."""

from __future__ import annotations

from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.exporters.pdf import whole


def render(briefing: Briefing) -> bytes:
    """The report with everything in it, whoever reads it."""
    return whole(briefing, short=False)


EXPORTER = Exporter(
    name="annex",
    title="Report with annex (PDF)",
    suffix="-annex.pdf",
    mime="application/pdf",
    place=3,
    render=render,
)
