"""A poisoned record goes out in every format, and no file of them calls out, links elsewhere or holds a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from pypdf import PdfReader

from scorecard.briefings import export
from scorecard.briefings.exporters import exporters
from scorecard.evidence.export import TABLES, write
from scorecard.store import Store
from scorecard.words import RISKY
from tests.pages.outside.poison import poisoned
from tests.shared_stores import build_once, copy_store

HOST = "127.0.0.1:9"  # where nobody listens
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def drugged(filled_folder: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    def drug(store: Store) -> None:
        copy_store(filled_folder, store.path.parent)
        poisoned(store, HOST)

    return copy_store(build_once(shared, "poisoned", drug), tmp_path_factory.mktemp("drugged"))


@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("format", sorted(exporters()))
def test_no_briefing_holds_what_calls_out(drugged: Store, format: str, audience: str) -> None:
    file = export(drugged, format, as_of=TODAY, audience=audience)
    assert list(escapes(file.content, exporters()[format].suffix)) == []


def escapes(content: bytes, suffix: str) -> Iterator[str]:
    """What in a file would load, link or compute something that the record's texts ask for."""
    if suffix == ".html":
        parser = Outward()
        parser.feed(content.decode())
        yield from parser.found
    elif suffix == ".md":
        yield from re.findall(
            rf"(?<!\\)\]\([^)]*{HOST}[^)]*\)|(?<!\\)<(?:img|script)[^>]*>", content.decode()
        )
    elif suffix == ".csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            yield from (cell[:60] for cell in row if cell.lstrip(" ").startswith(RISKY) and not number(cell))
    elif suffix == ".pdf":
        for page in PdfReader(io.BytesIO(content)).pages:
            for note in page.get("/Annots", []):
                action = note.get_object().get("/A", {})
                if HOST in str(action) or "evil.example" in str(action) or "x.example" in str(action):
                    yield str(action)
        yield from (str(word) for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile") if word in content)
    elif suffix in (".xlsx", ".pptx"):
        with ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                if name.endswith(".rels"):
                    yield from re.findall(r'TargetMode="External"[^>]*', parts.read(name).decode())
        if suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(io.BytesIO(content)):
                yield from (str(c.value) for row in sheet.iter_rows() for c in row if c.data_type == "f")


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class Outward(HTMLParser):
    """Elements of a page that load or lead to something outside of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            to = value or ""
            outside = name in ("src", "href", "action", "data", "xlink:href") and not to.startswith(
                ("#", "data:")
            )
            if name.startswith("on") or (outside and (tag != "a" or HOST in to or "x.example" in to)):
                self.found.append(f"{tag} {name}={to[:80]}")


@pytest.mark.parametrize("table", [one for one in TABLES if one != "attempts"])
def test_no_exported_table_holds_a_formula(drugged: Store, tmp_path: Path, table: str) -> None:
    count = write(drugged, table, "csv", tmp_path / "table.csv", as_of=TODAY)
    assert list(escapes((tmp_path / "table.csv").read_bytes(), ".csv")) == []
    write(drugged, table, "json", tmp_path / "table.json", as_of=TODAY)
    assert len((tmp_path / "table.json").read_text(encoding="utf-8").splitlines()) == count


def test_an_escape_is_found(tmp_path: Path) -> None:
    assert list(escapes(f"<p onclick=x><img src=http://{HOST}/a>".encode(), ".html"))
    assert list(escapes(f"[a](http://{HOST}/b)".encode(), ".md"))
    assert not list(escapes(rf"\[a\](http://{HOST}/b)".encode(), ".md"))
    assert list(escapes(b"a,=1+1\r\n-1,-x\r\n", ".csv")) == ["=1+1", "-x"]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    assert list(escapes((tmp_path / "a.xlsx").read_bytes(), ".xlsx"))
