"""From a fitted trend to paths of the frontier: the best system so far, on a grid of months.

The frontier R starts at the *latent* record, the best true value among the measured systems given their
noisy readings (the measured record is biased upwards: the luckiest reading wins), and rises with later
releases. In one month n systems appear, n ~ Poisson(rate x length), each at trend + scatter; their best is
drawn directly, without n. Beyond the last measurement the trend takes on a random walk (no shape is true), and
with a small probability it stands still. Everything is in standard units (see scaling.py); the frontier never falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtr, ndtri

from forecasts.inference.fit import Fit
from forecasts.inference.problem import shared_error
from forecasts.ops import NUMPY
from forecasts.priors.sets import Settings
from forecasts.series import day, years

HORIZON = date(2050, 12, 31)
MONTHLY = 8  # years from the as-of day; what comes later is far less certain than a quarter of a year
RECENT = 2.0  # years whose releases say how often one comes: METR's series had 0.6 a year to 2022, 6 since


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The frontier of one shape on one indicator.

    t: years since 2024-01-01, (times,); the as-of day is at index `now`, and everything before it is
    between the last measurement and that day. frontier, trend: (draws, times), standard units. best: the best
    release of the interval that ends at each time, minus infinity where there is none.
    past_t, past: the fitted trend up to the last measurement, (past times,) and (draws, past times).
    """

    fit: Fit
    t: np.ndarray
    now: int
    frontier: np.ndarray
    trend: np.ndarray
    best: np.ndarray
    past_t: np.ndarray
    past: np.ndarray

    def in_link(self, standard: np.ndarray) -> np.ndarray:
        """Standard units -> the indicator's link scale."""
        return self.fit.problem.scaling.link(standard)


def grid(last: float, as_of: date, horizon: date = HORIZON) -> tuple[np.ndarray, int]:
    """Times from the last measurement through the as-of day to the horizon, first of each month or quarter between.

    Quarters once the as-of year lies MONTHLY years back.
    """
    stops = {last, years(as_of), years(horizon)}
    start = day(last)
    year, month = start.year, start.month
    while (year, month) < (horizon.year, horizon.month):
        month += 1 if year < as_of.year + MONTHLY else 3
        year, month = (year, month) if month <= 12 else (year + 1, 1)
        stops.add(years(date(year, month, 1)))
    t = np.array(sorted(s for s in stops if last <= s <= years(horizon)))
    return t, int(np.flatnonzero(t == years(as_of))[0])


def simulate(fit: Fit, settings: Settings, *, as_of: date, seed: int, horizon: date = HORIZON) -> Paths:
    """Paths of the frontier from every posterior draw; the same arguments give the same paths."""
    rng = np.random.default_rng([seed, 7, *fit.shape.name.encode()])
    points, frame, parameters = fit.problem.points, fit.problem.frame, fit.parameters
    last = min(float(points.t[-1]), years(as_of))
    t, now = grid(last, as_of, horizon)
    trend = fit.shape.future(parameters, t, frame, rng)
    draws = trend.shape[0]
    gaps = np.diff(t, prepend=last)
    trend = trend + settings.discrepancy * np.cumsum(
        rng.standard_normal((draws, len(t))) * np.sqrt(gaps), axis=1
    )
    best = trend + _best_release(fit, settings, gaps, rng, draws)
    record = latent_record(fit, rng)
    best[rng.random(draws) < settings.stall_probability] = -np.inf
    frontier = np.maximum.accumulate(np.concatenate([record[:, None], best], axis=1), axis=1)[:, 1:]
    past_t = np.linspace(float(points.t[0]), last, 60)
    past = fit.shape.mean(NUMPY, parameters, past_t, frame)
    return Paths(
        fit=fit, t=t, now=now, frontier=frontier, trend=trend, best=best, past_t=past_t, past=np.asarray(past)
    )


def _best_release(
    fit: Fit, settings: Settings, gaps: np.ndarray, rng: np.random.Generator, draws: int
) -> np.ndarray:
    """How far the best release of each interval lies above the trend; minus infinity where there is none."""
    points = fit.problem.points
    alpha, beta = (float(settings.release_rate.params[name]) for name in ("alpha", "beta"))
    recent = int((points.t > points.t[-1] - RECENT).sum())
    expected = rng.gamma(alpha + recent, 1.0 / (beta + RECENT), size=(draws, 1)) * gaps
    scatter, above = fit.parameters["scatter"], np.full(expected.shape, -np.inf)
    if "gap" not in fit.parameters:
        # None lies above x with the chance exp(-expected (1 - Phi(x))), which is turned round.
        with np.errstate(divide="ignore"):
            beyond = rng.standard_exponential(expected.shape) / expected
        at = np.nonzero(beyond < 1)
        above[at] = -scatter[at[0], 0] * ndtri(beyond[at])
        return above
    # The trend is the frontier itself here, and each single release falls short of it by Exp(gap).
    count = rng.poisson(expected)
    at = np.nonzero(count)
    draw = np.repeat(at[0], count[at])
    releases = scatter[draw, 0] * rng.standard_normal(len(draw))
    releases -= fit.parameters["gap"][draw, 0] * rng.standard_exponential(len(draw))
    above[at] = np.maximum.reduceat(releases, np.cumsum(count[at]) - count[at])
    return above


def next_record(paths: Paths, at: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """True values of a system that is released in the interval before t[at] and sets a record.

    Given the draws in which a release would be likely to: their indices and the values, shapes (draws,).
    """
    best = paths.frontier[:, max(at - 1, 0)]
    scatter = paths.fit.parameters["scatter"][:, 0]
    cut = ndtr(np.clip((best - paths.trend[:, at]) / scatter, -8, 8))
    chance = np.maximum(1.0 - cut, 1e-12)
    chosen = rng.choice(len(best), size=len(best), p=chance / chance.sum())
    u = np.clip(cut[chosen] + rng.random(len(best)) * chance[chosen], 1e-12, 1 - 1e-12)
    return chosen, paths.trend[chosen, at] + scatter[chosen] * ndtri(u)


def published_record(paths: Paths, times: int, rng: np.random.Generator) -> np.ndarray:
    """The record of *readings* at the first `times` of t, which is all that others can see; (draws, times).

    Each best release is read with an error as large as those of the last five fitted systems, shared in part
    with them. It starts at the highest exact reading there is, lucky or not.
    """
    problem, best = paths.fit.problem, paths.best[:, :times]
    low, high = (float(np.median(problem.x[row, -5:])) for row in (4, 5))
    draw, at = np.nonzero(np.isfinite(best))
    read = np.full(best.shape, -np.inf)
    read[draw, at] = problem.readings(paths.fit.flat[draw], best[draw, at], low, high, rng)
    exact = problem.x[0][problem.x[6] == 0]
    return np.maximum(np.maximum.accumulate(read, axis=1), exact.max())


def latent_record(fit: Fit, rng: np.random.Generator) -> np.ndarray:
    """The best true value among the fitted systems, given their readings and the trend; shape (draws,).

    Each truth is normal between its reading (less the shared error) and the trend, weighted by precision;
    a reading that is only a bound leaves the trend's distribution, cut off there.
    """
    p, x = fit.parameters, fit.problem.x
    mean = np.asarray(fit.shape.mean(NUMPY, p, x[1], fit.problem.frame))
    scatter = p["scatter"]
    if "gap" in p:
        mean, scatter = mean - p["gap"], np.hypot(scatter, p["gap"])
    reading = x[0] - np.asarray(shared_error(NUMPY, p, x))
    own = np.where(reading > mean, x[2], x[3])  # published too high: the error's lower half reaches the truth
    own = np.where(own > 0, own, 1e-6)
    share = scatter**2 / (scatter**2 + own**2)
    centre = mean + share * (reading - mean)
    spread = own * np.sqrt(share)
    truth = centre + spread * rng.standard_normal(centre.shape)
    bound = x[6] != 0
    if bound.any():
        truth[:, bound] = _beyond(mean, scatter, reading, x[6], rng)[:, bound]
    return np.max(truth, axis=1)


def _beyond(
    mean: np.ndarray, scatter: np.ndarray, reading: np.ndarray, side: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Normal(mean, scatter) cut to the side of the reading on which the truth lies."""

    cut = ndtr(np.clip((reading - mean) / scatter, -8, 8))
    u = rng.random(mean.shape)
    within = np.where(side > 0, cut + u * (1 - cut), u * cut)
    return mean + scatter * ndtri(np.clip(within, 1e-12, 1 - 1e-12))
