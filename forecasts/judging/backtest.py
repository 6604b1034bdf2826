"""How the shapes, their combination and two baselines would have forecast the past.

At every origin (the first of a month) each is fitted to what had been released by then, and asked for the
reading of each record that was set in the twelve months after, given that one was set. What is scored is the
*published* record, so a forecast carries the reading's own error, which it shares with the readings there are.

Readings are today's readings of past systems, cut by release date: pseudo out-of-sample, since most were
measured again later. Where an origin's own publications suffice, they are scored too, as a basis of their
own. Origins overlap and records are few, so differences of a tenth in CRPS mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import numpy as np

from forecasts.dates.crossing import first_passage
from forecasts.dates.own import OwnModel
from forecasts.dates.paths import Paths, next_record, published_record, simulate
from forecasts.inference.fit import Engine, FitError, first_forecast
from forecasts.inference.scaling import scaling_for
from forecasts.judging.baselines import BASELINES, Baseline
from forecasts.judging.scores import covered, crps, log_score, pit
from forecasts.judging.stacking import stacked_weights
from forecasts.priors.sets import Priors
from forecasts.series import Series, SeriesError, day, series, years
from forecasts.shapes import get_shape
from scorecard.clock import plus_months
from scorecard.records import Basis, Indicator, Lateness, Measurement, ModelScore

FIRST = date(2024, 1, 1)
LEADS = {"0-3 months": (0.0, 0.25), "3-6 months": (0.25, 0.5), "6-12 months": (0.5, 1.0)}  # years ahead
PLANNED = {"3-12 months": (0.25, 1.0)}  # as far ahead as decisions are planned with
BANDWIDTH = 0.25  # of the log score's kernel, standard units
MONTHS_AHEAD = (6, 12, 18)
MOST_LEVELS = 12
AHEAD = 6.0  # years over which the date of a level is looked for
POOL, STACKED, WITH_OWN = "equal pool", "stacked pool", "stacked pool with own"

type Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One forecast of one record: scores on the link scale in standard units (doublings for log2 series)."""

    model: str
    basis: Basis
    origin: date
    system: str
    on: date
    lead: float  # years
    crps: float
    log_score: float
    covered_50: bool
    covered_80: bool
    pit: float
    bias: float  # median forecast minus what happened; negative is too low, which is too late


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One forecast of the day on which the published record reached a level: months the median was late."""

    model: str
    level: float  # indicator's unit
    months_ahead: int
    late: float  # months; infinite when the median lay beyond `AHEAD` years
    inside_80: bool


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Every case and every dated level of one indicator."""

    indicator: str
    cases: tuple[Case, ...]
    dates: tuple[Dated, ...]
    origins: int


def backtest(
    indicator: Indicator,
    measurements: Sequence[Measurement],
    priors: Priors,
    *,
    as_of: date,
    seed: int,
    engine: Engine | None = None,
    own: Sequence[OwnModel] = (),
    progress: Progress = lambda _share, _words: None,
) -> Backtest:
    """Forecast from every origin and score; with an `engine` by sampling, else by the first forecast.

    `own` models are scored beside ours, from the same readings, and pooled with the shapes by the weights that the
    records set by each origin give them; our own pools stay as they are.

    `measurements` are those known on `as_of`. Origins at which nothing can be fitted are passed over.
    SeriesError when the indicator cannot be fitted at all.
    """
    whole = series(indicator, measurements, as_of=as_of)
    unit = scaling_for(whole.where(whole.frontier), priors.settings.scaling).unit
    starts = _origins(day(float(whole.t[-1])))
    cases: list[Case] = []
    dates: list[Dated] = []
    used = 0
    for count, origin in enumerate(starts):
        progress(count / len(starts), f"{indicator.name}: origin {origin}")
        for basis, known in _known(indicator, measurements, origin):
            try:
                past = [case for case in cases if case.on < origin and case.basis == basis]
                forecasts = _forecasts(known, priors, origin, seed, engine, past)
                if own:
                    parts = {name: forecasts[name] for name in priors.settings.pooled}
                    forecasts |= {one.name: _own(one, known, origin, seed) for one in own}
                    parts |= {one.name: forecasts[one.name] for one in own}
                    forecasts[WITH_OWN] = _pooled(parts, _learnt(list(parts), past), seed)
            except (SeriesError, FitError):
                continue
            cases += _cases(whole, forecasts, basis, origin, unit)
            if basis == "measured again":
                used += 1
                dates += _dates(whole, forecasts, origin, unit)
    return Backtest(indicator=indicator.id, cases=tuple(cases), dates=tuple(dates), origins=used)


def _origins(last: date) -> list[date]:
    """The first of each month from `FIRST` to three months before `last`."""
    found, current = [], FIRST
    while plus_months(current, 3) <= last:
        found.append(current)
        current = plus_months(current, 1)
    return found


def _known(
    indicator: Indicator, measurements: Sequence[Measurement], origin: date
) -> Iterator[tuple[Basis, Series]]:
    """What could be fitted at an origin: today's readings of what was out, and what was published by then."""
    again = [replace(m, known_at=m.observed_on) for m in measurements]
    bases: tuple[tuple[Basis, Sequence[Measurement]], ...] = (
        ("measured again", again),
        ("published then", measurements),
    )
    for basis, readings in bases:
        try:
            yield basis, series(indicator, readings, as_of=origin)
        except SeriesError:
            continue


@dataclass(frozen=True, kw_only=True)
class _Forecast:
    """What one model says from one origin, on the link scale.

    reading(t, low, high): draws of what would be published of the record at `t`, given its error scales.
    crossed(level): draws of when the published record reaches a level, years since 2024-01-01; None for
    baselines.
    """

    reading: Callable[[float, float, float], np.ndarray]
    crossed: Callable[[float], np.ndarray] | None = None


def _forecasts(
    known: Series, priors: Priors, origin: date, seed: int, engine: Engine | None, past: Sequence[Case]
) -> dict[str, _Forecast]:
    found: dict[str, _Forecast] = {}
    for name in priors.settings.pooled:
        shape = get_shape(name)
        fit = (
            engine.fit(shape, known, priors, seed=seed, draws=500)
            if engine
            else first_forecast(shape, known, priors, seed=seed, draws=2000)
        )
        paths = simulate(fit, priors.settings, as_of=origin, seed=seed)
        found[name] = _Forecast(reading=partial(_reading, paths, seed), crossed=_Crossings(paths, seed))
    shapes = dict(found)
    found[POOL] = _pooled(shapes, dict.fromkeys(shapes, 1.0), seed)
    found[STACKED] = _pooled(shapes, _learnt(list(shapes), past), seed)
    for name, baseline in BASELINES.items():
        found[name] = _Forecast(reading=partial(_line, baseline, known, seed))
    return found


def _own(model: OwnModel, known: Series, origin: date, seed: int) -> _Forecast:
    paths = model.ahead(known, origin, seed=seed)

    def reading(t: float, low: float, high: float) -> np.ndarray:
        del low, high  # as of baselines: what it says is the reading
        return paths.frontier[:, min(int(np.searchsorted(paths.t, t)), len(paths.t) - 1)]

    def crossed(level: float) -> np.ndarray:
        return first_passage(paths, np.full(len(paths.frontier), level), seed=seed)

    return _Forecast(reading=reading, crossed=crossed)


def _learnt(shapes: Sequence[str], past: Sequence[Case]) -> Mapping[str, float]:
    """Stacking weights from the records that had been set by the origin."""
    told: dict[tuple[date, str], dict[str, float]] = {}
    for case in past:
        told.setdefault((case.origin, case.system), {})[case.model] = case.log_score
    rows = [[scores[name] for name in shapes] for scores in told.values()]
    return dict(zip(shapes, stacked_weights(np.array(rows).reshape(-1, len(shapes))), strict=True))


def _reading(paths: Paths, seed: int, t: float, low: float, high: float) -> np.ndarray:
    """What would be published of a system that sets a record at `t`, given that one does."""
    at = min(int(np.searchsorted(paths.t, t)), len(paths.t) - 1)
    problem, rng = paths.fit.problem, np.random.default_rng([seed, 23, at])
    chosen, truth = next_record(paths, at, rng)
    unit = problem.scaling.unit
    return paths.in_link(problem.readings(paths.fit.flat[chosen], truth, low / unit, high / unit, rng))


class _Crossings:
    """When the published record of one shape's paths reaches a level; infinite beyond `AHEAD` years."""

    def __init__(self, paths: Paths, seed: int) -> None:
        self._paths, self._seed = paths, seed

    @cached_property
    def _record(self) -> np.ndarray:
        times = int(np.searchsorted(self._paths.t, self._paths.t[self._paths.now] + AHEAD))
        rng = np.random.default_rng([self._seed, 29])
        return self._paths.in_link(published_record(self._paths, times, rng))

    def __call__(self, level: float) -> np.ndarray:
        below = (self._record < level).sum(axis=1)
        times = self._record.shape[1]
        return np.where(below < times, self._paths.t[np.minimum(below, times - 1)], np.inf)


def _line(baseline: Baseline, known: Series, seed: int, t: float, low: float, high: float) -> np.ndarray:
    """Baselines are taken as people use them: without the reading's own error."""
    del low, high
    return baseline(known, t, np.random.default_rng([seed, 19]))


def _pooled(parts: Mapping[str, _Forecast], weights: Mapping[str, float], seed: int) -> _Forecast:
    """The mixture of parts: from each as many draws as its weight gives it."""
    total = sum(weights.values())

    def mixed(drawn: Mapping[str, np.ndarray]) -> np.ndarray:
        rng = np.random.default_rng([seed, 31])
        size = max(len(x) for x in drawn.values())
        return np.concatenate(
            [rng.choice(x, round(size * weights[name] / total * len(drawn))) for name, x in drawn.items()]
        )

    def crossed(level: float) -> np.ndarray:
        return mixed({name: part.crossed(level) for name, part in parts.items() if part.crossed})

    return _Forecast(
        reading=lambda t, low, high: mixed({n: part.reading(t, low, high) for n, part in parts.items()}),
        crossed=crossed,
    )


def _cases(
    whole: Series, forecasts: Mapping[str, _Forecast], basis: Basis, origin: date, unit: float
) -> list[Case]:
    """Scores of every exact record set within a year after the origin."""
    found = []
    since, until = years(origin), years(plus_months(origin, 12))
    for i in np.flatnonzero(whole.frontier & (whole.side == 0) & (whole.t > since) & (whole.t <= until)):
        truth, t = float(whole.y[i]), float(whole.t[i])
        for name, forecast in forecasts.items():
            x = forecast.reading(t, float(whole.s_low[i]), float(whole.s_high[i])) / unit
            y = truth / unit
            found.append(
                Case(
                    model=name,
                    basis=basis,
                    origin=origin,
                    system=whole.names[i],
                    on=whole.days[i],
                    lead=t - since,
                    crps=crps(x, y),
                    log_score=log_score(x, y, bandwidth=BANDWIDTH),
                    covered_50=covered(x, y, 0.5),
                    covered_80=covered(x, y, 0.8),
                    pit=pit(x, y),
                    bias=float(np.median(x) - y),
                )
            )
    return found


def _dates(whole: Series, forecasts: Mapping[str, _Forecast], origin: date, unit: float) -> list[Dated]:
    """How late the median date of each level was that lies a standard unit above the one before."""
    found = []
    records = np.flatnonzero(whole.frontier & (whole.side >= 0))
    before = whole.y[records[whole.t[records] <= years(FIRST)]]
    start = float(before.max()) if len(before) else float(whole.y[records[0]])
    top = float(whole.y[records].max())
    for target in np.arange(start + unit, top, max(unit, (top - start) / MOST_LEVELS)):
        happened = float(whole.t[records[np.argmax(whole.y[records] >= target)]])
        ahead = round((happened - years(origin)) * 12)
        if ahead not in MONTHS_AHEAD:
            continue
        for name, forecast in forecasts.items():
            if forecast.crossed is None:
                continue
            low, middle, high = np.quantile(forecast.crossed(target), [0.1, 0.5, 0.9], method="nearest")
            found.append(
                Dated(
                    model=name,
                    level=float(whole.from_link(target)),
                    months_ahead=ahead,
                    late=float(12 * (middle - happened)),
                    inside_80=bool(low <= happened <= high),
                )
            )
    return found


def scores(result: Backtest) -> tuple[ModelScore, ...]:
    """Scores by basis and model: CRPS and coverage (all, and by lead), log score and bias, best CRPS first."""
    rows = []
    for basis, name in dict.fromkeys((case.basis, case.model) for case in result.cases):
        ours = [case for case in result.cases if case.model == name and case.basis == basis]

        def at(low: float, high: float, ours: Sequence[Case] = ours) -> tuple[float | None, float | None]:
            these = [case for case in ours if low < case.lead <= high]
            if not these:
                return None, None
            return _mean([case.crps for case in these]), _mean([case.covered_80 for case in these])

        by_lead = [at(*lead) for lead in (LEADS | PLANNED).values()]
        (crps_0_3, in_0_3), (crps_3_6, in_3_6), (crps_6_12, in_6_12), (crps_3_12, in_3_12) = by_lead
        rows.append(
            ModelScore(
                model=name,
                basis=basis,
                origins=len({case.origin for case in ours}),
                cases=len(ours),
                records=len({(case.system, case.on) for case in ours}),
                crps=_mean([case.crps for case in ours]),
                log_score=_mean([case.log_score for case in ours]),
                covered_50=_mean([case.covered_50 for case in ours]),
                covered_80=_mean([case.covered_80 for case in ours]),
                bias=_mean([case.bias for case in ours]),
                crps_0_3=crps_0_3,
                covered_80_0_3=in_0_3,
                crps_3_6=crps_3_6,
                covered_80_3_6=in_3_6,
                crps_6_12=crps_6_12,
                covered_80_6_12=in_6_12,
                crps_3_12=crps_3_12,
                covered_80_3_12=in_3_12,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.basis, row.crps)))


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 6)


def calibration(result: Backtest) -> dict[str, tuple[float, ...]]:
    """Probability integral transforms by model, today's readings; uniform when calibrated."""
    found: dict[str, list[float]] = {}
    for case in result.cases:
        if case.basis == "measured again":
            found.setdefault(case.model, []).append(round(case.pit, 4))
    return {model: tuple(pit) for model, pit in found.items()}


def lateness(result: Backtest) -> tuple[Lateness, ...]:
    """Months by which the median date was late, by model and months ahead; None when beyond `AHEAD` years."""
    rows = []
    for name in dict.fromkeys(dated.model for dated in result.dates):
        for ahead in MONTHS_AHEAD:
            ours = [d for d in result.dates if d.model == name and d.months_ahead == ahead]
            if ours:
                late = float(np.median([d.late for d in ours]))
                rows.append(
                    Lateness(
                        model=name,
                        months_ahead=ahead,
                        cases=len(ours),
                        late=round(late, 1) if np.isfinite(late) else None,
                        inside_80=_mean([d.inside_80 for d in ours]),
                    )
                )
    return tuple(rows)
