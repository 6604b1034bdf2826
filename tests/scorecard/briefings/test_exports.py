"""What each format carries, read back with other people's readers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from scorecard.briefings import FORMATS as NAMES
from scorecard.briefings import Export, export
from scorecard.briefings.build import BriefingRefused
from scorecard.briefings.exporters import exporters
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF, many

FORMATS = ("csv", "html", "json", "markdown", "parquet", "pdf", "pptx", "summary", "xlsx")
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
    assert tuple(exporters()) == FORMATS == tuple(sorted(NAMES))


def test_an_unknown_format_is_refused_with_the_known_ones(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no format 'docx'; there are: csv, html, json"):
        made(store, "docx")
    with pytest.raises(BriefingRefused, match="there is no audience"):
        made(store, "csv", "press")


def test_the_file_name_says_the_day_and_the_audience(forecast: Store) -> None:
    assert made(forecast, "csv").filename == "scorecard-2026-03-10.csv"
    assert made(forecast, "markdown", "public").filename == "scorecard-2026-03-10-public.md"


def test_importing_the_package_draws_and_typesets_nothing() -> None:
    code = "import sys, scorecard.briefings, scorecard.briefings.words; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"altair", "typst", "vl_convert", "xlsxwriter", "pandas"} & set(done.stdout.split()) == set()


def test_the_one_page_draws_no_chart_and_loads_nothing_to_draw_one(forecast: Store) -> None:
    """Else the summary would wait a second for a library that it does not use."""
    code = """
import sys
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


def test_the_first_page_holds_the_verdict_and_every_threshold(forecast: Store) -> None:
    forecast.append(many(6), action="import", actor="a test")
    first, annex, *_ = map(read, pages(forecast))
    assert "As of 10 March 2026" in first
    assert "7 thresholds in the frameworks of 1 developer bear on self-improvement" in first
    for name in ("Self improvement, High", *(f"Self improvement, Extra {i}" for i in range(6))):
        assert name in first
    assert "not crossed" in first
    assert "18 %" in first  # within 12 months, on the straight line of the example's run
    assert "Annex" in annex


def test_lines_that_do_not_fit_on_the_first_page_are_announced_and_follow(forecast: Store) -> None:
    forecast.append(many(40), action="import", actor="a test")
    first, second, *rest = map(read, pages(forecast))
    shown = sum(f"Extra {i} " in first or f"Extra {i}F" in first for i in range(40))
    assert f"{41 - 1 - shown} more thresholds with a forecast: see the annex." in first
    assert 8 <= shown < 40
    assert "Annex: each threshold in turn" in second
    assert all(f"Self improvement, Extra {i}" in " ".join([second, *rest]) for i in range(40))


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
    assert float(row["newest reading"]) == 900.0
    assert float(row["chance already crossed"]) == pytest.approx(0.1)
    assert row["median date"] == "2031-03-10"
    assert row["90 % date"] == ""
    assert "https://example.org/paper" in row["sources in full"]
    assert "run-now-0000000" in row["sources in full"]
    assert row["as of"] == "2026-03-10"


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
