"""Crossed, determined, published: three dates of one threshold, and what it tells that nothing is published yet.

Story: capability reaches the level; the developer finds so, early out of caution or late; some time after that the
world is told. In months:

    determination = crossing - caution + determination lag
    publication = determination + publication lag

The three priors are those of the run's prior set; no data identify them. It starts from the crossing by measurement
alone, so that no finding counts twice. What is known changes all three dates: a
draw whose publication lies on or before the as-of day is ruled out, and so is one that is determined by a day on which
the developer still said "not crossed". The rest is renormalised (Bayes' rule by rejection). Exploratory: an assumption
laid over the forecast, never the date that is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import log
from typing import Any

import numpy as np
from scipy.special import ndtr

from forecasts.dates.combining import DENIED, FOUND
from forecasts.dates.crossing import Crossing, mix
from forecasts.dates.joint import parts
from forecasts.prior import Prior, PriorError, changed
from forecasts.priors.sets import Settings
from forecasts.series import years
from scorecard.records import Determination, ForecastRun, Override
from scorecard.records.typed_json import to_plain
from scorecard.words import chance_in_words, day_in_words, month_in_words

DRAWS = (
    20_000  # at least: fewer draws of a crossing are repeated, each time with a caution and lags of its own
)
FEWEST = 100.0  # effective draws that have to be left
MONTHS = 12.0  # a year
UPPER = float(ndtr(1.0))  # a standard deviation above the median, of a normal
STEPS = ("caution", "determination_lag", "publication_lag")
STATUS = "exploratory: caution and lags are assumptions that no data fix"


class DeterminationError(ValueError):
    """Three dates that cannot be told apart or forecast, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """How a developer decides and tells: priors of its caution and of two lags, in months."""

    caution: Prior
    determination_lag: Prior
    publication_lag: Prior

    def with_overrides(self, overrides: Iterable[Override]) -> Reporting:
        """With priors replaced by families with their numbers; PriorError for what cannot be."""
        made = self
        for override in overrides:
            name = override.target
            if name not in STEPS:
                raise PriorError(f"no step {name!r} between the dates; there are {', '.join(STEPS)}")
            made = replace(made, **{name: changed(override, getattr(self, name))})
        return made

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {getattr(self, name)}" for name in STEPS)


def reporting_of(settings: Settings) -> Reporting:
    """The priors of these steps in a prior set."""
    return Reporting(**{name: getattr(settings, name) for name in STEPS})


def centres(given: Reporting) -> tuple[float, float, float]:
    """Mean and standard deviation of the caution, and median of the publication lag, in months."""
    caution = given.caution.frozen
    return float(caution.mean()), float(caution.std()), float(given.publication_lag.frozen.median())


def moved(given: Reporting, mean: float, sd: float, lag: float) -> Reporting:
    """The same with other centres: a normal caution, and a publication lag longer or shorter by a factor.

    Where a centre is the prior's own to a tenth of a month, the prior stays as it is.
    """
    own_mean, own_sd, own_lag = centres(given)
    if (round(own_mean, 1), round(own_sd, 1)) != (mean, sd):
        normal = replace(given.caution, family="normal", params={"mu": mean, "sigma": sd})
        given = replace(given, caution=normal)
    if round(own_lag, 1) != lag:
        params = {"mu": log(lag), "sigma": float(np.log(given.publication_lag.frozen.ppf(UPPER) / own_lag))}
        given = replace(
            given, publication_lag=replace(given.publication_lag, family="lognormal", params=params)
        )
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeDates:
    """The three dates given what is known, the crossing without it (`alone`), and the share that was ruled out."""

    alone: Crossing
    crossing: Crossing
    determination: Crossing
    publication: Crossing
    reporting: Reporting
    denied_on: date | None
    ruled_out: float

    @property
    def words(self) -> str:
        """What is known and what it moved, in a sentence or two."""
        known = f"Nothing about it was published by {day_in_words(self.crossing.as_of)}"
        if self.denied_on:
            known += f", and on {day_in_words(self.denied_on)} its developer said that it was not crossed"
        before, after = _median(self.alone), _median(self.crossing)
        moved = f"leaves the median crossing at {after}"
        if before != after:
            moved = f"moves the median crossing from {before} to {after}"
        return f"{known}. That rules out {chance_in_words(self.ruled_out)} of the forecast and {moved}."

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON and tables; a date beyond the horizon is None, one already passed the as-of day."""
        given = self.reporting
        return {
            "status": STATUS,
            "as_of": self.crossing.as_of.isoformat(),
            "months": {name: str(getattr(given, name)) for name in STEPS},
            "denied_on": self.denied_on.isoformat() if self.denied_on else None,
            "ruled_out": round(self.ruled_out, 6),
            "words": self.words,
            "crossing_alone": to_plain(self.alone.summary()),
            "crossing": to_plain(self.crossing.summary()),
            "determination": to_plain(self.determination.summary()),
            "publication": to_plain(self.publication.summary()),
        }


def _median(crossing: Crossing) -> str:
    found = crossing.quantile(0.5)
    if found is None:
        return f"after {crossing.horizon.year}"
    return "already passed" if found <= crossing.as_of else month_in_words(found)


def started(crossing: Crossing) -> Crossing:
    """The crossing of one criterion with a day for "already at the last measurement", whose draws have none.

    It happened on that measurement's day or earlier. The latest it can be is taken, so that silence rules out no
    more than it must: the earliest later crossing in the draws, which follows that day at once where there are
    many, and never after the as-of day.
    """
    later = crossing.time[np.isfinite(crossing.time)]
    first = min(float(later.min(initial=np.inf)), years(crossing.as_of))
    return replace(crossing, time=np.where(np.isneginf(crossing.time), first, crossing.time))


def crossing_of(run: ForecastRun, draws: bytes) -> Crossing:
    """The crossing of a run by measurement alone, combined as it is quoted, each part with a day for "already"."""
    return mix([(started(one), weight) for one, weight in parts(run, draws).values() if weight > 0])


def denied_until(determinations: Iterable[Determination], developer: str, as_of: date) -> date | None:
    """The last day on which the developer said "not crossed", of what is known on a day; None without one.

    DeterminationError when it has determined the threshold already: then there is nothing to forecast. Findings
    that leave it open (cannot rule out, look deeper) say neither.
    """
    known = [d for d in determinations if d.developer == developer and d.known_at <= as_of]
    if found := sorted((d for d in known if d.finding in FOUND), key=lambda d: d.determined_on):
        how = (
            "treats it as crossed, as a precaution"
            if found[0].finding == "precautionary"
            else "found it crossed"
        )
        raise DeterminationError(
            f"{developer} {how} (by {found[0].system}, {day_in_words(found[0].determined_on)}): the determination is "
            "on record, so it is not forecast; choose an earlier day or another threshold"
        )
    return max((d.determined_on for d in known if d.finding in DENIED), default=None)


def three_dates(
    crossing: Crossing, reporting: Reporting, *, denied_on: date | None = None, seed: int = 0
) -> ThreeDates:
    """Crossing, determination and publication from a crossing whose times all have a day (`started`) or are infinite.

    What never crosses is never determined. DeterminationError when hardly anything agrees with what is known.
    """
    copies = -(-DRAWS // len(crossing.time))
    time, weight = (np.repeat(each, copies) for each in (crossing.time, crossing.weight / copies))
    chance = np.random.default_rng([seed, 19]).random((3, len(time)))
    steps = (getattr(reporting, name).frozen.ppf(u) for name, u in zip(STEPS, chance, strict=True))
    caution, until_found, until_told = steps
    determined = time + (until_found - caution) / MONTHS
    published = determined + until_told / MONTHS
    possible = published > years(crossing.as_of)
    if denied_on is not None:
        possible &= determined > years(denied_on)
    left = weight[possible]
    total = float(left.sum())
    if total**2 < FEWEST * float((left**2).sum()) or total <= 0:
        raise DeterminationError(
            f"Hardly any of the forecast agrees with nothing having been published by {day_in_words(crossing.as_of)}: "
            f"with {reporting} it would have been. Give a smaller or less certain caution or longer lags, or "
            "change the criterion's level."
        )
    crossed, found, told = (
        replace(crossing, time=each[possible], weight=left / total) for each in (time, determined, published)
    )
    return ThreeDates(
        alone=crossing,
        crossing=crossed,
        determination=found,
        publication=told,
        reporting=reporting,
        denied_on=denied_on,
        ruled_out=max(0.0, 1.0 - total),
    )
