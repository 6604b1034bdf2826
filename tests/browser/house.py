"""The app with single sign-on, and people who come to it by a real provider."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from scorecard.store import Store
from scorecard.store.engines.checkpoint import log_of
from tests.browser.app import App, free_port, running
from tests.browser.provider import Provider, answering, secrets_toml
from tests.browser.watched import HEIGHT, WIDTH, Watched

ROLES = """[roles.chair]
groups = ["preparedness-chairs"]
[roles.researcher]
groups = ["preparedness-research"]
[roles.administrator]
addresses = ["kiss@example.org"]
"""
PEOPLE: dict[str, dict[str, Any]] = {
    "a viewer": {"name": "A viewer", "email": "viewer@example.org", "email_verified": True},
    "a researcher": {
        "name": "A researcher",
        "email": "researcher@example.org",
        "email_verified": True,
        "groups": ["preparedness-research"],
    },
    "the chair": {
        "name": "The chair",
        "email": "chair@example.org",
        "email_verified": True,
        "groups": ["preparedness-chairs"],
    },
}
PATIENCE = 60_000  # milliseconds, for a machine that does other work too


@dataclass(frozen=True, slots=True)
class House:
    """The app with single sign-on, over a copy of the record with today's forecasts."""

    app: App
    provider: Provider
    browser: Browser

    @contextmanager
    def visitor(self) -> Iterator[Watched]:
        """Somebody's own browser, not signed in; nothing may have gone wrong in it."""
        context = self.browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, accept_downloads=True)
        try:
            seen = Watched(context.new_page(), self.app.url)
            yield seen
            assert seen.faults == [], seen.faults
        finally:
            context.close()

    @contextmanager
    def person(self, who: str) -> Iterator[Watched]:
        """The same, signed in."""
        with self.visitor() as seen:
            sign_in(seen, who)
            inside(seen)
            yield seen


def sign_in(seen: Watched, who: str) -> None:
    """Through the provider and back, whatever the app makes of it."""
    seen.page.goto(seen.url)
    through_the_provider(seen, who)
    seen.page.wait_for_url(f"{seen.url}/")


def through_the_provider(seen: Watched, who: str) -> None:
    """From the page that asks to sign in to whatever comes after it."""
    seen.page.get_by_role("button", name="Sign in", exact=True).click()
    seen.page.get_by_role("link", name=f"Continue as {who}").click()


def inside(seen: Watched) -> None:
    """The name of whoever signed in stands on top, with how it is known."""
    name = seen.page.get_by_test_id("stPopover").filter(has_text=re.compile("viewer|researcher|chair"))
    expect(name.first).to_be_visible(timeout=PATIENCE)


def outside(seen: Watched) -> None:
    """Nothing but the way in is shown."""
    expect(seen.page.get_by_text("Sign in to see the scorecard.")).to_be_visible(timeout=PATIENCE)
    expect(seen.page.get_by_text("Link to this view")).to_have_count(0)
    assert seen.page.get_by_text("Anthropic: automated R&D").count() == 0
    seen.settle()  # whoever leaves a page that still loads its parts is told in the console that they did not come


def sign_out(seen: Watched) -> None:
    """Through the provider and back; the page that is left says at once that nobody is signed in."""
    seen.page.get_by_test_id("stPopover").filter(has_text=re.compile("viewer|researcher|chair")).first.click()
    with seen.page.expect_navigation(url=f"{seen.url}/", timeout=PATIENCE):
        seen.page.get_by_role("button", name="Sign out").click()
    outside(seen)


@contextmanager
def open_house(browser: Browser, app: App, folder: Path) -> Iterator[House]:
    """Start provider and app over a copy of the record: its file, its log, and the files it names."""
    store = Store(folder / "scorecard.duckdb")
    shutil.copy(app.store.path, store.path)
    if log_of(app.store.path).exists():
        shutil.copy(log_of(app.store.path), log_of(store.path))
    shutil.copytree(app.store.files.folder, store.files.folder, ignore=shutil.ignore_patterns("jobs"))
    port, secrets = free_port(), folder / "secrets.toml"
    with ExitStack() as stack:
        provider = stack.enter_context(answering(PEOPLE))
        secrets.write_text(secrets_toml(provider, f"http://127.0.0.1:{port}", ROLES), encoding="utf-8")
        options = ("--secrets.files", str(secrets))
        started = stack.enter_context(running(store.path, folder / "app.log", *options, port=port))
        yield House(started, provider, browser)
