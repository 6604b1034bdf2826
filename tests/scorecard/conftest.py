"""A real store in a temporary folder, empty or with the made-up facts of examples.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scorecard.store import Store
from tests.scorecard.examples import FACTS
from tests.shared_stores import build_once


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both stores, made once in the real way; every test gets a copy of its own."""
    folder = tmp_path_factory.mktemp("made")
    stores = {name: Store(folder / f"{name}.duckdb") for name in ("empty", "filled")}
    stores["empty"].prepare()
    stores["filled"].append(FACTS, action="import", actor="a test")
    return {name: store.path for name, store in stores.items()}


type Prepared = Callable[[str, Callable[[Store], object]], Path]


@pytest.fixture(scope="session")
def prepared(made: dict[str, Path], shared: Path) -> Prepared:
    """The folder of the made-up facts after a deed of some name, done once for every test that starts from there."""

    def after(name: str, deed: Callable[[Store], object]) -> Path:
        return build_once(shared, name, lambda store: deed(Store(shutil.copy(made["filled"], store.path))))

    return after


@pytest.fixture
def empty(made: dict[str, Path], tmp_path: Path) -> Store:
    """A store with tables and nothing in them."""
    return Store(shutil.copy(made["empty"], tmp_path / "scorecard.duckdb"))


@pytest.fixture
def store(made: dict[str, Path], tmp_path: Path) -> Store:
    """A store with one framework, threshold, indicator and criterion, two systems and three readings."""
    return Store(shutil.copy(made["filled"], tmp_path / "scorecard.duckdb"))
