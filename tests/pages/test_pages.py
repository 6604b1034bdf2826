"""Every page by Streamlit's own harness: no exception, no error box, the answer on top, faults in words."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.proto.VegaLiteChart_pb2 import VegaLiteChart
from streamlit.testing.v1 import AppTest

from scorecard.charts import in_the_dark
from scorecard.charts.style import DARK, PAGE
from scorecard.clock import today
from scorecard.records import Decision
from scorecard.store import Store
from scorecard.store.engines.checkpoint import last_good
from screens.frame.navigation import moved, pages
from tests.pages.conftest import HIGH
from tests.scorecard.charts.scene import alike_in_grey, collisions, marks, too_faint
from tests.scorecard.examples import track

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 600  # seconds: only against a page that would never end
VIEWS = [(path.name, tab) for path, page in pages().items() for tab in page.tabs or ("",)]


def opened(page: str, **query: str) -> AppTest:
    """The app at one of its pages, opened as by a link, so that no other page is drawn first."""
    at = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    declared = pages()[APP.parent / "pages" / page]
    if not declared.home:
        if declared.address != Path(page).stem:  # the harness knows such an address only after a run
            at.switch_page("pages/meeting.py").run()
        at.switch_page(f"pages/{page}")  # which forgets the query, so it is set afterwards
    for name, value in query.items():
        if name != "as_of":
            at.query_params[name] = value
    at.run()
    if "as_of" in query:  # the day is set as a person would: the harness does not bind dates to the query
        at.date_input(key="as_of").set_value(date.fromisoformat(query["as_of"])).run()
    return at


def test_seven_pages_hold_everything() -> None:
    assert [page.title for page in pages().values()] == [
        "Scorecard",
        "Threshold",
        "Evidence",
        "Meeting",
        "Forecasts scored",
        "Briefing",
        "Explore",
    ]


def test_every_address_of_before_leads_to_a_tab_that_is_there() -> None:
    old = {
        "forecasts",
        "priors",
        "track_record",
        "next_evaluation",
        "import",
        "system",
        "source",
        "decisions",
    }
    old |= {"proposals", "versions", "automation", "loop", "oversight", "milestones"}
    assert set(moved()) == old
    assert all(tab in pages()[path].tabs for path, tab in moved().values())


@pytest.mark.parametrize(("page", "tab"), VIEWS)
def test_a_view_opens_with_a_title_and_an_answer_and_no_error(shown: Store, page: str, tab: str) -> None:
    at = opened(page, **({"tab": tab} if tab else {}))
    assert not at.exception
    assert not at.error
    assert at.title[0].value
    assert at.header[0].value
    charts = [spec_of(chart.proto) for chart in at.get("vega_lite_chart")]
    assert [fault for spec in charts for fault in faults(spec)] == []
    heard = [one.value for one in (*at.header, *at.subheader)]
    repeated = [title for title in (m.value.strip("*") for m in at.markdown) if title in heard]
    assert repeated == [], "a heading and the chart under it say the same"


def spec_of(proto: VegaLiteChart) -> dict[str, Any]:
    """A chart's specification as the browser has it, with the tables that travel beside it put back."""
    spec: dict[str, Any] = json.loads(proto.spec)
    named = {one.name: pa.ipc.open_stream(one.data.data).read_all().to_pylist() for one in proto.datasets}
    return {**spec, "datasets": {**spec.get("datasets", {}), **named}}


def faults(spec: dict[str, Any]) -> list[str]:
    """What is wrong with a chart at a phone's width and a desk's, and in the colours of both themes."""
    found = [
        f"{width} px: {fault}"
        for width in (190, 640, 1130)
        for fault in collisions(marks(spec, width), width)
    ]
    for page, coloured in (("#ffffff", spec), (DARK[PAGE], in_the_dark(spec))):
        drawn = marks(coloured, 640)
        found += [f"on {page}: {fault}" for fault in (*too_faint(drawn, page), *alike_in_grey(drawn, page))]
    return found


def test_the_scorecard_answers_first(shown: Store) -> None:
    at = opened("board.py")
    even = f"{today():%B} {today().year + 5}"  # the example runs' median lies five years after their day
    assert at.title[0].value.endswith(f" is nearest: 18 % within 12 months, even odds by {even}")
    assert at.header[0].value.startswith("None of 13 thresholds stand above 50 % within 12 months, ")
    assert at.header[0].value.endswith(" more that nobody can measure yet")
    words = " ".join(m.value for m in at.markdown)
    assert "OpenAI" in words
    assert "Anthropic" in words


def test_the_threshold_page_opens_on_the_one_that_the_scorecard_calls_nearest(shown: Store) -> None:
    nearest, called, _ = opened("board.py").title[0].value.partition(" is nearest")
    assert called
    assert opened("threshold.py").title[0].value == nearest


def test_a_past_day_shows_the_vintage_of_then(shown: Store) -> None:
    at = opened("evidence.py", as_of="2026-01-31", indicator="metr_p50_horizon")
    assert not at.exception
    table = next(d.value for d in at.dataframe if "vintage" in d.value.columns)
    gpt5 = table[table["system"] == "GPT-5"]
    assert len(gpt5) == 1
    assert 213 < float(gpt5["value"].iloc[0]) < 215


def test_a_day_before_any_evidence_says_so(shown: Store) -> None:
    at = opened("evidence.py", as_of="2019-01-02")
    assert not at.exception
    assert "pick a later day" in at.error[0].value


def test_an_unknown_threshold_says_so(shown: Store) -> None:
    at = opened("threshold.py", threshold="nowhere.high")
    assert not at.exception
    assert "no threshold 'nowhere.high'" in at.error[0].value


def test_a_damaged_store_says_what_to_do(filled: Store) -> None:
    shutil.rmtree(last_good(filled.path))  # with it, the store would mend itself
    filled.path.write_bytes(b"this is not a database" * 1000)
    at = opened("board.py")
    assert not at.exception
    assert "preparedness init" in at.error[0].value


def test_a_missing_store_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for a day on which nothing could be forecast, so that no fit is started."""
    store = Store(tmp_path / "new.duckdb")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    at = opened("board.py", as_of="2019-01-02")
    assert not at.exception
    assert store.exists()


def test_a_decision_is_recorded_and_bound_to_the_run_on_screen(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH, tab="record")
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
    again = opened("threshold.py", threshold=HIGH, tab="record")
    assert any("Hold internal deployment" in m.value for m in again.markdown)


def test_a_decision_without_a_reason_is_refused(shown: Store) -> None:
    at = opened("threshold.py", threshold=HIGH, tab="record")
    at.text_input(key="decision_text").input("Hold internal deployment.")
    next(b for b in at.button if b.label == "Record the decision").click().run()
    assert "needs a finding" in at.error[0].value
    at.selectbox(key="finding").select("cannot_rule_out")
    next(b for b in at.button if b.label == "Record the decision").click().run()
    assert "needs reason" in at.error[0].value
    with shown.view() as now:
        assert now.all(Decision) == []


def test_a_backtest_stands_beside_the_dates_and_has_its_page(filled: Store) -> None:
    filled.append([track()], action="backtest", actor="a test")
    shown = opened("threshold.py", threshold=HIGH)
    assert not shown.exception
    assert any("Dates like these, a year ahead, came out" in text.value for text in shown.markdown)
    at = opened("scored.py", tab="record", indicator="metr_p80_horizon")
    assert "Dates like these, a year ahead, came out" in at.header[0].value
    said = [text.value for text in at.markdown]
    assert any("0.50 times the error of a straight line since 2023" in text for text in said)
    assert any("90 % of what happened" in text for text in said)
    assert any("5 months late at 6 months ahead (7 dates)" in text for text in said)
    assert any("Leading at the value on a day" in text for text in said)
    table = next(d.value for d in at.dataframe if "CRPS" in d.value.columns)
    assert list(table["model"]) == ["Equal pool", "Straight line since 2023"]
