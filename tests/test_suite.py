"""The tests' own machinery: what is shared is made once and copied whole, and runs are spread as they should be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scorecard.records import Source
from scorecard.store import Store, verify
from tests.conftest import BEYOND_CORE, CORES, HERE, is_core, processes
from tests.scorecard.examples import source
from tests.shared_stores import build_once, copy_store


def test_of_several_who_need_a_store_one_makes_it(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(store: Store) -> None:
        made.append(store.path)
        store.append([source("one")], action="write", actor="a test")

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: build_once(tmp_path, "example", make), range(4)))
    assert found == {tmp_path / "example"}
    assert len(made) == 1


def test_what_was_begun_and_not_ended_is_made_anew(tmp_path: Path) -> None:
    def fail(store: Store) -> None:
        store.append([source("half")], action="write", actor="a test")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        build_once(tmp_path, "example", fail)
    made = build_once(
        tmp_path,
        "example",
        lambda store: store.append([source("whole")], action="write", actor="a test"),
    )
    with copy_store(made, tmp_path / "copy").view() as now:
        assert [one.id for one in now.all(Source)] == ["whole"]


def test_a_copy_has_the_log_and_the_files_and_is_ones_own(tmp_path: Path) -> None:
    def make(store: Store) -> None:
        store.prepare()
        store.append([source("one")], action="write", actor="a test")
        store.files.put(b"draws", ".parquet")

    made = build_once(tmp_path, "example", make)
    copy = copy_store(made, tmp_path / "copy")
    assert {path.name for path in copy.files.folder.glob("*.parquet")} == {
        path.name for path in Store(made / copy.path.name).files.folder.glob("*.parquet")
    }
    copy.append([source("two")], action="write", actor="a test")
    assert verify(copy).sound
    with copy.view() as now, Store(made / copy.path.name).view() as then:
        assert (len(now.all(Source)), len(then.all(Source))) == (2, 1)


def test_a_copy_takes_the_place_of_another_store(tmp_path: Path) -> None:
    made = build_once(tmp_path, "example", lambda store: store.prepare())
    other = Store(tmp_path / "here" / "scorecard.duckdb")
    other.path.parent.mkdir()
    other.append([source("one")], action="write", actor="a test")
    with copy_store(made, other.path.parent).view() as now:
        assert now.all(Source) == []


@pytest.mark.parametrize("place", BEYOND_CORE)
def test_what_is_beyond_the_core_is_there(place: str) -> None:
    assert (HERE / place).exists(), "BEYOND_CORE in tests/conftest.py names what has moved"
    assert not is_core(HERE / place)


@pytest.mark.parametrize(
    ("marks", "arguments", "expected"),
    [
        ("not slow and not browser", ["tests"], CORES),
        ("core", ["tests"], CORES),
        ("slow", ["tests"], CORES),
        ("browser", ["tests"], 0),
        ("not slow", ["tests/pages", "tests/lake"], CORES),
        ("not slow", ["tests/test_suite.py::test_a", "tests/test_suite.py::test_b"], 0),
        ("not slow", ["tests/test_suite.py", "tests/test_theme.py"], CORES),
    ],
)
def test_a_run_takes_every_core_where_that_helps(marks: str, arguments: list[str], expected: int) -> None:
    assert processes(marks, arguments) == expected
