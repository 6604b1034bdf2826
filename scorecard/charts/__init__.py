"""The charts of screens and briefings: pure functions from records to altair charts, each with its alt text."""

from scorecard.charts.dates import crossing, curve, overview
from scorecard.charts.moves import chance_history, months
from scorecard.charts.priors import density
from scorecard.charts.readings import evidence_chart, levels_of
from scorecard.charts.style import alt_text, as_png, as_rows, as_spec, as_svg, as_vega, drawn, in_the_dark
from scorecard.charts.track import said_and_happened, track_coverage, track_scores
from scorecard.charts.vintages import vintages

__all__ = [
    "alt_text",
    "as_png",
    "as_rows",
    "as_spec",
    "as_svg",
    "as_vega",
    "chance_history",
    "crossing",
    "curve",
    "density",
    "drawn",
    "evidence_chart",
    "in_the_dark",
    "levels_of",
    "months",
    "overview",
    "said_and_happened",
    "track_coverage",
    "track_scores",
    "vintages",
]
