"""Effective draws a second of the task-level model, beside PyMC's own sampler on the same model in the same run.

`python -m benchmarks.measurement PATH [--draws N]`, PATH a table of METR's counts by task. One core each, compiling
left out on both sides; then our sampling time beside the bare gradient evaluations it needed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pymc as pm

from forecasts.measurement import task_level
from forecasts.measurement.outcomes import Outcomes, outcomes
from forecasts.measurement.sampling import Draws, density, sample

GRADIENTS = 3000  # timed for the bare cost
COLUMNS = {"agent": "system", "task_id": "task", "task_family": "family", "n_successes": "successes",
           "n_runs": "runs"}  # fmt: skip


def theirs(given: Outcomes, draws: int) -> tuple[Draws, float]:
    """PyMC's own NUTS, and the seconds that it says it sampled."""
    priors = task_level.TaskPriors()
    with task_level.build_model(len(given.systems), len(given.tasks), given.families):
        pm.set_data(task_level.data_of(given, priors))
        trace = pm.sample(draws=draws, tune=draws, chains=4, cores=1, nuts_sampler="pymc", random_seed=1,
                          target_accept=task_level.ACCEPT, progressbar=False,
                          compute_convergence_checks=False)  # fmt: skip
    values = {str(name): np.asarray(value.values) for name, value in trace.posterior.data_vars.items()}
    stats = trace.sample_stats
    made = Draws(values=values, divergences=int(stats["diverging"].values.sum()), gradients=0, seconds={})
    return made, float(trace.posterior.attrs["sampling_time"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--draws", type=int, default=1000)
    chosen = parser.parse_args()
    given = outcomes(pd.read_csv(chosen.path).rename(columns=COLUMNS))
    model = task_level.ready(given, task_level.TaskPriors())

    used = time.process_time()
    ours = sample(
        model, draws=chosen.draws, tune=chosen.draws, chains=4, seed=1, accept=task_level.ACCEPT, cores=1
    )
    cpu = time.process_time() - used
    at, place = density(model), 0.1 * np.random.default_rng(1).normal(size=model.n_dim)
    used = time.process_time()
    for _ in range(GRADIENTS):
        at(place)
    bare = (time.process_time() - used) / GRADIENTS * ours.gradients
    own, seconds = theirs(given, chosen.draws)

    print(
        f"{len(given.systems)} systems, {len(given.tasks)} tasks, {len(given.runs)} cells; 4 x {chosen.draws} draws"
    )
    rates = []
    for name, draws, took in (("ours", ours, ours.seconds["sample"]), ("PyMC's NUTS", own, seconds)):
        rhat, bulk, _ = draws.worst()
        rates.append(bulk / took)
        print(f"{name:12} {took:7.1f} s, least bulk draws {bulk:6.0f}, a second {rates[-1]:7.1f}, "
              f"R-hat {rhat:.3f}, divergences {draws.divergences}")  # fmt: skip
    print(f"ratio of effective draws a second {rates[0] / rates[1]:.1f}")
    print(f"processor time {cpu:.1f} s, bare gradients {bare:.1f} s: ratio {cpu / bare:.2f}")


if __name__ == "__main__":
    main()
