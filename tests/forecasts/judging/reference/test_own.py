"""A model of one's own on the reference class: the same questions as ours, scored as ours were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecasts import SEED
from forecasts.api import OwnModel, OwnModelError, judged
from forecasts.judging.reference.own import beside_ours
from forecasts.judging.reference.series_class import reference_class
from forecasts.series import Series
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import JudgedSeries
from scorecard.thresholds.quoted.outcomes import unpacked

ASKED = ("aeci", "epoch_aider_polyglot", "epoch_arc_agi", "epoch_arc_agi_2", "metr_p80_horizon")


def stays(series: Series, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The present record for ever."""
    del rng
    return np.full((100, len(t)), series.y[series.frontier].max())


def own(name: str, draw: Any) -> OwnModel:
    return OwnModel(name=name, author="a researcher", reason="an example", draw=draw)


def test_a_model_that_says_no_change_scores_what_no_change_scored() -> None:
    """Every question on file is answered, and one by one with the score of the contender that says the same."""
    on_file = [
        one for line in facts.load(DATA).of(JudgedSeries) if line.series in ASKED for one in unpacked(line)
    ]
    told = beside_ours([own("mine", stays)], reference_class(DATA), on_file, only=ASKED, seed=SEED)
    assert len(told) == len(on_file) > 200
    assert {one.kind for one in told} == {"value", "record", "date", "level"}
    for one in told:
        assert one.scores["mine"] == pytest.approx(one.scores["no change"], rel=1e-4, abs=1e-5), one


def test_it_stands_beside_ours_by_series_and_over_all_with_an_interval() -> None:
    def rises(series: Series, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        keep = series.frontier
        slope, start = np.polyfit(series.t[keep], series.y[keep], 1)
        return start + slope * t + 0.3 * rng.standard_normal((400, 1))

    rows: dict[Any, Any] = judged([own("stays", stays), own("rises", rises)], series=ASKED).to_dict("index")
    assert {id for _, _, id in rows} == {*ASKED, "all series"}
    dates = rows["stays", "date", "all series"]
    assert 1.0 < dates["low"] < dates["against_ours"] < dates["high"]  # what never moves is worse on dates
    assert dates["questions"] == sum(rows["stays", "date", id]["questions"] for id in ASKED)
    one = rows["rises", "value", "aeci"]
    assert one["against_ours"] == pytest.approx(one["score"] / one["ours"], rel=1e-6)
    assert np.isnan(one["low"])  # one series has no interval over series


def test_what_cannot_be_asked_again_is_refused_in_words() -> None:
    drawn: Any = np.zeros((100, 20))
    with pytest.raises(OwnModelError, match="scored on the days it was issued for alone"):
        judged([drawn])
    with pytest.raises(OwnModelError, match="there is no series 'aeci_2' in the class"):
        judged([own("stays", stays)], series=["aeci_2"])
