"""The site's charts: each drawn once, as SVG for every reader and as a specification that answers to the pointer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from scorecard.charts import (
    as_vega,
    crossing,
    drawn,
    evidence_chart,
    levels_of,
    overview,
    track_coverage,
    track_scores,
)
from scorecard.publishing.material import Edition
from scorecard.records import Indicator
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import title_of, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart of the site: its name (part of its addresses), what it shows, the page it belongs to."""

    name: str
    title: str
    page: str
    words: str
    svg: str
    spec: str  # JSON that may stand inside a script


def charts(edition: Edition) -> Mapping[str, Drawn]:
    """Every chart of an edition by its name."""
    made: dict[str, tuple[str, str, Callable[[], alt.LayerChart]]] = {}
    forecast = [row for row in edition.rows if row.forecast and not row.forecast.refused]
    if headlines := [row for row in forecast if not row.withheld]:
        draw = partial(overview, headlines, as_of=edition.as_of)
        made["overview"] = ("All thresholds with a forecast", "index.html", draw)
    for row in forecast:
        assert row.forecast is not None
        name = (
            f"{row.framework.developer}: {title_of(row.threshold.category)}, {title_of(row.threshold.level)}"
        )
        page = f"thresholds/{row.threshold.id}.html"
        chance = partial(crossing, row.forecast.run, as_of=edition.as_of, name=name)
        made[f"crossing-{row.threshold.id}"] = (f"When it is crossed: {name}", page, chance)
        for indicator in edition.indicators(row):
            told = edition.material.indicators[indicator]
            against = partial(_evidence, edition, told, row)
            made[f"evidence-{row.threshold.id}-{indicator}"] = (
                f"{told.name}, against its level",
                page,
                against,
            )
    for id in edition.readings:
        if id in edition.material.indicators:
            told = edition.material.indicators[id]
            page = f"indicators/{id}.html"
            made[f"evidence-{id}"] = (told.name, page, partial(_evidence, edition, told, None))
    for track in edition.material.tracks:
        name = edition.material.indicators[track.indicator].name
        for kind, drawing in (("scores", track_scores), ("coverage", track_coverage)):
            draw = partial(drawing, track, as_of=edition.as_of, name=name)
            made[f"track-{kind}-{track.indicator}"] = (f"{name}: {kind}", "record.html", draw)
    return {name: drawn_once(name, title, page, draw()) for name, (title, page, draw) in made.items()}


def _evidence(edition: Edition, indicator: Indicator, row: ScorecardRow | None) -> alt.LayerChart:
    run = row.forecast.run if row and row.forecast and not row.forecast.refused else None
    chart: alt.LayerChart = evidence_chart(
        indicator,
        edition.readings[indicator.id],
        edition.material.systems,
        as_of=edition.as_of,
        fan=run.quoted.fans.get(indicator.id) if run else None,
        levels=levels_of(run, row.criteria, indicator) if run and row else None,
        sources={s.id: s.title for s in edition.material.sources.values()},
    )
    return chart


def drawn_once(name: str, title: str, page: str, chart: alt.LayerChart) -> Drawn:
    """A chart as SVG and as the specification that answers to the pointer."""
    spec: dict[str, Any] = as_vega(chart)
    # Inside a script nothing but its end tag is read as markup, and no "<" leaves it out.
    held = json.dumps(spec, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    words = visible(str(chart.description))
    return Drawn(name=name, title=visible(title), page=page, words=words, svg=drawn(spec), spec=held)
