"""What a date leans on, on the real facts: directions that must hold whatever the figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forecasts.leaning import Leanings, leanings
from forecasts.runs import Request, read
from scorecard.evidence import facts
from scorecard.store import Store

DATA = Path(__file__).parents[2] / "data"
HIGH = "openai.pf2.ai_self_improvement.high"  # measured by three indicators


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Leanings:
    store = Store(tmp_path_factory.mktemp("leaning") / "scorecard.duckdb")
    facts.build(store, DATA)
    request = Request(as_of=date(2026, 11, 1), thresholds=(HIGH,), method="quick")
    (one,) = leanings(read(store, request), request)
    return one


def moved(found: Leanings, assumption: str) -> dict[str, float]:
    return {
        one.value: one.months
        for one in found.found
        if one.assumption == assumption and one.months is not None
    }


def test_a_lower_level_is_reached_earlier_and_a_higher_one_later(found: Leanings) -> None:
    level = moved(found, "the level")
    assert level["at its 10 %"] < 0 < level["at its 90 %"]


def test_a_stall_puts_the_date_off(found: Leanings) -> None:
    stall = moved(found, "a stall")
    assert stall["impossible"] < 0 < stall["three times as likely"]


def test_every_shape_and_criterion_stands_alone(found: Leanings) -> None:
    assert len(moved(found, "shape")) >= 3
    assert len(moved(found, "criterion")) == 3


def test_the_largest_is_named_and_everything_is_plain_data(found: Leanings) -> None:
    most = max((one for one in found.found if one.months is not None), key=lambda one: abs(one.months or 0))
    assert f"{most.assumption} ({most.value})" in found.words
    assert {len(one.as_data()) for one in found.found} == {7}
    assert found.base.result["sensitivity"]["words"] in found.words


def test_a_threshold_without_criteria_is_left_out(found: Leanings, tmp_path: Path) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    facts.build(store, DATA)
    request = Request(
        as_of=date(2026, 11, 1), thresholds=("openai.fgf.loss_of_control.tier3",), method="quick"
    )
    assert leanings(read(store, request), request) == []
