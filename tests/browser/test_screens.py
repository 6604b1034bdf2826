"""Every page as a picture, whole and calm; what the day in the address changes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from screens.frame.navigation import moved, pages
from tests.browser.looks.contact_sheets import views
from tests.browser.watched import SCREENS, Watched

HIGH = "openai.pf2.ai_self_improvement.high"
VIEWS = views()
NO_CHART = {
    "briefing",
    "evidence-import",
    "evidence-watched",
    "meeting-meeting",
    "meeting-decisions",
    "meeting-proposals",
    "scorecard",  # its picture is a table of bars, each with its words
    "scored-experts",
    "threshold-record",  # one forecast in full is folded
    "threshold-safeguards",
}  # lists and forms: a chart would show nothing there


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_page_is_drawn_whole_and_its_charts_say_in_words_what_they_show(seen: Watched, name: str) -> None:
    seen.open(VIEWS[name])
    expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
    expect(seen.page.get_by_role("heading", level=2).first).not_to_be_empty()
    charts = seen.page.get_by_test_id("stVegaLiteChart")
    if name not in NO_CHART:
        expect(charts.filter(visible=True).first).to_be_visible()  # one in a closed row waits
    for chart in charts.all():
        described = chart.locator("[aria-label]").first
        assert len(described.get_attribute("aria-label") or "") > 40
    seen.assert_calm()
    seen.picture(name)
    assert (SCREENS / f"{name}.png").stat().st_size > 20_000


def test_a_past_day_shows_what_was_published_then(seen: Watched, tmp_path: Path) -> None:
    """METR put GPT-5 at 214 minutes until it corrected its figures to 203 in March 2026."""
    seen.open("/evidence?as_of=2026-01-31&indicator=metr_p50_horizon")
    expect(
        seen.page.get_by_text("As of 31 January 2026: what became known later is left out.")
    ).to_be_visible()
    readings = _readings(seen, tmp_path / "january.csv")
    gpt5 = [float(row["value"]) for row in readings if row["system"] == "GPT-5"]
    assert [round(value) for value in gpt5] == [214]
    assert max(row["observed on"] for row in readings) <= "2026-01-31"
    assert {row["as of"] for row in readings} == {"2026-01-31"}
    seen.picture("evidence-2026-01-31")

    seen.open("/evidence?indicator=metr_p50_horizon")
    now = [round(float(r["value"])) for r in _readings(seen, tmp_path / "now.csv") if r["system"] == "GPT-5"]
    assert {203, 214} <= set(now)


def _readings(seen: Watched, path: Path) -> list[dict[str, str]]:
    with seen.page.expect_download() as started:
        seen.page.get_by_role("button", name="Download this table").click()
    started.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_address_keeps_the_filters(seen: Watched) -> None:
    seen.open("/?developer=Anthropic")
    table = seen.page.get_by_test_id("stMainBlockContainer")
    expect(table.get_by_text("Responsible Scaling Policy").first).to_be_visible()
    expect(table.get_by_text("Preparedness Framework", exact=False)).to_have_count(0)
    seen.page.reload()
    seen.settle()
    expect(table.get_by_text("Responsible Scaling Policy").first).to_be_visible()
    expect(table.get_by_text("Preparedness Framework", exact=False)).to_have_count(0)


def test_a_row_opens_its_threshold(seen: Watched) -> None:
    """The threshold is not the one that the page would show unasked, which leaves no trace in the address."""
    seen.open("/?developer=Anthropic")
    seen.page.get_by_role("link", name="Anthropic: automated R&D").first.click()
    expect(seen.page.get_by_role("heading", level=1)).to_contain_text("Anthropic: automated R&D")
    expect(seen.page).to_have_url(re.compile(r"threshold=anthropic\."))
    seen.settle()


@pytest.mark.parametrize("old", sorted(moved()))
def test_an_address_of_before_opens_its_tab_with_the_same_query(seen: Watched, old: str) -> None:
    path, tab = moved()[old]
    page = pages()[path]
    seen.page.goto(f"{seen.url}/{old}?as_of=2026-10-01&threshold={HIGH}")
    expect(seen.page).to_have_url(re.compile(rf"/{page.address}\?.*tab={tab}"))
    seen.page.get_by_role("tab", name=page.tabs[tab], exact=True, selected=True).wait_for()
    expect(seen.page.get_by_text("As of 1 October 2026").first).to_be_visible()
    assert f"threshold={HIGH}" in seen.page.url
    seen.settle()


def test_a_chosen_tab_stands_in_the_address_and_is_reopened(seen: Watched) -> None:
    seen.open(f"/threshold?threshold={HIGH}")
    seen.page.get_by_role("tab", name="Safeguards").click()
    expect(seen.page).to_have_url(re.compile("tab=safeguards"))
    seen.settle()
    seen.page.reload()
    expect(seen.page.get_by_role("tab", name="Safeguards", selected=True)).to_be_visible()
    seen.settle()
