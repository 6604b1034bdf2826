"""One browser and one app for all tests; its first start is watched once and judged by several of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.app import ROOT, App, running
from tests.browser.house import House, open_house
from tests.browser.watched import HEIGHT, WIDTH, Watched

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FORECAST_SECONDS = 1800  # patience for a machine that does other work too; the aim on two idle cores is 90


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStart:
    """What a person saw on an empty store: seconds from opening the address, and the words on screen."""

    painted: float
    answer: str
    progress: tuple[str, ...]
    forecast: float


@contextmanager
def visitor(browser: Browser, app: App) -> Iterator[Watched]:
    """A browser page of its own cookies and cache."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, accept_downloads=True)
    try:
        yield Watched(context.new_page(), app.url)
    finally:
        context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a browser test."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as it starts where there is no store yet."""
    folder = tmp_path_factory.mktemp("app")
    with running(folder / "scorecard.duckdb", folder / "app.log") as app:
        yield app


@pytest.fixture(scope="session")
def first_start(browser: Browser, fresh: App) -> FirstStart:
    """Open the app on its empty store and watch until every forecast is there."""
    with visitor(browser, fresh) as seen:
        began = time.monotonic()
        seen.page.goto(fresh.url)
        answer = seen.page.get_by_role("heading", level=1)
        expect(answer).to_contain_text("thresholds on record", timeout=60_000)
        painted = time.monotonic() - began
        before = answer.inner_text()
        bar = seen.page.get_by_test_id("stProgress")
        bar.first.wait_for(timeout=30_000)
        words: list[str] = []
        while bar.count() and time.monotonic() - began < FORECAST_SECONDS:
            words += [text for text in bar.all_inner_texts() if text not in words]
            time.sleep(0.5)
        expect(answer).to_contain_text("is nearest", timeout=20_000)
        forecast = time.monotonic() - began
        seen.settle()
        seen.assert_calm()
    return FirstStart(painted=painted, answer=before, progress=tuple(words), forecast=forecast)


@pytest.fixture(scope="session")
def app(fresh: App, first_start: FirstStart) -> App:
    """The app with today's forecasts on record, and the backtest of one indicator."""
    assert first_start.forecast > 0
    command = [sys.executable, "-m", "forecasts", "backtest", "--indicator", "metr_p80_horizon"]
    subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "SCORECARD_STORE": str(fresh.store.path)},
        check=True,
        timeout=1200,
    )
    return fresh


@pytest.fixture
def seen(browser: Browser, app: App) -> Iterator[Watched]:
    """A new visitor's browser page; whatever a test does, nothing may have gone wrong on it."""
    with visitor(browser, app) as watched:
        yield watched
        watched.assert_calm()


@pytest.fixture(scope="session")
def house(browser: Browser, app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The app with single sign-on, over a copy of the record with today's forecasts."""
    with open_house(browser, app, tmp_path_factory.mktemp("house")) as opened:
        yield opened
