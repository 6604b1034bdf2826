"""What each reader comes for, as a person does it: every press, text and key is counted, and may not grow.

The counts of the review of 29 November 2026 stand beside each in docs/screens.md.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.watched import Watched

PATIENCE = 60_000  # milliseconds, for a machine that does other work too


class Hand:
    """Somebody at the mouse and the keyboard: how often they did something."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def press(self, place: Locator) -> None:
        """Press on something that can be seen."""
        place.first.click(timeout=PATIENCE)
        self.acts += 1

    def write(self, place: Locator, text: str) -> None:
        """Put a text into a field and leave it."""
        place.first.fill(text, timeout=PATIENCE)
        place.first.press("Tab")
        self.acts += 1


def test_the_chair_learns_which_is_nearest_and_why(seen: Watched) -> None:
    """Nothing is pressed for the answer and its reason; one press for the evidence behind it."""
    seen.open("/")
    hand = Hand(seen.page)
    nearest = seen.page.get_by_role("heading", level=1)
    expect(nearest).to_contain_text(re.compile(r"is nearest.*%"))
    expect(seen.page.get_by_text("Because", exact=True)).to_be_in_viewport()
    expect(seen.page.get_by_text(re.compile("^Changed since "))).to_be_in_viewport()
    hand.press(seen.page.get_by_test_id("stMainBlockContainer").get_by_role("link", name=re.compile(": ")))
    expect(seen.page).to_have_url(re.compile("/threshold"), timeout=PATIENCE)
    seen.settle()
    assert hand.acts == 1


def test_a_researcher_changes_a_pace_and_sees_the_date_follow(seen: Watched) -> None:
    """From the threshold: the tab, the row, one line of text; then a name and a reason to propose it."""
    seen.open("/threshold?threshold=openai.pf2.ai_self_improvement.high")
    page, hand = seen.page, Hand(seen.page)
    hand.press(page.get_by_role("tab", name="Assumptions"))
    seen.settle()
    hand.press(page.get_by_test_id("stExpander").filter(has_text="Pace").locator("summary"))
    hand.write(
        page.get_by_role("textbox", name=re.compile("METR 80% time horizon.*doubling time now")), "150 to 240"
    )
    expect(page.get_by_text(re.compile("^By itself: ")).first).to_be_visible(timeout=PATIENCE)
    seen.settle()
    assert hand.acts == 3, "and the date has moved"
    hand.write(page.get_by_label("Name of the prior set"), "Slower")
    hand.write(
        page.get_by_label("Reason, so that a colleague can judge it"), "Growth of compute slows after 2026."
    )
    expect(page.get_by_role("button", name="Save as a proposal and refit")).to_be_visible()
    assert hand.acts == 5, "and one press is left"


def test_the_secretary_takes_a_public_briefing_away(seen: Watched) -> None:
    seen.open("/")
    page, hand = seen.page, Hand(seen.page)
    hand.press(page.get_by_role("link", name="Briefing", exact=True))
    seen.settle()
    hand.press(page.get_by_role("combobox", name=re.compile("Audience$")))
    hand.press(page.get_by_role("option", name="Public"))
    seen.settle()
    hand.press(page.get_by_role("button", name="Make the files"))
    with page.expect_download(timeout=PATIENCE) as started:
        hand.press(page.get_by_role("button", name="Download all (ZIP)"))
    assert started.value.suggested_filename.endswith("-public.zip")
    assert hand.acts == 5
