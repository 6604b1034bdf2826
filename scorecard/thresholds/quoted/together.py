"""Several thresholds at once: any, k of n, all, which first, counted in the worlds that the runs of a day share.

World w is the same in every run of one seed: each indicator keeps one rank in it, each level one quantile. So whether
two thresholds are crossed together is counted and nothing more is assumed. Every threshold keeps the distribution that
its row quotes: where a developer's finding makes its crossing in a world unlikely (likelihood L, at most M), the world
keeps the crossing with probability L / M, and otherwise takes one anew from those that it leaves. That is exact
for each threshold by itself: keeping gives L / M times the prior, drawing anew the rest times the posterior.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from scorecard.clock import plus_months, since_2024
from scorecard.records import ForecastRun
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import chance_in_words

# Worlds of one scrambled sequence; blocks are independent, which is what tells the Monte Carlo error.
BLOCK = 256


class Chance(NamedTuple):
    """A probability and its Monte Carlo error."""

    p: float
    mcse: float

    def as_json(self) -> dict[str, float]:
        """Both as plain values, no finer than the worlds can tell."""
        return {"p": round(self.p, 6), "mcse": round(self.mcse, 6)}

    @property
    def words(self) -> str:
        """The chance with its error in points."""
        return f"{chance_in_words(self.p)} (Monte Carlo error {100 * self.mcse:.1f} points)"


@dataclass(frozen=True, kw_only=True)
class Together:
    """When each of several things is crossed in the same worlds, all worlds counting equally.

    time: (names, worlds), years since 2024-01-01; inf: never. left_out: what could not be put beside them, and why.
    """

    names: tuple[str, ...]
    time: np.ndarray
    as_of: date
    left_out: Mapping[str, str]

    def at_least(self, needed: int, by: date) -> Chance:
        """P(at least so many of them are crossed by the end of a day)."""
        return _chance((self.time <= since_2024(by)).sum(axis=0) >= needed)

    def another(self, by: date) -> Chance:
        """P(at least one that is not crossed on the as-of day is crossed by the end of another)."""
        ahead = self.time > since_2024(self.as_of)
        return _chance((ahead & (self.time <= since_2024(by))).any(axis=0))

    def first(self, by: date) -> dict[str, Chance]:
        """P(it is the first of them to be crossed after the as-of day, and that by another); ties are shared."""
        ahead = np.where(self.time > since_2024(self.as_of), self.time, np.inf)
        soonest = ahead.min(axis=0)
        tied = (ahead == soonest) & (soonest <= since_2024(by))
        share = tied / np.maximum(tied.sum(axis=0), 1)
        return {name: _chance(one) for name, one in zip(self.names, share, strict=True)}

    @property
    def soon(self) -> date:
        """Twelve months after the as-of day."""
        return plus_months(self.as_of, 12)

    @property
    def sentence(self) -> str:
        """The chance of a crossing within twelve months, said once for all of them."""
        whole = "" if not self.left_out else f" ({len(self.left_out)} more could not be counted with them)"
        return (
            f"The chance that at least one more of {len(self.names)} thresholds is crossed within 12 months is "
            f"{self.another(self.soon).words}{whole}"
        )

    def as_json(self) -> dict[str, Any]:
        """What is said of them together, as plain values."""
        return {
            "thresholds": list(self.names),
            "as_of": self.as_of.isoformat(),
            "by": self.soon.isoformat(),
            "another_12_months": self.another(self.soon).as_json(),
            "at_least_12_months": {
                str(k): self.at_least(k, self.soon).as_json() for k in range(1, len(self.names) + 1)
            },
            "first_12_months": {name: one.as_json() for name, one in self.first(self.soon).items()},
            "left_out": dict(self.left_out),
        }


def together(store: Store, rows: Iterable[ScorecardRow], as_of: date) -> Together | None:
    """The rows whose chance is quoted and still a question, in shared worlds; None where fewer than two are.

    A row that is a route of another row here is that row's part and is not counted twice.
    """
    quoted = [
        row.forecast.run
        for row in rows
        if row.forecast and not row.forecast.refused and not row.withheld and not row.status.reached
    ]
    whole = [r for r in quoted if not any(set(r.criteria) < set(other.criteria) for other in quoted)]
    return in_shared_worlds(store, whole, as_of)


def in_shared_worlds(store: Store, runs: Sequence[ForecastRun], as_of: date) -> Together | None:
    """The crossings of runs in the worlds of the seed that most of them share; None where fewer than two do."""
    kept = [r for r in runs if r.draws]
    seeds = [r.seed for r in kept]
    seed = max(seeds, key=seeds.count, default=0)
    left = {r.threshold: "its run has other worlds (another seed)" for r in kept if r.seed != seed}
    found: dict[str, np.ndarray] = {}
    lower: dict[str, np.ndarray] = {}
    for run in (r for r in kept if r.seed == seed):
        try:
            drawn = _Drawn.of(store.files.get(run.draws, run.draws_sha256))
        except StoreError as error:
            left[run.threshold] = str(error)
            continue
        if drawn is None:
            left[run.threshold] = "its run is from before runs shared worlds; forecast it again"
            continue
        time, below = drawn.in_worlds(run.seed, run.threshold)
        found[run.threshold] = time
        if below is not None and run.quoted.below:
            lower.setdefault(run.quoted.below, below)
    found |= {name: below for name, below in lower.items() if name in found}
    for run in runs:  # of two levels above one the second was drawn without the first
        if run.threshold in found and (before := found.get(run.quoted.below)) is not None:
            found[run.threshold] = np.maximum(found[run.threshold], before)
    if len(found) < 2:
        return None
    return Together(names=tuple(found), time=np.array(list(found.values())), as_of=as_of, left_out=left)


def criteria_together(run: ForecastRun, draws: bytes) -> Together | None:
    """The criteria of one run by measurement alone, in its worlds; None where it has fewer than two, or no worlds."""
    table = pq.read_table(io.BytesIO(draws))
    if "world" not in table.column_names:
        return None
    names, time, weight = (table[name].to_numpy() for name in ("criterion", "time", "measured"))
    worlds = int(table["world"].to_numpy().max()) + 1
    found = {}
    for name in (c for c in run.criteria if (names == c).any()):
        ours = time[names == name].reshape(-1, worlds)
        weights = weight[names == name].reshape(-1, worlds)[:, 0]
        weights = weights if weights.sum() > 0 else np.ones(len(ours))
        found[name] = _chosen(ours, weights, np.random.default_rng([run.seed, 79, *name.encode()]))[0]
    if len(found) < 2:
        return None
    return Together(names=tuple(found), time=np.array(list(found.values())), as_of=run.as_of, left_out={})


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A run's stored draws, (parts, worlds) each: times, weights given the findings, without them, the level below."""

    time: np.ndarray
    given: np.ndarray
    measured: np.ndarray
    below: np.ndarray | None

    @staticmethod
    def of(draws: bytes) -> _Drawn | None:
        table = pq.read_table(io.BytesIO(draws))
        if not {"world", "measured"} <= set(table.column_names):
            return None
        weighs = table["measured"].to_numpy() > 0  # beside the parts stand criteria that only enter them
        worlds = int(table["world"].to_numpy().max()) + 1
        time, given, measured = (
            table[name].to_numpy()[weighs].reshape(-1, worlds) for name in ("time", "weight", "measured")
        )
        has = "below" in table.column_names
        below = table["below"].to_numpy()[weighs].reshape(-1, worlds) if has else None
        return _Drawn(time=time, given=given, measured=measured, below=below)

    def in_worlds(self, seed: int, name: str) -> tuple[np.ndarray, np.ndarray | None]:
        """One crossing a world, and that of the level below, distributed as the run is given its findings."""
        rng = np.random.default_rng([seed, 79, *name.encode()])
        time, part = _chosen(self.time, self.measured[:, 0], rng)
        world = np.arange(len(time))
        below = None if self.below is None else self.below[part, world]
        likely = self.given / self.measured
        keep = _systematic((likely / likely.max())[part, world], time, rng)
        anew = np.flatnonzero(~keep)
        if not len(anew):
            return time, below
        order = np.argsort(self.time, axis=None, kind="stable")
        edges = np.cumsum(self.given.ravel()[order])
        u = (rng.permutation(len(anew)) + 0.5) / len(anew)
        drawn = order[np.minimum(np.searchsorted(edges, u * edges[-1]), len(order) - 1)]
        time = time.copy()
        time[anew] = self.time.ravel()[drawn]
        if below is not None and self.below is not None:
            below = below.copy()
            below[anew] = self.below.ravel()[drawn]
        return time, below


def _chosen(time: np.ndarray, weights: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One of the alternatives in each world by weight, as many of each as its weight says; with which it was."""
    worlds = time.shape[1]
    edges = np.cumsum(weights) / np.sum(weights)
    u = (rng.permutation(worlds) + 0.5) / worlds
    part = np.minimum(np.searchsorted(edges, u), len(edges) - 1)
    return time[part, np.arange(worlds)], part


def _systematic(chance: np.ndarray, along: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which are kept, each with its own chance, evenly spread along an order (Madow's systematic sampling)."""
    order = np.argsort(along, kind="stable")
    mounted = np.floor(np.cumsum(chance[order]) + rng.random())
    kept = np.empty(len(order), dtype=bool)
    kept[order] = np.diff(mounted, prepend=0.0) > 0
    return kept


def _chance(held: np.ndarray) -> Chance:
    """The mean over worlds; its error from the means of independent blocks."""
    blocks = np.array([part.mean() for part in np.split(held, range(BLOCK, len(held), BLOCK))])
    error = float(blocks.std(ddof=1) / np.sqrt(len(blocks))) if len(blocks) > 1 else float("nan")
    return Chance(p=float(held.mean()), mcse=error)
