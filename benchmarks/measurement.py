"""The measurement models, each beside a named baseline measured in the same run.

`python -m benchmarks.measurement PATH [--draws N]`, PATH a table of METR's counts by task: effective draws a second of
the task-level model beside PyMC's own sampler on the same model. One core each, compiling left out on both sides, ours
with finding its map; then our time beside the bare gradient evaluations it needed.

`python -m benchmarks.measurement SCORES --index PUBLISHED [--refits N]`, both files Epoch's: the full posterior of the
multi-benchmark model, compiling included, beside Epoch's bootstrap, which is least squares refitted to each system's
scores drawn anew, with scipy and an analytic sparse Jacobian as in their public code. One core each. Then how the
published index lies in our intervals, and what the posterior says of the model's own assumptions.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from scipy.optimize import least_squares
from scipy.sparse import csr_array
from scipy.special import expit

from forecasts.measurement import multi_benchmark, task_level
from forecasts.measurement.outcomes import Outcomes, outcomes
from forecasts.measurement.sampling import Array, PosteriorDraws, density
from forecasts.measurement.scores import Scores, scores
from forecasts.measurement.task_map import compiled, map_to
from forecasts.measurement.task_model import Sizes, TaskPriors, data_of, sizes_of, trend

GRADIENTS = 3000  # timed for the bare cost
ACCEPT = 0.9  # of PyMC's sampler; at its default of 0.8 it yields as many effective draws a second
COLUMNS = {
    "agent": "system",
    "task_id": "task",
    "task_family": "family",
    "n_successes": "successes",
    "n_runs": "runs",
}


def plain_model(sizes: Sizes) -> Any:
    """The task-level model as one writes it in PyMC, which the sampler's own coordinates are measured against.

    Its data are those of `task_model.data_of`.
    """
    systems, tasks, families = sizes.systems, sizes.tasks, sizes.families
    with pm.Model() as model:
        h = pm.Data("priors", TaskPriors().array())
        when = pm.Data("when", np.zeros((2, systems)))
        length = pm.Data("length", np.zeros((2, tasks)))
        index = pm.Data("index", np.zeros((2, 1), dtype=np.int64))
        counts = pm.Data("counts", np.ones((2, 1)))
        level = pm.Normal("level", h[0], h[1])
        growth = pm.LogNormal("growth", h[2], h[3])
        break_at = pm.Normal("break_at", h[4], h[5])
        bend = pm.Normal("bend", h[6], h[7])
        slope = pm.LogNormal("slope", h[8], h[9])
        scatter = pm.LogNormal("scatter", h[10], h[11])  # not half-normal: at zero the sampler gets stuck
        departure = pm.HalfNormal("departure", h[12])
        expected = trend(pt, level, growth, break_at, bend, when[0])
        ability = pm.Normal("ability", expected, pt.sqrt(scatter**2 + when[1] ** 2), shape=systems)
        own = pm.ZeroSumNormal("own", shape=tasks)
        difficulty = length[0] + pt.sqrt(departure**2 + length[1] ** 2) * own
        if families:
            spread = pm.HalfNormal("spread", h[13])
            member = pm.Data("family", np.zeros(tasks, dtype=np.int64))
            difficulty = difficulty + spread * pm.ZeroSumNormal("kin", shape=families)[member]
        logit = slope * (ability[index[0]] - difficulty[index[1]])
        pm.Potential("successes", (counts[0] * logit - counts[1] * pt.softplus(logit)).sum())
    return model


def theirs(given: Outcomes, draws: int) -> tuple[PosteriorDraws, float]:
    """PyMC's own NUTS, and the seconds that it says it sampled."""
    with plain_model(sizes_of(given)):
        pm.set_data(data_of(given, TaskPriors()))
        trace = pm.sample(
            draws=draws,
            tune=draws,
            chains=4,
            cores=1,
            nuts_sampler="pymc",
            random_seed=1,
            target_accept=ACCEPT,
            progressbar=False,
            compute_convergence_checks=False,
        )
    values = {str(name): np.asarray(value.values) for name, value in trace.posterior.data_vars.items()}
    stats = trace.sample_stats
    made = PosteriorDraws(
        values=values, divergences=int(stats["diverging"].values.sum()), gradients=0, seconds={}
    )
    return made, float(trace.posterior.attrs["sampling_time"])


PENALTY, CLIP, PINNED = 0.1, 1e-3, "Winogrande"  # Epoch's ridge, clipping, and the benchmark whose slope is 1
SHARED = 12  # systems that two benchmarks share before their residuals' correlation counts


class Refit:
    """Epoch's estimate: ridge least squares of the logistic curves, the slope of one benchmark pinned to 1."""

    def __init__(self, given: Scores) -> None:
        self.systems, self.benchmarks = len(given.systems), len(given.benchmarks)
        self.pinned = given.benchmarks.index(PINNED)
        self.given = given
        self.size = self.systems + 2 * self.benchmarks - 1
        curves = self.systems + self.benchmarks
        self.low = np.r_[np.full(curves, -10.0), np.full(self.benchmarks - 1, 0.1)]
        start = np.r_[np.random.default_rng(42).normal(0, 0.1, curves), np.ones(self.benchmarks - 1)]
        self.best = self.solve(np.arange(len(given.score)), start)

    def unpacked(self, x: Array) -> tuple[Array, Array, Array]:
        curves = self.systems + self.benchmarks
        return x[: self.systems], x[self.systems : curves], np.insert(x[curves:], self.pinned, 1.0)

    def solve(self, rows: np.ndarray, start: Array) -> Array:
        """The estimate from these cells, cells drawn twice counting twice."""
        of, on = self.given.system[rows], self.given.benchmark[rows]
        score, each = self.given.score[rows].clip(CLIP, 1 - CLIP), np.arange(len(rows))
        free = on != self.pinned
        column = self.systems + self.benchmarks + on - (on > self.pinned)
        across = np.r_[of, self.systems + on, column[free], np.arange(self.size)]
        down = np.r_[each, each, each[free], np.full(self.size, len(rows))]

        def misses(x: Array) -> Array:
            ability, difficulty, slope = self.unpacked(x)
            p = expit(slope[on] * (ability[of] - difficulty[on]))
            return np.append(p - score, np.sqrt(PENALTY * np.mean(x**2)))

        def slopes(x: Array) -> csr_array:
            ability, difficulty, slope = self.unpacked(x)
            apart = ability[of] - difficulty[on]
            p = expit(slope[on] * apart)
            steep = p * (1 - p)
            ridge = PENALTY * x / len(x) / np.sqrt(PENALTY * np.mean(x**2))
            values = np.r_[steep * slope[on], -steep * slope[on], (steep * apart)[free], ridge]
            return csr_array((values, (down, across)), shape=(len(rows) + 1, self.size))

        bounds = (self.low, np.full(self.size, 10.0))
        return np.asarray(least_squares(misses, start, jac=slopes, bounds=bounds, method="trf").x)

    def index(self, x: Array) -> Array:
        (low, base), (high, top) = multi_benchmark.EPOCH.items()
        at, to = (x[self.given.systems.index(name)] for name in (low, high))
        return base + (top - base) * (x[: self.systems] - at) / (to - at)

    def bootstrap(self, refits: int) -> Array:
        """Index (refits, systems), each system's scores drawn with replacement, started from the estimate."""
        chance = np.random.default_rng(12345)
        own = [np.flatnonzero(self.given.system == m) for m in range(self.systems)]
        drawn = (np.concatenate([chance.choice(rows, rows.size) for rows in own]) for _ in range(refits))
        return np.array([self.index(self.solve(rows, self.best)) for rows in drawn])


def spread_of_correlations(given: Scores, residuals: Array) -> float:
    """Standard deviation of the residuals' correlations between benchmarks, in units of that of independent ones."""
    table = np.zeros((len(given.systems), len(given.benchmarks)))
    table[given.system, given.benchmark] = residuals.clip(-3, 3)
    seen = np.zeros_like(table)
    seen[given.system, given.benchmark] = 1
    shared, squares = seen.T @ seen, (table**2).T @ seen
    pairs = np.triu(shared >= SHARED, 1)
    correlation = (table.T @ table)[pairs] / np.sqrt(squares * squares.T)[pairs]
    return float((np.arctanh(correlation.clip(-0.99, 0.99)) * np.sqrt(shared[pairs] - 1)).std())


def index(path: Path, published: Path, draws: int, refits: int) -> None:
    """Measure and print what the multi-benchmark model takes and says."""
    given = scores(pd.read_csv(path))
    clocks = time.perf_counter, time.process_time
    began = [clock() for clock in clocks]
    refit = Refit(given)
    drawn = refit.bootstrap(refits)
    theirs = [clock() - start for clock, start in zip(clocks, began, strict=True)]
    began = [clock() for clock in clocks]
    found = multi_benchmark.fit(given, seed=1, draws=draws, cores=1)
    ours = [clock() - start for clock, start in zip(clocks, began, strict=True)]
    print(f"{len(given.systems)} systems, {len(given.benchmarks)} benchmarks, {len(given.score)} scores")
    for name, one, other in zip(("elapsed", "of processor time"), theirs, ours, strict=True):
        print(
            f"seconds {name}: {refits} refits {one:.1f}, posterior of 4 x {draws} draws {other:.1f}; "
            f"ratio {one / other:.2f}"
        )
    print(f"elapsed without compiling: posterior {found.seconds:.1f}, ratio {theirs[0] / found.seconds:.2f}")
    for check in found.checks():
        print(f"{check.name} {check.value:.4g} (limit {check.limit:.4g}){'' if check.passed else ': FAILED'}")

    index = pd.DataFrame(found.table()).set_index("system").join(pd.read_csv(published).set_index("Model"))
    ends = pd.DataFrame(
        np.quantile(drawn, [0.05, 0.95], axis=0).T, index=given.systems, columns=["from", "to"]
    )
    own = pd.Series(refit.index(refit.best), index=given.systems)
    index = index.join(ends).join(own.rename("refitted"))
    print(
        f"our least squares differ from the published index by at most {(index.refitted - index.eci).abs().max():.3f}"
    )
    rows = index[index["eci_ci_low"].notna()]  # the anchors have no interval
    figures = {
        "published index inside our 90 % interval": rows["eci"].between(rows["low"], rows["high"]).mean(),
        "our median inside the published interval": rows["index"]
        .between(rows.eci_ci_low, rows.eci_ci_high)
        .mean(),
        "intervals overlap": ((rows["low"] <= rows.eci_ci_high) & (rows.eci_ci_low <= rows["high"])).mean(),
        "rank correlation": rows["index"].corr(rows["eci"], method="spearman"),
        "root mean square difference": np.sqrt(np.mean((rows["index"] - rows["eci"]) ** 2)),
        "median width, ours": (rows["high"] - rows["low"]).median(),
        "median width, published": (rows.eci_ci_high - rows.eci_ci_low).median(),
        "median width, our refits": (rows["to"] - rows["from"]).median(),
    }
    for name, value in figures.items():
        print(f"{name} {value:.4g}")
    chance = np.random.default_rng(1)
    real = found.residuals(40)
    made = chance.standard_t(multi_benchmark.ERROR_TAIL, size=real.shape)
    told = [np.mean([spread_of_correlations(given, row) for row in kind]) for kind in (real, made)]
    print(
        f"spread of residual correlations between benchmarks {told[0]:.2f}, of independent errors {told[1]:.2f}"
    )
    print(
        f"share of errors beyond 3 scales {(abs(real) > 3).mean():.4f}, expected {(abs(made) > 3).mean():.4f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--draws", type=int)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--refits", type=int, default=500)
    chosen = parser.parse_args()
    if chosen.index:
        index(chosen.path, chosen.index, chosen.draws or 1500, chosen.refits)
    else:
        task(chosen.path, chosen.draws or 1000)


def task(path: Path, draws: int) -> None:
    """Measure and print what the task-level model takes."""
    given = outcomes(pd.read_csv(path).rename(columns=COLUMNS))
    data, sizes = data_of(given, TaskPriors()), sizes_of(given)
    compiled(sizes)

    used = time.process_time()
    ours = task_level.fit(given, seed=1, draws=draws, cores=1).draws
    cpu = time.process_time() - used
    model = compiled(sizes).with_data(**data, **map_to(data, sizes).arrays)
    at, place = density(model), 0.1 * np.random.default_rng(1).normal(size=model.n_dim)
    used = time.process_time()
    for _ in range(GRADIENTS):
        at(place)
    bare = (time.process_time() - used) / GRADIENTS * ours.gradients
    own, seconds = theirs(given, draws)

    print(
        f"{len(given.systems)} systems, {len(given.tasks)} tasks, {len(given.runs)} cells; 4 x {draws} draws"
    )
    rates = []
    for name, made, took in (("ours", ours, sum(ours.seconds.values())), ("PyMC's NUTS", own, seconds)):
        rhat, bulk, _ = made.worst()
        rates.append(bulk / took)
        print(
            f"{name:12} {took:7.1f} s, least bulk draws {bulk:6.0f}, a second {rates[-1]:7.1f}, "
            f"R-hat {rhat:.3f}, divergences {made.divergences}"
        )
    print(f"ratio of effective draws a second {rates[0] / rates[1]:.1f}")
    print(f"processor time {cpu:.1f} s, bare gradients {bare:.1f} s: ratio {cpu / bare:.2f}")


if __name__ == "__main__":
    main()
