"""How dates and chances like ours came out: every resolved forecast of the reference class.

`forecast judge --freeze` writes what data/reference ships and `init` stores: forecasts reconstructed from the first of
every month since 2024 with what had been released and learnt by then. A day sees only what had been resolved by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf, isfinite, nan
from typing import Any

import numpy as np

from scorecard.records import Determination, JudgedSeries
from scorecard.store import View
from scorecard.thresholds.quoted.league import ScoredForecast

DAYS, FIGURES = ("origin", "resolved"), ("lead", "pit", "median", "low", "high", "floor", "happened", "said")
AHEAD = 12  # months: the lead that a board's first sentence is about
LEADS = (3, 6, 12)  # months
REACHED = ("crossed", "precautionary")
NOT_REACHED = ("not_crossed", "below_alert")
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowLate:
    """How late the median date was of levels reached so many months after the forecast, of live series.

    late: months, the median; infinite when most medians lay beyond what is looked at. inside: dates inside the 80 %
    interval.
    """

    ahead: int
    cases: int
    inside: int
    late: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Chances between `low` and `high`: how many, their mean, and the share that came true."""

    low: float
    high: float
    cases: int
    said: float
    happened: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalsHeld:
    """What fell inside central 50, 80 and 95 % intervals, of forecasts made in one year so many months ahead."""

    lead: int
    year: int | None  # None: all years
    cases: int
    inside: tuple[float, float, float]


def resolved(known: View, as_of: date) -> tuple[ScoredForecast, ...]:
    """Every forecast of the class that was resolved by a day, retired series included."""
    return tuple(
        one for series in known.all(JudgedSeries) for one in unpacked(series) if one.resolved <= as_of
    )


def packed(asked: Iterable[ScoredForecast]) -> dict[str, dict[str, list[object]]]:
    """By kind of question, a column a field: as a record holds them, six digits each, None where there is no figure."""
    found: dict[str, dict[str, list[object]]] = {}
    for one in asked:
        columns = found.setdefault(one.kind, {})
        for name in DAYS:
            columns.setdefault(name, []).append(getattr(one, name).isoformat())
        figures = {name: getattr(one, name) for name in FIGURES}
        scores = {f"score: {who}": score for who, score in one.scores.items()}
        for name, value in (figures | scores).items():
            columns.setdefault(name, []).append(_plain(value))
    return found


def _plain(value: float) -> float | str | None:
    short = float(f"{value:.6g}")
    return short if isfinite(short) else "inf" if short == inf else None  # JSON has no word for either


def unpacked(series: JudgedSeries) -> Iterator[ScoredForecast]:
    """The questions that `packed` put away."""
    for kind, columns in series.asked.items():
        scorers = {
            name.removeprefix("score: "): columns[name] for name in columns if name.startswith("score: ")
        }
        days = zip(*(map(date.fromisoformat, columns[name]) for name in DAYS), strict=True)
        figures = zip(*(map(_figure, columns[name]) for name in FIGURES), strict=True)
        for at, (day, values) in enumerate(zip(days, figures, strict=True)):
            told: dict[str, Any] = dict(zip((*DAYS, *FIGURES), (*day, *values), strict=True))
            yield ScoredForecast(
                kind=kind,
                series=series.series,
                retired=series.retired,
                rise=series.rise,
                scores={who: float(column[at]) for who, column in scorers.items()},
                **told,
            )


def _figure(value: Any) -> float:
    return nan if value is None else float(value)


def live(asked: Iterable[ScoredForecast]) -> list[ScoredForecast]:
    """Those of series on which leading systems are still tested."""
    return [one for one in asked if not one.retired]


def how_late(asked: Iterable[ScoredForecast], ahead: int = AHEAD) -> HowLate:
    """How late our median dates were of levels of live series that were reached `ahead` months on."""
    reached = [
        one
        for one in live(asked)
        if one.kind == "date" and isfinite(one.happened) and round(one.happened) == ahead
    ]
    return HowLate(
        ahead=ahead,
        cases=len(reached),
        inside=sum(one.low <= one.happened <= one.high for one in reached),
        late=float(np.median([one.median - one.happened for one in reached])) if reached else nan,
    )


def reliability(asked: Iterable[ScoredForecast]) -> list[Reliability]:
    """Our chances that a level is reached within a year against how often it was, by fifths, and all together last."""
    rows = [(one.said, one.happened) for one in live(asked) if one.kind == "level"]
    table = np.array(rows).reshape(-1, 2)
    bins = [(low, high) for low, high in pairwise(BINS)]
    found = []
    for low, high in [*bins, (0.0, 1.0)]:
        keep = (table[:, 0] >= low) & ((table[:, 0] < high) | (high == 1.0))
        if keep.any():
            said, happened = table[keep].mean(axis=0)
            found.append(
                Reliability(
                    low=low, high=high, cases=int(keep.sum()), said=float(said), happened=float(happened)
                )
            )
    return found


def held(asked: Iterable[ScoredForecast]) -> list[IntervalsHeld]:
    """How often our intervals of values held what came, by lead and year of the forecast, all years last."""
    rows = [one for one in live(asked) if one.kind == "value"]
    years: Sequence[int | None] = [*sorted({one.origin.year for one in rows}), None]
    found = []
    for lead in LEADS:
        for year in years:
            pits = [one.pit for one in rows if one.lead == lead and year in (None, one.origin.year)]
            if pits:
                off = np.abs(np.array(pits) - 0.5)
                inside = tuple(float((off <= width / 2).mean()) for width in (0.5, 0.8, 0.95))
                found.append(IntervalsHeld(lead=lead, year=year, cases=len(pits), inside=inside))  # type: ignore[arg-type]
    return found


def sentence(asked: Sequence[ScoredForecast]) -> str:
    """What a board needs to know of such dates and chances, from what had been resolved."""
    dates, chances = how_late(asked), reliability(asked)
    if not dates.cases:
        return "How late such dates are is not known on this day: no forecast a year ahead had been resolved by it."
    late = "more than two years late" if dates.late == inf else _months(dates.late)
    words = f"Dates like these, a year ahead, came out {late}; {dates.inside} of {dates.cases} fell inside the 80 %"
    if not chances:
        return f"{words} interval."
    said, happened = (f"{100 * share:.0f} %" for share in (chances[-1].said, chances[-1].happened))
    return f"{words} interval. Levels given {said} within a year were reached {happened} of the time."


def _months(late: float) -> str:
    count = round(abs(late))
    if not count:
        return "on time"
    return f"{count} month{'s' * (count != 1)} {'late' if late > 0 else 'early'}"


def found_by(
    determinations: Iterable[Determination], threshold: str, *, after: date, by: date, as_of: date
) -> tuple[bool | None, Determination | None]:
    """Whether a threshold was found crossed after one day and by another, and the finding that says so.

    Crossed as soon as its developer has said so; not crossed when the day has passed and the developer's last word by
    then was that it is not. Silence resolves nothing.
    """
    ours = sorted(
        (
            d
            for d in determinations
            if d.threshold == threshold and d.known_at <= as_of and after < d.determined_on <= by
        ),
        key=lambda d: d.determined_on,
    )
    reached = next((d for d in ours if d.finding in REACHED), None)
    if reached is not None:
        return True, reached
    if as_of >= by and ours and ours[-1].finding in NOT_REACHED:
        return False, ours[-1]
    return None, None
