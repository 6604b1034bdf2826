"""A league of forecasters on the same resolved questions, led by whoever leads, with paired intervals.

Each question is asked of all and counts for two of them only where both answered. Scores are kept as one mean a series,
ratios are geometric means over series, intervals are a bootstrap over series (2.5 and 97.5 %): questions of one series
share their readings, so that they are no separate evidence. What chances scored is compared by its difference, in
Brier and in log score (Good, 1952). That is infinite for whoever gave no chance to what came, so no chance counts as
less than FLOOR, and how often that happened is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite, nan, sqrt

import numpy as np

from scorecard.thresholds.pooling import FLOOR, log_score

OURS, LINE = "headline", "fair line"
RESAMPLES, SEED = 2000, 0
LEAST = 0.01  # of a yearly rise (a year, for dates): below that a mean score is no better
FEWEST = 5  # series without which no interval is told
KINDS: Mapping[str, str] = {
    "value": "value on a day",
    "record": "reading of the next record",
    "date": "date of a level, unreached ones counted",
    "level": "chance that a level is reached within a year",
    "crossing": "chance that a threshold is crossed by a day",
}
CHANCES = ("level", "crossing")  # scored by Brier, where 0 is best; the others by CRPS in the series' unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredForecast:
    """One resolved question: of which series, asked when, resolved when, and each forecaster's score, lower is better.

    lead: months. `median`, `floor` and `happened`: our median, the best reading at the origin and what came, in units
    of the series; for dates months after the origin, infinite where not reached. `said`: our chance. `pit`: where
    among our draws it lay. `rise`: units a year. `reconstructed`: asked afterwards of what was known then.
    """

    kind: str
    series: str
    origin: date
    lead: float
    resolved: date
    scores: Mapping[str, float]
    pit: float = nan
    median: float = nan
    low: float = nan
    high: float = nan
    floor: float = nan
    happened: float = nan
    said: float = nan
    rise: float = 1.0
    retired: bool = False
    reconstructed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval over series; the interval is None where too few series decide."""

    value: float
    low: float | None = None
    high: float | None = None
    series: int = 0

    def __str__(self) -> str:
        if not isfinite(self.value):
            return "-"
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeagueRow:
    """How a forecaster did at one kind of question: against the line, and against us on the questions of both.

    Ratios (below 1 is better) for `value`, `record` and `date`; for chances `score` is the mean Brier score and
    `to_ours` the difference from ours (below 0 is better), `log_score` and `log_to_ours` the same of the log score in
    nats, and `floored` on how many questions what came had been given a chance below FLOOR.
    """

    kind: str
    forecaster: str
    questions: int
    series: int
    score: float
    to_line: Estimate
    to_ours: Estimate
    log_score: float = nan
    log_to_ours: Estimate = Estimate(value=nan)
    floored: int = 0


def league(
    asked: Iterable[ScoredForecast], kind: str, *, ours: str = OURS, line: str = LINE
) -> list[LeagueRow]:
    """Every forecaster at one kind of question, the best first by what it scored against the line."""
    rows = [one for one in asked if one.kind == kind]
    names = dict.fromkeys(name for one in rows for name in one.scores)
    found = []
    for name in names:
        mine = [one for one in rows if isfinite(one.scores.get(name, nan))]
        if mine:
            told = [one.scores[name] for one in mine] if kind in CHANCES else []
            found.append(
                LeagueRow(
                    kind=kind,
                    forecaster=name,
                    questions=len(mine),
                    series=len({one.series for one in mine}),
                    score=float(np.mean([one.scores[name] for one in mine])),
                    to_line=against(rows, name, line),
                    to_ours=against(rows, name, ours),
                    log_score=float(np.mean([_in_logs(brier) for brier in told])) if told else nan,
                    log_to_ours=against(rows, name, ours, of=_in_logs) if told else Estimate(value=nan),
                    floored=sum(_given(brier) < FLOOR for brier in told),
                )
            )
    return sorted(found, key=lambda row: (_place(row), row.forecaster))


def _place(row: LeagueRow) -> float:
    known = (row.to_line.value, row.to_ours.value, row.score)
    return next((value for value in known if isfinite(value)), np.inf)


def _in_logs(brier: float) -> float:
    """The log score, nats, of what a Brier score tells."""
    return log_score(_given(brier), True)


def _given(brier: float) -> float:
    """The chance given to what came: its Brier score is (1 - chance)^2 whichever of two came; kept to six digits."""
    return round(1 - sqrt(brier), 6)


def against(
    rows: Sequence[ScoredForecast], name: str, other: str, *, of: Callable[[float], float] = float
) -> Estimate:
    """A forecaster against another on the questions that both answered, by `of` their scores; nan where none are."""
    pairs: dict[str, list[tuple[float, float, float]]] = {}
    for one in rows:
        a, b = one.scores.get(name, nan), one.scores.get(other, nan)
        if isfinite(a) and isfinite(b):
            pairs.setdefault(one.series, []).append(
                (of(a), of(b), LEAST * (1.0 if one.kind == "date" else one.rise))
            )
    if not pairs:
        return Estimate(value=nan)
    if rows[0].kind in CHANCES:
        gaps = [(len(listed), sum(a - b for a, b, _ in listed)) for listed in pairs.values()]
        return _over_series(np.array(gaps, dtype=float), lambda g: g[..., 1].sum(-1) / g[..., 0].sum(-1))
    logs = []
    for listed in pairs.values():
        a, b, least = (np.mean(column) for column in zip(*listed, strict=True))
        logs.append([np.log(max(a, least) / max(b, least))])
    return _over_series(np.array(logs), lambda g: np.exp(g[..., 0].mean(-1)))


def _over_series(table: np.ndarray, figure: Callable[[np.ndarray], np.ndarray]) -> Estimate:
    """A figure of a table (series, columns) with its interval by bootstrap over series."""
    value, size = float(figure(table)), len(table)
    if size < FEWEST:
        return Estimate(value=value, series=size)
    picks = np.random.default_rng(SEED).integers(0, size, size=(RESAMPLES, size))
    low, high = np.quantile(figure(table[picks]), [0.025, 0.975])
    return Estimate(value=value, low=float(low), high=float(high), series=size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """Whether forecasts could have been better with what was known: tests of bias and of predictable revisions.

    `intercept` and `slope` are of what came on what was forecast, both as the rise above the record of the origin
    (Mincer and Zarnowitz, 1969): 0 and 1 when unbiased. `drift` is the mean revision of a forecast of one day, in
    units, `successive` the correlation of one revision with the next (Nordhaus, 1987): both 0 when nothing that was
    known was left unused.
    """

    forecasts: int
    intercept: Estimate
    slope: Estimate
    revised: int
    drift: Estimate
    successive: Estimate


def revisions(asked: Iterable[ScoredForecast], lead: float = 12) -> Revisions:
    """The tests on our forecasts of values `lead` months ahead, and on revisions of forecasts of the same day."""
    rows = [one for one in asked if one.kind == "value" and isfinite(one.median)]
    by_series: dict[str, list[tuple[float, float]]] = {}
    days: dict[tuple[str, date], list[tuple[date, float]]] = {}
    for one in rows:
        if one.lead == lead:
            by_series.setdefault(one.series, []).append((one.median - one.floor, one.happened - one.floor))
        days.setdefault((one.series, one.resolved), []).append((one.origin, one.median))
    moments = np.array([_moments(np.array(pairs)) for pairs in by_series.values()])
    moved: dict[str, list[tuple[float, float]]] = {}
    for (series, _), listed in days.items():
        medians = [median for _, median in sorted(listed)]
        steps = np.diff(medians)
        moved.setdefault(series, []).extend(pairwise(steps))
    moved = {series: pairs for series, pairs in moved.items() if pairs}
    after = np.array([_moments(np.array(pairs)) for pairs in moved.values()])
    return Revisions(
        forecasts=sum(map(len, by_series.values())),
        intercept=_of(moments, lambda m: m[..., 2] / m[..., 0] - _slope(m) * m[..., 1] / m[..., 0]),
        slope=_of(moments, _slope),
        revised=sum(map(len, moved.values())),
        drift=_of(after, lambda m: (m[..., 1] + m[..., 2]) / (2 * m[..., 0])),
        successive=_of(after, _correlation),
    )


def _moments(pairs: np.ndarray) -> list[float]:
    """n, and the sums of x, y, xx, yy and xy of pairs (n, 2)."""
    x, y = pairs[:, 0], pairs[:, 1]
    return [len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()]


def _of(moments: np.ndarray, figure: Callable[[np.ndarray], np.ndarray]) -> Estimate:
    if not len(moments):
        return Estimate(value=nan)
    return _over_series(moments, lambda table: figure(table.sum(axis=-2)))


def _slope(m: np.ndarray) -> np.ndarray:
    n, x, y, xx, _, xy = np.moveaxis(m, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((n * xy - x * y) / (n * xx - x * x))


def _correlation(m: np.ndarray) -> np.ndarray:
    n, x, y, xx, yy, xy = np.moveaxis(m, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y)))
