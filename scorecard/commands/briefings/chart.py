"""chart, draws: any chart as a picture, and a forecast's draws for other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scorecard.store import Store, StoreError
from scorecard.terminal.options import AsOf, day_or_today, file_to_write

if TYPE_CHECKING:
    import altair as alt

app = typer.Typer()
Kind = Literal["overview", "crossing", "evidence", "vintages", "track-scores", "track-coverage"]


@app.command()
def chart(
    kind: Annotated[Kind, typer.Argument(help="Which chart.")],
    of: Annotated[str, typer.Option(help="The threshold (crossing) or indicator (the others), by id.")] = "",
    out: Annotated[Path, typer.Option(help="The file to write, .svg or .png.")] = Path("chart.svg"),
    ppi: Annotated[int, typer.Option(min=20, max=1200, help="Pixels per inch of a PNG.")] = 200,
    as_of: AsOf = None,
) -> None:
    """Write a chart as SVG or PNG, with its day and sources on it; no network is used."""
    from scorecard.charts import as_png, as_svg

    file_to_write(out, ".svg", ".png")
    drawn = _drawn(Store(), kind, of, day_or_today(as_of))
    content = as_svg(drawn).encode() if out.suffix == ".svg" else as_png(drawn, ppi=ppi)
    out.write_bytes(content)
    print(out)


def _drawn(store: Store, kind: Kind, of: str, day: date) -> alt.LayerChart:
    if kind in ("overview", "crossing"):
        return _of_briefing(store, kind, of, day)
    if kind in ("evidence", "vintages"):
        return _of_readings(store, kind, of, day)
    return _of_track(store, kind, of, day)


def _of_briefing(store: Store, kind: str, of: str, day: date) -> alt.LayerChart:
    from scorecard.briefings.content.build import build

    drawings = {drawing.name: drawing for drawing in build(store, as_of=day).drawings}
    name = kind if kind == "overview" else f"crossing {of}"
    if name not in drawings:
        having = [one.removeprefix("crossing ") for one in drawings if one != "overview"]
        if having and not of:
            raise typer.BadParameter(f"say which threshold with --of: {', '.join(having)}")
        listed = ", ".join(having) or "none; run `preparedness forecast run` first"
        raise StoreError(f"no forecast of {of or 'any threshold'} is held for {day}; --of may be: {listed}")
    return drawings[name].chart


def _of_readings(store: Store, kind: str, of: str, day: date) -> alt.LayerChart:
    from scorecard.charts import evidence_chart, vintages
    from scorecard.evidence.readings.adjusting import published_readings
    from scorecard.records import Indicator, Source, System

    with store.view(as_of=day) as known:
        indicators = {i.id: i for i in known.all(Indicator)}
        if of not in indicators:
            raise StoreError(f"no indicator {of!r} is known on {day}; --of may be: {', '.join(indicators)}")
        found = published_readings(known, indicator=of)
        systems = {s.id: s.name for s in known.all(System)}
        titles = {s.id: s.title for s in known.all(Source)}
    draw = evidence_chart if kind == "evidence" else vintages
    return draw(indicators[of], found, systems, as_of=day, sources=titles)


def _of_track(store: Store, kind: str, of: str, day: date) -> alt.LayerChart:
    from scorecard.charts import track_coverage, track_scores
    from scorecard.records import Indicator, TrackRecord

    with store.view(as_of=day) as known:
        names = {i.id: i.name for i in known.all(Indicator)}
        tracks = {one.indicator: one for one in known.all(TrackRecord)}
    if of not in tracks:
        listed = ", ".join(tracks) or "none; run `preparedness forecast backtest` first"
        raise StoreError(f"no backtest of {of!r} is held for {day}; --of may be: {listed}")
    draw = track_scores if kind == "track-scores" else track_coverage
    return draw(tracks[of], as_of=day, name=names.get(of, of))


@app.command()
def draws(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    out: Annotated[Path, typer.Option(help="The file to write, .nc.")] = Path("draws.nc"),
    as_of: AsOf = None,
) -> None:
    """Write the draws behind a threshold's forecast as NetCDF, for xarray, R or Julia."""
    from scorecard.thresholds.draws import netcdf, run_of

    file_to_write(out, ".nc")
    store = Store()
    run = run_of(store, threshold, day_or_today(as_of))
    out.write_bytes(netcdf(store, run))
    print(f"{out}: run {run.id[:12]}")
