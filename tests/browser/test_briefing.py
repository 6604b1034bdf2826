"""The secretary's briefing: chosen, made and taken away in the app, then opened with the network off and printed."""

from __future__ import annotations

import io
from pathlib import Path

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.watched import Watched

MAKE_SECONDS = 120
# Words of tables that stand on two lines.
BROKEN = """() => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode;
        for (const word of node.parentElement.closest("td, th") ? node.data.matchAll(/\\p{L}{4,}/gu) : []) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""


def test_a_public_briefing_is_made_and_opens_without_a_network(
    seen: Watched, browser: Browser, tmp_path: Path
) -> None:
    page = seen.page
    seen.open("/briefing?audience=public")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("The public briefing of")
    expect(page.get_by_role("img", name="The first page of the briefing")).to_be_visible()
    seen.picture("briefing-public")
    formats = page.get_by_label("Formats")
    formats.click()
    page.get_by_role("option", name="Web page (HTML)").click()
    page.keyboard.press("Escape")
    seen.settle()
    page.get_by_role("button", name="Make the files").click()
    wanted = page.get_by_role("button", name="Download: Web page (HTML)")
    expect(wanted).to_be_visible(timeout=MAKE_SECONDS * 1000)
    taken = {}
    for label in ("Web page (HTML)", "Full report (PDF)", "One page (PDF)"):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"Download: {label}").click()
        taken[label] = tmp_path / started.value.suggested_filename
        started.value.save_as(taken[label])
        assert "-public" in taken[label].name
    assert len(PdfReader(taken["One page (PDF)"]).pages) == 1
    assert len(PdfReader(taken["Full report (PDF)"]).pages) > 5
    _opens_offline(browser, taken["Web page (HTML)"])


def _opens_offline(browser: Browser, file: Path) -> None:
    """No console error, nothing asked of any network, every chart drawn, and paper that holds the same words."""
    context = browser.new_context(offline=True)
    try:
        page = context.new_page()
        faults: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_text("Preparedness scorecard")
        charts = page.locator("figure svg")
        assert charts.count() > 1
        for chart in charts.all():
            box = chart.bounding_box()
            assert box is not None
            assert box["width"] > 200
        expect(page.locator("figure .vega-embed svg")).to_have_count(charts.count())
        page.locator("figure .vega-embed svg").nth(1).hover()
        expect(page.locator("#vg-tooltip-element")).to_contain_text("chance")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert page.evaluate(BROKEN) == []
        printed = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
        words = " ".join(printed.pages[0].extract_text().split())
        assert "thresholds in the frameworks of" in words
        assert "Sources" in "".join(sheet.extract_text() for sheet in printed.pages)
        assert faults == []
        assert asked == [file.as_uri()]
    finally:
        context.close()


def test_the_web_page_can_be_looked_at_before_it_is_made(seen: Watched) -> None:
    seen.open("/briefing?audience=board")
    seen.page.get_by_role("button", name="The whole, as a web page").or_(
        seen.page.get_by_role("radio", name="The whole, as a web page")
    ).first.click()
    frame = seen.page.frame_locator("iframe").first
    expect(frame.get_by_role("heading", level=1)).to_have_text("Preparedness scorecard", timeout=30_000)
    seen.settle()
