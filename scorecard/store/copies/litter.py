"""Temporary files that killed processes left: taken away under the store's lock, when nobody can still be at them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from scorecard.store.copies.keeping import folder_for
from scorecard.store.engines.guard import guarded

# These are only made by who has the store to itself, which is the caller now.
OF_THE_LOCK = (".checkpoint-*",)
# These are made beside the lock, and somebody may be at them for as long as an import takes.
OF_ANYBODY = (".new-store-*", ".restore-*")
OF_FILES = (".part-*", ".import-*")
OF_BACKUPS = (".backup-*",)
A_DAY = 86_400.0


def sweep(path: Path, *, patience: float) -> list[Path]:
    """Take away what was left beside a store, among its files and its backups; what was taken away."""
    with guarded(path, write=True, deadline=time.monotonic() + patience) as alone:
        if not alone:
            return []
        gone = [*_found(path.parent, OF_THE_LOCK, older_than=0.0)]
        gone += _found(path.parent, OF_ANYBODY, older_than=A_DAY)
        gone += _found(path.with_suffix(".files"), OF_FILES, older_than=A_DAY)
        backups = folder_for(path)
        gone += _found(backups, OF_BACKUPS, older_than=A_DAY) if backups is not None else ()
        for one in gone:
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)
    return gone


def _found(folder: Path, patterns: tuple[str, ...], *, older_than: float) -> Iterator[Path]:
    before = time.time() - older_than
    for pattern in patterns:
        for one in folder.glob(pattern):
            try:
                if one.lstat().st_mtime <= before:
                    yield one
            except FileNotFoundError:  # somebody else was quicker
                continue
