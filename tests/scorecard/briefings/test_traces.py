"""Every number of the board's PDF leads to a source in its annex: all that the pages are filled with is walked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from scorecard.briefings import export
from scorecard.briefings.content.build import build
from scorecard.briefings.exporters.pdf import page_data
from scorecard.store import Store
from tests.pages.conftest import example_runs
from tests.scorecard.briefings.test_build import NAMED
from tests.shared_stores import copy_store

DAY = date(2026, 11, 25)
# Printed without keys of its own, with the reason why that is right.
IDENTITY = "says what document this is"
SCALE = "an axis, or a place on it that the keys of its row cover"
COUNTED = "counts what stands beside it"
UNKEYED = {
    "words": SCALE,
    "title": IDENTITY,
    "day": IDENTITY,
    "date": IDENTITY,
    "hash": IDENTITY,
    "fullhash": IDENTITY,
    "footer": IDENTITY,
    "audience": IDENTITY,
    "axis": SCALE,
    "from": SCALE,
    "to": SCALE,
    "mid": SCALE,
    "total": COUNTED,
    "without": COUNTED,
    "withheld": COUNTED,
    "chart": "names a picture, whose own words name its run",
    "references": "the list of sources itself",
    "widths": SCALE,
    "head": "names of columns",
    "name": "names a threshold",
    "note": "of a table",
}
KEY = re.compile(r"([SFCPDKAGWB])(\d+)(?:–[SFCPDKAGWB](\d+))?")


def spelt(keys: str) -> set[str]:
    """The keys that a short form such as "S1–S4, F2" stands for."""
    return {
        f"{letter}{number}"
        for letter, first, last in KEY.findall(keys)
        for number in range(int(first), int(last or first) + 1)
    }


def untraced(value: Any, known: set[str], keys: str = "", name: str = "") -> Iterator[str]:
    """Every text or number that is printed and whose keys are missing or unknown, as found in the page's data."""
    if name in UNKEYED:
        return
    if isinstance(value, dict):
        own = str(value.get("keys", keys))
        if "numbers" in value:  # a table: its last column holds the keys of each row
            assert value["head"][-1] == "sources"
            for row in value["rows"]:
                yield from untraced(row[:-1], known, row[-1])
            return
        for part, item in value.items():
            if part == "rows" and item and isinstance(item[0], list):  # a duty's fields, likewise
                for row in item:
                    yield from untraced(row[:-1], known, row[-1])
            elif part != "keys":
                yield from untraced(item, known, own, part)
    elif isinstance(value, list):
        for item in value:
            yield from untraced(item, known, keys)
    elif re.search(r"\d", NAMED.sub("", str(value))) and not (spelt(keys) and spelt(keys) <= known):
        yield f"{name}: {str(value)[:120]} [{keys}]"


@pytest.fixture(scope="module")
def real(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The published facts with a made-up forecast of each threshold that has a criterion."""
    store = copy_store(published_folder, tmp_path_factory.mktemp("real"))
    store.append(example_runs(store, DAY), action="forecast", actor="a test")
    return store


def test_every_number_on_the_pages_leads_to_the_list_of_sources(real: Store) -> None:
    briefing = build(real, as_of=DAY, audience="board")
    data = page_data(briefing)
    known = {reference["key"] for reference in data["references"]}
    assert len(data["rows"]) > 10
    assert len(data["tables"]) > 4
    assert list(untraced(data, known)) == []


def test_a_number_whose_key_is_missing_or_unknown_is_found(real: Store) -> None:
    data = page_data(build(real, as_of=DAY, audience="board"))
    known = {reference["key"] for reference in data["references"]}
    run = data["rows"][0]["keys"].partition(",")[0]
    assert any(run in fault for fault in untraced(data, known - spelt(run)))
    data["verdict"][0]["keys"] = ""
    data["tables"][0]["rows"][0][-1] = ""
    found = list(untraced(data, known))
    assert any(data["verdict"][0]["text"][:60] in fault for fault in found)
    assert len(found) > 2


def test_every_key_on_the_pages_is_explained_on_the_last_ones(real: Store) -> None:
    """As printed, so that nothing is lost between the data and the page."""
    pages = [
        " ".join(page.extract_text().replace("\u200b", "").split())
        for page in PdfReader(io.BytesIO(export(real, "pdf", as_of=DAY, audience="board").content)).pages
    ]
    begins = max(i for i, text in enumerate(pages) if text.startswith("Sources"))
    listed = " ".join(pages[begins:])
    briefing = build(real, as_of=DAY, audience="board")
    explained = {r.key for r in briefing.references if f"{r.key} {' '.join(r.title.split())}" in listed}
    assert explained == {r.key for r in briefing.references}
    assert "Content " + briefing.hash in listed
