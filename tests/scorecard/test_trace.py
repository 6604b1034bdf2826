"""From a printed key to its row: ids whole and short, table and key, keys of a briefing; and what has no row."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from scorecard.commands.record.trace import app
from scorecard.evidence.tracing import NothingTraced, trace
from scorecard.store import Store
from tests.pages.conftest import example_runs

DAY = date(2026, 11, 25)


@pytest.fixture
def store(published: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The published record with example runs, as the command line sees it."""
    published.append(example_runs(published, DAY), action="forecast", actor="a test")
    monkeypatch.setenv("SCORECARD_STORE", published.address)
    return published


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_a_run_leads_to_its_draws_threshold_and_criteria(store: Store) -> None:
    run = example_runs(store, DAY)[0]
    with store.view() as now:
        (found,) = [one for one in trace(now, run.id) if one.table == "forecast_runs"]
    assert found.draws == run.draws_sha256
    assert {run.threshold, *run.criteria} <= set(found.leads_to)
    assert found.by == "a test"


def test_a_criterion_leads_to_its_source(store: Store) -> None:  # a fixture
    text = told("criteria/openai_high.p80_40h")
    assert "source: OpenAI Preparedness Framework, version 2 https://" in text
    assert "leads to: openai.pf2.ai_self_improvement.high, metr_p80_horizon" in text
    (plain,) = json.loads(told("criteria/openai_high.p80_40h", "--json"))
    assert plain["row"]["level"] == 2400


def test_keys_of_a_briefing_are_traced_to_their_rows(store: Store) -> None:
    run = told("F1", "--as-of", DAY.isoformat(), "--json")
    assert json.loads(run)[0]["row"]["threshold"] in {one.threshold for one in example_runs(store, DAY)}
    assert told("S1", "--as-of", DAY.isoformat()).startswith("sources/")


def test_what_has_no_row_is_told_with_the_forms_of_keys(store: Store) -> None:
    with store.view() as now, pytest.raises(NothingTraced, match="table/key, such as criteria/"):
        trace(now, "nothing")
