"""What a crossing date leans on: each assumption moved in turn, everything else held, refitted by the quick method.

Power-scaling (checks.py) says how far prior and data decide the trend; this says which of the assumptions around
the trend decide the date, in months, which is what a meeting can argue about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from forecasts.headline.pace import Pace
from forecasts.priors.sets import Priors, priors_of
from forecasts.runs.plan import asked_of
from forecasts.runs.request import Known, Request, assuming
from forecasts.runs.run import PREVIEW_WORLDS, previewed
from forecasts.series import Link
from forecasts.worlds.building import ALONE, worlds
from scorecard.clock import MONTH
from scorecard.records import (
    RULE,
    ChangedMeasure,
    CrossingSummary,
    ForecastRun,
    PriorError,
    Rule,
    ShapeResult,
)

TEN = 1.2816  # standard deviations from the median to the 10 and 90 % quantiles
SURE = 0.3  # spread of the logarithm of a pace that is moved by so much

type Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """One assumption at one value: the dates it gives (None beyond the horizon) and how far the median moved.

    `months` is None when either median lies beyond the horizon; chances are within 12 months of the as-of day.
    """

    assumption: str
    value: str
    q10: date | None
    q50: date | None
    q90: date | None
    p_12_months: float
    months: float | None

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON and tables."""
        dates = {name: getattr(self, name) for name in ("q10", "q50", "q90")}
        return {
            "assumption": self.assumption,
            "value": self.value,
            **{name: day.isoformat() if day else None for name, day in dates.items()},
            "p_12_months": self.p_12_months,
            "months": self.months,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """One threshold's forecast as it stands (`base`) and under each assumption; `words` on prior against data."""

    threshold: str
    as_of: date
    base: ForecastRun
    found: tuple[Leaning, ...]

    @property
    def words(self) -> str:
        """What moves the median most, in a sentence, and what prior and data have to say in it."""
        told = [one for one in self.found if one.months is not None]
        power = self.base.quoted.sensitivity.words
        if not told:
            return f"No assumption leaves a median before the horizon. {power}".strip()
        most = max(told, key=lambda one: abs(one.months or 0.0))
        months = most.months or 0.0
        way = "later" if months > 0 else "earlier"
        moved = f"{abs(months):.0f} months {way}"
        return f"What moves the median most is {most.assumption} ({most.value}): {moved}. {power}"


def leanings(
    known: Known, request: Request, *, progress: Progress = lambda _share, _words: None
) -> list[Leanings]:
    """Every assumption moved in turn for each threshold that has a forecast.

    Some twenty quick refits a threshold; those that cannot be forecast are left out.
    """
    priors = priors_of(known.prior_set)
    having = [t for t in known.thresholds if any(c.threshold == t.id for c in known.criteria)]
    told = []
    for count, threshold in enumerate(having):
        progress(count / len(having), threshold.id)
        ours = tuple(c for c in known.criteria if c.threshold == threshold.id)
        alone = replace(known, thresholds=(threshold,), criteria=ours)
        (base,) = previewed(alone, request, priors, priors.id)
        if not base.publishable:
            continue
        found = [
            *_inside(base, "criterion", base.quoted.by_criterion),
        ]
        for assumption, value, changed, given, asked in _variants(alone, priors, request, base):
            try:
                (run,) = previewed(changed, asked, given, f"{priors.id}/{assumption}/{value}")
            except PriorError:
                continue  # no pace that the readings rule out is an assumption to lean on
            if run.publishable:
                found.append(_leaning(assumption, value, run.quoted, base))
        told.append(Leanings(threshold=threshold.id, as_of=request.as_of, base=base, found=tuple(found)))
    progress(1.0, f"{len(told)} thresholds")
    return told


def _inside(base: ForecastRun, assumption: str, parts: Mapping[str, ShapeResult]) -> Iterator[Leaning]:
    """The parts that a run already keeps apart, each as if it were the whole."""
    if len(parts) > 1:
        for name, summary in parts.items():
            yield _leaning(assumption, f"{name} alone", summary, base)


def _variants(
    known: Known, priors: Priors, request: Request, base: ForecastRun
) -> Iterator[tuple[str, str, Known, Priors, Request]]:
    def given(**changed: Any) -> Priors:
        return replace(priors, settings=replace(priors.settings, **changed))

    s = priors.settings
    for words, sds in (("at its 10 %", -TEN), ("at its 90 %", TEN)):
        if any(c.level_sd for c in known.criteria):
            yield "the level", words, _fixed(known, "level", sds), priors, request
        if any(c.gap_sd for c in known.criteria):
            yield "the gap", words, _fixed(known, "gap", sds), priors, request
    for threshold in known.thresholds:
        if len({c.route or c.threshold for c in known.criteria}) > 1:
            other: Rule = "all" if threshold.rule == "any" else "any"
            changed = ChangedMeasure(about=threshold.id, field=RULE, value=other)
            yield "the rule", f"{other} route", assuming(known, [changed]), priors, request
    for words, factor in (("a third slower", 2 / 3), ("half as fast again", 1.5)):
        yield "the pace", words, known, given(paces=_paces(known, priors, request, base, factor)), request
    yield "a stall", "impossible", known, given(halts=0.0), request
    yield "a stall", "three times as likely", known, given(halts=3 * s.halts), request
    if base.quoted.findings:
        yield "the developer's findings", "not counted", replace(known, findings=()), priors, request
        error = min(4 * s.finding_error, 0.5)
        yield "the developer's findings", f"wrong in {error:.0%}", known, given(finding_error=error), request
    for part in ALONE:
        yield "the model", f"{part} alone", known, priors, replace(request, part=part)
    for shape in s.listed:
        yield "the model", f"{shape} alone", known, given(weights={shape: 1.0}), request


def _paces(
    known: Known, priors: Priors, request: Request, base: ForecastRun, factor: float
) -> dict[str, Pace]:
    """Beliefs that every indicator of a forecast moves at its own median pace times a factor."""
    found = worlds(asked_of(known, priors, request, PREVIEW_WORLDS), base.indicators).indicators
    paces = {id: float(np.median(one.pace)) for id, one in found.items()}
    return {id: Pace(median=factor * pace, spread=SURE) for id, pace in paces.items() if pace > 0}


def _fixed(known: Known, part: str, sds: float) -> Known:
    """Every criterion's level, or its gap, known for certain: so many of its standard deviations off its middle."""
    fixed = []
    for c in known.criteria:
        link = Link(indicator=known.indicators[c.indicator])
        at_level = float(link.back(link.to(c.level) + sds * c.level_sd))
        fixed.append(
            replace(c, level=at_level, level_sd=0.0)
            if part == "level"
            else replace(c, gap=c.gap + sds * c.gap_sd, gap_sd=0.0)
        )
    return replace(known, criteria=tuple(fixed))


def _leaning(assumption: str, value: str, summary: CrossingSummary, base: ForecastRun) -> Leaning:
    middle = base.quoted.q50
    moved = (summary.q50 - middle).days / MONTH if summary.q50 and middle else None
    return Leaning(
        assumption=assumption,
        value=value,
        q10=summary.q10,
        q50=summary.q50,
        q90=summary.q90,
        p_12_months=summary.p_12_months,
        months=moved,
    )
