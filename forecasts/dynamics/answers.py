"""The loop, error compounding and automation of staff as plain values, the same for the command line and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from forecasts.dynamics import automation, compounding, gain, uplift
from forecasts.dynamics.anchors import Anchors, anchors
from forecasts.dynamics.drivers import OUTCOMES, drivers
from forecasts.dynamics.model import Array, amdahl, amdahl_bound, amplification, assumptions
from forecasts.dynamics.pace import PaceForecast, forecasts
from forecasts.dynamics.simulate import HORIZON, Scenarios, simulate
from scorecard.records import Indicator, Measurement
from scorecard.thresholds.calendar import calendar

SEED = 20260101
PATHS = 20_000
QUICK = 2_000  # paths behind a slider, which has to answer at once
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
STATUS = "exploratory: assumptions laid over the trend, not fitted to it"
CODE_SHARE = "ant_merged_code_share"
CODING_TIME = 0.4  # share of research staff's time that is coding; an assumption, for the Amdahl bound
MONITORS = (1, 2, 3, 5)
DRIFT = {"kappa": 0.3, "noise": 0.3, "bound": 1.0, "loss": 0.1}  # assumption; unit: tolerated deviation


def loop(
    measurements: Iterable[Measurement],
    as_of: date,
    *,
    paths: int = PATHS,
    seed: int = SEED,
    fixed: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Scenarios of progress from a day to 2040, with the pace thresholds and G; `fixed` sets parameters to a value.

    ValueError when no time horizon was known on the day.
    """
    found = list(measurements)
    priors, start = assumptions(), anchors(found, as_of)
    draws = priors.draw("loop", paths, seed, fixed=fixed)
    change = priors.settings["compute_change_on"]
    both = [
        simulate(draws, start, start=as_of, change=change, seed=seed, feedback=feedback)
        for feedback in (True, False)
    ]
    with_loop, without = both
    estimated = gain.estimate(found, priors, seed=seed)
    return {
        "as_of": as_of.isoformat(), "horizon": HORIZON.isoformat(), "status": STATUS, "paths": paths, "seed": seed,
        "priors": priors.id, "fixed": dict(fixed or {}), "anchor": _anchor(start),
        "fans": {
            "progress": _fan(with_loop, with_loop.progress),
            "progress without the loop": _fan(without, without.progress),
            "pace": _fan(with_loop, with_loop.pace), "pace without the loop": _fan(without, without.pace),
            "gain": _fan(with_loop, with_loop.gain),
        },
        "gain": {
            "implied": _q(with_loop.gain[0]), "p_implied_runaway": float((with_loop.gain[0] >= 1).mean()),
            "p_ever_runaway": float((with_loop.gain >= 1).any(axis=0).mean()),
            "estimates": {name: _q(values) for name, values in estimated.estimates.items()} if estimated else {},
            "combined": _q(estimated.combined) if estimated else None,
            "p_runaway": estimated.p_runaway if estimated else None,
            "points": estimated.points if estimated else 0,
            "amplification": float(amplification(float(np.median(estimated.combined)))) if estimated else None,
        },
        "full_automation_years": _q(with_loop.to_full),
        "thresholds": [_threshold(one, as_of) for one in forecasts(draws, with_loop, without).values()],
    }  # fmt: skip


def spread(
    measurements: Iterable[Measurement], as_of: date, *, seed: int = SEED, outcome: str = "progress"
) -> dict[str, Any]:
    """What drives the scenarios' spread: every parameter, one at a time and by Sobol indices, largest first."""
    priors = assumptions()
    found = drivers(priors, anchors(measurements, as_of), start=as_of, seed=seed, name=outcome)
    return {
        "outcome": OUTCOMES[outcome],
        "drivers": [
            {
                "parameter": d.name, "meaning": d.meaning, "at_10": d.low, "at_90": d.high,
                "first_order": d.first_order, "total": d.total, **_prior(d.name),
            }
            for d in found
        ],
    }  # fmt: skip


def _prior(name: str) -> dict[str, Any]:
    priors = assumptions()
    if name not in priors.sections["loop"]:
        weight = float(priors.settings["bottleneck_probability"])
        return {
            "prior": f"probability {weight:g}",
            "usual": None,
            "source": "Whitfill and Wu, arXiv 2507.23181",
        }
    one = priors.parameter("loop", name)
    return {"prior": str(one.prior), "usual": list(one.usual), "source": one.prior.source}


def _anchor(start: Anchors) -> dict[str, Any]:
    return {
        "indicator": "metr_p80_horizon", "minutes": start.horizon_minutes, "on": start.horizon_on.isoformat(),
        "source": start.source,
    }  # fmt: skip


def _q(values: Array) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {"q10": float(low), "q50": float(middle), "q90": float(high)}


def _fan(scenarios: Scenarios, values: Array, every: int = 3) -> dict[str, Any]:
    """Quantiles of paths every third month."""
    kept = slice(None, None, every)
    rows = np.quantile(values[kept], QUANTILES, axis=1)
    fan: dict[str, Any] = {"dates": [day.isoformat() for day in scenarios.dates[kept]]}
    for name, row in zip(("q10", "q25", "q50", "q75", "q90"), rows, strict=True):
        fan[name] = [float(f"{value:.5g}") for value in row]
    return fan


def _threshold(one: PaceForecast, as_of: date) -> dict[str, Any]:
    ahead = calendar().ahead(as_of)
    named = [(d.on, d.name) for d in ahead]

    def dates(*, cause: bool) -> dict[str, str | None]:
        found = {f"q{round(100 * q)}": one.quantile(q, cause=cause) for q in (0.1, 0.5, 0.9)}
        return {name: day.isoformat() if day else None for name, day in found.items()}

    return {
        "threshold": one.rule.threshold, "name": one.rule.name, "level": one.rule.level, "months": one.rule.months,
        "baseline": one.rule.baseline, "cause": one.rule.cause, "source": one.rule.source,
        "p_by": {on.isoformat(): one.p_by(on) for on, _ in named},
        "p_by_speed_alone": {on.isoformat(): one.p_by(on, cause=False) for on, _ in named},
        "dates": dates(cause=True), "dates_speed_alone": dates(cause=False),
        "p_beyond_horizon": 1.0 - one.p_by(HORIZON),
        "cdf": {
            "dates": [day.isoformat() for day in one.months[::3]],
            "p": [float(p) for p in one.cdf()[::3]], "p_speed_alone": [float(p) for p in one.cdf(cause=False)[::3]],
        },
    }  # fmt: skip


def errors(
    measurements: Iterable[Measurement],
    as_of: date,
    *,
    monitors: int = 1,
    cycles: int = 12,
    speed: float = 1.0,
    seed: int = SEED,
    draws: int = 4000,
    fixed: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Error compounding: R_e and what follows from it, for a number of monitors, and for others beside it."""
    priors = assumptions()
    known = [m for m in measurements if m.observed_on <= as_of]
    catch = compounding.catch_posterior(known, priors, draws=draws, seed=seed)

    def at(count: int) -> compounding.Compounding:
        return compounding.compounding(
            priors, catch, monitors=count, cycles=cycles, speed=speed, seed=seed, fixed=dict(fixed or {})
        )

    one = at(monitors)
    d = one.drawn
    needed = compounding.monitors_needed(d["phi"], d["fix"], d["catch"], d["shared_blindness"])
    rate = compounding.catch_needed(d["phi"], d["fix"])
    drifted = compounding.drift(
        np.full(draws, DRIFT["kappa"]), np.full(draws, DRIFT["noise"]), bound=DRIFT["bound"], cycles=cycles,
        loss=DRIFT["loss"], seed=seed,
    )  # fmt: skip
    growing = one.doubling_months[np.isfinite(one.doubling_months)]
    return {
        "as_of": as_of.isoformat(), "status": STATUS, "monitors": monitors, "cycles": cycles, "speed": speed,
        "fixed": dict(fixed or {}), "r": _q(one.r), "p_above_one": float((one.r >= 1.0).mean()),
        "catch": _q(one.catch), "catch_readings": compounding.catch_rates(known),
        "p_dies_out": float(one.dies_out.mean()), "p_runaway": float(one.runaway.mean()),
        "doubling_months_if_growing": _q(growing) if len(growing) else None,
        "flaws": {
            name: [float(f"{x:.4g}") for x in row]
            for name, row in zip(("q10", "q50", "q90"), np.quantile(one.flaws, [0.1, 0.5, 0.9], axis=1), strict=True)
        },
        "catch_needed": _q(np.minimum(rate, 1.0)),
        "p_no_catch_rate_enough": float(np.isinf(rate).mean()),
        "p_enough_monitors": {str(n): float((needed <= n).mean()) for n in range(1, 11)},
        "by_monitors": [
            {
                "monitors": n, "r": _q(x.r), "p_above_one": float((x.r >= 1.0).mean()),
                "p_runaway": float(x.runaway.mean()),
            }
            for n, x in ((n, at(n)) for n in MONITORS)
        ],
        "drift": {**DRIFT, "p_past_bound": [float(p) for p in drifted]},
    }  # fmt: skip


def staff(
    measurements: Iterable[Measurement],
    indicators: Mapping[str, Indicator],
    as_of: date,
    *,
    salary: tuple[float, float] | None = None,
    fixed: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    seed: int = SEED,
) -> dict[str, Any]:
    """How far technical staff are automated: the latent multiplier, adoption ahead, the bound, the cost of work.

    `salary` in USD a year, low and high; `fixed` sets parameters of the section `economics`; `names` of systems.
    """
    found = [m for m in measurements if m.observed_on <= as_of]
    priors = assumptions()
    readings = uplift.readings(found, names)
    latent = uplift.estimate(readings, priors, seed=seed)
    now, sources = latent.at(as_of), uplift.reconciled(readings, latent)
    dates = [as_of, *(d.on for d in calendar().ahead(as_of) if d.on.year < 2030)]
    shares = [
        automation.adoption(indicators[s], found, dates, seed=seed)
        for s in automation.SHARES
        if s in indicators
    ]
    costs = automation.stage_costs(
        priors, anchors(found, as_of), start=as_of, salary=salary, seed=seed, fixed=fixed
    )
    code = max((m for m in found if m.indicator == CODE_SHARE), key=lambda m: m.observed_on, default=None)
    return {
        "as_of": as_of.isoformat(), "status": STATUS,
        "uplift": {
            "now": _q(now), "p_slower": float((now < 1).mean()), "p_twofold": float((now >= 2).mean()),
            "growth_a_year": _q(np.exp(latent.growth)),
            "bias": {kind: _q(np.exp(values)) for kind, values in latent.bias.items()},
            "sources": sources,
            "why": why(sources),
        },
        "adoption": [
            {
                "indicator": one.indicator, "points": one.points, "dates": [day.isoformat() for day in one.dates],
                **{
                    f"q{round(100 * q)}": [float(x) for x in row]
                    for q, row in zip((0.1, 0.5, 0.9), np.quantile(one.share, [0.1, 0.5, 0.9], axis=1), strict=True)
                },
                "p_90_percent": {day.isoformat(): one.by(day, 90.0) for day in one.dates},
            }
            for one in shares
            if one is not None
        ],
        "amdahl": None if code is None else bound_of(code.value / 100.0, CODING_TIME, code),
        "costs": [automation.summary(cost) for cost in costs],
        "salary_usd": list(salary or priors.settings["salary_usd"]),
        "cost_ratio_named": priors.settings["cost_ratio_named"],
    }  # fmt: skip


WHY = (
    "The kinds of source err in different ways: people report more than is so, trials with outside developers and "
    "older tools miss what staff at a developer gain, counts of output exceed the work done, and the multiplier rose "
    "between the first source and the last."
)


def why(sources: Sequence[Mapping[str, Any]]) -> str:
    """Why sources disagree, and which ones still stand apart once freed of their kind's bias (80 % against 80 %)."""
    apart = [
        s["name"] for s in sources
        if s["bound"] == "exact" and (s["freed"][2] < s["latent"][0] or s["freed"][0] > s["latent"][2])
    ]  # fmt: skip
    rest = f"all but {len(apart)} agree" if apart else "all agree"
    left = f"; still apart: {', '.join(apart)}" if apart else ""
    return f"{WHY} Freed of its kind's bias, {rest} with one rising value{left}."


def bound_of(share: float, coding: float, reading: Measurement | None = None) -> dict[str, Any]:
    """What a share of code means for research: the multiplier at tenfold coding speed and the bound at any speed.

    `coding` is the share of research time that is coding.
    """
    part = share * coding
    return {
        "share_of_code": share, "share_of_time_coding": coding, "source": reading.source if reading else None,
        "multiplier_at_ten_times": float(amdahl(part, 10.0)), "bound": float(amdahl_bound(part)),
    }  # fmt: skip
