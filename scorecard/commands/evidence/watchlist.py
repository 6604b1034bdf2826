"""watchlist: who is watched and up to which day anybody looked; inbox: what is new, and what became of it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scorecard.evidence.refresh.handling import handle, note_look
from scorecard.evidence.refresh.searched import searched_line, searched_to, watch_list_of
from scorecard.people import this_machine
from scorecard.records import InboxItem, InboxState, Watched
from scorecard.terminal.options import AsOf, By, Json, built_store, day_or_today, say_day
from scorecard.terminal.printing import print_json, print_record

app = typer.Typer()
watchlist = typer.Typer(help="Who is watched, and up to which day anybody looked.")
inbox = typer.Typer(help="What is new at watched publishers, and what became of it.")
app.add_typer(watchlist, name="watchlist")
app.add_typer(inbox, name="inbox")

Which = Annotated[str, typer.Argument(help="What is watched, by its id.")]
Item = Annotated[str, typer.Argument(help="The item, by its id.")]


@watchlist.command("list")
def list_watched(
    as_of: AsOf = None,
    due: Annotated[bool, typer.Option("--due", help="Only what somebody should look at now.")] = False,
    json_: Json = False,
) -> None:
    """The watch list, longest unseen first, and the day that silence is vouched for."""
    day = day_or_today(as_of)
    with built_store().view(as_of=day) as known:
        lines = watch_list_of(known)
    reaches = searched_to(lines)
    shown = [line for line in lines if line.overdue(day)] if due else lines
    if json_:
        told = {
            "searched_to": reaches.isoformat() if reaches else None,
            "watched": [w.as_json(day) for w in shown],
        }
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return
    print(f"{searched_line(reaches, day)}.")
    for line in shown:
        last = f"{line.last.reaches} by {line.last.looked_by}" if line.last else "never"
        state = "DUE" if line.overdue(day) else f"due {line.due_on}"
        waiting = f", {line.waiting} unread" if line.waiting else ""
        print(f"{line.watched.id:20} {state:15} looked up to {last}{waiting}\n{'':20} {line.watched.address}")
        print(f"{'':20} {line.watched.looks_for}")


@watchlist.command("show")
def show_watched(watched: Which, json_: Json = False) -> None:
    """One that is watched: where, for what, how often."""
    with built_store().view() as now:
        found = now.get(Watched, id=watched)
    print_record(found, json_)


@watchlist.command()
def looked(
    watched: Which,
    found: Annotated[int, typer.Option(min=0, help="How many new things were there.")],
    reaches: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The last day that what was seen covers; today if left out."),
    ] = None,
    note: Annotated[str, typer.Option(help="What was seen, in a sentence.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Note that somebody looked, so that silence may be vouched for up to that day."""
    today = day_or_today(None)
    look = note_look(
        built_store(),
        watched,
        found=found,
        reaches=say_day(reaches) or today,
        note=note,
        actor=this_machine(by),
        today=today,
    )
    print_json(look) if json_ else print(f"{watched}: looked at up to {look.reaches}, {found} new")


@inbox.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="What was dealt with too.")] = False,
    json_: Json = False,
) -> None:
    """What nobody has entered or set aside yet, oldest first."""
    with built_store().view() as now:
        items = sorted(now.all(InboxItem), key=lambda i: (i.published_on, i.id))
    items = [item for item in items if everything or item.state in ("seen", "read")]
    if json_:
        print_json(items)
        return
    for item in items:
        reason = f" ({item.reason})" if item.reason else ""
        print(f"{item.id}  {item.published_on}  {item.state}{reason}  {item.title}\n  {item.address}")


@inbox.command()
def show(item: Item, json_: Json = False) -> None:
    """One item with all its parts."""
    with built_store().view() as now:
        found = now.get(InboxItem, id=item)
    print_record(found, json_)


@inbox.command()
def read(item: Item, by: By = "", json_: Json = False) -> None:
    """Somebody has read it and not yet decided."""
    _next(item, "read", "", by, json_)


@inbox.command()
def entered(
    item: Item,
    reason: Annotated[str, typer.Option(help="Which rows came of it.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """What it says is on record now."""
    _next(item, "entered", reason, by, json_)


@inbox.command("set-aside")
def set_aside(
    item: Item,
    reason: Annotated[str, typer.Option(help="Why nothing comes of it.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """Nothing of it belongs on record."""
    _next(item, "set_aside", reason, by, json_)


def _next(id: str, state: InboxState, reason: str, by: str, json_: bool) -> None:
    made = handle(built_store(), id, state, reason=reason, actor=this_machine(by), today=day_or_today(None))
    print_json(made) if json_ else print(f"{id}: {state.replace('_', ' ')}")
