"""Pictures of every page and tab at three widths, light and dark, laid on contact sheets to be looked at.

`./run python -m tests.browser.looks.contact_sheets STORE [VIEW ...]` shoots the app over a store into out/sheets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from screens.frame.navigation import pages
from tests.browser.app import App, running
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.watched import Watched

SHEETS = Path(__file__).parents[3] / "out" / "sheets"
WIDTHS = (1440, 1024, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHT = 900
TALLEST = (
    6 * HEIGHT
)  # pixels of a page on a sheet; what is longer is cut, and its true height stands beside its name
THUMB = 0.4


def views() -> dict[str, str]:
    """Every page and tab by a name, with its address below the server's."""
    return {
        f"{page.address}-{tab}".rstrip("-"): f"/{'' if page.home else page.address}{tab and f'?tab={tab}'}"
        for page in pages().values()
        for tab in page.tabs or ("",)
    }


@contextmanager
def visit(browser: Browser, app: App, width: int, scheme: Literal["light", "dark"]) -> Iterator[Watched]:
    """A visitor with a screen of a width whose system asks for light or dark."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    try:
        yield Watched(context.new_page(), app.url)
    finally:
        context.close()


def shoot(seen: Watched, address: str, path: Path) -> int:
    """One view as a picture of its whole length; its height in pixels."""
    seen.open(address)
    main = seen.page.get_by_test_id("stMainBlockContainer")
    height = int(main.evaluate("e => Math.ceil(e.getBoundingClientRect().height)"))
    width = seen.page.evaluate("window.innerWidth")
    seen.page.set_viewport_size({"width": width, "height": max(HEIGHT, min(height + 60, TALLEST))})
    seen.settle()
    seen.page.screenshot(path=path)
    seen.page.set_viewport_size({"width": width, "height": HEIGHT})
    return height


def sheet(pictures: Sequence[tuple[str, Path]], path: Path) -> None:
    """The pictures side by side, smaller, each under its name."""
    thumbs = []
    for name, picture in pictures:
        with Image.open(picture) as opened:
            size = (int(opened.width * THUMB), int(opened.height * THUMB))
            thumbs.append((name, opened.convert("RGB").resize(size)))
    width = sum(thumb.width + 12 for _, thumb in thumbs)
    whole = Image.new("RGB", (width, 24 + max(thumb.height for _, thumb in thumbs)), "#888888")
    draw, left = ImageDraw.Draw(whole), 0
    for name, thumb in thumbs:
        draw.text((left + 4, 6), name, fill="#000000")
        whole.paste(thumb, (left, 24))
        left += thumb.width + 12
    whole.save(path)


def main(store: Path, wanted: Sequence[str]) -> None:
    """A sheet a view: three widths in light, three in dark."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    asked = {name: address for name, address in views().items() if not wanted or name in wanted}
    with (
        TemporaryDirectory() as folder,
        running(store, Path(folder) / "app.log") as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        taken: dict[str, list[tuple[str, Path]]] = {name: [] for name in asked}
        for scheme in SCHEMES:
            for width in WIDTHS:
                with visit(browser, app, width, scheme) as seen:
                    for name, address in asked.items():
                        path = SHEETS / f"{name}-{width}-{scheme}.png"
                        height = shoot(seen, address, path)
                        taken[name].append((f"{name} {width} {scheme} {height} px", path))
                        sys.stdout.write(f"{name} {width} {scheme} {height} px {' '.join(seen.faults)}\n")
                        sys.stdout.flush()
                        seen.faults.clear()
        for name, pictures in taken.items():
            sheet(pictures, SHEETS / f"sheet-{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
