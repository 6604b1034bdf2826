"""The Priors page: a changed belief moves the dates at once, stands in the address, and can be taken back."""

from __future__ import annotations

import time

from scorecard import jobs
from scorecard.jobs import ForecastJob
from scorecard.records import Criterion, Override
from scorecard.store import Store
from scorecard.thresholds.standing import standing
from tests.pages.conftest import HIGH
from tests.pages.test_pages import opened

PASSED = "meta.aasf2.loc1.checkpoint"  # two hours of work, which METR's 80 % horizon has left behind
PACE = "metr_p80_horizon:pace-typed"
SLOWER = "metr_p80_horizon:pace=doubling_days(150, 190, 240)"


def test_a_slower_trend_puts_the_date_off(shown: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, prior=SLOWER)
    assert not at.exception
    assert " months later (" in at.subheader[0].value
    assert at.text_input(key=PACE).value == "150 / 190 / 240"
    assert any("Moves every model of this indicator" in c.value for c in at.caption)
    at.session_state["behind"] = True  # as a click on the expander does
    at.run()
    table = next(d.value for d in at.dataframe if "contraction" in d.value.columns)
    assert set(table["model"]) == {"Rises and levels"}
    assert {"pace", "doubling_days"} <= set(table["parameter"])


def test_a_prior_of_shapes_says_what_was_asked_and_moves_no_date_where_shapes_weigh_nothing(
    shown: Store,
) -> None:
    at = opened(
        "threshold.py", tab="assumptions", threshold=HIGH, prior="growth=doubling_days(300, 400, 500)"
    )
    assert not at.exception
    assert any("asked 10 % at 300" in c.value for c in at.caption)
    assert "the median hardly moves" in at.subheader[0].value


def test_a_changed_number_goes_into_the_address_and_undo_takes_it_out(shown: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH)
    assert "Change an assumption to see it move" in at.subheader[0].value
    at.text_input(key=PACE).input("90 days or so").run()
    assert "write it as 90 ± 20" in at.error[0].value
    assert "prior" not in at.query_params
    at.text_input(key=PACE).input("400 ± 200").run()
    assert not at.error
    assert at.query_params["prior"] == "metr_p80_horizon:pace=doubling_days(200, 400, 600)"
    assert "With these assumptions" in at.subheader[0].value
    next(b for b in at.button if b.label.startswith("Undo metr")).click().run()
    assert "prior" not in at.query_params or at.query_params["prior"] == []
    assert "Change an assumption to see it move" in at.subheader[0].value


def test_what_cannot_be_is_said_and_can_be_left(shown: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, prior="scatter=normal(0, 1)")
    assert not at.exception
    assert "reaches below zero" in at.error[0].value
    next(b for b in at.button if b.label == "Start again from the prior set").click().run()
    assert not at.error


def test_a_proposal_needs_a_name_and_then_refits_in_the_background(filled: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, prior=SLOWER)
    at.text_area(key="set_reason").input("The pace before 2023 is the better guide.")
    next(b for b in at.button if b.label == "Save as a proposal and refit").click().run()
    assert "a name" in at.error[0].value
    at.text_input(key="set_name").input("Slower")
    next(b for b in at.button if b.label == "Save as a proposal and refit").click().run()
    (job,) = [job for job in jobs.everything(filled) if isinstance(job.work, ForecastJob) and job.work.named]
    assert isinstance(job.work, ForecastJob)
    assert job.work.overrides == (Override.parse(SLOWER),)
    assert job.work.thresholds == (HIGH,)


def test_a_day_without_a_forecast_says_so(filled: Store) -> None:
    """A store of its own: the page starts the day's forecasts, and what can be forecast is stored within seconds."""
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, as_of="2025-05-01")
    assert not at.exception
    assert "has no measurement known on 2025-05-01" in at.subheader[0].value
    assert any("Choose a later day" in i.value for i in at.info)


HARDER = "openai_high.p80_40h:level=9600"


def test_a_harder_level_puts_the_date_off_and_can_be_undone(shown: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH)
    before = at.subheader[0].value
    at.number_input(key="openai_high.p80_40h-level").set_value(9600.0).run()
    assert not at.exception
    assert at.query_params["measure"] == HARDER
    assert "With these assumptions the median comes" in at.subheader[0].value
    assert " months later (" in at.subheader[0].value
    next(b for b in at.button if b.label.startswith("Undo level 9600")).click().run()
    assert at.subheader[0].value == before
    assert at.number_input(key="openai_high.p80_40h-level").value == 2400


def test_a_changed_criterion_is_proposed_in_the_place_of_the_one_in_use(filled: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, measure=HARDER)
    next(b for b in at.button if b.label == "Propose the changed criteria").click().run()
    assert "a reason of at least a sentence" in at.error[0].value
    at.text_input(key="set_author").input("a researcher")
    at.text_area(key="set_reason").input("A month of work is what the text means by a task.")
    next(b for b in at.button if b.label == "Propose the changed criteria").click().run()
    assert not at.exception
    with filled.view() as now:
        made = now.get(Criterion, id="openai_high.p80_40h.2")
        old = now.get(Criterion, id="openai_high.p80_40h")
        assert old in standing(now, Criterion)
    assert (made.level, made.supersedes, made.author) == (9600, old.id, "a researcher")
    assert (made.gap, made.weight, made.indicator) == (old.gap, old.weight, old.indicator)


def test_a_row_says_what_its_changes_do_by_themselves_and_takes_them_back(shown: Store) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=HIGH, prior="halts=fixed(0.4)", measure=HARDER)
    assert not at.exception
    assert at.number_input(key="halts-typed").value == 0.4
    assert sum(m.value.startswith("By itself: ") and " months later" in m.value for m in at.markdown) == 2
    at.button(key="undo-stall").click().run()
    assert not at.query_params.get("prior")
    assert at.query_params["measure"] == HARDER
    next(b for b in at.button if b.label == "Undo all changes").click().run()
    assert not at.query_params.get("measure")
    assert "Change an assumption to see it move" in at.subheader[0].value
    at.number_input(key="halts-typed").set_value(0.0).run()
    assert at.query_params["prior"] == "halts=fixed(0)"
    assert " months earlier (" in at.subheader[0].value


def test_where_nothing_moves_a_date_that_is_past_it_is_said_and_the_rows_tell_the_chance(
    shown: Store,
) -> None:
    at = opened("threshold.py", tab="assumptions", threshold=PASSED)
    while any("Changing one assumption after another" in c.value for c in at.caption):
        time.sleep(0.5)
        at.run()
    assert not at.exception
    (said,) = (m.value for m in at.markdown if "moves the median" in m.value)
    assert said.startswith("Nothing that was tried moves the median by half a month: it is past.")
    drawn = [h for h in at.get("html") if "lean" in h.proto.body]
    assert not any('class="lean' in h.proto.body for h in drawn), "an empty picture is not drawn"
    rows = [e.label for e in at.expander if e.label.startswith("**")]
    told = [label for label in rows if "within 12 months" in label]
    assert len(told) >= 4, rows
    assert "% to" in told[0], "the one that moves the chance most is on top"
