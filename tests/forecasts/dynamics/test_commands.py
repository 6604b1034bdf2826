"""dynamics, automation, next-evaluation, oversight and milestones as a person at a terminal meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests import doors
from tests.doors import Said
from tests.shared_stores import copy_store

ROOT = Path(__file__).parents[3]
DAY = ("--as-of", "2026-11-21")


type Say = Callable[..., Said]


@pytest.fixture(scope="module")
def built(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published facts, without a forecast."""
    return copy_store(published_folder, tmp_path_factory.mktemp("store")).path


@pytest.fixture
def say(built: Path) -> Say:
    """Run `python -m PACKAGE ARGUMENTS` in this process, through its own entry point."""

    def run(package: str, *arguments: str) -> Said:
        return doors.say(import_module(f"{package}.__main__").main, built, package, *arguments)

    return run


def told(say: Say, *arguments: str) -> Any:
    result = say(*arguments, *DAY, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_dynamics_tells_the_loop_its_thresholds_and_its_errors(say: Say) -> None:
    found = told(say, "forecasts", "dynamics", "--paths", "1000")
    assert "exploratory" in found["status"]
    assert [one["threshold"] for one in found["thresholds"]][:2] == [
        "openai.pf2.ai_self_improvement.critical",
        "anthropic.rsp3_4.automated_rd.acceleration",
    ]
    for one in found["thresholds"]:
        chances = list(one["scenario_p_by"].values())
        assert chances == sorted(chances)
        assert all(a <= b for a, b in zip(chances, one["scenario_p_by_speed_alone"].values(), strict=True))
    assert {"r", "p_above_one", "p_dies_out", "p_runaway", "drift"} <= set(found["errors"])
    assert len(found["drivers"]["drivers"]) > 10
    assert len(found["fans"]["progress"]["dates"]) == len(found["fans"]["progress"]["q50"])


def test_the_same_seed_prints_the_same_and_a_held_value_moves_it(say: Say) -> None:
    asked = ("forecasts", "dynamics", "--paths", "500", "--seed", "7")
    once, again = told(say, *asked), told(say, *asked)
    assert once == again
    bound = told(say, *asked, "--set", "sigma=0.05")
    assert bound["fixed"] == {"sigma": 0.05}
    assert (
        bound["thresholds"][1]["scenario_p_beyond_horizon"]
        > once["thresholds"][1]["scenario_p_beyond_horizon"]
    )


def test_what_is_typed_wrong_is_told_in_a_sentence(say: Say) -> None:
    for arguments, words in (
        (("dynamics", "--set", "returns=high"), "write PARAM=VALUE"),
        (("dynamics", "--set", "reutrns=1"), "no parameter 'reutrns'"),
        (("automation", "--salary", "lots"), "write LOW-HIGH"),
        (("dynamics", "--as-of", "2019-01-01"), "pick a later day"),
    ):
        result = say("forecasts", *arguments)
        assert result.returncode != 0
        assert words in result.stderr
        assert "Traceback" not in result.stderr


def test_automation_tells_the_multiplier_adoption_and_costs(say: Say) -> None:
    found = told(say, "forecasts", "automation")
    assert 1.2 < found["uplift"]["now"]["q50"] < 2.5
    assert len(found["uplift"]["sources"]) == 13
    assert {c["stage"] for c in found["costs"]} == {
        "ideas",
        "code",
        "review",
        "debugging",
        "experiments",
        "analysis",
    }
    assert found["salary_usd"] == [295000, 445000]
    assert found["amdahl"]["bound"] < 2
    words = say("forecasts", "automation", *DAY).stdout
    assert "all but 1 agree with one rising value; still apart: Claude Mythos Preview" in words


def test_next_evaluation_prices_results_and_names_what_is_stale(say: Say) -> None:
    found = told(say, "forecasts", "next-evaluation", "--threshold", "openai.pf2.ai_self_improvement.high")
    priced = [row for row in found["options"] if "narrowing_years" in row]
    assert {row["indicator"] for row in priced} >= {"metr_p50_horizon", "metr_p80_horizon"}
    assert max(row["narrowing_years"] for row in priced) > 0
    assert all(row["due"] for row in found["retests"])


def test_oversight_and_milestones_print_both_ways(say: Say) -> None:
    areas = told(say, "scorecard", "oversight")
    assert areas["missing"]["red_team_cyber"]
    assert all(one["bar_is"] == "proposed by this project" for one in areas["indicators"])
    words = say("scorecard", "oversight", *DAY).stdout
    assert "Reasoning that can be read" in words
    rows = {row["id"]: row for row in told(say, "scorecard", "milestones")}
    assert rows["altman_intern_2026"]["outcome"] == "declared"
    assert rows["clark_2028"]["probability"] == 0.6
    assert "[declared] Sam Altman" in say("scorecard", "milestones", *DAY).stdout
