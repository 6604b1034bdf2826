"""The Forecasts page: any run on record, two beside each other, day by day, what the date leans on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from forecasts.runs import run as runs
from forecasts.runs.request import Request
from scorecard import jobs
from scorecard.charts import as_rows, chance_history
from scorecard.charts.layout.times import Occasion
from scorecard.clock import today
from scorecard.jobs import ForecastJob, HistoryJob, Job
from scorecard.jobs.state import note_job
from scorecard.jobs.work import identity
from scorecard.records import QUICK, Criterion, ForecastRun, Measurement
from scorecard.store import Store
from scorecard.words import day_in_words, month_in_words
from screens.threshold.history import one_a_day
from tests.pages.conftest import HIGH, example_runs
from tests.pages.test_pages import opened


def add_quick(store: Store) -> None:
    """Quick runs of two earlier days beside the sampled one of today."""
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        made = [replace(run, id=f"quick-{run.id}", model=QUICK) for run in example_runs(store, day)]
        store.append(made, action="forecast", actor="a test")


def test_the_newest_sampled_run_answers_and_another_can_stand_beside_it(filled: Store) -> None:
    add_quick(filled)
    at = opened("threshold.py", tab="record", threshold=HIGH)
    assert not at.exception
    log = next(d.value for d in at.dataframe if "made" in d.value.columns)
    assert [words.partition(",")[0] for words in log["made"]] == ["sampled", "approximated", "approximated"]
    assert not [box for box in at.selectbox if box.key == "run"], "one in full is drawn once it is asked for"
    at = opened("threshold.py", tab="record", threshold=HIGH, beside="none")
    assert any(m.value.startswith("**Median ") for m in at.markdown)
    labels = at.selectbox(key="run").options
    assert len(labels) == 3
    assert "sampled" in labels[0]
    quick = next(value for value in at.selectbox(key="beside").options if "1 September 2026" in value)
    at.selectbox(key="beside").select(quick).run()
    assert any("in the run beside it" in m.value for m in at.markdown)
    table = next(d.value for d in at.dataframe if "weight" in d.value.columns)
    assert set(table["as of"]) == {date(2026, 9, 1), datetime.now(UTC).date()}


def test_the_days_on_record_are_drawn_stepped_to_and_more_can_be_asked_for(filled: Store) -> None:
    """On the tab Answer; stepping sets the page's day, and the chart of an earlier day knows no later one."""
    at = opened("threshold.py", threshold=HIGH)
    assert not at.select_slider, "one day is no history"
    assert any("Fewer than two days" in c.value for c in at.caption)
    add_quick(filled)
    at = opened("threshold.py", threshold=HIGH)
    assert any("how the chance moved" in m.value for m in at.markdown)
    assert jobs.everything(filled) == []
    stepped = at.select_slider(key="stepped")
    assert stepped.value == today()
    assert stepped.options == [day_in_words(day) for day in (date(2026, 9, 1), date(2026, 10, 1), today())]
    stepped.set_value(date(2026, 10, 1)).run()
    assert not at.exception
    assert at.date_input(key="as_of").value == date(2026, 10, 1)
    assert any("2 forecast runs" in c.value for c in at.caption)
    assert jobs.everything(filled) == [], "a day that is stepped over is not sampled"
    assert at.select_slider(key="stepped").options[-1] == day_in_words(today()), "the way back"
    next(b for b in at.button if b.label == "Forecast the past twelve months").click().run()
    assert any(isinstance(job.work, HistoryJob) for job in jobs.everything(filled))


def test_a_day_has_one_run_the_sampled_one_where_there_is_one(filled: Store) -> None:
    add_quick(filled)
    (sampled,) = [run for run in example_runs(filled, date(2026, 9, 1)) if run.threshold == HIGH]
    with filled.view() as now:
        runs_of = now.all(ForecastRun, threshold=HIGH)
    found = one_a_day([sampled, *runs_of], sampled.prior_set)
    assert [run.as_of for run in found] == [date(2026, 9, 1), date(2026, 10, 1), today()]
    assert [run.model == QUICK for run in found] == [False, True, False]
    assert one_a_day(runs_of, "another") == []


def test_what_was_found_or_decided_between_the_days_is_marked_on_them(filled: Store) -> None:
    add_quick(filled)
    with filled.view() as now:
        days = one_a_day(now.all(ForecastRun, threshold=HIGH), "default")
    events = [
        Occasion(on=on, kind=kind, name=words, words=words)
        for on, kind, words in (
            (date(2026, 9, 20), "finding", "found"),
            (date(2020, 1, 1), "finding", "before any forecast"),
            (today(), "decision", "decided"),
        )
    ]
    rows = as_rows(chance_history(days, events, as_of=today(), name="a threshold"))
    assert [row["what"] for row in rows if "what" in row] == ["found", "decided"]
    assert len([row for row in rows if "p" in row]) == len(days)


@pytest.mark.parametrize(("vintage", "same_day"), [("entered by hand", True), ("2000-01", False)])
def test_a_reading_that_no_forecast_has_read_marks_the_rows_and_starts_the_refit(
    filled: Store, vintage: str, same_day: bool
) -> None:
    """Within one run of the page, also where the reading is of today or of an older vintage than those there."""
    at = opened("board.py")
    assert not any("outdated" in one.value for one in (*at.caption, *at.header))
    assert jobs.everything(filled) == []
    with filled.view() as now:
        measured = now.all(Criterion, threshold=HIGH)[0].indicator
        newest = now.all(Measurement, indicator=measured, main=True)[-1]
    known_at = today() if same_day else newest.known_at
    late = replace(newest, value=newest.value * 1.1, low=None, high=None, vintage=vintage, known_at=known_at)
    filled.append([late], action="enter", actor="a test")
    at = opened("board.py")
    assert not at.exception
    assert "outdated and being renewed" in at.header[0].value
    marked = [c.value for c in at.caption if c.value.startswith(":orange-badge[outdated]")]
    assert marked
    assert all("older than its evidence" in one for one in marked)
    (job,) = jobs.everything(filled)
    assert job.work == ForecastJob(as_of=today(), method="both")


def test_the_refit_starts_again_for_what_came_after_it_began_and_not_otherwise(filled: Store) -> None:
    with filled.view() as now:
        newest = now.all(Measurement, indicator=now.all(Criterion, threshold=HIGH)[0].indicator)[-1]
        last = now.log()[-1].seq
    filled.append([replace(newest, vintage="entered", low=None, high=None)], action="enter", actor="a test")
    work = ForecastJob(as_of=today(), method="both")
    ended = Job(
        id=identity(work),
        work=work,
        state="done",
        share=1.0,
        message="made",
        pid=0,
        started=0.0,
        since=last + 1,
    )
    note_job(filled, ended)
    at = opened("board.py")
    assert any("the last attempt ended with: made" in i.value for i in at.info)
    assert jobs.find(filled, work) == ended
    note_job(filled, replace(ended, since=last))
    opened("board.py")
    begun = jobs.find(filled, work)
    assert begun is not None
    assert begun.state == "running"
    assert begun.since > last, "it has read the change, and perhaps what it has itself stored since"


def test_todays_assumptions_on_that_days_evidence_are_asked_for_and_said(filled: Store) -> None:
    plain = opened("board.py", as_of="2026-06-01")
    assert not any("with the assumptions of" in c.value for c in plain.caption)
    plain.toggle(key="todays").set_value(True).run()
    assert any(
        f"As of 1 June 2026, with the assumptions of {day_in_words(today())}" in c.value
        for c in plain.caption
    )
    asked = {job.work.assumptions for job in jobs.everything(filled) if isinstance(job.work, ForecastJob)}
    assert asked == {None, today()}
    assert not opened("board.py").toggle(key="rsi").disabled
    with pytest.raises(KeyError):
        opened("board.py").toggle(key="todays")


def test_a_run_that_is_not_there_says_so(shown: Store) -> None:
    at = opened("threshold.py", tab="record", threshold=HIGH, run="nothing")
    assert not at.exception
    assert any("not on record" in w.value for w in at.warning)


def test_any_some_and_all_criteria_stand_under_the_mixture(quickly_forecast: Store) -> None:
    """By a quick run with draws of its own: counted in its worlds, any is never later than all."""
    day = date(2026, 6, 1)
    (run,) = runs.run(quickly_forecast, Request(as_of=day, thresholds=(HIGH,), method="quick"))
    at = opened("threshold.py", tab="record", threshold=HIGH, run=run.id)
    assert not at.exception
    table = next(d.value for d in at.dataframe if "criteria met" in d.value.columns)
    assert list(table["criteria met"]) == [
        "as quoted",
        "as quoted, without the developer's findings",
        "any",
        "all",
    ]
    assert any("2 of 3 criteria" in c.value for c in at.caption)
    assert table["in 12 months"].iloc[-2] >= table["in 12 months"].iloc[-1]


def test_crossed_determined_and_published_stand_under_the_crossing_by_measurement(
    quickly_forecast: Store,
) -> None:
    """By a quick run with draws of its own; the developer's caution can be moved and opens from the address."""
    (run,) = runs.run(quickly_forecast, Request(as_of=date(2026, 6, 1), thresholds=(HIGH,), method="quick"))
    at = opened("threshold.py", tab="record", threshold=HIGH, run=run.id)
    assert not at.exception
    table = next(d.value for d in at.dataframe if "date" in d.value.columns)
    assert list(table["date"]) == ["crossed, by measurement alone", "crossed", "determined", "published"]
    assert run.quoted.by_measurement
    assert run.quoted.by_measurement.q50
    assert table["even odds by"].iloc[0] == month_in_words(run.quoted.by_measurement.q50)
    assert table["already"].iloc[3] == 0
    said = next(c.value for c in at.caption if "exploratory: caution and lags" in c.value)
    assert "on 23 April 2026 its developer said" in said
    at.slider(key="caution").set_value(6.0).run()
    early = next(d.value for d in at.dataframe if "date" in d.value.columns)
    assert early["already"].iloc[1] < table["already"].iloc[1]
    again = opened("threshold.py", tab="record", threshold=HIGH, run=run.id, caution="6.0")
    assert early.equals(next(d.value for d in again.dataframe if "date" in d.value.columns))
