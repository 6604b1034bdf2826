"""safeguards: list, show, plan them, and set those of a threshold against the clock."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.governance.safeguards import (
    Clock,
    Lead,
    duties,
    lead,
    plan_safeguard,
    safeguards_of,
    standing_rule,
)
from scorecard.people import this_machine
from scorecard.records import Safeguard, SafeguardState
from scorecard.store import Store
from scorecard.terminal.options import AsOf, By, Json, day_or_today, say_day
from scorecard.terminal.printing import print_json, print_record
from scorecard.thresholds.board import newest_runs, standing_prior_set

app = typer.Typer()
safeguards = typer.Typer(help="What thresholds oblige, who owns it, and whether it will be in place in time.")
app.add_typer(safeguards, name="safeguards")

Id = Annotated[str, typer.Argument(help="The safeguard, by its id.")]


@safeguards.command("list")
def list_(
    threshold: Annotated[str, typer.Option(help="Only this threshold, by id.")] = "", json_: Json = False
) -> None:
    """Every safeguard on record with its owner, state and dates."""
    with Store().view() as now:
        found = [one for one in now.all(Safeguard) if threshold in ("", *one.thresholds)]
    if json_:
        print_json(found)
        return
    for one in found:
        print(f"{one.id}: {', '.join(one.thresholds)}\n  {_line(one)}")


@safeguards.command()
def show(id: Id, json_: Json = False) -> None:
    """One safeguard with all its parts."""
    with Store().view() as now:
        found = now.get(Safeguard, id=id)
    print_record(found, json_)


@safeguards.command()
def plan(
    id: Id,
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    ready: Annotated[str, typer.Option(metavar="D10,D50,D90", help="Ready at 10, 50 and 90 %: three dates.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    obligation: Annotated[
        str, typer.Option(help="Which obligation it answers, in the threshold's words.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Who owns it.")] = "",
    status: Annotated[SafeguardState, typer.Option(help="How far it is.")] = "planned",
    starts: Annotated[str | None, typer.Option(metavar="DATE", help="When work starts or started.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="What shows its state; repeatable.")] = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Plan a safeguard, or revise its plan."""
    actor, today = this_machine(by), day_or_today(None)
    dates = [day for text in ready.split(",") if (day := say_day(text.strip()))]
    if len(dates) != 3:
        raise typer.BadParameter("--ready takes three dates separated by commas, at 10, 50 and 90 %")
    low, middle, high = dates
    made = Safeguard(
        id=id,
        thresholds=(threshold,),
        name=name,
        obligation=obligation,
        owner=owner,
        status=status,
        starts_on=say_day(starts) or today,
        ready_10=low,
        ready_50=middle,
        ready_90=high,
        evidence=tuple(evidence or ()),
        author=actor.name,
        known_at=today,
    )
    plan_safeguard(Store(), made, actor)
    print_json(made) if json_ else print(f"planned {_line(made)}")


@safeguards.command("lead")
def lead_(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by its id.")],
    tolerance: Annotated[float | None, typer.Option(help="The acceptable chance of being late.")] = None,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """What a threshold obliges, who owns it, and whether it will be in place before the threshold is crossed."""
    store, day = Store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        owed = duties(now, threshold)
        ours = safeguards_of(now, threshold)
        allowed, months = standing_rule(now, threshold)
        run = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known)).get(threshold)
    allowed = allowed if tolerance is None else tolerance
    clock = Clock.of(run, day) if run and run.publishable else None
    fans = run.quoted.fans if run and run.publishable else None
    each = (
        {s.id: lead(clock, [s], tolerance=allowed, months=months, fans=fans) for s in ours} if clock else {}
    )
    whole = lead(clock, ours, tolerance=allowed, months=months, fans=fans) if clock and ours else None
    if json_:
        print_json(
            {
                "threshold": threshold,
                "as_of": day,
                "run": run.id if run else None,
                "together": whole,
                "duties": [
                    {
                        "obligation": d.obligation,
                        "safeguards": [{"safeguard": s, "lead": each.get(s.id)} for s in d.safeguards],
                    }
                    for d in owed
                ],
            }
        )
        return
    for duty in owed:
        print(f"{duty.obligation}" + ("" if duty.safeguards else ": nobody owns this yet"))
        for s in duty.safeguards:
            print(f"  {_line(s)}")
            if s.id in each:
                print(f"    {_said(each[s.id])}")
    if whole:
        print(f"All together: {_said(whole)}")
    elif clock is None:
        print("There is no forecast of this threshold for this day; run `preparedness forecast run` first.")


def _line(one: Safeguard) -> str:
    return f"{one.name} ({one.status}; {one.owner}): ready {one.ready_10} / {one.ready_50} / {one.ready_90}"


def _said(stands: Lead) -> str:
    slack = " / ".join("beyond the horizon" if s is None else f"{s:.1f}" for s in stands.slack)
    return f"P(crossed before ready) {stands.p_before_ready:.0%}, slack {slack} months. {stands.words}"
