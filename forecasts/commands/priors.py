"""priors: list, show, compare, propose, adopt, decline and withdraw prior sets."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from forecasts.priors.changing import changed_priors
from forecasts.priors.sets import priors_of
from forecasts.runs.request import store_default_priors
from forecasts.worlds.compared import differences
from scorecard.clock import today
from scorecard.governance.proposals import Proposal, find, proposals, propose, rule
from scorecard.people import this_machine
from scorecard.records import Indicator, PriorSet, Verdict
from scorecard.store import Store
from scorecard.terminal.options import By, Json, Reason, built_store, overrides
from scorecard.terminal.printing import print_json
from scorecard.thresholds.board import standing_prior_set

app = typer.Typer()
priors = typer.Typer(
    help="What is believed before the data: prior sets, who proposed them, where they stand."
)
app.add_typer(priors, name="priors")

Id = Annotated[str, typer.Argument(metavar="ID", help="A prior set, by id; see `priors list`.")]


def _store() -> Store:
    store = built_store()
    store_default_priors(store)
    return store


@priors.command("list")
def list_(json_: Json = False) -> None:
    """Every prior set with its author and where it stands."""
    with _store().view() as now:
        found, standing = proposals(now, "prior_sets"), standing_prior_set(now)
    rows = [
        {
            "id": p.item.id,
            "name": p.item.name,
            "author": p.item.author,
            "standing": p.standing,
            "in_use": p.item.id == standing,
            "known_at": p.item.known_at.isoformat(),
        }
        for p in found
        if isinstance(p.item, PriorSet)
    ]
    if json_:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        mark = "*" if row["in_use"] else " "
        print(f"{mark} {row['id']}: {row['name']}, by {row['author']}, {row['standing']}")


@priors.command()
def show(id: Id, json_: Json = False) -> None:
    """One prior set: every parameter's distribution, its unit and the reason for it."""
    proposal = _found(id)
    item = _prior_set(proposal)
    if json_:
        kept = {
            name: getattr(item, name) for name in ("id", "name", "author", "rationale", "priors", "settings")
        }
        print(json.dumps(kept | {"standing": proposal.standing}, indent=2, ensure_ascii=False))
        return
    print(f"{item.name} ({item.id}), by {item.author}, {proposal.standing}\n{item.rationale}")
    for shape, given in priors_of(item).shapes.items():
        for parameter, prior in given.items():
            print(f"  {shape}.{parameter} = {prior}  [{prior.unit}]")
    for ruling in proposal.rulings:
        print(f"{ruling.ruling} by {ruling.ruled_by} on {ruling.known_at}: {ruling.reason}")


@priors.command()
def diff(one: Id, other: Id, json_: Json = False) -> None:
    """What differs between two prior sets, belief by belief, in the units people think in."""
    first, second = (_prior_set(_found(id)) for id in (one, other))
    with _store().view() as now:
        found = differences(first, second, {i.id: i for i in now.all(Indicator)}, today())
    if json_:
        print_json(found)
        return
    for line in found:
        print(line)
    if not found:
        print(f"{one} and {other} hold the same priors and settings.")


@priors.command("propose")
def propose_(
    prior: Annotated[
        list[str],
        typer.Option(
            metavar="[SHAPE.]PARAM=FAMILY(args)",
            help="A changed prior: a family, quantiles(10 %, 50 %, 90 %), or doubling_days(10 %, 50 %, 90 %).",
        ),
    ],
    name: Annotated[str, typer.Option(help="What to call the set.")],
    reason: Reason,
    by: By = "",
    base: Annotated[str, typer.Option(help="The set that is changed; the one in use by default.")] = "",
    json_: Json = False,
) -> None:
    """Propose a changed prior set; it counts for nothing until somebody else adopts it."""
    store = _store()
    with store.view() as now:
        old = now.get(PriorSet, id=base or standing_prior_set(now))
    changed = changed_priors(old, overrides(prior))
    proposer = this_machine(by)
    made = changed.as_set(old, name=name, author=proposer.name, reason=reason, known_at=today())
    propose(store, made, proposer)
    id = changed.id
    if json_:
        print_json(made)
    else:
        print(
            f"proposed {id}; another person adopts it with: forecast priors adopt {id} --by NAME --reason TEXT"
        )


@priors.command()
def adopt(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Put a proposed prior set into use; its author cannot."""
    _rule(id, "adopted", by, reason, json_)


@priors.command()
def decline(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Decline a proposed prior set; its author cannot."""
    _rule(id, "declined", by, reason, json_)


@priors.command()
def withdraw(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Take a prior set back; only its author can."""
    _rule(id, "withdrawn", by, reason, json_)


def _rule(id: str, verdict: Verdict, by: str, reason: str, json_: bool) -> None:
    made = rule(_store(), "prior_sets", id, verdict, actor=this_machine(by), reason=reason)
    print_json(made) if json_ else print(f"{id} {made.ruling} by {made.ruled_by}")


def _found(id: str) -> Proposal:
    with _store().view() as now:
        return find(now, "prior_sets", id)


def _prior_set(proposal: Proposal) -> PriorSet:
    assert isinstance(proposal.item, PriorSet)  # asked for among prior sets
    return proposal.item
