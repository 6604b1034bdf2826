"""Files that belong to the record but not in tables (draws, snapshots), named by what they contain."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex

from scorecard.store.engines.checkpoint import sync_folder
from scorecard.store.errors import StoreCorrupt, StoreError, StoreMissing


@dataclass(frozen=True, slots=True)
class Files:
    """A folder beside the store; a file's name begins with its sha256, so it cannot change unnoticed."""

    folder: Path

    def put(self, content: bytes, suffix: str) -> tuple[str, str]:
        """Store bytes and return (file name, sha256); the same bytes are stored once."""
        digest = sha256(content).hexdigest()
        name = f"{digest[:24]}{suffix}"
        target = self.folder / name
        if not target.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".part-{token_hex(8)}"
            with part.open("xb") as written:  # with the mode that the store's own file gets
                written.write(content)
                written.flush()
                os.fsync(written.fileno())
            part.replace(target)  # a reader sees the whole file or none
            sync_folder(self.folder)
        return name, digest

    def get(self, name: str, digest: str) -> bytes:
        """The bytes stored under a name; StoreMissing or StoreCorrupt when they are gone or changed."""
        path = self.folder / name
        if not path.exists():
            raise StoreMissing(
                f"{path} is missing; run the forecast again, or copy the folder that belongs to the store"
            )
        try:
            content = path.read_bytes()
        except PermissionError as error:
            raise StoreError(_locked(path)) from error
        if sha256(content).hexdigest() != digest:
            raise StoreCorrupt(f"{path} is not what was stored (its sha256 differs); run the forecast again")
        return content

    def adopt(self, part: Path, suffix: str) -> tuple[str, str]:
        """Move a file that was written elsewhere into the folder, as `put` does with bytes, however large it is."""
        digest = digest_of(part)
        name = f"{digest[:24]}{suffix}"
        self.folder.mkdir(parents=True, exist_ok=True)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(self.folder / name)
        sync_folder(self.folder)
        return name, digest

    def check(self, name: str, digest: str) -> None:
        """StoreMissing or StoreCorrupt when a file is gone or changed; reads it in pieces."""
        path = self.folder / name
        if not path.exists():
            raise StoreMissing(f"{path} is missing; copy the folder that belongs to the store")
        try:
            found = digest_of(path)
        except PermissionError as error:
            raise StoreError(_locked(path)) from error
        if found != digest:
            raise StoreCorrupt(f"{path} is not what was stored (its sha256 differs); put back a copy")


def _locked(path: Path) -> str:
    return (
        f"{path} cannot be read by this user, so it was not checked; ask its owner for the right to read it"
    )


def digest_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
