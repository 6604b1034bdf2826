"""PPTX: slides for the meeting, with tables and charts that can be edited and the sources in the speaker notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import batched
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
from pptx.util import Inches, Pt

from scorecard.briefings.content.briefing import Briefing, Drawing, Line, Reference, Said
from scorecard.briefings.content.verdict import counted, nearest_first, still_ahead
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.parts import (
    field_keys,
    labelled,
    line_keys,
    ranges,
    reference_in_words,
    sections,
    subtitle,
)
from scorecard.briefings.layout.slides import BAND, DEEP, MARGIN, Deck, by_year, every_label, shown
from scorecard.briefings.layout.zips import timeless
from scorecard.words import day_in_words

ROWS = 9  # of a table on a slide
SOURCES = 13  # of the list of sources on a slide
BARS = 14  # of the chart of all thresholds
NAME, SENTENCE, CELL = 60, 420, 110  # characters; what is cut stands in full in the notes
AXIS_YEARS = 10
CLAUSE = re.compile(r": |\. |; |, so ")  # ends what a title can say of a sentence
BOARD, NEAREST = 12, 3  # slides of a board's deck, and of single thresholds among them


def render(briefing: Briefing) -> bytes:
    """The briefing as slides; what does not fit on a slide stands in its notes, with the sources in full."""
    deck = Deck(
        title=briefing.title,
        foot=f"{briefing.title} · {subtitle(briefing)}",
        comments=briefing.hash,
        made=datetime.combine(briefing.as_of, time()),
    )
    known = {reference.key: reference for reference in briefing.references}
    title = f"{briefing.title}: where things stand on {day_in_words(briefing.as_of)}"
    if briefing.audience == "board":
        _board(deck, briefing, known)
        return timeless(deck.done())
    _sentences(deck, title, labelled(briefing), known, size=18)
    _scorecard(deck, briefing.lines, known)
    _overview(deck, briefing, known)
    for heading, said in sections(briefing):
        _sentences(deck, heading, said, known)
    drawn = {drawing.name: drawing for drawing in briefing.drawings}
    for line in briefing.lines:
        _threshold(deck, line, drawn.get(f"crossing {line.threshold}"), known)
    _duties(deck, briefing, known)
    if briefing.withheld:
        items = tuple(Said(f"{w.what}: {w.count}, because {w.reason}") for w in briefing.withheld)
        _sentences(deck, "What is withheld from this audience", items, known)
    _sources(deck, briefing)
    return timeless(deck.done())


def _board(deck: Deck, briefing: Briefing, known: dict[str, Reference]) -> None:
    """At most BOARD slides, each titled with what it says; what does not fit stands in notes and annex."""
    drawn = {drawing.name: drawing for drawing in briefing.drawings}
    near = nearest_first(line for line in briefing.lines if line.q50)
    first = still_ahead(near) if near else None
    title = f"{first.name} is nearest{_within(first)}" if first else "No forecast is held"
    _sentences(deck, title, labelled(briefing), known, size=16, most=1)
    within = [line.p_12_months.value for line in near if line.p_12_months]
    high = [chance for chance in within if isinstance(chance, float) and chance > 0.5]
    many = "stands" if len(near) == 1 else "stand"
    stand = f"{len(high)} of {counted(len(near), 'forecast')} {many} above 50 % within 12 months"
    _scorecard(deck, near[:ROWS], known, stand)
    if first and first.q50:
        ahead = f"Next median: {first.q50.text}. Bars from the 10 % to the 90 % date, two tones meet at it"
        _overview(deck, replace(briefing, lines=tuple(near[:BARS])), known, ahead)
    for line in near[:NEAREST]:
        _threshold(deck, line, drawn.get(f"crossing {line.threshold}"), known, f"{line.name}{_within(line)}")
    for heading, sentences in sections(briefing):
        if deck.count < BOARD and heading not in ("Commentary", "How this was worked out"):
            _sentences(deck, _message(heading, sentences), sentences, known, most=1)


def _within(line: Line) -> str:
    return f": {line.p_12_months.text} within 12 months" if line.p_12_months else ""


def _message(heading: str, said: Sequence[Said]) -> str:
    """What a slide of sentences says, for its title."""
    first, count = said[0].text, len(said)
    clause = CLAUSE.split(first, maxsplit=1)[0]
    if heading.startswith("What changed"):
        return f"{counted(count, 'threshold')} changed {heading.removeprefix('What changed ')}"
    if heading == "Decisions sought":
        return f"{counted(count, 'decision')} {'is' if count == 1 else 'are'} sought"
    if heading == "Largest uncertainties":
        return f"What the median depends on most: {clause[:1].lower()}{clause[1:]}"
    if heading == "How such forecasts have done":
        return first.partition(": ")[2].partition(", ")[0] or heading
    if heading == "Lead time against safeguards":
        return clause
    return f"{count} {heading.lower()}" if count > 1 else heading


def _noted(keys: Sequence[str], known: dict[str, Reference]) -> list[str]:
    """The sources behind a slide, each in full, for its notes."""
    listed = [reference_in_words(known[key]) for key in dict.fromkeys(keys)]
    return ["Sources of this slide:", *listed] if listed else []


def _sentences(
    deck: Deck,
    title: str,
    said: Sequence[Said],
    known: dict[str, Reference],
    *,
    size: float = 16,
    most: int = 99,
) -> None:
    """Sentences by slide, as many as one has room for."""
    rest, name = list(said), title
    for _ in range(most):
        if not rest:
            return
        items = [(shown(one.text, SENTENCE), ranges(one.refs)) for one in rest]
        count = deck.fitting(items, size)
        page, rest = rest[:count], rest[count:]
        full = [one.text for one in page if len(one.text) > SENTENCE]
        full += [one.text for one in rest] if most == 1 else []
        keys = [key for one in page for key in one.refs]
        slide = deck.slide(name, [*full, *_noted(keys, known)])
        deck.bullets(slide, items[:count], size=size)
        name = f"{title} (continued)"


def _scorecard(
    deck: Deck,
    lines: Sequence[Line],
    known: dict[str, Reference],
    title: str = "Each threshold, its status and its dates",
) -> None:
    head = ("Threshold", "Developer's word", "Already", "12 months", "Median", "80 % interval", "Sources")
    pages = list(batched(lines, ROWS))
    for i, page in enumerate(pages, start=1):
        count = f" ({i} of {len(pages)})" if len(pages) > 1 else ""
        full = [line.name for line in page if len(line.name) > NAME]
        notes = [*full, *(f"{line.name}: {line.unforecast}" for line in page if line.unforecast)]
        keys = [key for line in page for key in line_keys(line)]
        slide = deck.slide(f"{title}{count}", [*notes, *_noted(keys, known)])
        words = "; ".join(f"{line.name}: {line.status}" for line in page)
        deck.table(
            slide, head, [_row(line) for line in page], (3.4, 1.7, 0.9, 1.1, 1.1, 2.0, 1.4), words=words
        )


def _row(line: Line) -> tuple[str, ...]:
    interval = f"{line.q10.text} to {line.q90.text}" if line.q10 and line.q90 else ""
    median = line.q50.text if line.q50 else "no forecast"
    return (
        shown(line.name, NAME),
        line.status,
        line.p_now.text if line.p_now else "",
        line.p_12_months.text if line.p_12_months else "",
        median,
        interval,
        ranges(line_keys(line)[:4]),
    )


def _year(day: date | None, beyond: float) -> float:
    """A date as a decimal year, no later than `beyond`, which also stands for no date at all."""
    if day is None:
        return beyond
    start = date(day.year, 1, 1)
    share = (day - start).days / (date(day.year + 1, 1, 1) - start).days
    return round(min(day.year + share, beyond), 3)


def _overview(
    deck: Deck,
    briefing: Briefing,
    known: dict[str, Reference],
    title: str = "When crossed: from the 10 % to the 90 % date, tones meeting at the median",
) -> None:
    """Bars from the 10 % to the 90 % date, in two tones that meet at the median."""
    having = [line for line in briefing.lines if line.q10 and line.q50 and line.q90]
    for page in batched(having, BARS):
        beyond = float(briefing.as_of.year + AXIS_YEARS)
        spans = {line: [_year(_day(f), beyond) for f in (line.q10, line.q50, line.q90)] for line in page}
        said = [f"{line.name}: {_row(line)[4]}, {_row(line)[5]}" for line in page]
        keys = [key for line in page for key in (line.q50.refs if line.q50 else ())]
        clipped = f"Bars that reach {beyond:.0f} run on beyond it."
        slide = deck.slide(title, [clipped, *said, *_noted(keys, known)])
        chart = deck.chart(
            slide,
            XL_CHART_TYPE.BAR_STACKED,
            [shown(line.name, NAME) for line in page],
            {
                "begins (year)": [span[0] for span in spans.values()],
                "10 % date to the median (years)": [round(span[1] - span[0], 3) for span in spans.values()],
                "median to the 90 % date (years)": [round(span[2] - span[1], 3) for span in spans.values()],
            },
            number="0.0",
            words=" ".join(said),
        )
        _dress(chart)
        every_label(chart)
        chart.category_axis.tick_labels.font.size = Pt(10)
        hidden, early, late = chart.plots[0].series
        hidden.format.fill.background()
        for series, colour in ((early, DEEP), (late, BAND)):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour
        chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
        chart.category_axis.reverse_order = True  # the first threshold on top
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = float(briefing.as_of.year), beyond, 1
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # underneath, since the order is reversed


def _day(figure: Any) -> date | None:
    return figure.value if figure is not None and isinstance(figure.value, date) else None


def _dress(chart: Any) -> None:
    chart.has_title = chart.has_legend = False  # the slide says what is drawn
    chart.value_axis.major_gridlines.format.line.color.rgb = BAND
    chart.value_axis.format.line.fill.background()


def _threshold(
    deck: Deck, line: Line, drawing: Drawing | None, known: dict[str, Reference], title: str = ""
) -> None:
    """One threshold: what is known on the left, the chance by date on the right."""
    said = [
        Said(f"{line.framework}, version {line.version}. {line.paraphrase}", (line.source,)),
        Said(f"Developer's word: {line.status}. {line.reason.text}", line.reason.refs),
    ]
    if line.latest and line.latest_on:
        marks = f" Marks: {', '.join(mark.replace('_', ' ') for mark in line.marks)}." if line.marks else ""
        reading = f"{line.latest.text} ({line.latest_interval}), {line.latest_system}, {line.latest_on.text}"
        said.append(Said(f"Newest reading: {line.measured_by}, {reading}.{marks}", line.latest.refs))
    if line.q10 and line.q50 and line.q90 and line.p_beyond_horizon:
        interval = f"80 % interval {line.q10.text} to {line.q90.text}"
        beyond = f"{line.p_beyond_horizon.text} beyond the horizon"
        said.append(Said(f"Median {line.q50.text}; {interval}; {beyond}.", line.q50.refs))
    if line.unforecast:
        said.append(Said(f"No forecast. {line.unforecast}", line_keys(line)))
    if line.moved.text:
        said.append(Said(f"Changed: {line.moved.text}", line.moved.refs))
    full = [one.text for one in said if len(one.text) > SENTENCE]
    keys = [*line_keys(line), *(key for _, p in line.p_by for key in p.refs)]
    slide = deck.slide(title or line.name, [*full, *_noted(keys, known)])
    if drawing is None or not line.q50:
        deck.bullets(slide, [(shown(one.text, SENTENCE), ranges(one.refs)) for one in said])
        return
    half = int((deck.width - 2 * MARGIN) * 0.46)
    deck.bullets(
        slide, [(shown(one.text, SENTENCE // 2), ranges(one.refs)) for one in said], size=13, width=half
    )
    left, width = MARGIN + half + Inches(0.2), int((deck.width - 2 * MARGIN) * 0.52)
    asked = [
        ("already", line.p_now),
        ("by the next meeting", line.p_next_meeting),
        ("within 12 months", line.p_12_months),
        *line.p_by,
    ]
    rows = [(shown(by, CELL), p.text) for by, p in asked if p is not None]
    below = deck.top(slide) + Inches(2.7)
    deck.table(
        slide,
        ("By", "Chance that it has been crossed"),
        rows,
        (1.6, 1),
        size=10.5,
        top=below,
        left=left,
        width=width,
        words="; ".join(f"{by}: {told}" for by, told in rows),
    )
    chart = deck.chart(
        slide,
        XL_CHART_TYPE.AREA,
        [day for day, _ in drawing.curve],
        {"chance that it has been crossed": [round(p, 4) for _, p in drawing.curve]},
        number="0%",
        left=left,
        width=width,
        height=Inches(2.6),
        words=drawing.words,
    )
    _dress(chart)
    by_year(chart, drawing.curve[-1][0].year - drawing.curve[0][0].year)
    fill = chart.plots[0].series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = BAND
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
    chart.value_axis.major_unit = 0.25
    chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = (
        "0%",
        False,
    )
    chart.category_axis.tick_labels.font.size = Pt(10)


def _duties(deck: Deck, briefing: Briefing, known: dict[str, Reference]) -> None:
    """Every field that is asked for, duty after duty; the name of a duty stands at its first field on a slide."""
    asked = [(duty, item) for duty in briefing.duties for item in duty.items]
    pages = list(batched(asked, ROWS))
    for i, page in enumerate(pages, start=1):
        rows: list[tuple[str, ...]] = []
        for before, (duty, item) in zip((None, *(one for one, _ in page)), page, strict=False):
            name = "" if duty is before else f"{duty.name}, in force {day_in_words(duty.in_force_on)}"
            cells = (name, item.asks, item.answer, item.article)
            rows.append(tuple(shown(cell, CELL) for cell in cells))
        keys = [key for duty, item in page for key in field_keys(duty, item)]
        slide = deck.slide(f"Duties to report ({i} of {len(pages)})", _noted(keys, known))
        head = ("Duty", "Asks for", "How it stands", "Article")
        deck.table(slide, head, rows, (1.3, 1.8, 1.5, 1), size=11, words="Duties to report")


def _sources(deck: Deck, briefing: Briefing) -> None:
    pages = list(batched(briefing.references, SOURCES))
    for i, page in enumerate(pages, start=1):
        slide = deck.slide(f"Sources ({i} of {len(pages)})", [reference_in_words(r) for r in page])
        rows = [(r.key, shown(r.title, CELL), r.day.isoformat(), shown(r.where, CELL)) for r in page]
        deck.table(slide, ("Key", "Title", "Day", "Where"), rows, (0.5, 4, 1, 4), size=9, words="Sources")


EXPORTER = Exporter(
    name="pptx",
    title="Slides (PPTX)",
    suffix=".pptx",
    mime="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    place=3,
    render=render,
)
