"""From attempts to measurements: success rates, time horizons and paired comparisons, with honest intervals.

Story: attempts at one task are alike, and so are tasks of one family; a system that fails one fails its
neighbours. So the unit that varies is the family (the task, where tasks have none): epochs are averaged within
tasks first, and errors are computed over families. Success rate: a weighted mean with the cluster-robust
variance of Liang and Zeger (1986), as Miller (2024, arXiv 2411.00640) sets out for evaluations, put on the logit
scale with a t quantile. Horizon: P(success) = logistic(a - b log2 minutes), the task length at which it is 50 or
80 % (Kwa et al. 2025, arXiv 2503.14499), with a bootstrap over families and tasks within them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from scorecard.evidence.names import Registry
from scorecard.store import Store, StoreError, View
from scorecard.store.attempts import query

type Array = NDArray[np.float64]

LEVEL = 0.95
RIDGE = 1e-5  # METR's own regularisation since March 2026; keeps a fit of all failures finite
NEWTON = 60
BATCH = 250  # bootstrap draws fitted at once

# What is held fixed in one reading: the same system, elicited in one way, scored by one scorer on one benchmark.
SETTING = ("system", "benchmark", "scorer", "scaffold", "budget", "tools", "settings")
_BY_TASK = """
    SELECT system, benchmark, scorer, scaffold, budget, tools, settings, task, any_value(family) AS family,
           sum(score * runs) / sum(runs) AS score, CAST(sum(runs) AS BIGINT) AS runs,
           any_value(human_minutes) AS human_minutes, any_value(weight) AS weight
    FROM attempts WHERE ($1 = '' OR benchmark = $1) AND ($2 = '' OR system = $2)
    GROUP BY ALL ORDER BY system, benchmark, scorer, scaffold, budget, tools, settings, task
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A success rate, 0 to 1, with its interval; `inflation` is its variance over that of independent attempts."""

    value: float
    low: float
    high: float
    level: float
    tasks: int
    clusters: int
    runs: int
    inflation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The task length in human minutes at which a system succeeds so often; ends may be infinite or zero."""

    percent: int
    minutes: float
    low: float
    high: float
    level: float
    slope: float  # logits lost when a task is twice as long
    tasks: int
    clusters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much oftener `a` succeeds than `b` on the tasks that both tried; `separate` ignores the pairing."""

    a: str
    b: str
    difference: float
    low: float
    high: float
    level: float
    tasks: int
    clusters: int
    better: int  # tasks on which a does better
    worse: int
    separate: float  # half-width of the interval if the two were compared without pairing


def by_task(store: Store, view: View, *, benchmark: str = "", system: str = "") -> pd.DataFrame:
    """One row a setting and task: mean score over epochs and runs, their number, family, minutes, weight."""
    return query(store, view, _BY_TASK, [benchmark, system], names=Registry.of(view).ids)


def clusters(tasks: pd.DataFrame) -> NDArray[np.intp]:
    """The cluster of each task, as a number: its family, or itself where it has none."""
    family = tasks["family"].fillna("")
    codes, _ = pd.factorize(family.where(family != "", "\x00" + tasks["task"].astype(str)))
    return np.asarray(codes, dtype=np.intp)


def rate(
    score: Array, weight: Array, cluster: NDArray[np.intp], runs: NDArray[np.int64], level: float = LEVEL
) -> Rate:
    """The weighted mean of task scores with a cluster-robust interval.

    One element a task: `score` in [0, 1], `weight` > 0, `cluster` 0.., `runs` >= 1. With fewer than two clusters, or
    nothing but successes or failures, the interval is Clopper and Pearson's with the clusters counted as attempts.
    """
    total = weight.sum()
    p = float(np.clip((weight * score).sum() / total, 0.0, 1.0))
    sums = np.bincount(cluster, weights=weight * (score - p))
    count = int(np.count_nonzero(np.bincount(cluster)))
    se = float(np.sqrt((sums**2).sum() * count / max(count - 1, 1)) / total)
    independent = p * (1 - p) / max(int(runs.sum()), 1)
    if count < 2 or se < 1e-12 or p * (1 - p) < 1e-12:
        low, high = _exact(p, count, level)
    else:
        half = stats.t.ppf((1 + level) / 2, count - 1) * se / (p * (1 - p))
        low, high = (float(special.expit(special.logit(p) + side * half)) for side in (-1, 1))
    return Rate(
        value=p,
        low=min(low, p),
        high=max(high, p),
        level=level,
        tasks=len(score),
        clusters=count,
        runs=int(runs.sum()),
        inflation=se**2 / independent if independent > 0 else 1.0,
    )


def _exact(p: float, n: int, level: float) -> tuple[float, float]:
    tail, k = (1 - level) / 2, p * n
    low = 0.0 if k <= 0 else float(stats.beta.ppf(tail, k, n - k + 1))
    return low, 1.0 if k >= n else float(stats.beta.ppf(1 - tail, k + 1, n - k))


def rates(tasks: pd.DataFrame, level: float = LEVEL) -> list[tuple[Mapping[str, str], Rate]]:
    """The success rate of every setting in a table made by `by_task`."""
    found: list[tuple[Mapping[str, str], Rate]] = []
    for setting, part in tasks.groupby(list(SETTING), sort=False):
        score, weight = part["score"].to_numpy(float), np.ones(len(part))
        made = rate(score, weight, clusters(part), part["runs"].to_numpy(np.int64), level)
        found.append((dict(zip(SETTING, map(str, setting), strict=True)), made))
    return found


# ---- horizons ------------------------------------------------------------------------------------


def fit(log2_minutes: Array, score: Array, weights: Array) -> tuple[Array, Array]:
    """Logistic fits of score on log2 minutes, one for each row of `weights` (draws x tasks): a and b of each.

    Newton's method on the weighted likelihood with a ridge of RIDGE on b; b is what a doubling of length costs.
    """
    scale = np.where((top := weights.sum(axis=1, keepdims=True)) > 0, top, 1.0)
    w = weights / scale
    centre = w @ log2_minutes
    x = log2_minutes[None, :] - centre[:, None]
    a = special.logit(np.clip(w @ score, 1e-3, 1 - 1e-3))
    b = np.zeros_like(a)
    for _ in range(NEWTON):
        p = special.expit(a[:, None] - b[:, None] * x)
        gap, spread = w * (score[None, :] - p), w * p * (1 - p)
        ga, gb = gap.sum(axis=1) - RIDGE * a, -(gap * x).sum(axis=1) - RIDGE * b
        haa, hab = spread.sum(axis=1) + RIDGE, -(spread * x).sum(axis=1)
        hbb = (spread * x * x).sum(axis=1) + RIDGE
        det = np.maximum(haa * hbb - hab * hab, 1e-300)
        da, db = (hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det
        step = np.minimum(
            1.0, 2.0 / np.maximum(np.hypot(da, db), 1e-12)
        )  # far from the top Newton leaps too far
        a, b = a + step * da, b + step * db
        if max(np.abs(da).max(), np.abs(db).max()) < 1e-9:
            break
    return a + b * centre, b


def horizon_of(a: Array, b: Array, percent: int) -> Array:
    """Minutes at which success is so likely; infinite where success does not fall with length."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(b > 1e-6, np.exp2((a - special.logit(percent / 100)) / b), np.inf)


def horizons(
    tasks: pd.DataFrame,
    *,
    percents: Sequence[int] = (50, 80),
    level: float = LEVEL,
    draws: int = 1000,
    seed: int = 1,
) -> list[Horizon]:
    """The horizons of one setting of a table made by `by_task`; its tasks need human minutes.

    The interval is a bootstrap: families drawn with replacement, then tasks within each, then the runs of each task.
    """
    timed = tasks[tasks["human_minutes"].notna() & (tasks["human_minutes"] > 0)]
    if len(timed) < 5 or timed["human_minutes"].nunique() < 3:
        raise StoreError(
            f"a horizon needs five tasks of three lengths in human minutes; there are {len(timed)}"
        )
    x = np.log2(timed["human_minutes"].to_numpy(float))
    score, runs = timed["score"].to_numpy(float), timed["runs"].to_numpy(np.int64)
    weight, cluster = timed["weight"].fillna(1.0).to_numpy(float), clusters(timed)
    a, b = fit(x, score, weight[None, :])
    chance = np.random.default_rng(seed)
    fitted = []
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        counts = _resampled(chance, cluster, size)
        # The score of a task is drawn anew from its runs; what is no count of successes stays as it is.
        successes = np.rint(score * runs).astype(np.int64)
        counted = np.abs(successes - score * runs) < 1e-6
        again = np.where(
            counted, chance.binomial(runs, np.clip(score, 0, 1), (size, len(score))) / runs, score
        )
        fitted.append(_each(x, again, weight[None, :] * counts))
    drawn_a, drawn_b = (np.concatenate(parts) for parts in zip(*fitted, strict=True))
    tail = (1 - level) / 2
    made = []
    for percent in percents:
        low, high = np.quantile(
            horizon_of(drawn_a, drawn_b, percent), (tail, 1 - tail), method="inverted_cdf"
        )
        made.append(
            Horizon(
                percent=percent,
                minutes=float(horizon_of(a, b, percent)[0]),
                low=float(low),
                high=float(high),
                level=level,
                slope=float(b[0]),
                tasks=len(timed),
                clusters=int(cluster.max()) + 1,
            )
        )
    return made


def _resampled(chance: np.random.Generator, cluster: NDArray[np.intp], size: int) -> Array:
    """How often each task is drawn, in `size` draws: families with replacement, then as many tasks as each has."""
    count = int(cluster.max()) + 1
    times = chance.multinomial(count, np.full(count, 1 / count), size)
    drawn = np.zeros((size, len(cluster)))
    for number in range(count):
        inside = np.flatnonzero(cluster == number)
        drawn[:, inside] = chance.multinomial(
            times[:, number] * len(inside), np.full(len(inside), 1 / len(inside))
        )
    return drawn


def _each(x: Array, scores: Array, weights: Array) -> tuple[Array, Array]:
    """As `fit`, where every draw has scores of its own: successes and failures become tasks with two weights."""
    twice = np.concatenate([x, x])
    ones = np.concatenate([np.ones_like(x), np.zeros_like(x)])
    return fit(twice, ones, np.concatenate([weights * scores, weights * (1 - scores)], axis=1))


# ---- comparisons ---------------------------------------------------------------------------------


def compare_systems(tasks: pd.DataFrame, a: str, b: str, level: float = LEVEL) -> Comparison:
    """Compare two systems on the tasks that both tried, task by task; errors over families.

    Where a system was tried in several settings of a benchmark and scorer, its mean over them counts.
    """
    wide = (
        tasks[tasks["system"].isin([a, b])]
        .groupby(["benchmark", "scorer", "task", "family", "system"], dropna=False)["score"]
        .mean()
        .unstack("system")
    )
    both = wide.dropna(subset=[name for name in (a, b) if name in wide])
    if not {a, b} <= set(wide.columns) or both.empty:
        raise StoreError(
            f"{a} and {b} have no task in common; `export --table attempts` shows what each has tried"
        )
    gap = (both[a] - both[b]).to_numpy(float)
    cluster = clusters(both.reset_index())
    count = int(cluster.max()) + 1
    quantile = float(stats.t.ppf((1 + level) / 2, max(count - 1, 1)))

    def half(values: Array) -> float:
        sums = np.bincount(cluster, weights=values - values.mean())
        return quantile * float(np.sqrt((sums**2).sum() * count / max(count - 1, 1))) / len(values)

    apart = float(np.hypot(half(both[a].to_numpy(float)), half(both[b].to_numpy(float))))
    middle, width = float(gap.mean()), half(gap)
    return Comparison(
        a=a,
        b=b,
        difference=middle,
        low=max(middle - width, -1.0),
        high=min(middle + width, 1.0),
        level=level,
        tasks=len(gap),
        clusters=count,
        better=int((gap > 0).sum()),
        worse=int((gap < 0).sum()),
        separate=apart,
    )
