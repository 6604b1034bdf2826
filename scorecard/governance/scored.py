"""How the forecast a decision relied on turned out, once its day has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import log

from scorecard.clock import plus_months
from scorecard.records import Decision, Determination, ForecastRun
from scorecard.thresholds.quoted.outcomes import found_by
from scorecard.words import day_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """P(crossed by `by`) as it was relied on, and, once resolved, what happened and the scores.

    brier is squared error (0 best), log_score the negative natural logarithm of the probability given to what
    happened (0 best). A determination is the developer's word, not the crossing itself.
    """

    by: date
    p: float
    outcome: bool | None
    resolved_by: str
    brier: float | None
    log_score: float | None


def scored(
    decision: Decision, run: ForecastRun, determinations: Iterable[Determination], as_of: date
) -> Scored | None:
    """Score the probability for the decision's review date, or a year after it; None for a refused run.

    Crossed as soon as the developer has said so; not crossed when the day has passed and the developer's last
    word by then was that it is not. Silence resolves nothing.
    """
    if not run.publishable:
        return None
    by = decision.review_on or plus_months(decision.known_at, 12)
    p = run.quoted.p_by(by)
    outcome, last = found_by(determinations, decision.threshold, after=decision.known_at, by=by, as_of=as_of)
    told = "" if last is None else f"{last.developer} on {last.system}, {day_in_words(last.determined_on)}"
    given = min(max(p if outcome else 1 - p, 1e-6), 1 - 1e-6)
    return Scored(
        by=by,
        p=p,
        outcome=outcome,
        resolved_by=told,
        brier=None if outcome is None else (p - outcome) ** 2,
        log_score=None if outcome is None else -log(given),
    )
