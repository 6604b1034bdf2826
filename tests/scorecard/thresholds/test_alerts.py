"""Alert levels: entered, kept and left by the rules of data/, with hysteresis, on what was made up for the purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import AlertRule
from scorecard.thresholds.alerts import LEVELS, Seen, Stand, course, rank, rules_for, step, turns

RULES = load(DATA).of(AlertRule)
CAPABILITY = rules_for(RULES, "lab.high", "capability")
SAFEGUARDS = rules_for(RULES, "lab.high", "safeguards")
START = date(2026, 1, 1)


def weekly(*chances: float | None, **more: object) -> list[Seen]:
    """A look a week at the chance within 12 months."""
    return [
        replace(Seen(on=START + timedelta(days=7 * i), p_12_months=p), **more)  # type: ignore[arg-type]
        for i, p in enumerate(chances)
    ]


def levels(stands: list[Stand]) -> list[str]:
    return [one.level for one in stands]


def test_every_level_of_both_scales_has_a_rule_an_owner_and_days() -> None:
    for scale in ("capability", "safeguards"):
        ours = [rule for rule in RULES if rule.scale == scale]
        assert {rule.level for rule in ours} == set(LEVELS) - {"normal"}
        assert all(rule.owner and rule.action and rule.within_days > 0 for rule in ours)


def test_a_rise_goes_up_level_by_level_and_says_why() -> None:
    stands = course(weekly(0.04, 0.12, 0.2, 0.34, 0.4), CAPABILITY)
    assert levels(stands) == ["normal", "watch", "watch", "warning", "warning"]
    assert stands[3].reason == "the chance within 12 months is 34 %, entered from 33 % on"
    assert stands[3].due_on == stands[3].since + timedelta(days=14)
    assert stands[4].since == stands[3].since


def test_a_figure_that_sways_about_a_line_raises_once() -> None:
    stands = course(weekly(*[0.34, 0.31] * 20), CAPABILITY)
    assert set(levels(stands)) == {"warning"}
    assert "kept from 22 % on" in stands[1].reason


def test_it_stands_down_below_the_lower_line_and_not_before_it_has_stood() -> None:
    stands = course(weekly(0.34, *[0.15] * 12), CAPABILITY)
    assert levels(stands) == ["warning"] * 8 + ["watch"] * 5  # 56 days are eight weeks
    assert "it stands until 2026-02-26 at least" in stands[1].reason
    assert stands[8].reason.startswith(
        "stood down from warning: the chance within 12 months is 15 %, below 22 %"
    )
    assert [(a.level, b.level) for a, b in turns(stands)] == [("warning", "watch")]


def test_what_cannot_be_told_changes_nothing() -> None:
    stands = course([*weekly(0.34), *weekly(*[None] * 30)[20:]], CAPABILITY)
    assert set(levels(stands)) == {"warning"}
    assert stands[-1].reason == "no forecast holds on this day, so it stands as it stood"
    assert levels(course(weekly(None), CAPABILITY)) == ["normal"]


def test_low_confidence_enters_sooner_and_leaves_no_later() -> None:
    assert levels(course(weekly(0.27, confidence="low"), CAPABILITY)) == ["warning"]
    assert levels(course(weekly(0.27, confidence="high"), CAPABILITY)) == ["watch"]


@pytest.mark.parametrize(
    ("word", "level", "named"),
    [
        ("cannot rule out", "warning", "warning"),
        ("alert reached", "warning", "warning"),
        ("treated as crossed", "reached", "reached"),
        ("crossed", "reached", "reached"),
        ("not crossed", "normal", "normal"),
    ],
)
def test_a_developers_word_counts_without_a_forecast(word: str, level: str, named: str) -> None:
    stand = step(None, Seen(on=START, word=word), CAPABILITY)
    assert (stand.level, stand.named) == (level, named)


def test_more_likely_than_not_already_is_presumed_and_a_word_confirms_it() -> None:
    seen = Seen(on=START, p_now=0.55, p_12_months=0.8)
    first = step(None, seen, CAPABILITY)
    assert first.named == "presumed reached"
    later = step(first, replace(seen, on=START + timedelta(days=30), word="crossed"), CAPABILITY)
    assert later.level == "reached"
    assert later.since == START


def test_a_developers_not_crossed_stands_a_word_down_at_once() -> None:
    first = step(None, Seen(on=START, word="cannot rule out"), CAPABILITY)
    after = step(first, Seen(on=START + timedelta(days=1), word="not crossed"), CAPABILITY)
    assert after.level == "normal"
    assert after.reason == "stood down from warning: the developer's word is “not crossed”"


def test_the_scales_part() -> None:
    """A capability far off with nobody at work on its safeguards, and a near one whose safeguards are ready."""
    far = Seen(on=START, p_12_months=0.04, p_before_ready=0.4)
    near = Seen(on=START, p_12_months=0.9, p_before_ready=0.0)
    assert (step(None, far, CAPABILITY).level, step(None, far, SAFEGUARDS).level) == ("normal", "warning")
    assert (step(None, near, CAPABILITY).level, step(None, near, SAFEGUARDS).level) == ("warning", "normal")


def test_a_thresholds_own_rule_takes_the_place_of_the_general_one_of_its_level() -> None:
    own = replace(CAPABILITY[0], id="own", threshold="lab.high", enter=0.5, enter_unsure=0.5, leave=0.4)
    rules = rules_for((*RULES, own), "lab.high", "capability")
    assert [rule.id for rule in rules if rule.level == "watch"] == ["own"]
    assert rules_for((*RULES, own), "lab.other", "capability") == CAPABILITY
    assert rank(step(None, Seen(on=START, p_12_months=0.2), rules).level) == 0
