"""Fitting: each shape compiled once per process, then refitted with new data and priors in tenths of a second.

Data, priors and the transport map all enter the compiled model as arrays, so a changed prior, date or vintage
only changes numbers. The sampler works in the map's coordinates (transport.py, found in numpy in hundredths of a
second), where even a hard shape is nearly round.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any, Literal

import numpy as np

from forecasts.inference.compiling import compile_open
from forecasts.inference.laplace import approximate
from forecasts.inference.problem import (
    ROWS,
    Options,
    Problem,
    dimension,
    log_likelihood,
    parameter_names,
    pose,
)
from forecasts.inference.tables import KNOTS
from forecasts.inference.transport import carried, carry, followed, for_sampler, nowhere, transport_to
from forecasts.ops import tensor_ops
from forecasts.priors.sets import Priors
from forecasts.series import Series, SeriesError
from forecasts.shapes import Shape

TUNE = 500  # the coordinates come whitened, so the step size is nearly all there is to tune
VERSION = 5  # of the engine; part of a run's hash


class FitError(RuntimeError):
    """The sampler could not produce draws, with what to try."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Posterior draws of one shape on one series.

    draws: parameter -> (chains, draws) in its unit. v: all coordinates (chains, draws, size), standard
    normal a priori. method "laplace" is a first forecast without sampling: one chain, resampled, with its
    Pareto k. seconds: map, sample.
    """

    problem: Problem
    v: np.ndarray
    divergences: int
    gradients: int
    method: Literal["nuts", "laplace"]
    seed: int
    seconds: Mapping[str, float] = field(compare=False)
    pareto_k: float | None = None

    @property
    def shape(self) -> Shape:
        return self.problem.shape

    @cached_property
    def flat(self) -> np.ndarray:
        """Coordinates of all draws, chains end to end, shape (draws, size)."""
        return self.v.reshape(-1, self.v.shape[-1])

    @cached_property
    def parameters(self) -> dict[str, np.ndarray]:
        """Parameters (draws, 1), steps and factors (draws, k), as shapes take them."""
        return self.problem.parameters(self.flat)

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        """Each named parameter, shape (chains, draws)."""
        return {name: self.parameters[name].reshape(self.v.shape[:2]) for name in self.problem.names}

    @cached_property
    def log_likelihood(self) -> np.ndarray:
        """Log density of each fitted point, shape (draws, points)."""
        return self.problem.log_likelihood(self.flat)


def build_model(shape: Shape, options: Options, *, which: tuple[int, ...] | None = None) -> Any:
    """The PyMC model of a shape: coordinates `w`, data `tables`, `x` and the transport map's arrays.

    The density of v, to which the map carries w, is standard normal times the likelihood. `which` scales the map
    follows (None: those that pay).
    """
    import pymc as pm

    ops, size = tensor_ops(), dimension(shape, options)
    names = parameter_names(shape, options)
    rows = ROWS + (size - len(names) - shape.steps)
    with pm.Model() as model:
        tables = pm.Data("tables", np.ones((2, len(names), KNOTS)))
        x = pm.Data("x", np.ones((rows, 3)))
        which = followed(shape, options) if which is None else which
        arrays = {name: pm.Data(name, value) for name, value in nowhere(which, size).arrays.items()}
        w = pm.Flat("w", shape=size)
        v, jacobian = carry(ops, which, w, arrays, size)
        v = _of_length(v, size)
        pm.Potential("log_prior", jacobian - 0.5 * (v**2).sum())
        pm.Potential("log_likelihood", log_likelihood(ops, shape, options, v, tables, x).sum())
    return model


def _of_length(v: Any, size: int) -> Any:
    """Tell pytensor the length of a vector, which it cannot know from data of any shape."""
    import pytensor.tensor as pt

    return pt.specify_shape(v, (size,))


class Engine:
    """Compiled models of this process, shared by threads; make one and keep it."""

    def __init__(self, *, cores: int | None = None) -> None:
        self._compiled: dict[tuple[str, int, Options], Any] = {}
        self._locks: dict[tuple[str, int, Options], threading.Lock] = {}
        self._guard = threading.Lock()
        self._cores = cores

    def compiled(self, shape: Shape, options: Options) -> Any:
        """The compiled model of a shape, compiling (2-5 s) on first use; threads wait for one another."""
        key = (shape.name, shape.version, options)
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._compiled:
                self._compiled[key] = compile_open(build_model(shape, options))
            return self._compiled[key]

    def is_ready(self, shape: Shape, options: Options) -> bool:
        """Whether a fit would start at once."""
        return (shape.name, shape.version, options) in self._compiled

    def fit(
        self,
        shape: Shape,
        series: Series,
        priors: Priors,
        *,
        seed: int,
        options: Options | None = None,
        covariance: np.ndarray | None = None,
        draws: int = 1000,
        chains: int = 4,
    ) -> Fit:
        """Sample the posterior of `shape` on `series`; the same arguments give the same draws, bit for bit.

        SeriesError and PriorError for what cannot be fitted, FitError when the sampler fails.
        """
        return self.sample(
            pose(shape, series, priors, options, covariance=covariance), seed=seed, draws=draws, chains=chains
        )

    def sample(self, problem: Problem, *, seed: int, draws: int = 1000, chains: int = 4) -> Fit:
        """Sample the posterior of a problem already posed."""
        if seed < 0:
            raise ValueError(f"a seed must be zero or more; found {seed}")
        model = self.compiled(problem.shape, problem.options)
        import nutpie

        began = perf_counter()
        transport = for_sampler(problem)
        found = perf_counter()
        ready = model.with_data(tables=problem.tables, x=problem.x, **transport.arrays)
        try:
            trace = nutpie.sample(
                ready,
                draws=draws,
                tune=TUNE,
                chains=chains,
                cores=self._cores or min(chains, 2),
                seed=seed,
                progress_bar=False,
                save_warmup=True,
                target_accept=problem.shape.accept,
            )
        except RuntimeError as error:
            raise FitError(
                f"{problem.shape.title} on {problem.series.indicator.id}: the sampler failed ({error}). "
                "Look for a prior that forbids what the data show, or fit another shape."
            ) from error
        w = np.asarray(trace.posterior["w"].values)
        if not np.isfinite(w).all():
            raise FitError(
                f"{problem.shape.title}: the sampler returned values that are not numbers; try another seed"
            )
        steps = trace.sample_stats["n_steps"].values.sum() + trace.warmup_sample_stats["n_steps"].values.sum()
        v, _ = carried(problem, transport, w.reshape(-1, problem.size))
        return Fit(
            problem=problem,
            v=v.reshape(w.shape),
            divergences=int(trace.sample_stats["diverging"].values.sum()),
            gradients=int(steps),
            method="nuts",
            seed=seed,
            seconds={"map": found - began, "sample": perf_counter() - found},
        )


def first_forecast(
    shape: Shape,
    series: Series,
    priors: Priors,
    *,
    seed: int,
    options: Options | None = None,
    covariance: np.ndarray | None = None,
    draws: int = 4000,
) -> Fit:
    """A fit without compiling or sampling: map and importance weights. Says how good by `pareto_k`."""
    began = perf_counter()
    problem = pose(shape, series, priors, options, covariance=covariance)
    transport = transport_to(problem)
    found = perf_counter()
    near = approximate(problem, transport, seed=seed, draws=draws, proposals=5 * draws)
    return Fit(
        problem=problem,
        v=near.v[None],
        divergences=0,
        gradients=0,
        method="laplace",
        seed=seed,
        seconds={"map": found - began, "sample": perf_counter() - found},
        pareto_k=near.pareto_k,
    )


__all__ = ["Engine", "Fit", "FitError", "SeriesError", "build_model", "first_forecast"]
