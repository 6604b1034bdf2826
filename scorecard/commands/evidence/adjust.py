"""adjust propose, adopt, decline, withdraw, list, show: what a published reading should be, by whom and why."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.evidence.names import Registry
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance.adjustments import adjust
from scorecard.governance.proposals import find, proposals, rule
from scorecard.people import this_machine
from scorecard.records import Doubt, Measurement, Verdict
from scorecard.store import StoreError, View
from scorecard.terminal.options import By, Json, Reason, built_store
from scorecard.terminal.printing import plain, print_json, print_proposal

app = typer.Typer()
group = typer.Typer(help="Readings adjusted for contamination, cheating or under-elicitation.")
app.add_typer(group, name="adjust")

Id = Annotated[str, typer.Argument(help="The adjustment, by id.")]


@group.command("propose")
def propose(
    indicator: Annotated[str, typer.Argument(help="Which indicator, by id.")],
    system: Annotated[str, typer.Argument(help="Which system, by any of its names.")],
    value: Annotated[float, typer.Argument(help="What the reading should be, in the indicator's unit.")],
    doubt: Annotated[Doubt, typer.Option(help="What is doubted.")],
    reason: Reason,
    low: Annotated[float | None, typer.Option(help="Lower end; else it moves with the value.")] = None,
    high: Annotated[float | None, typer.Option(help="Upper end; else it moves with the value.")] = None,
    condition: Annotated[str, typer.Option(help="Which of the system's readings, if it has several.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Propose another value for the newest vintage of a reading; forecasts read it once somebody adopts it."""
    store = built_store()
    with store.view() as now:
        found = _reading(now, indicator, system, condition)
    made = adjust(
        store, this_machine(by), found, doubt=doubt, value=value, low=low, high=high, rationale=reason
    )
    if json_:
        print_json(made)
    else:
        print(f"proposed {made.id}: {found.value:g} is read as {made.value:g} once another person adopts it")


def _reading(now: View, indicator: str, system: str, condition: str) -> Measurement:
    known = Registry.of(now).find(system)
    ours = [
        m for m in current(published_readings(now, indicator=indicator)) if known and m.system == known.id
    ]
    fitting = [m for m in ours if m.condition == condition]
    if len(fitting) == 1:
        return fitting[0]
    conditions = ", ".join(repr(m.condition) for m in ours)
    hint = f"--condition takes one of {conditions}" if ours else "name an indicator and a system read on it"
    raise StoreError(
        f"{indicator} has {len(fitting)} readings of {system!r} with the condition {condition!r}; {hint}"
    )


@group.command("list")
def list_(json_: Json = False) -> None:
    """Every adjustment and where it stands."""
    with built_store().view() as now:
        found = proposals(now, "adjustments")
    if json_:
        print_json([plain(one.item) | {"standing": one.standing} for one in found])
        return
    for one in found:
        print(f"{one.item.id}: {one.standing}; {one.item.rationale} ({one.item.author})")


@group.command("show")
def show(id: Id, json_: Json = False) -> None:
    """One adjustment with all its parts, its reason and the rulings on it."""
    with built_store().view() as now:
        found = find(now, "adjustments", id)
    print_proposal(found, json_)


def _ruled(id: str, verdict: Verdict, by: str, reason: str, json_: bool) -> None:
    made = rule(built_store(), "adjustments", id, verdict, actor=this_machine(by), reason=reason)
    print_json(made) if json_ else print(f"{id} {made.ruling} by {made.ruled_by}")


@group.command("adopt")
def adopt(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Adopt a proposed adjustment; its author cannot."""
    _ruled(id, "adopted", by, reason, json_)


@group.command("decline")
def decline(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Decline a proposed adjustment; its author cannot."""
    _ruled(id, "declined", by, reason, json_)


@group.command("withdraw")
def withdraw(id: Id, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Take back one's own adjustment, also after it was adopted."""
    _ruled(id, "withdrawn", by, reason, json_)
