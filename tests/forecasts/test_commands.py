"""`preparedness forecast priors` as a person at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

from forecasts.__main__ import main
from tests import doors
from tests.doors import Said


def say(store: Path, *arguments: str) -> Said:
    return doors.say(main, store, "forecasts", "priors", *arguments)


def test_a_prior_set_is_proposed_compared_adopted_by_another_and_withdrawn(tmp_path: Path) -> None:
    store = tmp_path / "scorecard.duckdb"
    listed = json.loads(say(store, "list", "--json").stdout)
    assert [row["id"] for row in listed if row["in_use"]] == ["default"]

    made = say(
        store,
        "propose",
        "--prior",
        "growth=doubling_days(240, 300, 380)",
        "--name",
        "Slower",
        "--by",
        "a researcher",
        "--reason",
        "The pace before 2023 is the better guide.",
    )
    assert made.returncode == 0, made.stderr
    (new,) = [row for row in json.loads(say(store, "list", "--json").stdout) if row["name"] == "Slower"]
    assert (new["author"], new["standing"], new["in_use"]) == ("a researcher", "proposed", False)
    changed = json.loads(say(store, "diff", "default", new["id"], "--json").stdout)
    assert {key.partition(".")[2] for row in changed for key in row["keys"]} == {"growth"}
    assert all(row["old"] != row["new"] for row in changed)

    own = say(store, "adopt", new["id"], "--by", "a researcher", "--reason", "Mine.")
    assert own.returncode == 1
    assert "somebody else has to decide" in own.stderr
    assert "Traceback" not in own.stderr
    assert say(store, "adopt", new["id"], "--by", "the chair", "--reason", "Agreed.").returncode == 0
    shown = say(store, "show", new["id"]).stdout
    assert "adopted by the chair" in shown
    assert "loglinear.growth" in shown
    assert [row["id"] for row in json.loads(say(store, "list", "--json").stdout) if row["in_use"]] == [
        new["id"]
    ]

    assert say(store, "withdraw", new["id"], "--by", "a researcher", "--reason", "Too soon.").returncode == 0
    assert json.loads(say(store, "show", new["id"], "--json").stdout)["standing"] == "withdrawn"


def test_what_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    store = tmp_path / "scorecard.duckdb"
    unknown = say(store, "show", "nothing")
    assert unknown.returncode == 1
    assert "nothing" in unknown.stderr
    wrong = say(
        store, "propose", "--prior", "growth=normal(0, -1)", "--name", "n", "--reason", "one two three four"
    )
    assert wrong.returncode == 1
    assert "growth" in wrong.stderr or "normal" in wrong.stderr
    assert "Traceback" not in unknown.stderr + wrong.stderr
