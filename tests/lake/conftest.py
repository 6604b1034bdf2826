"""A store in a DuckLake of its own for each test, or the reason why there can be none here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import duckdb
import pytest

from scorecard.store import Store, StoreError
from scorecard.store.engines import ducklake
from scorecard.store.engines.extensions import load_extensions
from tests.lake.cluster import Cluster, binaries, running

_numbers = count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server; PGPASSFILE is set for this process and those it starts."""
    try:
        load_extensions(duckdb.connect())
    except StoreError as error:
        pytest.skip(str(error))
    if binaries() is None:
        pytest.skip("there is no PostgreSQL server here: `apt-get install postgresql`")
    with running() as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(cluster.passwords))
        yield cluster


@pytest.fixture
def address(cluster: Cluster, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """The address of a lake in a new, empty database, for one user or another."""
    database = f"lab_{next(_numbers)}"
    cluster.sql("postgres", f"CREATE DATABASE {database}")

    def of(user: str = "postgres") -> str:
        return f"ducklake:postgres:{cluster.catalogue(database, user)}?data_path={tmp_path / 'shared'}"

    yield of
    for (
        attached
    ) in ducklake._attached.values():  # a process keeps its sessions, and a server has no more than 100
        attached.close()
    ducklake._attached.clear()


@pytest.fixture
def store(address: Callable[..., str]) -> Store:
    """A store with its tables in a lake of its own, and nothing in them."""
    made = Store(address())
    made.prepare()
    return made
