"""How fast the engine is, beside PyMC's own sampler on the same model, data and machine, in one run.

`python -m benchmarks.engine [--indicator ID] [--seed N]`. Three questions:

- Effective draws a second (bulk, the worst coordinate) of every trend shape, against `pymc.sample(nuts_sampler="pymc")`
  on the same posterior; compiling is left out on both sides. PyMC gets the model as a person would write it, in prior
  coordinates; whitening by the mode is part of the engine.
- Sampling time against the bare gradient evaluations that it needed, called one after the other.
- A person's waits: cold start to all shapes of one indicator (a new process), all shapes refitted and crossed, and a
  changed prior to new crossing dates of the headline threshold (the quick method of the Priors page).
"""

from __future__ import annotations

import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from arviz_stats.base import array_stats

from forecasts import SEED
from forecasts.dates.crossing import first_passage, mix
from forecasts.dates.paths import simulate
from forecasts.dates.pool import alone
from forecasts.inference.fit import Engine, Fit, build_model
from forecasts.inference.problem import Problem, pose
from forecasts.inference.transport import for_sampler
from forecasts.priors.sets import Priors, priors_of, read_prior_set
from forecasts.runs import run as runs
from forecasts.runs.request import PRIORS, Request
from forecasts.series import Series, series
from forecasts.shapes import get_shape
from scorecard import clock
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement, Override, System
from scorecard.store import Store

HEADLINE = "openai.pf2.ai_self_improvement.high"
ONE = "meta.aasf2.loc1.autonomous_rd"  # measured by one indicator
REPEATS = 5
CHAINS, TUNE, DRAWS = 4, 500, 1000
GRADIENTS = 20_000  # of the bare loop
LEVEL = 167 * 60.0  # minutes: where the crossing is timed


def effective(v: np.ndarray) -> float:
    """Bulk effective draws of the worst coordinate of `v` (chains, draws, size)."""
    return min(float(array_stats.ess(v[:, :, j], method="bulk")) for j in range(v.shape[-1]))


def by_pymc(problem: Problem, seed: int) -> tuple[float, float, int]:
    """Effective draws, seconds of sampling and divergences of PyMC's own sampler on the same posterior."""
    import pymc as pm

    with build_model(problem.shape, problem.options, which=()) as model:
        pm.set_data({"tables": problem.tables, "x": problem.x}, model=model)
        common: dict[str, Any] = {
            "nuts_sampler": "pymc",
            "chains": CHAINS,
            "cores": 1,
            "random_seed": seed,
            "progressbar": False,
            "compute_convergence_checks": False,
            "target_accept": problem.shape.accept,
            "initvals": {"w": np.zeros(problem.size)},
        }
        pm.sample(draws=5, tune=5, **common)  # compiles
        began = time.perf_counter()
        trace = pm.sample(draws=DRAWS, tune=TUNE, **common)
        took = time.perf_counter() - began
    return effective(trace.posterior["w"].values), took, int(trace.sample_stats["diverging"].values.sum())


def bare(engine: Engine, problem: Problem, fit: Fit) -> float:
    """Seconds that the fit's gradient evaluations take when nothing else is done, at points of the posterior."""
    ready = engine.compiled(problem.shape, problem.options).with_data(
        tables=problem.tables, x=problem.x, **for_sampler(problem).arrays
    )
    call, number = ready.compiled_logp_func.ctypes, ctypes.POINTER(ctypes.c_double)
    points = np.random.default_rng(fit.seed).standard_normal((4000, problem.size))  # where the posterior is
    places = [row.ctypes.data_as(number) for row in points]
    out, logp = np.zeros(problem.size), np.zeros(1)
    to, value, data = out.ctypes.data_as(number), logp.ctypes.data_as(number), ready.user_data.ctypes.data
    began = time.perf_counter()
    for i in range(GRADIENTS):
        if call(problem.size, places[i % len(places)], to, value, data):
            raise SystemExit("a gradient failed at a point of the posterior")
    return (time.perf_counter() - began) / GRADIENTS * fit.gradients


def compare(engine: Engine, points: Series, priors: Priors, seed: int) -> None:
    """A line a shape: both samplers and the bare gradients."""
    print(f"\n{points.indicator.name}: {len(points)} readings; {CHAINS} chains x ({TUNE} + {DRAWS})")
    heads = ("ours: s", "ESS", "ESS/s", "PyMC: s", "ESS", "ESS/s", "ratio", "bare s", "x bare")
    print(f"{'shape':18}" + "".join(f"{head:>9}" for head in heads))
    for name in priors.settings.listed:
        problem = pose(get_shape(name), points, priors)
        engine.compiled(problem.shape, problem.options)
        fits = [
            engine.sample(problem, seed=seed + i, draws=DRAWS, chains=CHAINS) for i in range(REPEATS)
        ]  # the smallest of some tens of effective sizes varies by half from seed to seed
        took = median(sum(fit.seconds.values()) for fit in fits)
        ours = median(effective(fit.v) for fit in fits)
        ess, seconds, divergences = by_pymc(problem, seed)
        gradients = bare(engine, problem, fits[0])
        ratio = (ours / took) / (ess / seconds)
        print(
            f"{name:18}{took:9.2f}{ours:9.0f}{ours / took:9.0f}{seconds:9.2f}{ess:9.0f}{ess / seconds:9.0f}"
            f"{ratio:9.1f}{gradients:9.2f}{fits[0].seconds['sample'] / gradients:9.1f}"
            + (f"   ({divergences} divergences in PyMC)" if divergences else "")
        )


def all_shapes(engine: Engine, points: Series, priors: Priors, seed: int) -> float:
    """Seconds to refit, cross and combine every shape equally, compiled already."""
    began = time.perf_counter()
    day = clock.today()
    crossings = []
    for name in priors.settings.listed:
        fit = engine.fit(get_shape(name), points, priors, seed=seed)
        paths = simulate(fit, priors.settings, as_of=day, seed=seed)
        target = fit.problem.scaling.standard(np.array([points.to_link(LEVEL)]))[0]
        passed = first_passage(paths, np.full(len(paths.frontier), target), seed=seed)
        crossings.append((alone(passed, day), 1.0))
    mix(crossings).quantile(0.5)
    return time.perf_counter() - began


def edited(store: Store) -> float:
    """Seconds from a changed prior to the headline threshold's dates, the process warm: the median of some edits."""
    asked = Request(as_of=clock.today(), thresholds=(HEADLINE,))
    runs.preview(store, asked)
    seconds = []
    for days in range(150, 150 + REPEATS):
        began = time.perf_counter()
        runs.preview(
            store, replace(asked, overrides=(Override.parse(f"growth=doubling_days(100, {days}, 240)"),))
        )
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def cold(store: Path, *arguments: str) -> float:
    """Seconds of a new process that forecasts by sampling, compiling included."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "forecasts", "run", *arguments],
        check=True,
        env={**os.environ, "SCORECARD_STORE": str(store)},
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--indicator", default="metr_p50_horizon")
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    priors = priors_of(read_prior_set(PRIORS / "default.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "scorecard.duckdb")
        facts.build(store, DATA)
        with store.view() as now:
            points = series(
                now.get(Indicator, id=given.indicator),
                now.all(Measurement, indicator=given.indicator),
                systems=now.all(System),
                as_of=clock.today(),
            )
        engine = Engine(cores=1)
        compare(engine, points, priors, given.seed)
        print(
            f"\nall shapes refitted and combined, warm: {all_shapes(engine, points, priors, given.seed):.2f} s"
        )
        print(f"a changed prior to new dates of {HEADLINE}: {edited(store):.2f} s")
        for threshold, words in ((ONE, "one indicator"), (HEADLINE, "three indicators")):
            took = cold(store.path, "--threshold", threshold, "--quiet", "--seed", "7")
            print(f"cold process to sampled dates of {threshold} ({words}): {took:.1f} s")


if __name__ == "__main__":
    main()
