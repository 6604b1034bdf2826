"""METR's published doubling times, re-derived, beside the posterior of our own log-linear trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from forecasts import SEED
from forecasts.inference.fit import Engine, Fit, first_forecast
from forecasts.inference.problem import Options
from forecasts.judging.published import WINDOWS, Rederived, rederive, trend_rows
from forecasts.priors.sets import Priors, priors_of, read_prior_set
from forecasts.series import Series, series
from forecasts.shapes import Shape, get_shape
from scorecard.clock import YEAR
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement

PRIORS = DATA / "priors" / "default.yaml"
CORRELATED = Options(error="correlated")
# METR's file of 2026-03-03 prints the all-time figure of 17 systems with three pre-2023 rows that it
# published only in May; from that file's own rows the line gives 184.726 days.
# The figure from 2024 stands in a post of 29 January 2026, to one decimal; the file's own marks give 96.774 days, a
# running maximum that starts in 2024 94.136, all of its twelve systems 91.074.
DIFFERS = {
    (
        "all time",
        "2026-03-03",
    ): "we infer that METR had refitted the pre-2023 rows, which it published in May 2026",
    ("from 2024", "2026-01-30"): "printed in a post; which systems it goes through is not said",
}

WHY = (
    "METR draws one straight line through point estimates, each counting once, and takes its interval from "
    "resampling tasks, runs and systems. Ours is a posterior: readings count by their precision, errors shared "
    "through common tasks are modelled, readings above 16 hours enter as bounds, and systems scatter about the "
    "trend. So ours is wider or narrower where the readings are; it is a 95 % interval, to set beside METR's."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One published figure, ours by the same line, and our posterior (2.5, 50, 97.5 %), days per doubling."""

    published: Rederived
    posterior: tuple[float, float, float]

    @property
    def known_difference(self) -> str:
        """Why the re-derived figure differs where it is known to; empty elsewhere."""
        return DIFFERS.get((self.published.window, self.published.vintage), "")

    def line(self) -> str:
        """The comparison for a terminal."""
        p = self.published
        theirs = (
            f"[{p.low:.1f}, {p.high:.1f}]"
            if p.low is not None and p.high is not None
            else "no interval given"
        )
        same = (
            "equal to three decimals"
            if p.agrees
            else f"differs: {self.known_difference or 'no reason known'}"
        )
        low, middle, high = self.posterior
        return (
            f"v1.1 of {p.vintage}, {p.window} ({p.systems} systems): METR {p.published:.3f} {theirs}; "
            f"same line from our rows {p.ours:.3f}, {same}; our posterior {middle:.1f} [{low:.1f}, {high:.1f}] days"
        )

    def as_data(self) -> dict[str, Any]:
        """The comparison as plain values."""
        p = self.published
        return {
            "vintage": p.vintage,
            "window": p.window,
            "systems": p.systems,
            "published_days": p.published,
            "published_low": p.low,
            "published_high": p.high,
            "same_line_days": p.ours,
            "agrees": p.agrees,
            "known_difference": self.known_difference,
            "posterior_low": self.posterior[0],
            "posterior_median": self.posterior[1],
            "posterior_high": self.posterior[2],
        }


def doubling_posterior(
    indicator: Indicator, rows: Sequence[Measurement], engine: Engine | None = None
) -> tuple[float, float, float]:
    """Days per doubling by our own log-linear trend through given readings: 2.5, 50 and 97.5 % of its posterior."""
    fit = (engine or Engine()).fit(*_posed(indicator, rows), seed=SEED, options=CORRELATED)
    return _days(fit)


def first_posterior(indicator: Indicator, rows: Sequence[Measurement]) -> tuple[float, float, float]:
    """The same by approximation, in tenths of a second and without compiling, as the first forecasts are."""
    return _days(first_forecast(*_posed(indicator, rows), seed=SEED, options=CORRELATED))


def _posed(indicator: Indicator, rows: Sequence[Measurement]) -> tuple[Shape, Series, Priors]:
    points = series(indicator, [replace(m, known_at=m.observed_on) for m in rows], as_of=date.max)
    return get_shape("loglinear"), points, priors_of(read_prior_set(PRIORS))


def _days(fit: Fit) -> tuple[float, float, float]:
    days = YEAR / np.maximum(fit.draws["growth"], 1e-6)
    low, middle, high = np.quantile(days, [0.025, 0.5, 0.975])
    return float(low), float(middle), float(high)


def compare(measurements: Sequence[Measurement], indicator: Indicator) -> list[Compared]:
    """Every published doubling time beside ours from the same systems of the same vintage."""
    engine, found = Engine(), []
    for published in rederive(measurements):
        rows = trend_rows(measurements, published.vintage, WINDOWS[published.window])
        found.append(Compared(published=published, posterior=doubling_posterior(indicator, rows, engine)))
    return found
