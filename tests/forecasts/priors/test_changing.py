"""Beliefs about an indicator's pace: read, kept in a set, mapped into every shape, and moving nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasts.priors.changing import changed_priors
from forecasts.priors.sets import priors_of, read_prior_set
from forecasts.runs.request import Request
from forecasts.runs.run import preview
from scorecard.clock import YEAR
from scorecard.places import DATA
from scorecard.records import Override, PriorError
from scorecard.store import Store

BASE = read_prior_set(DATA / "priors" / "default.yaml")
DOUBLING = "metr_p50_horizon:pace=doubling_days(64, 90, 116)"


def test_a_belief_about_a_pace_is_read_kept_and_read_back() -> None:
    override = Override.parse(DOUBLING)
    assert str(override) == DOUBLING
    changed = changed_priors(BASE, [override])
    pace = changed.priors.settings.paces["metr_p50_horizon"]
    assert pace.median == pytest.approx(YEAR / 90)
    kept = changed.as_set(
        BASE, name="faster", author="a researcher", reason="seen", known_at=date(2026, 11, 30)
    )
    assert priors_of(kept).settings.paces == changed.priors.settings.paces


def test_it_is_the_growth_of_shapes_on_that_indicator_and_after_a_break_the_pace_after() -> None:
    priors = changed_priors(BASE, [Override.parse(DOUBLING)]).priors
    line = priors.on("metr_p50_horizon", "loglinear", 1.0)["growth"]
    assert float(line.frozen.median()) == pytest.approx(YEAR / 90)
    broken, before = priors.on("metr_p50_horizon", "breakpoint", 1.0), priors.of("breakpoint")["growth"]
    assert broken["growth"] == before
    after = float(before.frozen.median()) * np.exp(float(broken["change"].frozen.median()))
    assert after == pytest.approx(YEAR / 90)
    assert priors.on("cobench", "loglinear", 1.0) == priors.of("loglinear")


@pytest.mark.parametrize(
    "wrong", ["m:growth=quantiles(1, 2, 3)", "m:pace=normal(1, 1)", "m:pace=quantiles(-1, 2, 3)"]
)
def test_what_no_pace_can_be_is_refused(wrong: str) -> None:
    with pytest.raises(PriorError):
        changed_priors(BASE, [Override.parse(wrong)])


def test_a_belief_that_the_readings_rule_out_is_refused_and_drops_nothing(published: Store) -> None:
    slow = Override.parse("metr_p50_horizon:pace=doubling_days(1800, 2000, 2200)")
    asked = Request(
        as_of=date(2026, 11, 30), thresholds=("microsoft.fgf2026.autonomy.critical",), overrides=(slow,)
    )
    with pytest.raises(PriorError, match="almost nothing in common"):
        preview(published, asked)


def test_a_faster_doubling_moves_what_rests_on_it_and_nothing_else(published: Store) -> None:
    """64 / 90 / 116 days on METR's 50 % horizon: Microsoft Critical sooner, Meta's row (80 %) as it was."""
    two = ("microsoft.fgf2026.autonomy.critical", "meta.aasf2.loc1.autonomous_rd")
    asked = Request(as_of=date(2026, 11, 30), thresholds=two)
    plain = {run.threshold: run.quoted for run in preview(published, asked)}
    moved = {
        run.threshold: run.quoted
        for run in preview(published, replace(asked, overrides=(Override.parse(DOUBLING),)))
    }
    assert moved[two[0]].p_by(date(2029, 12, 31)) > plain[two[0]].p_by(date(2029, 12, 31)) + 0.05
    assert moved[two[1]].cdf == plain[two[1]].cdf
    assert any("belief and readings conflict" in note for note in moved[two[0]].notes)


def test_a_number_of_the_set_is_fixed_kept_and_read_back() -> None:
    base = read_prior_set(DATA / "priors" / "default.yaml")
    asked = [Override.parse(text) for text in ("halts=fixed(0.3)", "loglinear.weight=fixed(1)")]
    changed = changed_priors(base, asked)
    kept = changed.as_set(base, name="n", author="a researcher", reason="r", known_at=date(2026, 11, 1))
    again = priors_of(kept).settings
    assert again.halts == 0.3 != priors_of(base).settings.halts
    assert again.weights["loglinear"] == 1 != priors_of(base).settings.weights["loglinear"]
    assert again == changed.priors.settings
    assert [Override.parse(str(one)) for one in asked] == asked


@pytest.mark.parametrize(
    "wrong",
    [
        "halts=fixed(9)",
        "growth=fixed(1)",
        "halts=fixed(0.1, 0.2)",
        "saturated.weight=fixed(1)",
        "headline.weight=fixed(0)",
        "metr_p80_horizon:pace=fixed(1)",
    ],
)
def test_what_no_number_of_the_set_can_be_is_refused(wrong: str) -> None:
    with pytest.raises(PriorError):
        changed_priors(read_prior_set(DATA / "priors" / "default.yaml"), [Override.parse(wrong)])
