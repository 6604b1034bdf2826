"""Puts a backup back in the place of a store: proved first, and what it replaces is kept as a backup of its own."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from secrets import token_hex

import duckdb

from scorecard.store.copies.keeping import folder_for
from scorecard.store.copies.manifest import FILES, NAME, STORE, Backup, read_manifest
from scorecard.store.copies.taking import backup
from scorecard.store.engines import FileEngine
from scorecard.store.engines.checkpoint import checkpoint, last_good, log_of, sync_folder, synced
from scorecard.store.engines.guard import guarded
from scorecard.store.errors import StoreBusy, StoreCorrupt, StoreError
from scorecard.store.files import digest_of
from scorecard.store.migrate import migrate
from scorecard.store.store import Store
from scorecard.store.verify import verify


def restore(store: Store, folder: Path, *, replace: bool = False) -> Backup:
    """Put a backup in the store's place and return it; the store as it was is backed up first, where it can be read.

    The backup's files are compared with its manifest and its record verified before anything is touched. Raises
    StoreError for a store that holds entries which the backup lacks, unless `replace` says that they may go.
    """
    if not isinstance(store.engine, FileEngine):
        raise StoreError(
            f"{store.address} is not one file on this machine: restore its database with pg_restore and its folder "
            "(docs/lake.md)"
        )
    path = store.path
    found = read_manifest(folder)
    check_backup(found)
    path.parent.mkdir(parents=True, exist_ok=True)
    place = path.parent / f".restore-{token_hex(6)}"
    place.mkdir()
    try:
        new = place / STORE
        heads = _proven(found, place)
        shutil.copyfile(found.folder / STORE, new)
        synced(new)
        if path.exists():
            _keep(store, found, heads, replace=replace)
        store.files.folder.mkdir(parents=True, exist_ok=True)
        for one in sorted((found.folder / FILES).iterdir()):
            part = place / one.name
            shutil.copyfile(one, part)
            synced(part)
            part.replace(store.files.folder / one.name)
        sync_folder(store.files.folder)
        _exchange(store, new)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return found


def check_backup(backup: Backup) -> None:
    """StoreCorrupt when a file of a backup is gone, was changed, or was added."""
    there = {
        one.relative_to(backup.folder).as_posix() for one in backup.folder.rglob("*") if one.is_file()
    } - {NAME}
    named = backup.manifest.files
    faults = [f"{name} is missing" for name in sorted(named.keys() - there)]
    faults += [f"{name} is not in the manifest" for name in sorted(there - named.keys())]
    faults += [
        f"{name} is not what was backed up (its sha256 differs)"
        for name in sorted(named.keys() & there)
        if digest_of(backup.folder / name) != named[name]
    ]
    if faults:
        raise StoreCorrupt(
            f"the backup {backup.folder} is damaged: {'; '.join(faults[:5])}. Nothing was changed; use another one"
        )


def _proven(found: Backup, place: Path) -> set[str]:
    """Every head of a backup's record, which is sound and ends with the one that its manifest names."""
    trial = Store(place / "trial.duckdb")
    shutil.copyfile(found.folder / STORE, trial.path)
    shutil.copytree(found.folder / FILES, trial.files.folder)
    trial.engine.writing(
        _brought_up_to_date, trial.patience
    )  # a copy of an older program's store is a good one
    result = verify(trial)
    faults = list(result.faults)
    if result.head != found.manifest.head:
        faults.append(f"its head is {result.head[:12]}, the manifest says {found.manifest.head[:12]}")
    if faults:
        raise StoreCorrupt(
            f"the backup {found.folder} is not sound: {'; '.join(faults[:5])}. Nothing was changed; use another one"
        )
    with trial.view() as now:
        heads = {entry.hash for entry in now.log()}
    shutil.rmtree(trial.files.folder)
    trial.path.unlink()
    return heads


def _brought_up_to_date(connection: duckdb.DuckDBPyConnection) -> None:
    migrate(connection)


def _keep(store: Store, found: Backup, heads: set[str], *, replace: bool) -> None:
    """Back up what is about to be replaced, and refuse when that would lose entries that nobody said may go."""
    assert isinstance(store.engine, FileEngine)
    try:
        with store.engine.reading(store.patience) as connection:
            ours = {head for (head,) in connection.execute("SELECT hash FROM log").fetchall()}
    except duckdb.CatalogException:
        ours = set()
    except StoreCorrupt:
        return  # it cannot be read; _exchange puts it aside as it is
    beyond = len(ours - heads)
    if beyond and not replace:
        raise StoreError(
            f"{store.address} holds {beyond} entries that the backup of entry {found.manifest.entry} does not; nothing "
            "was changed. To go back all the same, say --replace: what is there now is backed up first"
        )
    into = folder_for(store.path) or store.path.with_suffix(".backups")
    backup(store.engine, into, reason="before a restore", patience=store.patience)


def _exchange(store: Store, new: Path) -> None:
    """The new file takes the old one's place in one step; a store that cannot be read is put aside with its log."""
    path = store.path
    with guarded(path, write=True, deadline=time.monotonic() + store.patience) as alone:
        if not alone:
            raise StoreBusy(f"{path} has been in use for {store.patience:g} s; wait, and restore again")
        if path.exists():
            try:
                checkpoint(path)  # so that no log of the old file lies beside the new one
            except duckdb.Error:
                aside = path.with_name(f"{path.name}.damaged-{token_hex(4)}")
                if log_of(path).exists():
                    log_of(path).replace(log_of(aside))
                path.replace(aside)
        new.replace(path)
        log_of(path).unlink(missing_ok=True)
        sync_folder(path.parent)
        shutil.rmtree(last_good(path), ignore_errors=True)  # it is of another time than the file now
