"""Builds the briefing of a day from the record; exporters render it and add nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from scorecard.briefings.annex import tables
from scorecard.briefings.audience import AUDIENCES, for_audience
from scorecard.briefings.content import Audience, Briefing, Drawing, Line, Said
from scorecard.briefings.duties import duties
from scorecard.briefings.findings import (
    decided,
    disagreements,
    method,
    name_of,
    own_words,
    sought,
    uncertainties,
)
from scorecard.briefings.lines import MOVED, line, shift
from scorecard.briefings.material import Material, read
from scorecard.briefings.readiness import lead_times, track_record
from scorecard.briefings.references import Register
from scorecard.briefings.verdict import verdict
from scorecard.governance.snapshots import reopen
from scorecard.records import ForecastRun, Snapshot
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.calendar import calendar

if TYPE_CHECKING:
    import altair as alt

TITLE = "Preparedness scorecard"
WIDTH, HEIGHT = 560, 140  # pixels of a crossing chart


class BriefingRefused(StoreError):
    """A briefing was asked for in a way that does not exist; the message names the ways there are."""


def build(
    store: Store, *, as_of: date, audience: Audience | str = "internal", snapshot: str = ""
) -> Briefing:
    """The briefing of a day for an audience, compared with the day 91 days earlier.

    Only what the store holds is used; no forecast is run. What an audience may not have is taken out
    before anything is written, and listed in `withheld`. With a snapshot (its id or the beginning of it),
    whatever was recorded after it was taken is left out, so that the briefing can be written again at any
    time. Raises BriefingRefused for an unknown audience or a snapshot of another day, StoreError when the
    store cannot be read or the snapshot is not as it was taken.
    """
    if audience not in AUDIENCES:
        raise BriefingRefused(f"there is no audience {audience!r}; there are: {', '.join(AUDIENCES)}")
    bound = reopen(store, snapshot).snapshot if snapshot else None
    if bound is not None and bound.as_of != as_of:
        raise BriefingRefused(f"snapshot {bound.id[:12]} is of {bound.as_of}, not of {as_of}; give that day")
    seen_at = taken_at(store, bound) if bound else None
    material, withheld = for_audience(read(store, as_of, seen_at), audience)
    register = Register(material.sources, as_of)
    lines = tuple(line(row, material.before.get(row.threshold.id), register) for row in material.rows)
    return Briefing(
        title=TITLE,
        as_of=as_of,
        snapshot=bound.id if bound else "",
        since=material.since,
        next_meeting=calendar().next_meeting(as_of),
        audience=audience,  # type: ignore[arg-type]  # one of AUDIENCES, as checked above
        verdict=verdict(material, lines, register),
        lines=lines,
        changed=_changed(material, lines),
        uncertainties=uncertainties(material, register),
        disagreements=disagreements(material, register),
        decided=decided(material, register),
        sought=sought(material, register),
        commentary=own_words(material, lines, register),
        lead_times=lead_times(material, register),
        track_record=track_record(material, register),
        method=method(material, register),
        tables=tables(material, lines, register),
        duties=duties(material, lines, register),
        withheld=withheld,
        drawings=_drawings(material),
        references=register.all(),
    )


def taken_at(store: Store, bound: Snapshot) -> datetime:
    """The moment (UTC) of the last entry that the record held when a snapshot was taken."""
    with store.view() as now:
        return next(entry.recorded_at for entry in now.log() if entry.seq == bound.entry)


def _changed(material: Material, lines: Sequence[Line]) -> tuple[Said, ...]:
    """What moved, the weightiest first: a developer's word, then medians by how far, then readings."""

    def weight(row: ScorecardRow) -> tuple[bool, int]:
        was = material.before.get(row.threshold.id)
        word = was is None or was.status.name != row.status.name
        days = abs(shift(row, was) or 0)
        return word, days if days >= MOVED else 0

    pairs = [
        (weight(row), one.moved) for row, one in zip(material.rows, lines, strict=True) if one.moved.text
    ]
    return tuple(moved for _, moved in sorted(pairs, key=lambda pair: pair[0], reverse=True))


def _drawings(material: Material) -> tuple[Drawing, ...]:
    forecast = [row for row in material.rows if row.forecast and not row.forecast.refused]
    if not forecast:
        return ()
    drawn = [
        Drawing(
            name="overview",
            about="all thresholds with a forecast",
            draw=partial(_overview, forecast, material.as_of),
        )
    ]
    for row in forecast:
        assert row.forecast
        was = material.before.get(row.threshold.id)
        then = was.forecast.run if was and was.forecast and not was.forecast.refused else None
        now = row.forecast.run
        before = then if then is not None and then.id != now.id else None
        draw = partial(_crossing, now, before, material.as_of, name_of(row))
        points = partial(_curve, now, material.as_of)
        drawn.append(
            Drawing(name=f"crossing {row.threshold.id}", about=name_of(row), draw=draw, points=points)
        )
    return tuple(drawn)


def _crossing(now: ForecastRun, before: ForecastRun | None, as_of: date, name: str) -> alt.LayerChart:
    """The page's own chart, lower and narrower, so that its words are as large as the text around it."""
    from scorecard.briefings.charts import crossing

    chart: alt.LayerChart = crossing(now, as_of=as_of, before=before, name=name)
    return chart.properties(width=WIDTH, height=HEIGHT)


def _curve(run: ForecastRun, as_of: date) -> tuple[tuple[date, float], ...]:
    from scorecard.briefings.charts import curve

    return curve(run, as_of=as_of)


def _overview(rows: Sequence[ScorecardRow], as_of: date) -> alt.LayerChart:
    from scorecard.briefings.charts import overview

    chart: alt.LayerChart = overview(rows, as_of=as_of)
    return chart
