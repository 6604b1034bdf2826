"""Whether a fit can be published: convergence, predictive coverage, and how far the date leans on the prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from forecasts.inference.fit import Fit
from forecasts.priors.reweight import smooth
from scorecard.records import Check

MAX_RHAT = 1.01
MIN_ESS = 400.0
MAX_DIVERGENT = 0.005  # of the draws
MAX_PARETO = 0.7  # from which importance weights are not to be trusted (Vehtari et al., 2024)
LEANS = 0.05  # power-scaling sensitivity from which a part is said to matter (Kallioinen et al., 2024)


def converged(fit: Fit) -> list[Check]:
    """R-hat, bulk and tail effective draws (worst coordinate) and divergences of a sampled fit."""
    from arviz_stats.base import array_stats  # half a second, which a first forecast may do without

    what = f"{fit.shape.title} on {fit.problem.series.indicator.id}"
    columns = [fit.v[:, :, j] for j in range(fit.v.shape[-1])]
    rhat = max(float(array_stats.rhat(c)) for c in columns)
    bulk = min(float(array_stats.ess(c, method="bulk")) for c in columns)
    tail = min(float(array_stats.ess(c, method="tail", prob=0.9)) for c in columns)
    divergent = fit.divergences / len(fit.flat)
    longer = "sample longer (more draws), or look for a prior that the data contradict"
    return [
        _at_most("R-hat", what, rhat, MAX_RHAT, longer),
        _at_least("bulk effective draws", what, bulk, MIN_ESS, longer),
        _at_least("tail effective draws", what, tail, MIN_ESS, longer),
        _at_most(
            "share of divergent draws",
            what,
            divergent,
            MAX_DIVERGENT,
            "raise the target acceptance, or narrow the prior of the parameter that moves with the divergences",
        ),
    ]


def approximated(fit: Fit) -> Check:
    """Pareto k of a first forecast's importance weights: whether the approximation stands for the posterior."""
    k = np.inf if fit.pareto_k is None else fit.pareto_k
    what = f"{fit.shape.title} on {fit.problem.series.indicator.id}"
    return _at_most(
        "Pareto k", what, k, MAX_PARETO, "wait for the sampler: this shape cannot be approximated"
    )


def predicted(fit: Fit, *, seed: int) -> Check:
    """Whether the fitted readings look like the model's own: too many outside their 90 % interval fails.

    The value is the probability that a right model leaves at least as many outside.
    """
    x = fit.problem.x
    replicate = fit.problem.replicate(fit.flat, np.random.default_rng([seed, 17]))
    exact = x[6] == 0
    low, high = np.quantile(replicate, [0.05, 0.95], axis=0)
    outside = int(((x[0] < low) | (x[0] > high))[exact].sum())
    chance = float(binom.sf(outside - 1, int(exact.sum()), 0.10))
    return _at_least(
        "predictive check",
        f"{fit.shape.title} on {fit.problem.series.indicator.id}",
        chance,
        0.001,
        f"{outside} of {int(exact.sum())} readings lie outside their 90 % interval; try another shape or wider scatter",
    )


def _at_most(name: str, what: str, value: float, limit: float, advice: str) -> Check:
    ok = bool(np.isfinite(value) and value <= limit)
    return Check(name=name, what=what, value=value, limit=limit, passed=ok, advice="" if ok else advice)


def _at_least(name: str, what: str, value: float, limit: float, advice: str) -> Check:
    ok = bool(np.isfinite(value) and value >= limit)
    return Check(name=name, what=what, value=value, limit=limit, passed=ok, advice="" if ok else advice)


def contraction(fit: Fit) -> dict[str, float]:
    """By parameter, 1 - posterior variance / prior variance on the prior's own normal scale.

    Near 1 the data decide, near 0 the prior does; below 0 the posterior is wider than the prior.
    """
    return {name: float(1 - fit.flat[:, j].var()) for j, name in enumerate(fit.problem.names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Power-scaling sensitivity of a quantity to the prior and to the data, in words too."""

    prior: float
    likelihood: float

    @property
    def words(self) -> str:
        """What the two figures say, for the screen."""
        if self.prior < LEANS and self.likelihood < LEANS:
            return "The date hardly moves when prior or data count for more: other assumptions decide it."
        if self.prior < LEANS:
            return "The date rests on the data; the prior hardly moves it."
        if self.likelihood < LEANS:
            return "The date leans on the prior; the data say little about it."
        if self.prior > self.likelihood:
            return (
                "The date leans on the prior more than on the data, and the two pull in different directions."
            )
        return (
            "The date rests on the data, but the prior moves it too: look at the prior before relying on it."
        )


def sensitivity(fit: Fit, quantity: np.ndarray) -> Sensitivity:
    """How far the distribution of `quantity` (draws,) moves when the prior or the likelihood is scaled.

    Kallioinen, Paananen, Buerkner and Vehtari (2024), Statistics and Computing 34:57: draws are reweighted
    to the prior (or likelihood) to the powers 0.8 and 1.25, and the movement is the cumulative
    Jensen-Shannon distance per doubling of the power. Only the shape's own parameters count as prior. A
    quantity that is finite in no draw does not move.
    """
    if not np.isfinite(quantity).any():
        return Sensitivity(prior=0.0, likelihood=0.0)
    log_prior = -0.5 * (fit.flat[:, : len(fit.problem.names)] ** 2).sum(axis=1)
    log_likelihood = fit.log_likelihood.sum(axis=1)
    finite = np.where(np.isfinite(quantity), quantity, np.nan)
    low, high = np.nanmin(finite), np.nanmax(finite)
    bounded = np.clip(quantity, low, high + 1.0)
    return Sensitivity(prior=_moved(bounded, log_prior), likelihood=_moved(bounded, log_likelihood))


def _moved(quantity: np.ndarray, log_density: np.ndarray) -> float:
    distances = []
    for power in (0.8, 1.25):
        log_weights, _ = smooth((power - 1) * log_density)
        distances.append(_cumulative_js(quantity, np.exp(log_weights)) / abs(np.log2(power)))
    return float(np.mean(distances))


def _cumulative_js(x: np.ndarray, weights: np.ndarray) -> float:
    """Normalised cumulative Jensen-Shannon distance between equal weights and `weights` on the same draws."""
    order = np.argsort(x)
    width = np.diff(x[order])
    p = np.arange(1, len(x))[: len(width)] / len(x)
    q = np.cumsum(weights[order] / weights.sum())[:-1]
    p_area, q_area = width @ p, width @ q
    if p_area + q_area == 0:
        return 0.0
    middle = 0.5 * (p + q)
    q_log = np.where(q > 0, q * (np.log2(np.maximum(q, 1e-300)) - np.log2(middle)), 0.0)
    forth = width @ (p * (np.log2(p) - np.log2(middle))) + 0.5 / np.log(2) * (q_area - p_area)
    back = width @ q_log + 0.5 / np.log(2) * (p_area - q_area)
    return float(np.sqrt(max(forth + back, 0.0) / (p_area + q_area)))
