"""What the priors alone say: readings that each shape would give before it has seen any."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecasts.indicators import FAN_YEARS, QUANTILES, Task, fan_of
from forecasts.ops import NUMPY
from forecasts.problem import pose
from forecasts.series import series, years
from forecasts.shapes import get_shape

DRAWS = 2000  # a shape
TIMES = 80


def prior_fan(task: Task) -> dict[str, Any]:
    """Quantiles of new systems' values under the priors, shapes pooled by weight, from first reading to six years on.

    In the indicator's unit, by date, like the fan of a forecast. Discrepancy beyond the last reading counts too.
    """
    points = series(task.indicator, task.measurements, as_of=task.as_of, systems=task.systems)
    t = np.linspace(float(points.t[0]), years(task.as_of) + FAN_YEARS, TIMES)
    settings = task.priors.settings
    values, weights = [], []
    for name in task.shapes:
        rng = np.random.default_rng([task.seed, 31, *name.encode()])
        shape = get_shape(name)
        problem = pose(shape, points, task.priors)
        p = problem.parameters(rng.standard_normal((DRAWS, problem.size)))
        last = float(problem.points.t[-1])
        ahead = t > last
        trend = np.asarray(shape.mean(NUMPY, p, t, problem.frame)).copy()
        trend[:, ahead] = shape.future(p, t[ahead], problem.frame, rng)
        steps = np.sqrt(np.clip(np.diff(np.maximum(t, last), prepend=last), 0, None))
        trend += settings.discrepancy * np.cumsum(rng.standard_normal(trend.shape) * steps, axis=1)
        values.append(problem.scaling.link(trend + p["scatter"] * rng.standard_normal(trend.shape)))
        weights.append(np.full(DRAWS, settings.weights[name]))
    return fan_of(points, t, _quantiles(np.concatenate(values), np.concatenate(weights)))


def _quantiles(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted QUANTILES of `values` (draws, times) at each time; shape (quantiles, times)."""
    order = np.argsort(values, axis=0)
    share = np.cumsum(weights[order], axis=0) / weights.sum()
    at = np.stack([(share < q).sum(axis=0).clip(max=len(values) - 1) for q in QUANTILES])
    return np.take_along_axis(np.take_along_axis(values, order, axis=0), at, axis=0)
