"""From a table of one's own to crossing dates, without the record."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts.api import as_series, crossing_dates, default_priors, fit
from forecasts.series import SeriesError, years
from tests.forecasts.examples import AS_OF

DAYS = pd.date_range("2021-02-01", periods=16, freq="QS")


def table() -> pd.DataFrame:
    """Two doublings a year, 8 minutes on 2024-01-01, with 95 % intervals of a factor of two."""
    value = [8.0 * 2.0 ** (2 * years(day.date())) for day in DAYS]
    return pd.DataFrame(
        {"system": [f"s{i}" for i in range(16)], "date": DAYS, "value": value, "low": np.array(value) / 2,
         "high": np.array(value) * 2}
    )  # fmt: skip


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
