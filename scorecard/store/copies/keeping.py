"""Backups that are made by themselves: where they are, and how long they are kept.

One is made before a migration changes a store and before an import. Kept are the last five, and the last of each day
on which there was one, for 14 such days; what a person made with `backup DIR` is never taken away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from scorecard.store.copies.manifest import NAME, Backup, read_manifest
from scorecard.store.errors import StoreError
from scorecard.words import moment_in_words

PLACE = "SCORECARD_BACKUPS"  # a folder; `off` for no backups by themselves
LAST, DAYS = 5, 14


def folder_for(path: Path) -> Path | None:
    """Where a store's own backups are: beside it, or below `SCORECARD_BACKUPS`; None when switched off."""
    named = os.environ.get(PLACE)
    if named == "off":
        return None
    return Path(named).expanduser() / path.stem if named else path.with_suffix(".backups")


def listed(folder: Path) -> list[Backup]:
    """The backups in a folder, oldest first; what is no backup is passed over."""
    found = []
    for one in sorted(folder.glob(f"*/{NAME}")):
        try:
            found.append(read_manifest(one.parent))
        except StoreError:
            continue
    return sorted(found, key=lambda one: one.made_at)


def superfluous(backups: Sequence[Backup]) -> list[Backup]:
    """Those, of backups oldest first, that the rule does not keep."""
    last_of_day = {one.made_at.date(): one for one in backups}
    days = sorted(last_of_day)[-DAYS:]
    kept = {one.folder for one in backups[-LAST:]} | {last_of_day[day].folder for day in days}
    return [one for one in backups if one.folder not in kept]


def tidy(folder: Path) -> list[Backup]:
    """Take away what the rule does not keep; what was taken away."""
    gone = superfluous(listed(folder))
    for one in gone:
        (one.folder / NAME).unlink(missing_ok=True)  # first, so that half a backup is never taken for one
        shutil.rmtree(one.folder, ignore_errors=True)
    return gone


def advice(path: Path) -> str:
    """Which backups there are to put back, for a message about a damaged store."""
    folder = folder_for(path)
    found = listed(folder) if folder is not None else []
    if not found:
        return "Put back a backup (`preparedness restore FOLDER`)"
    newest = found[-1]
    made = newest.manifest
    return (
        f"Put back a backup, of which there are {len(found)}: the newest is of entry {made.entry}, "
        f"{moment_in_words(newest.made_at)} (`preparedness restore {newest.folder}`)"
    )
