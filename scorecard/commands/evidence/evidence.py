"""import, export, quarantine, systems: evidence in and out, and the names that systems have."""

from __future__ import annotations

import json
import sys
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from scorecard import evidence
from scorecard.discovery import declarations
from scorecard.governance import tripwires
from scorecard.people import this_machine
from scorecard.store import Receipt, Store, StoreError
from scorecard.terminal.options import AsOf, By, Json, Reason, day_or_today, file_to_write, say_day
from scorecard.terminal.printing import pairs, plain, print_fields, print_json, print_record

if TYPE_CHECKING:
    from scorecard.evidence.importing import ImportPlan

TableFormat = Literal["csv", "parquet", "json"]
app = typer.Typer()
quarantine = typer.Typer(help="Rows that imports refused.")
systems = typer.Typer(help="The systems on record and the names that sources give them.")
app.add_typer(quarantine, name="quarantine")
app.add_typer(systems, name="systems")

System = Annotated[str, typer.Argument(help="The system, by any of its names.")]
Name = Annotated[str, typer.Argument(help="The further name.")]


class Differing(StrEnum):
    """What becomes of a value that differs from one whose run was recorded under other circumstances."""

    ask = "ask"
    revise = "revise"
    apart = "apart"


@app.command("import")
def import_(
    format: Annotated[
        str,
        typer.Argument(
            help="The name of a format, or auto.",
            autocompletion=lambda: _import_formats(),
            callback=lambda value: _import_format(value),
        ),
    ],
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files, folders, or a git repository.")],
    known_at: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it could have been known; today if left out.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="A source on record, by its id; else the file is one.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(exists=True, help="For generic: which column is what (YAML).")
    ] = None,
    within: Annotated[str, typer.Option(help="For git: only what lies below this path.")] = "",
    new_systems: Annotated[
        bool, typer.Option("--new-systems", help="Accept systems that the record does not know.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be stored; store nothing.")
    ] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Store the good rows, keep the others in quarantine.")
    ] = False,
    differing: Annotated[
        Differing, typer.Option(help="A value whose run was recorded under other circumstances than before.")
    ] = Differing.ask,
    json_: Json = False,
) -> None:
    """Import results from files: all or nothing, unless --lenient."""
    from scorecard.evidence.importing import plan
    from scorecard.evidence.storing import ImportRefused, commit

    store = Store()
    importer, settings = _chosen(format, mapping, within)
    plans = plan(
        store,
        paths,
        format,
        known_at=say_day(known_at),
        source=source,
        new_systems=new_systems,
        importer=importer,
        mapping=settings,
        differing=differing.value,
        look=dry_run,
        progress=_progress,
    )
    receipt, failed, fired = None, "", []
    if not dry_run:
        try:
            receipt = commit(store, plans, actor=this_machine(), lenient=lenient)
            fired = tripwires.check(store, day_or_today(None))
        except ImportRefused as refused:
            failed = str(refused)
    if json_:
        told = {
            "stored": receipt is not None,
            "added": receipt.added if receipt else 0,
            "fired": [one.words for one in fired],
        }
        print(json.dumps(told | {"files": [one.as_json() for one in plans]}, indent=1))
    else:
        for one in plans:
            print("\n".join(_lines(one)))
        if receipt is not None:
            print(f"stored: {receipt.added} rows added, {receipt.unchanged} unchanged")
            print("".join(f"a tripwire fired: {one.words}\n" for one in fired), end="")
        elif dry_run:
            print("dry run: nothing was stored")
    if failed:
        print(failed, file=sys.stderr)
        raise typer.Exit(1)


def _chosen(format: str, mapping: Path | None, within: str):  # type: ignore[no-untyped-def]  # heavy types, see below
    """An importer with its settings, where the format has some: (Importer or None, what to note of them)."""
    from dataclasses import replace
    from functools import partial

    from scorecard.evidence.importers import generic, git
    from scorecard.evidence.tables import Unreadable

    if mapping is not None:
        try:
            given = generic.load_mapping(mapping)
        except Unreadable as unreadable:
            raise StoreError(str(unreadable)) from None
        return generic.mapped(given), given
    if within:
        if format not in ("git", "auto"):
            raise typer.BadParameter("--within goes with git")
        return replace(git.IMPORTER, read=partial(git.within_folder, within=within)), {"within": within}
    return None, None


def _progress(done: int, total: int, what: str) -> None:
    if sys.stderr.isatty() and total > 1:
        print(
            f"\r{done}/{total} {what[:60]:60}", end="\n" if done == total else "", file=sys.stderr, flush=True
        )


def _lines(one: ImportPlan) -> list[str]:
    held = "attempts" if one.attempts is None else f"{one.attempts} attempts"
    absent = f", absent: {one.absent}" if one.absent else ""
    lines = [
        f"{one.file} ({one.importer.name}): {one.measurements} values, {held}{absent}, {one.refused} refused; "
        f"known on {one.known_at}, source {one.source or 'none'}"
    ]
    new = sum(change.before is None for change in one.changes)
    if one.changes or one.same:
        lines.append(f"  {new} new, {len(one.changes) - new} changed, {one.same} the same as known before")
    for change in [c for c in one.changes if c.before is not None][:10]:
        lines.append(
            f"  {change.indicator}, {change.system}: {change.before} ({change.before_vintage}) -> {change.after}"
        )
    lines += [f"  no longer in the file: {what}" for what in one.gone[:10]]
    lines += [f"  {note}" for note in one.notes]
    if one.unknown:
        names = ", ".join(sorted(one.unknown)[:8]) + (" ..." if len(one.unknown) > 8 else "")
        lines.append(f"  {len(one.unknown)} names of unknown systems: {names}")
    return lines + [f"  refused: {refusal}" for refusal in one.refusals[:10]]


@app.command()
def export(
    table: Annotated[
        str, typer.Option(help="A table of the record, or attempts.", autocompletion=lambda: _tables())
    ],
    format: Annotated[
        TableFormat | None, typer.Option(help="What it is written as; else the file's ending says, else csv.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; TABLE.FORMAT if left out.")] = None,
    as_of: AsOf = None,
) -> None:
    """Write one table of the record to a file, as it was known on a day."""
    from scorecard.evidence.export import TABLES, write

    if table not in TABLES:
        near = get_close_matches(table, TABLES, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else "."
        raise typer.BadParameter(f"there is no table {table!r}{meant} Tables: {', '.join(TABLES)}")
    formats: tuple[TableFormat, ...] = get_args(TableFormat)
    place = out or Path(f"{table}.{format or formats[0]}")
    file_to_write(place, *([f".{format}"] if format else (f".{one}" for one in formats)))
    chosen = next(one for one in formats if place.suffix == f".{one}")
    rows = write(Store(), table, chosen, place, as_of=say_day(as_of))
    print(f"{place}: {rows} rows")


def _tables() -> list[str]:
    from scorecard.evidence.export import TABLES

    return list(TABLES)


def _import_formats() -> list[str]:
    # From the importers' text: reading their formats takes Arrow, which a completion need not wait for.
    told = declarations(Path(str(evidence.__file__)).parent / "importers", "IMPORTER")
    return ["auto", *(str(given["name"]) for given in told.values())]


def _import_format(name: str) -> str:
    if name not in (known := _import_formats()):
        raise typer.BadParameter(
            f"there is no format {name!r}; there are {', '.join(known)}. A table of your own (CSV, Parquet) is read by "
            "generic with --mapping (docs/imports.md)"
        )
    return name


@quarantine.command("list")
def list_(json_: Json = False) -> None:
    """The refused rows that wait."""
    from scorecard.records import Held

    with Store().view() as now:
        waiting = now.all(Held, state="held")
    if json_:
        print_json(waiting)
        return
    for one in waiting:
        print(f"{one.id}  {one.file}, {one.place}, {one.field}: found {one.found}, expected {one.expected}")
    print(f"{len(waiting)} rows wait")


@quarantine.command("show")
def show_held(
    id: Annotated[str, typer.Argument(help="The refused row, by its id.")], json_: Json = False
) -> None:
    """One refused row with all its cells, and why it was refused."""
    from scorecard.records import Held

    with Store().view() as now:
        found = now.get(Held, id=id)
    print_record(found, json_)


@quarantine.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Which rows; all if left out.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Correct a field.")
    ] = None,
    json_: Json = False,
) -> None:
    """Read refused rows again, as they are or with corrected fields."""
    from scorecard.evidence.storing import replay as read_again

    corrections = pairs(set_ or (), "corrections")
    if corrections and not ids:
        raise typer.BadParameter("--set goes with the ids of the rows it corrects")
    stored, still = read_again(Store(), ids or [], actor=this_machine(), corrections=corrections)
    if json_:
        print(
            json.dumps(
                {"stored": len(stored), "still_refused": [str(refusal) for refusal in still]}, indent=1
            )
        )
        return
    for refusal in still:
        print(f"still refused: {refusal}")
    print(f"{len(stored)} rows stored, {len(still)} still refused")


@systems.command("list")
def list_systems(
    like: Annotated[str, typer.Argument(help="Only systems with a name like this.")] = "",
    aliases: Annotated[bool, typer.Option("--aliases", help="The aliases and merges that stand.")] = False,
    json_: Json = False,
) -> None:
    """The systems on record with their names."""
    from scorecard.evidence.names import Registry, folded
    from scorecard.records import Alias

    with Store().view() as now:
        registry, given = Registry.of(now), now.all(Alias, standing=True)
    if aliases:
        if json_:
            print_json(given)
            return
        for one in given:
            print(f"{one.name} -> {one.system} ({one.kind}, {one.author}: {one.reason})")
        return
    names: dict[str, list[str]] = {}
    for name, id in registry.ids.items():
        names.setdefault(id, []).append(name)
    shown = {id: found for id, found in names.items() if any(folded(like) in name for name in found)}
    if json_:
        print(json.dumps(shown, indent=1))
        return
    for id, found in shown.items():
        system = registry.systems[id]
        print(
            f"{id}: {system.name}, {system.developer}, {system.released_on}; {', '.join(sorted(set(found) - {id}))}"
        )


@systems.command("show")
def show_system(system: System, json_: Json = False) -> None:
    """One system: its names, its developer, its release."""
    from scorecard.evidence.names import Registry

    with Store().view() as now:
        registry = Registry.of(now)
    found = registry.find(system)
    if found is None:
        raise StoreError(f"no system is called {system!r}; `systems list` prints those on record")
    names = sorted({name for name, id in registry.ids.items() if id == found.id} - {found.id})
    told = plain(found) | {"names": names}
    print_json(told) if json_ else print_fields(told)


@systems.command()
def alias(system: System, name: Name, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Record a further name of a system."""
    from scorecard.evidence import names

    made = names.alias(Store(), system, name, actor=this_machine(by), reason=reason)
    _told(made, f"{name} is a name of {system}; `quarantine replay` reads what waited for it", json_)


@systems.command()
def merge(
    gone: Annotated[str, typer.Argument(help="The system whose names are to mean the other.")],
    into: Annotated[str, typer.Argument(help="The system that stays.")],
    reason: Reason,
    by: By = "",
    json_: Json = False,
) -> None:
    """Record that two systems are one; `systems undo NAME` takes it back."""
    from scorecard.evidence import names

    made = names.merge(Store(), gone, into, actor=this_machine(by), reason=reason)
    _told(made, f"every name of {gone} now means {into}", json_)


@systems.command()
def undo(name: Name, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Take back an alias or a merge."""
    from scorecard.evidence import names

    made = names.unname(Store(), name, actor=this_machine(by), reason=reason)
    _told(made, f"{name} is no alias any more", json_)


def _told(made: Receipt, line: str, json_: bool) -> None:
    print_json(made) if json_ else print(line)
