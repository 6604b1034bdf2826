"""The site's pages: plain values for the templates, which escape whatever they are given."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import altair as alt
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scorecard import __version__
from scorecard.addresses import web_address
from scorecard.briefings.content.briefing import Line, Said
from scorecard.briefings.exporters.html import chart_code
from scorecard.evidence.readings.vintages import current
from scorecard.publishing import data
from scorecard.publishing.charts import Drawn, drawn_once
from scorecard.publishing.material import Edition
from scorecard.records import ForecastRun
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import in_words
from scorecard.words import (
    chance_in_words,
    day_in_words,
    interval_in_words,
    month_in_words,
    title_of,
    value_in_words,
    visible,
)

TEMPLATES = Path(__file__).with_name("templates")
STYLE = TEMPLATES / "site.css"
ISSUED = 24  # of the forecasts issued, how many the page of a threshold lists
NAVIGATION = (
    ("index.html", "Scorecard"),
    ("changes.html", "What changed"),
    ("record.html", "Track record"),
    ("evidence.html", "Evidence"),
    ("method.html", "Method"),
)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"day": day_in_words, "month": month_in_words, "title_of": title_of, "visible": visible}
    made.filters["web_address"] = web_address
    return made


@dataclass(frozen=True)
class _Renderer:
    edition: Edition
    drawn: Mapping[str, Drawn]

    def page(self, path: str, template: str, title: str, **given: Any) -> bytes:
        """One page by its path, which says how far it lies below the site's root."""
        root = "../" * path.count("/")
        common = {
            "root": root,
            "path": path,
            "title": title,
            "edition": self.edition,
            "briefing": self.edition.briefing,
            "navigation": NAVIGATION,
            "drawn": self.drawn,
            "place": data.PLACE,
            "version": __version__,
        }
        return _environment().get_template(template).render(**common, **given).encode()


def pages(edition: Edition, drawn: Mapping[str, Drawn]) -> dict[str, bytes]:
    """Every page of an edition by its path."""
    made = _Renderer(edition, drawn)
    rows = list(zip(edition.rows, edition.briefing.lines, strict=True))
    nearest = sorted(rows, key=_nearness)
    files = {
        "index.html": made.page("index.html", "index.html", "Scorecard", rows=nearest, said=_said),
        "changes.html": made.page("changes.html", "changes.html", "What changed"),
        "record.html": made.page("record.html", "record.html", "Track record", tracks=_tracks(edition)),
        "evidence.html": made.page(
            "evidence.html",
            "evidence.html",
            "Evidence",
            indicators=[i for i in edition.material.indicators.values() if i.id in edition.readings],
        ),
        "method.html": made.page("method.html", "method.html", "Method"),
    }
    for row, line in rows:
        path = f"thresholds/{row.threshold.id}.html"
        charts = [one for one in drawn.values() if one.page == path]
        files[path] = made.page(
            path,
            "threshold.html",
            line.name,
            row=row,
            line=line,
            charts=charts,
            criteria=_criteria(edition, row),
            issued=[_issued(run) for run in edition.issued.get(row.threshold.id, ())[:ISSUED]],
            said=_said,
            sources=edition.material.sources,
        )
    for id in edition.readings:
        if id in edition.material.indicators:
            files[f"indicators/{id}.html"] = _indicator(made, id)
    for name, one in drawn.items():
        files[f"embed/{name}.html"] = made.page(f"embed/{name}.html", "embed.html", one.title, chart=one)
    return files


def chart_page(chart: alt.LayerChart, *, title: str, cited: str) -> bytes:
    """One chart as a page that needs nothing else: to be opened, sent, or shown inside another page.

    It is drawn as in an edition's own page to embed, with the style and the chart library inside; nothing is fetched.
    `cited` says what it rests on and stands under it.
    """
    code = chart_code()
    allowed = f"sha256-{b64encode(sha256(code.encode()).digest()).decode()}"
    return (
        _environment()
        .get_template("alone.html")
        .render(
            chart=drawn_once("chart", title, "", chart),
            cited=visible(cited),
            style=STYLE.read_text(encoding="utf-8"),
            code=code,
            allowed=allowed,
        )
        .encode()
    )


def _nearness(both: tuple[ScorecardRow, Line]) -> tuple[bool, bool, float]:
    """What is reached, then by the chance within 12 months, then what has no chance to show."""
    row, line = both
    p = line.p_12_months.value if line.p_12_months and not row.withheld else None
    return not row.status.reached, p is None, -p if isinstance(p, float) else 0.0


def _said(line: Line) -> dict[str, str]:
    """The chances of a line with their words."""
    return {
        name: f"{figure.text} ({in_words(figure.value)})"
        for name in ("p_now", "p_12_months")
        if (figure := getattr(line, name)) is not None and isinstance(figure.value, float)
    }


def _criteria(edition: Edition, row: ScorecardRow) -> list[dict[str, Any]]:
    whole = sum(c.weight for c in row.criteria)
    return [
        {
            "indicator": (told := edition.material.indicators[c.indicator]),
            "level": value_in_words(c.level, told.unit),
            "share": chance_in_words(c.weight / whole) if whole else "",
            "standing": edition.material.standing_of(c),
        }
        for c in row.criteria
    ]


def _issued(run: ForecastRun) -> dict[str, str]:
    said = run.quoted
    dates = [
        day.isoformat() if day else f"after {said.horizon.year}" for day in (said.q10, said.q50, said.q90)
    ]
    return {
        "as_of": run.as_of.isoformat(),
        "p_now": chance_in_words(said.p_now),
        "p_12_months": chance_in_words(said.p_12_months),
        "q10": dates[0],
        "q50": dates[1],
        "q90": dates[2],
        "model": run.model,
        "id": run.id,
    }


def _indicator(made: _Renderer, id: str) -> bytes:
    edition = made.edition
    told = edition.material.indicators[id]
    found = sorted(current(edition.readings[id]), key=lambda m: (m.observed_on, m.system), reverse=True)
    readings = [
        {
            "system": edition.material.systems.get(m.system, m.system),
            "condition": m.condition,
            "on": m.observed_on.isoformat(),
            "value": {"exact": "", "at_least": "≥ ", "at_most": "≤ "}[m.bound]
            + value_in_words(m.value, told.unit),
            "interval": interval_in_words(m, told.unit),
            "marks": ", ".join(mark.replace("_", " ") for mark in m.marks),
            "grade": m.grade.replace("_", " "),
            "source": edition.material.sources[m.source],
        }
        for m in found
    ]
    informs = [row for row in edition.rows if id in {c.indicator for c in row.criteria}]
    path = f"indicators/{id}.html"
    chart = made.drawn[f"evidence-{id}"]
    return made.page(
        path, "indicator.html", told.name, told=told, readings=readings, informs=informs, chart=chart
    )


def _tracks(edition: Edition) -> Sequence[tuple[str, Said]]:
    return [("", said) for said in edition.briefing.track_record]
