"""criteria: propose, adopt, decline, diff; safeguards: plan them and set them against the clock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import typer

from scorecard.governance import criteria as rules
from scorecard.governance.proposals import Proposal, find, proposals, rule
from scorecard.governance.safeguards import (
    Clock,
    Lead,
    SafeguardRefused,
    duties,
    lead,
    plan_safeguard,
    safeguards_of,
    standing_rule,
)
from scorecard.people import this_machine
from scorecard.records import Criterion, Safeguard, SafeguardState
from scorecard.store import Store
from scorecard.terminal.options import AsOf, By, Json, Reason, day_or_today, say_day
from scorecard.terminal.printing import plain, print_json
from scorecard.thresholds.board import newest_runs, standing_prior_set

app = typer.Typer()
criteria = typer.Typer(help="How thresholds are measured: proposed by one person, adopted by another.")
app.add_typer(criteria, name="criteria")


@criteria.command("list")
def list_(
    threshold: Annotated[str, typer.Option(help="Only this threshold, by id.")] = "", json_: Json = False
) -> None:
    """Every criterion with what it asks for, who proposed it and where it stands."""
    with Store().view() as now:
        found = [one for one in proposals(now, "criteria") if threshold in ("", _criterion(one).threshold)]
    if json_:
        print_json([plain(_criterion(one)) | {"standing": one.standing} for one in found])
        return
    for one in found:
        item = _criterion(one)
        print(
            f"{item.id}: {item.threshold} by {item.indicator} at {item.level:g}; by {item.author}, {one.standing}"
        )


@criteria.command()
def show(id: Annotated[str, typer.Argument(help="The criterion, by id.")], json_: Json = False) -> None:
    """One criterion with all its parts, its reason and the rulings on it."""
    with Store().view() as now:
        found = find(now, "criteria", id)
    told = plain(_criterion(found)) | {"standing": found.standing}
    if json_:
        print_json(told | {"rulings": found.rulings})
        return
    for name, value in told.items():
        if value not in ("", None):
            print(f"{name.replace('_', ' ')}: {value}")
    for ruling in found.rulings:
        print(f"{ruling.ruling} by {ruling.ruled_by} on {ruling.known_at}: {ruling.reason}")


def _criterion(proposal: Proposal) -> Criterion:
    assert isinstance(proposal.item, Criterion)
    return proposal.item


@criteria.command()
def propose(
    id: Annotated[str, typer.Argument(help="The new criterion's id.")],
    threshold: Annotated[str, typer.Option(help="Which threshold, by id.")],
    indicator: Annotated[str, typer.Option(help="Which indicator, by id.")],
    level: Annotated[float, typer.Option(help="The level in the indicator's unit.")],
    level_sd: Annotated[float, typer.Option(help="Its standard deviation on the link scale.")],
    rationale: Reason,
    source: Annotated[str, typer.Option(help="A source of the record, by id.")],
    gap: Annotated[float, typer.Option(help="From benchmark to real work, on the link scale.")] = 0.0,
    gap_sd: Annotated[float, typer.Option(help="Its standard deviation.")] = 0.0,
    weight: Annotated[float, typer.Option(help="Its weight among the criteria of its route.")] = 1.0,
    route: Annotated[str, typer.Option(help="The route of the threshold's text that it measures.")] = "",
    supersedes: Annotated[str, typer.Option(help="The criterion it is to replace.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Propose a criterion; says which evidence already in would be read differently."""
    actor = this_machine(by)
    proposed = Criterion(
        id=id,
        threshold=threshold,
        indicator=indicator,
        level=level,
        level_sd=level_sd,
        gap=gap,
        gap_sd=gap_sd,
        weight=weight,
        route=route,
        rationale=rationale,
        author=actor.name,
        source=source,
        supersedes=supersedes,
        known_at=day_or_today(None),
    )
    changed = rules.propose_criterion(Store(), proposed, actor)
    if json_:
        print_json({"criterion": proposed, "reclassified": [asdict(c) | {"words": c.words} for c in changed]})
        return
    print(f"proposed {id}; another person adopts it with: criteria adopt {id} --by NAME --reason TEXT")
    for one in changed:
        print(f"  evidence already in would be read differently: {one.words}")


def _ruled(id: str, verdict: Literal["adopted", "declined"], by: str, reason: str, json_: bool) -> None:
    made = rule(Store(), "criteria", id, verdict, actor=this_machine(by), reason=reason)
    print_json(made) if json_ else print(f"{id} {made.ruling} by {made.ruled_by}")


@criteria.command()
def adopt(id: str, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Adopt a proposed criterion; its author cannot."""
    _ruled(id, "adopted", by, reason, json_)


@criteria.command()
def decline(id: str, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Decline a proposed criterion; its author cannot."""
    _ruled(id, "declined", by, reason, json_)


@criteria.command()
def diff(
    one: Annotated[str, typer.Argument(help="A criterion, or FRAMEWORK:VERSION.")],
    other: Annotated[str, typer.Argument(help="Another, or another version of the framework.")],
    json_: Json = False,
) -> None:
    """Two criteria field by field with what they read differently, or two framework versions clause by clause."""
    with Store().view() as now:
        if ":" in one and ":" in other:
            framework, _, old = one.partition(":")
            second, _, new = other.partition(":")
            if second != framework:
                raise typer.BadParameter(
                    f"{framework} and {second} are two frameworks; name two versions of one, as {framework}:VERSION"
                )
            rows = rules.versions_compared(now, framework, old, new)
            if json_:
                print_json(rows)
                return
            for row in rows:
                was = f" (was {row['was']})" if row["was"] else ""
                print(f"{row['category']} {row['level']}{was}, {row['clause']} ({row['alike']:.0%} alike)")
                print(f"  - {row['from'] or 'nothing'}\n  + {row['to'] or 'nothing'}")
            return
        found = rules.differences(now, one, other)
    if json_:
        print_json(found)
        return
    for name, (old, new) in found["fields"].items():
        print(f"{name}: {old} -> {new}")
    for side, id in (("from", one), ("to", other)):
        print(f"reached only under {id}: {', '.join(found[f'reached_only_by_{side}']) or 'nothing'}")


@app.command()
def safeguards(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by id.")],
    add: Annotated[str, typer.Option(help="Plan a safeguard, or revise its plan: its id.")] = "",
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    obligation: Annotated[
        str, typer.Option(help="Which obligation it answers, in the threshold's words.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Who owns it.")] = "",
    status: Annotated[SafeguardState, typer.Option(help="How far it is.")] = "planned",
    starts: Annotated[str | None, typer.Option(metavar="DATE", help="When work starts or started.")] = None,
    ready: Annotated[
        str, typer.Option(metavar="D10,D50,D90", help="Ready at 10, 50 and 90 %: three dates.")
    ] = "",
    evidence: Annotated[list[str] | None, typer.Option(help="What shows its state; repeatable.")] = None,
    tolerance: Annotated[float | None, typer.Option(help="The acceptable chance of being late.")] = None,
    as_of: AsOf = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """What a threshold obliges, who owns it, and whether it will be in place before the threshold is crossed."""
    store, actor, day = Store(), this_machine(by), day_or_today(as_of)
    if add:
        dates = [say_day(text.strip()) for text in ready.split(",")]
        if len(dates) != 3 or None in dates:
            raise SafeguardRefused("--ready takes three dates separated by commas, at 10, 50 and 90 %")
        low, middle, high = (d for d in dates if d)
        plan_safeguard(
            store,
            Safeguard(
                id=add,
                thresholds=(threshold,),
                name=name,
                obligation=obligation,
                owner=owner,
                status=status,
                starts_on=say_day(starts) or day,
                ready_10=low,
                ready_50=middle,
                ready_90=high,
                evidence=tuple(evidence or ()),
                author=actor.name,
                known_at=day,
            ),
            actor,
        )
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
            print(f"  {s.name} ({s.status}; {s.owner}): ready {s.ready_10} / {s.ready_50} / {s.ready_90}")
            if s.id in each:
                print(f"    {_said(each[s.id])}")
    if whole:
        print(f"All together: {_said(whole)}")
    elif clock is None:
        print("There is no forecast of this threshold for this day; run `preparedness forecast run` first.")


def _said(stands: Lead) -> str:
    slack = " / ".join("beyond the horizon" if s is None else f"{s:.1f}" for s in stands.slack)
    return f"P(crossed before ready) {stands.p_before_ready:.0%}, slack {slack} months. {stands.words}"
