"""A browser page that notes what must not happen: console errors, and requests that leave this machine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, expect

SCREENS = Path(__file__).parents[2] / "out" / "screens"
WIDTH, HEIGHT = 1440, 900

# Opened under a page's own address, Streamlit's browser side tries that address as the server's base
# first, and the browser reports the 404 of the attempt as an error.
PROBES = ("/_stcore/health", "/_stcore/host-config")

# An expander takes half a second to unfold and pushes what stands in it away from under the pointer.
AT_REST = """document.getAnimations().every(
    a => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)"""


@dataclass
class Watched:
    """A page with all that went wrong on it so far."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("request", self._asked)

    def open(self, path: str = "/") -> None:
        """Go to a page of the app and wait until it has been drawn whole."""
        self.page.goto(self.url + path)
        self.page.get_by_test_id("stHeading").first.wait_for()
        self.settle()

    def settle(self, seconds: float = 30) -> None:
        """Wait until the app has finished its present run, nothing is a placeholder and nothing moves."""
        app = self.page.get_by_test_id("stApp")
        deadline = time.monotonic() + seconds
        still = 0
        # Twice in a row: between two runs that follow one another the app is idle for a moment.
        while still < 2:  # wait_for_function would need eval, which the app's policy forbids
            expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=seconds * 1000)
            expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=seconds * 1000)
            still = still + 1 if self.page.evaluate(AT_REST) else 0
            assert still or time.monotonic() < deadline, "something on the page does not come to rest"
            self.page.wait_for_timeout(50)

    def unfold(self, title: str) -> None:
        """Open the first expander of this title and wait until it has come to rest."""
        self.page.get_by_text(title).first.click()
        self.settle()

    def picture(self, name: str) -> None:
        """Store the whole screen as a picture for people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        main = self.page.get_by_test_id("stMainBlockContainer")
        height = main.evaluate("e => Math.ceil(e.getBoundingClientRect().height)")
        self.page.screenshot(path=SCREENS / f"{name}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, height)})
        self.settle()
        self.page.screenshot(path=SCREENS / f"{name}-whole.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def assert_calm(self) -> None:
        """No error box, no exception, no console error, nothing fetched from elsewhere."""
        assert self.page.get_by_test_id("stException").count() == 0
        errors = self.page.get_by_test_id("stAlertContentError")
        assert errors.count() == 0, errors.all_inner_texts()
        assert self.faults == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not urlsplit(message.location["url"]).path.endswith(PROBES):
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            self.faults.append(f"request to {request.url}")
