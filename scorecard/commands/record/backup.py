"""backup, backups, restore: copies of the whole record, and putting one back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from scorecard.store import Store, StoreError
from scorecard.store.copies import keeping
from scorecard.store.copies.restoring import restore as put_back
from scorecard.terminal.options import Json
from scorecard.terminal.printing import print_json

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[
        Path, typer.Argument(help="Where the backup's own folder is made; best on another disk.")
    ],
    json_: Json = False,
) -> None:
    """Copy the whole record (file, log and artefacts) under one manifest, while others work."""
    made = Store().back_up(folder, "asked for")
    if json_:
        print_json({"folder": made.folder, **asdict(made.manifest)})
    else:
        print(made)


@app.command()
def backups(json_: Json = False) -> None:
    """The backups that the scorecard made by itself, before imports and migrations."""
    folder = keeping.folder_for(Store().path)
    found = keeping.listed(folder) if folder is not None else []
    if json_:
        print_json([{"folder": one.folder, **asdict(one.manifest)} for one in found])
        return
    for one in found:
        print(one)
    rule = f"kept are the last {keeping.LAST}, and the last of each day for {keeping.DAYS} days that had one"
    print(f"{folder or f'switched off ({keeping.PLACE})'}: {rule}", file=sys.stderr)


@app.command()
def restore(
    folder: Annotated[
        Path, typer.Argument(exists=True, help="A backup's folder, the one with manifest.json in it.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Although the store has entries that the backup does not.")
    ] = False,
    json_: Json = False,
) -> None:
    """Verify a backup and put it in the store's place; what is there now is backed up first."""
    store = Store()
    try:
        found = put_back(store, folder, replace=replace)
    except OSError as error:
        raise StoreError(f"the backup could not be put back ({error}); the store is as it was") from error
    if json_:
        print_json({"store": store.address, **asdict(found.manifest)})
        return
    print(f"{store.address}: restored to entry {found.manifest.entry}, head {found.manifest.head}")
