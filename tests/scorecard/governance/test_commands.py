"""The commands of a meeting, run in one process on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scorecard import commands
from scorecard.governance.decisions import decide
from scorecard.governance.tripwires import read_condition
from scorecard.people import this_machine
from scorecard.records import Decision, Firing, ProbabilityCondition, Report, SignOff, Tripwire
from scorecard.store import Store, StoreError
from tests.doors import joined
from tests.scorecard.examples import run

type Say = Callable[..., str]
HIGH = ("--threshold", "lab.high")


@pytest.fixture
def say(store: Store, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run a command and return its standard output; an error is raised as it is."""
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    store.append([run()], action="forecast", actor="a test")
    app = joined(commands)

    def said(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return said


def as_json(text: str) -> Any:
    return json.loads(text)


def test_a_meeting_from_end_to_end(say: Say, store: Store) -> None:
    by = ("--by", "the chair")
    made = as_json(
        say("meeting", "schedule", "--on", "2026-02-01", "--attendee", "a researcher", *by, "--json")
    )
    assert (made["id"], made["state"]) == ("2026-02-01", "scheduled")
    opened = as_json(say("meeting", "open", *by, "--json"))
    items = as_json(say("meeting", "agenda", "--json"))
    assert items == opened["agenda"]
    assert "moved/lab.high" in {item["key"] for item in items}
    shaping = ("meeting", "agenda", "--item", "moved/lab.high", *by)
    assert "moved/lab.high]  (dropped)" in say(*shaping, "--move", "drop")
    assert "(dropped, 10 minutes)" in say(*shaping, "--minutes", "10")
    say("meeting", "minutes", "--item", "moved/lab.high", "--words", "We looked.", "--by", "a researcher")
    assert "Minute: We looked." in say("meeting", "minutes")
    closed = as_json(say("meeting", "close", "--summary", "Carry on.", "--sign", *by, "--json"))
    content = say("snapshot", "show", closed["snapshot"][:12], "--json")
    assert content == store.files.get(f"{closed['snapshot'][:24]}.json", closed["snapshot"]).decode()
    assert as_json(say("snapshot", "verify", closed["snapshot"], "--json"))["sound"]
    with store.view() as now:
        assert [s.name for s in now.all(SignOff)] == ["the chair"]


def test_a_decision_with_all_that_belongs_to_it(say: Say, store: Store) -> None:
    say(
        "decide",
        *HIGH,
        "--finding",
        "look_deeper",
        "--decision",
        "Hold.",
        "--reason",
        "Close.",
        "--run",
        run().id,
        "--although",
        "It moved by a day.",
        "--by",
        "the chair",
        "--option",
        "Hold",
        "--option",
        "Ship",
        "--vote",
        "the chair=hold",
        "--vote",
        "a researcher=ship",
        "--tripwire",
        "P(lab.high by 2027-02-01) > 0.5",
        "--capability",
        "evaluations=one",
        "--capability",
        "elicitation=two",
        "--capability",
        "limits=three",
        "--safeguards",
        "finding=insufficient",
        "--safeguards",
        "residual_risk=high",
    )
    with store.view() as now:
        (made,), (wire,) = now.all(Decision), now.all(Tripwire)
        assert len(now.all(Report)) == 3
    assert made.votes == {"the chair": "hold", "a researcher": "ship"}
    assert made.options == ("Hold", "Ship")
    assert isinstance(wire.condition, ProbabilityCondition)
    assert wire.condition.value == 0.5


def test_criteria_are_proposed_compared_and_adopted_by_another(say: Say) -> None:
    proposed = as_json(
        say(
            "criteria",
            "propose",
            "three-hours",
            *HIGH,
            "--indicator",
            "horizon",
            "--level",
            "180",
            "--level-sd",
            "1",
            "--rationale",
            "Three hours is what was asked for.",
            "--source",
            "paper",
            "--supersedes",
            "horizon-40h",
            "--by",
            "a researcher",
            "--json",
        )
    )
    assert [r["system"] for r in proposed["reclassified"]] == ["two"]
    assert as_json(say("criteria", "diff", "horizon-40h", "three-hours", "--json"))["reached_only_by_to"] == [
        "two"
    ]
    with pytest.raises(Exception, match="somebody else"):
        say("criteria", "adopt", "three-hours", "--reason", "mine", "--by", "a researcher")
    assert "adopted by the chair" in say(
        "criteria", "adopt", "three-hours", "--reason", "agreed", "--by", "the chair"
    )


def test_safeguards_stand_against_the_clock(say: Say) -> None:
    planned = as_json(
        say(
            "safeguards",
            "plan",
            "weights",
            "--threshold",
            "lab.high",
            "--name",
            "Weights",
            "--obligation",
            "security",
            "--owner",
            "the security lead",
            "--starts",
            "2026-02-01",
            "--ready",
            "2027-02-01,2027-02-01,2027-02-01",
            "--json",
        )
    )
    assert as_json(say("safeguards", "list", "--threshold", "lab.high", "--json")) == [planned]
    assert as_json(say("safeguards", "show", "weights", "--json")) == planned
    assert "Weights (planned; the security lead): ready 2027-02-01" in say("safeguards", "list")
    asked = ("safeguards", "lead", "lab.high", "--as-of", "2026-02-01", "--tolerance")
    found = as_json(say(*asked, "0.2", "--json"))
    assert found["together"]["p_before_ready"] == pytest.approx(0.18, abs=1e-6)
    assert found["together"]["latest_start"] == "2026-05-03"  # 20 % is reached a quarter of a year later
    assert "too late" in say(*asked, "0.05")


def test_a_decision_and_a_snapshot_are_signed_once_each(say: Say) -> None:
    decision = ("--finding", "not_crossed", "--decision", "Carry on.", "--reason", "So.", "--run", run().id)
    with pytest.raises(StoreError, match="older than its evidence"):
        say("decide", *HIGH, *decision)
    made = as_json(say("decide", *HIGH, *decision, "--although", "It moved by a day.", "--json"))
    signed = as_json(say("sign", made["id"], "--statement", "As decided.", "--by", "the chair", "--json"))
    assert (signed["subject"], signed["identity"]) == (f"decisions/{made['id']}", "typed by hand")
    assert "another researcher" in say(
        "sign", signed["snapshot"], "--statement", "Seen.", "--by", "another researcher"
    )
    with pytest.raises(StoreError, match="has signed snapshot"):
        say("sign", made["id"], "--statement", "Again.", "--by", "the chair")


def test_a_snapshot_of_a_day(say: Say) -> None:
    made = as_json(say("snapshot", "save", "--as-of", "2026-02-01", "--text", "As seen.", "--json"))
    assert "As seen." in say("snapshot", "show", made["id"])
    with pytest.raises(Exception, match="no forecast of nowhere"):
        say("snapshot", "save", "--threshold", "nowhere", "--as-of", "2026-02-01")


def test_an_import_fires_the_tripwires_that_it_trips(say: Say, store: Store, tmp_path: Path) -> None:
    with store.view() as now:
        wire = read_condition("revised horizon", now)
    decide(
        store,
        actor=this_machine("the chair"),
        threshold="lab.high",
        finding="not_crossed",
        decision="Carry on.",
        reason="Far off.",
        forecast_run=run().id,
        although="It moved by a day.",
        tripwires=[wire],
        today=date(2026, 3, 10),
    )
    table, mapping = tmp_path / "correction.csv", tmp_path / "mapping.yaml"
    table.write_text("system,observed_on,value,vintage\none,2025-03-01,75,2026-04\n", encoding="utf-8")
    mapping.write_text(
        "rows: measurements\ncolumns: {system: system, observed_on: observed_on, value: value, vintage: vintage}\n"
        "constants: {indicator: horizon}\n",
        encoding="utf-8",
    )
    arguments = ("import", "generic", str(table), "--mapping", str(mapping), "--source", "paper")
    told = as_json(say(*arguments, "--known-at", "2026-04-01", "--json"))
    assert told["fired"] == ["1 reading of horizon known at the decision was corrected"]
    with store.view() as now:
        (firing,) = now.all(Firing)
    assert firing.tripwire == f"{firing.decision}-1"
    assert as_json(say(*arguments, "--known-at", "2026-04-01", "--json"))["fired"] == [], "it is noted once"
