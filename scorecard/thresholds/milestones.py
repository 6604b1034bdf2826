"""Public goals and predictions: what resolves them, what became of them, and how our probability compares.

Scores are of statements that carry a number: Brier and log score of a probability once its event is known to have
happened or not by the target, the ranked score (CRPS) of a date given as quantiles once the date is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.clock import YEAR
from scorecard.records import Event, ForecastRun, Outlook
from scorecard.thresholds.pooling import brier, log_score

HAPPENED = ("met", "evidenced", "criterion_appears_met")
NOT_HAPPENED = ("not_met", "not_met_on_published_numbers", "missed")
DECLARED = ("declared_met",)  # somebody says so; the evidence that the criteria ask for is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRow:
    """One statement with its event, our probability by its date, and its score.

    ours: P(threshold crossed by the target, or by their median date) from the stored forecast, None without one.
    outcome: happened, not happened, declared, open or overdue (its day has passed and nothing was found).
    score: Brier and log score of a probability, or CRPS in years of a date; empty until resolved.
    """

    outlook: Outlook
    event: Event
    by: date | None
    ours: float | None
    run: str
    outcome: str
    score: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        o = self.outlook
        return {
            "id": o.id,
            "event": self.event.id,
            "name": self.event.name,
            "criteria": self.event.criteria,
            "sub_events": list(self.event.sub_events),
            "kind": o.kind,
            "who": o.who,
            "organisation": o.organisation,
            "said_on": o.said_on.isoformat(),
            "statement": o.statement,
            "probability": o.probability,
            "probability_is": o.probability_is if o.probability is not None else None,
            "target_on": o.target_on.isoformat() if o.target_on else None,
            "quantiles": dict(o.quantiles or {}),
            "compared_by": self.by.isoformat() if self.by else None,
            "ours": self.ours,
            "forecast_run": self.run,
            "threshold": self.event.threshold or None,
            "outcome": self.outcome,
            "resolution": dict(o.resolution or {}),
            "score": dict(self.score),
            "source": o.source,
            "grade": o.grade,
        }


def register(
    events: Iterable[Event], outlooks: Iterable[Outlook], runs: Mapping[str, ForecastRun], *, as_of: date
) -> list[MilestoneRow]:
    """Every statement known on a day, those whose day comes first on top; `runs` by threshold."""
    by_id = {event.id: event for event in events}
    rows = [_row(o, by_id[o.event], runs, as_of) for o in outlooks if o.event in by_id]
    return sorted(rows, key=lambda r: (r.by or date.max, r.outlook.said_on, r.outlook.id))


def _row(outlook: Outlook, event: Event, runs: Mapping[str, ForecastRun], as_of: date) -> MilestoneRow:
    by = outlook.target_on or median_date(outlook)
    run = runs.get(event.threshold) if event.threshold else None
    ours = (
        run.quoted.p_by(by)
        if run is not None and run.publishable and by and outlook.kind != "observation"
        else None
    )
    outcome = outcome_of(outlook, as_of)
    return MilestoneRow(
        outlook=outlook,
        event=event,
        by=by,
        ours=ours,
        run=run.id if ours is not None and run else "",
        outcome=outcome,
        score=score(outlook, outcome),
    )


def median_date(outlook: Outlook) -> date | None:
    """The median of a forecast of a date; None where it has none or gives values instead."""
    middle = (outlook.quantiles or {}).get("p50")
    return date.fromisoformat(middle) if isinstance(middle, str) else None


def outcome_of(outlook: Outlook, as_of: date) -> str:
    """happened, not happened, declared, open, overdue, or said (an observation has no outcome)."""
    if outlook.kind == "observation":
        return "said"
    resolution = outlook.resolution or {}
    status = str(resolution.get("status", "open"))
    on = resolution.get("resolved_on") or resolution.get("declared_on")
    if on and date.fromisoformat(str(on)) > as_of:
        status = "open"  # it became known after the day that is shown
    if status in HAPPENED:
        return "happened"
    if status in NOT_HAPPENED:
        return "not happened"
    if status in DECLARED:
        return "declared"
    if status == "superseded":
        return "superseded"
    return "overdue" if outlook.target_on is not None and outlook.target_on < as_of else "open"


def score(outlook: Outlook, outcome: str) -> dict[str, float]:
    """Scores of a resolved statement that carries a number, lower is better; empty for others."""
    if outcome not in ("happened", "not happened"):
        return {}
    happened = outcome == "happened"
    if outlook.probability is not None:
        p = outlook.probability
        return {"brier": brier(p, happened), "log": log_score(p, happened)}
    on = (outlook.resolution or {}).get("resolved_on")
    if happened and on and median_date(outlook) is not None:
        return {"crps_years": crps_of_dates(outlook.quantiles or {}, date.fromisoformat(str(on)))}
    return {}


def crps_of_dates(quantiles: Mapping[str, Any], happened: date) -> float:
    """Mean quantile (pinball) loss times two over the quantiles given, in years: the CRPS they stand for."""
    losses = []
    for name, value in quantiles.items():
        if isinstance(value, str):
            q, off = float(name.removeprefix("p")) / 100, (happened - date.fromisoformat(value)).days / YEAR
            losses.append(2 * max(q * off, (q - 1) * off))
    if not losses:
        raise ValueError("a forecast of a date needs at least one quantile that is a date, such as p50")
    return sum(losses) / len(losses)
