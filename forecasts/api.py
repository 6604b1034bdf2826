"""For notebooks: from a table of your own to crossing dates in a few lines.

    import pandas as pd
    from forecasts.api import crossing_dates, fit

    table = pd.read_csv("horizons.csv")                      # columns: system, date, value, and low, high
    fitted = fit(table, scale="log2", unit="minutes", interval=0.95)
    fitted["loglinear"].draws["growth"]                      # doublings a year, (chains, draws)
    crossing_dates(fitted, level=2400)                       # a row a shape, and the pool

`to_inference_data` gives the draws to ArviZ, `backtested` scores a model of your own beside ours on your table's past,
`judged` on that of the whole reference class, and `run_own` puts it on record; docs/notebook.ipynb goes through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from forecasts import SEED
from forecasts.dates.crossing import first_passage
from forecasts.dates.own import OwnModel, OwnModelError
from forecasts.dates.paths import simulate
from forecasts.dates.pool import alone, components, pooled
from forecasts.inference.fit import Engine, Fit, first_forecast
from forecasts.judging.backtest import backtest, scores
from forecasts.judging.reference.own import beside_ours
from forecasts.judging.reference.series_class import reference_class
from forecasts.priors.sets import Priors, priors_of, read_prior_set
from forecasts.runs.request import Request
from forecasts.runs.run import run_own
from forecasts.series import Series, SeriesError, series
from forecasts.shapes import get_shape
from scorecard import clock
from scorecard.clock import plus_months
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Direction, Indicator, JudgedSeries, Measurement, Scale
from scorecard.thresholds.quoted.league import LINE, OURS, ScoredForecast, against
from scorecard.thresholds.quoted.outcomes import unpacked

__all__ = [
    "OwnModel",
    "OwnModelError",
    "Request",
    "as_series",
    "backtested",
    "crossing_dates",
    "default_priors",
    "fit",
    "judged",
    "run_own",
    "to_inference_data",
]
DEFAULT = DATA / "priors" / "default.yaml"


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
    indicator = _indicator(scale, unit, direction, lower, upper)
    rows = [_measurement(row, interval) for row in table.to_dict("records")]
    return series(indicator, rows, as_of=as_of or clock.today())


def _indicator(
    scale: Scale, unit: str, direction: Direction, lower: float | None, upper: float | None
) -> Indicator:
    return Indicator(
        id="table",
        name="table",
        unit=unit,
        scale=scale,
        direction=direction,
        lower=lower,
        upper=upper,
        role="capability",
        measures="",
        known_at=date.min,
        source="table",
        grade="own_knowledge",
    )


def _measurement(row: Mapping[Any, Any], interval: float | None) -> Measurement:
    day = pd.Timestamp(row["date"]).date()
    low, high = (None if pd.isna(row.get(name)) else float(row[name]) for name in ("low", "high"))
    return Measurement(
        indicator="table",
        system=str(row["system"]),
        observed_on=day,
        known_at=day,
        value=float(row["value"]),
        low=low,
        high=high,
        interval=interval if low is not None or high is not None else None,
        vintage="table",
        source="table",
        grade="own_knowledge",
    )


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
    names = shapes or given.settings.listed
    if not sample:
        return {name: first_forecast(get_shape(name), points, given, seed=seed) for name in names}
    engine = engine or Engine()
    return {name: engine.fit(get_shape(name), points, given, seed=seed) for name in names}


def crossing_dates(
    fits: Mapping[str, Fit],
    level: float,
    *,
    priors: Priors | None = None,
    own: Sequence[OwnModel] = (),
    weights: Mapping[str, float] | None = None,
    as_of: date | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """When the frontier reaches `level` (the table's unit), by shape, by your `own` models, and pooled by weight.

    `weights` are by name; by default those of the priors, and where these give none of them any weight they are pooled
    equally. Index: name. Columns: p_now, p_12_months, q10, q50, q90 (dates, None beyond 2050), p_beyond.
    """
    settings, day = (priors or default_priors()).settings, as_of or clock.today()
    times = {}
    for name, one in fits.items():
        paths = simulate(one, settings, as_of=day, seed=seed)
        target = one.problem.scaling.standard(np.array([one.problem.series.to_link(level)]))[0]
        times[name] = first_passage(paths, np.full(len(paths.frontier), target), seed=seed)
    for model in own:
        points = next(iter(fits.values())).problem.series
        ahead = model.ahead(points, day, seed=seed)
        height = np.full(len(ahead.frontier), points.to_link(level))
        times[model.name] = first_passage(ahead, height, seed=seed)
    crossings = {name: alone(time, day) for name, time in times.items()}
    given = {name: (weights or settings.weights).get(name, 0.0) for name in times}
    if not any(given.values()):
        given = dict.fromkeys(times, 1.0)  # the standing set weighs the model of rises and levels alone
    crossings["pool"] = pooled(components(times, given), day)  # of the models that were asked for
    rows = {
        name: {
            "p_now": one.p_by(day),
            "p_12_months": one.p_by(plus_months(day, 12)),
            "q10": one.quantile(0.1),
            "q50": one.quantile(0.5),
            "q90": one.quantile(0.9),
            "p_beyond": one.p_beyond,
        }
        for name, one in crossings.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def backtested(
    table: pd.DataFrame,
    *,
    own: Sequence[OwnModel] = (),
    priors: Priors | None = None,
    scale: Scale,
    unit: str = "",
    interval: float | None = None,
    as_of: date | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """The backtest of your models beside the shapes, their pool and the baselines, on a table's own past.

    From the first of each month since 2024 every model forecasts the records of the next twelve months. Index: model.
    Columns: cases, crps and log_score (standard units, lower is better), covered_80, bias (below zero: too low).
    """
    rows = [_measurement(row, interval) for row in table.to_dict("records")]
    about = _indicator(scale, unit, "higher", None, None)
    made = backtest(about, rows, priors or default_priors(), as_of=as_of or clock.today(), seed=seed, own=own)
    columns = ("cases", "crps", "log_score", "covered_80", "bias")
    found = {
        one.model: {name: getattr(one, name) for name in columns}
        for one in scores(made)
        if one.basis == "measured again"
    }
    return pd.DataFrame.from_dict(found, orient="index")


def judged(own: Sequence[OwnModel], *, series: Sequence[str] = (), seed: int = SEED) -> pd.DataFrame:
    """Your models on the reference class, asked what ours were asked since 2024, by kind of question and by series.

    A row a model, kind and series, and one over `all series`; `series` names those to ask, by default all that leading
    systems are still tested on. Columns: questions; score, ours and line (mean CRPS, of chances Brier: your model, our
    headline, the fair line); against_ours with low and high: the ratio of scores, of chances their difference, as a
    mean over series with its 95 % interval, which needs five of them. A run on record keeps its draws and not its code,
    so that it can only be scored on what it issued: OwnModelError.
    """
    listed = reference_class(DATA)
    outcomes = [one for line in facts.load(DATA).of(JudgedSeries) for one in unpacked(line)]
    names = series or [one.id for one in listed if not one.retired]
    asked = beside_ours(own, listed, outcomes, only=names, seed=seed)
    rows = []
    for model in own:
        for kind in dict.fromkeys(one.kind for one in asked):
            answered = [one for one in asked if one.kind == kind and model.name in one.scores]
            parts = {id: [one for one in answered if one.series == id] for id in {a.series for a in answered}}
            for id, these in {**dict(sorted(parts.items())), "all series": answered}.items():
                found = against(these, model.name, OURS)
                rows.append(
                    {
                        "model": model.name,
                        "kind": kind,
                        "series": id,
                        "questions": len(these),
                        "score": _mean_score(these, model.name),
                        "ours": _mean_score(these, OURS),
                        "line": _mean_score(these, LINE),
                        "against_ours": found.value,
                        "low": found.low,
                        "high": found.high,
                    }
                )
    return pd.DataFrame(rows).set_index(["model", "kind", "series"]).sort_index()


def _mean_score(asked: Sequence[ScoredForecast], name: str) -> float:
    return float(np.mean([one.scores[name] for one in asked]))


def to_inference_data(one: Fit, *, seed: int = SEED) -> Any:
    """A fit as an xarray DataTree, as ArviZ takes it: `az.loo` and `az.plot_ppc_dist` work on it.

    Groups: posterior; log_likelihood, posterior_predictive and observed_data of every fitted point, on the link scale,
    bounds left out, which have no reading to compare with.
    """
    import arviz as az

    exact = one.problem.points.side == 0
    chains = one.v.shape[:2]
    again = one.problem.scaling.link(one.problem.replicate(one.flat, np.random.default_rng([seed, 89])))
    return az.from_dict(
        {
            "posterior": one.draws,
            "log_likelihood": {"reading": one.log_likelihood[:, exact].reshape(*chains, -1)},
            "posterior_predictive": {"reading": again[:, exact].reshape(*chains, -1)},
            "observed_data": {"reading": one.problem.points.y[exact]},
        }
    )
