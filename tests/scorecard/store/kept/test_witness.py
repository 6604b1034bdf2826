"""A head noted outside the store finds what no hash inside it can: a cut, a rollback and a rewrite as a whole."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from scorecard.records import RECORDS, LogEntry, Record
from scorecard.store import Store, StoreError, verify, witness
from scorecard.store.engines.checkpoint import log_of
from scorecard.store.rows import chain_hash, columns, content_hash, from_row, row_hash, to_row
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import source
from tests.scorecard.store.tamper import tamper
from tests.shared_stores import copy_store


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "elsewhere" / "witness"
    monkeypatch.setenv(witness.PLACE, str(folder))
    return folder


def add_five(store: Store) -> None:
    for number in range(5):
        store.append([source(f"later-{number}")], action="write", actor="the chair")


def add_five_with_notes(store: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(witness.PLACE, str(store.path.parent / "noted"))
        add_five(store)


@pytest.fixture
def witnessed(notes: Path, prepared: Prepared, tmp_path: Path) -> Store:
    """A store with five entries whose heads are noted, after the one that was there before; a copy of one made once.

    The notes are filed by the store's address, so that those of the copied store move to where the copy's would be.
    """
    store = copy_store(prepared("five-noted", add_five_with_notes), tmp_path)
    own = witness.file_of(store.address)
    assert own is not None
    notes.mkdir(parents=True)
    (noted,) = (tmp_path / "noted").iterdir()
    noted.rename(own)
    return store


def rewritten(path: Path, *statements: str, shift: timedelta = timedelta()) -> None:
    """What somebody with this program can do: change rows, then make every hash anew with our own functions."""
    tamper(path, *statements)
    db = duckdb.connect(str(path))
    digests: dict[int, list[tuple[int, str]]] = {}
    for cls in RECORDS:
        names = columns(cls)
        rows = db.execute(f"SELECT seq, row_no, {', '.join(names)} FROM {cls.TABLE}").fetchall()
        for seq, place, *values in rows:
            record: Record = from_row(cls, dict(zip(names, values, strict=True)))
            digest = row_hash(cls.TABLE, to_row(record))
            digests.setdefault(seq, []).append((place, digest))
            db.execute(
                f"UPDATE {cls.TABLE} SET row_hash = ?, recorded_at = recorded_at + ? WHERE seq = ? AND row_no = ?",
                [digest, shift, seq, place],
            )
    head = "0" * 64
    names = tuple(LogEntry.__dataclass_fields__)
    for found in db.execute(f"SELECT {', '.join(names)} FROM log ORDER BY seq").fetchall():
        entry = dict(zip(names, found, strict=True))
        entry["recorded_at"] += shift
        entry["content"] = content_hash([digest for _, digest in sorted(digests[entry["seq"]])])
        entry["previous"] = head
        entry["hash"] = head = chain_hash(entry)
        db.execute(
            "UPDATE log SET recorded_at = ?, content = ?, previous = ?, hash = ? WHERE seq = ?",
            [entry[name] for name in ("recorded_at", "content", "previous", "hash", "seq")],
        )
    db.close()


def test_each_append_notes_its_head_by_itself(store: Store, notes: Path) -> None:
    add_five(store)
    (file,) = notes.iterdir()
    assert file == witness.file_of(store.address)
    with store.view() as now:
        heads = [(entry.seq, entry.hash) for entry in now.log()[1:]]
    assert [(one.entry, one.head) for one in witness.noted_in(str(file))] == heads
    assert verify(store, since=[str(file)]).sound
    store.append([source("later-0")], action="write", actor="the chair")
    assert len(file.read_text().splitlines()) == 5, "what stored nothing has no head to note"


def test_the_witness_of_its_own_is_asked_without_being_named(witnessed: Store) -> None:
    assert verify(witnessed).witnessed == 5
    tamper(witnessed.path, "DELETE FROM log WHERE seq = 6", "DELETE FROM sources WHERE seq = 6")
    (fault,) = verify(witnessed).faults
    assert "of entry 6" in fault
    assert "this record ends at entry 5: it was cut off" in fault


@pytest.mark.parametrize(
    ("statement", "days"),
    [
        ("UPDATE sources SET title = 'Another' WHERE id = 'later-2'", 0),
        ("UPDATE measurements SET value = value * 2", 0),
        ("UPDATE log SET actor = 'nobody', identity = 'signed in with single sign-on' WHERE seq = 4", 0),
        ("UPDATE systems SET note = 'another'", -60),
    ],
)
def test_a_rewrite_with_every_hash_made_anew_is_found(
    witnessed: Store, notes: Path, statement: str, days: int
) -> None:
    (file,) = notes.iterdir()
    noted = file.read_text()
    rewritten(witnessed.path, statement, shift=timedelta(days=days))
    file.unlink()
    assert verify(witnessed).sound, "it is consistent in itself"
    file.write_text(noted)
    found = verify(witnessed, since=[str(file)])
    assert not found.sound
    assert all("never had that head" in fault for fault in found.faults)
    last = noted.split()[-1]
    for typed in (last, last[:12], f"6:{last}"):
        assert not verify(witnessed, since=[typed]).sound


def test_the_last_five_cut_off_are_found(witnessed: Store, notes: Path) -> None:
    (file,) = notes.iterdir()
    tamper(witnessed.path, "DELETE FROM log WHERE seq > 1", "DELETE FROM sources WHERE seq > 1")
    found = verify(witnessed, since=[str(file)])
    assert len(found.faults) == 5


def test_an_older_store_put_back_is_found(witnessed: Store, notes: Path) -> None:
    older = witnessed.path.with_name("older.duckdb")
    shutil.copy(witnessed.path, older)
    if log_of(witnessed.path).exists():
        shutil.copy(log_of(witnessed.path), log_of(older))
    witnessed.append([source("newest")], action="decide", actor="the chair")
    for one, name in ((older, witnessed.path), (log_of(older), log_of(witnessed.path))):
        if one.exists():
            shutil.copy(one, name)
        else:
            name.unlink(missing_ok=True)
    (file,) = notes.iterdir()
    (fault,) = verify(witnessed, since=[str(file)]).faults
    assert "an older one was put in its place" in fault


def test_a_head_in_minutes_or_a_manifest_is_read(witnessed: Store, tmp_path: Path) -> None:
    with witnessed.view() as now:
        last = now.log()[-1]
    minutes, manifest = tmp_path / "minutes.md", tmp_path / "manifest.json"
    minutes.write_text(f"Closed. Record at entry {last.seq}, head {last.hash}.\n")
    manifest.write_text(json.dumps({"entry": last.seq, "head": last.hash}))
    for file in (minutes, manifest):
        ((entry, head),) = [(one.entry, one.head) for one in witness.noted_in(str(file))]
        assert (entry, head) == (last.seq, last.hash)
    minutes.write_text("Nothing here.")
    with pytest.raises(StoreError, match="holds no head"):
        verify(witnessed, since=[str(minutes)])
    with pytest.raises(StoreError, match="neither a head"):
        verify(witnessed, since=[str(tmp_path / "none")])


def test_a_head_under_the_wrong_number_is_none_of_ours(witnessed: Store) -> None:
    head = verify(witnessed).head
    assert verify(witnessed, since=[f"6:{head}"]).sound
    assert not verify(witnessed, since=[f"4:{head}"]).sound


def test_a_witness_that_cannot_be_written_warns_and_the_act_is_stored(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv(witness.PLACE, str(tmp_path / "a file" / "below"))
    with caplog.at_level(logging.WARNING):
        for number in range(2):
            assert store.append([source(f"more-{number}")], action="write", actor="the chair").added == 1
    (said,) = [one.message for one in caplog.records]
    assert said.startswith("entry 2 is stored, but its head could not be noted in")


def test_it_can_be_switched_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(witness.PLACE, "off")
    assert witness.file_of(store.address) is None
    store.append([source("more")], action="write", actor="the chair")
    assert verify(store).witnessed == 0


def test_a_store_begun_anew_at_its_old_address_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "scorecard.duckdb"
    first = Store(path)
    for number in range(3):
        first.append([source(f"old-{number}")], action="write", actor="a test")
    for one in tmp_path.glob("scorecard.duckdb*"):
        one.unlink()
    again = Store(path)
    again.append([source("new")], action="write", actor="a test")
    own = witness.file_of(again.address)
    assert own is not None
    (said,) = verify(again).faults
    assert said.startswith(f"{own} holds 3 heads of a record that began with another first entry")
    assert "move that file away and verify again" in said
    own.rename(own.with_suffix(".before"))
    assert verify(again).sound
    again.append([source("newer")], action="write", actor="a test")
    assert verify(again).sound
