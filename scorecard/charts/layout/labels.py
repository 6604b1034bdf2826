"""Which names stand beside their marks, and where: none over another name or a mark, however wide the plot is drawn.

A chart is as wide as its place, so one arrangement would collide where there is less room. For each range of widths the
names are taken in order of rank, each tried on several sides of its mark, and left to the pointer where none is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import altair as alt
import numpy as np

from scorecard.charts.style import HEIGHT, INK, Rows, inline

SIZE = 10.5  # pixels of a name
# The widths of a plot, in pixels, at each of which names are arranged anew; below the first there are none.
WIDTHS = (190.0, 250.0, 330.0, 430.0, 560.0, 720.0, 940.0, 1250.0, 2500.0, inf)
ENDLESS = 1e6  # pixels, for the last of these ranges
AIR = 2.0  # pixels between a name and what is beside it
TRIED = (
    3  # names for each that there is room for: where more are dense, those of lower rank are not looked at
)
POINT = 5.5  # pixels from the middle of a point to its edge
# Widths of characters in thousandths of an em: Helvetica's, which Arial and Liberation Sans have too.
EMS: Mapping[int, str] = {
    222: "ijl'|",
    278: " !,./:;[]\\ftI",
    333: "()-r`",
    500: "cksvxyzJ",
    584: "+<=>~^",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
}
type Sizes = tuple[float, float]
EM = {letter: width for width, letters in EMS.items() for letter in letters}
USUAL_EM, WIDE_EM = 556, 1000  # of most letters and digits; of what is not Latin
SLACK = 1.06  # a reader's machine may have another sans-serif


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A place that something is drawn in, from (x, y) to (x2, y2) in shares of the plot from its upper left.

    `reach`: pixels to every side of it. A point has both corners in one place.
    """

    x: float
    y: float
    x2: float | None = None
    y2: float | None = None
    reach: float = POINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name for the mark at (x, y), in shares of the plot from its upper left; `row` is what places it on the axes.

    `over`: it may stand over or under the mark only, as on a line.
    """

    text: str
    x: float
    y: float
    row: Mapping[str, Any]
    reach: float = POINT
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of one kind, by rank; of several of the same text the first that has room stands.

    `apart`: how many pixels of the plot's width one name is due; `avoid`: what they cover only where no other place is.
    """

    names: Sequence[Name]
    apart: float = 110.0
    size: float = SIZE
    avoid: Sequence[Taken] = ()


def text_width(text: str, size: float = SIZE) -> float:
    """Pixels that a text takes at a font size in pixels, rather too many than too few."""
    ems = sum(EM.get(letter, USUAL_EM if ord(letter) < 0x250 else WIDE_EM) for letter in text)
    return SLACK * size * ems / 1000


def sides(name: Name, size: float) -> Iterator[tuple[float, float, str]]:
    """Where a name may stand: pixels right of and below its mark's middle, and how it is aligned there."""
    out = name.reach + AIR + 1
    off = name.reach + AIR + 0.6 * size
    if not name.over:
        yield from ((out, 0.0, "left"), (-out, 0.0, "right"))
    aside = max(0.4 * out, 4.0)
    for dy in (-off, off):
        yield from ((aside, dy, "left"), (-aside, dy, "right"), (0.0, dy, "center"))


class _Places:
    """What is taken, as arrays: two corners in shares, and pixels beyond each."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        rows = [
            (
                *(one.x, one.x if one.x2 is None else one.x2, one.y, one.y if one.y2 is None else one.y2),
                *(-one.reach, one.reach, -one.reach, one.reach),
            )
            for one in taken
        ]
        self.rows = np.array(rows, dtype=float).reshape(-1, 8)

    def add(self, name: Name, box: Any) -> None:
        self.rows = np.vstack([self.rows, (name.x, name.x, name.y, name.y, *box)])

    def hits(self, name: Name, boxes: Any, widths: Sizes, heights: Sizes) -> Any:
        """How many of them each box beside a mark meets at any of these widths and heights."""
        x, x2, y, y2, left, right, top, bottom = self.rows.T
        across = _meet(name.x, (x, x2), boxes[:, :2], (left, right), widths)
        return (across & _meet(name.y, (y, y2), boxes[:, 2:], (top, bottom), heights)).sum(axis=1)


def _meet(at: float, corners: Any, ours: Any, theirs: Any, sizes: Sizes) -> Any:
    """Whether stretches meet along one axis at any size between two: places move with it, texts do not."""
    low, high = sizes
    first, last = at - corners[0], at - corners[1]
    begins, ends = ours[:, :1], ours[:, 1:]
    return (np.maximum(first * low, first * high) > theirs[0] - ends - AIR) & (
        np.minimum(last * low, last * high) < theirs[1] - begins + AIR
    )


def arranged(*kinds: Names, taken: Sequence[Taken], heights: Sizes = (HEIGHT, HEIGHT)) -> list[Rows]:
    """Of each kind the names that have room: offsets in pixels, and the widths of the plot between which they hold.

    Kinds by rank too; no name covers what is `taken`. `heights` are the least and the greatest of the plot, in pixels.
    """
    found: list[Rows] = [[] for _ in kinds]
    stood: list[dict[str, dict[str, Any]]] = [{} for _ in kinds]
    avoided = [_Places(kind.avoid) for kind in kinds]
    for low, high in pairwise(WIDTHS):
        widths, places = (low, min(high, ENDLESS)), _Places(taken)
        for kind, avoid, rows, last in zip(kinds, avoided, found, stood, strict=True):
            room, said = max(1, int(low / kind.apart)), set[str]()
            for name in kind.names[: TRIED * room]:
                if len(said) == room:
                    break
                free = None if name.text in said else _free(name, places, avoid, widths, heights, kind.size)
                if free is None:
                    continue
                (dx, dy, align), box = free
                places.add(name, box)
                said.add(name.text)
                row = {**name.row, "label": name.text, "dx": dx, "dy": dy, "align": align}
                same = last.get(name.text)
                if same and same["to"] == low and row.items() <= same.items():
                    same["to"] = widths[1]  # it stays where it is as the plot grows
                else:
                    last[name.text] = row | {"from": low, "to": widths[1]}
                    rows.append(last[name.text])
    return found


def _free(
    name: Name, places: _Places, shunned: _Places, widths: Sizes, heights: Sizes, size: float
) -> tuple[tuple[float, float, str], Any] | None:
    """The side of its mark on which a name meets nothing that is taken, and least of what is better avoided."""
    long, tried = text_width(name.text, size), list(sides(name, size))
    lefts = [dx - {"left": 0.0, "right": long, "center": long / 2}[align] for dx, _, align in tried]
    boxes = np.array(
        [
            (left, left + long, dy - 0.6 * size, dy + 0.6 * size)
            for left, (_, dy, _) in zip(lefts, tried, strict=True)
        ]
    )
    fits = _within(name.x, boxes[:, :2], widths) & _within(name.y, boxes[:, 2:], heights)
    if not fits.any():
        return None
    fits &= places.hits(name, boxes, widths, heights) == 0
    if not fits.any():
        return None
    cost = np.where(fits, shunned.hits(name, boxes, widths, heights), np.iinfo(int).max)
    best = int(cost.argmin())  # the first of several
    dx, dy, align = tried[best]
    return (round(dx, 1), round(dy, 1), align), boxes[best]


def _within(at: float, boxes: Any, sizes: Sizes) -> Any:
    inside = [(at * one + boxes[:, 0] >= 0) & (at * one + boxes[:, 1] <= one) for one in sizes]
    return inside[0] & inside[1]


def name_layer(
    rows: Rows, x: alt.X, y: alt.Y, *, called: str, span: float = 0.0, size: float = SIZE, color: str = INK
) -> alt.Chart:
    """Arranged names as a layer; `called` tells it from others of the chart.

    `span` is the milliseconds of a time axis: a reader who draws it out gives names the room of a wider plot.
    """
    wide = f"width * {span:.0f} / (domain('x')[1] - domain('x')[0])" if span else "width"
    layer: alt.Chart = (
        alt.Chart(inline(rows, name=called))
        .transform_filter(f"datum.from <= {wide} && {wide} < datum.to")
        .mark_text(
            align=alt.ExprRef("datum.align"),
            baseline="middle",
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            fontSize=size,
            color=color,
            clip=bool(span),
            aria=False,
        )
        .encode(x=x, y=y, text=alt.Text("label:N"))
    )
    return layer


def room_beside(ends: Sequence[float], texts: Sequence[str], size: float = 11.0) -> alt.Scale:
    """A scale from zero for bars with a text beyond each end, so wide that the plot holds the texts at any width."""
    furthest, longest = max(ends, default=0.0), max((text_width(one, size) for one in texts), default=0.0)
    room = f"max(0.35, 1 - {longest + 10:.0f} / width)"
    return alt.Scale(domainMin=0, domainMax=alt.ExprRef(f"{furthest or 1.0!r} / {room}"), nice=False)
