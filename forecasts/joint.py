"""Several criteria of one threshold at once: any, all, or k of them, with the dependence between them in the open.

A run mixes its criteria by weight, as if one of them were right and it were not known which. Here they hold side by
side, and a threshold counts as crossed when the k-th of them is. The draws of a run carry each criterion's own dates;
how the dates hang together is an assumption, written as one correlation of a Gaussian copula (Nelsen, An Introduction
to Copulas, 2006): 0, each for itself; 1, the date of one decides the others'.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.special import ndtr

from forecasts.crossing import Crossing
from scorecard.records import ForecastRun

DEPENDENCE = 0.7  # unless told otherwise: the indicators are measured on many of the same systems
DRAWS = 20_000


class JointError(ValueError):
    """Criteria that cannot be combined as asked, and what to ask for instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The crossing of `needed` of `of` criteria, with this dependence between their dates."""

    needed: int
    of: int
    dependence: float
    crossing: Crossing

    @property
    def rule(self) -> str:
        """The rule in words."""
        return {1: "any", self.of: "all"}.get(self.needed, f"{self.needed} of {self.of}")

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON and tables; a date beyond the horizon is None."""
        return {
            "rule": self.rule, "needed": self.needed, "of": self.of, "dependence": self.dependence,
            **self.crossing.summary(),
        }  # fmt: skip


def by_criterion(run: ForecastRun, draws: bytes) -> dict[str, Crossing]:
    """Each criterion's own crossing in a run, whose `draws` are as stored, all its shapes mixed by their weights."""
    table = pq.read_table(io.BytesIO(draws))
    names, time, weight = (table[name].to_numpy() for name in ("criterion", "time", "weight"))
    found = {}
    for name in dict.fromkeys(names):
        ours = names == name
        found[str(name)] = Crossing(
            time=time[ours], weight=weight[ours] / weight[ours].sum(), as_of=run.as_of
        )
    return found


def jointly(
    criteria: Mapping[str, Crossing], *, needed: int, dependence: float = DEPENDENCE, seed: int = 0
) -> Joint:
    """When the `needed`-th of the criteria is crossed; JointError for a rule or a dependence that cannot be."""
    of = len(criteria)
    if not 1 <= needed <= of:
        raise JointError(f"{needed} of {of} criteria cannot be; ask for 1 to {of}")
    return every_rule(criteria, dependence=dependence, seed=seed)[needed - 1]


def every_rule(
    criteria: Mapping[str, Crossing], *, dependence: float = DEPENDENCE, seed: int = 0
) -> list[Joint]:
    """Any, each k of n, and all, from the earliest to the latest; JointError as for `jointly`."""
    of = len(criteria)
    if of < 2:
        raise JointError(f"only {of} criterion is forecast: there is nothing to combine")
    if not 0 <= dependence <= 1:
        raise JointError(f"the dependence is a correlation from 0 to 1; found {dependence:g}")
    rng = np.random.default_rng([seed, 17])
    shared, own = rng.standard_normal((1, DRAWS)), rng.standard_normal((of, DRAWS))
    ranks = ndtr(np.sqrt(dependence) * shared + np.sqrt(1 - dependence) * own)
    times = np.array([_at(one, rank) for one, rank in zip(criteria.values(), ranks, strict=True)])
    some = next(iter(criteria.values()))
    return [
        Joint(
            needed=needed, of=of, dependence=dependence,
            crossing=Crossing(
                time=time, weight=np.full(DRAWS, 1 / DRAWS), as_of=some.as_of, horizon=some.horizon
            ),
        )
        for needed, time in enumerate(np.sort(times, axis=0), start=1)
    ]  # fmt: skip


def _at(crossing: Crossing, rank: np.ndarray) -> np.ndarray:
    """Times by which the probability reaches each rank, shape (draws,)."""
    order = np.argsort(crossing.time, kind="stable")
    reached = np.searchsorted(np.cumsum(crossing.weight[order]), rank)
    return crossing.time[order[np.minimum(reached, len(order) - 1)]]
