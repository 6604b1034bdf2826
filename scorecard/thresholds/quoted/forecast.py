"""A stored forecast run, read for a day: probabilities by date and quantile dates. No draw is made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.clock import plus_months
from scorecard.records import CrossingSummary, ForecastRun, MonteCarloErrors
from scorecard.records.typed_json import to_plain
from scorecard.thresholds.calendar import Calendar

WORDS: tuple[tuple[float, str], ...] = (
    (0.01, "almost certainly not"),
    (0.10, "very unlikely"),
    (0.33, "unlikely"),
    (0.66, "about as likely as not"),
    (0.90, "likely"),
    (0.99, "very likely"),
)

KEY_OF_WORDS = (
    "; ".join(f"{word} below {100 * limit:.0f} %" for limit, word in WORDS)
    + "; almost certain from there on (the IPCC's scale of 2010)"
)

NO_DATES = Calendar(())


def in_words(p: float) -> str:
    """Plain words for a probability (the scale of the IPCC's guidance note, 2010, without overlaps)."""
    return next((word for limit, word in WORDS if p < limit), "almost certain")


def likelier_crossed(p_now: float | None) -> bool:
    """Whether a threshold is likelier crossed already than not, so that it is no longer ahead; None: no chance said."""
    return (p_now or 0.0) >= 0.5


def figures(summary: CrossingSummary) -> dict[str, Any]:
    """The chances and dates of a summary as plain values."""
    dates = {name: getattr(summary, name) for name in ("q10", "q50", "q90")}
    return {
        "p_now": summary.p_now,
        "p_12_months": summary.p_12_months,
        **{name: day.isoformat() if day else None for name, day in dates.items()},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run says on a day, given the developer's findings; dates beyond the horizon are None."""

    run: ForecastRun
    as_of: date
    refused: str
    outdated: str = ""  # why it is not what a forecast made now would be
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
    weight_used: float | None = None
    by_measurement: CrossingSummary | None = None
    mcse: MonteCarloErrors | None = None

    @classmethod
    def of(cls, run: ForecastRun, as_of: date, calendar: Calendar = NO_DATES, outdated: str = "") -> Forecast:
        """Read a run for a day at or after its own, with the probabilities for a calendar's dates."""
        if not run.publishable:
            return cls(run=run, as_of=as_of, refused=run.refusal, outdated=outdated)
        said, meeting = run.quoted, calendar.next_meeting(as_of)
        return cls(
            run=run,
            as_of=as_of,
            refused="",
            outdated=outdated,
            p_now=said.p_by(as_of),
            next_meeting=meeting,
            p_next_meeting=said.p_by(meeting),
            p_12_months=said.p_by(plus_months(as_of, 12)),
            p_by=tuple((d.day, d.name, said.p_by(d.day)) for d in calendar.ahead(as_of)),
            q10=said.q10,
            q50=said.q50,
            q90=said.q90,
            p_beyond_horizon=said.p_beyond_horizon,
            horizon=said.horizon,
            weight_used=said.weight_used,
            by_measurement=said.by_measurement or said,
            mcse=said.mcse,
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
            "weight_used": self.weight_used,
            "by_measurement": None if self.by_measurement is None else figures(self.by_measurement),
            "mcse": None if self.mcse is None else to_plain(self.mcse),
            "forecast_run": self.run.id,
            "prior_set": self.run.prior_set,
            "model": self.run.model,
            "outdated": self.outdated or None,
        }

    @staticmethod
    def nothing() -> dict[str, Any]:
        """The same fields for a threshold that has no forecast."""
        names = (
            "p_now",
            "p_next_meeting",
            "next_meeting",
            "p_12_months",
            "p_by",
            "q10",
            "q50",
            "q90",
            "p_beyond_horizon",
            "horizon",
            "weight_used",
            "by_measurement",
            "mcse",
            "forecast_run",
            "prior_set",
            "model",
            "outdated",
        )
        return dict.fromkeys(names)
