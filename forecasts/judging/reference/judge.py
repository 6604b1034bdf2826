"""Rolling origins over the whole class: every contender is asked the same, and scored on all that came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from forecasts.judging.reference.contender import Contender, Cut, question
from forecasts.judging.reference.scoring import ContenderScores, scored
from forecasts.judging.reference.series_class import ReferenceSeries, origins_of

type Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def judge(
    listed: Sequence[ReferenceSeries],
    contenders: Mapping[str, Contender],
    *,
    seed: int,
    only: Sequence[str] = (),
    spread: Spread = map,
) -> dict[str, dict[str, ContenderScores]]:
    """Scores by contender and series. `only` names the series to forecast; all are there to learn from.

    spread: `map`, or that of a pool of processes or a cluster: a task is one series, and the numbers are the same.
    """
    asked = [one for one in listed if not only or one.id in only]
    work = partial(_series, tuple(listed), dict(contenders), seed)
    found: dict[str, dict[str, ContenderScores]] = {name: {} for name in contenders}
    for one, scores in zip(asked, spread(work, [one.id for one in asked]), strict=True):
        for name, score in scores.items():
            found[name][one.id] = score
    return found


def _series(
    listed: tuple[ReferenceSeries, ...], contenders: Mapping[str, Contender], seed: int, id: str
) -> dict[str, ContenderScores]:
    series = next(one for one in listed if one.id == id)
    parts: dict[str, list[ContenderScores]] = {name: [] for name in contenders}
    for origin in origins_of(series.readings):
        asked = question(series, listed, origin, seed=seed)
        for name, contender in contenders.items():
            cut = Cut(forecast=contender(asked), floor=asked.known.record, ceiling=series.readings.ceiling)
            parts[name].append(scored(asked, cut, series.readings))
    return {
        name: ContenderScores(
            reached=tuple(r for part in found for r in part.reached),
            dated=tuple(d for part in found for d in part.dated),
        )
        for name, found in parts.items()
    }
