"""Local linear trend: the growth rate itself wanders, as a random walk of its logarithm.

The rate is constant within quarters and its logarithm takes independent normal steps of standard deviation
volatility · √¼ between them; the level is the integral. `STEPS` quarters up to the last observation are
fitted (earlier ones share the first quarter's rate), anchored at the reference date; beyond the data the
walk goes on. Volatility has a lognormal prior: a half-normal one makes a funnel that mixes badly.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from forecasts.ops import NUMPY, Array, Ops
from forecasts.prior import Prior
from forecasts.shapes._shape import CEILING, GROWTH, LEVEL, USUAL, Parameter, Shape, TimeFrame

STEPS = 32  # quarters: eight years of history
QUARTER = 0.25
HUGE = 1e3  # years; makes the first and last quarter reach as far as the data
_LOG_RATE_CAP = 6.0  # e^6 standard units a year: beyond it every threshold is crossed within weeks


def _log_rates(ops: Ops, p: Mapping[str, Array], frame: TimeFrame) -> tuple[Array, Array]:
    """Logarithm of the rate in each quarter, shape (..., STEPS), and the quarters' starting dates."""
    starts = frame.end - QUARTER * (STEPS - np.arange(STEPS))
    walk = sqrt(QUARTER) * p["volatility"] * ops.cumsum(p["steps"])
    lower = np.where(np.arange(STEPS) == 0, -HUGE, 0.0)
    upper = np.where(np.arange(STEPS) == STEPS - 1, HUGE, QUARTER)
    holds = (frame.reference >= starts + lower) & (frame.reference < starts + upper)
    at_reference = (walk * holds).sum(-1, keepdims=True)
    return ops.log(p["growth"]) + walk - at_reference, starts


def mean(ops: Ops, p: Mapping[str, Array], t: Array, frame: TimeFrame) -> Array:
    """level + integral of the rate from the reference date to `t`."""
    log_rates, starts = _log_rates(ops, p, frame)
    lower = np.where(np.arange(STEPS) == 0, -HUGE, 0.0)
    upper = np.where(np.arange(STEPS) == STEPS - 1, HUGE, QUARTER)

    def inside(moment: Array) -> Array:
        """Signed years of each quarter that lie before `moment`."""
        return ops.minimum(ops.maximum(moment - starts, lower), upper)

    years = inside(t[:, None]) - inside(frame.reference)
    return p["level"] + ops.exp(ops.minimum(log_rates, _LOG_RATE_CAP)) @ years.T


def forward(p: Mapping[str, Array], t: np.ndarray, frame: TimeFrame, rng: np.random.Generator) -> np.ndarray:
    """Continue the walk from the last fitted quarter over increasing times `t`; shape (draws, times)."""
    log_rates, _ = _log_rates(NUMPY, p, frame)
    end = float(frame.end)
    start = mean(NUMPY, p, np.array([end]), frame)
    gaps = np.diff(np.maximum(t, end), prepend=end)
    shocks = rng.standard_normal((log_rates.shape[0], len(t))) * np.sqrt(gaps)
    walk = log_rates[:, -1:] + p["volatility"] * np.cumsum(shocks, axis=1)
    risen = start + np.cumsum(np.exp(np.minimum(walk, _LOG_RATE_CAP)) * gaps, axis=1)
    before = t < end
    if before.any():
        risen[:, before] = mean(NUMPY, p, t[before], frame)
    return np.minimum(risen, CEILING)


SHAPE = Shape(
    name="local_trend",
    version=1,
    title="Local linear trend",
    story="The pace of progress drifts up and down; tomorrow's pace is today's, give or take.",
    equation="d log(rate) = volatility · dW; y(t) = level + ∫ rate",
    source="Harvey, Forecasting, structural time series models and the Kalman filter (1989)",
    parameters=(
        LEVEL,
        Parameter(
            name="growth",
            unit=GROWTH.unit,
            meaning=GROWTH.meaning,
            usual=GROWTH.usual,
            positive=True,
        ),
        Parameter(
            name="volatility",
            unit="per square root of a year",
            meaning="standard deviation of the yearly change of the logarithm of the rate",
            usual=(0.15, 0.8),
            positive=True,
        ),
    ),
    default_priors={
        **USUAL,
        "volatility": Prior(
            family="lognormal",
            params={"mu": -1.0498, "sigma": 0.5},
            unit="per square root of a year",
            meaning="standard deviation of the yearly change of the logarithm of the growth rate",
            rationale="Growth changes by a factor of 1.4 in a typical year; kept off zero, where the sampler sticks.",
            source="measured on METR time horizons 1.1 (0.42)",
        ),
    },
    mean=mean,
    steps=STEPS,
    forward=forward,
    accept=0.98,
)
