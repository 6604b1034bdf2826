"""From worlds and fitted shapes to one threshold's run: combined by its rule, given its findings, as stored."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecasts.dates.combining import Mixed, combined, likelihood
from forecasts.dates.crossing import Crossing
from forecasts.dates.errors import errors_of
from forecasts.dates.fans import month_starts
from forecasts.dates.paths import HORIZON
from forecasts.dates.pool import Component, components
from forecasts.dates.worlds import IndicatorWorlds, Worlds
from forecasts.inference.checks import Sensitivity
from forecasts.priors.sets import HEADLINE, Priors
from forecasts.runs.indicators import IndicatorForecast
from forecasts.runs.plan import MODEL_VERSION, Level, Plan
from forecasts.series import SeriesError
from forecasts.worlds.quantities import fan, level_of, now_of, parameters, published, record_fan
from scorecard.records import (
    Cdf,
    Check,
    Checks,
    Criterion,
    CriterionResult,
    CrossingSummary,
    DateSensitivity,
    FindingUsed,
    ForecastResult,
    ForecastRun,
    MonteCarloErrors,
    NoForecast,
    ShapeResult,
)

type Keep = Callable[[bytes], tuple[str, str]]  # stores draws and returns their file's name and sha256
MOST_ERROR = 0.02  # Monte Carlo error of a chance above which a run is not quoted
CONTRADICTED = (
    "findings and readings contradict each other, so that few draws are left: look at the criteria first"
)


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What the criteria of a level say in every world.

    times: criterion -> shape or HEADLINE -> times (worlds,). components: criterion -> its shapes with their weights, of
    those that could be used; of the others `left_out` says why. shares: criterion -> share of its shapes' weight used.
    weights: criterion -> its own weight within its route.
    """

    times: Mapping[str, Mapping[str, np.ndarray]]
    components: Mapping[str, Sequence[Component]]
    left_out: Mapping[str, str]
    shares: Mapping[str, float]
    weights: Mapping[str, float]

    def alone(self, shape: str) -> _Measured:
        """The same by one shape alone, whatever it weighs."""
        made = {
            id: [Component(criterion=id, shape=shape, time=by[shape], weight=self.weights[id])]
            for id, by in self.times.items()
            if shape in by
        }
        return replace(self, components=made)


def assemble(
    plan: Plan, worlds: Worlds, found: Mapping[str, IndicatorForecast], priors: Priors, keep: Keep
) -> ForecastRun:
    """One threshold's run; where none of its criteria can be forecast it says why there is none."""
    levels = [plan.level, *([plan.below] if plan.below else [])]
    own = _measured([c for level in levels for c in level.criteria], worlds, found, priors)
    before = _before(plan, own, priors)
    mixed = _crossed(plan, own, before, priors)
    if mixed is None:
        mine = {c.id: own.left_out[c.id] for c in plan.level.criteria if c.id in own.left_out}
        why = " ".join(f"{text.rstrip('.')}." for text in dict.fromkeys(mine.values()))
        return _run(plan, found, NoForecast(message=f"No forecast: {why}", left_out=mine), ("", ""), [])
    errors = errors_of(mixed.time, mixed.given, plan.as_of)
    noise = max(errors.p_now, errors.p_12_months)
    check = Check(
        name="Monte Carlo error of a chance",
        what=plan.threshold.id,
        value=noise,
        limit=MOST_ERROR,
        passed=noise <= MOST_ERROR,
        advice="" if noise <= MOST_ERROR else CONTRADICTED,
    )
    result = _result(own, mixed, before, errors, plan, worlds, found, priors)
    return _run(plan, found, result, keep(_parquet(plan, own, mixed, before)), [check])


def _measured(
    criteria: Sequence[Criterion], worlds: Worlds, found: Mapping[str, IndicatorForecast], priors: Priors
) -> _Measured:
    weights = priors.settings.weights
    times: dict[str, dict[str, np.ndarray]] = {}
    left_out: dict[str, str] = {}
    made: dict[str, Sequence[Component]] = {}
    shares: dict[str, float] = {}
    for criterion in criteria:
        by: dict[str, np.ndarray] = {}
        why = ""
        try:
            by[HEADLINE] = worlds.times(criterion)
        except SeriesError as error:
            why = str(error)
        shapes = found[criterion.indicator].shapes if criterion.indicator in found else {}
        for name, shape in shapes.items():
            if shape.usable and criterion.id in shape.times:
                by[name] = np.resize(shape.times[criterion.id], worlds.draws.size)
        times[criterion.id] = by
        ours = components(by, weights, criterion=criterion.id, weight=criterion.weight)
        if ours:
            made[criterion.id] = ours
            shares[criterion.id] = sum(weights.get(name, 0.0) for name in by) / sum(weights.values())
        else:
            passed = f"only {len(by)} of {len(shapes) + 1} models could be used"
            left_out[criterion.id] = why or f"{criterion.indicator}: {passed}"
    return _Measured(
        times=times,
        components=made,
        left_out=left_out,
        shares=shares,
        weights={c.id: c.weight for c in criteria},
    )


def _mixed(level: Level, own: _Measured, priors: Priors) -> Mixed | None:
    """A level's criteria mixed within each route, its routes combined by its rule, given what was found of each."""
    routes: list[Mixed] = []
    for name in dict.fromkeys(c.route for c in level.own):
        parts = [p for c in level.own if c.route == name for p in own.components.get(c.id, ())]
        routes += [Mixed.of(parts)] if parts else []
    routes += [made for route in level.routes if (made := _mixed(route, own, priors)) is not None]
    if not routes:
        return None
    return combined(routes, level.rule).finding(level.found, priors.settings)


def _before(plan: Plan, own: _Measured, priors: Priors) -> np.ndarray | None:
    """When the level below is crossed in each world, (worlds,); None where there is none that can be forecast."""
    lower = _mixed(plan.below, own, priors) if plan.below else None
    return None if lower is None else lower.one_a_world()


def _crossed(plan: Plan, own: _Measured, before: np.ndarray | None, priors: Priors) -> Mixed | None:
    """A threshold's crossing: no earlier than that of the level below, given what was found of that."""
    mixed = _mixed(plan.level, own, priors)
    if mixed is None or before is None or plan.below is None:
        return mixed
    # A finding on this level speaks of its crossing, which is never before the lower one's.
    bare = replace(mixed, likelihood=np.ones_like(mixed.time)).no_earlier_than(before)
    return bare.finding(plan.level.found, priors.settings).finding(plan.below.found, priors.settings, before)


def _used(level: Level, own: _Measured) -> float:
    """The share of the agreed measurement that could be used: routes count equally, criteria by weight within each."""
    shares = [_used(route, own) for route in level.routes]
    for name in dict.fromkeys(c.route for c in level.own):
        listed = [c for c in level.own if c.route == name]
        whole = sum(c.weight for c in listed)
        shares.append(sum(c.weight * own.shares.get(c.id, 0.0) for c in listed) / whole if whole else 0.0)
    return float(np.mean(shares)) if shares else 0.0


def crossing(mixed: Mixed, as_of: date, *, measured: bool = False) -> Crossing:
    """The weighted draws of a crossing: given the findings, or by measurement alone."""
    weight = mixed.measured if measured else mixed.given
    return Crossing(time=mixed.time.ravel(), weight=weight.ravel(), as_of=as_of)


def _result(
    own: _Measured,
    mixed: Mixed,
    before: np.ndarray | None,
    errors: MonteCarloErrors,
    plan: Plan,
    worlds: Worlds,
    found: Mapping[str, IndicatorForecast],
    priors: Priors,
) -> ForecastResult:
    whole, days = crossing(mixed, plan.as_of), month_starts(plan.as_of, HORIZON)
    used = [c for c in plan.level.criteria if c.id in own.components]
    leading = max(used, key=lambda c: c.weight).indicator
    shaped = {name: s for name, s in (found[leading].shapes if leading in found else {}).items() if s.usable}
    leaning = Sensitivity(
        prior=float(np.mean([s.sensitivity[0] for s in shaped.values()])) if shaped else 0.0,
        likelihood=float(np.mean([s.sensitivity[1] for s in shaped.values()])) if shaped else 0.0,
    )
    ours = worlds.indicators.get(leading)
    shown = {i: worlds.indicators[i] for i in plan.level.indicators if i in worlds.indicators}
    notes = [note for c in used for note in _notes(c.indicator, worlds, found)]
    return ForecastResult(
        **_fields(whole.summary()),
        horizon=HORIZON,
        cdf=Cdf(dates=tuple(days), p=tuple(round(whole.p_by(d), 6) for d in days)),
        by_shape=_by_shape(own, plan, priors),
        by_criterion={c.id: _criterion(c, own, mixed, plan, worlds, priors) for c in used},
        fans={i: fan(one) for i, one in shown.items()},
        published={i: published(one) for i, one in shown.items()},
        next_record={i: told for i, one in shown.items() if (told := record_fan(one))},
        parameters={
            **({HEADLINE: parameters(ours)} if ours else {}),
            **{name: s.parameters for name, s in shaped.items()},
        },
        notes=tuple(dict.fromkeys(notes)),
        sensitivity=DateSensitivity(
            prior=leaning.prior,
            likelihood=leaning.likelihood,
            words=leaning.words if shaped and priors.settings.weighted else _leaning(ours),
        ),
        left_out={c.id: own.left_out[c.id] for c in plan.level.criteria if c.id in own.left_out},
        weight_used=round(_used(plan.level, own), 6),
        rule=plan.level.rule,
        by_measurement=crossing(mixed, plan.as_of, measured=True).summary(),
        mcse=errors,
        findings=tuple(_findings(plan, own, mixed, priors)),
        learnt={i: one.learnt for i in plan.indicators if (one := worlds.indicators.get(i))},
        below=plan.below.threshold if plan.below and before is not None else "",
    )


def _by_shape(own: _Measured, plan: Plan, priors: Priors) -> dict[str, ShapeResult]:
    """The crossing by each model alone, those that weigh nothing included."""
    weights, made = priors.settings.weights, {}
    for name in weights:
        alone = own.alone(name)
        mixed = _crossed(plan, alone, _before(plan, alone, priors), priors)
        if mixed is not None and (name != HEADLINE or weights[name] > 0):
            summary = crossing(mixed, plan.as_of).summary()
            made[name] = ShapeResult(**_fields(summary), weight=weights[name] / sum(weights.values()))
    return made


def _notes(indicator: str, worlds: Worlds, found: Mapping[str, IndicatorForecast]) -> tuple[str, ...]:
    ours = worlds.indicators.get(indicator)
    return ours.notes if ours else found[indicator].notes


def _leaning(ours: IndicatorWorlds | None) -> str:
    if ours is None:
        return ""
    share = round(100 * max(ours.contraction, 0.0))
    return f"Of what like series leave open about the pace, these readings settle {share} %."


def _criterion(
    criterion: Criterion, own: _Measured, mixed: Mixed, plan: Plan, worlds: Worlds, priors: Priors
) -> CriterionResult:
    """A criterion by itself, given the finding on its threshold, with its share of the crossing that is quoted."""
    alone = Mixed.of(own.components[criterion.id])
    measured = crossing(alone, plan.as_of, measured=True).summary()
    found = dict(plan.level.findings).get(criterion.threshold)
    rows = [i for i, (label, _) in enumerate(mixed.parts) if criterion.id in label.split(" + ")]
    one = worlds.indicators.get(criterion.indicator)
    return CriterionResult(
        **_fields(crossing(alone.finding(found, priors.settings), plan.as_of).summary()),
        weight=round(float(mixed.given[rows].sum()), 6),
        indicator=criterion.indicator,
        level=level_of(criterion, worlds.draws, one.series if one else None),
        route=criterion.route,
        model=one.model if one else "",
        readings=len(one.series) if one else 0,
        now=now_of(one) if one else None,
        measured_p_now=measured.p_now,
        measured_p_12_months=measured.p_12_months,
    )


def _findings(plan: Plan, own: _Measured, mixed: Mixed, priors: Priors) -> list[FindingUsed]:
    """The findings used, each with the chance that measurement alone gave to one like it."""
    used = []
    for level in (plan.level, *plan.level.routes, *([plan.below] if plan.below else [])):
        bare = mixed if level is plan.level else _mixed(level, own, priors)
        if level.found is None or bare is None:
            continue
        said = likelihood(bare.time, level.found, priors.settings)
        used.append(
            FindingUsed(
                threshold=level.threshold,
                system=level.found.system,
                on=level.found.on,
                crossed=level.found.crossed,
                agreement=round(float((bare.measured * said).sum()), 6),
            )
        )
    return used


def _run(
    plan: Plan,
    found: Mapping[str, IndicatorForecast],
    result: ForecastResult | NoForecast,
    draws: tuple[str, str],
    checks: Sequence[Check],
) -> ForecastRun:
    shaped: list[Check] = []
    for name in plan.level.indicators:
        shaped += [c for s in found[name].shapes.values() for c in s.checks] if name in found else []
    return ForecastRun(
        id=plan.id,
        threshold=plan.threshold.id,
        as_of=plan.as_of,
        known_at=plan.as_of,
        criteria=tuple(c.id for c in plan.level.criteria),
        indicators=plan.indicators,
        prior_set=plan.prior_set,
        model=plan.model,
        model_version=MODEL_VERSION,
        seed=plan.seed,
        data_hash=plan.data_hash,
        checks=Checks.of((*checks, *shaped)),
        publishable=isinstance(result, ForecastResult) and all(c.passed for c in checks),
        result=result,
        draws=draws[0],
        draws_sha256=draws[1],
    )


def _parquet(plan: Plan, own: _Measured, mixed: Mixed, before: np.ndarray | None) -> bytes:
    """The draws as Parquet, a row a world and part.

    Columns: criterion, shape, world, time (years since 2024-01-01, inf: never), weight (given the findings), measured
    (weight without them) and, where there is a level below, when that is crossed in the world.
    Where routes are combined, the criteria by themselves follow with weight zero.
    """
    given, measured = mixed.given, mixed.measured
    rows = [(*part, mixed.time[i], given[i], measured[i]) for i, part in enumerate(mixed.parts)]
    kept = {criterion for criterion, _ in mixed.parts}
    nothing = np.zeros(mixed.time.shape[1])
    rows += [
        (p.criterion, p.shape, p.time, nothing, nothing)
        for c in plan.level.criteria
        for p in own.components.get(c.id, ())
        if c.id not in kept
    ]
    worlds = np.arange(mixed.time.shape[1], dtype=np.int32)
    columns = {
        "criterion": np.concatenate([np.full(len(worlds), r[0]) for r in rows]),
        "shape": np.concatenate([np.full(len(worlds), r[1]) for r in rows]),
        "world": np.tile(worlds, len(rows)),
        "time": np.concatenate([r[2] for r in rows]),
        "weight": np.concatenate([r[3] for r in rows]),
        "measured": np.concatenate([r[4] for r in rows]),
    }
    if before is not None:
        columns["below"] = np.tile(before, len(rows))
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def _fields(summary: CrossingSummary) -> dict[str, Any]:
    """A summary's fields, for a result that says more than it."""
    return {one.name: getattr(summary, one.name) for one in fields(CrossingSummary)}
