"""No write touches the store's file: the log takes it, and a checkpoint is a copy that takes the file's place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scorecard.records import Source
from scorecard.store import Store, StoreCorrupt, verify
from scorecard.store.engines import checkpoint as folding
from scorecard.store.engines.checkpoint import checkpoint, last_good, log_of
from tests.scorecard.examples import source
from tests.shared_stores import build_once, copy_store

PAGE, BLOCK = 4096, 262_144
HEADERS = 3 * PAGE


def add(store: Store, *names: str) -> None:
    for name in names:
        store.append([source(name)], action="write", actor="a test")


def names(store: Store) -> set[str]:
    with store.view() as now:
        return {one.id for one in now.all(Source)}


def fold_twice(store: Store) -> None:
    """One entry before the last checkpoint but one, one before the last, and one in the log."""
    store.prepare()
    add(store, "first")
    checkpoint(store.path)
    add(store, "second")
    checkpoint(store.path)
    add(store, "third")


@pytest.fixture
def folded(shared: Path, tmp_path: Path) -> Store:
    """A copy, made once for all tests here, of a store that was folded twice."""
    return copy_store(build_once(shared, "folded-twice", fold_twice), tmp_path)


def test_an_append_leaves_the_file_as_it_is(folded: Store) -> None:
    before = folded.path.read_bytes()
    add(folded, "fourth")
    names(folded)
    assert verify(folded).sound
    assert folded.path.read_bytes() == before
    assert log_of(folded.path).exists()


def test_a_long_log_is_folded_into_the_file(folded: Store) -> None:
    written = (f"many-{i}" for i in range(1000))
    folded.append([source(one) for one in written], action="write", actor="a test")
    assert not log_of(folded.path).exists()
    assert len(names(folded)) == 1003
    assert verify(folded).sound


def test_every_write_may_be_folded_at_once(folded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "LEAST_LOG", 0)
    monkeypatch.setattr(folding, "SHARE_OF_FILE", 0.0)
    add(folded, "fourth", "fifth")
    assert not log_of(folded.path).exists()
    assert names(folded) == {"first", "second", "third", "fourth", "fifth"}


def test_a_kill_between_the_rename_and_the_end_of_the_log_loses_nothing(folded: Store) -> None:
    left = log_of(folded.path).read_bytes()
    checkpoint(folded.path)
    log_of(folded.path).write_bytes(left)
    assert names(folded) == {"first", "second", "third"}
    assert not log_of(folded.path).exists()
    assert verify(folded).entries == 3


@pytest.mark.parametrize("pages", [1, 2, 4, 8, 32, 63])
def test_a_checkpoint_torn_in_place_is_mended_with_every_entry(
    folded: Store, pages: int, caplog: pytest.LogCaptureFixture
) -> None:
    """As when another program, or a version of this one from before, checkpoints in place and is killed."""
    (folded.path.parent / "elsewhere").mkdir()  # a store without the third entry, which no witness misses
    folded = Store(shutil.copy(folded.path, folded.path.parent / "elsewhere"))
    shutil.copytree(folded.path.parents[1] / "scorecard.files", folded.files.folder)
    kept = last_good(folded.path) / folded.path.name
    old, new = kept.read_bytes(), folded.path.read_bytes()
    end = HEADERS + pages * PAGE
    torn = old[:HEADERS] + new[HEADERS:end] + old[end:]
    folded.path.write_bytes(torn)
    shutil.copy(log_of(kept), log_of(folded.path))
    found = verify(folded)
    assert (found.sound, found.entries) == (True, 2)
    assert names(folded) == {"first", "second"}
    damaged = [one.read_bytes() for one in folded.path.parent.glob("scorecard.duckdb.damaged-*[0-9]")]
    assert damaged == ([torn] if "made anew from the last good copy" in caplog.text else [])
    assert pages > 1 or damaged


def test_any_block_that_is_spoilt_is_mended_or_never_read(folded: Store) -> None:
    whole = folded.path.read_bytes()
    home = folded.path.parent
    for start in range(HEADERS, len(whole), BLOCK):
        place = home / f"at-{start}"
        place.mkdir()
        shutil.copytree(folded.files.folder, place / folded.files.folder.name)
        shutil.copy(log_of(folded.path), place / log_of(folded.path).name)
        spoilt = Store(place / folded.path.name)
        spoilt.path.write_bytes(whole[:start] + b"\xff" * PAGE + whole[start + PAGE :])
        assert verify(spoilt).sound, start
        assert names(spoilt) == {"first", "second", "third"}


def test_without_a_last_good_copy_the_damage_is_said_and_nothing_is_changed(folded: Store) -> None:
    shutil.rmtree(last_good(folded.path))
    spoilt = folded.path.read_bytes()[:HEADERS] + b"\xff" * BLOCK
    folded.path.write_bytes(spoilt)
    with pytest.raises(StoreCorrupt, match="cannot be read as a store"):
        names(folded)
    assert folded.path.read_bytes() == spoilt


def test_a_copy_put_back_beside_the_log_of_today_is_asked_about(folded: Store) -> None:
    """Only a person knows which of the two counts."""
    older = (last_good(folded.path) / folded.path.name).read_bytes()
    folded.path.write_bytes(older)
    with pytest.raises(StoreCorrupt, match=r"move the \.wal file away"):
        names(folded)
    assert folded.path.read_bytes() == older
