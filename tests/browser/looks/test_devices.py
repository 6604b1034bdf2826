"""Every page on a phone and a desk, light and dark: nothing sideways, room for plots, words that stand out."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.app import App
from tests.browser.looks.contact_sheets import views, visit
from tests.browser.watched import HEIGHT, Watched

VIEWS = views()
PHONE, PHONE_HEIGHT = 390, 844
LONGEST = 5 * PHONE_HEIGHT  # pixels of the scorecard on a phone
# Faults of Streamlit's own parts, which no page of ours can mend: its date field, navigation, tabs and uploader.
NOT_OURS = (
    "stDateInput",
    "stDateInputField",
    "stTopNav",
    "stHeader",
    "stToolbar",
    "stFileUploader",
    "stSidebar",
    "stDataFrame",
    "stElementToolbar",
    "stVegaLiteChart",
)
# How much of a chart's width its plot has: the group that Vega draws marks in, against the whole picture.
PLOT_SHARES = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"] svg')].map(svg => {
    const plot = svg.querySelector('g.mark-group.role-frame.root path.background');
    return plot ? plot.getBoundingClientRect().width / svg.getBoundingClientRect().width : 1;
})"""

# Whether the years over the time axis leave room between each other.
YEARS_STAND_APART = """() => {
    const years = [...document.querySelectorAll('.st-key-ranking-head .rank > :nth-child(5) span')]
        .map(year => year.getBoundingClientRect()).filter(place => place.width > 0);
    return years.length > 1 && years.every((place, n) => n === 0 || place.left > years[n - 1].right);
}"""
WORDS_ARE_WHOLE = """() => [...document.querySelectorAll('.rank-label')].every(
    words => words.getBoundingClientRect().right <= window.innerWidth)"""


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_fits_a_phone(browser: Browser, app: App, name: str) -> None:
    """In the dark scheme; the light one has the same sizes, and is what every other test looks at."""
    with visit(browser, app, PHONE, "dark") as seen:
        seen.open(VIEWS[name])
        assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        shares = seen.page.evaluate(PLOT_SHARES)
        assert all(share >= 0.5 for share in shares), shares
        seen.assert_calm()


def test_the_scorecard_is_short_on_a_phone_and_every_figure_is_named(browser: Browser, app: App) -> None:
    with visit(browser, app, PHONE, "light") as seen:
        seen.open("/")
        main = seen.page.get_by_test_id("stMainBlockContainer")
        assert main.evaluate("e => e.getBoundingClientRect().height") < LONGEST
        row = seen.page.locator("[class*='st-key-rank-']").first
        assert re.search(r"\d+ %.*even odds \w+", row.inner_text().replace("\n", " "))
        assert seen.page.evaluate(WORDS_ARE_WHOLE), "the interval is written to its end"


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_years_of_the_picture_stand_apart(browser: Browser, app: App, width: int) -> None:
    with visit(browser, app, width, "light") as seen:
        seen.open("/")
        assert seen.page.evaluate(YEARS_STAND_APART)


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_system_decides_between_light_and_dark(
    browser: Browser, app: App, scheme: Literal["light", "dark"], dark: bool
) -> None:
    with visit(browser, app, 1440, scheme) as seen:
        seen.open("/evidence")
        page = "getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor"
        assert (seen.page.evaluate(page) == "rgb(17, 22, 29)") is dark
        drawn = seen.page.locator('[data-testid="stVegaLiteChart"] svg').first
        expect(drawn).to_be_visible()
        assert ("#e8edf3" in drawn.inner_html()) is dark


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_is_accessible(seen: Watched, name: str) -> None:
    seen.open(VIEWS[name])
    found: list[dict[str, Any]] = Axe().run(seen.page).response["violations"]
    ours = {
        rule["id"]: [node["html"] for node in rule["nodes"] if not _is_streamlits(seen, node["target"][0])]
        for rule in found
    }
    assert {rule: nodes for rule, nodes in ours.items() if nodes} == {}


def _is_streamlits(seen: Watched, target: str) -> bool:
    """Whether a fault lies inside one of the parts that Streamlit draws by itself."""
    parts = ", ".join(f'[data-testid="{part}"]' for part in NOT_OURS)
    return bool(seen.page.locator(target).first.evaluate(f"e => Boolean(e.closest('{parts}'))"))


def test_ten_questions_are_answered_without_scrolling(seen: Watched) -> None:
    """What a governance reader asks of the first screen; each answer is text that stands in the window."""
    seen.open("/")
    window = seen.page.evaluate(
        """height => {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const words = [];
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                const range = document.createRange();
                range.selectNodeContents(node);
                const box = range.getBoundingClientRect();
                const shown = getComputedStyle(node.parentElement).visibility !== "hidden";
                if (shown && box.width > 1 && box.height > 1 && box.top >= 0 && box.bottom <= height)
                    words.push(node.textContent);
            }
            return words.join(" ");
        }""",
        HEIGHT,
    )
    month = r"[A-Z][a-z]+ \d{4}"
    questions = {
        "Which threshold is nearest?": r"[A-Z][\w ]+: [\w&, -]+ is nearest",
        "How likely is it within a year?": r"\d+ % within 12 months",
        "When is it as likely crossed as not?": rf"even odds (by {month}|that it has been crossed)",
        "Why?": r"Because\s+\S+.{30}",
        "What changed since the last time?": rf"Changed since \d+ {month}\s+\S+.{{20}}",
        "How sure are we?": r"80 % interval: \w+.* to \w+",
        "How late were such dates?": r"(months (late|early)|How late such dates are)",
        "How many stand above one half?": r"[A-Z]\w+ of \w+ thresholds stands? above 50 %",
        "What can nobody measure?": r"\d+ more that nobody can measure yet",
        "As of which day is this?": rf"As of today, \d+ {month}",
    }
    assert [asked for asked, answer in questions.items() if not re.search(answer, window)] == [], window


def test_a_search_by_keyboard_alone_opens_what_was_found(seen: Watched) -> None:
    seen.open("/evidence")
    seen.page.keyboard.press("Control+K")
    field = seen.page.get_by_role("combobox", name=re.compile("Threshold, indicator, system"))
    expect(field).to_be_visible()
    field.focus()
    seen.page.keyboard.type("long-range auto")
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("OpenAI: long-range autonomy")
    seen.settle()
