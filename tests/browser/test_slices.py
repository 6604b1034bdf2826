"""What each of the three users came for, end to end: priors changed, a briefing taken away, a decision kept."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import TimeoutError, expect

from scorecard.records import POOL, Decision, ForecastRun, PriorSet
from tests.browser.app import App
from tests.browser.watched import Watched

HIGH = "openai.pf2.ai_self_improvement.high"
RECORD = f"/threshold?threshold={HIGH}&tab=record"
ASSUMPTIONS = f"/threshold?threshold={HIGH}&tab=assumptions"
SLOWER = "metr_p80_horizon:pace=doubling_days(150,190,240)"
REFIT_SECONDS = 1200  # patience for a cold process on a busy machine


def test_changed_priors_move_the_forecast_and_are_kept_as_a_proposal(seen: Watched, app: App) -> None:
    """The researcher believes in a doubling time of about half a year."""
    with app.store.view() as now:
        before = {prior_set.id for prior_set in now.all(PriorSet)}
    page = seen.page
    seen.open(f"{ASSUMPTIONS}&prior={SLOWER}")
    page.get_by_label("Name of the prior set").fill("Slower than the last two years")
    page.get_by_role("textbox", name="Your name").last.fill("a researcher")
    page.get_by_label("Reason, so that a colleague can judge it").fill(
        "Growth of compute slows after 2026, so the pace of 2019 to 2023 is the better guide."
    )
    page.get_by_role("button", name="Save as a proposal and refit").click()
    expect(page.get_by_text("Refitting with the changed priors").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("proposed by a researcher").first).to_be_visible(timeout=REFIT_SECONDS * 1000)
    seen.settle()
    expect(page.get_by_text("Dashed: the standing priors.").first).to_be_visible()

    with app.store.view() as now:
        (made,) = [p for p in now.all(PriorSet) if p.id not in before]
        runs = now.all(ForecastRun, threshold=HIGH, model=POOL)
    assert made.name == "Slower than the last two years"
    assert made.author == "a researcher"
    # First forecasts and sampled ones are both on record, and those of other days: the newest of a day is quoted.
    *_, changed = (run for run in runs if run.prior_set == made.id)
    *_, standing = (run for run in runs if run.prior_set in before and run.as_of == changed.as_of)
    assert changed.quoted.p_12_months < standing.quoted.p_12_months

    page.reload()
    seen.settle()
    expect(page.get_by_text("proposed by a researcher").first).to_be_visible()
    expect(page.get_by_role("heading", name="The newest proposal")).to_be_visible()
    seen.picture("threshold-changed-priors")


def test_a_prior_set_without_a_reason_is_refused(seen: Watched) -> None:
    seen.open(f"{ASSUMPTIONS}&prior={SLOWER}")
    seen.page.get_by_label("Name of the prior set").fill("Hunch")
    seen.page.get_by_role("button", name="Save as a proposal and refit").click()
    refusal = seen.page.get_by_text("A prior set needs a reason")
    expect(refusal).to_be_visible(timeout=REFIT_SECONDS * 1000)
    seen.page.reload()
    seen.settle()
    expect(refusal).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "suffix"), [("One page (PDF)", "pdf"), ("CSV", "csv"), ("JSON", "json"), ("XLSX", "xlsx")]
)
def test_the_briefing_can_be_taken_away(
    seen: Watched, app: App, tmp_path: Path, label: str, suffix: str
) -> None:
    seen.open("/")
    with seen.page.expect_download(timeout=60_000) as started:
        seen.page.get_by_role("button", name=label, exact=True).click()
    assert started.value.suggested_filename.endswith(f".{suffix}")
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    content = path.read_bytes()
    match suffix:
        case "pdf":
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
        case "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert len(rows) > 18
            assert any("OpenAI" in cell for row in rows for cell in row)
        case "json":
            assert HIGH in json.dumps(json.loads(content))
        case _:
            with ZipFile(io.BytesIO(content)) as book:
                assert book.testzip() is None
                assert "xl/workbook.xml" in book.namelist()


def test_a_decision_is_recorded_with_its_run_and_found_after_a_reload(seen: Watched, app: App) -> None:
    page = seen.page
    seen.open(RECORD)
    seen.unfold("Record a decision")
    _choose(seen, "Finding", "Cannot rule out")
    page.get_by_label("Decision", exact=True).fill(
        "Hold internal deployment until the safeguards are reviewed."
    )
    page.get_by_label("Reason", exact=True).fill("The forecast is close and the reading is five months old.")
    page.get_by_label("Dissent (who, and why; optional)").fill("One member finds the criterion too loose.")
    page.get_by_role("textbox", name="Decided by").fill("the chair")
    page.get_by_role("button", name="Record the decision").click()
    made = page.get_by_text("Hold internal deployment until the safeguards are reviewed.")
    expect(made.first).to_be_visible(timeout=20_000)

    with app.store.view() as now:
        (decision,) = now.all(Decision, threshold=HIGH)
        standing = [r for r in now.all(ForecastRun, threshold=HIGH) if r.prior_set == "default"]
    assert decision.forecast_run in {run.id for run in standing}
    assert decision.finding == "cannot_rule_out"
    assert decision.dissent

    page.reload()
    seen.settle()
    expect(made.first).to_be_visible()
    expect(page.get_by_text(f"rests on forecast run {decision.forecast_run[:12]}").first).to_be_visible()
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible()
    seen.picture("threshold-decision")


def _choose(seen: Watched, label: str, option: str) -> None:
    """Pick from a list as a person does, who clicks again when the page moved and the list closed."""
    wanted = seen.page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        seen.page.get_by_label(label).click()
        with suppress(TimeoutError):
            wanted.click(timeout=3000)
            return
    raise AssertionError(f"the list {label!r} never offered {option!r}")


def test_a_decision_without_a_reason_is_refused(seen: Watched, app: App) -> None:
    seen.open(RECORD)
    with app.store.view() as now:
        before = now.all(Decision)
    seen.unfold("Record a decision")
    _choose(seen, "Finding", "Not crossed")
    seen.page.get_by_label("Decision", exact=True).fill("Do nothing.")
    seen.page.get_by_role("button", name="Record the decision").click()
    expect(seen.page.get_by_text("A decision needs reason")).to_be_visible()
    with app.store.view() as now:
        assert now.all(Decision) == before
    seen.page.reload()
    seen.settle()
