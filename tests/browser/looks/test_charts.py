"""Charts in the browser: names stand apart, time axes are drawn out without holding the page, charts are embedded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.app import App
from tests.browser.looks.contact_sheets import WIDTHS, visit
from tests.browser.watched import Watched

HIGH = "openai.pf2.ai_self_improvement.high"
DENSE = ("/evidence?indicator=metr_p50_horizon", f"/threshold?tab=evidence&threshold={HIGH}")
# Every name in a plot with what it lies over: another name, a point, or the edge of the picture. What was drawn out of
# the plot is there, but cut off by it.
OVER = """drawnOut => [...document.querySelectorAll('[data-testid="stVegaLiteChart"] svg')].flatMap(svg => {
    const plot = svg.querySelector("g.mark-group.role-frame.root path.background").getBoundingClientRect();
    const shown = box => box.width > 0 && box.left < plot.right && box.right > plot.left;
    const all = what => [...svg.querySelectorAll(`g.mark-${what}.role-mark path, g.mark-${what}.role-mark text`)]
        .map(e => ({box: e.getBoundingClientRect(), text: e.textContent})).filter(one => shown(one.box));
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top < a.bottom - 2;
    const names = all("text"), points = all("symbol"), whole = svg.getBoundingClientRect();
    return names.flatMap((name, n) => [
        ...names.slice(n + 1).filter(other => meet(name.box, other.box))
            .map(other => `${name.text} over ${other.text}`),
        ...points.filter(point => meet(name.box, point.box)).map(() => `${name.text} over a point`),
        ...(drawnOut || (name.box.left >= whole.left && name.box.right <= whole.right)
            ? [] : [`${name.text} beyond the picture`]),
    ]);
})"""
NAMES = (
    """() => document.querySelectorAll('[data-testid="stVegaLiteChart"] g.mark-text.role-mark text').length"""
)
SCROLLED = """() => [...document.querySelectorAll('*')].reduce((most, e) => Math.max(most, e.scrollTop), 0)"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", DENSE)
def test_names_in_dense_charts_stand_apart(browser: Browser, app: App, width: int, address: str) -> None:
    with visit(browser, app, width, "light") as seen:
        seen.open(address)
        assert seen.page.evaluate(NAMES) > 0
        assert seen.page.evaluate(OVER) == []
        seen.assert_calm()


def test_a_time_axis_is_drawn_out_while_ctrl_is_held_and_the_page_scrolls_otherwise(seen: Watched) -> None:
    seen.open(DENSE[0])
    chart = seen.page.get_by_test_id("stVegaLiteChart").first
    chart.hover(position={"x": 500, "y": 120})
    whole = _years(chart)
    seen.page.mouse.wheel(0, 150)
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate(SCROLLED) > 100, "a wheel over a chart scrolls the page"
    assert _years(chart) == whole
    seen.page.mouse.wheel(0, -1000)
    seen.page.wait_for_timeout(300)

    chart.hover(position={"x": 500, "y": 120})
    seen.page.keyboard.down("Control")
    for _ in range(4):
        seen.page.mouse.wheel(0, -200)
    seen.page.keyboard.up("Control")
    expect(chart.locator("text", has_text="20").first).to_be_visible()
    seen.page.wait_for_timeout(300)
    drawn_out = _years(chart)
    assert seen.page.evaluate(SCROLLED) < 10, "what draws the axis out does not scroll the page"
    assert drawn_out != whole
    assert seen.page.evaluate(OVER, True) == []

    seen.page.mouse.down()
    seen.page.mouse.move(*_from(chart, 800, 120), steps=4)
    seen.page.mouse.up()
    seen.page.wait_for_timeout(300)
    assert _years(chart) != drawn_out, "dragging moves it"

    chart.dblclick(position={"x": 500, "y": 120})
    seen.page.wait_for_timeout(300)
    assert _years(chart) == whole, "a double click puts it back"


def test_a_page_to_embed_is_drawn_in_another_page_without_a_network(
    seen: Watched, browser: Browser, tmp_path: Path
) -> None:
    seen.open(DENSE[0])
    seen.page.get_by_text("Take away").first.click()
    seen.settle()
    with seen.page.expect_download() as waited:
        seen.page.get_by_role("button", name="Page to embed (HTML)").first.click()
    waited.value.save_as(tmp_path / "chart.html")
    around = (
        '<!doctype html><title>A report</title><iframe src="chart.html" width="760" height="560"></iframe>'
    )
    (tmp_path / "report.html").write_text(around, encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto((tmp_path / "report.html").as_uri())
    frame = page.frame_locator("iframe")
    expect(frame.locator(".vega-embed svg")).to_be_visible()
    expect(frame.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("METR 50% time horizon .* minutes")
    )
    expect(frame.locator("figcaption")).to_contain_text("As of")
    assert [url for url in asked if not url.startswith("file:")] == []
    assert faults == []
    context.close()


def _years(chart: Locator) -> list[str]:
    """What stands under the time axis, in whatever order it was drawn."""
    texts = chart.locator("g.role-axis-label").first.locator("text").all_text_contents()
    return sorted(texts)


def _from(chart: Locator, x: float, y: float) -> tuple[float, float]:
    box = chart.bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y
