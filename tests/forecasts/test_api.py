"""From a table of one's own to crossing dates, without the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts.api import (
    OwnModel,
    OwnModelError,
    as_series,
    crossing_dates,
    default_priors,
    fit,
    to_inference_data,
)
from forecasts.series import Series, SeriesError, years
from tests.forecasts.examples import AS_OF

DAYS = pd.date_range("2021-02-01", periods=16, freq="QS")


def table() -> pd.DataFrame:
    """Two doublings a year, 8 minutes on 2024-01-01, with 95 % intervals of a factor of two."""
    value = [8.0 * 2.0 ** (2 * years(day.date())) for day in DAYS]
    return pd.DataFrame(
        {
            "system": [f"s{i}" for i in range(16)],
            "date": DAYS,
            "value": value,
            "low": np.array(value) / 2,
            "high": np.array(value) * 2,
        }
    )


def when(dates: pd.DataFrame, name: str, q: str = "q50") -> date:
    found = dates.to_dict("index")[name][q]
    assert isinstance(found, date)
    return found


def test_a_table_gives_dates_about_where_the_line_arrives() -> None:
    fitted = fit(table(), scale="log2", unit="minutes", interval=0.95, as_of=AS_OF, sample=False)
    level = 8.0 * 2.0**8  # reached on 2028-01-01
    dates = crossing_dates(fitted, level, as_of=AS_OF)
    assert list(dates.index) == [*fitted, "pool"]
    assert abs((when(dates, "loglinear") - date(2028, 1, 1)).days) < 150
    assert when(dates, "pool", "q10") < when(dates, "pool") < when(dates, "pool", "q90")
    assert (dates["p_now"] <= dates["p_12_months"]).all()
    near = crossing_dates(fitted, level / 16, as_of=AS_OF)
    assert when(near, "pool") < when(dates, "pool")


def test_shapes_without_weight_are_pooled_equally_and_weighed_ones_by_weight() -> None:
    """The standing priors weigh the model of rises and levels alone; who asks for shapes gets a pool of them."""
    fitted = fit(
        table(), shapes=["loglinear", "local_trend"], scale="log2", interval=0.95, as_of=AS_OF, sample=False
    )
    level = 8.0 * 2.0**8
    dates = crossing_dates(fitted, level, as_of=AS_OF)
    chances = dates["p_12_months"].to_dict()
    assert chances["pool"] == pytest.approx((chances["loglinear"] + chances["local_trend"]) / 2)
    usual = default_priors()
    weighed = replace(usual, settings=replace(usual.settings, weights={"loglinear": 3, "local_trend": 1}))
    chances = crossing_dates(fitted, level, as_of=AS_OF, priors=weighed)["p_12_months"].to_dict()
    assert chances["pool"] == pytest.approx((3 * chances["loglinear"] + chances["local_trend"]) / 4)


def test_a_changed_prior_moves_the_dates() -> None:
    slow = default_priors().with_overrides(["growth=lognormal(-0.7, 0.1)"])
    points = as_series(table(), scale="log2", interval=0.95, as_of=AS_OF)
    usual = fit(points, shapes=["loglinear"], sample=False)
    changed = fit(points, shapes=["loglinear"], priors=slow, sample=False)
    before, after = (when(crossing_dates(one, 8.0 * 2.0**8, as_of=AS_OF), "pool") for one in (usual, changed))
    assert after > before


def test_intervals_are_read_at_their_level_and_may_be_missing() -> None:
    whole = as_series(table(), scale="log2", interval=0.95, as_of=AS_OF)
    assert whole.s_low == pytest.approx(np.full(16, 1 / 1.959964), rel=1e-4)
    bare = as_series(table().drop(columns=["low", "high"]), scale="log2", as_of=AS_OF)
    assert (bare.s_low == 0).all()


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SeriesError, match="the table lacks date"):
        as_series(table().rename(columns={"date": "day"}), scale="log2")


def straight(series: Series, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two doublings a year from 8 minutes on 2024-01-01, give or take half a doubling."""
    del series
    return 3.0 + 2.0 * t + 0.5 * rng.standard_normal((4000, 1))


def own(**changed: object) -> OwnModel:
    given = {"name": "mine", "author": "a researcher", "reason": "an example", "draw": straight} | changed
    return OwnModel(**given)  # type: ignore[arg-type]


def test_a_model_of_ones_own_is_dated_and_pooled_by_weight() -> None:
    fitted = fit(table(), shapes=["loglinear"], scale="log2", interval=0.95, as_of=AS_OF, sample=False)
    dates = crossing_dates(
        fitted, 8.0 * 2.0**8, own=[own()], weights={"loglinear": 1, "mine": 3}, as_of=AS_OF
    )
    # 3 + 2 t + 0.5 z reaches 11 at t = 4 - 0.25 z: the median is the first day of 2028, a tenth 0.32 years before.
    assert abs((when(dates, "mine") - date(2028, 1, 1)).days) < 20
    assert abs((when(dates, "mine", "q10") - date(2027, 9, 6)).days) < 25
    chances = dates["p_12_months"].to_dict()
    assert chances["pool"] == pytest.approx((chances["loglinear"] + 3 * chances["mine"]) / 4)


def test_what_a_model_of_ones_own_lacks_is_said() -> None:
    with pytest.raises(OwnModelError, match="needs its reason"):
        own(reason=" ")
    points = as_series(table(), scale="log2", interval=0.95, as_of=AS_OF)
    with pytest.raises(OwnModelError, match=r"shape \(3, 2\); give \(draws, "):
        own(draw=lambda *_: np.zeros((3, 2))).ahead(points, AS_OF, seed=1)
    with pytest.raises(OwnModelError, match="not numbers"):
        own(draw=lambda _, t, __: np.full((200, len(t)), np.nan)).ahead(points, AS_OF, seed=1)


def test_arviz_gets_the_likelihood_and_readings_drawn_again() -> None:
    one = fit(table(), shapes=["loglinear"], scale="log2", interval=0.95, as_of=AS_OF, sample=False)[
        "loglinear"
    ]
    data = to_inference_data(one)
    likelihood = data["log_likelihood"]["reading"].to_numpy()
    assert likelihood.reshape(-1, likelihood.shape[-1]) == pytest.approx(one.log_likelihood)
    again, seen = (
        data["posterior_predictive"]["reading"].to_numpy(),
        data["observed_data"]["reading"].to_numpy(),
    )
    low, high = np.quantile(again.reshape(-1, again.shape[-1]), (0.01, 0.99), axis=0)
    assert ((low < seen) & (seen < high)).all()
