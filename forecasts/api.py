"""For notebooks: from a table of your own to crossing dates in a few lines.

    import pandas as pd
    from forecasts.api import crossing_dates, fit

    table = pd.read_csv("horizons.csv")                      # columns: system, date, value, and low, high
    fitted = fit(table, scale="log2", unit="minutes", interval=0.95)
    fitted["loglinear"].draws["growth"]                      # doublings a year, (chains, draws)
    crossing_dates(fitted, level=2400)                       # a row a shape, and the pool

`to_inference_data` gives the draws to ArviZ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecasts.crossing import Crossing, first_passage, mix
from forecasts.fit import Engine, Fit, first_forecast
from forecasts.paths import simulate
from forecasts.prior_sets import Priors, priors_of, read_prior_set
from forecasts.series import Series, SeriesError, series
from forecasts.shapes import get_shape
from scorecard.records import Direction, Indicator, Measurement, Scale
from scorecard.thresholds.calendar import plus_months

DEFAULT = Path(__file__).parents[1] / "data" / "priors" / "default.yaml"
SEED = 20260101


def default_priors() -> Priors:
    """The project's default priors; `with_prior` and `with_overrides` change them."""
    return priors_of(read_prior_set(DEFAULT))


def as_series(
    table: pd.DataFrame,
    *,
    scale: Scale,
    unit: str = "",
    interval: float | None = None,
    direction: Direction = "higher",
    lower: float | None = None,
    upper: float | None = None,
    as_of: date | None = None,
) -> Series:
    """A table with columns `system`, `date`, `value` and, if published, `low` and `high`, ready to fit.

    `interval` is the level of low and high (0.95), `lower` and `upper` the ends of a logit scale. SeriesError
    names the missing column or says why the values cannot be fitted.
    """
    missing = [name for name in ("system", "date", "value") if name not in table.columns]
    if missing:
        raise SeriesError(
            f"the table lacks {', '.join(missing)}; it has {', '.join(map(str, table.columns))}"
        )
    indicator = Indicator(
        id="table", name="table", unit=unit, scale=scale, direction=direction, lower=lower, upper=upper,
        role="capability", measures="", known_at=date.min, source="table", grade="own_knowledge",
    )  # fmt: skip
    rows = [_measurement(row, interval) for row in table.to_dict("records")]
    return series(indicator, rows, as_of=as_of or datetime.now(UTC).date())


def _measurement(row: Mapping[Any, Any], interval: float | None) -> Measurement:
    day = pd.Timestamp(row["date"]).date()
    low, high = (None if pd.isna(row.get(name)) else float(row[name]) for name in ("low", "high"))
    return Measurement(
        indicator="table", system=str(row["system"]), observed_on=day, known_at=day, value=float(row["value"]),
        low=low, high=high, interval=interval if low is not None or high is not None else None, vintage="table",
        source="table", grade="own_knowledge",
    )  # fmt: skip


def fit(
    table: pd.DataFrame | Series,
    *,
    shapes: Sequence[str] = (),
    priors: Priors | None = None,
    seed: int = SEED,
    engine: Engine | None = None,
    sample: bool = True,
    **about: Any,
) -> dict[str, Fit]:
    """Fit every shape (or those named) to a table; `about` goes to `as_series`.

    Keep an `engine` to fit again without compiling. With `sample=False` a first forecast without sampling, in a
    tenth of a second a shape; its `pareto_k` above 0.7 says not to trust it.
    """
    points = table if isinstance(table, Series) else as_series(table, **about)
    given = priors or default_priors()
    names = shapes or [name for name, weight in given.settings.weights.items() if weight > 0]
    if not sample:
        return {name: first_forecast(get_shape(name), points, given, seed=seed) for name in names}
    engine = engine or Engine()
    return {name: engine.fit(get_shape(name), points, given, seed=seed) for name in names}


def crossing_dates(
    fits: Mapping[str, Fit],
    level: float,
    *,
    priors: Priors | None = None,
    as_of: date | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """When the frontier reaches `level` (the table's unit), by shape and for their equal pool.

    Index: shape. Columns: p_now, p_12_months, q10, q50, q90 (dates, None beyond 2050), p_beyond.
    """
    settings, day = (priors or default_priors()).settings, as_of or datetime.now(UTC).date()
    crossings = {}
    for name, one in fits.items():
        paths = simulate(one, settings, as_of=day, seed=seed)
        target = one.problem.scaling.standard(np.array([one.problem.series.to_link(level)]))[0]
        time = first_passage(paths, np.full(len(paths.frontier), target), seed=seed)
        crossings[name] = Crossing(time=time, weight=np.full(len(time), 1 / len(time)), as_of=day)
    crossings["pool"] = mix([(one, 1.0) for one in crossings.values()])
    rows = {
        name: {
            "p_now": one.p_by(day), "p_12_months": one.p_by(plus_months(day, 12)), "q10": one.quantile(0.1),
            "q50": one.quantile(0.5), "q90": one.quantile(0.9), "p_beyond": one.p_beyond,
        }
        for name, one in crossings.items()
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def to_inference_data(one: Fit) -> Any:
    """A fit as an xarray DataTree with a `posterior` group, as ArviZ takes it."""
    import arviz as az

    return az.from_dict({"posterior": one.draws})
