"""Models scored on what has happened since: each by itself, and beside ours on the targets that both forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.hub.files import HubForecast
from forecasts.series import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one model did: mean quantile score on the link scale (lower is better) and the share inside 80 %.

    `beside_ours` is its score over ours on the `shared` targets that both forecast; below 1 it did better than we.
    """

    model: str
    targets: int
    score: float
    covered_80: float
    shared: int
    beside_ours: float | None


def quantile_score(levels: ArrayLike, values: ArrayLike, truth: float) -> float:
    """Mean pinball loss of quantiles against what happened, in their unit (Koenker and Bassett, 1978)."""
    a, q = np.asarray(levels, dtype=float), np.asarray(values, dtype=float)
    return float(np.mean(np.where(truth < q, (1 - a) * (q - truth), a * (truth - q))))


def score(
    told: Sequence[HubForecast],
    truths: Mapping[tuple[str, object], float],
    links: Mapping[str, Link],
    *,
    ours: str,
) -> list[Score]:
    """Every model with a resolved quantile forecast, best first; `truths` are by target and day, in its unit."""
    found: dict[str, dict[tuple[object, ...], tuple[float, bool]]] = {}
    for one in told:
        if one.kind != "quantile" or (one.target, one.end) not in truths or one.target not in links:
            continue
        link = links[one.target]
        truth = link.to(truths[one.target, one.end])
        placed = sorted(link.to(value) for value in one.values)
        inside = placed[0] <= truth <= placed[-1]
        key = (one.origin, one.target, one.end)
        found.setdefault(one.model, {})[key] = (quantile_score(one.at, placed, truth), inside)
    mine = found.get(ours, {})
    scores = [_score(model, cases, mine) for model, cases in found.items()]
    return sorted(scores, key=lambda one: (one.beside_ours is None, one.beside_ours or one.score, one.model))


def _score(
    model: str,
    cases: Mapping[tuple[object, ...], tuple[float, bool]],
    mine: Mapping[tuple[object, ...], tuple[float, bool]],
) -> Score:
    shared = sorted(set(cases) & set(mine), key=str)
    base = sum(mine[key][0] for key in shared)
    return Score(
        model=model,
        targets=len(cases),
        score=float(np.mean([s for s, _ in cases.values()])),
        covered_80=float(np.mean([inside for _, inside in cases.values()])),
        shared=len(shared),
        beside_ours=sum(cases[key][0] for key in shared) / base if base > 0 else None,
    )
