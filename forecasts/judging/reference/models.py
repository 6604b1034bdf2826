"""The models as contenders: each learns from the other series as they stood, then forecasts this one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from forecasts.headline.forecast import Headline, forecast
from forecasts.headline.learnt import LEADS, LeadWeights, Learnt, learn
from forecasts.headline.weights import GRID, Target, Tried, nearest_lead, weights_at
from forecasts.judging.reference.contender import DRAWS, SeriesQuestion
from forecasts.judging.scores import crps
from forecasts.levels.filtering import Filtered, filtered
from forecasts.readings import Readings

KEPT = 4096  # filtered series kept between questions: each is asked for by all others at the same origin
_filtered: dict[bytes, Filtered] = {}
_learnt: dict[tuple[str, float], Learnt] = {}
_parts: dict[tuple[str, float, int], Headline] = {}

type Part = Literal["rises", "level", "both"]
ALONE: dict[Part, float] = {"rises": 1.0, "level": 0.0}


def filtered_once(known: Readings) -> Filtered:
    """The filter over these readings, from memory where it was run before."""
    key = known.t.tobytes() + known.y.tobytes() + known.s.tobytes()
    if key not in _filtered:
        if len(_filtered) >= KEPT:
            _filtered.clear()
        _filtered[key] = filtered(known)
    return _filtered[key]


def learnt_once(asked: SeriesQuestion) -> Learnt:
    """What the other series say at this origin, without weights."""
    key = (asked.id, asked.origin)
    if key not in _learnt:
        if len(_learnt) >= KEPT:
            _learnt.clear()
        _learnt[key] = learn(asked.others, asked.origin, run_filter=filtered_once)
    return _learnt[key]


def parts_once(asked: SeriesQuestion) -> Headline:
    """Both models on one question, from memory where they ran before."""
    key = (asked.id, asked.origin, asked.seed)
    if key not in _parts:
        _parts.clear()  # only the question at hand is asked for again, by every contender
        _parts[key] = forecast(
            asked.known,
            learnt_once(asked),
            asked.t,
            rng=asked.rng(11),
            draws=DRAWS,
            level=filtered_once(asked.known),
        )
    return _parts[key]


@dataclass(frozen=True)
class HeadlineForecast:
    """The headline model on one question: both parts by weights of the lead, or one part alone."""

    question: SeriesQuestion
    part: Part = "both"
    tried: tuple[Tried, ...] = ()

    @cached_property
    def _found(self) -> Headline:
        asked = self.question
        if self.part in ALONE:
            alone = (ALONE[self.part],) * len(LEADS)
            return parts_once(asked).weighted(LeadWeights(frontier=alone, record=alone))
        return parts_once(asked).weighted(weights_at(self.tried, without=asked.id, origin=asked.origin))

    @property
    def paths(self) -> np.ndarray:
        return self._found.record

    def record(self, t: float) -> np.ndarray:
        return self._found.next_record(t, self.question.rng(1000 + round(365 * t)))


def tried(asked: SeriesQuestion, whole: Readings) -> list[Tried]:
    """Every forecast of one question that later readings resolve, scored at every weight."""
    found, (ours, theirs) = [], parts_once(asked).records
    for lead in LEADS:
        moment = asked.origin + lead / 12
        if moment <= whole.t[-1] + 1e-9:
            truth = float(whole.y[whole.t <= moment].max())
            found.append(
                _tried(asked, "frontier", lead, moment, ours[:, lead], theirs[:, lead], truth, whole)
            )
    for i in np.flatnonzero(whole.is_record & (whole.t >= asked.origin) & (whole.t <= asked.origin + 1)):
        moment = float(whole.t[i])
        a, b = parts_once(asked).next_records(moment, asked.rng(1000 + round(365 * moment)))
        ahead = 12 * (moment - asked.origin)
        found.append(_tried(asked, "record", ahead, moment, a, b, float(whole.y[i]), whole))
    return found


def _tried(
    asked: SeriesQuestion,
    target: Target,
    lead: float,
    resolved: float,
    ours: np.ndarray,
    theirs: np.ndarray,
    truth: float,
    whole: Readings,
) -> Tried:
    a, b = np.sort(ours), np.sort(theirs)
    scores = (crps(np.minimum(w * a + (1 - w) * b, whole.ceiling), truth) for w in GRID)
    return Tried(
        series=asked.id, target=target, lead=nearest_lead(lead), resolved=resolved, crps=tuple(scores)
    )
