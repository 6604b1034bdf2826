"""The Priors page: a changed belief moves the dates at once, stands in the address, and can be taken back."""

from __future__ import annotations

from scorecard import jobs
from scorecard.store import Store
from tests.pages.conftest import HIGH
from tests.pages.test_pages import opened

SLOWER = "growth=doubling_days(300, 400, 500)"


def test_a_slower_trend_puts_the_date_off(filled: Store) -> None:
    at = opened("priors.py", threshold=HIGH, prior=SLOWER)
    assert not at.exception
    assert " months later (" in at.subheader[0].value
    assert any("asked 10 % at 300" in c.value for c in at.caption)
    table = next(d.value for d in at.dataframe if "contraction" in d.value.columns)
    assert {"growth", "scatter"} <= set(table["parameter"])


def test_a_changed_number_goes_into_the_address_and_undo_takes_it_out(filled: Store) -> None:
    at = opened("priors.py", threshold=HIGH)
    assert "Change a belief to see it move" in at.subheader[0].value
    at.number_input(key="growth-90").set_value(600.0).run()
    shown = ", ".join(f"{at.number_input(key=f'growth-{q}').value:g}" for q in (10, 50))
    assert at.query_params["prior"] == f"growth=doubling_days({shown}, 600)"
    assert "With these priors" in at.subheader[0].value
    next(b for b in at.button if b.label.startswith("Undo growth=")).click().run()
    assert "prior" not in at.query_params or at.query_params["prior"] == []
    assert "Change a belief to see it move" in at.subheader[0].value


def test_what_cannot_be_is_said_and_can_be_left(filled: Store) -> None:
    at = opened("priors.py", threshold=HIGH, prior="scatter=normal(0, 1)")
    assert not at.exception
    assert "reaches below zero" in at.error[0].value
    next(b for b in at.button if b.label == "Start again from the prior set").click().run()
    assert not at.error


def test_a_proposal_needs_a_name_and_then_refits_in_the_background(filled: Store) -> None:
    at = opened("priors.py", threshold=HIGH, prior=SLOWER)
    at.text_area(key="set_reason").input("The pace before 2023 is the better guide.")
    next(b for b in at.button if b.label == "Save as a proposal and refit").click().run()
    assert "a name" in at.error[0].value
    at.text_input(key="set_name").input("Slower")
    next(b for b in at.button if b.label == "Save as a proposal and refit").click().run()
    assert any("--name" in job.arguments and SLOWER in job.arguments for job in jobs.everything(filled))


def test_a_day_without_a_forecast_says_so(filled: Store) -> None:
    at = opened("priors.py", threshold=HIGH, as_of="2025-05-01")
    assert not at.exception
    assert "0 measurement(s) known on 2025-05-01" in at.subheader[0].value
    assert any("Choose a later day" in i.value for i in at.info)
