"""Which engine an address names, and what is said of one that cannot be used here; tests/lake has the engine itself."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from scorecard.jobs.state import folder_of
from scorecard.store import Store, StoreError
from scorecard.store.engines import FileEngine, LakeEngine, engine_of
from scorecard.store.engines.address import LakeAddress
from scorecard.store.migrate import migrations

LAKE = "ducklake:postgres:dbname=lab host=db user=chair?data_path=/shared/lab"


def test_the_scheme_of_an_address_chooses_the_engine(tmp_path: Path) -> None:
    lake = engine_of(LAKE)
    assert isinstance(lake, LakeEngine)
    assert lake.lake == LakeAddress("dbname=lab host=db user=chair", Path("/shared/lab"))
    assert (lake.address, lake.folder) == (LAKE, Path("/shared/lab/files"))
    for path in (tmp_path / "x.duckdb", str(tmp_path / "x.duckdb"), r"C:\lab\x.duckdb"):
        assert isinstance(engine_of(path), FileEngine)


@pytest.mark.parametrize(
    "wrong",
    [
        "ducklake:postgres:dbname=lab",
        "ducklake:lab.ducklake",
        "ducklake:postgres:dbname=lab?data_path=shared",
        "ducklake:postgres:dbname=lab?data_path=s3://lab",
        "ducklake:postgres:?data_path=/shared",
    ],
)
def test_an_incomplete_address_is_refused_with_the_whole_form(wrong: str) -> None:
    with pytest.raises(
        StoreError, match=r"not the address of a DuckLake; write ducklake:postgres:dbname=NAME"
    ):
        Store(wrong)


@pytest.mark.parametrize(
    "catalogue",
    ["dbname=lab password=hunter2", "dbname=lab PASSWORD = 'hunter2'", "postgresql://chair:hunter2@db/lab"],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(catalogue: str) -> None:
    with pytest.raises(StoreError, match="PGPASSFILE") as caught:
        Store(f"ducklake:postgres:{catalogue}?data_path=/shared")
    assert "hunter2" not in str(caught.value)


def test_what_needs_one_file_is_told_that_there_is_none() -> None:
    with pytest.raises(StoreError, match="is not one file on this machine"):
        _ = Store(LAKE).path


def test_jobs_on_shared_storage_are_kept_apart_by_machine(tmp_path: Path) -> None:
    shared = Store(LAKE.replace("/shared/lab", str(tmp_path)))
    assert folder_of(shared).parent == tmp_path / "files" / "jobs"
    assert folder_of(Store(tmp_path / "x.duckdb")) == tmp_path / "x.files" / "jobs"


@pytest.mark.skipif(
    find_spec("duckdb_extension_ducklake") is not None, reason="tests/lake uses the extensions"
)
def test_without_the_extensions_the_environment_to_make_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"has no extension .* requirements-lake\.txt \(docs/lake\.md"):
        Store(LAKE.replace("/shared/lab", str(tmp_path))).prepare()
    assert list(tmp_path.iterdir()) == []


def test_only_keys_and_triggers_are_left_out_of_a_lake() -> None:
    """A lake skips the files that older versions of DuckDB skip, and reads PRIMARY KEY as NOT NULL."""
    for migration in migrations():
        lines = [line for line in migration.sql.splitlines() if not line.startswith("--")]
        for statement in map(str.strip, "\n".join(lines).split(";")):
            if migration.requires > 1:
                assert statement.startswith(("CREATE TRIGGER", "CREATE TABLE refusals")) or not statement
            for missing in (" UNIQUE", " CHECK", " FOREIGN KEY", "CREATE INDEX", "CREATE TYPE", "SEQUENCE"):
                assert missing not in statement, f"{migration.name}: a DuckLake has no{missing.lower()}"
