"""What-ifs of how a threshold is measured: the date moves as it must, nothing is stored, and nonsense is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forecasts.priors.changing import changed_priors
from forecasts.runs.request import Request, store_default_priors
from forecasts.runs.run import adopting, preview
from forecasts.worlds.compared import differences
from scorecard.governance.criteria import propose_criterion
from scorecard.governance.proposals import Proposable, propose, rule, supposed
from scorecard.people import Actor
from scorecard.records import (
    ChangedMeasure,
    Criterion,
    ForecastRun,
    Indicator,
    Override,
    PriorError,
    PriorSet,
    Ruling,
)
from scorecard.store import Store

DAY = date(2026, 11, 30)
HIGH = "openai.pf2.ai_self_improvement.high"
CODING = "microsoft.fgf2026.autonomy.high"
HORIZON = "openai_high.p80_40h"


def p_12(store: Store, *texts: str, threshold: str = HIGH) -> float:
    assumed = tuple(ChangedMeasure.parse(text) for text in texts)
    (run,) = preview(store, Request(as_of=DAY, thresholds=(threshold,)), assumed=assumed)
    return run.quoted.p_12_months


def test_a_harder_level_and_a_wider_gap_are_reached_later_and_nothing_is_stored(published: Store) -> None:
    stands = p_12(published)
    assert p_12(published, f"{HORIZON}:level=9600") < stands - 0.01
    assert p_12(published, f"{HORIZON}:gap=4") < stands - 0.01
    assert p_12(published, f"{HORIZON}:level=2400") == stands
    with published.view() as now:
        assert not now.all(ForecastRun)


def test_a_rule_that_asks_for_every_route_is_met_later(published: Store) -> None:
    by_either, by_all = (
        p_12(published, f"{CODING}:rule={rule}", threshold=CODING) for rule in ("any", "all")
    )
    assert by_all < by_either


def test_weights_are_of_each_other(published: Store) -> None:
    """With nearly all of the weight on one criterion the threshold is crossed when that one says."""
    only = [f"openai_high.{name}:weight=1e-9" for name in ("debugging_90", "velocity_2x", "workdays_8")]
    assumed = tuple(map(ChangedMeasure.parse, only))
    (run,) = preview(published, Request(as_of=DAY, thresholds=(HIGH,)), assumed=assumed)
    one = run.quoted.by_criterion[HORIZON]
    assert one.weight == pytest.approx(1.0)
    assert run.quoted.p_12_months == pytest.approx(one.p_12_months, abs=0.02)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("openai_high.p80_40h:levels=3", "cannot read"),
        ("openai_high.p80_40h:level=many", "cannot read"),
        (f"{HIGH}:rule=most", "cannot read"),
        ("no_such:level=3", "no criterion 'no_such'"),
        ("no.such:rule=all", "no threshold 'no.such'"),
        ("openai_high.p80_40h:level=-5", "no place on the log2 scale"),
        ("openai_high.p80_40h:weight=0", "weight above zero"),
        ("openai_high.p80_40h:gap=nan", "level_sd, gap and gap_sd"),
    ],
)
def test_what_cannot_be_is_refused_in_words(published: Store, text: str, words: str) -> None:
    with pytest.raises(PriorError, match=words):
        p_12(published, text)


def test_a_change_is_written_as_it_is_read() -> None:
    for text in ("openai_high.p80_40h:level=2400", "a:gap_sd=0.25", f"{HIGH}:rule=all"):
        assert str(ChangedMeasure.parse(text)) == text


ONE, OTHER = (Actor(name=name, identity="typed by hand", role="chair") for name in ("one", "other"))


def proposed_set(store: Store, *changes: str) -> PriorSet:
    store_default_priors(store)
    with store.view() as now:
        base = now.get(PriorSet, id="default")
    reason = "Every release of this year doubled it in weeks."
    changed = changed_priors(base, [Override.parse(text) for text in changes])
    made = changed.as_set(base, name="Weeks", author=ONE.name, reason=reason, known_at=DAY)
    propose(store, made, ONE)
    return made


def test_what_adopting_would_do_is_what_adopting_does(published: Store) -> None:
    """The forecast that was shown before the ruling is the one that follows it; nothing is stored before."""
    made = proposed_set(published, "metr_p80_horizon:pace=doubling_days(60,80,107)", "halts=fixed(0.2)")
    with published.view() as now:
        old = now.get(Criterion, id=HORIZON)
    harder = replace(old, id="harder", level=9600.0, supersedes=HORIZON, author=ONE.name, known_at=DAY)
    propose_criterion(published, replace(harder, rationale="Forty hours are too few to speak of."), ONE)
    asked: tuple[tuple[Proposable, str], ...] = (("prior_sets", made.id), ("criteria", "harder"))
    for subject, id in asked:
        with published.view() as now:
            ruling = supposed(now, subject, id, DAY)
            rulings = now.all(Ruling)
        told = {one.threshold: one for one in adopting(published, ruling, DAY)}
        with published.view() as now:
            assert now.all(Ruling) == rulings
        rule(published, subject, id, "adopted", actor=OTHER, reason="It is as they say.", today=DAY)
        after = {run.threshold: run for run in preview(published, Request(as_of=DAY))}
        moved = told[HIGH]
        assert moved.before
        assert moved.after
        assert moved.before.quoted != moved.after.quoted
        assert {id: one.after.quoted for id, one in told.items() if one.after} == {
            id: run.quoted for id, run in after.items()
        }


def test_a_proposal_that_says_what_holds_would_move_nothing(published: Store) -> None:
    with published.view() as now:
        assert adopting(published, supposed(now, "criteria", HORIZON, DAY), DAY) == []


def test_two_prior_sets_are_told_apart_in_days_and_in_words(published: Store) -> None:
    made = proposed_set(
        published, "metr_p80_horizon:pace=doubling_days(60,80,107)", "halts=fixed(0.2)", "gap=gamma(2,1)"
    )
    with published.view() as now:
        base, indicators = now.get(PriorSet, id="default"), {i.id: i for i in now.all(Indicator)}
    told = differences(base, made, indicators, DAY)
    assert [one.about.partition(":")[0].partition(" (")[0] for one in told] == [
        "METR 80% time horizon",
        "Halts",
        told[2].about.partition(" (")[0],
    ]
    pace, halts, gap = told
    # The nearest lognormal of the pace: its median is what was typed, its ends are not quite.
    assert pace.new.startswith("80 days (80 %: 59.9 to 107)")
    assert (halts.old, halts.new) == ("0.1 a year", "0.2 a year")
    assert (
        gap.new == "1.68 standard units (80 %: 0.532 to 3.89)"
    )  # quantiles of a gamma of shape 2, by its tables
    assert len(gap.about.partition("(")[2].split(",")) > 1, "what shapes share is told once"
    assert differences(base, base, indicators, DAY) == []
