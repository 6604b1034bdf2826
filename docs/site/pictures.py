"""The pictures of the documents, taken anew by `python docs/site/pictures.py [NAME ...]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from scorecard import clock
from scorecard.briefings import export
from scorecard.publishing.site import put, site
from scorecard.store import Store
from tests.browser.app import running
from tests.browser.watched import Watched

PLACE = Path(__file__).parent.parent / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def scorecard(page: Page, folder: Path) -> None:
    """The first screen of the public scorecard."""
    put(site(Store(), as_of=clock.today()), folder / "site")
    page.goto((folder / "site" / "index.html").as_uri())
    page.wait_for_selector(".vega-embed")
    page.locator("#thresholds").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#thresholds').scrollIntoView()")
    page.screenshot(path=PLACE / "scorecard.png")


def briefing(page: Page, folder: Path) -> None:
    """The first screen of a briefing as a file for the browser."""
    written = folder / "briefing.html"
    written.write_bytes(export(Store(), "html", as_of=clock.today()).content)
    page.goto(written.as_uri())
    page.screenshot(path=PLACE / "briefing.png")


def meeting(page: Page, folder: Path) -> None:
    """The open meeting of today, which the first steps of docs/first-meeting.md put on record."""
    with running(Store().path, folder / "app.log") as app:
        Watched(page, app.url).open("/meeting")
        page.screenshot(path=PLACE / "meeting.png")


PICTURES = (scorecard, briefing, meeting)


def take(names: list[str]) -> None:
    """The named pictures, else every one, by one browser."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for draw in [one for one in PICTURES if not names or one.__name__ in names]:
            page = browser.new_page(viewport={"width": 1180, "height": 760})
            draw(page, Path(folder))
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1:])
