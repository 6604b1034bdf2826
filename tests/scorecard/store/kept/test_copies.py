"""Backups are whole whatever happens beside them, are proved before they are put back, and are kept by a rule."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from scorecard.records import Source
from scorecard.store import Store, StoreCorrupt, StoreError, StoreMissing, verify
from scorecard.store.copies import keeping, litter
from scorecard.store.copies.manifest import FILES, FORMAT, NAME, STORE, Backup, Manifest, read_manifest
from scorecard.store.copies.restoring import check_backup, restore
from scorecard.store.migrate import FOLDER, migrate
from tests.scorecard.examples import run, source
from tests.scorecard.store.workers import PROCESSES, append_batches


def names(store: Store) -> set[str]:
    with store.view() as now:
        return {one.id for one in now.all(Source)}


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a file of draws, and entries in its log alone."""
    name, digest = store.files.put(b"the draws of a forecast", ".parquet")
    store.append([run(draws=name, draws_sha256=digest)], action="forecast", actor="a test")
    return store


def test_a_backup_restores_somewhere_else_to_the_very_head(filled: Store, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "copies", "asked for")
    assert read_manifest(made.folder) == made
    before = verify(filled)
    elsewhere = Store(tmp_path / "another machine" / "record.duckdb")
    restore(elsewhere, made.folder)
    after = verify(elsewhere)
    assert (after.sound, after.files) == (True, 1)
    assert after.head == before.head == made.manifest.head
    assert made.manifest.entry == before.entries
    assert names(elsewhere) == names(filled)
    assert not list(elsewhere.path.parent.glob(".restore-*"))


@pytest.mark.parametrize(("batches", "copies"), [(3, 2), pytest.param(6, 3, marks=pytest.mark.slow)])
def test_a_backup_under_three_writers_is_whole(
    empty: Store, tmp_path: Path, batches: int, copies: int
) -> None:
    """Each of the batches is in the backup whole or not at all, and all that were acknowledged before it are."""
    workers, told = [], []
    for name in ("a", "b", "c"):
        ear, mouth = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=append_batches, args=(empty.path, mouth, batches, 20, f"{name}-"))
        worker.start()
        mouth.close()
        workers.append(worker)
        told.append((name, ear))
    acknowledged: set[str] = set()
    backups = []
    for _ in range(copies):
        for name, ear in told:
            if ear.poll(20) and isinstance(batch := ear.recv(), int):
                acknowledged.add(f"{name}-{batch}-0")
        backups.append((set(acknowledged), empty.back_up(tmp_path / "copies", "a test")))
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    for number, (expected, made) in enumerate(backups):
        elsewhere = Store(tmp_path / f"restored-{number}" / "s.duckdb")
        restore(elsewhere, made.folder)
        assert verify(elsewhere, since=[str(made.folder / NAME)]).sound
        assert expected <= names(elsewhere)
        assert len(names(elsewhere)) % 20 == 0
        assert verify(empty, since=[str(made.folder / NAME)]).sound, "the writers' record went on from it"


@pytest.mark.parametrize("harm", ["changed", "gone", "added", "head"])
def test_a_backup_that_is_not_what_it_was_is_refused_and_nothing_is_touched(
    filled: Store, tmp_path: Path, harm: str
) -> None:
    made = filled.back_up(tmp_path / "copies", "asked for")
    (draws,) = (made.folder / FILES).iterdir()
    if harm == "changed":
        draws.write_bytes(b"other draws")
    elif harm == "gone":
        draws.unlink()
    elif harm == "added":
        (made.folder / "more").touch()
    else:
        Manifest(**{**{n: getattr(made.manifest, n) for n in Manifest.__slots__}, "head": "f" * 64}).write(
            made.folder
        )
    before = filled.stamp()
    with pytest.raises(StoreCorrupt, match="Nothing was changed"):
        restore(filled, made.folder)
    assert filled.stamp() == before


def test_entries_that_the_backup_lacks_go_only_when_that_is_said(filled: Store, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "copies", "asked for")
    filled.append([source("later")], action="write", actor="a test")
    with pytest.raises(StoreError, match=r"holds 1 entries that the backup .* --replace"):
        restore(filled, made.folder)
    assert "later" in names(filled)
    restore(filled, made.folder, replace=True)
    assert "later" not in names(filled)
    (fault,) = verify(filled).faults
    assert "an older one was put in its place" in fault, "the witness saw it"
    folder = keeping.folder_for(filled.path)
    assert folder is not None
    (kept,) = keeping.listed(folder)
    assert kept.manifest.reason == "before a restore"
    restore(filled, kept.folder)
    assert "later" in names(filled)
    assert verify(filled).sound


def test_a_store_that_cannot_be_read_is_put_aside(filled: Store, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "copies", "asked for")
    filled.path.write_bytes(b"no database" * 1000)
    restore(filled, made.folder)
    assert verify(filled).sound
    assert b"no database" in [one.read_bytes()[:11] for one in filled.path.parent.glob("*.damaged-*")]


def test_damage_is_answered_with_the_backups_there_are(filled: Store) -> None:
    made = filled.back_up_by_itself("before an import")
    assert made is not None
    filled.path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreCorrupt) as caught:
        names(filled)
    assert f"preparedness restore {made.folder}" in str(caught.value)
    assert "scorecard.duckdb.wal beside it, and the folder scorecard.files" in str(caught.value)


def test_what_is_no_backup_says_so(tmp_path: Path, filled: Store) -> None:
    made = filled.back_up(tmp_path / "copies", "asked for")
    with pytest.raises(
        StoreMissing, match=f"give one of the folders in it, the newest is {made.folder.name}"
    ):
        restore(filled, tmp_path / "copies")
    (made.folder / NAME).write_text("{}")
    with pytest.raises(StoreError, match="cannot be read as the manifest"):
        read_manifest(made.folder)


def test_no_backup_inside_the_record(filled: Store) -> None:
    with pytest.raises(StoreError, match="inside the record itself"):
        filled.back_up(filled.files.folder / "copies", "asked for")


# ---- by itself, and how long it is kept ----------------------------------------------------------


def test_a_migration_that_changes_a_store_backs_it_up_first(tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for number, one in enumerate(sorted(FOLDER.glob("*.sql"))):
        if number < 12:
            shutil.copy(one, older)
    path = tmp_path / "s.duckdb"
    connection = duckdb.connect(str(path))
    migrate(connection, older)
    connection.close()
    store = Store(path)
    store.prepare()
    folder = keeping.folder_for(path)
    assert folder is not None
    (made,) = keeping.listed(folder)
    assert made.manifest.reason == "before 0013_assumptions.sql"
    check_backup(made)
    store.prepare()
    assert len(keeping.listed(folder)) == 1, "what changes nothing needs none"
    elsewhere = Store(tmp_path / "elsewhere" / "s.duckdb")
    restore(elsewhere, made.folder)
    elsewhere.prepare()
    assert verify(elsewhere).sound


def made_on(days: list[float], tmp_path: Path) -> list[Backup]:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    found = []
    for number, ago in enumerate(days):
        at = now - timedelta(days=ago)
        made = Manifest(
            format=FORMAT,
            made_at=at.isoformat(),
            reason="",
            address="",
            entry=number,
            head="0" * 64,
            files={},
        )
        folder = tmp_path / f"{at:%Y-%m-%dT%H%M%S}"
        folder.mkdir()
        made.write(folder)
        found.append(Backup(folder=folder, manifest=made))
    return found


def test_kept_are_the_last_five_and_one_a_day_for_fourteen_days(tmp_path: Path) -> None:
    hours = [n / 24 for n in range(8)]  # eight of one day, then two a day for twenty days
    twice = [day + part for day in range(1, 21) for part in (0.0, 0.2)]
    made_on([*hours, *twice], tmp_path)
    gone = keeping.tidy(tmp_path)
    kept = keeping.listed(tmp_path)
    assert len(gone) + len(kept) == 48
    assert len(kept) == 5 + 13
    assert keeping.tidy(tmp_path) == []
    assert not any(one.folder.exists() for one in gone)


def test_backups_by_themselves_can_be_switched_off(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keeping.PLACE, "off")
    assert filled.back_up_by_itself("before an import") is None


# ---- litter and modes ----------------------------------------------------------------------------


def test_what_kills_left_is_swept_and_what_may_be_in_use_is_not(filled: Store) -> None:
    home, files = filled.path.parent, filled.files.folder
    old = [files / ".part-1", files / ".import-x", home / ".new-store-x", home / ".restore-x"]
    new = [files / ".part-2", home / ".new-store-y"]
    locked = home / ".checkpoint-z"
    for one in (*old, *new, locked):
        if one.name.startswith(".part"):
            one.touch()
        else:
            one.mkdir()
            (one / "half.parquet").touch()
    for one in old:
        stamp = one.stat().st_mtime - 2 * litter.A_DAY
        os.utime(one, (stamp, stamp))
    filled.prepare()
    assert not any(one.exists() for one in (*old, locked))
    assert all(one.exists() for one in new)
    assert verify(filled).sound


def test_the_record_has_one_mode(filled: Store, tmp_path: Path) -> None:
    """So that a colleague who may read the store can also verify it."""
    made = filled.back_up(tmp_path / "copies", "asked for")
    (draws,) = (one for one in filled.files.folder.iterdir() if one.is_file())
    fresh = tmp_path / "fresh"
    fresh.touch()
    expected = stat.S_IMODE(fresh.stat().st_mode)
    found = {
        one.name: stat.S_IMODE(one.stat().st_mode) for one in (draws, made.folder / STORE, made.folder / NAME)
    }
    assert set(found.values()) == {expected}, found
