"""The slides: native and editable, sources in the notes, the user's template, and other people's programs open them."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from scorecard.briefings import export
from scorecard.briefings.content.build import build
from scorecard.briefings.content.verdict import nearest_first, still_ahead
from scorecard.briefings.layout.parts import sections
from scorecard.store import Store, StoreError
from scorecard.words import visible
from tests.scorecard.briefings.conftest import AS_OF, HOSTILE, add_many

OFFICE = shutil.which("soffice")


def deck(store: Store) -> Any:
    return Presentation(io.BytesIO(export(store, "pptx", as_of=AS_OF).content))


def words(slide: Any) -> str:
    """Everything a slide says, its tables included."""
    said = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            said.append(shape.text_frame.text)
        if shape.has_table:
            said += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(said)


def test_the_first_slides_hold_the_verdict_and_every_threshold(forecast: Store) -> None:
    add_many(forecast, 11)
    slides = list(deck(forecast).slides)
    assert "12 thresholds in the frameworks of 1 developer" in words(slides[0])
    table = next(shape.table for shape in slides[1].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[1].cells][:5] == [
        "Lab: Self improvement, High",
        "not crossed",
        "10 %",
        "18 %",
        "Mar 2031",
    ]
    listed = words(slides[1]) + words(slides[2])
    assert all(f"Extra {i}" in listed for i in range(11))


def test_the_boards_titles_say_what_their_slides_show(forecast: Store) -> None:
    made = Presentation(io.BytesIO(export(forecast, "pptx", as_of=AS_OF, audience="board").content))
    titles = [slide.shapes.title.text for slide in made.slides]
    assert titles[:4] == [
        "Lab: Self improvement, High is nearest: 18 % within 12 months",
        "0 of 1 forecast stands above 50 % within 12 months",
        "Next median: Mar 2031. Bars from the 10 % to the 90 % date, two tones meet at it",
        "Lab: Self improvement, High: 18 % within 12 months",
    ]
    topics = {heading for heading, _ in sections(build(forecast, as_of=AS_OF, audience="board"))}
    assert topics >= {"Decisions sought", "Largest uncertainties"}
    assert not topics & set(titles)


def test_what_is_likelier_crossed_than_not_is_not_called_nearest(decided: Store) -> None:
    near = nearest_first(line for line in build(decided, as_of=AS_OF).lines if line.q50)
    assert near
    line = near[0]
    assert line.p_now is not None
    passed = replace(line, p_now=replace(line.p_now, value=0.94))
    assert still_ahead([passed, line]) is line
    assert still_ahead([passed]) is passed


def test_charts_are_native_and_carry_their_numbers(forecast: Store) -> None:
    charts = [shape.chart for slide in deck(forecast).slides for shape in slide.shapes if shape.has_chart]
    overview, curve = charts
    start, early, _late = (next(iter(series.values)) for series in overview.plots[0].series)
    assert start == pytest.approx(2026 + 68 / 365, abs=0.01)  # the 10 % date is the day itself
    assert start + early == pytest.approx(2031 + 68 / 365, abs=0.01)
    assert next(iter(curve.plots[0].series[0].values)) == pytest.approx(0.1)
    book = openpyxl.load_workbook(io.BytesIO(curve.part.chart_workbook.xlsx_part.blob))
    assert book["Sheet1"]["B2"].value == pytest.approx(0.1)
    assert book["Sheet1"]["A2"].value.date() == AS_OF


def test_notes_carry_the_sources_in_full(forecast: Store) -> None:
    slides = list(deck(forecast).slides)
    known = {r.key: r for r in build(forecast, as_of=AS_OF).references}
    notes = slides[1].notes_slide.notes_text_frame.text
    assert f"S1: {known['S1'].title}" in notes
    assert "https://example.org/paper" in notes
    assert "run-now-0000000" in notes


def test_shapes_stay_on_the_slide_and_have_words_for_those_who_cannot_see(hostile: Store) -> None:
    made = deck(hostile)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


def test_hostile_text_is_text_on_slides_and_in_their_workbooks(hostile: Store) -> None:
    made = deck(hostile)
    whole = "\n".join(words(slide) + slide.notes_slide.notes_text_frame.text for slide in made.slides)
    lacking = [
        text for text in HOSTILE if visible(text) not in whole and "\u202e" not in text and "\t" not in text
    ]
    assert lacking == []
    assert "[U+202E]evil[U+202C]" in whole
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                book = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
                cells = [cell for row in book["Sheet1"] for cell in row]
                assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


def test_nothing_on_the_slides_leads_elsewhere(hostile: Store) -> None:
    """No link, script or picture of another address: the only relationships are to parts of the file."""
    with zipfile.ZipFile(io.BytesIO(export(hostile, "pptx", as_of=AS_OF).content)) as packed:
        for name in packed.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in packed.read(name), name


def test_a_template_of_ones_own_gives_size_and_master(
    forecast: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Presentation()
    own.slide_width, own.slide_height = Inches(11), Inches(8.5)
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "a slide of the template"
    own.save(str(tmp_path / "own.pptx"))
    monkeypatch.setenv("SCORECARD_SLIDES", str(tmp_path / "own.pptx"))
    made = deck(forecast)
    assert made.slide_width == Inches(11)
    assert "a slide of the template" not in "".join(words(slide) for slide in made.slides)
    monkeypatch.setenv("SCORECARD_SLIDES", str(tmp_path / "none.pptx"))
    with pytest.raises(StoreError, match="there is no file"):
        deck(forecast)
    own.slide_layouts.remove(own.slide_layouts.get_by_name("Title Only"))
    own.save(str(tmp_path / "own.pptx"))
    monkeypatch.setenv("SCORECARD_SLIDES", str(tmp_path / "own.pptx"))
    with pytest.raises(StoreError, match="needs a layout named 'Title Only'; it has: Title Slide"):
        deck(forecast)


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
def test_libreoffice_opens_the_slides_and_prints_each(hostile: Store, tmp_path: Path) -> None:
    from pypdf import PdfReader

    (tmp_path / "deck.pptx").write_bytes(export(hostile, "pptx", as_of=AS_OF).content)
    assert OFFICE is not None
    subprocess.run(
        [
            OFFICE,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "deck.pptx"),
        ],
        check=True,
        capture_output=True,
    )
    printed = PdfReader(tmp_path / "deck.pdf").pages
    assert len(printed) == len(deck(hostile).slides)
    assert "where things stand on 10 March 2026" in " ".join(printed[0].extract_text().split())
