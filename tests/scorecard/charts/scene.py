"""What a chart draws at a width, mark by mark, as its specification makes it; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

import vl_convert

from scorecard.charts.layout.labels import SLACK, text_width
from scorecard.charts.style import HEIGHT
from tests.colours import contrast, lightness, over

WIDTHS = (
    158,
    190,
    249,
    290,
    431,
    545,
    640,
    719,
    860,
    1010,
    1130,
    1320,
)  # of plots: a phone's, print's, a desk's
STANDS_OUT, READ = 3.0, 4.5  # WCAG 2.2, for what is drawn and for text
APART = 9.0  # of CIE L*, between what only its colour tells apart


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the plot's upper left, and what is in it."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share some area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def marks(spec: Mapping[str, Any], width: float | None = None) -> list[dict[str, Any]]:
    """Every mark of the plot with its kind, at a width of the plot in pixels; axes, legends and titles are no marks."""
    sized = {**spec, **({"width": width} if width else {}), "height": spec.get("height", HEIGHT)}
    scene = vl_convert.vegalite_to_scenegraph(sized, allowed_base_urls=[])["scenegraph"]
    return list(_walk(scene))


def _walk(group: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in group["items"]:
        for mark in item.get("items", ()):
            if mark.get("role") in ("mark", "scope") and mark["marktype"] != "group":
                for one in mark["items"]:
                    yield {"kind": mark["marktype"], "layer": mark.get("name", ""), **one}
            elif mark["marktype"] == "group" and mark.get("role") in ("frame", "scope", "mark"):
                yield from _walk(mark)


def text_box(item: Mapping[str, Any]) -> Box:
    """Where a text stands, by the true widths of its letters."""
    size = float(item.get("fontSize", 11))
    long = text_width(item["text"], size) / SLACK
    x, y = item.get("x", 0) + item.get("dx", 0), item.get("y", 0) + item.get("dy", 0)
    left = x - {"left": 0, "right": long, "center": long / 2}[item.get("align", "center")]
    top = (
        y
        - {"middle": 0.5, "top": 0, "bottom": 1, "alphabetic": 0.8}[item.get("baseline", "alphabetic")] * size
    )
    return Box(left, top, left + long, top + size, item["text"])


def symbol_box(item: Mapping[str, Any]) -> Box:
    """What a point covers; a triangle less than the square around it."""
    half = sqrt(item.get("size", 64)) / 2
    x, y = item.get("x", 0), item.get("y", 0)
    return Box(x - half, y - half, x + half, y + half, f"point at {x:.0f}, {y:.0f}")


def collisions(drawn: list[dict[str, Any]], width: float) -> list[str]:
    """Every text over another text or a point, or beyond the plot's sides, where a screen would cut it."""
    texts = [text_box(item) for item in drawn if item["kind"] == "text" and item.get("text")]
    points = [symbol_box(item) for item in drawn if item["kind"] == "symbol"]
    found = [f"{a.what!r} over {b.what!r}" for a, b in combinations(texts, 2) if a.meets(b)]
    found += [f"{text.what!r} over a {point.what}" for text in texts for point in points if text.meets(point)]
    return found + [
        f"{text.what!r} beyond the plot" for text in texts if text.left < -1 or text.right > width + 1
    ]


def too_faint(drawn: list[dict[str, Any]], page: str) -> list[str]:
    """Marks that neither their fill nor an edge tells from the page, and text that is hard to read on it."""
    lines = {item["stroke"] for item in drawn if item["kind"] == "line" and item.get("stroke")}
    found = set()
    for item in drawn:
        whole = item.get("opacity", 1)
        if whole == 0:
            continue  # a strip that only answers to the pointer
        inside, edge = item.get("fill"), item.get("stroke")
        seen = [
            contrast(over(colour, page, whole * item.get(f"{part}Opacity", 1)), page)
            for part, colour in (("fill", inside), ("stroke", edge))
            if colour and colour != "transparent"
        ]
        if item["kind"] == "area" and inside in lines:
            continue  # its edge is drawn by lines of its colour
        if max(seen, default=21) < (READ if item["kind"] == "text" else STANDS_OUT):
            found.add(f"{item['kind']} {inside} {edge} in {item['layer']}: {max(seen):.1f}")
    return sorted(found)


def alike_in_grey(drawn: list[dict[str, Any]], page: str) -> list[str]:
    """Marks of one layer and form that only a hue tells apart, and a grey copy or a colour-blind reader does not."""
    looks: dict[tuple[str, ...], set[str]] = {}
    shaped = {
        item.get("fill") for item in drawn if item["kind"] == "symbol"
    }  # the points on a line name it by shape
    for item in drawn:
        if item["kind"] in ("line", "rule") and item.get("stroke") in shaped:
            continue
        if item["kind"] in ("symbol", "line", "rule", "rect"):
            colour = item.get("fill") if item["kind"] in ("symbol", "rect") else item.get("stroke")
            form = (item["kind"], item["layer"], str(item.get("shape")), str(item.get("strokeDash")))
            looks.setdefault(form, set()).add(page if colour in (None, "transparent") else colour)
    return [
        f"{form[0]} in {form[1]}: {a} and {b}"
        for form, colours in looks.items()
        for a, b in combinations(sorted(colours), 2)
        if abs(lightness(a) - lightness(b)) < APART
    ]
