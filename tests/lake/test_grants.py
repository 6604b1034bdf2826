"""PostgreSQL's grants keep the record append-only, where the file has triggers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from scorecard.records import Source
from scorecard.store import Store, StoreError, engines, verify
from tests.lake.cluster import PASSWORD, Cluster
from tests.lake.test_attempts import bring, counted
from tests.scorecard.examples import FACTS, source
from tests.scorecard.importers import files

pytestmark = pytest.mark.lake
GRANTS = Path(engines.__file__).parent / "grants.sql"


@pytest.fixture
def roles(store: Store, cluster: Cluster, address: Callable[..., str]) -> tuple[Store, Store]:
    """The store as one who may append and as one who may read see it, after the owner has filled it."""
    store.append(FACTS, action="import", actor="the owner")
    store.append([source(f"many-{i}") for i in range(1200)], action="write", actor="the owner")
    database = address().split("dbname=")[1].split()[0]
    for role in ("writer", "reader"):
        cluster.sql("postgres", f"DROP ROLE IF EXISTS {database}_{role}")
        cluster.sql("postgres", f"CREATE ROLE {database}_{role} LOGIN PASSWORD '{PASSWORD}'")
    cluster.sql(database, file=GRANTS, writer=f"{database}_writer", reader=f"{database}_reader")
    return Store(address(f"{database}_writer")), Store(address(f"{database}_reader"))


def test_a_writer_appends_and_a_reader_reads(
    roles: tuple[Store, Store], store: Store, tmp_path: Path
) -> None:
    writer, reader = roles
    writer.append([source("few")], action="write", actor="a writer")
    writer.append([source(f"more-{i}") for i in range(1200)], action="write", actor="a writer")
    with reader.view() as now:
        assert len(now.all(Source)) == 2402
    bring(writer.address, files.attempts_file(tmp_path / "own.parquet"))
    assert counted(reader)[0][:2] == ["one", 500]
    assert verify(reader).sound
    assert reader.stamp() == store.stamp()
    with pytest.raises(StoreError, match=r"PostgreSQL refuses .permission denied"):
        reader.append([source("mine")], action="write", actor="a reader")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE measurements SET value = 61 WHERE system = 'one'",
        "UPDATE sources SET title = 'Another' WHERE id = 'many-7'",
        "DELETE FROM measurements WHERE system = 'one'",
        "DELETE FROM sources WHERE id = 'many-8'",
        "DELETE FROM sources WHERE id LIKE 'many-%'",
        "DELETE FROM log WHERE seq = 1",
        "DROP TABLE log",
        "ALTER TABLE sources DROP COLUMN title",
        "CREATE TABLE mine (id BIGINT)",
        "CALL ducklake_expire_snapshots('lake', older_than => now())",
    ],
)
def test_a_writer_cannot_change_or_drop_what_is_stored(
    roles: tuple[Store, Store], store: Store, statement: str
) -> None:
    writer, _ = roles
    before = verify(store)
    with pytest.raises(StoreError, match=r"PostgreSQL refuses .permission denied"):
        writer.engine.writing(lambda connection: connection.execute(statement), 30)
    assert verify(store) == before


def test_a_writer_cannot_move_rows_out_of_the_catalogue(roles: tuple[Store, Store], store: Store) -> None:
    before = verify(store)
    with pytest.raises(
        (StoreError, duckdb.Error), match=r"permission denied|transaction is aborted"
    ):  # it works in threads
        roles[0].engine.writing(
            lambda connection: connection.execute("CALL ducklake_flush_inlined_data('lake')"), 30
        )
    assert verify(store) == before
    store.engine.writing(
        lambda connection: connection.execute("CALL ducklake_flush_inlined_data('lake')"), 30
    )
    assert verify(store) == before, "the owner may, and loses nothing"
