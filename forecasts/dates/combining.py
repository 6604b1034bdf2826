"""From criteria to a threshold: measures of one thing by weight, routes by the rule of the text, findings as data.

Criteria of one *route* are alternative measures of the same thing: one of them is right and it is not known which, so
their draws are mixed by weight. Routes are combined world by world as the framework's text says: any of them (the first
to be crossed) or all of them (the last). A level is never crossed before the one below it: its crossing is the later of
its own and the lower one's in the same world.

What a developer found is evidence about the crossing. With T the crossing, c the caution and l the lag of the
developer's decision (priors of the prior set), a finding on day D has the likelihood

    "not crossed":  e + (1 - 2e) P(l - c > D - T)        "crossed":  e + (1 - 2e) P(l - c <= D - T)

with e the chance that a finding says the opposite of what the level means. Only the newest finding on a level counts:
the same people judge by the same reading of their text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
from scipy.stats import qmc

from forecasts.dates.pool import Component
from forecasts.prior import Prior
from forecasts.priors.sets import Settings
from forecasts.series import years
from scorecard.records import Determination, Finding, Rule

FOUND: frozenset[Finding] = frozenset({"crossed", "precautionary"})
DENIED: frozenset[Finding] = frozenset({"not_crossed", "below_alert"})
QUADRATURE = 2**14
SELECTED = 13  # seed of which measure stands for a lower level in each world


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A developer's newest finding on a level: the day, and whether it was found crossed."""

    on: date
    crossed: bool
    system: str

    @staticmethod
    def newest(findings: Sequence[Determination]) -> Found | None:
        """The newest finding that says crossed or not; others (cannot rule out) say neither."""
        said = [d for d in findings if d.finding in FOUND | DENIED]
        if not said:
            return None
        last = max(said, key=lambda d: (d.determined_on, d.finding in FOUND))
        return Found(on=last.determined_on, crossed=last.finding in FOUND, system=last.system)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """Alternatives of which one is right: their times in each world, their weights, how likely findings are then.

    parts: criterion (or the criteria of several routes, joined by " + ") and shape. time, likelihood: (parts, worlds);
    the latter one everywhere without a finding. weights: (parts,), summing to 1.
    """

    parts: tuple[tuple[str, str], ...]
    time: np.ndarray
    weights: np.ndarray
    likelihood: np.ndarray

    @staticmethod
    def of(components: Sequence[Component]) -> Mixed:
        """Alternative measures of the same thing by their weights; ValueError where none weighs something."""
        weighed = [c for c in components if c.weight > 0]
        if not weighed:
            raise ValueError("a mixture needs at least one part with a weight above zero")
        weights, time = np.array([c.weight for c in weighed]), np.array([c.time for c in weighed])
        return Mixed(
            parts=tuple((c.criterion, c.shape) for c in weighed),
            time=time,
            weights=weights / weights.sum(),
            likelihood=np.ones_like(time),
        )

    @property
    def measured(self) -> np.ndarray:
        """What each draw weighs by measurement alone, (parts, worlds), summing to 1."""
        return np.broadcast_to(self.weights[:, None] / self.time.shape[1], self.time.shape)

    @property
    def given(self) -> np.ndarray:
        """What each draw weighs given the developer's findings, (parts, worlds), summing to 1."""
        weight = self.measured * self.likelihood
        return np.asarray(weight / weight.sum())

    def one_a_world(self) -> np.ndarray:
        """One part's time in each world, parts chosen by weight, (worlds,)."""
        u = np.random.default_rng(SELECTED).random(self.time.shape[1])
        edges = np.cumsum(self.weights)
        chosen = np.minimum(np.searchsorted(edges, u), len(edges) - 1)
        return np.asarray(self.time[chosen, np.arange(self.time.shape[1])])

    def no_earlier_than(self, lower: np.ndarray) -> Mixed:
        """The same, crossed no earlier than the level below it in the same world (worlds,)."""
        return replace(self, time=np.maximum(self.time, lower))

    def finding(self, found: Found | None, settings: Settings, time: np.ndarray | None = None) -> Mixed:
        """The same given a finding on this level, or on one whose crossing in each world is `time` (worlds,)."""
        if found is None:
            return self
        said = likelihood(self.time if time is None else time, found, settings)
        return replace(self, likelihood=self.likelihood * said)


def combined(routes: Sequence[Mixed], rule: Rule) -> Mixed:
    """Routes by a rule, world by world: the first of them to be crossed, or the last. ValueError without any."""
    if not routes:
        raise ValueError("a threshold needs at least one route")
    if len(routes) == 1:
        return routes[0]
    first = np.minimum if rule == "any" else np.maximum
    chosen = list(product(*(range(len(route.weights)) for route in routes)))
    sides = [list(zip(routes, choice, strict=True)) for choice in chosen]
    return Mixed(
        parts=tuple(
            (" + ".join(r.parts[i][0] for r, i in side), side[0][0].parts[side[0][1]][1]) for side in sides
        ),
        time=np.array([first.reduce([r.time[i] for r, i in side]) for side in sides]),
        weights=np.array([np.prod([r.weights[i] for r, i in side]) for side in sides]),
        likelihood=np.array([np.prod([r.likelihood[i] for r, i in side], axis=0) for side in sides]),
    )


def likelihood(time: np.ndarray, found: Found, settings: Settings) -> np.ndarray:
    """The likelihood of a finding at crossing times, years since 2024-01-01; the shape of `time`."""
    delay = _delay(settings.determination_lag, settings.caution)
    since = years(found.on) - time
    by_then = np.searchsorted(delay, since, side="right") / QUADRATURE
    says = by_then if found.crossed else 1 - by_then
    error = settings.finding_error
    return np.asarray(error + (1 - 2 * error) * says)


def _delay(lag: Prior, caution: Prior) -> np.ndarray:
    """Years from crossing to determination, lag less caution: sorted draws of their priors."""
    u = qmc.Sobol(2, rng=np.random.default_rng(11)).random(QUADRATURE)
    return np.asarray(np.sort(lag.frozen.ppf(u[:, 0]) - caution.frozen.ppf(u[:, 1])) / 12)
