"""Takes a backup while others work: file and log are copied under the store's lock, the log folded into the copy after.

The files of the record are named by what they contain and only ever added, so those that the copied tables name are
all there, and can be copied without a lock.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import duckdb

from scorecard.store.copies.manifest import FILES, FORMAT, STORE, Backup, Manifest
from scorecard.store.engines import FileEngine, StoreEngine
from scorecard.store.engines.checkpoint import CONFIG, copy_with_log, fold, link_or_copy, sync_folder, synced
from scorecard.store.errors import StoreError
from scorecard.store.files import digest_of
from scorecard.store.rows import GENESIS


def backup(engine: StoreEngine, into: Path, *, reason: str, patience: float) -> Backup:
    """Copy the whole record into a new folder of its own below `into`, named by its moment and last entry.

    Nobody can write for as long as copying file and log takes. Raises StoreError for a record that is not one file, a
    folder inside the record, and a disk that is full or not ours; what `Engine.reading` raises.
    """
    if not isinstance(engine, FileEngine):
        raise StoreError(
            f"{engine.address} is not one file on this machine: back up its database with pg_dump and its folder "
            "after that (docs/lake.md)"
        )
    with _room(into, engine.path) as folder:
        with engine.reading(patience):
            copy_with_log(engine.path, folder / STORE)
        # Writers are in again; what is copied can be worked on in peace.
        return _finished(engine, folder, reason, link=False)


def backup_alone(engine: FileEngine, into: Path, *, reason: str) -> Backup:
    """The same for a caller that has the file to itself and changed nothing yet; files are linked, not copied."""
    with _room(into, engine.path) as folder:
        copy_with_log(engine.path, folder / STORE)
        return _finished(engine, folder, reason, link=True)


@contextmanager
def _room(into: Path, path: Path) -> Iterator[Path]:
    """A folder for a backup in the making, taken away again when it fails."""
    if into.resolve().is_relative_to(path.with_suffix(".files").resolve()):
        raise StoreError(f"{into} is inside the record itself; name a folder elsewhere, best on another disk")
    folder = into / f".backup-{token_hex(6)}"
    try:
        folder.mkdir(parents=True)
        yield folder
    except (OSError, duckdb.IOException) as error:
        raise StoreError(
            f"no backup could be made in {into} ({error}). Make room, allow this user to write there, or name "
            "another folder; the record itself was not touched"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a finished one has another name by now


def _finished(engine: FileEngine, folder: Path, reason: str, *, link: bool) -> Backup:
    """The backup, whole and on the disk, under its name."""
    entry, head = _folded(folder / STORE)
    (folder / FILES).mkdir()
    for one in sorted(engine.folder.glob("*")):
        if one.is_file() and not one.name.startswith("."):
            (link_or_copy if link else shutil.copyfile)(one, folder / FILES / one.name)
    files = {
        one.relative_to(folder).as_posix(): digest_of(one)
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }
    now = datetime.now(UTC)
    made = Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="microseconds"),
        reason=reason,
        address=engine.address,
        entry=entry,
        head=head,
        files=files,
    )
    made.write(folder)
    for one in (*folder.rglob("*"), folder):
        (sync_folder if one.is_dir() else synced)(one)
    target = folder.with_name(f"{now:%Y-%m-%dT%H%M%S.%fZ}-entry-{entry}")
    folder.replace(target)
    sync_folder(target.parent)
    return Backup(folder=target, manifest=made)


def _folded(copy: Path) -> tuple[int, str]:
    """Bring a copy's log into its file; its last entry and head."""
    fold(copy)
    with duckdb.connect(str(copy), read_only=True, config=dict(CONFIG)) as connection:
        try:
            last = connection.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
        except duckdb.CatalogException:  # a store without tables yet
            last = None
    return last or (0, GENESIS)
