"""Decisions of a governance meeting, each bound to the forecast run that it rested on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, get_args

from scorecard.records import Decision, Finding, ForecastRun, Identity, Threshold
from scorecard.store import Store, StoreError


class DecisionRefused(StoreError):
    """A decision that lacks what the record needs; the message names the field."""


def decide(
    store: Store,
    *,
    threshold: str,
    finding: Finding,
    decision: str,
    reason: str,
    decided_by: str,
    forecast_run: str = "",
    identity: Identity = "typed by hand",
    today: date | None = None,
    **optional: Any,
) -> Decision:
    """Record a decision on a threshold and return it.

    `forecast_run` is the id (or its first 8 characters or more) of a stored run of that threshold;
    it may be empty only when none exists. `optional` are the other fields of `Decision` (system,
    owner, due_on, review_on, holds_while, options, votes, dissent, conflicts, supersedes). Raises
    DecisionRefused, and stores nothing, when a field is missing or names what does not exist.
    """
    required = {"decision": decision, "reason": reason, "decided_by": decided_by}
    missing = [name for name, text in required.items() if not text.strip()]
    if missing:
        raise DecisionRefused(f"a decision needs {', '.join(missing)}; fill it in and record again")
    if finding not in get_args(Finding):
        raise DecisionRefused(f"finding {finding!r} is not one of {', '.join(get_args(Finding))}")
    with store.view() as now:
        now.get(Threshold, id=threshold)
        runs = [run.id for run in now.all(ForecastRun, threshold=threshold)]
        earlier = [d.id for d in now.all(Decision, threshold=threshold)]
    run = _chosen_run(forecast_run, runs, threshold)
    supersedes = str(optional.get("supersedes", ""))
    if supersedes and supersedes not in earlier:
        raise DecisionRefused(f"there is no decision {supersedes!r} on {threshold} to supersede")
    day = today or datetime.now(UTC).date()
    parts = "\0".join(
        [threshold, finding, decision, reason, decided_by, run, day.isoformat(), str(len(earlier))]
    )
    record = Decision(
        id=sha256(parts.encode()).hexdigest()[:12],
        threshold=threshold, finding=finding, decision=decision, reason=reason, decided_by=decided_by,
        forecast_run=run, known_at=day, **optional,
    )  # fmt: skip
    store.append([record], action="decide", actor=decided_by, identity=identity, reason=reason)
    return record


def _chosen_run(asked: str, runs: list[str], threshold: str) -> str:
    if not asked:
        if runs:
            raise DecisionRefused(
                f"name the forecast run the decision rests on (newest: {runs[-1][:12]}); a decision is bound to it"
            )
        return ""
    found = [run for run in runs if run.startswith(asked)] if len(asked) >= 8 else []
    if len(set(found)) != 1:
        raise DecisionRefused(
            f"no single forecast run of {threshold} begins with {asked!r} (give 8 characters or more)"
        )
    return found[0]


def standing(decisions: list[Decision]) -> list[Decision]:
    """The decisions that no later one supersedes, newest first."""
    replaced = {d.supersedes for d in decisions if d.supersedes}
    return [d for d in reversed(decisions) if d.id not in replaced]
