"""A store's file that is damaged, out of reach, or on a full disk: a sentence each, and nothing altered."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from scorecard.records import Source
from scorecard.store import Store, StoreCorrupt, StoreError, StoreMissing, StoreOutdated, verify
from scorecard.store.engines.checkpoint import checkpoint
from scorecard.store.engines.connection import connected
from scorecard.store.engines.faults import in_our_words
from tests.scorecard.examples import FACTS, source
from tests.scorecard.store.workers import PROCESSES, write_on_a_full_disk, write_without_permission


def look(store: Store) -> None:
    with store.view() as now:
        for record in FACTS:
            now.all(type(record))


def write(store: Store) -> None:
    store.append([source("fresh")], action="write", actor="a test")


USES: tuple[Callable[[Store], object], ...] = (look, write, verify, Store.prepare)


def damages(whole: bytes) -> dict[str, bytes]:
    """Ways in which a file is no longer a store."""
    return {
        "garbage": b"this is not a store\n" * 5000,
        "one byte": b"x",
        "empty": b"",
        "zeros": bytes(len(whole)),
        "the head only": whole[:4096],
        "cut to a quarter": whole[: len(whole) // 4],
        "a spoilt head": whole[:8] + b"XXXX" + whole[12:],
        "spoilt in the middle": whole[:12288] + b"\xff" * (len(whole) - 2 * 12288) + whole[-12288:],
    }


@pytest.mark.parametrize("damage", damages(b""))
@pytest.mark.parametrize("use", USES[:3])
def test_a_damaged_file_is_a_sentence_and_stays_as_it_is(
    store: Store, damage: str, use: Callable[[Store], object]
) -> None:
    spoilt = damages(store.path.read_bytes())[damage]
    store.path.write_bytes(spoilt)
    with pytest.raises(StoreCorrupt, match=re.escape(f"{store.path} cannot be read as a store")) as caught:
        use(store)
    assert "Put back a backup" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert store.path.read_bytes() == spoilt
    lock = f"{store.path.name}.lock"
    assert {path.name for path in store.path.parent.iterdir()} == {store.path.name, lock}


@pytest.mark.parametrize("damage", damages(b""))
def test_preparing_reads_little_but_alters_no_damaged_file(store: Store, damage: str) -> None:
    spoilt = damages(store.path.read_bytes())[damage]
    store.path.write_bytes(spoilt)
    with suppress(StoreCorrupt):
        store.prepare()
    assert store.path.read_bytes() == spoilt


def test_a_file_cut_off_near_its_end_is_noticed_by_verify(store: Store) -> None:
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(StoreCorrupt, match="Put back a backup"):
        verify(store)


@pytest.mark.parametrize("use", USES)
def test_a_folder_where_the_file_should_be(tmp_path: Path, use: Callable[[Store], object]) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    store.path.mkdir()
    with pytest.raises(StoreError, match=r"Is a directory.*SCORECARD_STORE"):
        use(store)
    assert list(store.path.iterdir()) == []


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    store = Store(tmp_path / "data" / "scorecard.duckdb")
    with pytest.raises(StoreMissing):
        look(store)
    with pytest.raises(StoreError, match=r"cannot be used.*SCORECARD_STORE"):
        write(store)
    assert (tmp_path / "data").read_text(encoding="utf-8") == "a file"


# ---- the log of last changes that a killed process leaves beside the file --------------------------


@pytest.fixture
def left_behind(made: dict[str, Path], tmp_path: Path) -> Store:
    """A store as a killed writer leaves it: its last append is in the .wal file only."""
    busy, left = Store(tmp_path / "busy.duckdb"), Store(tmp_path / "left.duckdb")
    shutil.copy(made["empty"], busy.path)
    with connected(busy.path, write=True, patience=1) as held:
        other = held.cursor()  # keeps the file open, so that the append below is not folded into it
        busy.append([source("last")], action="write", actor="a test")
        for end in ("", ".wal"):
            shutil.copy(f"{busy.path}{end}", f"{left.path}{end}")
        other.close()
    return left


def wal(store: Store) -> Path:
    return Path(f"{store.path}.wal")


def test_what_a_killed_writer_left_is_read(left_behind: Store) -> None:
    with left_behind.view() as now:
        assert now.get(Source, id="last")
    assert verify(left_behind).sound


@pytest.mark.parametrize("use", USES)
def test_a_log_of_another_store_is_refused_and_both_stay(
    left_behind: Store, use: Callable[[Store], object]
) -> None:
    """As after putting back an older copy of the file only."""
    older = wal(left_behind).read_bytes()
    for name in ("one", "two"):
        left_behind.append([source(name)], action="write", actor="a test")
        checkpoint(left_behind.path)
    wal(left_behind).write_bytes(older)
    before = left_behind.path.read_bytes()
    with pytest.raises(StoreCorrupt, match=r"\.wal, which holds the last changes, does not fit left\.duckdb"):
        use(left_behind)
    assert (left_behind.path.read_bytes(), wal(left_behind).read_bytes()) == (before, older)


def test_a_spoilt_log_is_refused_and_both_stay(left_behind: Store) -> None:
    spoilt = bytearray(wal(left_behind).read_bytes())
    spoilt[len(spoilt) // 2] ^= 0xFF
    wal(left_behind).write_bytes(bytes(spoilt))
    before = left_behind.path.read_bytes()
    for use in USES:
        with pytest.raises(StoreCorrupt, match=r"move the \.wal file away"):
            use(left_behind)
    assert (left_behind.path.read_bytes(), wal(left_behind).read_bytes()) == (before, bytes(spoilt))


# ---- a disk that refuses --------------------------------------------------------------------------


@pytest.fixture
def common() -> Iterator[Path]:
    """A folder that any user of this machine can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def told(target: Callable[..., None], *arguments: object) -> str:
    """What a process was told when it wrote."""
    ear, mouth = PROCESSES.Pipe(duplex=False)
    worker = PROCESSES.Process(target=target, args=(arguments[0], mouth, *arguments[1:]))
    worker.start()
    mouth.close()
    said = str(ear.recv())
    worker.join(30)
    assert worker.exitcode == 0
    return said


def test_a_folder_that_may_not_be_written_in(common: Path) -> None:
    common.chmod(0o555)
    said = told(write_without_permission, common / "scorecard.duckdb")
    assert re.search(r"cannot be used: .*Permission denied.*allow this user to write", said)
    assert list(common.iterdir()) == []


def test_a_file_that_may_not_be_written_to(common: Path) -> None:
    store = Store(common / "scorecard.duckdb")
    write(store)
    before = store.path.read_bytes()
    store.path.chmod(0o444)
    common.chmod(0o555)
    said = told(write_without_permission, store.path)
    assert re.search(r"cannot be used: .*Permission denied.*allow this user to write", said)
    assert store.path.read_bytes() == before


def test_a_full_disk_loses_nothing_that_was_stored(store: Store) -> None:
    limit = store.path.stat().st_size + 100_000
    said = told(write_on_a_full_disk, store.path, limit)
    assert re.search("cannot be used: .*Nothing was stored. Make room", said)
    with store.view() as now:
        assert len(now.log()) == 1
        assert len(now.all(Source)) == 1
    assert verify(store).sound
    write(store)


def test_no_room_for_a_new_store_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "scorecard.duckdb"
    said = told(write_on_a_full_disk, path, 8000)
    assert "Make room" in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_newer_duckdb_asks_for_an_update(tmp_path: Path) -> None:
    """In the words of DuckDB 1.5.5 asked to open a file of 2.0.0."""
    error = duckdb.IOException(
        "Trying to read a database file with version number 999, but we can only read versions between 64 and 68."
    )
    assert isinstance(in_our_words(tmp_path, error), StoreOutdated)


def test_a_fault_that_is_not_the_files_is_not_blamed_on_it(store: Store) -> None:
    with pytest.raises(duckdb.ParserException), connected(store.path, write=False, patience=1) as connection:
        connection.execute("SELEC 1")
