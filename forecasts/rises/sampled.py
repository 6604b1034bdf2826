"""The rise process in PyMC: the same unknowns and likelihood as in process.py, sampled, to check the closed form.

The renewal shape is summed over its grid, and so are the moments at which the board may have been left, so that
everything sampled is continuous. The level's standing has no place here: it is given to the closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaln

from forecasts.rises.history import History
from forecasts.rises.learning import RiseClass
from forecasts.rises.process import ONSETS, SHAPES, SHAPES_PRIOR, RiseSettings


@dataclass(frozen=True, kw_only=True)
class SampledRises:
    """Draws of rate (records a year) and mean step (units), each (draws,), and how the sampler fared."""

    rate: np.ndarray
    mean: np.ndarray
    divergences: int


def build_model(seen: History, origin: float, learnt: RiseClass, settings: RiseSettings) -> Any:
    """The model as a pm.Model: rate, mean step and reads, the states and renewal shapes summed out."""
    import pymc as pm
    import pytensor.tensor as pt

    age = max(origin - seen.last, 1e-3)
    n, alpha = len(seen.waits), learnt.step_shape
    shapes = SHAPES if settings.steady is None else np.array([settings.steady])
    prior = SHAPES_PRIOR if settings.steady is None else np.ones(1)
    since = (np.arange(ONSETS) + 0.5) / ONSETS * age
    after = (seen.misses[None, :] - seen.last >= since[:, None]).sum(axis=1)
    with pm.Model() as model:
        rate = pm.Gamma("rate", alpha=learnt.rate_shape, beta=learnt.rate_years)
        mean = pm.InverseGamma("mean", alpha=learnt.mean_shape, beta=learnt.mean_scale)
        reads = pm.Gamma(
            "reads",
            alpha=learnt.reads_shape + seen.others,
            beta=learnt.reads_years + seen.exposure,
        )
        # One call for all shapes and moments: the last column is the whole silence.
        times = np.append(since, age)
        none = pt.log(pt.gammaincc(shapes[:, None], shapes[:, None] * rate * times))
        waits = np.log(prior / prior.sum()) + n * (shapes * pt.log(shapes * rate) - gammaln(shapes))
        waits += (shapes - 1) * float(
            np.log(np.maximum(seen.waits, 1e-3)).sum()
        ) - shapes * rate * seen.exposure
        active = none[:, -1] - settings.left * age
        onset = np.log(settings.left * age / ONSETS) - settings.left * since
        quiet = after * np.log(settings.slow) + (1 - settings.slow) * reads * (age - since)
        rest = -settings.slow * rate * (age - since)
        left = pt.logsumexp(none[:, :-1] + onset + quiet + rest, axis=1)
        pm.Potential("waits", pt.logsumexp(waits + pt.logaddexp(active, left)))
        pm.Potential(
            "steps", -len(seen.steps) * alpha * pt.log(mean) - alpha * float(seen.steps.sum()) / mean
        )
    return model


def sample(
    seen: History,
    origin: float,
    learnt: RiseClass,
    settings: RiseSettings,
    *,
    seed: int,
    draws: int = 1000,
    chains: int = 4,
) -> SampledRises:
    """Sample the model with nutpie; compiles anew (seconds)."""
    import nutpie

    compiled = nutpie.compile_pymc_model(build_model(seen, origin, learnt, settings), backend="numba")
    trace = nutpie.sample(
        compiled, draws=draws, tune=500, chains=chains, cores=1, seed=seed, progress_bar=False
    )
    return SampledRises(
        rate=np.asarray(trace.posterior["rate"].values).ravel(),
        mean=np.asarray(trace.posterior["mean"].values).ravel(),
        divergences=int(trace.sample_stats["diverging"].values.sum()),
    )
