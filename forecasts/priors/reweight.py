"""Reweighting draws to a changed prior, with the rule for when that can be trusted.

Only the ratio of the two priors changes, so no sampling is needed; Pareto smoothing (Vehtari et al. 2024)
tames the largest weights and its shape k tells how well it went. In trials k alone missed a case that the
effective number of draws caught, so both must hold: k < 0.5 and more than 400 effective draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.prior import Prior

MAX_K = 0.5
MIN_EFFECTIVE = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighted:
    """Normalised log weights (draws,), and whether they can be shown before the refit is ready."""

    log_weights: np.ndarray
    pareto_k: float
    effective: float

    @property
    def trusted(self) -> bool:
        """k < 0.5 and more than 400 effective draws."""
        return self.pareto_k < MAX_K and self.effective > MIN_EFFECTIVE

    @property
    def says(self) -> str:
        """The verdict in a sentence for the screen."""
        how = f"Pareto k {self.pareto_k:.2f}, {self.effective:.0f} effective draws"
        if self.trusted:
            return f"Reweighted from the last fit ({how}); the refit follows."
        return f"Too far from the last fit to reweight ({how}); wait for the refit."


def smooth(log_ratios: np.ndarray) -> tuple[np.ndarray, float]:
    """Normalised Pareto-smoothed log weights of `log_ratios` (draws,) and the shape k.

    `psislw` takes log likelihoods, whose weights are their inverse: hence the minus sign. With the other
    sign k looks perfect and the weights are upside down.
    """
    from arviz_stats.base import array_stats  # half a second, which a first forecast may do without

    finite = np.isfinite(log_ratios)
    if not finite.any():
        raise ValueError("every draw has weight zero under the new density")
    floored = np.where(finite, log_ratios, log_ratios[finite].min() - 700.0)
    tail = max(int(min(len(floored) / 5, 3 * np.sqrt(len(floored)))), 1)
    if floored.max() - np.partition(floored, -tail)[-tail] < 1e-12:
        # The largest weights are all equal: bounded, so there is no tail to smooth.
        return floored - np.logaddexp.reduce(floored), -np.inf
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        log_weights, k = array_stats.psislw(-floored)
    log_weights = np.asarray(log_weights, dtype=float)
    if not np.isfinite(log_weights).all() or np.isnan(k):
        # A tail too heavy to fit: the weights as they are, which nobody should trust.
        return floored - np.logaddexp.reduce(floored), np.inf
    return log_weights - np.logaddexp.reduce(log_weights), float(k)


def effective_draws(log_weights: np.ndarray) -> float:
    """Kish's effective number of draws of normalised log weights."""
    return float(np.exp(-np.logaddexp.reduce(2 * log_weights)))


def to_priors(
    draws: Mapping[str, np.ndarray], old: Mapping[str, Prior], new: Mapping[str, Prior]
) -> Reweighted:
    """Weights that turn draws under `old` priors into draws under `new` ones; arrays of any one shape."""
    changed = [
        name
        for name in old
        if (old[name].family, dict(old[name].params)) != (new[name].family, dict(new[name].params))
    ]
    size = next(iter(draws.values())).size
    ratio = np.zeros(size)
    for name in changed:
        values = np.asarray(draws[name]).ravel()
        ratio += new[name].frozen.logpdf(values) - old[name].frozen.logpdf(values)
    log_weights, k = smooth(ratio)
    return Reweighted(log_weights=log_weights, pareto_k=k, effective=effective_draws(log_weights))


def resample(log_weights: np.ndarray, draws: int, *, seed: int) -> np.ndarray:
    """Indices (draws,) drawn systematically by weight, in random order."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0x5E1]))
    places = (rng.random() + np.arange(draws)) / draws
    chosen = np.searchsorted(np.cumsum(np.exp(log_weights)), places)
    return rng.permutation(np.minimum(chosen, len(log_weights) - 1))
