"""From an empty store to a whole scorecard, and the start after that."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from scorecard.records import ForecastRun
from tests.browser.app import App, running
from tests.browser.conftest import FirstStart, visitor


def test_evidence_and_status_are_painted_before_any_forecast(first_start: FirstStart) -> None:
    assert "thresholds on record" in first_start.answer
    assert "none of them has a forecast" in first_start.answer
    assert first_start.painted < first_start.forecast


def test_progress_is_told_in_words_that_change(first_start: FirstStart) -> None:
    assert len(first_start.progress) > 1
    assert all(words.startswith("Forecasting") for words in first_start.progress)


def test_the_forecasts_arrive_by_themselves(app: App) -> None:
    with app.store.view() as now:
        runs = now.all(ForecastRun)
    assert len(runs) >= 12
    assert any(run.publishable for run in runs)


def test_a_later_start_shows_the_forecasts_at_once(browser: Browser, app: App, tmp_path: Path) -> None:
    """Another server over the same store: no job is started and no progress shown."""
    with running(app.store.path, tmp_path / "again.log") as again, visitor(browser, again) as seen:
        seen.page.goto(again.url)
        expect(seen.page.get_by_role("heading", level=1)).to_contain_text("is nearest", timeout=30_000)
        assert seen.page.get_by_test_id("stProgress").count() == 0
        seen.assert_calm()
