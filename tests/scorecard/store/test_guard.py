"""The lock between processes: readers share it, a writer has it alone, and a nested block does not wait for itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scorecard.store import Store, StoreError
from scorecard.store.engines.guard import guarded
from tests.scorecard.examples import source


def soon() -> float:
    return time.monotonic() + 0.05


def test_readers_share_it_and_a_writer_has_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "scorecard.duckdb"
    with (
        guarded(path, write=False, deadline=soon()) as one,
        guarded(path, write=False, deadline=soon()) as two,
    ):
        assert one
        assert two
        with guarded(path, write=True, deadline=soon()) as writer:
            assert not writer
    with guarded(path, write=True, deadline=soon()) as writer:
        assert writer
        with guarded(path, write=False, deadline=soon()) as reader:
            assert not reader


def test_where_no_lock_file_can_be_made_nothing_is_locked(tmp_path: Path) -> None:
    with guarded(tmp_path / "no folder" / "scorecard.duckdb", write=True, deadline=soon()) as got:
        assert got


def test_a_block_inside_a_block_does_not_wait_for_itself(store: Store) -> None:
    patient, began = Store(store.path, patience=600), time.monotonic()
    with patient.view(), patient.view(), pytest.raises(StoreError, match="leave the `with` block"):
        patient.append([source("one")], action="write", actor="a test")
    assert time.monotonic() - began < patient.patience
