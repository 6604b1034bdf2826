"""What the class of all series says of rates, steps and silences: the prior of the next series.

By moments and by likelihood over the other series, as they stood at the origin: never from the series that is
forecast and never from later readings. Only series that were still being read count, or retired benchmarks
would slow everything down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma

from forecasts.rises.history import History

READ_WITHIN = 1.5  # years before the origin
FEWEST_SERIES = 4  # without which the stated class is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class RiseClass:
    """Hyper-parameters of the rise process.

    rate_shape, rate_years: lambda ~ Gamma(shape, years), records a year. step_shape: of a step about its
    series' mean. mean_shape, mean_scale: a series' mean step ~ InvGamma, units. reads_shape, reads_years: readings of
    leading systems that are no records, a year ~ Gamma. series: how many it was learnt from; 0 for the stated values.
    """

    rate_shape: float = 2.5
    rate_years: float = 0.6
    step_shape: float = 1.0
    mean_shape: float = 3.5
    mean_scale: float = 1.2
    reads_shape: float = 1.5
    reads_years: float = 0.15
    series: int = 0

    def paces(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Paces of series of the class, records a year times the mean step, units a year, (draws,)."""
        rate = rng.gamma(self.rate_shape, size=draws) / self.rate_years
        return np.asarray(rate * self.mean_scale / rng.gamma(self.mean_shape, size=draws))

    def plain(self) -> dict[str, Any]:
        """The hyper-parameters as plain values, to store with a run."""
        return asdict(self)


def learn(histories: Sequence[History], origin: float) -> RiseClass:
    """The class of the series that were read within READ_WITHIN years of the origin and have two steps."""
    used = [h for h in histories if h.read >= origin - READ_WITHIN and len(h.steps) >= 2 and h.exposure > 0]
    if len(used) < FEWEST_SERIES:
        return RiseClass()
    count = np.array([len(h.waits) for h in used], dtype=float)
    exposure = np.array([h.exposure for h in used])
    rate_shape, rate_years = gamma_by_moments(count, exposure)
    reads_shape, reads_years = gamma_by_moments(np.array([h.others for h in used], dtype=float), exposure)
    step_shape = _step_shape([h.steps for h in used])
    mean_shape, mean_scale = _mean_steps([h.steps for h in used], step_shape)
    return RiseClass(
        rate_shape=rate_shape,
        rate_years=rate_years,
        step_shape=step_shape,
        mean_shape=mean_shape,
        mean_scale=mean_scale,
        reads_shape=reads_shape,
        reads_years=reads_years,
        series=len(used),
    )


def gamma_by_moments(count: np.ndarray, exposure: np.ndarray) -> tuple[float, float]:
    """Shape and rate of a Gamma over rates, by moments less the Poisson noise of the counts."""
    rate = count / exposure
    # Half an event in all, where no series has any: a rate is small, never known to be none.
    mean = max(float(rate.mean()), 0.5 / float(exposure.sum()))
    between = max(float(rate.var(ddof=1)) - mean * float((1 / exposure).mean()), 0.1 * mean**2)
    return mean**2 / between, mean / between


def _step_shape(steps: Sequence[np.ndarray]) -> float:
    """Shape of Gamma steps by likelihood, each series having its own mean (a degree of freedom each)."""
    spread = sum(float((np.log(x.mean()) - np.log(x)).sum()) for x in steps)
    size = sum(len(x) for x in steps)

    def slope(shape: float) -> float:
        # d/d shape of the profile likelihood; the sum of a series' steps has shape n * shape.
        own = sum(len(x) * (digamma(len(x) * shape) - np.log(len(x) * shape)) for x in steps)
        return float(size * (np.log(shape) - digamma(shape)) + own - spread)

    low, high = 0.2, 20.0
    if slope(low) < 0:
        return low
    return float(brentq(slope, low, high)) if slope(high) < 0 else high


def _mean_steps(steps: Sequence[np.ndarray], shape: float) -> tuple[float, float]:
    """Shape and scale of an InvGamma over mean steps, by moments of the logs less their sampling noise."""
    means = np.array([x.mean() for x in steps])
    noise = float(np.mean([1 / (len(x) * shape) for x in steps]))
    spread = max(float(np.log(means).var(ddof=1)) - noise, 0.05)
    # The variance of the log of an InvGamma(a) is trigamma(a), about 1 / (a - 1/2).
    found = 1 / spread + 0.5
    centre = float(np.log(means).mean())
    return found, float(np.exp(centre + digamma(found)))
