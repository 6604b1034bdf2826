"""Every page by Streamlit's own harness: no exception, no error box, the answer on top, faults in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.records import Decision
from scorecard.store import Store
from tests.pages.conftest import HIGH, example_track

APP = Path(__file__).parents[2] / "app.py"
PAGES = [path.name for path in sorted((APP.parent / "pages").glob("*.py"))]


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    if page != "scorecard.py":
        at.run()
        at.switch_page(f"pages/{page}")  # which forgets the query, so it is set afterwards
    for name, value in query.items():
        if name != "as_of":
            at.query_params[name] = value
    at.run()
    if "as_of" in query:  # the day is set as a person would: the harness does not bind dates to the query
        at.date_input(key="as_of").set_value(date.fromisoformat(query["as_of"])).run()
    return at


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_a_title_and_no_error(filled: Store, page: str) -> None:
    at = opened(page)
    assert not at.exception
    assert not at.error
    assert at.title[0].value
    assert at.subheader[0].value


def test_the_scorecard_answers_first(filled: Store) -> None:
    at = opened("scorecard.py")
    assert at.subheader[0].value.startswith("Of ")
    words = " ".join(m.value for m in at.markdown)
    assert "OpenAI" in words
    assert "Anthropic" in words


def test_a_past_day_shows_the_vintage_of_then(filled: Store) -> None:
    at = opened("evidence.py", as_of="2026-01-31", indicator="metr_p50_horizon")
    assert not at.exception
    table = next(d.value for d in at.dataframe if "vintage" in d.value.columns)
    gpt5 = table[table["system"] == "GPT-5"]
    assert len(gpt5) == 1
    assert 213 < float(gpt5["value"].iloc[0]) < 215


def test_a_day_before_any_evidence_says_so(filled: Store) -> None:
    at = opened("evidence.py", as_of="2019-01-02")
    assert not at.exception
    assert "pick a later day" in at.error[0].value


def test_an_unknown_threshold_says_so(filled: Store) -> None:
    at = opened("threshold.py", threshold="nowhere.high")
    assert not at.exception
    assert "no threshold 'nowhere.high'" in at.error[0].value


def test_a_damaged_store_says_what_to_do(filled: Store) -> None:
    filled.path.write_bytes(b"this is not a database" * 1000)
    at = opened("scorecard.py")
    assert not at.exception
    assert "scorecard init" in at.error[0].value


def test_a_missing_store_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for a day on which nothing could be forecast, so that no fit is started."""
    store = Store(tmp_path / "new.duckdb")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    at = opened("scorecard.py", as_of="2019-01-02")
    assert not at.exception
    assert store.exists()


def test_a_decision_is_recorded_and_bound_to_the_run_on_screen(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH)
    at.selectbox(key="finding").select("cannot_rule_out")
    at.text_input(key="decision_text").input("Hold internal deployment.")
    at.text_area(key="decision_reason").input("The forecast is close.")
    at.text_input(key="decided_by").input("the chair")
    next(b for b in at.button if b.label == "Record the decision").click().run()
    assert not at.exception
    assert not at.error
    with filled.view() as now:
        (made,) = now.all(Decision)
    assert made.decision == "Hold internal deployment."
    assert made.forecast_run.startswith(f"example-{HIGH}")
    again = opened("threshold.py", threshold=HIGH)
    assert any("Hold internal deployment" in m.value for m in again.markdown)


def test_a_decision_without_a_reason_is_refused(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH)
    at.text_input(key="decision_text").input("Hold internal deployment.")
    next(b for b in at.button if b.label == "Record the decision").click().run()
    assert "needs a finding" in at.error[0].value
    at.selectbox(key="finding").select("cannot_rule_out")
    next(b for b in at.button if b.label == "Record the decision").click().run()
    assert "needs reason" in at.error[0].value
    with filled.view() as now:
        assert now.all(Decision) == []


def test_a_prior_set_needs_a_reason(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH)
    at.text_input(key="set_name").input("Slower")
    next(b for b in at.button if b.label == "Save as a proposal and refit").click().run()
    assert "a reason" in at.error[0].value


def test_a_backtest_stands_beside_the_dates_and_has_its_page(filled: Store) -> None:
    assert any("not on record yet" in c.value for c in opened("threshold.py", threshold=HIGH).caption)
    filled.append([example_track()], action="backtest", actor="a test")
    captions = [c.value for c in opened("threshold.py", threshold=HIGH).caption]
    assert any("5 months late at 6 months ahead (7 dates)" in text for text in captions)
    at = opened("track_record.py", indicator="metr_p80_horizon")
    assert "0.50 times the error of a straight line since 2023" in at.subheader[0].value
    assert "90 % of what happened" in at.subheader[0].value
    table = next(d.value for d in at.dataframe if "CRPS" in d.value.columns)
    assert list(table["model"]) == ["Equal pool", "Straight line since 2023"]
