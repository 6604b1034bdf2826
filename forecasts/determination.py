"""Crossed, determined, published: three dates of one threshold, and what it tells that nothing is published yet.

Story: capability reaches the level; the developer finds so, early out of caution or late; some time after that the
world is told. In months:

    determination = crossing + slack,  slack ~ Normal(mean, sd)         below zero: decided early, out of caution
    publication = determination + lag,  log lag ~ Normal(log median, spread)

The priors of slack and lag stand in data/priors/reporting.yaml with usual ranges and sources; no data identify them.
What is known changes all three dates: a draw whose publication lies on or before the as-of day is ruled out, and so
is one that is determined by a day on which the developer still said "not crossed". The rest is renormalised (Bayes'
rule by rejection). Exploratory: an assumption laid over the forecast, never the date that is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import exp, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.crossing import Crossing, mix
from forecasts.dynamics.model import Assumptions, assumptions
from forecasts.joint import by_criterion
from forecasts.priors import PriorError
from forecasts.series import years
from scorecard.briefings.words import chance_in_words, day_in_words, month_in_words
from scorecard.records import Determination, Finding, ForecastRun

PRIORS = Path(__file__).parents[1] / "data" / "priors" / "reporting.yaml"
EVERYONE = "everyone"
DRAWS = (
    20_000  # at least: fewer draws of a crossing are repeated, each time with a slack and a lag of its own
)
FEWEST = 100.0  # effective draws that have to be left
MONTHS = 12.0  # a year
FOUND: frozenset[Finding] = frozenset({"crossed", "precautionary"})
DENIED: frozenset[Finding] = frozenset({"not_crossed", "below_alert"})
STATUS = "exploratory: slack and lag are assumptions that no data fix"


class DeterminationError(ValueError):
    """Three dates that cannot be told apart or forecast, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """How a developer decides and tells, in months; `lag_spread` is the standard deviation of the lag's logarithm.

    Usual: slack -12 to 12, lag 0.25 to 6.5. Zero spreads are allowed, and hold the step at its centre.
    """

    slack_mean: float
    slack_sd: float
    lag_median: float
    lag_spread: float

    def __post_init__(self) -> None:
        if not all(map(isfinite, (self.slack_mean, self.slack_sd, self.lag_median, self.lag_spread))):
            raise DeterminationError("slack and lag are finite numbers of months")
        if min(self.slack_sd, self.lag_median, self.lag_spread) < 0:
            raise DeterminationError(
                "only the mean of the slack may be below zero; spreads and the lag's median are zero or more"
            )


def reporting_of(developer: str, given: Assumptions | None = None) -> Reporting:
    """The developer's own priors where the file has them, and everyone's otherwise; PriorError for another family."""
    held = given or assumptions(PRIORS)
    own = held.sections.get(developer, {})
    slack, lag = ((own.get(name) or held.parameter(EVERYONE, name)).prior for name in ("slack", "lag"))
    if (slack.family, lag.family) != ("normal", "lognormal"):
        raise PriorError(
            f"{held.id}: slack is normal and lag lognormal here; found {slack.family} and {lag.family}"
        )
    return Reporting(
        slack_mean=slack.params["mu"], slack_sd=slack.params["sigma"],
        lag_median=exp(lag.params["mu"]), lag_spread=lag.params["sigma"],
    )  # fmt: skip


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
            "status": STATUS, "as_of": self.crossing.as_of.isoformat(),
            "slack_months": {"mean": given.slack_mean, "sd": given.slack_sd},
            "lag_months": {"median": given.lag_median, "sd_of_log": given.lag_spread},
            "denied_on": self.denied_on.isoformat() if self.denied_on else None,
            "ruled_out": round(self.ruled_out, 6), "words": self.words,
            "crossing_alone": self.alone.summary(), "crossing": self.crossing.summary(),
            "determination": self.determination.summary(), "publication": self.publication.summary(),
        }  # fmt: skip


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
    """The crossing that a run quotes, its criteria mixed by weight, each with a day for "already"."""
    weights = run.result["by_criterion"]
    return mix([(started(one), weights[id]["weight"]) for id, one in by_criterion(run, draws).items()])


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
    z = np.random.default_rng([seed, 19]).standard_normal((2, len(time)))
    slack = reporting.slack_mean + reporting.slack_sd * z[0]
    lag = reporting.lag_median * np.exp(reporting.lag_spread * z[1])
    determined = time + slack / MONTHS
    published = determined + lag / MONTHS
    possible = published > years(crossing.as_of)
    if denied_on is not None:
        possible &= determined > years(denied_on)
    left = weight[possible]
    total = float(left.sum())
    if total**2 < FEWEST * float((left**2).sum()) or total <= 0:
        raise DeterminationError(
            f"Hardly any of the forecast agrees with nothing having been published by {day_in_words(crossing.as_of)}: "
            f"with a slack of {reporting.slack_mean:g} months (sd {reporting.slack_sd:g}) and a lag of "
            f"{reporting.lag_median:.3g} it would have been. Give a larger or less certain slack or a longer lag, or "
            "change the criterion's level."
        )
    crossed, found, told = (
        replace(crossing, time=each[possible], weight=left / total) for each in (time, determined, published)
    )
    return ThreeDates(
        alone=crossing, crossing=crossed, determination=found, publication=told, reporting=reporting,
        denied_on=denied_on, ruled_out=max(0.0, 1.0 - total),
    )  # fmt: skip
