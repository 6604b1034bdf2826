"""What goes in comes out, as it stood: three clocks, supersession, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings

from scorecard.records import Criterion, Determination, Measurement, Record, Report, Source, System
from scorecard.store import Store, StoreCorrupt, StoreError, StoreMissing, default_address, verify
from scorecard.store.rows import from_row, row_hash, to_row
from tests.scorecard.examples import (
    FACTS,
    KNOWN,
    criterion,
    determination,
    reading,
    result,
    run,
    shape,
    source,
    system,
)
from tests.scorecard.store.strategies import BATCH
from tests.scorecard.store.tamper import tamper

TWO = {"indicator": "horizon", "system": "two"}


def values(store: Store, as_of: date | None = None, seen_at: datetime | None = None) -> list[float]:
    with store.view(as_of, seen_at) as view:
        return [m.value for m in view.all(Measurement, **TWO)]


# ---- the three clocks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        (date(2026, 1, 9), []),
        (date(2026, 1, 10), [214.0]),
        (date(2026, 3, 2), [214.0]),
        (date(2026, 3, 3), [214.0, 203.0]),
    ],
)
def test_as_of_counts_what_could_be_known_by_the_end_of_that_day(
    store: Store, as_of: date, known: list[float]
) -> None:
    assert values(store, as_of) == known
    assert values(store, as_of) == known, "the same question has the same answer"


def test_seen_at_counts_what_this_store_held(store: Store) -> None:
    before = moment(store)
    store.append([reading("two", date(2025, 9, 1), 190.0, vintage="late")], action="import", actor="a test")
    assert values(store, seen_at=before) == [214.0, 203.0]
    assert values(store, as_of=KNOWN, seen_at=before) == [214.0]
    assert values(store, as_of=KNOWN) == [214.0, 190.0], "known long ago, but stored only now"
    assert values(store, seen_at=before - timedelta(microseconds=1)) == []


def test_a_moment_in_another_zone_is_the_same_moment(store: Store) -> None:
    moved = moment(store).astimezone(UTC).astimezone(tz=None)
    assert values(store, seen_at=moved) == [214.0, 203.0]


def test_a_later_row_supersedes_and_both_are_kept(store: Store) -> None:
    before = moment(store)
    renamed = system("two", date(2025, 9, 1))
    corrected = replace(renamed, released_on=date(2025, 9, 2))
    store.append([corrected], action="correct", actor="a test", reason="the post says the 2nd")
    with store.view() as now, store.view(seen_at=before) as then:
        assert now.get(System, id="two") == corrected
        assert then.get(System, id="two") == renamed
        history = now.history(System, id="two")
    assert list(history["released_on"]) == [date(2025, 9, 1), date(2025, 9, 2)]
    assert list(history["seq"]) == [1, 2]


def test_a_correction_known_later_leaves_earlier_days_as_they_were(store: Store) -> None:
    store.append([criterion(level=4800.0, known_at=date(2026, 2, 1))], action="correct", actor="a test")
    for as_of, level in ((date(2026, 1, 31), 2400.0), (date(2026, 2, 1), 4800.0)):
        with store.view(as_of=as_of) as view:
            assert [c.level for c in view.all(Criterion)] == [level]


def test_a_field_that_is_no_key_is_compared_with_the_current_row_only(store: Store) -> None:
    store.append([criterion(rationale="a better reason")], action="correct", actor="a test")
    with store.view() as now:
        assert now.all(Criterion, rationale=criterion().rationale) == []


def test_the_clock_of_the_store_never_runs_backwards(empty: Store) -> None:
    empty.clock = lambda: datetime(2020, 1, 1)  # noqa: DTZ001  # the store's clock is naive UTC
    for id in ("one", "two", "three"):
        empty.append([source(id)], action="write", actor="a test")
    with empty.view() as now:
        times = [entry.recorded_at for entry in now.log()]
    assert times == [datetime(2020, 1, 1, microsecond=i, tzinfo=UTC) for i in range(3)]


# ---- appending -----------------------------------------------------------------------------------


def test_what_is_current_already_is_left_out(store: Store) -> None:
    with store.view() as now:
        entries = now.log()
    again = store.append(FACTS, action="import", actor="a test")
    assert (again.seq, again.added, again.unchanged, again.head) == (1, 0, len(FACTS), entries[-1].hash)
    mixed = store.append([*FACTS, source("new")], action="import", actor="a test")
    assert (mixed.seq, mixed.added, mixed.unchanged) == (2, 1, len(FACTS))
    with store.view() as now:
        assert len(now.log()) == 2


def test_going_back_to_an_earlier_value_is_a_change(empty: Store) -> None:
    for title in ("one", "two", "one"):
        empty.append([source("paper", title=title)], action="write", actor="a test")
    with empty.view() as now:
        assert list(now.history(Source)["title"]) == ["one", "two", "one"]
        assert now.get(Source, id="paper").title == "one"


def test_the_log_says_who_what_and_why(store: Store) -> None:
    store.append(
        [source("one")],
        action="propose",
        actor="a researcher",
        identity="local user of this machine",
        reason="read it",
    )
    with store.view() as now:
        first, second = now.log()
    assert (second.actor, second.identity, second.action, second.reason, second.rows) == (
        "a researcher",
        "local user of this machine",
        "propose",
        "read it",
        1,
    )
    assert first.previous == "0" * 64
    assert second.previous == first.hash


def test_two_records_with_one_key_store_nothing(store: Store) -> None:
    twins = [source("fresh"), source("twin"), source("twin", title="another")]
    refused(store, twins, "two records of sources have the key twin; nothing was stored")


@pytest.mark.parametrize("actor", ["", "  \t"])
def test_a_change_without_a_name_is_refused(store: Store, actor: str) -> None:
    with pytest.raises(StoreError, match="say who is making it"):
        store.append([source("fresh")], action="write", actor=actor)
    assert not knows(store, "fresh")


def report(contents: Any) -> Report:
    """A record that holds what others have written."""
    return Report(id="r", decision="d", about="capability", finding="", contents=contents, known_at=KNOWN)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            run(result=result(p_now=float("nan"))),
            r"forecast_runs, run-2026-02-01-0000: result\.p_now must be a finite number, not nan",
        ),
        (
            run(result=result(by_shape={"line": shape(q50="soon")})),
            r"result\.by_shape\['line'\]\.q50 must be a date",
        ),
        (run(result={"message": "none"}), "result must be a ForecastResult or a NoForecast"),
        (run(checks={"passed": True, "items": []}), "checks must be a Checks, not"),
        (report({"p": float("nan")}), "reports, r: contents must be .*JSON"),
        (report({"items": [{1: "one"}]}), "contents must be a dict whose keys are text"),
        (report({"when": KNOWN}), "contents must be .*date is not JSON serializable"),
        (run(seed=2**63), "seed must be a whole number of at most 64 bits"),
        (run(seed=True), "seed must be a whole number"),
        (
            replace(run(known_at=KNOWN), as_of=datetime(2026, 2, 1, tzinfo=UTC)),
            "as_of must be a date without a time",
        ),
        (reading("two", KNOWN, float("inf"), low=None, high=None), "value must be a finite number, not inf"),
        (reading("two", KNOWN, 1.0, grade="rumour"), "grade must be one of primary, dataset"),
        (reading("two", KNOWN, 1.0, marks=("a", 1)), "marks must be text"),
        (source("odd", title=None), "sources, odd: title must be given, not None"),
        (source("odd", title="\ud800"), "title must be text in Unicode"),
    ],
)
def test_a_value_that_cannot_be_kept_exactly_stores_nothing(store: Store, record: Record, words: str) -> None:
    refused(store, [source("fresh"), record], words)


def test_a_fault_inside_the_transaction_rolls_all_of_it_back(store: Store) -> None:
    """DuckDB itself refuses the last of three tables, after the rows of two were written."""
    tamper(store.path, "CREATE UNIQUE INDEX once ON determinations (note)")
    findings = [determination("crossed", day) for day in (KNOWN, date(2026, 1, 11))]
    with pytest.raises(duckdb.ConstraintException):
        store.append([source("fresh"), system("fresh", KNOWN), *findings], action="write", actor="a test")
    assert not knows(store, "fresh")
    with store.view() as now:
        assert len(now.log()) == 1
        assert len(now.all(System)) == 2
        assert now.all(Determination) == []
    assert verify(store).sound


# ---- reading -------------------------------------------------------------------------------------


def test_questions_that_have_no_single_answer_are_refused(store: Store) -> None:
    with store.view(as_of=date(2026, 1, 31)) as view:
        with pytest.raises(StoreError, match="no system with id 'three' is known as of 2026-01-31"):
            view.get(System, id="three")
        with pytest.raises(StoreError, match="2 records of systems have developer 'Lab'; name the whole key"):
            view.get(System, developer="Lab")
        with pytest.raises(StoreError, match="systems has no field colour, size"):
            view.all(System, colour="red", size=1)


def test_a_frame_has_a_column_a_field(store: Store) -> None:
    with store.view() as now:
        frame = now.frame(Measurement, **TWO)
    assert {"value", "known_at", "recorded_at", "seq", "marks"} <= set(frame.columns)
    assert list(frame["value"]) == [214.0, 203.0]


def test_there_is_no_store_until_one_is_made(tmp_path: Path) -> None:
    nothing = Store(tmp_path / "deep" / "down" / "scorecard.duckdb")
    assert not nothing.exists()
    assert nothing.stamp() == (0, 0)
    with pytest.raises(StoreMissing, match="preparedness init"), nothing.view():
        pass
    assert list(tmp_path.iterdir()) == [], "asking makes nothing"
    nothing.append([source("one")], action="write", actor="a test")
    assert nothing.exists()


def test_the_stamp_changes_with_the_file_only(store: Store) -> None:
    before = store.stamp()
    with store.view():
        pass
    assert store.stamp() == before
    store.append([source("fresh")], action="write", actor="a test")
    assert store.stamp() != before


def test_the_place_of_the_store_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(tmp_path / "elsewhere.duckdb"))
    assert Store().path == tmp_path / "elsewhere.duckdb"
    monkeypatch.setenv("SCORECARD_STORE", "")
    assert Path(default_address()).name == "scorecard.duckdb"


@pytest.mark.parametrize(
    "address",
    ["ducklake:postgres:dbname=lab host=db", "postgres://db/lab", "s3://lab/x.duckdb", "ducklake:x.db"],
)
def test_the_address_of_another_server_is_refused_with_what_to_give(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECARD_STORE", address)
    with pytest.raises(StoreError, match=r"ducklake:postgres:dbname=NAME .*data_path="):
        Store().prepare()
    assert list(tmp_path.iterdir()) == []


# ---- files beside the store ----------------------------------------------------------------------


def test_a_file_is_kept_once_under_its_hash(store: Store) -> None:
    name, digest = store.files.put(b"draws", ".parquet")
    assert store.files.put(b"draws", ".parquet") == (name, digest)
    assert name == f"{digest[:24]}.parquet"
    assert [path.name for path in store.files.folder.iterdir()] == [name]
    assert store.files.get(name, digest) == b"draws"


def test_a_file_that_is_gone_or_changed_says_so(store: Store) -> None:
    name, digest = store.files.put(b"draws", ".parquet")
    (store.files.folder / name).write_bytes(b"drawn")
    with pytest.raises(StoreCorrupt, match="is not what was stored"):
        store.files.get(name, digest)
    (store.files.folder / name).unlink()
    with pytest.raises(StoreMissing, match="run the forecast again"):
        store.files.get(name, digest)


# ---- any record at all ---------------------------------------------------------------------------


# An example has a record of every kind, so that drawing one takes a fifth of a second.
@pytest.mark.parametrize("examples", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_any_record_comes_back_from_its_row(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(batch=BATCH)
    def comes_back(batch: tuple[Record, ...]) -> None:
        for record in batch:
            row = to_row(record)
            assert from_row(type(record), row) == record
            assert row_hash(record.TABLE, dict(reversed(row.items()))) == row_hash(record.TABLE, row)

    comes_back()


def test_a_field_that_came_later_leaves_the_hashes_of_earlier_rows() -> None:
    with_route = {"id": "lab_high.p80", "route": "", "supersedes": "", "asked": None}
    without = {name: value for name, value in with_route.items() if name != "route"}
    assert row_hash("criteria", with_route) == row_hash("criteria", without)
    assert row_hash("criteria", with_route | {"route": "coding"}) != row_hash("criteria", without)
    assert row_hash("adjustments", with_route) != row_hash("adjustments", without)


@pytest.mark.parametrize("examples", [4, pytest.param(10, marks=pytest.mark.slow)])
def test_any_record_comes_back_from_the_store(tmp_path: Path, examples: int) -> None:
    """One store for every example, so that each is also read among others; at the end it is sound."""
    store = Store(tmp_path / "scorecard.duckdb")

    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(batch=BATCH)
    def comes_back(batch: tuple[Record, ...]) -> None:
        store.append(batch, action="write", actor="a test")
        with store.view() as now:
            for record in batch:
                key = {name: getattr(record, name) for name in record.KEY}
                assert now.get(type(record), **key) == record

    comes_back()
    result = verify(store)
    assert result.sound, result.faults


# ---- helpers -------------------------------------------------------------------------------------


def moment(store: Store) -> datetime:
    """When the last transaction was stored."""
    with store.view() as now:
        return now.log()[-1].recorded_at


def knows(store: Store, id: str) -> bool:
    with store.view() as now:
        return bool(now.all(Source, id=id))


def refused(store: Store, batch: Sequence[Record], words: str) -> None:
    """Appending raises a sentence, and neither a row nor a log entry is stored."""
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match=words):
        store.append(batch, action="write", actor="a test")
    assert store.path.read_bytes() == before
