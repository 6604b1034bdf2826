"""How every chart looks, the words around it, and how it leaves as SVG or PNG without a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from textwrap import shorten, wrap
from typing import Any

import altair as alt
import vl_convert

from scorecard.words import day_in_words, visible

INK, GREY, FAINT = "#1a2433", "#5c6773", "#c9d0d8"
TREND, BAND, CORE = (
    "#1f4e79",
    "#c6d6e6",
    "#7893b3",
)  # luminance falls in steps, so that grey copies still read; a band's edge is drawn, since its fill is too faint
LEVEL, LEVEL_BAND = "#8a3b12", "#f0dccb"
GRID, PAGE = "#e6eaee", "#ffffff"
# The same colours for a dark page: a dark part of a chart becomes a light one, so that order and contrast are kept.
DARK: Mapping[str, str] = {
    INK: "#e8edf3",
    GREY: "#a7b3c2",
    FAINT: "#4a5663",
    TREND: "#8cbcea",
    BAND: "#22384f",
    CORE: "#617d9e",
    LEVEL: "#f0b27a",
    LEVEL_BAND: "#33271c",
    GRID: "#242c37",
    PAGE: "#11161d",
    "white": "#11161d",
}
FONT = "Liberation Sans, Arial, sans-serif"  # the converter carries it, so that widths are the same anywhere
WIDTH, HEIGHT = 640, 340  # of the plot, in pixels
EDGE = 10  # pixels between the plot's sides and a mark at the end of its scale, which would else be cut
LINE = 112  # characters of a subtitle's line
MOST_SOURCES = 2
MIDNIGHT = "T00:00:00"
CLIP = re.compile(r'(?<=[#"])clip(\d+)(?=[)"])')

type Rows = list[dict[str, Any]]

CONFIG = alt.Config(
    font=FONT,
    background="white",
    padding=6,
    title=alt.TitleConfig(
        fontSize=14,
        fontWeight="bold",
        color=INK,
        subtitleFontSize=10.5,
        subtitleColor=GREY,
        offset=10,
        subtitlePadding=5,
    ),
    axis=alt.AxisConfig(
        labelFontSize=11,
        titleFontSize=11,
        titleFontWeight="normal",
        labelColor=INK,
        titleColor=GREY,
        gridColor=GRID,
        domainColor=FAINT,
        tickColor=FAINT,
        labelPadding=4,
    ),
    axisXQuantitative=alt.AxisConfig(tickCount=6),  # a wide chart would else have twenty
    legend=alt.LegendConfig(
        labelFontSize=11,
        labelColor=INK,
        labelLimit=260,
        symbolSize=70,
        orient="bottom",
        title=None,
        direction="horizontal",
        columnPadding=14,
    ),
    view=alt.ViewConfig(stroke=None),
)


class _Rows(alt.InlineData):
    """Rows that no copy of a chart copies: layering copies every layer four times, and nobody changes them."""

    # Any rows are valid, and looking at each takes longer than all else about a chart.
    _class_is_valid_at_instantiation = False

    def __deepcopy__(self, memo: object) -> _Rows:
        return self


def inline(rows: Rows, *, name: str = "") -> alt.InlineData:
    """Rows as data written into the chart itself; `as_rows` gives none that bear a name."""
    values = _visible(rows)
    return _Rows(values=values, name=name) if name else _Rows(values=values)


def stamp(day: date | str) -> str:
    """A date for the chart language: local midnight both when read and when drawn, whatever the time zone."""
    return f"{day}{MIDNIGHT}"


def source_line(as_of: date, sources: Iterable[str], *, key: str = "") -> list[str]:
    """The subtitle that every chart carries: the day it stands for, where its numbers are from, how to read it."""
    named = [shorten(name, 110, placeholder=" …") for name in dict.fromkeys(sources)]
    more = f" and {len(named) - MOST_SOURCES} more" if len(named) > MOST_SOURCES else ""
    text = f"As of {day_in_words(as_of)}."
    if named:
        text += f" Source: {'; '.join(named[:MOST_SOURCES])}{more}."
    return [*wrap(text, LINE), *wrap(key, LINE)]


def cut(text: str, most: int) -> str:
    """A text of so many characters at most, with an ellipsis where it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def names_of(ids: Iterable[str], titles: Mapping[str, str] | None) -> list[str]:
    """Titles for source ids, in order of appearance; an id without a title stands for itself."""
    return [(titles or {}).get(name, name) for name in dict.fromkeys(ids)]


def dressed(
    layers: Sequence[alt.Chart], *, title: str, subtitle: list[str], description: str
) -> alt.LayerChart:
    """Layers as one chart with its title, its "as of" and source line, its alt text and the house style."""
    # In one call: each `configure_...` of a finished chart would copy every layer anew.
    return alt.LayerChart(
        layer=list(layers),
        width=WIDTH,
        height=HEIGHT,
        description=description,
        title=alt.TitleParams(
            text=shorten(title, 90, placeholder=" …"), subtitle=subtitle, anchor="start", frame="bounds"
        ),
        config=CONFIG,
    )


def alt_text(chart: alt.LayerChart) -> str:
    """The chart in words, as its description carries it."""
    return "" if chart.description is alt.Undefined else str(chart.description)


def as_spec(chart: alt.LayerChart) -> dict[str, Any]:
    """The chart as a Vega-Lite specification with its data inside."""
    # Every part was validated when it was made; validating the whole again takes most of a page's time.
    spec: dict[str, Any] = _visible(chart.to_dict(validate=False))
    return spec


def in_the_dark(spec: Any) -> Any:
    """A specification in the colours for a dark page; what is not one of the house's colours stays."""
    if isinstance(spec, str):
        return DARK.get(spec, spec)
    if isinstance(spec, dict):
        return {name: in_the_dark(value) for name, value in spec.items()}
    return [in_the_dark(value) for value in spec] if isinstance(spec, list) else spec


def as_rows(chart: alt.LayerChart) -> Rows:
    """What the chart draws as rows of a table; where it draws several tables, `part` tells them apart."""
    tables = as_spec(chart).get("datasets", {}).values()
    return [
        ({"part": part} if len(tables) > 1 else {}) | {name: _day(value) for name, value in row.items()}
        for part, rows in enumerate(tables, start=1)
        for row in rows
    ]


def _day(value: Any) -> Any:
    """A day as a day: `stamp` made a moment of it for the chart language."""
    return value.removesuffix(MIDNIGHT) if isinstance(value, str) else value


def as_vega(chart: alt.LayerChart) -> dict[str, Any]:
    """The chart as the Vega specification that it compiles to, for whoever draws it with Vega alone."""
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(as_spec(chart))
    return compiled


def drawn(vega: dict[str, Any]) -> str:
    """A Vega specification as SVG text; data are inline and no address may be loaded. The same gives the same text."""
    return _own_ids(str(vl_convert.vega_to_svg(vega, allowed_base_urls=[])))


def as_svg(chart: alt.LayerChart) -> str:
    """The chart as SVG text, as `drawn` draws it."""
    return drawn(as_vega(chart))


def _visible(part: Any) -> Any:
    """The same values with no control character in any text: the converter ends the whole process at one."""
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, dict):
        return {name: _visible(value) for name, value in part.items()}
    return [_visible(value) for value in part] if isinstance(part, list) else part


def _own_ids(svg: str) -> str:
    """The SVG with its clip paths numbered from its own beginning and named after its content.

    The converter counts them over the life of the process, so that the second chart drawn would differ
    from the same chart drawn first; and two charts on one page must not share a name.
    """
    order = list(dict.fromkeys(CLIP.findall(svg)))
    bare = CLIP.sub(lambda found: f"clip{order.index(found[1])}", svg)
    mark = sha256(bare.encode()).hexdigest()[:8]
    return CLIP.sub(lambda found: f"clip{order.index(found[1])}-{mark}", svg)


def as_png(chart: alt.LayerChart, *, ppi: int = 200) -> bytes:
    """The chart as PNG bytes at `ppi` pixels per inch."""
    return bytes(vl_convert.vegalite_to_png(as_spec(chart), ppi=ppi, allowed_base_urls=[]))
