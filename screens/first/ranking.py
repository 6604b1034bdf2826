"""The sorted picture: a row a threshold with its chance, its change, its date and interval; the name opens it.

Drawn as text and boxes instead of a chart, so that a row is a link, is read out, follows the width down to a phone, and
takes the theme's colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from scorecard.clock import plus_months
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import chance_in_words, month_in_words, points_in_words
from screens.board import interval, median, query_of, whole_name
from screens.first.headline import forecast_of, measured
from screens.frame.page import Frame
from screens.frame.text import Element, element, escaped
from screens.frame.tokens import step_of

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

STYLE = Path(__file__).with_suffix(".css")
MOST_AHEAD = timedelta(
    days=10 * 365
)  # a longer axis would hide the near years; what lies beyond runs to its edge
LEAST_AHEAD = timedelta(days=4 * 365)
NAME_WIDTH = 300  # pixels; the longest name fits in one line
MOST_LABELLED = 97  # per cent of the axis: a year further right would be cut
LEAST_WIDTH = 0.4  # per cent of the axis: a shorter interval would not be seen
HEADS = (
    "Chance within 12 months",
    "since {since}",
    "even odds by",
    "80 % interval, dot at even odds",
)


@dataclass(frozen=True, slots=True)
class Axis:
    """The time axis that all rows share, from the as-of day on."""

    begin: date
    end: date

    @classmethod
    def of(cls, rows: Sequence[ScorecardRow], as_of: date) -> Axis:
        """Up to the latest end of an interval on it, between four and ten years."""
        ends = [f.q90 for f in map(forecast_of, rows) if f.q90]
        latest = max(ends, default=as_of + LEAST_AHEAD)
        return cls(as_of, max(as_of + LEAST_AHEAD, min(latest, as_of + MOST_AHEAD)))

    def at(self, day: date | None) -> float:
        """Where a day stands, in per cent of the axis; the past at its begin, later days and none at its end."""
        if day is None:
            return 100.0
        return min(max(100 * (day - self.begin) / (self.end - self.begin), 0.0), 100.0)

    @property
    def years(self) -> list[date]:
        """The first days of the years on it."""
        return [date(year, 1, 1) for year in range(self.begin.year + 1, self.end.year + 1)]


def draw(
    frame: Frame, rows: Sequence[ScorecardRow], moved: Mapping[str, tuple[float, float]], since: date
) -> None:
    """The rows that can be measured, the most probable first, with heads on top and the lines' names below."""
    shown = measured(rows)
    if not shown:
        return
    axis = Axis.of(shown, frame.as_of)
    st.html(STYLE)
    with st.container(key="ranking", gap=None):
        with _line("ranking-head"):
            st.html(element("div", "Threshold", cls="rank-name"), width=NAME_WIDTH)
            st.html(element("div", *_head(axis, since), cls="rank"), width="stretch")
        for row in shown:
            with _line(f"rank-{row.threshold.id}"):
                st.page_link(
                    "pages/threshold.py",
                    label=escaped(whole_name(row)),
                    query_params=query_of(frame, row),
                    width=NAME_WIDTH,
                )
                cells = _cells(row, axis, moved.get(row.threshold.id))
                st.html(element("div", *cells, cls="rank"), width="stretch")
        with _line("ranking-foot"):
            st.html(element("div", "", cls="rank-name"), width=NAME_WIDTH)
            st.html(element("div", *_foot(axis), cls="rank"), width="stretch")


def _line(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, gap=None, vertical_alignment="center", key=key)


def _at(name: str, left: float, width: float | None = None, colour: str = "") -> Element:
    """A mark on a bar, in per cent of its width."""
    style = f"left:{left:.2f}%"
    style += f";width:{width:.2f}%" if width is not None else ""
    style += f";background:var(--{colour})" if colour else ""
    return element("i", cls=name, style=style)


def _named(text: str, left: float) -> Element:
    return element("span", text, style=f"left:{left:.2f}%")


def _head(axis: Axis, since: date) -> list[Element]:
    chance, change, odds, interval = (head.format(since=month_in_words(since)) for head in HEADS)
    scale = [_named("0", 0), _named("50 %", 50), _named("100 %", 100)]
    years = [_named(str(year.year), axis.at(year)) for year in axis.years if axis.at(year) < MOST_LABELLED]
    return [
        element("div", chance, element("div", *scale, cls="rank-scale")),
        element("div"),
        element("div", change, cls="rank-right"),
        element("div", odds, cls="rank-right"),
        element("div", interval, element("div", *years, cls="rank-scale")),
    ]


def _foot(axis: Axis) -> list[Element]:
    lines = [_named("today", 0), _named("in 12 months", axis.at(plus_months(axis.begin, 12)))]
    return [*(element("div") for _ in range(4)), element("div", *lines, cls="rank-scale rank-foot")]


def _cells(row: ScorecardRow, axis: Axis, moved: tuple[float, float] | None) -> list[Element]:
    f = forecast_of(row)
    p = f.p_12_months or 0
    colour = step_of(p)
    change = points_in_words(moved[1] - moved[0]) if moved else ""
    low, width = axis.at(f.q10), max(axis.at(f.q90) - axis.at(f.q10), LEAST_WIDTH)
    odds = median(f) if f.q50 and f.q50 > f.as_of else median(f).lower()
    marks = [_at("rank-year", axis.at(day)) for day in axis.years]
    marks += [
        _at("rank-year-on", axis.at(plus_months(axis.begin, 12))),
        _at("rank-interval", low, width, colour),
    ]
    if f.q50 and f.q50 <= axis.end:
        marks.append(_at("rank-dot", axis.at(f.q50)))
    label = {"role": "img", "aria_label": f"80 % interval of the date: {interval(f)}"}
    return [
        element("div", _at("", 0, 100 * p, colour), element("b"), cls="rank-track", aria_hidden="true"),
        element("div", chance_in_words(p), cls="rank-p"),
        element("div", change, cls="rank-right rank-change"),
        element("div", element("span", "even odds ", cls="rank-label"), odds, cls="rank-right"),
        element("div", *marks, element("span", interval(f), cls="rank-label"), cls="rank-span", **label),
    ]


def note(rows: Sequence[ScorecardRow]) -> str:
    """How to read the picture, and under which assumptions it stands."""
    shown = measured(rows)
    sets = ", ".join(sorted({forecast_of(row).run.prior_set for row in shown}))
    return (
        "A longer and darker bar (in the dark theme brighter) is likelier. Even odds: as likely before this date as "
        f'after. {len(shown)} forecasts under the assumptions "{sets}".'
    )
