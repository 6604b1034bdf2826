"""The Forecasts page: any run on record, two beside each other, month by month, what the date leans on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from forecasts import runs
from scorecard import jobs
from scorecard.records import QUICK
from scorecard.store import Store
from tests.pages.conftest import HIGH, example_runs
from tests.pages.test_pages import opened


def add_quick(store: Store) -> None:
    """Quick runs of two earlier days beside the sampled one of today."""
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        made = [replace(run, id=f"quick-{run.id}", model=QUICK) for run in example_runs(store, day)]
        store.append(made, action="forecast", actor="a test")


def test_the_newest_sampled_run_answers_and_another_can_stand_beside_it(filled: Store) -> None:
    add_quick(filled)
    at = opened("forecasts.py", threshold=HIGH)
    assert not at.exception
    assert at.subheader[0].value.startswith("Median ")
    labels = at.selectbox(key="run").options
    assert len(labels) == 3
    assert "pool, approximated" not in labels[0]
    quick = next(value for value in at.selectbox(key="beside").options if "1 September 2026" in value)
    at.selectbox(key="beside").select(quick).run()
    assert "in the run beside it" in at.subheader[0].value
    table = next(d.value for d in at.dataframe if "weight" in d.value.columns)
    assert set(table["as of"]) == {date(2026, 9, 1), datetime.now(UTC).date()}


def test_months_on_record_are_drawn_and_more_can_be_asked_for(filled: Store) -> None:
    at = opened("forecasts.py", threshold=HIGH)
    assert any("Fewer than two days" in c.value for c in at.caption)
    add_quick(filled)
    at = opened("forecasts.py", threshold=HIGH)
    assert not any("Fewer than two days" in c.value for c in at.caption)
    next(b for b in at.button if b.label == "Forecast the past twelve months").click().run()
    assert any(job.arguments[:2] == ("forecasts", "history") for job in jobs.everything(filled))


def test_a_run_that_is_not_there_says_so(filled: Store) -> None:
    at = opened("forecasts.py", threshold=HIGH, run="nothing")
    assert not at.exception
    assert "not on record" in at.subheader[0].value


def test_any_some_and_all_criteria_stand_under_the_mixture(filled: Store) -> None:
    """By a quick run with draws of its own; the dependence can be moved and stands in the address."""
    day = date(2026, 6, 1)
    (run,) = runs.run(filled, runs.Request(as_of=day, thresholds=(HIGH,), method="quick"))
    at = opened("forecasts.py", threshold=HIGH, run=run.id)
    assert not at.exception
    table = next(d.value for d in at.dataframe if "criteria met" in d.value.columns)
    assert list(table["criteria met"]) == ["mixed by weight (quoted)", "any", "all"]
    assert any("2 of 3 criteria" in c.value for c in at.caption)
    at.slider(key="dependence").set_value(0.0).run()
    apart = next(d.value for d in at.dataframe if "criteria met" in d.value.columns)
    assert apart["in 12 months"].iloc[1] >= table["in 12 months"].iloc[1]
    assert apart["in 12 months"].iloc[2] <= table["in 12 months"].iloc[2]


def test_crossed_determined_and_published_stand_under_the_crossing_that_is_quoted(filled: Store) -> None:
    """By a quick run with draws of its own; the developer's caution can be moved and opens from the address."""
    (run,) = runs.run(filled, runs.Request(as_of=date(2026, 6, 1), thresholds=(HIGH,), method="quick"))
    at = opened("forecasts.py", threshold=HIGH, run=run.id)
    assert not at.exception
    table = next(d.value for d in at.dataframe if "date" in d.value.columns)
    assert list(table["date"]) == ["crossed, as quoted", "crossed", "determined", "published"]
    assert table["median"].iloc[0] == run.result["q50"]
    assert table["already"].iloc[3] == 0
    said = next(c.value for c in at.caption if "exploratory: caution and lags" in c.value)
    assert "on 23 April 2026 its developer said" in said
    at.slider(key="caution").set_value(6.0).run()
    early = next(d.value for d in at.dataframe if "date" in d.value.columns)
    assert early["already"].iloc[1] < table["already"].iloc[1]
    again = opened("forecasts.py", threshold=HIGH, run=run.id, caution="6.0")
    assert early.equals(next(d.value for d in again.dataframe if "date" in d.value.columns))
