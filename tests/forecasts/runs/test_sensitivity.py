"""What a date leans on, on the real facts: directions that must hold whatever the figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forecasts.runs.request import Request, read
from forecasts.runs.sensitivity import Leanings, leanings
from scorecard.store import Store
from tests.shared_stores import copy_store

HIGH = "openai.pf2.ai_self_improvement.high"  # measured by four indicators


@pytest.fixture(scope="module")
def found(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Leanings:
    store = copy_store(published_folder, tmp_path_factory.mktemp("leaning"))
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
    level, gap = moved(found, "the level"), moved(found, "the gap")
    assert level["at its 10 %"] < 0 < level["at its 90 %"]
    assert gap["at its 10 %"] < gap["at its 90 %"]


def test_a_stall_puts_the_date_off(found: Leanings) -> None:
    stall = moved(found, "a stall")
    assert stall["impossible"] < 0 < stall["three times as likely"]


def test_a_faster_pace_is_earlier_and_what_the_developer_found_puts_it_off(found: Leanings) -> None:
    pace = moved(found, "the pace")
    assert pace["half as fast again"] < 0 < pace["a third slower"]
    findings = moved(found, "the developer's findings")
    assert findings["not counted"] < findings["wrong in 20%"] < 0


def test_every_shape_and_criterion_stands_alone(found: Leanings) -> None:
    assert len(moved(found, "the model")) >= 4
    assert len(moved(found, "criterion")) == len(found.base.quoted.by_criterion) == 3


def test_the_largest_is_named_and_everything_is_plain_data(found: Leanings) -> None:
    most = max((one for one in found.found if one.months is not None), key=lambda one: abs(one.months or 0))
    assert f"{most.assumption} ({most.value})" in found.words
    assert {len(one.as_data()) for one in found.found} == {7}
    assert found.base.quoted.sensitivity.words in found.words


def test_a_threshold_without_criteria_is_left_out(found: Leanings, published: Store) -> None:
    request = Request(
        as_of=date(2026, 11, 1), thresholds=("openai.fgf.loss_of_control.tier3",), method="quick"
    )
    assert leanings(read(published, request), request) == []
