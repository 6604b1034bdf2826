"""The public site opened from disk without a network, at three widths, light and dark."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from scorecard.publishing.site import put, site
from scorecard.store import Store
from tests.pages.conftest import HIGH, example_runs
from tests.shared_stores import copy_store

DAY = date(2026, 10, 1)
RULES = {"resultTypes": ["violations"], "preload": False}  # the pages' own policy lets nothing be fetched
PAGES = (
    *(
        "index.html",
        f"thresholds/{HIGH}.html",
        "indicators/metr_p50_horizon.html",
        "evidence.html",
        "record.html",
    ),
    *("changes.html", "method.html", "embed/overview.html"),
)


@pytest.fixture(scope="module")
def folder(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    store: Store = copy_store(published_folder, tmp_path_factory.mktemp("store"))
    store.append(example_runs(store, DAY), action="forecast", actor="a test")
    put(site(store, as_of=DAY), out / "sub path")
    return out / "sub path"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (768, "light"), (1280, "light")])
def test_every_kind_of_page_stands_offline(browser: Browser, folder: Path, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
    )
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"not loaded: {request.url}"))
    for name in PAGES:
        page.goto((folder / name).as_uri())
        charts = page.locator(".drawing")
        page.wait_for_function(
            "n => document.querySelectorAll('.vega-embed').length === n", arg=charts.count()
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.locator("h1").count() == 1, name
        broken = Axe().run(page, options=RULES).response["violations"]
        assert [(rule["id"], node["html"]) for rule in broken for node in rule["nodes"]] == [], name
        if name.startswith(("thresholds/", "embed/", "index")):
            assert charts.count() >= 1, name
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    assert said == []
    context.close()
