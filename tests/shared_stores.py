"""Stores that are dear to make: once a session, also by several workers at a time, and copied for who writes.

A store of data/ is three things, the file, its log and the folder of its files, so whole folders are copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from scorecard.store import Store

NAME = "scorecard.duckdb"


def shared_folder(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """A folder of this session that its workers have in common."""
    own = factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


def build_once(folder: Path, name: str, make: Callable[[Store], object]) -> Path:
    """The folder of a store that the first comer has made; the others wait for it, and none may write to it.

    What was begun and not ended is made anew: only a finished folder bears the name.
    """
    made = folder / name
    with FileLock(folder / f"{name}.lock"):
        if not made.exists():
            begun = folder / f"{name}.begun"
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            make(Store(begun / NAME))
            begun.rename(made)
    return made


def copy_store(made: Path, folder: Path) -> Store:
    """A store of one's own in `folder`, as the made one is; it takes the place of one that is there."""
    for old in folder.glob(f"{NAME}*"):  # a log that stayed behind would not fit the new file
        old.unlink()
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return Store(folder / NAME)
