"""The same store in a DuckLake: it holds, shows and proves what the file does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from scorecard.evidence import facts
from scorecard.records import RECORDS, Buffer, Measurement, Record, Source
from scorecard.store import Store, StoreError, StoreMissing, StoreOutdated, verify
from scorecard.thresholds.board import board
from tests.lake.cluster import PASSWORD
from tests.scorecard.examples import FACTS, INDICATOR, reading, source
from tests.scorecard.store.strategies import BATCH

pytestmark = pytest.mark.lake
ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 1)


def rows(store: Store, day: date) -> list[object]:
    with store.view(as_of=day) as known, store.view() as now:
        return [row.as_json() for row in board(known, now, as_of=day, everything=True)]


def test_built_from_the_facts_it_gives_the_board_that_the_file_gives(
    address: Callable[..., str], tmp_path: Path
) -> None:
    lake, file = Store(address()), Store(tmp_path / "scorecard.duckdb")
    assert not lake.exists()
    added = {store.address: facts.build(store, ROOT / "data").added for store in (lake, file)}
    assert added[lake.address] == added[file.address] > 1000
    for day in (DAY, date(2025, 6, 1)):
        assert rows(lake, day) == rows(file, day)
    for cls in RECORDS:
        with lake.view() as ours, file.view() as theirs:
            assert ours.all(cls) == theirs.all(cls)
            ours_, theirs_ = ours.frame(cls), theirs.frame(cls)
        pd.testing.assert_frame_equal(ours_.drop(columns="recorded_at"), theirs_.drop(columns="recorded_at"))
    assert facts.build(lake, ROOT / "data").added == 0
    result = verify(lake)
    assert result.sound, result.faults
    assert result.rows == added[lake.address]


def test_reads_as_of_a_day_and_as_of_what_was_stored(store: Store) -> None:
    store.append(FACTS, action="import", actor="a test")
    seen = datetime.now(UTC)
    later = reading("one", date(2025, 3, 1), 77.0, vintage="2026-01", known_at=date(2026, 5, 1))
    store.append([later], action="correct", actor="a test")
    with store.view() as now, store.view(as_of=date(2026, 4, 1)) as then, store.view(seen_at=seen) as before:
        key: dict[str, Any] = {"system": "one", "observed_on": date(2025, 3, 1), "vintage": "2026-01"}
        assert [m.value for m in now.all(Measurement, **key)] == [77.0]
        assert then.all(Measurement, **key) == before.all(Measurement, **key) != now.all(Measurement, **key)
        assert len(now.history(Measurement, **key)) == 2
        times = [entry.recorded_at for entry in now.log()]
    assert times == sorted(times)
    assert times[0] <= seen + timedelta(seconds=1)


def without_nul(record: Record) -> Record:
    """A record of the kind that a lake takes."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        return value.replace("\0", "") if isinstance(value, str) else value

    return replace(record, **{field.name: plain(getattr(record, field.name)) for field in fields(record)})


@pytest.mark.parametrize(
    "record", [source("a\0b"), source("one", note="\0"), replace(INDICATOR, caveats=("x\0",))]
)
def test_the_character_nul_is_refused_before_anything_is_stored(store: Store, record: Record) -> None:
    with pytest.raises(StoreError, match="holds the character NUL"):
        store.append([source("good"), record], action="write", actor="a test")
    with store.view() as now:
        assert now.all(Source) == []
    with pytest.raises(StoreError, match="holds the character NUL"), store.view() as now:
        now.all(Source, id="a\0b")


def test_negative_zeros_become_zeros_and_do_not_look_like_tampering(store: Store) -> None:
    buffers = [
        Buffer(
            id=f"{i}",
            threshold="t",
            tolerance=-0.0 if i % 3 else 0.0,
            months=1.0,
            rationale="",
            author="a",
            supersedes="",
            known_at=DAY,
        )
        for i in range(1500)
    ]
    store.append(buffers, action="write", actor="a test")
    assert verify(store).sound
    assert store.append(buffers, action="write", actor="a test").added == 0
    with store.view() as now:
        assert {str(one.tolerance) for one in now.all(Buffer)} == {"0.0"}


@given(BATCH)
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a failing example takes hours to shrink
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
def test_any_record_comes_back_as_it_went_in(store: Store, batch: tuple[Record, ...]) -> None:
    batch = tuple(map(without_nul, batch))
    store.append(batch, action="write", actor="a test")
    with store.view() as now:
        for record in batch:
            key = {name: getattr(record, name) for name in record.KEY}
            assert now.all(type(record), **key) == [record]
    assert verify(store).sound


def test_a_view_keeps_its_state_while_another_writes(store: Store) -> None:
    store.append([source("one")], action="write", actor="a test")
    with store.view() as before:
        Store(store.address).append([source("two")], action="write", actor="a test")
        assert [item.id for item in before.all(Source)] == ["one"]
        with store.view(as_of=date(2027, 1, 1)) as again:
            assert [item.id for item in again.all(Source)] == ["one"], "two views, one state"
    with store.view() as now:
        assert len(now.all(Source)) == 2


def test_many_rows_go_to_parquet_on_the_shared_storage_and_few_to_the_catalogue(
    store: Store, tmp_path: Path
) -> None:
    store.append([source("few")], action="write", actor="a test")
    assert not list((tmp_path / "shared").rglob("*.parquet"))
    store.append([source(f"many-{i}") for i in range(1500)], action="write", actor="a test")
    assert len(list((tmp_path / "shared" / "lake").rglob("*.parquet"))) == 1
    with store.view() as now:
        assert len(now.all(Source)) == 1501
    assert verify(store).sound


def test_the_stamp_changes_with_the_record_only(store: Store) -> None:
    before = store.stamp()
    with store.view():
        pass
    assert store.stamp() == before == Store(store.address).stamp()
    store.append([source("one")], action="write", actor="a test")
    assert store.stamp() > before


def test_what_is_not_there_is_said_to_be_missing(address: Callable[..., str]) -> None:
    nothing = Store(address())
    assert (nothing.exists(), nothing.stamp()) == (False, (0, 0))
    with pytest.raises(StoreMissing, match="preparedness init"), nothing.view():
        pass
    with pytest.raises(StoreError, match="not one file on this machine"):
        _ = nothing.path


def test_another_folder_than_the_catalogues_is_refused_with_the_right_one(
    store: Store, tmp_path: Path
) -> None:
    moved = Store(store.address.replace("/shared", "/elsewhere"))
    with pytest.raises(StoreError, match=rf"data are in {tmp_path}/shared/; name that as data_path"):
        moved.prepare()


def test_a_newer_store_is_not_touched(store: Store) -> None:
    later = "INSERT INTO schema_version VALUES (99, '0099_tomorrow.sql', 'abc')"
    store.engine.writing(lambda connection: connection.execute(later), 5)
    with pytest.raises(StoreOutdated, match=r"0099_tomorrow.sql.*update the program"):
        store.append([source("one")], action="write", actor="a test")


def test_the_commands_work_on_the_address(address: Callable[..., str]) -> None:
    environment = {**os.environ, "SCORECARD_STORE": address()}
    said = []
    for command in ("init", "status --no-run --as-of 2026-10-01", "verify"):
        done = subprocess.run(
            [sys.executable, "-m", "scorecard", *command.split()],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout + done.stderr)
    assert said[0].startswith("ducklake:postgres:dbname=lab_")
    assert "As of 1 October 2026" in said[1]
    assert said[2].startswith("sound: ")
    assert PASSWORD not in "".join(said)
