"""From forecasts of indicators to one threshold's run: mixed over criteria and shapes by weight, as stored."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecasts.checks import Sensitivity
from forecasts.crossing import Crossing, mix
from forecasts.fit import VERSION as ENGINE
from forecasts.indicators import IndicatorForecast, month_starts
from forecasts.paths import HORIZON
from forecasts.prior_sets import Priors
from scorecard.records import Criterion, ForecastRun, Threshold

MODEL_VERSION = f"1.{ENGINE}"
FEWEST_SHAPES = 3  # of the five that must pass their checks before a combination is quoted

type Part = tuple[str, str, np.ndarray, float]  # criterion, shape, crossing times (draws,), weight
type Keep = Callable[[bytes], tuple[str, str]]  # stores draws and returns their file's name and sha256


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One threshold's run before it is made: what it reads and the hash of all that decides its result."""

    id: str
    threshold: Threshold
    as_of: date
    model: str
    seed: int
    criteria: tuple[Criterion, ...]
    indicators: tuple[str, ...]
    prior_set: str
    data_hash: str


def assemble(plan: Plan, found: Mapping[str, IndicatorForecast], priors: Priors, keep: Keep) -> ForecastRun:
    """One threshold's run from its indicators' forecasts; without enough usable shapes it says why there is none."""
    left_out: dict[str, str] = {}
    parts: list[Part] = []
    items: list[dict[str, Any]] = []
    for criterion in plan.criteria:
        one = found[criterion.indicator]
        usable = {name: s for name, s in one.shapes.items() if s.usable and criterion.id in s.times}
        if one.refused or len(usable) < min(FEWEST_SHAPES, len(priors.settings.weights)):
            passed = f"only {len(usable)} of {len(one.shapes)} shapes passed their checks"
            left_out[criterion.id] = (
                one.refused or one.left_out.get(criterion.id) or f"{criterion.indicator}: {passed}"
            )
            continue
        total = sum(priors.settings.weights[name] for name in usable)
        parts += [
            (
                criterion.id,
                name,
                s.times[criterion.id],
                criterion.weight * priors.settings.weights[name] / total,
            )
            for name, s in usable.items()
        ]
    for name in plan.indicators:
        items += [check.as_data() for s in found[name].shapes.values() for check in s.checks]
    common: dict[str, Any] = {
        "id": plan.id, "threshold": plan.threshold.id, "as_of": plan.as_of, "known_at": plan.as_of,
        "criteria": tuple(c.id for c in plan.criteria), "indicators": plan.indicators, "prior_set": plan.prior_set,
        "model": plan.model, "model_version": MODEL_VERSION, "seed": plan.seed, "data_hash": plan.data_hash,
        "checks": {"passed": all(i["passed"] for i in items), "items": items},
    }  # fmt: skip
    if not parts:
        message = "No forecast: " + " ".join(
            f"{text.rstrip('.')}." for text in dict.fromkeys(left_out.values())
        )
        return ForecastRun(
            **common,
            publishable=False,
            result={"message": message, "left_out": left_out},
            draws="",
            draws_sha256="",
        )
    name, digest = keep(_parquet(parts))
    result = _result(parts, plan, found) | {"left_out": left_out}
    return ForecastRun(**common, publishable=True, result=result, draws=name, draws_sha256=digest)


def _parquet(parts: Sequence[Part]) -> bytes:
    """The draws as Parquet: criterion, shape, crossing time (years since 2024-01-01, inf: never), weight."""
    total = sum(weight for *_, weight in parts)
    table = pa.table(
        {
            "criterion": np.concatenate([np.full(len(t), c) for c, _, t, _ in parts]),
            "shape": np.concatenate([np.full(len(t), s) for _, s, t, _ in parts]),
            "time": np.concatenate([t for _, _, t, _ in parts]),
            "weight": np.concatenate([np.full(len(t), w / total / len(t)) for _, _, t, w in parts]),
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _result(
    parts: Sequence[Part],
    plan: Plan,
    found: Mapping[str, IndicatorForecast],
) -> dict[str, Any]:
    total = sum(weight for *_, weight in parts)

    def summary(criterion: str = "", shape: str = "") -> dict[str, Any]:
        chosen = [p for p in parts if p[0] == (criterion or p[0]) and p[1] == (shape or p[1])]
        return _mixed(chosen, plan.as_of).summary() | {"weight": sum(w for *_, w in chosen) / total}

    whole = _mixed(parts, plan.as_of)
    days = month_starts(plan.as_of, HORIZON)
    used = list(dict.fromkeys(c for c, *_ in parts))
    leading = max(plan.criteria, key=lambda c: c.weight if c.id in used else -1.0).indicator
    shapes = found[leading].shapes
    leaning = Sensitivity(
        prior=float(np.mean([s.sensitivity[0] for s in shapes.values() if s.usable])),
        likelihood=float(np.mean([s.sensitivity[1] for s in shapes.values() if s.usable])),
    )
    return whole.summary() | {
        "horizon": HORIZON.isoformat(),
        "cdf": {"dates": [d.isoformat() for d in days], "p": [round(whole.p_by(d), 6) for d in days]},
        "by_shape": {name: summary(shape=name) for name in dict.fromkeys(shape for _, shape, *_ in parts)},
        "by_criterion": {
            c.id: summary(criterion=c.id)
            | {"indicator": c.indicator, "level": found[c.indicator].levels[c.id]}
            for c in plan.criteria
            if c.id in used
        },
        "fans": {name: found[name].fan for name in plan.indicators if found[name].fan},
        "parameters": {name: s.parameters for name, s in shapes.items()},
        "notes": list(dict.fromkeys(note for name in plan.indicators for note in found[name].notes)),
        "sensitivity": {"prior": leaning.prior, "likelihood": leaning.likelihood, "words": leaning.words},
    }


def _mixed(parts: Sequence[Part], as_of: date) -> Crossing:
    """The mixture of parts by weight, the draws within each part counting equally."""
    return mix(
        [(Crossing(time=t, weight=np.full(len(t), 1 / len(t)), as_of=as_of), w) for _, _, t, w in parts]
    )
