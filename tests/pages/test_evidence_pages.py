"""The System and Source pages: everything known of one system, and what would change without one source."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scorecard.evidence.names import merge
from scorecard.evidence.readings.left_out import left_out_words
from scorecard.governance.proposals import rule
from scorecard.people import Actor, this_machine
from scorecard.records import Adjustment, Indicator, Measurement
from scorecard.store import Store
from screens.frame.text import escaped
from tests.pages.conftest import HIGH
from tests.pages.test_pages import opened


def table(at: AppTest, column: str) -> pd.DataFrame:
    return next(d.value for d in at.dataframe if column in d.value.columns)


def test_a_system_shows_every_vintage_of_every_reading(shown: Store) -> None:
    at = opened("explore.py", tab="systems", system="gpt_5")
    assert not at.exception
    assert not at.error
    assert at.header[0].value.startswith("GPT-5 (OpenAI, 7 August 2025) has ")
    with shown.view() as now:
        own = now.all(Measurement, system="gpt_5")
        names = {i.id: i.name for i in now.all(Indicator)}
    assert len(table(at, "vintage")) == len(own)
    assert f"has {len(own)} readings" in at.header[0].value
    places = table(at, "level with or ahead of")
    assert set(places["indicator"]) == {names[m.indicator] for m in own}


def test_a_system_on_a_past_day_has_what_was_known_then(shown: Store) -> None:
    then = opened("explore.py", tab="systems", system="gpt_5", as_of="2026-01-31")
    now = opened("explore.py", tab="systems", system="gpt_5")
    assert 0 < len(table(then, "vintage")) < len(table(now, "vintage"))
    horizon = (
        table(now, "best when released").set_index("indicator").loc["METR 50% time horizon (software tasks)"]
    )
    assert horizon["best when released"]
    assert not horizon["best so far"]
    assert horizon["furthest reading"] == "3.38 h"


def test_metrs_80_percent_horizon_says_how_it_did_on_tasks_left_out(shown: Store) -> None:
    """Where it is read: on its own view and under the criteria of a threshold that names it, and nowhere else."""
    words = escaped(left_out_words(["metr_p80_horizon"], date.max))
    page = opened("evidence.py", indicator="metr_p80_horizon")
    criteria = opened("threshold.py", tab="evidence", threshold=HIGH)
    for at in (page, criteria):
        assert not at.exception
        assert any(c.value.endswith(words) for c in at.caption)
    other = opened("evidence.py", indicator="metr_p50_horizon")
    assert not any("left out" in c.value for c in other.caption)


def test_a_merge_brings_the_readings_together(filled: Store) -> None:
    with filled.view() as now:
        sizes = {id: len(now.all(Measurement, system=id)) for id in ("gpt_5", "o3")}
    merge(filled, "o3", "gpt_5", actor=this_machine("a researcher"), reason="a test of merging")
    at = opened("explore.py", tab="systems", system="gpt_5")
    assert len(table(at, "vintage")) == sum(sizes.values())
    gone = opened("explore.py", tab="systems", system="o3")
    assert "no system 'o3'" in gone.error[0].value


@pytest.mark.parametrize(("page", "query"), [("systems", "system"), ("sources", "source")])
def test_an_unknown_id_in_the_address_says_so(shown: Store, page: str, query: str) -> None:
    at = opened("explore.py", tab=page, **{query: "nowhere"})
    assert not at.exception
    assert "'nowhere'" in at.error[0].value
    assert "pick one at the top" in at.error[0].value


@pytest.mark.parametrize(
    ("page", "said"), [("systems", "No system was known"), ("sources", "No source was known")]
)
def test_a_day_before_everything_says_so(shown: Store, page: str, said: str) -> None:
    at = opened("explore.py", tab=page, as_of="2019-01-01")
    assert not at.exception
    assert said in at.error[0].value


def test_a_source_that_a_forecast_reads_shows_the_forecast_without_it(shown: Store) -> None:
    with shown.view() as now:
        rests = now.all(Measurement, source="metr_th11_2026_05_08")
        names = {i.id: i.name for i in now.all(Indicator)}
    at = opened("explore.py", tab="sources", source="metr_th11_2026_05_08", threshold=HIGH)
    assert not at.exception
    assert not at.error
    assert at.header[0].value.startswith(f"{len(rests)} readings of ")
    lost = table(at, "fitted without it").set_index("indicator")
    assert set(lost.index) == {names[m.indicator] for m in rests}
    assert lost["readings from it"].sum() == len(rests)
    both = table(at, "median")
    assert list(both[""]) == ["with it", "without it"]
    assert both["within 12 months"].nunique() == 2
    assert any("Without it the median " in m.value for m in at.markdown)


def test_a_source_of_a_framework_has_no_reading_and_says_what_it_has(shown: Store) -> None:
    at = opened("explore.py", tab="sources", source="amazon_fmsf", as_of=date(2026, 11, 1).isoformat())
    assert not at.exception
    assert not at.error
    assert at.header[0].value.startswith("No reading rests on Amazon Frontier Model Safety Framework")
    assert len(at.subheader) == 0


def test_a_value_is_checked_on_the_import_page_before_it_is_stored(filled: Store) -> None:
    at = opened("evidence.py", tab="import")
    with filled.view() as now:
        before = len(now.all(Measurement))
    at.selectbox(key="entry_indicator").set_value("metr_p50_horizon")
    at.selectbox(key="entry_system").set_value("GPT-5")
    at.selectbox(key="entry_source").set_value("metr_th11_2026_05_08")
    at.text_input(key="entry_value").input("much")
    next(b for b in at.button if b.label == "Check").click().run()
    assert not at.exception
    assert list(table(at, "expected")["found"]) == ["'much'"]
    assert not [b for b in at.button if b.key == "entry_store"]
    at.text_input(key="entry_value").input("200")
    at.text_input(key="entry_vintage").input("read again")
    next(b for b in at.button if b.label == "Check").click().run()
    assert list(table(at, "as vintage")["now"]) == ["200"]
    with filled.view() as now:
        assert len(now.all(Measurement)) == before, "checking stores nothing"
    at.button(key="entry_store").click().run()
    assert at.success[0].value.startswith("Stored as entry ")
    with filled.view() as now:
        assert now.all(Measurement)[-1].value == 200.0


def test_an_adjusted_reading_stands_beside_the_published_one(filled: Store) -> None:
    at = opened("evidence.py", indicator="metr_p50_horizon")
    at.number_input(key="adjust_Value").set_value(100.0)
    at.text_area(key="adjust_reason").set_value("Its runs with cheating count as failures here.")
    next(b for b in at.button if b.label == "Propose the adjustment").click().run()
    assert not at.error
    assert "somebody else rules on it" in at.success[0].value
    with filled.view() as now:
        (one,) = now.all(Adjustment)
    other = Actor(name="the chair", identity="typed by hand", role="chair")
    rule(filled, "adjustments", one.id, "adopted", actor=other, reason="Agreed.")
    at = opened("evidence.py", indicator="metr_p50_horizon")
    table = at.dataframe[0].value
    row = table[table["read as"] != ""].iloc[0]
    assert row["value"] != 100.0
    assert row["why"].startswith("Contamination: Its runs")
