"""decide, sign, snapshot: put a decision on the record, and one's name to it; bind and show what it rested on."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from scorecard.governance import snapshots
from scorecard.governance.decisions import decide as record_decision
from scorecard.governance.decisions import standing_decisions
from scorecard.governance.tripwires import FORMS, read_condition
from scorecard.people import this_machine
from scorecard.records import Decision, Finding, ForecastRun, Snapshot
from scorecard.store import Store, StoreError
from scorecard.store import verify as verify_store
from scorecard.terminal.options import AsOf, By, Json, day_or_today, say_day
from scorecard.terminal.printing import pairs, print_json, print_record
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.words import day_in_words

app = typer.Typer()
snapshot = typer.Typer(help="What was relied on, bound under one hash: save, list, show, verify.")
decisions = typer.Typer(help="What was decided: list, show; `decide` records one.")
app.add_typer(snapshot, name="snapshot")
app.add_typer(decisions, name="decisions")

Many = Annotated[list[str] | None, typer.Option(metavar="NAME=TEXT", help="Repeatable.")]


def _tell_forms(given: list[str] | None) -> list[str] | None:
    if given == ["help"]:
        print(FORMS)
        raise typer.Exit
    return given


@app.command()
def decide(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    finding: Annotated[Finding, typer.Option(help="What the meeting finds.")],
    decision: Annotated[str, typer.Option(help="What is decided.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: By = "",
    run: Annotated[str, typer.Option(help="The forecast run it rests on, by id.")] = "",
    although: Annotated[
        str, typer.Option(help="Why it rests on that run although the run is outdated, if it is.")
    ] = "",
    system: Annotated[str, typer.Option(help="Which system it is about.")] = "",
    meeting: Annotated[str, typer.Option(help="The meeting that decides, by id.")] = "",
    owner: Annotated[str, typer.Option(help="Who carries it out.")] = "",
    due_on: Annotated[str | None, typer.Option(metavar="DATE", help="By when.")] = None,
    review_on: Annotated[str | None, typer.Option(metavar="DATE", help="When to look at it again.")] = None,
    holds_while: Annotated[str, typer.Option(help="Conditions under which it stops holding.")] = "",
    tripwire: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="A condition that is watched; repeatable.",
            callback=_tell_forms,
            is_eager=True,
        ),
    ] = None,
    option: Annotated[list[str] | None, typer.Option(help="An option considered; repeatable.")] = None,
    vote: Many = None,
    capability: Many = None,
    safeguards: Many = None,
    dissent: Annotated[str, typer.Option(help="Who disagreed, and why.")] = "",
    conflicts: Annotated[str, typer.Option(help="Conflicts of interest declared.")] = "",
    supersedes: Annotated[str, typer.Option(help="The decision this one corrects, by id.")] = "",
    json_: Json = False,
) -> None:
    """Record a decision on a threshold, bound to the forecast run it rested on.

    --capability takes evaluations=, elicitation= and limits=; --safeguards takes finding= (sufficient,
    more evidence, insufficient) and residual_risk=. --tripwire "help" prints the forms of a condition.
    """
    store = Store()
    with store.view() as now:
        conditions = [read_condition(text, now) for text in tripwire or ()]
    record = record_decision(
        store,
        threshold=threshold,
        finding=finding,
        decision=decision,
        reason=reason,
        actor=this_machine(by),
        forecast_run=run,
        although=although,
        system=system,
        meeting=meeting,
        owner=owner,
        due_on=say_day(due_on),
        review_on=say_day(review_on),
        holds_while=holds_while,
        tripwires=conditions,
        options=tuple(option or ()),
        votes=pairs(vote or (), "votes") or None,
        dissent=dissent,
        capability=pairs(capability, "fields of a report") if capability else None,
        safeguards=pairs(safeguards, "fields of a report") if safeguards else None,
        conflicts=conflicts,
        supersedes=supersedes,
    )
    if json_:
        print_json(record)
    else:
        print(
            f"recorded decision {record.id} on {record.threshold}, resting on run {record.forecast_run[:12] or 'none'}"
        )


@decisions.command("list")
def list_decisions(
    threshold: Annotated[str, typer.Option(help="Only this threshold, by id.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="What was corrected later, too.")] = False,
    json_: Json = False,
) -> None:
    """The decisions that stand, newest first."""
    with Store().view() as now:
        there = now.all(Decision)
    found = list(reversed(there)) if everything else standing_decisions(there)
    found = [one for one in found if threshold in ("", one.threshold)]
    if json_:
        print_json(found)
        return
    for one in found:
        print(f"{one.id}  {one.known_at}  {one.threshold}: {one.finding.replace('_', ' ')}. {one.decision}")


@decisions.command("show")
def show_decision(
    id: Annotated[str, typer.Argument(help="The decision, by id.")], json_: Json = False
) -> None:
    """One decision with all its parts."""
    with Store().view() as now:
        one = now.get(Decision, id=id)
    print_record(one, json_)


@app.command()
def sign(
    what: Annotated[str, typer.Argument(help="A decision or a snapshot, by its id.")],
    statement: Annotated[str, typer.Option(help="What you put your name to.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """Sign a decision or a snapshot; the first signature of a decision binds what it rested on."""
    store, actor = Store(), this_machine(by)
    with store.view() as now:
        decided = bool(now.all(Decision, id=what))
    signed = (snapshots.sign_decision if decided else snapshots.sign)(store, what, actor, statement)
    if json_:
        print_json(signed)
    else:
        print(f"{signed.name} ({signed.identity}) signed {signed.subject}, snapshot {signed.snapshot[:12]}")


@snapshot.command()
def save(
    threshold: Annotated[
        list[str] | None, typer.Option(help="Which thresholds; by default all that are forecast.")
    ] = None,
    text: Annotated[str, typer.Option(help="What to say about it.")] = "",
    title: Annotated[str, typer.Option(help="A title.")] = "",
    as_of: AsOf = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Bind the forecasts that hold on a day, with all they read, under one hash."""
    store, day = Store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        holding = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known))
        chosen = list(threshold or holding)
        missing = [name for name in chosen if name not in holding]
    if missing or not chosen:
        raise StoreError(
            f"no forecast of {', '.join(missing) or 'any threshold'} holds on {day}; run `preparedness forecast run`"
        )
    made = snapshots.take(
        store,
        this_machine(by),
        kind="view",
        subject=", ".join(chosen),
        as_of=day,
        text=text,
        title=title or f"Scorecard of {day_in_words(day)}",
        runs=[holding[name].id for name in chosen],
    )
    if json_:
        print_json(made)
    else:
        print(f"snapshot {made.id}: {len(chosen)} forecasts as of {day}")


Id = Annotated[str, typer.Argument(help="The snapshot, by id or its first 8 characters.")]


@snapshot.command("list")
def list_snapshots(json_: Json = False) -> None:
    """Every snapshot, newest first: its id, what it was taken of, its day, by whom."""
    with Store().view() as now:
        found = list(reversed(now.all(Snapshot)))
    if json_:
        print_json(found)
        return
    for one in found:
        print(f"{one.id[:12]}  {one.as_of}  {one.kind}: {one.title}, by {one.author}")


@snapshot.command("show")
def show_snapshot(id: Id, json_: Json = False) -> None:
    """Print what a snapshot holds; with --json its very bytes, as they were taken."""
    found = snapshots.reopen(Store(), id)
    if json_:
        sys.stdout.buffer.write(found.content)
        return
    one = found.snapshot
    print(
        f"{one.title} ({one.kind} {one.subject}), as of {one.as_of}, by {one.author}\n\n{found.text}".rstrip()
    )
    for run in found.of(ForecastRun):
        said = run.refusal
        if run.publishable:
            dates = (run.quoted.q10, run.quoted.q50, run.quoted.q90)
            said = " / ".join(str(day or "beyond") for day in dates)
        print(f"  {run.threshold}: {said} (run {run.id[:12]}, prior set {run.prior_set}, seed {run.seed})")


@snapshot.command()
def verify(
    id: Annotated[str, typer.Argument(help="One snapshot; by default the whole record.")] = "",
    json_: Json = False,
) -> None:
    """Check a snapshot's file and every row it binds; exits 1 and says where when anything was altered."""
    store = Store()
    faults = verify_store(store).faults
    if id:
        bound = snapshots.find_snapshot(store, id)
        faults = tuple(f for f in faults if bound.id in f) or faults
    if json_:
        print_json({"snapshot": id or None, "sound": not faults, "faults": faults})
    else:
        print("sound" if not faults else "\n".join(faults), file=sys.stderr if faults else sys.stdout)
    raise typer.Exit(1 if faults else 0)
