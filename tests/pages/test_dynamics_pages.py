"""Automation, Loop and errors, Oversight and Milestones: answers on top, sources behind, sliders that move them.

And one answer a threshold: every chance of a crossing by a day that is printed anywhere is the one its row quotes. What
another argument says (the scenarios of the loop) bears another name, with its weight in the row beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.briefings.content.build import build
from scorecard.clock import plus_months, today
from scorecard.store import Store
from scorecard.words import chance_in_words
from screens.loop import SCENARIOS, SCORECARD
from tests import doors
from tests.pages.test_pages import opened


def table(at: AppTest, column: str) -> object:
    return next(d.value for d in at.dataframe if column in d.value.columns)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("automation", "times as fast"),
        ("loop", "AI speeds up AI research, but each gain probably brings a smaller one"),
        ("oversight", "Oversight is behind its own bars"),
        ("milestones", "public goals and forecasts"),
    ],
)
def test_each_page_answers_first_and_lists_its_sources(shown: Store, page: str, said: str) -> None:
    at = opened("scored.py" if page == "milestones" else "explore.py", tab=page)
    assert not at.exception
    assert not at.error
    assert said in at.header[0].value
    assert at.expander[-1].label.startswith("Sources (")
    assert at.expander[-1].label != "Sources (0)"


def test_a_held_assumption_moves_the_loop(shown: Store) -> None:
    """Compute that thinking cannot replace: doubled progress becomes far less likely than where it can."""
    at = opened("explore.py", tab="loop")
    at.multiselect(key="held").select("sigma").run()
    at.slider(key="held_sigma").set_value(0.1).run()
    bound = table(at, "asks for")["scenarios, not by 2040"].tolist()  # type: ignore[index]
    at.slider(key="held_sigma").set_value(3.0).run()
    free = table(at, "asks for")["scenarios, not by 2040"].tolist()  # type: ignore[index]
    assert not at.exception
    assert all(b > f for b, f in zip(bound, free, strict=True))


def test_a_blind_monitor_lets_errors_multiply_more_often(shown: Store) -> None:
    at = opened("explore.py", tab="loop")
    before = at.header[0].value
    at.slider(key="caught").set_value(0.05).run()
    assert not at.exception
    blind = table(at, "P(multiplying)")["P(multiplying)"].iloc[0]  # type: ignore[index]
    at.slider(key="caught").set_value(0.95).run()
    sharp = table(at, "P(multiplying)")["P(multiplying)"].iloc[0]  # type: ignore[index]
    assert blind > sharp
    assert "Errors that nobody notices probably die out" in before
    assert not re.search(r"\bG\b|R\\_e", before), "a board reads no symbols in a headline"
    assert any(r"R\_e about" in c.value for c in at.caption)


def test_a_dear_agent_puts_off_the_day_on_which_it_is_cheaper(shown: Store) -> None:
    at = opened("explore.py", tab="automation")
    cheap = table(at, "stage")["stage"]  # type: ignore[index]
    assert "Code" in cheap.tolist()
    before = table(at, "P(cheaper already)")["P(cheaper already)"].sum()  # type: ignore[index]
    at.slider(key="agent_price").set_value(200).run()
    assert not at.exception
    assert table(at, "P(cheaper already)")["P(cheaper already)"].sum() < before  # type: ignore[index]


def test_coding_being_all_of_research_raises_the_bound(shown: Store) -> None:
    at = opened("explore.py", tab="automation")
    assert any("at most 1.47 times" in m.value for m in at.markdown)
    at.slider(key="coding").set_value(1.0).run()
    assert any("at most 5.00 times" in m.value for m in at.markdown)


def test_the_tracker_names_organisation_stage_and_source(shown: Store) -> None:
    found = table(opened("explore.py", tab="automation"), "kind of evidence")
    assert {"OpenAI", "Anthropic", "Google"} <= set(found["organisation"])  # type: ignore[index]
    assert {"Ideas", "Code", "Experiments", "Debugging"} <= set(found["stage"])  # type: ignore[index]
    assert found["address"].notna().all()  # type: ignore[index]


def test_oversight_races_capability_and_says_what_is_missing(shown: Store) -> None:
    at = opened("explore.py", tab="oversight")
    assert "capability probably comes first for" in at.header[0].value
    assert any("cyber misuse" in c.value for c in at.caption)
    tables = [d.value for d in at.dataframe if "proposed bar" in d.value.columns]
    assert len(tables) >= 10
    assert all(t["capability comes first"].dropna().between(0, 1).all() for t in tables)


def test_milestones_put_ours_beside_theirs(shown: Store) -> None:
    at = opened("scored.py", tab="milestones")
    found = table(at, "theirs")
    clark = found[found["who"] == "Jack Clark"].iloc[0]  # type: ignore[index]
    assert clark["theirs"] == "at least 60 %"
    wehner = found[found["event"].str.contains("High determination")].iloc[0]  # type: ignore[index]
    assert 0 < wehner["ours by the same day"] < 1
    at.toggle(key="observations").set_value(True).run()
    assert len(table(at, "theirs")) > len(found)  # type: ignore[arg-type]


def test_a_day_before_any_horizon_says_so(shown: Store) -> None:
    for page in ("loop", "automation"):
        at = opened("explore.py", tab=page, as_of="2019-01-02")
        assert not at.exception
        assert "Nothing can be said about this day" in at.header[0].value
    for page in ("oversight", "milestones"):
        at = opened("scored.py" if page == "milestones" else "explore.py", tab=page, as_of="2019-01-02")
        assert not at.exception
        assert at.header[0].value.startswith("No ")


type Claim = tuple[str, str, float]  # threshold, day, chance of a crossing by then


def claims(told: Any, soon: str, about: str = "") -> Iterator[Claim]:
    """Every chance of a crossing by a day in plain values, with the threshold that it is about."""
    if isinstance(told, list):
        for one in told:
            yield from claims(one, soon, about)
    if not isinstance(told, dict):
        return
    named = told.get("threshold")
    about = named if isinstance(named, str) else about
    argued = [name for name in told if name.startswith("scenario_")]
    assert not argued or {"argument", "weight"} <= set(told), (
        f"{argued}: what says so, and with which weight?"
    )
    for name, value in told.items():
        if name == "p_12_months" and value is not None:
            p = value["value"] if isinstance(value, dict) else value
            yield about, soon, p
        elif name == "p_by" and isinstance(value, dict):
            yield from ((about, on, p) for on, p in value.items())
        elif name not in ("by_measurement", "voices"):  # named components, and words
            yield from claims(value, soon, about)


def second_values(found: list[Claim]) -> list[tuple[Claim, float]]:
    """Claims that say something else than the first one about the same threshold and day."""
    first: dict[tuple[str, str], float] = {}
    return [
        ((threshold, on, p), first[threshold, on])
        for threshold, on, p in found
        if abs(first.setdefault((threshold, on), p) - p) > 1e-9
    ]


def told(store: Store, package: str, *words: str) -> Any:
    said = doors.say(import_module(f"{package}.__main__").main, store.path, package, *words, "--json")
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_every_door_prints_one_chance_of_a_crossing_by_a_day(shown: Store) -> None:
    soon = plus_months(today(), 12).isoformat()
    rows = told(shown, "scorecard", "status", "--no-run")
    loop = told(shown, "forecasts", "dynamics", "--paths", "500")
    staff = told(shown, "forecasts", "automation")
    briefing = json.loads(json.dumps(build(shown, as_of=today()).as_json(), default=str))
    found = [claim for one in (rows, loop, staff, briefing) for claim in claims(one, soon)]
    assert second_values(found) == []
    paced = {one["threshold"] for one in loop["thresholds"] if one["quoted"]}
    assert {threshold for threshold, *_ in claims(loop, soon)} == paced
    assert {one["weight"] for one in loop["thresholds"]} == {0.0}
    assert {t for t, *_ in claims(briefing, soon)} >= {r["threshold"] for r in rows if r["p_12_months"]}

    by = {(threshold, on): p for threshold, on, p in found}
    page = opened("explore.py", tab="loop")
    assert not page.exception
    table = next(d.value for d in page.dataframe if "asks for" in d.value.columns)
    shown_here = [name for name in table.columns if name.startswith(SCORECARD)]
    assert shown_here
    for one, (_, line) in zip(loop["thresholds"], table.iterrows(), strict=True):
        assert line["weight of scenarios"] == 0
        for name in shown_here:
            expected = by.get((one["threshold"], name.removeprefix(SCORECARD)))
            assert expected is None or line[name] == pytest.approx(expected)
        assert all(f"{SCENARIOS}{name.removeprefix(SCORECARD)}" in line for name in shown_here)
    for threshold in paced:
        answer = opened("threshold.py", threshold=threshold)
        assert not answer.exception
        said = chance_in_words(by[threshold, soon])
        assert answer.header[0].value.startswith(f"{said} within 12 months"), (threshold, said)


def test_a_second_value_is_found() -> None:
    soon = date(2027, 1, 1).isoformat()
    rows = [{"threshold": "a", "p_12_months": 0.3, "p_by": {"2028-01-01": 0.5}}]
    other = {"thresholds": [{"threshold": "a", "p_by": {soon: 0.6, "2028-01-01": 0.5}}]}
    found = [*claims(rows, soon), *claims(other, soon)]
    assert second_values(found) == [(("a", soon, 0.6), 0.3)]
    with pytest.raises(AssertionError, match="with which weight"):
        list(claims({"threshold": "a", "scenario_p_by": {soon: 0.6}}, soon))
