"""Builds the briefing of a day from the record; exporters render it and add nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from scorecard.briefings import Audience
from scorecard.briefings.content.annex import tables
from scorecard.briefings.content.audience import AUDIENCES, for_audience
from scorecard.briefings.content.briefing import Briefing, BriefingRefused, Drawing, Line, Said
from scorecard.briefings.content.findings import (
    decided,
    disagreements,
    level_in_words,
    method,
    own_words,
    sought,
    uncertainties,
)
from scorecard.briefings.content.lines import MOVED, line, shift
from scorecard.briefings.content.material import Material, read
from scorecard.briefings.content.overview import duties
from scorecard.briefings.content.readiness import lead_times, track_record
from scorecard.briefings.content.references import Register
from scorecard.briefings.content.verdict import verdict
from scorecard.clock import today
from scorecard.governance.snapshots import reopen
from scorecard.records import ForecastRun, Snapshot
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.outcomes import Reliability, reliability

if TYPE_CHECKING:
    import altair as alt

TITLE = "Preparedness scorecard"
WIDTH, HEIGHT = 560, 140  # pixels of a crossing chart


def build(
    store: Store, *, as_of: date, audience: Audience | str = "internal", snapshot: str = ""
) -> Briefing:
    """The briefing of a day for an audience, compared with the day 91 days earlier.

    Only what the store holds is used; no forecast is run. What an audience may not have is taken out
    before anything is written, and listed in `withheld`. With a snapshot (its id or the beginning of it),
    whatever was recorded after it was taken is left out, so that the briefing can be written again at any
    time. Raises BriefingRefused for an unknown audience, a day to come or a snapshot of another
    day, StoreError when the store cannot be read or the snapshot is not as it was taken.
    """
    if audience not in AUDIENCES:
        raise BriefingRefused(f"there is no audience {audience!r}; there are: {', '.join(AUDIENCES)}")
    if as_of > today():
        raise BriefingRefused(
            f"{as_of} has not come yet, so nothing can be known of it; give a day up to {today()}"
        )
    bound = reopen(store, snapshot).snapshot if snapshot else None
    if bound is not None and bound.as_of != as_of:
        raise BriefingRefused(f"snapshot {bound.id[:12]} is of {bound.as_of}, not of {as_of}; give that day")
    seen_at = taken_at(store, bound) if bound else None
    material, withheld = for_audience(read(store, as_of, seen_at), audience)
    register = Register(material.sources, as_of)
    lines = tuple(line(row, material, register) for row in material.rows)
    asked = () if audience == "public" else sought(material, register)  # what we have to decide is our agenda
    reader = cast("Audience", audience)  # one of AUDIENCES, as checked above
    return Briefing(
        title=TITLE,
        as_of=as_of,
        snapshot=bound.id if bound else "",
        since=material.since,
        next_meeting=material.calendar.next_meeting(as_of),
        audience=reader,
        verdict=verdict(material, lines, register, asked, reader),
        lines=lines,
        changed=_changed(material, lines),
        uncertainties=uncertainties(material, register),
        disagreements=disagreements(material, register),
        decided=decided(material, register),
        sought=asked,
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
    forecast = [
        row for row in material.rows if row.forecast and not row.forecast.refused and not row.withheld
    ]
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
        held = was.forecast if was and not was.withheld else None
        then = held.run if held and not held.refused and not held.outdated else None
        now = row.forecast.run
        before = then if then is not None and then.id != now.id else None
        draw = partial(_crossing, now, before, material.as_of, level_in_words(row))
        points = partial(_curve, now, material.as_of)
        drawn.append(
            Drawing(name=f"crossing {row.threshold.id}", about=level_in_words(row), draw=draw, points=points)
        )
    if said := reliability(material.outcomes):
        draw = partial(_calibration, said, material.as_of)
        drawn.append(Drawing(name="calibration", about="how such chances came out", draw=draw))
    return tuple(drawn)


def _crossing(now: ForecastRun, before: ForecastRun | None, as_of: date, name: str) -> alt.LayerChart:
    """The page's own chart, lower and narrower, so that its words are as large as the text around it."""
    from scorecard.charts import crossing

    chart: alt.LayerChart = crossing(now, as_of=as_of, before=before, name=name)
    return chart.properties(width=WIDTH, height=HEIGHT)


def _calibration(said: list[Reliability], as_of: date) -> alt.LayerChart:
    from scorecard.charts import said_and_happened

    chart: alt.LayerChart = said_and_happened(said, as_of=as_of)
    return chart.properties(width=WIDTH, height=HEIGHT)


def _curve(run: ForecastRun, as_of: date) -> tuple[tuple[date, float], ...]:
    from scorecard.charts import curve

    return curve(run, as_of=as_of)


def _overview(rows: Sequence[ScorecardRow], as_of: date) -> alt.LayerChart:
    from scorecard.charts import overview

    chart: alt.LayerChart = overview(rows, as_of=as_of)
    return chart
