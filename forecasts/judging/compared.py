"""METR's published doubling times, re-derived, beside the posterior of our own log-linear trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.fit import Engine
from forecasts.judging.published import WINDOWS, Rederived, rederive, trend_rows
from forecasts.prior_sets import priors_of, read_prior_set
from forecasts.problem import Options
from forecasts.series import YEAR, series
from forecasts.shapes import get_shape
from scorecard.records import Indicator, Measurement

SEED = 20260101
PRIORS = Path(__file__).parents[2] / "data" / "priors" / "default.yaml"
# METR's file of 2026-03-03 prints the all-time figure of 17 systems with three pre-2023 rows that it
# published only in May; from that file's own rows the line gives 184.726 days.
DIFFERS = {("all time", "2026-03-03"): "the file's pre-2023 rows were refitted by METR in May 2026"}


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
            "vintage": p.vintage, "window": p.window, "systems": p.systems, "published_days": p.published,
            "published_low": p.low, "published_high": p.high, "same_line_days": p.ours, "agrees": p.agrees,
            "known_difference": self.known_difference, "posterior_low": self.posterior[0],
            "posterior_median": self.posterior[1], "posterior_high": self.posterior[2],
        }  # fmt: skip


def compare(measurements: Sequence[Measurement], indicator: Indicator) -> list[Compared]:
    """Every published doubling time beside ours from the same systems of the same vintage."""
    engine, priors = Engine(), priors_of(read_prior_set(PRIORS))
    found = []
    for published in rederive(measurements):
        rows = trend_rows(measurements, published.vintage, WINDOWS[published.window])
        points = series(indicator, [replace(m, known_at=m.observed_on) for m in rows], as_of=date.max)
        fit = engine.fit(
            get_shape("loglinear"), points, priors, seed=SEED, options=Options(error="correlated")
        )
        days = YEAR / np.maximum(fit.draws["growth"], 1e-6)
        low, middle, high = np.quantile(days, [0.025, 0.5, 0.975])
        found.append(Compared(published=published, posterior=(float(low), float(middle), float(high))))
    return found
