"""A deck of slides: the parts that every slide is made of, in a template that the user may replace."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from scorecard.briefings.layout.glyphs import REORDERING, drawable
from scorecard.store import StoreError
from scorecard.words import visible

TEMPLATE = "SCORECARD_SLIDES"  # names a .pptx of one's own: its first master, theme and layouts are used
LAYOUT = "Title Only"
INK, GREY, DEEP, BAND = (
    RGBColor(0x1A, 0x24, 0x33),
    RGBColor(0x52, 0x5C, 0x68),
    RGBColor(0x1F, 0x4E, 0x79),
    RGBColor(0x93, 0xB1, 0xCF),
)
MARGIN = Inches(0.5)
TITLE = 95  # characters of a slide's title; the notes have all of it
ONE_LINE = 48  # characters of a title that fit on its line in the template's own size
SMALLER = 20  # points of a longer title, of which the space for titles holds two lines
PER_EM = 2.0  # characters to the width of a letter's height, in a sans serif


def shown(text: str, most: int = 0) -> str:
    """Text as a slide can hold it, cut to `most` characters where that is given."""
    text = drawable(visible(text), REORDERING)  # marks that reorder text are shown, not obeyed
    if most and len(text) > most:
        text = text[: most - 2].rstrip() + " …"
    return text


class Deck:
    """Slides under way; every one gets a title, a foot with day and content, and notes."""

    def __init__(self, *, title: str, foot: str, comments: str, made: datetime) -> None:
        self.deck = _opened()
        self.foot = foot
        self.made = made
        properties = self.deck.core_properties
        properties.title, properties.subject, properties.comments = title, foot, comments
        properties.author = properties.last_modified_by = "Preparedness scorecard"
        properties.created = properties.modified = made
        properties.revision = 1
        self.layout = next((one for one in self.deck.slide_layouts if one.name == LAYOUT), None)
        if self.layout is None:
            names = ", ".join(one.name for one in self.deck.slide_layouts)
            raise StoreError(f"the template of {TEMPLATE} needs a layout named {LAYOUT!r}; it has: {names}")
        self.width = int(self.deck.slide_width)
        self.height = int(self.deck.slide_height)

    def slide(self, title: str, notes: Sequence[str]) -> Any:
        """A new slide with its foot; `notes` are the lines of its speaker notes."""
        slide = self.deck.slides.add_slide(self.layout)
        slide.shapes.title.text = shown(title, TITLE)
        if len(title) > ONE_LINE:
            slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(SMALLER)
        foot = self._box(slide, MARGIN, self.height - Inches(0.45), self.width - 2 * MARGIN, Inches(0.3))
        foot.text = f"{self.foot} · {len(self.deck.slides)}"
        foot.paragraphs[0].font.size, foot.paragraphs[0].font.color.rgb = Pt(10), GREY
        cut = [f"Title in full: {title}"] if len(title) > TITLE else []
        slide.notes_slide.notes_text_frame.text = shown("\n".join([*cut, *notes]))
        return slide

    @property
    def count(self) -> int:
        """How many slides there are."""
        return len(self.deck.slides)

    def top(self, slide: Any) -> int:
        """Where the space under the title begins."""
        title = slide.shapes.title
        return int(title.top + title.height + Inches(0.1))

    def fitting(self, items: Sequence[tuple[str, str]], size: float) -> int:
        """How many of these paragraphs a slide has room for in a type size in points: one at least."""
        letters = (self.width - 2 * MARGIN) / Pt(size) * PER_EM
        room = (self.height - Inches(1.15) - Inches(0.6)) / Pt(
            size
        )  # in lines; a paragraph leaves half a line
        for count, (text, keys) in enumerate(items):
            room -= 1.2 * math.ceil((len(text) + 0.65 * len(keys) + 4) / letters) + 0.5
            if room < 0:
                return max(count, 1)
        return len(items)

    def _box(self, slide: Any, left: int, top: int, width: int, height: int) -> Any:
        frame = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height)).text_frame
        frame.word_wrap = True
        return frame

    def bullets(
        self,
        slide: Any,
        items: Sequence[tuple[str, str]],
        *,
        size: float = 16,
        left: int = MARGIN,
        top: int | None = None,
        width: int | None = None,
    ) -> None:
        """Paragraphs of text, each with its keys in small print after it."""
        top = self.top(slide) if top is None else top
        height = self.height - top - Inches(0.6)
        frame = self._box(slide, left, top, width or self.width - 2 * MARGIN, height)
        for i, (text, keys) in enumerate(items):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size / 2)
            run = paragraph.add_run()
            run.text, run.font.size, run.font.color.rgb = f"• {text}", Pt(size), INK
            if keys:
                small = paragraph.add_run()
                small.text, small.font.size, small.font.color.rgb = f"  [{keys}]", Pt(size * 0.65), GREY

    def table(
        self,
        slide: Any,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        size: float = 12,
        top: int | None = None,
        left: int = MARGIN,
        width: int | None = None,
        words: str = "",
    ) -> None:
        """A native table; `widths` are shares, `words` its alternative text."""
        width = width or self.width - 2 * MARGIN
        shape = slide.shapes.add_table(
            len(rows) + 1,
            len(head),
            Emu(left),
            Emu(self.top(slide) if top is None else top),
            Emu(width),
            Inches(0.3 * (len(rows) + 1)),
        )
        _described(shape, words)
        for column, share in zip(shape.table.columns, widths, strict=True):
            column.width = Emu(int(width * share / sum(widths)))
        for r, row in enumerate((head, *rows)):
            for c, text in enumerate(row):
                cell = shape.table.cell(r, c)
                cell.text = text
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.margin_top = cell.margin_bottom = Pt(2)
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = Pt(size)
                    paragraph.font.bold = r == 0

    def chart(
        self,
        slide: Any,
        kind: XL_CHART_TYPE,
        categories: Sequence[Any],
        series: Mapping[str, Sequence[float]],
        *,
        number: str,
        left: int = MARGIN,
        top: int | None = None,
        width: int | None = None,
        height: int | None = None,
        words: str,
    ) -> Chart:
        """A native chart with its own small workbook, so that it can be edited; `words` its alternative text."""
        top = self.top(slide) if top is None else top
        data = CategoryChartData(number_format=number)
        data.categories = categories
        for name, values in series.items():
            data.add_series(name, values)
        shape = slide.shapes.add_chart(
            kind,
            Emu(left),
            Emu(top),
            Emu(width or self.width - 2 * MARGIN),
            Emu(height or self.height - top - Inches(0.6)),
            data,
        )
        _described(shape, words)
        # The library's own workbook carries the clock and would run a label as a formula.
        shape.chart.part.chart_workbook.update_from_xlsx_blob(
            _workbook(categories, series, number, self.made)
        )
        shape.chart.font.size = Pt(12)
        return shape.chart

    def done(self) -> bytes:
        """The deck as a file."""
        out = io.BytesIO()
        self.deck.save(out)
        return out.getvalue()


def _opened() -> Any:
    """The user's template without its slides, or a plain one in 16:9."""
    given = os.environ.get(TEMPLATE)
    if given:
        if not Path(given).is_file():
            raise StoreError(f"there is no file {given!r}, which {TEMPLATE} names as the template of slides")
        deck = Presentation(given)
        for entry in list(deck.slides._sldIdLst):
            deck.part.drop_rel(entry.rId)
            deck.slides._sldIdLst.remove(entry)
        return deck
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for layout in [one for one in deck.slide_layouts if one.name != LAYOUT]:
        deck.slide_layouts.remove(layout)
    master = deck.slide_master
    for owner in (master, deck.slide_layouts[0]):
        for shape in list(owner.placeholders):
            if shape.placeholder_format.type.name != "TITLE":
                shape.element.getparent().remove(shape.element)
    title = next(iter(master.placeholders))
    title.left, title.top, title.width, title.height = MARGIN, Inches(0.3), Inches(12.333), Inches(0.75)
    style = master.element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    style.find("{*}defRPr").set("sz", "2600")
    style.find("{*}defRPr").set("b", "1")
    return deck


def _described(shape: Any, words: str) -> None:
    shape._element.nvGraphicFramePr.cNvPr.set("descr", shown(words, 1000))


def _workbook(
    categories: Sequence[Any], series: Mapping[str, Sequence[float]], number: str, made: datetime
) -> bytes:
    """The numbers behind a chart, where its references look for them: labels in column A, a series a column."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": made})
    sheet = book.add_worksheet("Sheet1")
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, label in enumerate(categories, start=1):
        if isinstance(label, str):
            sheet.write_string(row, 0, label)
        else:
            sheet.write_datetime(row, 0, label, days)
    style = book.add_format({"num_format": number})
    for column, (name, values) in enumerate(series.items(), start=1):
        sheet.write_string(0, column, name)
        sheet.write_column(1, column, values, style)
    book.close()
    return out.getvalue()


def every_label(chart: Chart) -> None:
    """Show the label of every category, however close they are."""
    axis = chart.category_axis._element
    axis.find(qn("c:noMultiLvlLbl")).addprevious(_element("c:tickLblSkip", val="1"))


def by_year(chart: Chart, years: int) -> None:
    """Label an axis of dates that spans so many years once a year or, where that is too often, every few years."""
    axis = chart.category_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "mmm yyyy", False
    for tag in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for found in axis._element.findall(qn(tag)):
            axis._element.remove(found)
    units = {"c:baseTimeUnit": "days", "c:majorUnit": str(1 + years // 8), "c:majorTimeUnit": "years"}
    for tag, value in units.items():
        axis._element.append(_element(tag, val=value))


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(name, value)
    return made
