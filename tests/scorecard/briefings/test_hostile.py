"""Whatever people may have written is text in every format: nothing is run, and nothing goes missing."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import openpyxl
import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from scorecard.governance.agenda import MOST
from scorecard.governance.meetings import minutes_text
from scorecard.records import AgendaItem, Meeting, Plainly
from scorecard.store import Store
from scorecard.words import from_markdown, in_markdown, visible
from tests.scorecard.briefings.conftest import AS_OF, HOSTILE, LONG
from tests.scorecard.briefings.test_exports import made, pages, read


def test_hostile_text_is_text_in_a_spreadsheet(hostile: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(hostile, "xlsx").content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    held = {str(cell.value) for cell in book["Scorecard"]["H"]}
    assert [text for text in HOSTILE if visible(text) not in held] == []


def test_hostile_text_starts_no_formula_in_csv(hostile: Store) -> None:
    rows = list(csv.reader(io.StringIO(made(hostile, "csv").content.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "@", "\t", "\r"))] == []
    assert [cell for cell in cells if cell.startswith("-") and not _number(cell)] == []
    held = {cell.removeprefix("'") for cell in cells}
    assert [text for text in HOSTILE if visible(text) not in held] == []


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_hostile_text_is_typeset_as_text(hostile: Store) -> None:
    """What the fonts lack is written as its number, so that nothing goes missing unseen."""
    all_pages = pages(hostile)
    whole = "".join("".join(all_pages).replace("\u200b", "").split())
    assert [
        text
        for text in HOSTILE
        if text.isascii() and text != LONG and "".join(visible(text).split()) not in whole
    ] == []
    assert whole.count("long") >= len(LONG) / 4  # broken over pages, with their feet between
    drawn = {c for text in HOSTILE for c in text if f"[U+{ord(c):04X}]" not in whole}
    assert {c for c in drawn if c > "~" and not c.isspace() and c not in whole} <= set("\u200e\u200f\u200d")
    assert not drawn & set("中😀ไ\u202e\x07")
    assert "more thresholds with a forecast: see the annex." in read(all_pages[0])
    assert "Annex: each threshold in turn" in read(all_pages[1])


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        (self.scripts if self.lasttag == "script" and self.cdata_elem else self.text).append(data)


def test_hostile_text_is_text_in_html(hostile: Store) -> None:
    page = _Page()
    page.feed(made(hostile, "html").content.decode())
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert {attributes.get("type") for attributes in scripts[:-1]} == {"application/json"}
    assert scripts[-1] == {}  # the chart library, which the policy names by its hash
    assert {tag for tag, _ in page.tags} & {
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
    } == set()
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    addresses = [str(a[name]) for _, a in page.tags for name in ("href", "src") if name in a]
    assert [a for a in addresses if not a.startswith(("#", "https://", "http://"))] == []
    text = "".join(page.text)
    assert [one for one in HOSTILE if visible(one) not in text] == []
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    code = sha256(page.scripts[-1].encode()).digest()
    assert f"script-src 'sha256-{b64encode(code).decode()}'" in str(policy)
    assert [json.loads(held)["marks"] for held in page.scripts[:-1]]


def test_hostile_text_is_text_in_json(hostile: Store) -> None:
    held = {line["paraphrase"] for line in json.loads(made(hostile, "json").content)["lines"]}
    assert [text for text in HOSTILE if text not in held] == []


def test_hostile_text_is_text_in_markdown(hostile: Store) -> None:
    """As somebody else's renderer shows it, with HTML let through: no tag but our own, and every text there."""
    page = _Page()
    source = made(hostile, "markdown").content.decode()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(source))
    shown = {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "a"}
    assert {tag for tag, _ in page.tags} <= shown
    addresses = {str(a["href"]) for tag, a in page.tags if tag == "a"}
    assert all(address.startswith("https://example.org") for address in addresses)
    text = "".join(page.text)
    lacking = [one for one in HOSTILE if " ".join(visible(" ".join(one.split())).split()) not in text]
    assert lacking == []


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_was_put_into_markdown_comes_out_as_it_was(number: int) -> None:
    """On one line, with what cannot be seen written as a number: a screen shows minutes without a renderer."""
    text = HOSTILE[number]
    assert from_markdown(in_markdown(text)) == visible(" ".join(text.split()))


def test_hostile_text_is_text_in_minutes(hostile: Store) -> None:
    """A heading of its own, one an item taken, two over lists of what was decided and what is to know."""
    agenda = tuple(
        AgendaItem(key=f"k{i}", kind="decision due", title=text, words=text, threshold="", data=Plainly())
        for i, text in enumerate(HOSTILE)
    )
    held = Meeting(
        id="hostile",
        title=HOSTILE[0],
        held_on=AS_OF,
        chair=HOSTILE[1],
        attendees=HOSTILE,
        state="closed",
        moved_by=0.05,
        agenda=agenda,
        summary="\n".join(HOSTILE),
        known_at=AS_OF,
    )
    with hostile.view() as now:
        source = minutes_text(now, held)
    page = _Page()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(source))
    tags = [tag for tag, _ in page.tags]
    assert set(tags) <= {"h1", "h2", "p", "ul", "li", "code", "pre"}
    assert (tags.count("h1"), tags.count("h2")) == (1, MOST + 2)
    text = " ".join("".join(page.text).split())
    assert [one for one in HOSTILE if " ".join(visible(" ".join(one.split())).split()) not in text] == []


def test_hostile_text_is_text_on_the_one_page(hostile: Store) -> None:
    """However long the names, it stays one page, with what it cannot draw written as a number."""
    (page,) = PdfReader(io.BytesIO(made(hostile, "summary").content)).pages
    told = read(page.extract_text())
    assert f"{len(HOSTILE) + 1} thresholds in the frameworks of 1 developer" in told
    assert "more thresholds with a forecast: see the annex" in told
    assert "HYPERLINK" in told
    assert "/Annots" not in page
    assert "/AA" not in page


def test_hostile_texts_cover_what_they_should() -> None:
    joined = "".join(HOSTILE)
    assert max(map(len, HOSTILE)) == 10_000
    assert all(part in joined for part in ("=", "#panic", "<script", "\u202e", "😀", "中", "ש"))
