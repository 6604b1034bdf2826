"""Laplace's approximation over what tasks and families add to difficulty, for many values of the rest at once.

Given the scales and the abilities (`x`), what tasks and families add (`u`) has a log-concave density whose
curvature is an arrow: a task is tied to its own family and to nothing else. So its mode, its root and its determinant
cost a few passes over the cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from forecasts.measurement.task_model import Sizes, core, departures, log_prior_of_scales, trend, trend_priors
from forecasts.ops import NUMPY

_ROUNDS, _ARRIVED = 30, 1e-6  # Newton steps at most, and the rise below which one has arrived
_HALVINGS = 8  # of a step that does not rise


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The normal approximation of u given each of some x; all (x, ...).

    own, own_sd, own_slope (x, tasks), kin, kin_sd (x, families) as in `TaskMap`; height (x,): the log of the density of
    x with u integrated out and abilities that no trend ties together, up to a constant.
    """

    own: np.ndarray
    own_sd: np.ndarray
    own_slope: np.ndarray
    kin: np.ndarray
    kin_sd: np.ndarray
    height: np.ndarray


class Laplace:
    """Laplace's approximation over what tasks and families add, for many x at once."""

    def __init__(self, data: Mapping[str, np.ndarray], sizes: Sizes) -> None:
        self.data, self.sizes = data, sizes
        self.expected, self.spread = _apart(data)
        self._by_task = _sums(data["index"][1], sizes.tasks)
        self._by_family = _sums(data["family"], sizes.families) if sizes.families else None

    def given(self, x: np.ndarray, near: Given | None = None) -> Given:
        """The mode of u given x (x, core) by Newton's method from the first of `near`, and the curvature there."""
        data, sizes = self.data, self.sizes
        p = core(NUMPY, x, sizes)
        scale = p["slope"] * np.sqrt(p["departure"] ** 2 + data["length"][1] ** 2)  # logits an own step
        shared = p["slope"] * p["spread"] if sizes.families else np.zeros((len(x), 1))
        (system, task), (successes, runs) = data["index"], data["counts"]
        fixed = p["slope"] * (p["ability"][:, system] - data["length"][0][task])

        def logits(own: np.ndarray, kin: np.ndarray) -> np.ndarray:
            return np.asarray(fixed - p["slope"] * departures(NUMPY, p, own, kin, data, sizes)[:, task])

        def value(own: np.ndarray, kin: np.ndarray, logit: np.ndarray) -> np.ndarray:
            likelihood = (successes * logit - runs * np.logaddexp(0.0, logit)).sum(axis=1)
            return np.asarray(likelihood - 0.5 * (own**2).sum(axis=1) - 0.5 * (kin**2).sum(axis=1))

        own, kin = np.zeros((len(x), sizes.tasks)), np.zeros((len(x), sizes.families))
        if near is not None:
            own, kin = own + near.own[:1], kin + near.kin[:1]
        logit = logits(own, kin)
        now = value(own, kin, logit)
        for _ in range(_ROUNDS):
            chance = expit(logit)
            pull = self._by_task(successes - runs * chance)
            bend = self._by_task(runs * chance * (1.0 - chance))
            arrow = self._arrow(scale, shared, bend)
            step = arrow.step(-scale * pull - own, -shared * self._families(pull) - kin, own, kin)
            share = np.ones((len(x), 1))
            for _ in range(_HALVINGS):
                moved = own + share * step[0], kin + share * step[1]
                logit = logits(*moved)
                then = value(*moved, logit)
                down = ~(then >= now - _ARRIVED)
                if not down.any():
                    break
                share[down] *= 0.5
            rise, (own, kin), now = (then - now).max(), moved, then
            if not rise > _ARRIVED:
                break
        prior = log_prior_of_scales(NUMPY, x, sizes, data["priors"])
        prior = prior - 0.5 * (((p["ability"] - self.expected) / self.spread) ** 2).sum(axis=1)
        height = prior + now - 0.5 * arrow.log_det
        return Given(
            own=own,
            own_sd=arrow.own**-0.5,
            kin=kin,
            kin_sd=arrow.kin**-0.5,
            own_slope=arrow.slope,
            height=np.where(np.isfinite(height), height, -np.inf),
        )

    def _families(self, by_task: np.ndarray) -> np.ndarray:
        return self._by_family(by_task) if self._by_family else np.zeros((len(by_task), 0))

    def _arrow(self, scale: np.ndarray, shared: np.ndarray, bend: np.ndarray) -> Arrow:
        own, tie = 1.0 + scale**2 * bend, scale * shared * bend
        kin = 1.0 + shared**2 * self._families(bend) - self._families(tie**2 / own)
        return Arrow(own=own, tie=tie, kin=kin, family=self.data.get("family"), families=self._families)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A precision matrix in which each task is tied to its own family and to nothing else, for many x at once.

    own (x, tasks): its diagonal; tie (x, tasks): a task with its family; kin (x, families): what is left of the
    families' diagonal once the tasks are eliminated (Schur complement).
    """

    own: np.ndarray
    tie: np.ndarray
    kin: np.ndarray
    family: np.ndarray | None
    families: Any

    def solve(self, own: np.ndarray, kin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The matrix's inverse applied to a vector."""
        if self.family is None:
            return own / self.own, kin
        up = (kin - self.families(self.tie * own / self.own)) / self.kin
        return (own - self.tie * up[:, self.family]) / self.own, up

    @property
    def slope(self) -> np.ndarray:
        """How far a task moves with one standard deviation of its family, given that family."""
        if self.family is None:
            return np.zeros_like(self.own)
        return np.asarray(-self.tie / self.own * (self.kin**-0.5)[:, self.family])

    @property
    def _sums(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The inverse applied to the vector of ones over tasks, and to that over families."""
        one, none = np.ones_like(self.own), np.zeros_like(self.kin)
        found = [self.solve(one, none)]
        return found if self.family is None else [*found, self.solve(0 * one, none + 1.0)]

    def _between(self, sums: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        rows = [[part.sum(axis=1) for part in pair[: len(sums)]] for pair in sums]
        return np.moveaxis(np.array(rows), -1, 0)

    @property
    def log_det(self) -> np.ndarray:
        """Log determinant (x,) over the vectors that sum to zero over tasks and over families, up to a constant."""
        whole = np.log(self.own).sum(axis=1) + np.log(self.kin).sum(axis=1)
        return np.asarray(whole + np.log(np.linalg.det(self._between(self._sums))))

    def step(
        self, pull_own: np.ndarray, pull_kin: np.ndarray, own: np.ndarray, kin: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Newton's step after which both sums are zero (Lagrange's multipliers)."""
        free, sums = self.solve(pull_own, pull_kin), self._sums
        over = [(a + b).sum(axis=1) for a, b in zip(free, (own, kin), strict=True)][: len(sums)]
        weight = np.linalg.solve(self._between(sums), np.stack(over, axis=1)[..., None])[..., 0]
        back = [sum(weight[:, i, None] * pair[part] for i, pair in enumerate(sums)) for part in (0, 1)]
        return free[0] - back[0], (free[1] - back[1] if self.family is not None else free[1])


def _sums(group: np.ndarray, count: int) -> Any:
    """A function that adds up the last axis by group; every group has a member."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(count))
    return lambda values: np.add.reduceat(values[:, order], starts, axis=1)


def _apart(data: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (systems,) of each ability before any result, as if no trend tied it to others."""
    when = data["when"]
    (level, growth, break_at, bend, scatter), sd = trend_priors(data["priors"])
    mean = trend(np, level, np.exp(growth), break_at, bend, when[0])
    spread = np.sqrt(
        sd[0] ** 2 + (np.exp(growth) * sd[1] * when[0]) ** 2 + np.exp(2 * scatter) + when[1] ** 2
    )
    return np.asarray(mean), spread
