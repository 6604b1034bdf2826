"""Decisions of a governance meeting, each bound to the forecast run that it rested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, get_args

from scorecard import clock
from scorecard.governance.tripwires import TypedCondition
from scorecard.people import Actor, once
from scorecard.records import Decision, Finding, ForecastRun, Record, Report, Threshold, Tripwire
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import standing_prior_set
from scorecard.thresholds.quoted.freshness import outdated

# What each report has to say; a field that is missing is named.
CAPABILITY = ("evaluations", "elicitation", "limits")
SAFEGUARDS = ("residual_risk",)
RENEW = "renew it (the Scorecard does by itself, `status` on the command line)"
SUFFICIENCY = ("sufficient", "more evidence", "insufficient")


class DecisionRefused(StoreError):
    """A decision that lacks what the record needs; the message names the field."""


@once(Decision)
def decide(
    store: Store,
    *,
    actor: Actor,
    threshold: str,
    finding: Finding,
    decision: str,
    reason: str,
    forecast_run: str = "",
    today: date | None = None,
    capability: Mapping[str, str] | None = None,
    safeguards: Mapping[str, str] | None = None,
    although: str = "",
    tripwires: Sequence[TypedCondition] = (),
    **optional: Any,
) -> Decision:
    """Record a decision on a threshold in the actor's name and return it.

    `forecast_run` is the id (or its first 8 characters or more) of a stored run of that threshold;
    it may be empty only when none exists. Of one that is outdated (older than its evidence, under other
    priors or criteria than those in use) `although` has to say why it is relied on all the same.
    `capability` and `safeguards` are the two reports (fields of CAPABILITY, and `finding` with those of
    SAFEGUARDS), `tripwires` conditions under which the decision stops holding. `optional` are the other
    fields of `Decision` (system, meeting, owner, due_on, review_on, holds_while, options, votes, dissent,
    conflicts, supersedes). Raises NotAllowed or DecisionRefused, and stores nothing, when the role does
    not cover it, or a field is missing or names what does not exist.
    """
    actor.require("decide")
    missing = [name for name, text in (("decision", decision), ("reason", reason)) if not text.strip()]
    if missing:
        raise DecisionRefused(f"a decision needs {', '.join(missing)}; fill it in and record again")
    if finding not in get_args(Finding):
        raise DecisionRefused(f"finding {finding!r} is not one of {', '.join(get_args(Finding))}")
    with store.view() as now:
        now.get(Threshold, id=threshold)
        runs = [run.id for run in now.all(ForecastRun, threshold=threshold)]
        earlier = [d.id for d in now.all(Decision, threshold=threshold)]
    run = _chosen_run(forecast_run, runs, threshold)
    day = today or clock.today()
    old = _outdated(store, run, day) if run else ""
    if old and not although.strip():
        raise DecisionRefused(
            f"forecast run {run[:12]} is {old}; {RENEW}, or say why the decision rests on it all the same (although)"
        )
    supersedes = str(optional.get("supersedes", ""))
    if supersedes and supersedes not in earlier:
        raise DecisionRefused(f"there is no decision {supersedes!r} on {threshold} to supersede")
    parts = "\0".join(
        [threshold, finding, decision, reason, actor.name, run, day.isoformat(), str(len(earlier))]
    )
    record = Decision(
        id=sha256(parts.encode()).hexdigest()[:12],
        threshold=threshold,
        finding=finding,
        decision=decision,
        reason=reason,
        decided_by=actor.name,
        forecast_run=run,
        known_at=day,
        **optional,
    )
    with_it: list[Record] = [*_reports(record, capability, safeguards)]
    if old:
        with_it.append(
            Report(
                id=f"{record.id}-forecast",
                decision=record.id,
                about="forecast",
                finding="outdated",
                contents={"outdated": old, "although": although},
                known_at=day,
            )
        )
    with_it += [
        Tripwire(
            id=f"{record.id}-{number}",
            decision=record.id,
            condition=one.meant,
            words=one.words,
            author=actor.name,
            known_at=day,
        )
        for number, one in enumerate(tripwires, start=1)
    ]
    store.append([record, *with_it], action="decide", actor=actor, reason=reason)
    return record


def _reports(
    decision: Decision, capability: Mapping[str, str] | None, safeguards: Mapping[str, str] | None
) -> list[Report]:
    found = []
    if capability is not None:
        _complete("capability", capability, CAPABILITY)
        found.append(
            Report(
                id=f"{decision.id}-capability",
                decision=decision.id,
                about="capability",
                finding=decision.finding,
                contents=dict(capability),
                known_at=decision.known_at,
            )
        )
    if safeguards is not None:
        _complete("safeguards", safeguards, SAFEGUARDS)
        if safeguards.get("finding") not in SUFFICIENCY:
            raise DecisionRefused(
                f"a safeguards report finds {', '.join(SUFFICIENCY[:-1])} or {SUFFICIENCY[-1]}"
            )
        rest = {name: text for name, text in safeguards.items() if name != "finding"}
        found.append(
            Report(
                id=f"{decision.id}-safeguards",
                decision=decision.id,
                about="safeguards",
                finding=safeguards["finding"],
                contents=rest,
                known_at=decision.known_at,
            )
        )
    return found


def _outdated(store: Store, run: str, day: date) -> str:
    """Why a run is not the one that stands for its threshold on a day; "" when nothing it read has changed."""
    with store.view(as_of=day) as known, store.view() as now:
        return outdated(now, known, run, prior_set=standing_prior_set(known))


def _complete(what: str, given: Mapping[str, str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if not str(given.get(name, "")).strip()]
    if missing:
        raise DecisionRefused(f"a {what} report needs {', '.join(missing)}; fill it in and record again")


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


def standing_decisions(decisions: list[Decision]) -> list[Decision]:
    """The decisions that no later one supersedes, newest first."""
    replaced = {d.supersedes for d in decisions if d.supersedes}
    return [d for d in reversed(decisions) if d.id not in replaced]
