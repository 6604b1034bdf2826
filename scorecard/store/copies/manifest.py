"""What a backup is: a folder with the store's file, its files, and a manifest that says what they must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from scorecard.store.errors import StoreError, StoreMissing
from scorecard.words import moment_in_words

NAME = "manifest.json"
FORMAT = 1
STORE, FILES = "scorecard.duckdb", "scorecard.files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """When and why a backup was made, of which store, its last entry and head, and the sha256 of every file by name."""

    format: int
    made_at: str  # UTC, ISO
    reason: str
    address: str
    entry: int
    head: str
    files: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Put the manifest into a backup's folder; it is written last, so that what has one is whole."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False)
        (folder / NAME).write_text(f"{text}\n", encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that is there."""

    folder: Path
    manifest: Manifest

    @property
    def made_at(self) -> datetime:
        """When it was made, in UTC."""
        return datetime.fromisoformat(self.manifest.made_at)

    def __str__(self) -> str:
        made = self.manifest
        at = moment_in_words(self.made_at)
        return f"{self.folder}: entry {made.entry}, head {made.head[:12]}, {at}, {made.reason}"


def read_manifest(folder: Path) -> Backup:
    """The backup in a folder; StoreMissing or StoreError when there is none that this program can read."""
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        made = Manifest(**data)
    except FileNotFoundError:
        inside = sorted(one.parent.name for one in folder.glob(f"*/{NAME}"))
        hint = f"; give one of the folders in it, the newest is {inside[-1]}" if inside else ""
        raise StoreMissing(f"{folder} is no backup, it has no {NAME}{hint}") from None
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path} cannot be read as the manifest of a backup ({error})") from error
    if made.format > FORMAT:
        raise StoreError(f"{folder} was made by a newer version of the program; update it and try again")
    return Backup(folder=folder, manifest=made)
