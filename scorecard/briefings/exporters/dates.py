"""CSV in long form: a row a threshold and date with the chance of a crossing by then, for scripts and charts."""

from __future__ import annotations

from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.exporters.csv import written
from scorecard.briefings.layout.parts import dates_table


def render(briefing: Briefing) -> bytes:
    """Chances by date as CSV, with the id of the run that each rests on, the day and the content's hash."""
    return written(briefing, dates_table(briefing), lambda run: run.where)


EXPORTER = Exporter(
    name="dates",
    title="Chances by date (CSV)",
    suffix="-dates.csv",
    mime="text/csv",
    place=8,
    render=render,
)
