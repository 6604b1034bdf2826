"""What each format carries, read back with other people's readers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from scorecard.briefings import Export, Format, export, formats
from scorecard.briefings.content.briefing import BriefingRefused
from scorecard.briefings.content.build import build
from scorecard.briefings.exporters import exporters
from scorecard.records import DEFAULTS, Deadline
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF, add_many, priors

FORMATS = (
    *(
        "annex",
        "csv",
        "dates",
        "gsn",
        "html",
        "json",
        "markdown",
        "oscal",
        "parquet",
        "pdf",
        "pptx",
        "rocrate",
        "summary",
    ),
    "xlsx",
)
ROOT = Path(__file__).parents[3]


def made(store: Store, format: str, audience: str = "internal") -> Export:
    return export(store, format, as_of=AS_OF, audience=audience)


def pages(store: Store, audience: str = "internal") -> list[str]:
    reader = PdfReader(io.BytesIO(made(store, "pdf", audience).content))
    return [page.extract_text() for page in reader.pages]


def read(text: str) -> str:
    """Text as compared: without the places to break a line, and with single blanks."""
    return " ".join(text.replace("\u200b", "").split())


def test_the_formats_are_the_files_of_the_folder() -> None:
    assert tuple(exporters()) == FORMATS == tuple(sorted(formats()))


def test_what_is_read_from_an_exporters_text_is_what_it_declares() -> None:
    for name, one in exporters().items():
        assert formats()[name] == Format(**{f.name: getattr(one, f.name) for f in fields(Format)})


def test_an_unknown_format_is_refused_with_the_known_ones(store: Store) -> None:
    with pytest.raises(
        StoreError, match="there is no format 'docx'; there are: annex, csv, dates, gsn, html"
    ):
        made(store, "docx")
    with pytest.raises(BriefingRefused, match="there is no audience"):
        made(store, "csv", "press")


def test_the_file_name_says_the_day_and_the_audience(forecast: Store) -> None:
    assert made(forecast, "csv").filename == "scorecard-2026-03-10.csv"
    assert made(forecast, "markdown", "public").filename == "scorecard-2026-03-10-public.md"


def test_importing_the_package_draws_and_typesets_nothing() -> None:
    code = "import sys, scorecard.briefings, scorecard.words; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"altair", "typst", "vl_convert", "xlsxwriter", "pandas"} & set(done.stdout.split()) == set()


def test_the_one_page_draws_no_chart_and_loads_nothing_to_draw_one(forecast: Store) -> None:
    """Else the summary would wait a second for a library that it does not use."""
    code = """
import sys
from dataclasses import fields
from datetime import date
from scorecard.briefings import export
from scorecard.store import Store
export(Store(sys.argv[1]), "summary", as_of=date(2026, 3, 10))
print("altair" in sys.modules)
export(Store(sys.argv[1]), "html", as_of=date(2026, 3, 10))
print("altair" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(forecast.path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


# ---- PDF ------------------------------------------------------------------------------------------


def test_page_one_and_the_readable_formats_say_up_to_which_day_anybody_looked(published: Store) -> None:
    """On a day whose searches are on record; before the first of them the line says that there is none."""
    day = date(2026, 11, 30)
    line = "Evidence searched to 8 October 2026 (53 days ago)."
    reader = PdfReader(io.BytesIO(export(published, "pdf", as_of=day).content))
    assert line in read(reader.pages[0].extract_text())
    one_page = PdfReader(io.BytesIO(export(published, "summary", as_of=day).content))
    assert line in read(one_page.pages[0].extract_text())
    for format in ("html", "json", "markdown"):
        text = export(published, format, as_of=day).content.decode(errors="ignore").replace("\\", "")
        assert line in read(text), format
    before = export(published, "html", as_of=AS_OF).content.decode()
    assert "Evidence: no search is on record." in read(before)


def test_the_first_page_holds_the_verdict_and_every_threshold(forecast: Store) -> None:
    add_many(forecast, 6)
    first, annex, *_ = map(read, pages(forecast))
    assert "As of 10 March 2026" in first
    assert "7 thresholds in the frameworks of 1 developer bear on self-improvement" in first
    for name in ("Self improvement, High", *(f"Self improvement, Extra {i}" for i in range(6))):
        assert name in first
    assert "not crossed" in first
    assert "18 %" in first  # within 12 months, on the straight line of the example's run
    assert "Annex" in annex


def test_lines_that_do_not_fit_on_the_first_page_are_announced_and_follow(forecast: Store) -> None:
    add_many(forecast, 24)
    first, second, *rest = map(read, pages(forecast))
    shown = sum(f"Extra {i} " in first or f"Extra {i}F" in first for i in range(24))
    assert f"{25 - 1 - shown} more thresholds with a forecast: see the annex." in first
    assert 8 <= shown < 24
    assert "Annex: each threshold in turn" in second
    assert all(f"Self improvement, Extra {i}" in " ".join([second, *rest]) for i in range(24))


def test_the_one_page_summary_is_one_page_of_the_same_content(forecast: Store) -> None:
    (page,) = PdfReader(io.BytesIO(made(forecast, "summary").content)).pages
    first, *_ = map(read, pages(forecast))
    told = read(page.extract_text())
    assert "they and the annex are in the full report of the same content" in told
    assert set(first.split()) - set(told.split()) <= {"of", first.split()[-1]}


def test_every_key_on_any_page_is_in_the_list_of_sources(decided: Store) -> None:
    content = json.loads(made(decided, "json").content)
    listed = read(pages(decided)[-1])
    assert content["references"]
    for reference in content["references"]:
        assert f"{reference['key']} {reference['title']}" in listed


def test_the_text_of_the_first_page_is_large_enough_to_read(forecast: Store) -> None:
    sizes: dict[float, int] = {}

    def note(text: str, _cm: Any, tm: list[float], _font: Any, size: float) -> None:
        height = round(size * abs(tm[3]), 1)
        sizes[height] = sizes.get(height, 0) + len(text.strip())

    PdfReader(io.BytesIO(made(forecast, "pdf").content)).pages[0].extract_text(visitor_text=note)
    small = {size: count for size, count in sizes.items() if size < 9}
    assert sum(small.values()) < 0.15 * sum(sizes.values())  # keys and the years of the axis
    assert max(sizes, key=sizes.__getitem__) >= 9.5


def test_the_pdf_is_tagged_bookmarked_and_carries_the_day_not_the_clock(forecast: Store) -> None:
    reader = PdfReader(io.BytesIO(made(forecast, "pdf").content))
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == AS_OF
    assert "StructTreeRoot" in str(reader.trailer["/Root"])
    assert reader.outline
    assert all(
        abs(float(page.mediabox.width) * float(page.mediabox.height) - 595 * 842) < 900
        for page in reader.pages
    )


# ---- tables ---------------------------------------------------------------------------------------


def test_the_csv_has_numbers_dates_and_sources_in_full(forecast: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(made(forecast, "csv").content.decode("utf-8-sig"))))
    (row,) = rows
    assert float(row["latest"]) == 900.0
    assert float(row["p_now"]) == pytest.approx(0.1)
    assert row["q50"] == "2031-03-10"
    assert row["q90"] == ""
    assert "https://example.org/paper" in row["sources"]
    assert "run-now-0000000" in row["sources"]
    assert row["as_of"] == "2026-03-10"


def test_chances_by_date_are_a_row_each_and_those_of_the_scorecard(forecast: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(made(forecast, "dates").content.decode("utf-8-sig"))))
    (board,) = csv.DictReader(io.StringIO(made(forecast, "csv").content.decode("utf-8-sig")))
    told = {row["says"]: row for row in rows if row["says"] not in ("curve", "quantile")}
    assert {says: row["by"] for says, row in told.items() if says != "next meeting"} == {
        "now": "2026-03-10",
        "12 months": "2027-03-10",
    }
    for says, name in (("now", "p_now"), ("next meeting", "p_next_meeting"), ("12 months", "p_12_months")):
        assert told[says]["chance"] == board[name]
    quantiles = {row["chance"]: row["by"] for row in rows if row["says"] == "quantile"}
    assert quantiles == {"0.1": board["q10"], "0.5": board["q50"], "0.9": board["q90"]}
    curve = [(row["by"], float(row["chance"])) for row in rows if row["says"] == "curve"]
    assert curve == sorted(curve)
    assert len(curve) > 2
    assert {row["threshold"] for row in rows} == {board["threshold"]}
    assert all(row["sources"] == "run-now-0000000" and row["content"] == board["content"] for row in rows)


def test_the_columns_for_programs_are_the_same_whatever_the_calendar_names(forecast: Store) -> None:
    before = made(forecast, "csv").content.split(b"\r\n")[0]
    deadline = Deadline(
        id="end-2027",
        author=DEFAULTS,
        rationale="named",
        known_at=AS_OF,
        day=date(2027, 12, 31),
        name="end of 2027",
    )
    forecast.append([deadline], action="import", actor="a test")
    assert "end of 2027" in made(forecast, "json").content.decode()
    assert made(forecast, "csv").content.split(b"\r\n")[0] == before


def test_the_json_carries_a_hash_of_the_rest(forecast: Store) -> None:
    content = json.loads(made(forecast, "json").content)
    told = content.pop("hash")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == told
    (key,) = content["lines"][0]["p_now"]["refs"]
    assert [r["where"] for r in content["references"] if r["key"] == key] == ["run-now-0000000"]


def test_the_xlsx_has_typed_cells_and_a_sheet_of_sources(forecast: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(forecast, "xlsx").content))
    sheet = book["Scorecard"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert row["newest reading"].value == 900
    assert row["newest reading"].data_type == "n"
    assert row["chance already crossed"].number_format == "0.0%"
    assert row["median date"].value == datetime(2031, 3, 10)  # noqa: DTZ001  # a spreadsheet's dates have no zone
    assert row["90 % date"].value is None
    assert sheet.freeze_panes == "B2"
    listed = {cell.value for cell in book["Sources"]["A"]}
    assert set(str(row["sources"].value).split()) <= listed


def test_the_four_answers_stand_in_the_upper_half_of_page_one(forecast: Store) -> None:
    """For every reader, in the report and in the one page: read back by the place of the letters on the page."""
    for audience in ("internal", "board", "public"):
        made = build(forecast, as_of=AS_OF, audience=audience)
        for name in ("pdf", "summary"):
            page = PdfReader(io.BytesIO(exporters()[name].render(made))).pages[0]
            upper: list[str] = []

            def keep(text: str, at: Any, *_: Any, half: float = float(page.mediabox.height) / 2) -> None:
                if at[5] > half:
                    upper.append(text)  # noqa: B023  # read before the next page is made

            page.extract_text(visitor_text=keep)
            told = " ".join("".join(upper).split())
            places = [told.index(one.label) for one in made.verdict]
            assert places == sorted(places)
            assert [one.label for one in made.verdict] == [
                "Where we stand",
                "What changed",
                "What to decide",
                "How sure we are",
            ]
            assert all(one.said.text for one in made.verdict)


def test_the_boards_report_is_short_and_its_deck_too_whatever_there_is_to_say(store: Store) -> None:
    store.append([priors()], action="import", actor="a test")
    add_many(store, 40)
    made = build(store, as_of=AS_OF, audience="board")
    files = exporters()
    assert len(PdfReader(io.BytesIO(files["pdf"].render(made))).pages) <= 8
    assert len(PdfReader(io.BytesIO(files["annex"].render(made))).pages) > 8
    assert len(Presentation(io.BytesIO(files["pptx"].render(made))).slides) <= 12


def test_the_public_edition_holds_no_agenda_and_no_wording_of_a_decision(decided: Store) -> None:
    made = build(decided, as_of=AS_OF, audience="public")
    assert made.sought == ()
    assert made.verdict[2].said.text == "This public edition asks for no decision."
    assert all("Treat it as crossed" not in one.text for one in made.decided)
    assert all(line.alert_safeguards == "" for line in made.lines)
