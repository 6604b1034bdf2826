"""The pictures of the documents, taken anew: `python docs/site/pictures.py`, with forecasts of today on record."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scorecard import clock
from scorecard.publishing.site import put, site
from scorecard.store import Store

PLACE = Path(__file__).parent.parent / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def take() -> None:
    """The first screen of the public scorecard."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        put(site(Store(), as_of=clock.today()), Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1180, "height": 760})
        page.goto((Path(folder) / "site" / "index.html").as_uri())
        page.wait_for_selector(".vega-embed")
        page.locator("#thresholds").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#thresholds').scrollIntoView()")
        page.screenshot(path=PLACE / "scorecard.png")
        browser.close()


if __name__ == "__main__":
    take()
