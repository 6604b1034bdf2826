"""The charts of screens and briefings: pure functions from records to altair charts, each with its alt text."""

from scorecard.briefings.charts.dates import crossing, curve, overview
from scorecard.briefings.charts.moves import leaning, months
from scorecard.briefings.charts.priors import density
from scorecard.briefings.charts.readings import evidence, vintages
from scorecard.briefings.charts.style import alt_text, as_png, as_spec, as_svg, as_vega
from scorecard.briefings.charts.track import track_coverage, track_scores

__all__ = [
    "alt_text",
    "as_png",
    "as_spec",
    "as_svg",
    "as_vega",
    "crossing",
    "curve",
    "density",
    "evidence",
    "leaning",
    "months",
    "overview",
    "track_coverage",
    "track_scores",
    "vintages",
]
