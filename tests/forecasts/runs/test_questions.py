"""Questions about indicators: closed forms in straight worlds, conditions, refusals in words, and the record."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

from forecasts.runs.questions import answered
from forecasts.series import years
from forecasts.worlds.asking import QuestionError, Reaches, read_level, reply
from scorecard.records import AskedQuestion
from scorecard.store import Store
from tests.forecasts.examples import AS_OF, indicator, straight_worlds

DAY = date(2027, 1, 1)


def test_a_probability_its_error_and_quantiles_are_those_of_the_line() -> None:
    worlds = straight_worlds(slope=1.0, start=3.0, spread=0.8, size=8192)
    middle = 3.0 + years(DAY)
    found = reply(worlds, Reaches(indicator="length", level=2.0**7, by=DAY), "length", DAY, None)
    assert found.probability == pytest.approx(norm.sf((7.0 - middle) / 0.8), abs=0.01)
    assert 0 < found.mcse < 0.01
    told = reply(worlds, None, "length", DAY, None).quantiles
    assert told is not None
    exact = [2.0 ** (middle + 0.8 * norm.ppf(q)) for q in (0.1, 0.5, 0.9)]
    assert [told.q10, told.q50, told.q90] == pytest.approx(exact, rel=0.02)


def test_a_condition_leaves_the_worlds_in_which_it_holds() -> None:
    worlds = straight_worlds(slope=1.0, start=3.0, spread=0.8, size=8192)
    low, high = (Reaches(indicator="length", level=2.0**up, by=DAY) for up in (6.0, 7.0))
    both, first = (reply(worlds, one, "length", DAY, None).probability for one in (high, low))
    told = reply(worlds, high, "length", DAY, low)
    assert both is not None
    assert first is not None
    assert told.given_probability == pytest.approx(first)
    assert told.probability == pytest.approx(both / first)
    with pytest.raises(QuestionError, match="too few to condition on"):
        reply(worlds, low, "length", DAY, Reaches(indicator="length", level=2.0**12, by=DAY))


@pytest.mark.parametrize(
    ("text", "level"),
    [(">= 40 h", 2400.0), (">=90 min", 90.0), (">= 2,000 h", 120_000.0), (">= 1e3", 1000.0)],
)
def test_levels_are_read_in_hours_and_minutes(text: str, level: float) -> None:
    assert read_level(text, indicator(), DAY).level == pytest.approx(level)


@pytest.mark.parametrize("text", ["40 h", "<= 40 h", ">= many", ">= 40 percent", ">=", ">= 1e400 h"])
def test_what_cannot_be_read_says_what_to_write(text: str) -> None:
    with pytest.raises(QuestionError):
        read_level(text, indicator(), DAY)


def test_an_answer_is_on_record_and_asked_again_it_is_read(published: Store) -> None:
    ask = {"as_of": date(2026, 11, 30), "seed": 1}
    first = answered(published, "metr_p80_horizon", ">= 40 h", date(2027, 12, 31), **ask)  # type: ignore[arg-type]
    again = answered(published, "metr_p80_horizon", ">= 40 h", date(2027, 12, 31), **ask)  # type: ignore[arg-type]
    assert first.record == again.record
    with published.view() as now:
        assert now.all(AskedQuestion) == [first.record]
    half = answered(published, "metr_p50_horizon", ">= 40 h", date(2027, 12, 31), **ask).record  # type: ignore[arg-type]
    assert half.probability is not None
    assert first.record.probability is not None
    assert half.probability >= first.record.probability
    assert np.isfinite(half.mcse)
    with pytest.raises(QuestionError, match="lies before"):
        answered(published, "metr_p50_horizon", "", AS_OF, **ask)  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="forecasts end on 2050-12-31"):
        answered(published, "metr_p50_horizon", "", date(2051, 1, 1), **ask)  # type: ignore[arg-type]
