"""A stored forecast run, read for a day: probabilities by date and quantile dates. No draw is made here."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.records import ForecastRun
from scorecard.thresholds.calendar import Calendar, plus_months

WORDS: tuple[tuple[float, str], ...] = (
    (0.01, "almost certainly not"), (0.10, "very unlikely"), (0.33, "unlikely"), (0.66, "about as likely as not"),
    (0.90, "likely"), (0.99, "very likely"),
)  # fmt: skip


def in_words(p: float) -> str:
    """Plain words for a probability (the scale of the IPCC's guidance note, 2010, without overlaps)."""
    return next((word for limit, word in WORDS if p < limit), "almost certain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run says on a day; dates are None when that quantile lies beyond the horizon."""

    run: ForecastRun
    as_of: date
    refused: str
    p_now: float | None = None
    next_meeting: date | None = None
    p_next_meeting: float | None = None
    p_12_months: float | None = None
    p_by: tuple[tuple[date, str, float], ...] = ()
    q10: date | None = None
    q50: date | None = None
    q90: date | None = None
    p_beyond_horizon: float | None = None
    horizon: date | None = None

    @classmethod
    def of(cls, run: ForecastRun, as_of: date, calendar: Calendar) -> Forecast:
        """Read a run for a day at or after its own."""
        if not run.publishable:
            return cls(
                run=run, as_of=as_of, refused=str(run.result.get("message") or "The run failed its checks.")
            )
        meeting = calendar.next_meeting(as_of)
        day = date.fromisoformat
        quantile = {
            name: day(value) if (value := run.result[name]) else None for name in ("q10", "q50", "q90")
        }
        return cls(
            run=run,
            as_of=as_of,
            refused="",
            p_now=probability_by(run, as_of),
            next_meeting=meeting,
            p_next_meeting=probability_by(run, meeting),
            p_12_months=probability_by(run, plus_months(as_of, 12)),
            p_by=tuple((d.on, d.name, probability_by(run, d.on)) for d in calendar.ahead(as_of)),
            p_beyond_horizon=float(run.result["p_beyond_horizon"]),
            horizon=day(run.result["horizon"]),
            **quantile,
        )

    def as_json(self) -> dict[str, Any]:
        """The forecast's part of a scorecard row."""
        iso = [value.isoformat() if value else None for value in (self.q10, self.q50, self.q90)]
        return {
            "p_now": self.p_now,
            "p_next_meeting": self.p_next_meeting,
            "next_meeting": self.next_meeting.isoformat() if self.next_meeting else None,
            "p_12_months": self.p_12_months,
            "p_by": {on.isoformat(): p for on, _, p in self.p_by},
            "q10": iso[0],
            "q50": iso[1],
            "q90": iso[2],
            "p_beyond_horizon": self.p_beyond_horizon,
            "horizon": self.horizon.isoformat() if self.horizon else None,
            "forecast_run": self.run.id,
            "prior_set": self.run.prior_set,
            "model": self.run.model,
        }

    @staticmethod
    def nothing() -> dict[str, Any]:
        """The same fields for a threshold that has no forecast."""
        names = (
            "p_now", "p_next_meeting", "next_meeting", "p_12_months", "p_by", "q10", "q50", "q90",
            "p_beyond_horizon", "horizon", "forecast_run", "prior_set", "model",
        )  # fmt: skip
        return dict.fromkeys(names)


def probability_by(run: ForecastRun, day: date) -> float:
    """P(crossed by the end of a day), from the run's distribution on its monthly grid, linear in between.

    The grid's first point is the run's own as-of day, so `probability_by(run, run.as_of)` is the
    probability that the threshold was already crossed then.
    """
    dates = [date.fromisoformat(text) for text in run.result["cdf"]["dates"]]
    p = [float(value) for value in run.result["cdf"]["p"]]
    after = bisect_right(dates, day)
    if after == 0:
        return p[0]
    if after == len(dates):
        return p[-1]
    span = (dates[after] - dates[after - 1]).days
    share = (day - dates[after - 1]).days / span
    return p[after - 1] + share * (p[after] - p[after - 1])
