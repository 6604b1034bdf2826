"""Attempts in bulk: Parquet files on the shared storage that are a table of the lake, written by two processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from scorecard.evidence.importers import generic
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import commit
from scorecard.records import Import
from scorecard.store import Store, StoreError, attempts, verify
from scorecard.store.engines.extensions import load_extensions
from tests.lake.cluster import Cluster
from tests.scorecard.examples import FACTS, RESEARCHER
from tests.scorecard.importers import files
from tests.scorecard.store.workers import PROCESSES

pytestmark = pytest.mark.lake
DAY = date(2026, 3, 1)
COUNTED = "SELECT system, count(*), sum(score) FROM attempts GROUP BY ALL ORDER BY ALL"


def bring(address: str, path: Path, day: date = DAY) -> None:
    """Import one file of attempts."""
    store = Store(address)
    mapping = files.ATTEMPTS
    plans = plan(store, [path], known_at=day, importer=generic.mapped(mapping), mapping=mapping)
    commit(store, plans, actor=RESEARCHER)


def counted(store: Store, day: date | None = None) -> list[list[object]]:
    with store.view(as_of=day) as known:
        return attempts.query(store, known, COUNTED).to_numpy().tolist()


@pytest.fixture
def filled(store: Store) -> Store:
    """A lake in which the systems are known."""
    store.append(FACTS, action="import", actor="a test")
    return store


def test_two_processes_import_and_everybody_reads_both(filled: Store, tmp_path: Path) -> None:
    assert counted(filled) == []
    paths = [files.attempts_file(tmp_path / f"{n}.parquet", ok=[n / 4] * 1000) for n in (1, 2, 3, 4)]
    workers = [
        PROCESSES.Process(target=bring_all, args=(filled.address, half)) for half in (paths[:2], paths[2:])
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert counted(filled) == [["one", 2000, 1250.0], ["two", 2000, 1250.0]]
    result = verify(filled)
    assert (result.sound, result.files) == (True, 4)


def bring_all(address: str, paths: list[Path]) -> None:
    """One process's whole life."""
    for path in paths:
        bring(address, path)


def test_another_client_of_the_lake_sees_the_table(filled: Store, cluster: Cluster, tmp_path: Path) -> None:
    bring(filled.address, files.attempts_file(tmp_path / "own.parquet"))
    other = duckdb.connect()
    load_extensions(other)
    catalogue = filled.address.removeprefix("ducklake:").partition("?")[0]
    other.execute(f"ATTACH 'ducklake:{catalogue}' AS lab")
    assert other.execute("SELECT count(*), count(DISTINCT import_id) FROM lab.attempts").fetchone() == (
        1000,
        1,
    )
    assert other.execute("SELECT count(*) FROM lab.imports").fetchone() == (1,)


def test_a_revised_file_counts_from_its_day_on(filled: Store, tmp_path: Path) -> None:
    path = files.attempts_file(tmp_path / "own.parquet", ok=[0.0] * 1000)
    bring(filled.address, path)
    files.attempts_file(path, ok=[1.0] * 1000)
    bring(filled.address, path, date(2026, 4, 1))
    assert counted(filled, DAY) == [["one", 500, 0.0], ["two", 500, 0.0]]
    assert counted(filled) == [["one", 500, 500.0], ["two", 500, 500.0]]


def test_a_file_that_changed_or_went_is_found(filled: Store, tmp_path: Path) -> None:
    bring(filled.address, files.attempts_file(tmp_path / "own.parquet"))
    with filled.view() as now:
        kept = filled.files.folder / now.all(Import)[0].kept
    assert kept.parent == tmp_path / "shared" / "files"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + b"x")
    assert "is not what was stored" in verify(filled).faults[0]
    kept.unlink()
    with pytest.raises(StoreError, match="is missing"):
        counted(filled)


def test_the_same_attempts_give_the_same_table_as_in_a_file(
    address: Callable[..., str], tmp_path: Path
) -> None:
    lake, file = Store(address()), Store(tmp_path / "scorecard.duckdb")
    path = files.attempts_file(tmp_path / "own.parquet")
    everything = []
    for store in (lake, file):
        store.append(FACTS, action="import", actor="a test")
        bring(store.address, path)
        out = tmp_path / "out.csv"
        with store.view() as now:
            assert attempts.export(store, now, out, "csv") == 1000
        everything.append(sorted(out.read_text(encoding="utf-8").splitlines()))
    assert everything[0] == everything[1]
