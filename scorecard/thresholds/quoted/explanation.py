"""Beside a probability: why it is what it is, how sure one can be of it, and when it is no headline.

Likelihood and confidence are two words: how likely a crossing is, and how good the grounds are on which that is said
(the distinction of the IPCC's guidance note, 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scorecard.records import CriterionResult, ForecastResult, Indicator
from scorecard.words import month_in_words, percent, value_in_words

LEAST_WEIGHT = 0.5  # share of the agreed measurement below which a number is no headline
MOST_OF_IT = 0.8
FEW = 5  # readings
SCORED_AHEAD = 730  # days: crossing dates were asked for up to 24 months ahead, see docs/track-record.md
APART = 0.3  # of a chance within 12 months, between measures of one thing or models of one series

type Confidence = Literal["low", "moderate", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """How sure one can be of a forecast, with each reason that lowers it."""

    confidence: Confidence
    lowered_by: tuple[str, ...]

    @property
    def words(self) -> str:
        """The confidence with its reasons, in a sentence."""
        reasons = f": {'; '.join(self.lowered_by)}" if self.lowered_by else ""
        return f"{self.confidence.capitalize()} confidence{reasons}."


def grounds(said: ForecastResult, *, newest_age: int | None, retest_days: int) -> Grounds:
    """Confidence by stated rules: each of seven reasons lowers it, one or two to moderate, three or more to low.

    newest_age: days since the newest reading that the number uses (None: it has none); retest_days: after how many a
    reading of that indicator counts as old.
    """
    led = leading(said)
    reasons = []
    if led is not None and led.readings < FEW:
        reasons.append(f"it rests on {led.readings} reading{'s' if led.readings > 1 else ''}")
    if newest_age is None or newest_age > retest_days:
        old = "no reading" if newest_age is None else f"a newest reading of {newest_age} days ago"
        reasons.append(f"it rests on {old}")
    if said.weight_used < MOST_OF_IT:
        reasons.append(f"only {percent(said.weight_used)} of the agreed measurement could be used")
    if _measures_apart(said) > APART:
        reasons.append(f"measures of the same thing are {percent(_measures_apart(said))} apart")
    chances = [one.p_12_months for one in said.by_shape.values()]
    if chances and max(chances) - min(chances) > APART:
        reasons.append(f"models of the same readings are {percent(max(chances) - min(chances))} apart")
    if said.q50 is None or said.cdf.dates[0] + timedelta(days=SCORED_AHEAD) < said.q50:
        reasons.append(
            "its middle date lies further ahead than forecasts like it have been scored (two years)"
        )
    if led is not None and led.model == "few readings":
        reasons.append("forecasts from so few readings have no track record")
    level: Confidence = "high" if not reasons else "moderate" if len(reasons) < 3 else "low"
    return Grounds(confidence=level, lowered_by=tuple(reasons))


def _measures_apart(said: ForecastResult) -> float:
    """The largest difference, within 12 months, between criteria of one route by measurement alone."""
    routes: dict[str, list[float]] = {}
    for one in said.by_criterion.values():
        if one.measured_p_12_months is not None:
            routes.setdefault(one.route, []).append(one.measured_p_12_months)
    return max((max(chances) - min(chances) for chances in routes.values()), default=0.0)


def leading(said: ForecastResult) -> CriterionResult | None:
    """The criterion that decides most of the forecast.

    Among measures of one thing the weightiest; of several routes the likeliest where any of them is enough, else the
    least likely.
    """
    routes: dict[str, list[CriterionResult]] = {}
    for one in said.by_criterion.values():
        routes.setdefault(one.route, []).append(one)
    heaviest = [max(own, key=lambda one: one.weight) for own in routes.values()]
    choose = max if said.rule == "any" else min
    return choose(heaviest, key=lambda one: one.p_12_months) if heaviest else None


def because(said: ForecastResult, indicators: Mapping[str, Indicator], as_of: date) -> str:
    """One sentence on the criterion that decides most: where it stands, what is asked, and when that comes."""
    led = leading(said)
    if led is None or led.now is None or led.indicator not in indicators:
        return ""
    name = indicators[led.indicator].name
    now, asked = (value_in_words(q.q50, q.unit) for q in (led.now, led.level))
    found = [f for f in said.findings if not f.crossed]
    denied = f"; {found[0].system} was found not to have crossed it" if found else ""
    if led.q50 is None:
        return (
            f"{name}, about {now} now, would not reach the {asked} asked for by {said.horizon.year}{denied}."
        )
    if led.q50 <= as_of:
        return f"{name}, about {now} now, has reached the {asked} asked for{denied}."
    return f"{name}, about {now} now, would reach the {asked} asked for in {month_in_words(led.q50)}{denied}."


def withheld(said: ForecastResult, indicators: Mapping[str, Indicator]) -> str:
    """Why a number is no headline; empty when it is one."""
    if said.weight_used >= LEAST_WEIGHT:
        return ""
    names = [
        indicators[one.indicator].name for one in said.by_criterion.values() if one.indicator in indicators
    ]
    rests = ", ".join(dict.fromkeys(names))
    return f"partial: rests on {percent(said.weight_used)} of the agreed measurement ({rests})"
