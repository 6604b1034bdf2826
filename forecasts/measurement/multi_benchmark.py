"""Multi-benchmark item response: from many systems' scores on many benchmarks to one index of capability.

A score of system m on benchmark b is expected at p = logistic(slope_b (ability_m - difficulty_b)), as in Epoch's
Capabilities Index (Ho et al., "A Rosetta Stone for AI Benchmarks", 2025). Errors are Student-t about it with variance
noise_b² p (1 - p) + POINT²: scores scatter less near 0 and 1, where benchmarks are not yet begun or saturated. A score
of exactly 0 or 1 is censored: all that lies beyond counts for it. Abilities have a heavy-tailed prior of unit scale,
which fixes the scale; slopes, noises and difficulties are pooled over benchmarks. The index is the affine map of
ability that puts two anchor systems at their fixed values, made in each draw. docs/measurement.md has the equations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, stdtrit

from forecasts.measurement.sampling import (
    COMPILER,
    Array,
    MeasurementError,
    PosteriorDraws,
    converged,
    density,
    interval,
    sample,
)
from forecasts.measurement.scores import Scores
from forecasts.measurement.whitening import climb, curved, learnt
from scorecard.records import Check

EPOCH: Mapping[str, float] = {"Claude 3.5 Sonnet": 130.0, "GPT-5": 150.0}  # the anchors of Epoch's index
POINT = 0.01  # a score's own grain: a point in a hundred
ERROR_TAIL, ABILITY_TAIL = 8.0, 5.0  # degrees of freedom; `below` is for 8
LEAST_CHANCE = 1e-12  # so that a chance lost to rounding still has a logarithm
ACCEPT = 0.7  # whitened, so longer steps do no harm
PREDICTED, MIN_INSIDE = 200, 0.85  # draws for the predictive check, and its limit
PILOT_TUNE, PILOT_DRAWS, TUNE = 300, 400, 300
ATTEMPTS = 3  # until the draws have converged, each with twice as many as the one before

# Means over benchmarks and log spreads of log slope, log noise and difficulty: normal (mean, sd) of each. Ability
# has unit scale, so a slope is in logits per spread of the systems.
POOLS = ("log_slope", "log_noise", "difficulty")
POOL_MEAN = np.array([0.5, np.log(0.5), np.log(0.2), np.log(0.5), 0.0, np.log(1.2)])
POOL_SD = np.array([1.0, 0.5, 0.5, 0.5, 1.0, 0.5])


def parts(systems: int, benchmarks: int) -> dict[str, slice]:
    """Where each parameter lies in the vector that is sampled."""
    sizes = {
        "ability": systems,
        "difficulty": benchmarks,
        "log_slope": benchmarks,
        "log_noise": benchmarks,
        "pools": 2 * len(POOLS),
    }
    ends = np.cumsum(list(sizes.values()))
    return {
        name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends, strict=True)
    }


def chance_below(root: Any, miss: Any) -> Any:
    """Chance of a Student-t error, 8 degrees of freedom, below `miss` (negative), with `root` of numpy or pytensor.

    The closed form for even degrees of freedom (Abramowitz and Stegun, 26.7.4).
    """
    c = ERROR_TAIL / (ERROR_TAIL + miss**2)
    return 0.5 + 0.5 * miss / root(ERROR_TAIL + miss**2) * (1 + c / 2 + 3 * c**2 / 8 + 5 * c**3 / 16)


def build_model(systems: int, benchmarks: int) -> Any:
    """The PyMC model of so many systems and benchmarks, in whitened coordinates z of x = centre + factor z.

    Data `index` (2, cells), `score` (cells,), `centre` (n,) and `factor` (n, n): one model serves any number of cells.
    """
    import pymc as pm
    import pytensor.tensor as pt

    where = parts(systems, benchmarks)
    size = where["pools"].stop
    with pm.Model() as model:
        index = pm.Data("index", np.zeros((2, 1), dtype=np.int64))
        score = pm.Data("score", np.full(1, 0.5))
        centre = pm.Data("centre", np.zeros(size))
        factor = pm.Data("factor", np.eye(size))
        x = centre + pt.dot(factor, pm.Flat("z", shape=size))
        ability, difficulty, log_slope, log_noise, pools = (x[place] for place in where.values())
        of, on = index[0], index[1]
        p = pt.sigmoid(pt.exp(log_slope)[on] * (ability[of] - difficulty[on]))
        scale = pt.sqrt(pt.exp(2 * log_noise)[on] * p * (1 - p) + POINT**2)
        miss = (score - p) / scale
        inner = -pt.log(scale) - 0.5 * (ERROR_TAIL + 1) * pt.log1p(miss**2 / ERROR_TAIL)
        outer = pt.log(chance_below(pt.sqrt, -abs(miss)) + LEAST_CHANCE)
        pm.Potential("scores", pt.switch((score <= 0) | (score >= 1), outer, inner).sum())
        pm.Potential("abilities", -0.5 * (ABILITY_TAIL + 1) * pt.log1p(ability**2 / ABILITY_TAIL).sum())
        for i, values in enumerate((log_slope, log_noise, difficulty)):
            mean, log_spread = pools[2 * i], pools[2 * i + 1]
            apart = ((values - mean) * pt.exp(-log_spread)) ** 2
            pm.Potential(POOLS[i], -benchmarks * log_spread - 0.5 * apart.sum())
        pm.Potential("pools", -0.5 * (((pools - POOL_MEAN) / POOL_SD) ** 2).sum())
    return model


def compiled(given: Scores) -> Any:
    """The compiled model of these sizes, which knows nothing of these scores yet."""
    sizes = len(given.systems), len(given.benchmarks)
    return COMPILER.get(("benchmarks", *sizes), lambda: build_model(*sizes))


def _placed(given: Scores, model: Any) -> tuple[Array, Array]:
    """Centre and factor from the curvature where abilities, difficulties and slopes are likeliest.

    Noises and pools are set from the residuals and held: the joint mode is a spike in which one benchmark has no noise.
    """
    where = parts(len(given.systems), len(given.benchmarks))
    at, x = density(model), np.zeros(where["pools"].stop)
    x[where["log_slope"]], x[where["log_noise"]], x[where["pools"]] = POOL_MEAN[0], POOL_MEAN[2], POOL_MEAN
    free = np.arange(where["log_slope"].stop)
    held = 4.0  # scores' worth of the pool's noise given to each benchmark
    for _ in range(2):
        x = climb(at, x, free)
        p = expected(x, given)
        squares = (given.score - p) ** 2 / (p * (1 - p) + POINT)
        counts = np.bincount(given.benchmark)
        found = (np.bincount(given.benchmark, squares) + held * np.exp(2 * POOL_MEAN[2])) / (counts + held)
        x[where["log_noise"]] = 0.5 * np.log(found)
        pooled = [(x[where[name]].mean(), np.log(max(x[where[name]].std(), 0.1))) for name in POOLS]
        x[where["pools"]] = np.ravel(pooled)
    x = climb(at, x, free)
    return x, curved(at, x, free)


def expected(x: Array, given: Scores) -> Array:
    """Scores (..., cells) that vectors of parameters x (..., n) expect."""
    where = parts(len(given.systems), len(given.benchmarks))
    slope = np.exp(x[..., where["log_slope"]])[..., given.benchmark]
    ability = x[..., where["ability"]][..., given.system]
    return np.asarray(expit(slope * (ability - x[..., where["difficulty"]][..., given.benchmark])))


def fixed(given: Scores, anchors: Mapping[str, float]) -> list[tuple[str, float]]:
    """The two anchors, the lower value first; MeasurementError when they cannot fix a scale."""
    if len(anchors) != 2 or len(set(anchors.values())) != 2 or not np.isfinite(list(anchors.values())).all():
        raise MeasurementError("a scale is fixed by two systems with two different values; name two anchors")
    if missing := [name for name in anchors if name not in given.systems]:
        raise MeasurementError(
            f"the anchor {missing[0]!r} is not among the systems; name two of them with their values, "
            "as --anchor 'GPT-5=150'"
        )
    return sorted(anchors.items(), key=lambda one: one[1])


@dataclass(frozen=True, kw_only=True)
class BenchmarkFit:
    """The posterior of the multi-benchmark model.

    draws: of ability (unit scale), difficulty, log_slope, log_noise and pools. seconds: compiling left out.
    """

    scores: Scores
    draws: PosteriorDraws
    seconds: float

    def index(self, anchors: Mapping[str, float] = EPOCH) -> Array:
        """Index (draws, systems): ability mapped in each draw so that two anchors have their values.

        MeasurementError when an anchor is missing, or the draws do not tell which of the two is ahead.
        """
        (low, base), (high, top) = fixed(self.scores, anchors)
        ability = self.draws.flat("ability")
        at, to = (ability[:, self.scores.systems.index(name)] for name in (low, high))
        if (to <= at).any():
            raise MeasurementError(
                f"{low} is as able as {high} in {np.mean(to <= at):.1%} of the draws, so the two fix no scale; take "
                "anchors that lie further apart"
            )
        # Weights of the anchors, not a step from one: so both come out exactly, and their draws do not vary.
        share = (ability - at[:, None]) / (to - at)[:, None]
        return np.asarray(base * (1 - share) + top * share)

    def table(self, *, level: float = 0.9, anchors: Mapping[str, float] = EPOCH) -> list[dict[str, Any]]:
        """A row for each system, best first: index, low and high, release day, number of scores."""
        low, middle, high = interval(self.index(anchors), level)
        counts = np.bincount(self.scores.system)
        return [
            {
                "system": self.scores.systems[i],
                "released": iso_day(self.scores.released[i]),
                "index": float(middle[i]),
                "low": float(low[i]),
                "high": float(high[i]),
                "level": level,
                "scores": int(counts[i]),
            }
            for i in np.argsort(-middle)
        ]

    def frontier(self, *, level: float = 0.9, anchors: Mapping[str, float] = EPOCH) -> pd.DataFrame:
        """The best index so far, a row for each system that more likely than not was the best at its release.

        Columns system, date, value, low and high, as `forecasts.api.fit` takes with scale "linear". The value is the
        running maximum in each draw, so that a lucky record counts no more than it should.
        """
        dated = np.flatnonzero(~np.isnat(self.scores.released))
        order = dated[np.argsort(self.scores.released[dated], kind="stable")]
        index = self.index(anchors)[:, order]
        best = np.maximum.accumulate(index, axis=1)
        leads = np.flatnonzero((index == best).mean(axis=0) > 0.5)
        low, middle, high = interval(best[:, leads], level)
        return pd.DataFrame(
            {
                "system": [self.scores.systems[i] for i in order[leads]],
                "value": middle,
                "low": low,
                "high": high,
                "date": [iso_day(self.scores.released[i]) for i in order[leads]],
            }
        )

    def residuals(self, draws: int = PREDICTED) -> Array:
        """Scores less expected ones, in units of the error's scale, of evenly spaced draws (draws, cells)."""
        flat = np.concatenate([self.draws.flat(name) for name in self.draws.values], axis=-1)
        flat = flat[:: max(1, len(flat) // draws)]
        p = expected(flat, self.scores)
        noise = self.draws.flat("log_noise")[:: max(1, len(self.draws.flat("log_noise")) // draws)]
        scale = np.sqrt(np.exp(2 * noise)[:, self.scores.benchmark] * p * (1 - p) + POINT**2)
        return np.asarray((self.scores.score - p) / scale)

    def checks(self, what: str = "the multi-benchmark model") -> list[Check]:
        """Convergence of every number that was sampled, and how many scores the model expects to within 90 %."""
        inside = float((abs(self.residuals()) <= stdtrit(ERROR_TAIL, 0.95)).mean())
        expects = Check(
            name="share of scores inside their 90 % predictive intervals",
            what=what,
            value=inside,
            limit=MIN_INSIDE,
            passed=inside >= MIN_INSIDE,
            advice="" if inside >= MIN_INSIDE else "one ability a system does not describe these scores",
        )
        return [*converged(self.draws, what), expects]


def iso_day(released: np.datetime64) -> str:
    """A day as 2026-01-31, empty where unknown."""
    return "" if np.isnat(released) else str(released)


def fit(
    given: Scores,
    *,
    seed: int,
    draws: int = 1500,
    chains: int = 4,
    cores: int = 2,
    tell: Callable[[str], None] = lambda _: None,
) -> BenchmarkFit:
    """Place, pilot and sample the model; the first fit of these sizes in a process compiles (5-15 s).

    `tell` is given a sentence before each step. MeasurementError when the sampler fails. Look at `fit.checks()` before
    use.
    """
    sizes = len(given.systems), len(given.benchmarks)
    tell(f"compiling the model of {sizes[0]} systems, {sizes[1]} benchmarks and {len(given.score)} scores")
    model = compiled(given)
    cells = {"index": np.array([given.system, given.benchmark]), "score": given.score}
    began, size = perf_counter(), model.n_dim
    tell("looking for the likeliest values")
    centre, factor = _placed(given, model.with_data(**cells, centre=np.zeros(size), factor=np.eye(size)))

    def drawn(count: int, tune: int) -> PosteriorDraws:
        placed = model.with_data(**cells, centre=centre, factor=factor)
        return sample(placed, draws=count, tune=tune, chains=chains, seed=seed, accept=ACCEPT, cores=cores)

    tell("sampling a pilot")
    found = drawn(PILOT_DRAWS, PILOT_TUNE)
    took, gradients = {"pilot": found.seconds["sample"]}, found.gradients
    for _ in range(ATTEMPTS):
        step, factor = learnt(factor, found.flat("z"))
        centre = centre + step
        tell(f"sampling {chains} x {draws} draws")
        found = drawn(draws, TUNE)
        took["sample"] = took.get("sample", 0.0) + found.seconds["sample"]
        gradients += found.gradients
        if all(check.passed for check in converged(found, "")):
            break
        draws *= 2  # about what has been learnt from these
    x = centre + found.values["z"] @ factor.T
    return BenchmarkFit(
        scores=given,
        draws=PosteriorDraws(
            values={name: x[..., place] for name, place in parts(*sizes).items()},
            divergences=found.divergences,
            gradients=gradients,
            seconds=took,
        ),
        seconds=perf_counter() - began,
    )
