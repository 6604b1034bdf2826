"""What counts as a change, for notices, agendas and tripwires alike: measured from what somebody was last told.

A change is told when the chance within 12 months or the median date has moved by the reader's amount since then, when
the chance has passed a named level in either direction, when an alert level or the developer's word changed, and when
something smaller has stood for a quarter (a drift). A chance counts as moved only beyond what two runs of the same
evidence differ by: three standard errors of the difference of their Monte Carlo errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Literal

from scorecard.clock import MONTH
from scorecard.records import AlertLevel, Side
from scorecard.thresholds.alerts import rank
from scorecard.words import chance_in_words, month_in_words

NAMED = (
    0.10,
    0.33,
    0.50,
    0.66,
    0.90,
)  # chances that are told when they are passed, as words change about there
POINTS, MONTHS = 0.05, 3.0  # told from here on, unless a reader or a meeting asks for something else
DRIFT_DAYS, DRIFT_SHARE = 91, 0.5  # what has gathered half of the amount and stood so long is told as well
ERRORS = 3.0  # standard errors of a difference that are no change
Kind = Literal["new", "gone", "level", "word", "chance", "named", "date", "drift", "forecast"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldState:
    """A threshold as it can be told on a day; `error` is the Monte Carlo standard error of its chance."""

    threshold: str
    on: date
    word: str = ""
    capability: AlertLevel = "normal"
    safeguards: AlertLevel = "normal"
    p_12_months: float | None = None
    q50: date | None = None
    error: float = 0.0
    run: str = ""
    capability_reason: str = ""
    safeguards_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """From which size on a change is told: of a chance in [0, 1], and of a median date in months."""

    points: float = POINTS
    months: float = MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLevel:
    """One thing that changed, in words; `pressing` ones are told at once, whatever digest a reader has."""

    kind: Kind
    words: str
    pressing: bool = False


def changes(then: ToldState | None, now: ToldState | None, by: Amounts) -> tuple[MovedLevel, ...]:
    """What is to be told of a threshold: between what was told (None: nothing) and what holds (None: it is gone)."""
    if now is None:
        return (MovedLevel(kind="gone", words="no longer on the scorecard"),) if then else ()
    if then is None:
        return (MovedLevel(kind="new", words=_first(now)),)
    found = [*_levels(then, now)]
    if then.word != now.word:
        found.append(
            MovedLevel(
                kind="word",
                words=f"the developer's word from “{then.word}” to “{now.word}”",
                pressing=True,
            )
        )
    if (then.p_12_months is None) != (now.p_12_months is None):
        words = "now has a forecast" if then.p_12_months is None else "no longer has a forecast"
        found.append(MovedLevel(kind="forecast", words=words))
    found += _moved(then, now, by)
    return tuple(found)


def beyond(value: float, limit: float, side: Side) -> bool:
    """Whether a value lies on the far side of a limit: what a tripwire asks of a day."""
    return value > limit if side == ">" else value < limit


def difference(then: ToldState, now: ToldState) -> float | None:
    """By how much the chance within 12 months differs; None where there are no two chances, 0 for what is noise."""
    if then.p_12_months is None or now.p_12_months is None:
        return None
    apart = now.p_12_months - then.p_12_months
    return apart if abs(apart) > ERRORS * sqrt(then.error**2 + now.error**2) else 0.0


def _first(now: ToldState) -> str:
    chance = (
        "" if now.p_12_months is None else f"; chance within 12 months {chance_in_words(now.p_12_months)}"
    )
    level = f"alert level {now.capability}" + (f", safeguards {now.safeguards}" if now.safeguards else "")
    return f"told for the first time: {level}{chance}"


def _levels(then: ToldState, now: ToldState) -> list[MovedLevel]:
    found = []
    for scale, before, after, reason in (
        ("alert level", then.capability, now.capability, now.capability_reason),
        ("alert level of the safeguards", then.safeguards, now.safeguards, now.safeguards_reason),
    ):
        if before != after:
            way = "raised" if rank(after) > rank(before) else "stood down"
            why = f" ({reason})" if reason else ""
            words = f"{scale} {way} from {before} to {after}{why}"
            found.append(MovedLevel(kind="level", words=words, pressing=rank(after) > rank(before)))
    return found


def _moved(then: ToldState, now: ToldState, by: Amounts) -> list[MovedLevel]:
    found: list[MovedLevel] = []
    apart = difference(then, now)
    chance = passed = ""
    if apart and then.p_12_months is not None and now.p_12_months is not None:
        one, other = chance_in_words(then.p_12_months), chance_in_words(now.p_12_months)
        chance = f"chance within 12 months from {one} to {other}"
        low, high = sorted((then.p_12_months, now.p_12_months))
        # Half of the amount at least: a figure that sways about a named level does not pass it again and again.
        levels = [one for one in NAMED if low < one <= high] if abs(apart) >= DRIFT_SHARE * by.points else []
        passed = ", ".join(chance_in_words(one) for one in levels)
    if apart and abs(apart) >= by.points:
        found.append(MovedLevel(kind="chance", words=chance + (f", past {passed}" if passed else "")))
    elif passed:
        found.append(MovedLevel(kind="named", words=f"{chance}, past {passed}"))
    shift = (now.q50 - then.q50).days / MONTH if now.q50 and then.q50 else 0.0
    dates = (
        f"median from {month_in_words(then.q50)} to {month_in_words(now.q50)}" if now.q50 and then.q50 else ""
    )
    if abs(shift) >= by.months:
        found.append(MovedLevel(kind="date", words=dates))
    if not found and (now.on - then.on).days >= DRIFT_DAYS:
        drift = [chance] if apart and abs(apart) >= DRIFT_SHARE * by.points else []
        drift += [dates] if dates and abs(shift) >= DRIFT_SHARE * by.months else []
        if drift:
            found.append(MovedLevel(kind="drift", words=f"slow drift: {'; '.join(drift)}"))
    return found
