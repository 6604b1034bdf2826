"""meeting: schedule, list, show, open, agenda, minutes, close."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from scorecard.governance import meetings, snapshots
from scorecard.governance.tripwires import check
from scorecard.people import this_machine
from scorecard.records import Meeting
from scorecard.records.typed_json import to_plain
from scorecard.store import Store
from scorecard.terminal.options import By, Json, day_or_today
from scorecard.terminal.printing import plain, print_fields, print_json

app = typer.Typer()
meeting = typer.Typer(help="The governance meeting: what changed, what is due, what was said and decided.")
app.add_typer(meeting, name="meeting")

Id = Annotated[str, typer.Argument(help="The meeting, by id; by default the last one.")]


@meeting.command()
def schedule(
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; by default today.")] = None,
    title: Annotated[str, typer.Option(help="A title.")] = "",
    attendee: Annotated[list[str] | None, typer.Option(help="Who attends; repeatable.")] = None,
    moved_by: Annotated[
        float, typer.Option(help="The change of a probability that puts a threshold on the agenda.")
    ] = meetings.MOVED_BY,
    by: By = "",
    json_: Json = False,
) -> None:
    """Put a meeting on the record."""
    made = meetings.schedule(
        Store(),
        this_machine(by),
        held_on=day_or_today(on),
        title=title,
        attendees=tuple(attendee or ()),
        moved_by=moved_by,
    )
    _told(made, f"scheduled {made.id}: {made.title}; agenda since {made.since_on}", json_)


@meeting.command("list")
def list_(json_: Json = False) -> None:
    """Every meeting with its day and state, newest first."""
    with Store().view() as now:
        found = list(reversed(now.all(Meeting)))
    if json_:
        print_json(found)
        return
    for one in found:
        print(f"{one.id}  {one.held_on}  {one.state}: {one.title}")


@meeting.command()
def show(id: Id = "", json_: Json = False) -> None:
    """One meeting: its day, who attends, its agenda's keys, its state and what it was closed under."""
    found = _chosen(Store(), id)
    if json_:
        print_json(found)
        return
    print_fields(plain(found) | {"agenda": [item.key for item in found.agenda]})


@meeting.command("open")
def open_(id: Id = "", by: By = "", json_: Json = False) -> None:
    """Open a scheduled meeting; its agenda is written and fixed."""
    store = Store()
    chosen = _chosen(store, id)
    check(store, chosen.held_on)
    made = meetings.open_meeting(store, chosen.id, this_machine(by))
    _told(made, f"opened {made.id} with {len(made.agenda)} items", json_)


@meeting.command()
def agenda(
    id: Id = "",
    item: Annotated[str, typer.Option(help="An item by its key, to be moved or given time first.")] = "",
    move: Annotated[
        meetings.Move | None, typer.Option(help="Up or down, to what is for information, or back from there.")
    ] = None,
    minutes: Annotated[int | None, typer.Option(help="The time that the item has; 0 for none.")] = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Print the agenda: as fixed at the opening, else as it would stand now; first shape it, if asked to."""
    store = Store()
    chosen = _chosen(store, id)
    if (move is None) == (minutes is None) and (item or move):
        raise typer.BadParameter("name one item with --item and either --move or --minutes")
    change = minutes if move is None else move
    if change is not None:
        chosen = meetings.shape(store, chosen.id, item, change, this_machine(by))
    items = meetings.agenda(store, chosen)
    if json_:
        print_json([to_plain(item) for item in items])
        return
    print(f"{chosen.title} ({chosen.state}): {len(items)} items")
    for number, one in enumerate(items, start=1):
        place = one.place if one.place in ("dropped", "for information") else ""
        said = [told for told in (place, meetings.in_minutes(one.timebox) if one.timebox else "") if told]
        print(
            f"\n{number}. {one.title}  [{one.key}]{f'  ({", ".join(said)})' if said else ''}\n   {one.words}"
        )


@meeting.command()
def minutes(
    id: Id = "",
    item: Annotated[str, typer.Option(help="The item by its key; by default the meeting as a whole.")] = "",
    words: Annotated[str, typer.Option(help="What was said; without it, the minutes are printed.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Take a minute, or print the minutes."""
    store = Store()
    chosen = _chosen(store, id)
    if words:
        taken = meetings.minute(store, chosen.id, item, words, this_machine(by))
        print_json(taken) if json_ else print(f"minuted {taken.id}")
        return
    with store.view() as now:
        found = meetings.standing_minutes(now, chosen.id)
        text = meetings.minutes_text(now, chosen)
    print_json(list(found.values())) if json_ else sys.stdout.write(text)


@meeting.command()
def close(
    id: Id = "",
    summary: Annotated[str, typer.Option(help="What came of it.")] = "",
    sign: Annotated[bool, typer.Option("--sign", help="Also sign the snapshot in this name.")] = False,
    by: By = "",
    json_: Json = False,
) -> None:
    """Close a meeting and bind what was in front of it in a snapshot."""
    store, actor = Store(), this_machine(by)
    made = meetings.close(store, _chosen(store, id).id, actor, summary)
    if sign:
        snapshots.sign(store, made.snapshot, actor, "I was there; these are the minutes.")
    _told(made, f"closed {made.id}; snapshot {made.snapshot}", json_)


def _chosen(store: Store, id: str) -> Meeting:
    if id:
        return meetings.find_meeting(store, id)
    with store.view() as now:
        there = now.all(Meeting)
    if not there:
        raise meetings.MeetingRefused("there is no meeting yet; run `preparedness meeting schedule`")
    return there[-1]


def _told(made: Meeting, line: str, json_: bool) -> None:
    print_json(made) if json_ else print(line)
