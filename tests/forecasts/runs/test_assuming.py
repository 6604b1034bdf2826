"""What-ifs of how a threshold is measured: the date moves as it must, nothing is stored, and nonsense is refused."""

from __future__ import annotations

from datetime import date

import pytest

from forecasts.runs.request import Request
from forecasts.runs.run import preview
from scorecard.records import ChangedMeasure, ForecastRun, PriorError
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
