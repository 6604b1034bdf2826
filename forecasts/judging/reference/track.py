"""The whole record: every contender on every series of the class, weights learnt on the way, alarms counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from forecasts.headline.weights import Tried
from forecasts.judging.reference.baselines import FairLine, NoChange, PastRises
from forecasts.judging.reference.change_points import bet, first_alarm
from forecasts.judging.reference.contender import Contender, question
from forecasts.judging.reference.judge import Spread, judge
from forecasts.judging.reference.models import HeadlineForecast, parts_once, tried
from forecasts.judging.reference.scoring import ContenderScores, yearly_rise
from forecasts.judging.reference.series_class import ReferenceSeries, origins_of
from forecasts.judging.reference.shapes import PoolForecast
from forecasts.priors.sets import Priors

BASE, HEADLINE = "fair line", "headline"


@dataclass(frozen=True, kw_only=True)
class Track:
    """Scores by contender and series, and what they rest on.

    rise: units a year by series. tried: every resolved forecast of both models at every weight. alarms: by series,
    the origins (years since 2024-01-01) from which a one-month forecast was asked, and the value of each bet.
    """

    listed: tuple[ReferenceSeries, ...]
    results: Mapping[str, Mapping[str, ContenderScores]]
    rise: Mapping[str, float]
    tried: tuple[Tried, ...]
    bets: Mapping[str, tuple[tuple[float, float], ...]]

    def ids(self, *, retired: bool = False, half: str = "") -> list[str]:
        """The series that are retired or live, of one half or of both."""
        return [one.id for one in self.listed if one.retired == retired and half in ("", one.half)]

    def alarm(self, id: str, since: float) -> float | None:
        """Months after `since` at which the alarm of a series first spoke, watching from there; None if never."""
        watched = [(origin, value) for origin, value in self.bets[id] if origin >= since]
        place = first_alarm([value for _, value in watched])
        return None if place is None else 12 * (watched[place][0] - since) + 1


def track(
    listed: Sequence[ReferenceSeries],
    priors: Priors | None,
    *,
    seed: int,
    spread: Spread = map,
) -> Track:
    """Judge the baselines, both models, the two together, and with `priors` the pools of the shapes.

    Two passes: the first scores both models at every weight, the second lets the headline use what other series
    had told by each origin.
    """
    ids = [one.id for one in listed]
    first = list(spread(partial(_first, tuple(listed), seed), ids))
    told = tuple(case for cases, _ in first for case in cases)
    contenders: dict[str, Contender] = {
        BASE: FairLine,
        "no change": NoChange,
        "own past rises": PastRises,
        "rise process": partial(HeadlineForecast, part="rises"),
        "level model": partial(HeadlineForecast, part="level"),
        "equal weights": HeadlineForecast,
        HEADLINE: partial(HeadlineForecast, tried=told),
    }
    if priors:
        contenders["equal pool of shapes"] = partial(PoolForecast, priors=priors)
        contenders["equal pool, all readings"] = partial(PoolForecast, priors=priors, all_readings=True)
        for name in priors.settings.pooled:
            contenders[f"shape {name}"] = partial(PoolForecast, priors=priors, shapes=(name,))
    return Track(
        listed=tuple(listed),
        results=judge(listed, contenders, seed=seed, spread=spread),
        rise={one.id: yearly_rise(one.readings) for one in listed},
        tried=told,
        bets={id: bets for id, (_, bets) in zip(ids, first, strict=True)},
    )


def _first(
    listed: tuple[ReferenceSeries, ...], seed: int, id: str
) -> tuple[list[Tried], tuple[tuple[float, float], ...]]:
    """One series: its resolved forecasts at every weight, and a bet for each origin's first month."""
    series = next(one for one in listed if one.id == id)
    cases: list[Tried] = []
    bets = []
    for origin in origins_of(series.readings):
        asked = question(series, listed, origin, seed=seed)
        cases += tried(asked, series.readings)
        month = parts_once(asked).record[:, 1]
        truth = float(series.readings.y[series.readings.t <= origin + 1 / 12].max())
        bets.append((origin, bet(np.minimum(month, series.readings.ceiling), truth)))
    return cases, tuple(bets)
