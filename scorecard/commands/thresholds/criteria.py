"""criteria: list, show, propose, adopt, decline, diff."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import typer

from scorecard.governance import criteria as rules
from scorecard.governance.proposals import Proposal, find, proposals, rule
from scorecard.people import this_machine
from scorecard.records import Criterion
from scorecard.store import Store
from scorecard.terminal.options import By, Json, Reason, day_or_today
from scorecard.terminal.printing import plain, print_json, print_proposal

app = typer.Typer()
criteria = typer.Typer(help="How thresholds are measured: proposed by one person, adopted by another.")
app.add_typer(criteria, name="criteria")

Id = Annotated[str, typer.Argument(help="The criterion, by id.")]


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
def show(id: Id, json_: Json = False) -> None:
    """One criterion with all its parts, its reason and the rulings on it."""
    with Store().view() as now:
        found = find(now, "criteria", id)
    print_proposal(found, json_)


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
def adopt(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Adopt a proposed criterion; its author cannot."""
    _ruled(id, "adopted", by, reason, json_)


@criteria.command()
def decline(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
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
