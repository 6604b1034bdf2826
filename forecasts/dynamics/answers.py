"""The loop, error compounding and automation of staff as plain values, the same for the command line and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from forecasts import SEED
from forecasts.dynamics import automation, compounding, gain, uplift
from forecasts.dynamics.anchors import Anchors, anchors
from forecasts.dynamics.drivers import OUTCOMES, Driver, drivers
from forecasts.dynamics.model import Array, Assumptions, amdahl, amdahl_bound, amplification, assumptions
from forecasts.dynamics.pace import PaceForecast, forecasts
from forecasts.dynamics.simulate import HORIZON, Scenarios, simulate
from scorecard.records import (
    AdoptionAhead,
    CodeBound,
    DateSpan,
    Deadline,
    Drift,
    Drivers,
    ErrorsAnswer,
    Fan,
    FlawCourse,
    Indicator,
    LoopAnchor,
    LoopAnswer,
    LoopGain,
    Measurement,
    Monitored,
    PaceAnswer,
    PaceCurve,
    Span,
    SpreadDriver,
    StaffAnswer,
    UpliftAnswer,
    UpliftSource,
)
from scorecard.thresholds.loop import LoopHeld

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
    held: LoopHeld,
    *,
    paths: int = PATHS,
    seed: int = SEED,
    fixed: Mapping[str, float] | None = None,
) -> LoopAnswer:
    """Scenarios of progress from a day to 2040, with the pace thresholds and G; `fixed` sets parameters to a value.

    ValueError when no time horizon was known on the day.
    """
    found = list(measurements)
    priors, start = assumptions(held.priors), anchors(found, as_of)
    draws = priors.draw("loop", paths, seed, fixed=fixed)
    change = priors.settings["compute_change_on"]
    both = [
        simulate(draws, start, start=as_of, change=change, seed=seed, feedback=feedback)
        for feedback in (True, False)
    ]
    with_loop, without = both
    estimated = gain.estimate(found, priors, (held.gain("capability"), held.gain("productivity")), seed=seed)
    return LoopAnswer(
        as_of=as_of,
        horizon=HORIZON,
        status=STATUS,
        paths=paths,
        seed=seed,
        priors=priors.id,
        fixed=dict(fixed or {}),
        anchor=_anchor(start),
        fans={
            "progress": _fan(with_loop, with_loop.progress),
            "progress without the loop": _fan(without, without.progress),
            "pace": _fan(with_loop, with_loop.pace),
            "pace without the loop": _fan(without, without.pace),
            "gain": _fan(with_loop, with_loop.gain),
        },
        gain=LoopGain(
            implied=_span(with_loop.gain[0]),
            p_implied_runaway=float((with_loop.gain[0] >= 1).mean()),
            p_ever_runaway=float((with_loop.gain >= 1).any(axis=0).mean()),
            estimates={name: _span(values) for name, values in estimated.estimates.items()}
            if estimated
            else {},
            combined=_span(estimated.combined) if estimated else None,
            p_runaway=estimated.p_runaway if estimated else None,
            points=estimated.points if estimated else 0,
            amplification=float(amplification(float(np.median(estimated.combined)))) if estimated else None,
        ),
        full_automation_years=_span(with_loop.to_full),
        thresholds=tuple(
            _threshold(one, held.ahead) for one in forecasts(held.rules, draws, with_loop, without).values()
        ),
    )


def spread(
    measurements: Iterable[Measurement],
    as_of: date,
    held: LoopHeld,
    *,
    seed: int = SEED,
    outcome: str = "progress",
) -> Drivers:
    """What drives the scenarios' spread: every parameter, one at a time and by Sobol indices, largest first."""
    priors = assumptions(held.priors)
    found = drivers(priors, anchors(measurements, as_of), start=as_of, seed=seed, name=outcome)
    return Drivers(outcome=OUTCOMES[outcome], drivers=tuple(_driver(one, priors) for one in found))


def _driver(found: Driver, priors: Assumptions) -> SpreadDriver:
    usual: tuple[float, ...] | None = None
    if found.name in priors.sections["loop"]:
        one = priors.parameter("loop", found.name)
        prior, usual, source = str(one.prior), tuple(one.usual), one.prior.source
    else:
        weight = float(priors.settings["bottleneck_probability"])
        prior, source = f"probability {weight:g}", "Whitfill and Wu, arXiv 2507.23181"
    return SpreadDriver(
        parameter=found.name,
        meaning=found.meaning,
        at_10=found.low,
        at_90=found.high,
        first_order=found.first_order,
        total=found.total,
        prior=prior,
        usual=usual,
        source=source,
    )


def _anchor(start: Anchors) -> LoopAnchor:
    return LoopAnchor(
        indicator="metr_p80_horizon",
        minutes=start.horizon_minutes,
        on=start.horizon_on,
        source=start.source,
    )


def _span(values: Array) -> Span:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return Span(q10=float(low), q50=float(middle), q90=float(high))


def _fan(scenarios: Scenarios, values: Array, every: int = 3) -> Fan:
    """Quantiles of paths every third month, to five digits."""
    kept = slice(None, None, every)
    rows = np.quantile(values[kept], QUANTILES, axis=1)
    q10, q25, q50, q75, q90 = (tuple(float(f"{value:.5g}") for value in row) for row in rows)
    return Fan(dates=tuple(scenarios.dates[kept]), q10=q10, q25=q25, q50=q50, q75=q75, q90=q90)


def _threshold(one: PaceForecast, ahead: Sequence[Deadline]) -> PaceAnswer:
    named = [d.day for d in ahead]

    def dates(*, cause: bool) -> DateSpan:
        low, middle, high = (one.quantile(q, cause=cause) for q in (0.1, 0.5, 0.9))
        return DateSpan(q10=low, q50=middle, q90=high)

    return PaceAnswer(
        argument="loop scenarios",
        weight=0.0,
        threshold=one.rule.threshold,
        name=one.rule.name,
        level=one.rule.level,
        months=one.rule.months,
        baseline=one.rule.baseline,
        cause=one.rule.cause,
        source=one.rule.source,
        scenario_p_by={on.isoformat(): one.p_by(on) for on in named},
        scenario_p_by_speed_alone={on.isoformat(): one.p_by(on, cause=False) for on in named},
        dates=dates(cause=True),
        dates_speed_alone=dates(cause=False),
        scenario_p_beyond_horizon=1.0 - one.p_by(HORIZON),
        cdf=PaceCurve(
            dates=tuple(one.months[::3]),
            p=tuple(float(p) for p in one.cdf()[::3]),
            p_speed_alone=tuple(float(p) for p in one.cdf(cause=False)[::3]),
        ),
    )


def errors(
    measurements: Iterable[Measurement],
    as_of: date,
    held: LoopHeld,
    *,
    monitors: int = 1,
    cycles: int = 12,
    speed: float = 1.0,
    seed: int = SEED,
    draws: int = 4000,
    fixed: Mapping[str, float] | None = None,
) -> ErrorsAnswer:
    """Error compounding: R_e and what follows from it, for a number of monitors, and for others beside it."""
    priors = assumptions(held.priors)
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
        np.full(draws, DRIFT["kappa"]),
        np.full(draws, DRIFT["noise"]),
        bound=DRIFT["bound"],
        cycles=cycles,
        loss=DRIFT["loss"],
        seed=seed,
    )
    growing = one.doubling_months[np.isfinite(one.doubling_months)]
    low, middle, high = (
        tuple(float(f"{x:.4g}") for x in row) for row in np.quantile(one.flaws, [0.1, 0.5, 0.9], axis=1)
    )
    return ErrorsAnswer(
        as_of=as_of,
        status=STATUS,
        monitors=monitors,
        cycles=cycles,
        speed=speed,
        fixed=dict(fixed or {}),
        r=_span(one.r),
        p_above_one=float((one.r >= 1.0).mean()),
        catch=_span(one.catch),
        catch_readings=tuple(compounding.catch_rates(known)),
        p_dies_out=float(one.dies_out.mean()),
        p_runaway=float(one.runaway.mean()),
        doubling_months_if_growing=_span(growing) if len(growing) else None,
        flaws=FlawCourse(q10=low, q50=middle, q90=high),
        catch_needed=_span(np.minimum(rate, 1.0)),
        p_no_catch_rate_enough=float(np.isinf(rate).mean()),
        p_enough_monitors={str(n): float((needed <= n).mean()) for n in range(1, 11)},
        by_monitors=tuple(
            Monitored(
                monitors=n,
                r=_span(x.r),
                p_above_one=float((x.r >= 1.0).mean()),
                p_runaway=float(x.runaway.mean()),
            )
            for n, x in ((n, at(n)) for n in MONITORS)
        ),
        drift=Drift(
            kappa=DRIFT["kappa"],
            noise=DRIFT["noise"],
            bound=DRIFT["bound"],
            loss=DRIFT["loss"],
            p_past_bound=tuple(float(p) for p in drifted),
        ),
    )


def staff(
    measurements: Iterable[Measurement],
    indicators: Mapping[str, Indicator],
    as_of: date,
    held: LoopHeld,
    *,
    salary: tuple[float, float] | None = None,
    fixed: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    seed: int = SEED,
) -> StaffAnswer:
    """How far technical staff are automated: the latent multiplier, adoption ahead, the bound, the cost of work.

    `salary` in USD a year, low and high; `fixed` sets parameters of the section `economics`; `names` of systems.
    """
    found = [m for m in measurements if m.observed_on <= as_of]
    priors = assumptions(held.priors)
    readings = uplift.readings(found, held.multipliers, names)
    latent = uplift.estimate(readings, priors, seed=seed)
    now, sources = latent.at(as_of), uplift.reconciled(readings, latent)
    dates = [as_of, *(d.day for d in held.ahead if d.day.year < 2030)]
    shares = [
        automation.adoption(indicators[s], found, dates, seed=seed) for s in held.shares if s in indicators
    ]
    costs = automation.stage_costs(
        priors, anchors(found, as_of), start=as_of, salary=salary, seed=seed, fixed=fixed
    )
    code = max((m for m in found if m.indicator == CODE_SHARE), key=lambda m: m.observed_on, default=None)
    low, high = salary or priors.settings["salary_usd"]
    return StaffAnswer(
        as_of=as_of,
        status=STATUS,
        uplift=UpliftAnswer(
            now=_span(now),
            p_slower=float((now < 1).mean()),
            p_twofold=float((now >= 2).mean()),
            growth_a_year=_span(np.exp(latent.growth)),
            bias={kind: _span(np.exp(values)) for kind, values in latent.bias.items()},
            sources=sources,
            why=why(sources),
        ),
        adoption=tuple(_ahead(one) for one in shares if one is not None),
        amdahl=None if code is None else bound_of(code.value / 100.0, CODING_TIME, code.source),
        costs=tuple(automation.summary(cost) for cost in costs),
        salary_usd=(low, high),
        cost_ratio_named=priors.settings["cost_ratio_named"],
    )


def _ahead(one: automation.Adoption) -> AdoptionAhead:
    q10, q50, q90 = (tuple(float(x) for x in row) for row in np.quantile(one.share, [0.1, 0.5, 0.9], axis=1))
    return AdoptionAhead(
        indicator=one.indicator,
        points=one.points,
        dates=one.dates,
        q10=q10,
        q50=q50,
        q90=q90,
        p_90_percent={day.isoformat(): one.by(day, 90.0) for day in one.dates},
    )


WHY = (
    "The kinds of source err in different ways: people report more than is so, trials with outside developers and "
    "older tools miss what staff at a developer gain, counts of output exceed the work done, and the multiplier rose "
    "between the first source and the last."
)


def why(sources: Sequence[UpliftSource]) -> str:
    """Why sources disagree, and which ones still stand apart once freed of their kind's bias (80 % against 80 %)."""
    apart = [
        s.name
        for s in sources
        if s.bound == "exact" and (s.freed[2] < s.latent[0] or s.freed[0] > s.latent[2])
    ]
    rest = f"all but {len(apart)} agree" if apart else "all agree"
    left = f"; still apart: {', '.join(apart)}" if apart else ""
    return f"{WHY} Freed of its kind's bias, {rest} with one rising value{left}."


def bound_of(share: float, coding: float, source: str | None = None) -> CodeBound:
    """What a share of code means for research: the multiplier at tenfold coding speed and the bound at any speed.

    `coding` is the share of research time that is coding; `source` the id of who published the share.
    """
    part = share * coding
    return CodeBound(
        share_of_code=share,
        share_of_time_coding=coding,
        source=source,
        multiplier_at_ten_times=float(amdahl(part, 10.0)),
        bound=float(amdahl_bound(part)),
    )
