"""A model of one's own on the reference class: asked what ours were asked, scored beside what ours scored.

Ours are not forecast again: their scores of every question are on file (data/reference/outcomes.jsonl), so that only
the new model is asked. Questions whose outcome has changed since the file was written are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from math import isclose, isfinite

import numpy as np

from forecasts.dates.own import OwnModel, OwnModelError
from forecasts.judging.reference.contender import Contender, SeriesQuestion
from forecasts.judging.reference.judge import judge
from forecasts.judging.reference.scoring import ContenderScores
from forecasts.judging.reference.series_class import ReferenceSeries
from forecasts.judging.reference.shapes import series_of
from forecasts.series import day
from scorecard.thresholds.quoted.league import ScoredForecast

STREAM = 83  # of random numbers that a model is given
ROUNDED = 1e-4  # what happened is on file to so many units

type Place = tuple[str, str, date]  # kind of question, series, origin


@dataclass(frozen=True)
class OwnForecast:
    """One model of one's own on one question, in the units of the readings."""

    question: SeriesQuestion
    model: OwnModel

    @cached_property
    def paths(self) -> np.ndarray:
        """Its ability and the present record, whichever is higher."""
        asked = self.question
        points = series_of(asked.known, asked.indicator, asked.origin)
        drawn = self.model.paths(points, asked.t, asked.rng(STREAM)).frontier / asked.known.link_units
        return np.maximum(drawn, asked.known.record)

    def record(self, t: float) -> np.ndarray:
        """Of its paths at the end of that month those above the present record; without any, the record itself."""
        record = self.question.known.record
        at = self.paths[:, min(int(np.searchsorted(self.question.t, t)), len(self.question.t) - 1)]
        above = at[at > record]
        return above if len(above) else np.array([record])


def beside_ours(
    models: Sequence[OwnModel],
    listed: Sequence[ReferenceSeries],
    outcomes: Iterable[ScoredForecast],
    *,
    only: Sequence[str] = (),
    seed: int,
) -> list[ScoredForecast]:
    """The questions on file that the models answered, each with their scores beside ours.

    OwnModelError for what is no model that can be asked again, and for a series that is not in the class.
    """
    for one in models:
        if not isinstance(one, OwnModel):
            raise OwnModelError(
                f"{type(one).__name__} cannot be asked what it would have said; what is on record as draws is scored "
                "on the days it was issued for alone. Give the OwnModel whose function drew them"
            )
    if strange := set(only) - {one.id for one in listed}:
        raise OwnModelError(
            f"there is no series {min(strange)!r} in the class; there are {', '.join(one.id for one in listed)}"
        )
    contenders: dict[str, Contender] = {one.name: partial(OwnForecast, model=one) for one in models}
    found = judge(listed, contenders, seed=seed, only=only)
    on_file: dict[Place, list[ScoredForecast]] = {}
    for asked in outcomes:
        on_file.setdefault((asked.kind, asked.series, asked.origin), []).append(asked)
    told: dict[Place, list[ScoredForecast]] = {}
    for name, by_series in found.items():
        for place, answers in _placed(by_series).items():
            questions = told.get(place) or on_file.get(place, [])
            if _same(questions, answers):
                told[place] = [
                    replace(asked, scores={**asked.scores, name: score})
                    for asked, (_, score) in zip(questions, answers, strict=True)
                ]
    return [asked for questions in told.values() for asked in questions]


def _placed(by_series: Mapping[str, ContenderScores]) -> dict[Place, list[tuple[float, float]]]:
    """What happened and the score, by kind, series and origin, in the order in which they are on file."""
    placed: dict[Place, list[tuple[float, float]]] = {}
    for id, scores in by_series.items():
        for kind, origin, happened, score in _scores(scores):
            placed.setdefault((kind, id, day(origin)), []).append((happened, score))
    return placed


def _scores(scores: ContenderScores) -> Iterator[tuple[str, float, float, float]]:
    for one in scores.reached:
        yield "value" if one.kind == "frontier" else one.kind, one.origin, one.happened, one.crps
    for dated in scores.dated:
        yield "date", dated.origin, dated.happened, dated.crps
        if isfinite(dated.within):
            truth = float(dated.happened <= 12)
            yield "level", dated.origin, truth, (dated.within - truth) ** 2


def _same(questions: Sequence[ScoredForecast], answers: Sequence[tuple[float, float]]) -> bool:
    """Whether the questions on file are those that were answered."""
    return len(questions) == len(answers) and all(
        isclose(asked.happened, happened, abs_tol=ROUNDED, rel_tol=ROUNDED)
        for asked, (happened, _) in zip(questions, answers, strict=True)
    )
