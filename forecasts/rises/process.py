"""The rise process: story, equations, posterior and paths.

Story: the record of an indicator stands still until a system beats it, and then it rises by a step. What is
steady is not a line but how often that happens and by how much; both differ between indicators and are learnt
from many of them. Nothing makes the record follow a curve, so an acceleration or a halt is a matter of draws.

    wait ~ Gamma(r, r lambda f a)            records arrive by a renewal process, more regular than Poisson
    step ~ Gamma(alpha, mean m)              what a record adds, units
    lambda ~ Gamma(l, b),  m ~ InvGamma(u, v),  r ~ LogNormal(ln 2, 0.4)         from the class
    log f ~ random walk, q a square-root year                                   pace now against its past
    a = 1, later `slow` for good: at rate `stops` the level of leading systems comes to stand, at rate `left`
        leading systems are no longer tested (an abandoned board)

Two things tell a halt. Leading systems that set no record say that the level stands: that chance comes from the
level model, which reads all of them (levels/filtering.py). No readings of leading systems at all, where there
used to be many, say that the board was left; they come at the rate nu ~ Gamma(class) of this series.
Steps: Gamma-Poisson, conjugate (Gelman et al., Bayesian Data Analysis, ch. 2). Renewal: Cox (1962).
Records among independent attempts: Arnold, Balakrishnan and Nagaraja, Records (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc, gammainccinv, gammaln

from forecasts.rises.history import History
from forecasts.rises.learning import RiseClass

POOL = 4  # proposals for each draw that is kept
BLOCK = 16  # renewals drawn at a time, twice as many each time
ONSETS = 24  # moments at which a halt may have begun, since the last record
SHAPES = np.exp(
    np.log(2.0) + 0.4 * np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5])
)  # r, prior in steps of its sd
SHAPES_PRIOR = np.exp(-0.5 * np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5]) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiseSettings:
    """Stated, not learnt. drift: q. stops, left: halts a year. slow: a after a halt. steady: r, where it is fixed."""

    drift: float = 0.35
    stops: float = 0.05
    left: float = 0.05
    slow: float = 0.1
    steady: float | None = None


@dataclass(frozen=True, kw_only=True)
class RisePosterior:
    """Draws of the unknowns at the origin, arrays of shape (draws,).

    rate: records a year while active. mean: mean step, units. shape: renewal shape. halted: the process has
    stopped. age: years since the last record, one number.
    """

    rate: np.ndarray
    mean: np.ndarray
    shape: np.ndarray
    halted: np.ndarray
    age: float
    learnt: RiseClass
    settings: RiseSettings


def posterior(
    seen: History,
    origin: float,
    learnt: RiseClass,
    settings: RiseSettings,
    rng: np.random.Generator,
    *,
    draws: int,
    standing: float = 0.0,
) -> RisePosterior:
    """Draws of rate, mean step and state given a history: conjugate proposals, weighted by the silence.

    standing: the chance that the level stands, by the level model.
    """
    size = POOL * draws
    shape = _shapes(seen, learnt, settings, rng, size)
    rate = rng.gamma(learnt.rate_shape + shape * len(seen.waits)) / (
        learnt.rate_years + shape * seen.exposure
    )
    age = max(origin - seen.last, 1e-3)
    reads = rng.gamma(learnt.reads_shape + seen.others, size=size) / (learnt.reads_years + seen.exposure)
    active, left = _states(seen, age, rate, shape, reads, settings)
    total = active + left
    chosen = rng.choice(size, size=draws, p=total / total.sum())
    runs = (1 - standing) * active[chosen] / total[chosen]
    mean = (learnt.mean_scale + learnt.step_shape * seen.steps.sum()) / rng.gamma(
        learnt.mean_shape + learnt.step_shape * len(seen.steps), size=draws
    )
    return RisePosterior(
        rate=rate[chosen],
        mean=mean,
        shape=shape[chosen],
        halted=rng.random(draws) >= runs,
        age=age,
        learnt=learnt,
        settings=settings,
    )


def _shapes(
    seen: History, learnt: RiseClass, settings: RiseSettings, rng: np.random.Generator, size: int
) -> np.ndarray:
    """Draws of the renewal shape from its marginal posterior over SHAPES: the rate is integrated out."""
    if settings.steady is not None:
        return np.full(size, settings.steady)
    n, r = len(seen.waits), SHAPES
    log = np.log(SHAPES_PRIOR) + n * (r * np.log(r) - gammaln(r))
    log += (r - 1) * float(np.log(np.maximum(seen.waits, 1e-3)).sum())
    log += gammaln(learnt.rate_shape + r * n)
    log -= (learnt.rate_shape + r * n) * np.log(learnt.rate_years + r * seen.exposure)
    chance = np.exp(log - log.max())
    return np.asarray(rng.choice(r, size=size, p=chance / chance.sum()))


def _states(
    seen: History,
    age: float,
    rate: np.ndarray,
    shape: np.ndarray,
    reads: np.ndarray,
    settings: RiseSettings,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights of an active and of an abandoned board since the last record, each (proposals,).

    The likelihood of no record, and of how many leading readings came since, against a board that is read as before.
    It may have been left at any of ONSETS moments.
    """
    since = (np.arange(ONSETS) + 0.5) / ONSETS * age
    after = (seen.misses[None, :] - seen.last >= since[:, None]).sum(axis=1)
    active = gammaincc(shape, shape * rate * age) * np.exp(-settings.left * age)
    until = gammaincc(shape[:, None], (shape * rate)[:, None] * since)
    onset = settings.left * np.exp(-settings.left * since) * age / ONSETS
    rest = np.exp(-settings.slow * rate[:, None] * (age - since))
    quiet = np.exp(after * np.log(settings.slow) + (1 - settings.slow) * reads[:, None] * (age - since))
    return active, (until * onset * rest * quiet).sum(axis=1)


@dataclass(frozen=True, kw_only=True)
class Rises:
    """Paths of the rise above the present record.

    t: years after the origin, (times,), the first 0. count, rise: (draws, times), records set and units risen.
    intensity: records a year at each time, given the state, (draws, times).
    """

    t: np.ndarray
    count: np.ndarray
    rise: np.ndarray
    intensity: np.ndarray


def simulate(found: RisePosterior, t: np.ndarray, rng: np.random.Generator) -> Rises:
    """Draw arrivals and steps on a grid of years after the origin; a clock that runs at f a drives the renewals."""
    draws, settings = len(found.rate), found.settings
    gaps = np.diff(t)
    walk = settings.drift * np.cumsum(rng.standard_normal((draws, len(gaps))) * np.sqrt(gaps), axis=1)
    # The factor has mean one, so that drift widens and does not raise the expected number.
    speed = np.exp(walk - 0.5 * settings.drift**2 * t[1:])
    halts = rng.exponential(1 / max(settings.stops + settings.left, 1e-9), draws)
    halts = np.where(found.halted, 0.0, halts)
    running = np.clip((halts[:, None] - t[:-1]) / gaps, 0, 1)
    speed = speed * (running + (1 - running) * settings.slow)
    clock = np.cumsum(found.rate[:, None] * speed * gaps, axis=1)
    count = _renewals(found, clock, rng)
    # The sum of k steps is one gamma draw, so that an interval without a record costs none.
    new = np.diff(count, axis=1, prepend=0)
    steps = np.zeros(new.shape)
    steps[new > 0] = rng.standard_gamma(found.learnt.step_shape * new[new > 0]) / found.learnt.step_shape
    rise = found.mean[:, None] * np.cumsum(steps, axis=1)
    start = np.zeros((draws, 1))
    return Rises(
        t=t,
        count=np.concatenate([start.astype(int), count], axis=1),
        rise=np.concatenate([start, rise], axis=1),
        intensity=np.concatenate([found.rate[:, None] * speed[:, :1], found.rate[:, None] * speed], axis=1),
    )


def _renewals(found: RisePosterior, clock: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many renewals lie before each reading of the clock (draws, times), the first one overdue by `age`.

    In blocks, and only for draws whose clock still runs: some have thousands of records, most a handful.
    """
    waited = np.where(found.halted, 0.0, found.rate * found.age)
    beyond = gammaincc(found.shape, found.shape * waited)
    first = gammainccinv(found.shape, beyond * rng.random(len(found.rate))) / found.shape - waited
    moment, end = np.maximum(first, 0.0), clock[:, -1]
    # One sorted search for all draws: each draw's clock lies in a stretch of its own.
    apart = float(end.max()) + 1.0
    readings = (clock + apart * np.arange(len(clock))[:, None]).ravel()
    after = []  # for each renewal, the first reading behind it
    going, block = np.flatnonzero(moment < end), BLOCK
    while len(going):
        shape = found.shape[going, None]
        waits = rng.standard_gamma(shape, size=(len(going), block)) / shape
        moments = np.cumsum(np.column_stack([moment[going], waits]), axis=1)
        moment[going], moments = moments[:, -1], moments[:, :-1]
        before = moments < end[going, None]
        placed = (moments + apart * going[:, None])[before]
        after.append(np.searchsorted(readings, placed, side="right"))
        going, block = going[moment[going] < end[going]], 2 * block
    found_at = np.bincount(np.concatenate([*after, np.zeros(0, dtype=int)]), minlength=clock.size)
    return np.cumsum(found_at.reshape(clock.shape), axis=1)


def next_rise(found: RisePosterior, rises: Rises, at: int, rng: np.random.Generator) -> np.ndarray:
    """The rise of a record that is set in the interval before t[at], given that one is, units, (draws,).

    Draws count by how likely a record was then, which frees those that have halted.
    """
    weight = rises.intensity[:, at]
    chosen = rng.choice(len(weight), size=len(weight), p=weight / weight.sum())
    step = rng.gamma(found.learnt.step_shape, size=len(weight)) / found.learnt.step_shape
    return np.asarray(rises.rise[chosen, max(at - 1, 0)] + found.mean[chosen] * step)
