"""The commands: watchlist and its looks, the inbox, and a refresh that starts the forecasts of what moved."""

from __future__ import annotations

import json
import os
import signal
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorecard import commands, jobs
from scorecard.commands.evidence import refresh as command
from scorecard.evidence import facts
from scorecard.jobs import ForecastJob
from scorecard.places import DATA
from scorecard.records import InboxItem, Look
from scorecard.store import Store
from tests.doors import joined
from tests.scorecard.importers.files import METR
from tests.scorecard.refresh.server import serving

RUNNER = CliRunner()


@pytest.fixture
def built(empty: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    facts.build(empty, DATA)
    monkeypatch.setenv("SCORECARD_STORE", empty.address)
    return empty


def told(*arguments: str) -> str:
    result = RUNNER.invoke(joined(commands), list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_look_moves_the_day_that_silence_is_vouched_for(built: Store) -> None:
    before = json.loads(told("watchlist", "list", "--json"))
    told("watchlist", "looked", "metr_posts", "--found", "0", "--by", "a researcher")
    after = json.loads(told("watchlist", "list", "--json"))
    reaches = {w["id"]: w["reaches"] for w in after["watched"]}
    assert reaches["metr_posts"] > {w["id"]: w["reaches"] for w in before["watched"]}["metr_posts"]
    assert after["searched_to"] == before["searched_to"]  # the others were not looked at again


def test_what_is_in_the_inbox_is_dealt_with_for_a_reason(built: Store) -> None:
    item = InboxItem(
        id="metr_feed-1",
        watched="metr_posts",
        title="A review",
        address="https://example.org",
        published_on=date(2026, 11, 1),
        state="seen",
        handled_by="refresh",
        known_at=date(2026, 11, 1),
    )
    built.append([item], action="refresh", actor="a test")
    assert "A review" in told("inbox", "list")
    told("inbox", "read", "metr_feed-1")
    assert RUNNER.invoke(joined(commands), ["inbox", "set-aside", "metr_feed-1"]).exit_code != 0
    told("inbox", "entered", "metr_feed-1", "--reason", "an assessment")
    assert "A review" not in told("inbox", "list")
    with built.view() as now:
        assert len(now.history(InboxItem, id="metr_feed-1")) == 3


def test_a_changed_file_starts_the_forecasts_that_read_it(
    built: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving() as served:
        served.files["/results.yaml"] = METR.encode()
        listed = (
            f"- {{id: metr_th11, address: '{served.address}/results.yaml', kind: results, format: metr,"
            f" hosts: ['{served.host}']}}\n...\n"
        )
        (tmp_path / "refresh.yaml").write_text(listed, encoding="utf-8")
        monkeypatch.setattr(command, "DATA", tmp_path)
        first = json.loads(told("refresh", "--new-systems", "--json"))
        again = json.loads(told("refresh", "--new-systems", "--json"))
    assert (first["sources"][0]["state"], again["sources"][0]["state"]) == ("changed", "unchanged")
    job = jobs.by_id(built, first["refit"])
    assert job is not None
    assert isinstance(job.work, ForecastJob)
    assert "metr_p50_horizon" in job.work.indicators
    assert again["refit"] is None
    with built.view() as now:
        assert any(look.watched == "metr_horizons" and look.note == "fetched" for look in now.all(Look))
    os.killpg(job.pid, signal.SIGTERM)  # it was started; what it finds is for the tests of forecasts
