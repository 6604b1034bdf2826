"""Error compounding: do undetected flaws multiply from one improvement cycle to the next? Exploratory throughout.

In one cycle an undetected flaw gives rise to Poisson(phi) flaws; each is caught with probability c, and one that is
caught is put right with probability q. So flaws reproduce by

    R_e = phi (1 - c q)

and the number of descendants of one flaw is a branching process (Galton and Watson): it dies out for sure where R_e
is at most 1, else with the smallest root of u = exp(R_e (u - 1)). `e` new flaws arise in a cycle by themselves. R_e
is a separate dial from the loop's G: a faster loop shortens the cycle, so the same R_e hurts sooner. No data were
found for phi, q and the likeness of monitors; c has readings, from a few set-ups that are not alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, lambertw, logit

from forecasts.dynamics.gaussian import solve
from forecasts.dynamics.model import Array, Assumptions
from scorecard.evidence.readings.vintages import current
from scorecard.records import Measurement

MOST_MONITORS = 20
BETWEEN = 1.0  # log-odds by which set-ups differ from each other


def reproduction(phi: Array, catch: Array, fix: Array) -> Array:
    """R_e, flaws that get through per flaw and cycle."""
    return np.asarray(phi * (1.0 - catch * fix))


def caught_by(monitors: int, catch: Array, likeness: Array) -> Array:
    """Chance that at least one of some monitors catches a flaw, when their failures are correlated.

    Each flaw has its own ease of being seen, Beta with mean `catch`; `likeness` is the correlation of two monitors
    on one flaw (beta-binomial). At 0 they fail independently, at 1 a second one adds nothing.
    """
    rho = np.clip(likeness, 1e-6, 1 - 1e-6)
    strength = (1.0 - rho) / rho
    a, b = np.clip(catch, 1e-9, 1 - 1e-9) * strength, np.clip(1.0 - catch, 1e-9, 1 - 1e-9) * strength
    return np.asarray(1.0 - np.exp(betaln(a, b + monitors) - betaln(a, b)))


def dies_out(r: Array) -> Array:
    """Chance that the descendants of one flaw die out: smallest root of u = exp(R (u - 1)), by Lambert's W."""
    r = np.asarray(r, dtype=float)
    above = np.maximum(r, 1.0)
    return np.where(r <= 1.0, 1.0, -lambertw(-above * np.exp(-above)).real / above)


def gone_after(r: Array, cycles: int) -> Array:
    """Chance that no descendant of one flaw is left after so many cycles: the generating function, applied again."""
    u = np.zeros_like(np.asarray(r, dtype=float))
    for _ in range(cycles):
        u = np.exp(r * (u - 1.0))
    return u


def expected_flaws(r: Array, arrivals: Array, cycles: int, start: float = 0.0) -> Array:
    """Mean undetected flaws after each cycle, (cycles + 1, ...): start R^n + arrivals (R^n - 1)/(R - 1).

    `arrivals` are new flaws a cycle that get past the monitors.
    """
    flaws = np.empty((cycles + 1, *np.broadcast_shapes(np.shape(r), np.shape(arrivals))))
    flaws[0] = start
    for n in range(cycles):
        flaws[n + 1] = np.minimum(flaws[n] * r + arrivals, 1e12)
    return flaws


def runaway(r: Array, arrivals: Array, cycles: int) -> Array:
    """Chance that within some cycles a flaw arises whose descendants never die out."""
    return np.asarray(1.0 - np.exp(-cycles * arrivals * (1.0 - dies_out(r))))


def catch_needed(phi: Array, fix: Array) -> Array:
    """The catch rate at which R_e is 1; 0 where flaws die out unwatched, infinite where no catch rate is enough."""
    needed = np.maximum(1.0 - 1.0 / phi, 0.0) / fix
    return np.where(needed <= 1.0, needed, np.inf)


def monitors_needed(phi: Array, fix: Array, catch: Array, likeness: Array) -> Array:
    """How many monitors keep R_e below 1, (draws,); infinite where even `MOST_MONITORS` do not."""
    found = np.full(np.shape(phi), np.inf)
    for count in range(MOST_MONITORS, 0, -1):
        found = np.where(reproduction(phi, caught_by(count, catch, likeness), fix) < 1.0, float(count), found)
    return np.where(np.asarray(phi) < 1.0, 0.0, found)


def drift(kappa: Array, noise: Array, *, bound: float, cycles: int, loss: Array | float, seed: int) -> Array:
    """Chance that alignment has drifted past a bound by each cycle, (cycles,): the alternative to counting flaws.

    x' = (1 - kappa_k) x + noise * normal, from x = 0; kappa_k = kappa (1 - loss)^k, correction that is lost from
    cycle to cycle as capability outruns oversight. Each (paths,).
    """
    rng = np.random.default_rng([seed, 37])
    x, past = np.zeros_like(kappa), np.zeros(kappa.shape, dtype=bool)
    share = np.empty(cycles)
    for k in range(cycles):
        x = (1.0 - kappa * (1.0 - loss) ** k) * x + noise * rng.standard_normal(kappa.shape)
        past = past | (np.abs(x) > bound)
        share[k] = past.mean()
    return share


def catch_rates(measurements: Iterable[Measurement]) -> list[tuple[str, float, str]]:
    """What was caught in each set-up on record: name, share between 0 and 1, source id.

    Sabotage that succeeded with stealth was not caught; the rest was caught or failed, so this is an upper reading.
    """
    found = [m for m in current(measurements) if m.indicator == "shade_sabotage"]
    return [
        (f"{m.system}{f', {m.condition}' if m.condition else ''}", 1.0 - m.value / 100.0, m.source)
        for m in found
    ]


def catch_posterior(
    measurements: Iterable[Measurement], priors: Assumptions, *, draws: int, seed: int
) -> Array:
    """Draws of the catch rate: the prior, moved by the set-ups on record, which differ by about one log-odds."""
    prior = priors.parameter("errors", "catch").prior
    rng = np.random.default_rng([seed, 41])
    believed = logit(prior.frozen.rvs(20_000, random_state=rng))
    seen = logit(np.clip([share for _, share, _ in catch_rates(measurements)], 1e-3, 1 - 1e-3))
    if not len(seen):
        return np.asarray(prior.frozen.rvs(draws, random_state=rng))
    # The catch rate of the next set-up, not the mean of the past ones: so the difference comes on top.
    posterior = solve(
        np.ones((len(seen), 1)),
        seen,
        np.full(len(seen), BETWEEN),
        mean=np.array([believed.mean()]),
        spread=np.array([believed.std()]),
        scatter=0.5,
        draws=draws,
        rng=rng,
    )
    spread = np.hypot(BETWEEN, posterior.scatter)
    return 1.0 / (1.0 + np.exp(-(posterior.coefficients[:, 0] + spread * rng.standard_normal(draws))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compounding:
    """The dials of error compounding: each (draws,), flaws (cycles + 1, draws), and the parameters drawn."""

    r: Array
    dies_out: Array
    flaws: Array
    runaway: Array
    doubling_months: Array  # of flaws; infinite where they do not grow
    catch: Array
    drawn: Mapping[str, Array]


def compounding(
    priors: Assumptions,
    catch: Array,
    *,
    monitors: int = 1,
    cycles: int = 12,
    speed: float = 1.0,
    seed: int,
    fixed: dict[str, float] | None = None,
) -> Compounding:
    """The dials for a number of monitors; `speed` divides the cycle time, `fixed` sets parameters to a value."""
    drawn = priors.draw("errors", len(catch), seed, fixed=fixed)
    one = drawn["catch"] if fixed and "catch" in fixed else catch
    together = caught_by(monitors, one, drawn["shared_blindness"])
    r = reproduction(drawn["phi"], together, drawn["fix"])
    through = drawn["arrivals"] * (1.0 - together * drawn["fix"])
    cycle = drawn["cycle_months"] / speed
    growing = np.log(np.maximum(r, 1.0 + 1e-12))
    return Compounding(
        r=r,
        dies_out=dies_out(r),
        flaws=expected_flaws(r, through, cycles),
        runaway=runaway(r, through, cycles),
        doubling_months=np.where(r > 1.0, np.log(2.0) * cycle / growing, np.inf),
        catch=together,
        drawn={**drawn, "catch": one},
    )
