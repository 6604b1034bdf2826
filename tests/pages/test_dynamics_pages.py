"""Automation, Loop and errors, Oversight and Milestones: answers on top, sources behind, sliders that move them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.store import Store
from tests.pages.test_pages import opened


def table(at: AppTest, column: str) -> object:
    return next(d.value for d in at.dataframe if column in d.value.columns)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("automation.py", "times as fast"),
        ("loop.py", "The loop amplifies"),
        ("oversight.py", "Oversight is behind its own bars"),
        ("milestones.py", "public goals and forecasts"),
    ],
)
def test_each_page_answers_first_and_lists_its_sources(filled: Store, page: str, said: str) -> None:
    at = opened(page)
    assert not at.exception
    assert not at.error
    assert said in at.subheader[0].value
    assert at.expander[-1].label.startswith("Sources (")
    assert at.expander[-1].label != "Sources (0)"


def test_a_held_assumption_moves_the_loop(filled: Store) -> None:
    """Compute that thinking cannot replace: doubled progress becomes far less likely than where it can."""
    at = opened("loop.py")
    at.multiselect(key="held").select("sigma").run()
    at.slider(key="held_sigma").set_value(0.1).run()
    bound = table(at, "asks for")["not by 2040"].tolist()  # type: ignore[index]
    at.slider(key="held_sigma").set_value(3.0).run()
    free = table(at, "asks for")["not by 2040"].tolist()  # type: ignore[index]
    assert not at.exception
    assert all(b > f for b, f in zip(bound, free, strict=True))


def test_a_blind_monitor_lets_errors_multiply_more_often(filled: Store) -> None:
    at = opened("loop.py")
    before = at.subheader[0].value
    at.slider(key="caught").set_value(0.05).run()
    assert not at.exception
    blind = table(at, "P(multiplying)")["P(multiplying)"].iloc[0]  # type: ignore[index]
    at.slider(key="caught").set_value(0.95).run()
    sharp = table(at, "P(multiplying)")["P(multiplying)"].iloc[0]  # type: ignore[index]
    assert blind > sharp
    assert "R_e" in before


def test_a_dear_agent_puts_off_the_day_on_which_it_is_cheaper(filled: Store) -> None:
    at = opened("automation.py")
    cheap = table(at, "stage")["stage"]  # type: ignore[index]
    assert "Code" in cheap.tolist()
    before = table(at, "P(cheaper already)")["P(cheaper already)"].sum()  # type: ignore[index]
    at.slider(key="agent_price").set_value(200).run()
    assert not at.exception
    assert table(at, "P(cheaper already)")["P(cheaper already)"].sum() < before  # type: ignore[index]


def test_coding_being_all_of_research_raises_the_bound(filled: Store) -> None:
    at = opened("automation.py")
    assert any("at most 1.47 times" in m.value for m in at.markdown)
    at.slider(key="coding").set_value(1.0).run()
    assert any("at most 5.00 times" in m.value for m in at.markdown)


def test_the_tracker_names_organisation_stage_and_source(filled: Store) -> None:
    found = table(opened("automation.py"), "kind of evidence")
    assert {"OpenAI", "Anthropic", "Google"} <= set(found["organisation"])  # type: ignore[index]
    assert {"Ideas", "Code", "Experiments", "Debugging"} <= set(found["stage"])  # type: ignore[index]
    assert found["address"].notna().all()  # type: ignore[index]


def test_oversight_races_capability_and_says_what_is_missing(filled: Store) -> None:
    at = opened("oversight.py")
    assert "capability probably comes first for" in at.subheader[0].value
    assert any("cyber misuse" in c.value for c in at.caption)
    tables = [d.value for d in at.dataframe if "proposed bar" in d.value.columns]
    assert len(tables) >= 10
    assert all(t["capability comes first"].dropna().between(0, 1).all() for t in tables)


def test_milestones_put_ours_beside_theirs(filled: Store) -> None:
    at = opened("milestones.py")
    found = table(at, "theirs")
    clark = found[found["who"] == "Jack Clark"].iloc[0]  # type: ignore[index]
    assert clark["theirs"] == "at least 60 %"
    wehner = found[found["event"].str.contains("High determination")].iloc[0]  # type: ignore[index]
    assert 0 < wehner["ours by the same day"] < 1
    at.toggle(key="observations").set_value(True).run()
    assert len(table(at, "theirs")) > len(found)  # type: ignore[arg-type]


def test_a_day_before_any_horizon_says_so(filled: Store) -> None:
    for page in ("loop.py", "automation.py"):
        at = opened(page, as_of="2019-01-02")
        assert not at.exception
        assert "Nothing can be said about this day" in at.subheader[0].value
    for page in ("oversight.py", "milestones.py"):
        at = opened(page, as_of="2019-01-02")
        assert not at.exception
        assert at.subheader[0].value.startswith("No ")
