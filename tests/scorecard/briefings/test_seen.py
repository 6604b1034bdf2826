"""Each page of a fixed briefing looks as it did when somebody last looked at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.scorecard.briefings.seen import BASELINES, TOLERANCE, difference, fixed_store, pages

pytestmark = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed here"
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    folder = tmp_path_factory.mktemp("seen")
    return pages(fixed_store(folder / "scorecard.duckdb"), folder)


def baselines() -> dict[str, Image.Image]:
    return {path.stem: Image.open(path).convert("L") for path in sorted(BASELINES.glob("*.png"))}


def test_no_page_looks_different(seen: dict[str, Image.Image], tmp_path: Path) -> None:
    kept = baselines()
    assert sorted(seen) == sorted(kept), "pages came or went; look, then renew: see seen.py"
    moved = {name: share for name in kept if (share := difference(seen[name], kept[name])) > TOLERANCE}
    for name in moved:
        seen[name].save(tmp_path / f"{name}.png")
    assert moved == {}, f"look at {tmp_path}, then renew the baselines: see seen.py"


def test_a_line_that_moved_or_went_missing_is_seen(seen: dict[str, Image.Image]) -> None:
    """A line of text is 5 pixels high at this size; each page is moved by that, and loses a strip of as much text."""
    for name, page in baselines().items():
        assert difference(seen[name], ImageChops.offset(page, 0, 5)) > TOLERANCE
    first = baselines()["pdf-01"]
    without = first.copy()
    without.paste(255, (0, 30, first.width, 55))  # the verdict's first answer
    assert difference(first, without) > TOLERANCE


def test_a_page_of_another_size_is_another_page() -> None:
    assert difference(Image.new("L", (331, 468)), Image.new("L", (468, 331))) == 1.0
