"""A real store in a temporary folder, empty or with the made-up facts of examples.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scorecard.store import Store
from tests.scorecard.examples import FACTS


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both stores, made once in the real way; every test gets a copy of its own."""
    folder = tmp_path_factory.mktemp("made")
    stores = {name: Store(folder / f"{name}.duckdb") for name in ("empty", "filled")}
    stores["empty"].prepare()
    stores["filled"].append(FACTS, action="import", actor="a test")
    return {name: store.path for name, store in stores.items()}


@pytest.fixture
def empty(made: dict[str, Path], tmp_path: Path) -> Store:
    """A store with tables and nothing in them."""
    return Store(shutil.copy(made["empty"], tmp_path / "scorecard.duckdb"))


@pytest.fixture
def store(made: dict[str, Path], tmp_path: Path) -> Store:
    """A store with one framework, threshold, indicator and criterion, two systems and three readings."""
    return Store(shutil.copy(made["filled"], tmp_path / "scorecard.duckdb"))
