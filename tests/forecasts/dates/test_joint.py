"""Any, some or all criteria of a run, counted in the worlds of its draws; and its draws by criterion."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecasts.dates.joint import JointError, by_criterion, every_rule, parts
from forecasts.series import day
from tests.scorecard.examples import run

AS_OF = date(2026, 1, 1)
ON = 4.0  # years since 2024-01-01, within the horizon


def stored(**columns: list[object]) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


def test_criteria_are_read_by_measurement_and_count_equally_where_only_their_combination_weighs() -> None:
    asked = replace(run(as_of=AS_OF), criteria=("a", "b"))
    draws = stored(
        criterion=["a + b", "a + b", "a", "a", "b", "b"],
        time=[2.0, ON, 1.0, ON, 2.0, np.inf],
        weight=[0.9, 0.1, 0.0, 0.0, 0.0, 0.0],
        measured=[0.25, 0.75, 0.0, 0.0, 0.0, 0.0],
    )
    found = by_criterion(asked, draws)
    assert {id: one.weight.tolist() for id, one in found.items()} == {"a": [0.5, 0.5], "b": [0.5, 0.5]}
    assert found["b"].p_beyond == 0.5
    assert [name for name, (_, weight) in parts(asked, draws).items() if weight > 0] == ["a + b"]
    assert parts(asked, draws)["a + b"][0].weight.tolist() == [0.25, 0.75]  # without the finding


def test_draws_from_before_findings_counted_weigh_as_they_stand() -> None:
    asked = replace(run(as_of=AS_OF), criteria=("a", "b"))
    draws = stored(criterion=["a", "a", "b"], time=[1.0, 2.0, 3.0], weight=[0.2, 0.6, 0.2])
    assert by_criterion(asked, draws)["a"].weight == pytest.approx([0.25, 0.75])
    assert {name: weight for name, (_, weight) in parts(asked, draws).items()} == pytest.approx(
        {"a": 0.8, "b": 0.2}
    )


def test_any_and_all_are_the_first_and_the_last_in_each_world() -> None:
    asked = replace(run(as_of=AS_OF), criteria=("a", "b", "c"))
    times = [[1.0, ON, np.inf, ON], [2.0, ON + 1, ON, np.inf], [ON + 1, ON, ON, np.inf]]
    draws = stored(
        criterion=[name for name in "abc" for _ in range(4)],
        time=[t for row in times for t in row],
        weight=[1 / 12] * 12,
        measured=[1 / 12] * 12,
        world=[0, 1, 2, 3] * 3,
    )
    found = every_rule(asked, draws)
    assert [one.rule for one in found] == ["any", "2 of 3", "all"]
    assert [one.crossing.p_by(day(ON)) for one in found] == [1.0, 0.75, 0.0]
    assert found[-1].crossing.p_beyond == 0.5
    assert found[-1].as_data()["q90"] is None


def test_what_has_nothing_to_combine_is_refused_in_a_sentence() -> None:
    asked = replace(run(as_of=AS_OF), criteria=("a", "b"))
    old = stored(criterion=["a", "b"], time=[1.0, 3.0], weight=[0.2, 0.8])
    with pytest.raises(JointError, match="has to be made again"):
        every_rule(asked, old)
