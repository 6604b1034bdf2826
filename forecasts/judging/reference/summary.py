"""Scores of contenders over the whole class: one mean a series, geometric ratios, intervals over series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.judging.reference.scoring import ContenderScores, DatedLevel, Reached

FLOOR = 0.01  # of a yearly rise (a year, for dates): below that a mean score is no better
RESAMPLES = 2000
AHEAD = (6, 12, 18)  # months

type Results = Mapping[str, Mapping[str, ContenderScores]]  # by contender, by series


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A geometric mean over series of the ratio of mean scores, with a 95 % interval by bootstrap over series."""

    value: float
    low: float
    high: float
    series: int

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How late the median date was of levels reached `ahead` months after the origin, and its mirror.

    months: median lateness, infinite beyond the horizon; inside: share inside the 80 % interval; cases. by_then:
    of the levels whose median date lay `ahead` months on, the share that was reached by then; mirror: cases.
    """

    ahead: int
    months: float
    inside: float
    cases: int
    by_then: float
    mirror: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the record says of one contender on one set of series, against another."""

    frontier: Ratio
    frontier_12: Ratio
    record: Ratio
    date: Ratio
    cover_12: tuple[float, float, float]
    cover_all: tuple[float, float, float]
    cover_record: tuple[float, float, float]
    said: float
    happened: float
    brier: float
    late: tuple[Late, ...]
    log_record: float
    cases: Mapping[str, int]


def figures(
    results: Results,
    name: str,
    base: str,
    series: Sequence[str],
    rise: Mapping[str, float],
    *,
    since: float = -np.inf,
    until: float = np.inf,
    seed: int = 0,
) -> Figures:
    """Every figure of contender `name` against `base` over `series`, from origins in [since, until)."""
    ours = {one: _within(results[name][one], since, until) for one in series}
    theirs = {one: _within(results[base][one], since, until) for one in series}

    def ratio(pick: Callable[[ContenderScores], list[float]], floor: Callable[[str], float]) -> Ratio:
        return _ratio(ours, theirs, pick, floor, seed)

    def unit(one: str) -> float:
        return FLOOR * rise[one]

    listed = list(ours.values())
    whole_year = [d for one in listed for d in one.dated if np.isfinite(d.within)]
    within = np.array([d.within for d in whole_year])
    truth = np.array([d.happened <= 12 for d in whole_year], dtype=float)
    return Figures(
        frontier=ratio(lambda s: [r.crps for r in s.reached if r.kind == "frontier"], unit),
        frontier_12=ratio(
            lambda s: [r.crps for r in s.reached if r.kind == "frontier" and r.lead == 12], unit
        ),
        record=ratio(lambda s: [r.crps for r in s.reached if r.kind == "record"], unit),
        date=ratio(lambda s: [d.crps for d in s.dated], lambda _: FLOOR),
        cover_12=_cover(r for s in listed for r in s.reached if r.kind == "frontier" and r.lead == 12),
        cover_all=_cover(r for s in listed for r in s.reached if r.kind == "frontier"),
        cover_record=_cover(r for s in listed for r in s.reached if r.kind == "record"),
        said=float(within.mean()) if len(within) else np.nan,
        happened=float(truth.mean()) if len(truth) else np.nan,
        brier=float(((within - truth) ** 2).mean()) if len(truth) else np.nan,
        late=tuple(_late([d for s in listed for d in s.dated], ahead) for ahead in AHEAD),
        log_record=_by_series(listed),
        cases={
            "series": len(ours),
            "frontier": sum(r.kind == "frontier" for s in listed for r in s.reached),
            "record": sum(r.kind == "record" for s in listed for r in s.reached),
            "date": sum(len(s.dated) for s in listed),
            "within": len(whole_year),
        },
    )


def _within(scored: ContenderScores, since: float, until: float) -> ContenderScores:
    return ContenderScores(
        reached=tuple(r for r in scored.reached if since <= r.origin < until),
        dated=tuple(d for d in scored.dated if since <= d.origin < until),
    )


def _ratio(
    ours: Mapping[str, ContenderScores],
    theirs: Mapping[str, ContenderScores],
    pick: Callable[[ContenderScores], list[float]],
    floor: Callable[[str], float],
    seed: int,
) -> Ratio:
    logs = []
    for one, scored in ours.items():
        mine, other = pick(scored), pick(theirs[one])
        if mine:
            logs.append(np.log(max(np.mean(mine), floor(one)) / max(np.mean(other), floor(one))))
    if not logs:
        return Ratio(value=np.nan, low=np.nan, high=np.nan, series=0)
    found = np.array(logs)
    picks = np.random.default_rng(seed).integers(0, len(found), size=(RESAMPLES, len(found)))
    low, high = np.quantile(found[picks].mean(axis=1), [0.025, 0.975])
    return Ratio(
        value=float(np.exp(found.mean())), low=float(np.exp(low)), high=float(np.exp(high)), series=len(found)
    )


def _cover(cases: Iterable[Reached]) -> tuple[float, float, float]:
    """Shares of cases inside the central 50, 80 and 95 % intervals, by the randomised PIT."""
    off = np.abs(np.array([case.pit for case in cases]) - 0.5)
    if not len(off):
        return np.nan, np.nan, np.nan
    return float((off <= 0.25).mean()), float((off <= 0.4).mean()), float((off <= 0.475).mean())


def _late(dated: Sequence[DatedLevel], ahead: int) -> Late:
    reached = [d for d in dated if np.isfinite(d.happened) and round(d.happened) == ahead]
    median_then = [d for d in dated if np.isfinite(d.median) and round(d.median) == ahead and d.ends >= ahead]
    return Late(
        ahead=ahead,
        months=float(np.median([d.median - d.happened for d in reached])) if reached else np.nan,
        inside=float(np.mean([d.low <= d.happened <= d.high for d in reached])) if reached else np.nan,
        cases=len(reached),
        by_then=float(np.mean([d.happened <= ahead for d in median_then])) if median_then else np.nan,
        mirror=len(median_then),
    )


def _by_series(listed: Sequence[ContenderScores]) -> float:
    """Log score of record readings, one mean a series, then the mean over series."""
    means = [np.mean(logs) for s in listed if (logs := [r.log for r in s.reached if r.kind == "record"])]
    return float(np.mean(means)) if means else np.nan
