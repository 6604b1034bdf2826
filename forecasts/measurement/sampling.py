"""Sampling of measurement models: compiled once, sampled with new arrays, checked like every other fit."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from arviz_stats.base import array_stats
from numpy.typing import NDArray

from forecasts.inference.checks import MAX_DIVERGENT, MAX_RHAT, MIN_ESS
from forecasts.inference.compiling import compile_open
from scorecard.records import Check

type Array = NDArray[np.float64]


class MeasurementError(ValueError):
    """Results that cannot be measured with, or a sampler that failed: what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class PosteriorDraws:
    """Posterior draws: parameter -> (chains, draws, ...); gradients counts every evaluation, warm-up included.

    seconds: how long sampling took ("sample").
    """

    values: Mapping[str, Array]
    divergences: int
    gradients: int
    seconds: Mapping[str, float] = field(compare=False)

    def flat(self, name: str) -> Array:
        """A parameter's draws with chains end to end, shape (draws, ...)."""
        value = self.values[name]
        return value.reshape(-1, *value.shape[2:])

    def worst(self) -> tuple[float, float, float]:
        """The greatest R-hat and the least bulk and tail effective draws over all sampled numbers."""
        columns = [
            column
            for value in self.values.values()
            for column in np.moveaxis(value.reshape(*value.shape[:2], -1), -1, 0)
            if np.ptp(column) > 0
        ]
        return (
            max(float(array_stats.rhat(c)) for c in columns),
            min(float(array_stats.ess(c, method="bulk")) for c in columns),
            min(float(array_stats.ess(c, method="tail", prob=0.9)) for c in columns),
        )


def converged(draws: PosteriorDraws, what: str) -> list[Check]:
    """R-hat, bulk and tail effective draws and divergences, against the limits of every published forecast."""
    rhat, bulk, tail = draws.worst()
    some = next(iter(draws.values.values()))
    divergent = draws.divergences / (some.shape[0] * some.shape[1])
    longer = "sample longer (more draws)"
    told = [
        ("R-hat", rhat, MAX_RHAT, rhat <= MAX_RHAT, longer),
        ("bulk effective draws", bulk, MIN_ESS, bulk >= MIN_ESS, longer),
        ("tail effective draws", tail, MIN_ESS, tail >= MIN_ESS, longer),
        (
            "share of divergent draws",
            divergent,
            MAX_DIVERGENT,
            divergent <= MAX_DIVERGENT,
            "raise the target acceptance, or look for a prior that the data contradict",
        ),
    ]
    return [
        Check(name=name, what=what, value=value, limit=limit, passed=ok, advice="" if ok else advice)
        for name, value, limit, ok, advice in told
    ]


def interval(draws: Array, level: float) -> tuple[Array, Array, Array]:
    """Lower end, median and upper end of the central interval over the first axis."""
    low, middle, high = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return low, middle, high


class Compiler:
    """Compiled models of this process by their sizes, shared by threads."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, build: Callable[[], Any]) -> Any:
        """The compiled model under `key`, compiling (5-10 s) on first use."""
        with self._guard:
            if key not in self._made:
                self._made[key] = compile_open(build())
            return self._made[key]


COMPILER = Compiler()


def sample(
    ready: Any, *, draws: int, tune: int, chains: int, seed: int, accept: float, cores: int = 2
) -> PosteriorDraws:
    """Draws of a compiled model that has its data; the same arguments give the same draws."""
    if seed < 0:
        raise ValueError(f"a seed must be zero or more; found {seed}")
    import nutpie

    began = perf_counter()
    try:
        trace = nutpie.sample(
            ready,
            draws=draws,
            tune=tune,
            chains=chains,
            cores=min(chains, cores),
            seed=seed,
            progress_bar=False,
            save_warmup=True,
            target_accept=accept,
        )
    except RuntimeError as error:
        raise MeasurementError(
            f"the sampler failed ({error}); look for a prior that forbids what the results show"
        ) from error
    values = {str(name): np.asarray(value.values) for name, value in trace.posterior.data_vars.items()}
    if not all(np.isfinite(value).all() for value in values.values()):
        raise MeasurementError("the sampler returned values that are not numbers; try another seed")
    steps = trace.sample_stats["n_steps"].values.sum() + trace.warmup_sample_stats["n_steps"].values.sum()
    return PosteriorDraws(
        values=values,
        divergences=int(trace.sample_stats["diverging"].values.sum()),
        gradients=int(steps),
        seconds={"sample": perf_counter() - began},
    )


def density(ready: Any) -> Callable[[Array], tuple[float, Array]]:
    """The compiled log density and its gradient as a function of the sampler's own vector of coordinates."""
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int64, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
    )
    call, size = kind(ready.compiled_logp_func.address), ready.n_dim

    def at(x: Array) -> tuple[float, Array]:
        place = np.ascontiguousarray(x, dtype=float)
        gradient, value = np.zeros(size), np.zeros(1)
        # Through `ready` itself, which must outlive every call: it owns the memory the address points to.
        data = ready.user_data.ctypes.data
        code = call(size, place.ctypes.data, gradient.ctypes.data, value.ctypes.data, data)
        return (float(value[0]), gradient) if code == 0 else (-np.inf, gradient)

    return at
