"""A snapshot reopens byte for byte from its file alone, and `verify` finds what was done to it."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from scorecard.governance.snapshots import find_snapshot, reopen, sign, take
from scorecard.people import Actor, NotAllowed
from scorecard.records import Criterion, ForecastRun, Measurement, SignOff, Snapshot
from scorecard.store import Store, StoreCorrupt, StoreError, StoreMissing, verify
from tests.scorecard.examples import criterion, reading, run
from tests.scorecard.store.tamper import tamper

CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
DAY = date(2026, 2, 1)


@pytest.fixture
def ran(store: Store) -> Store:
    """The made-up facts and a run whose draws are a real file."""
    name, digest = store.files.put(b"draws", ".parquet")
    store.append([run(draws=name, draws_sha256=digest)], action="forecast", actor="a test")
    return store


def taken(store: Store, **more: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "kind": "view",
        "subject": "lab.high",
        "title": "Lab High",
        "as_of": DAY,
        "runs": [run().id],
        "text": "As we saw it: 3.5 h – £10.",
    }
    return take(store, CHAIR, **{**fields, **more})


def test_it_binds_what_the_run_read(ran: Store) -> None:
    opened = reopen(ran, taken(ran).id)
    assert opened.text == "As we saw it: 3.5 h – £10."
    (bound,) = opened.of(ForecastRun)
    with ran.view() as now:
        assert bound == now.get(ForecastRun, id=run().id)
    assert opened.of(Criterion) == [criterion()]
    assert sorted((m.system, m.value) for m in opened.of(Measurement)) == [("one", 60.0), ("two", 214.0)], (
        "the correction of March was not known yet"
    )
    assert sha256(opened.content).hexdigest() == opened.snapshot.id


def test_it_reopens_byte_for_byte_after_the_evidence_is_revised(ran: Store) -> None:
    before = reopen(ran, taken(ran).id)
    ran.append([reading("one", date(2025, 3, 1), 77.0)], action="import", actor="a test")
    ran.append([criterion(level=9999.0)], action="import", actor="a test")
    after = reopen(ran, before.snapshot.id)
    assert after.content == before.content
    assert after.records == before.records
    assert taken(ran).id != before.snapshot.id


def test_taken_twice_it_is_one(ran: Store) -> None:
    first = taken(ran)
    entries = verify(ran).entries
    assert taken(ran) == first
    assert verify(ran).entries == entries
    assert taken(ran, text="Another text.").id != first.id


def test_it_opens_without_the_tables(ran: Store) -> None:
    """From the record of the snapshot and its file: no row of the tables is read again."""
    snapshot = taken(ran)
    before = reopen(ran, snapshot.id)
    tamper(ran.path, "DELETE FROM measurements", "DELETE FROM criteria", "DELETE FROM forecast_runs")
    assert reopen(ran, snapshot.id).records == before.records


def test_verify_checks_the_file(ran: Store) -> None:
    snapshot = taken(ran)
    sound = verify(ran)
    assert sound.sound
    assert sound.files == 2
    path = ran.files.folder / snapshot.content
    content = path.read_bytes()
    path.write_bytes(content.replace(b"214.0", b"203.0"))
    (fault,) = verify(ran).faults
    assert f"snapshots, {snapshot.id}" in fault
    with pytest.raises(StoreCorrupt):
        reopen(ran, snapshot.id)
    path.unlink()
    with pytest.raises(StoreMissing):
        reopen(ran, snapshot.id)
    assert not verify(ran).sound


def test_verify_names_what_a_snapshot_binds_and_is_gone(ran: Store) -> None:
    snapshot = taken(ran)
    tamper(ran.path, "DELETE FROM criteria")
    faults = verify(ran).faults
    assert any(f"snapshots, {snapshot.id}" in fault and "criteria" in fault for fault in faults)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshots SET title = 'Other'",
        "UPDATE snapshots SET id = repeat('0', 64)",
        "UPDATE signoffs SET name = 'somebody else'",
    ],
)
def test_verify_names_an_altered_row(ran: Store, statement: str) -> None:
    sign(ran, taken(ran).id, CHAIR, "I have seen this.")
    tamper(ran.path, statement)
    faults = verify(ran).faults
    assert any("a value was changed" in fault and fault.startswith(statement.split()[1]) for fault in faults)


def test_missing_draws_are_refused(ran: Store) -> None:
    (ran.files.folder / run_draws(ran)).unlink()
    with pytest.raises(StoreMissing):
        taken(ran)
    with ran.view() as now:
        assert now.all(Snapshot) == []


def run_draws(store: Store) -> str:
    with store.view() as now:
        return now.get(ForecastRun, id=run().id).draws


def test_signing_is_by_name_with_how_it_is_known(ran: Store) -> None:
    snapshot = taken(ran)
    sign(ran, snapshot.id[:12], CHAIR, "I have seen this.")
    with pytest.raises(StoreError, match="already"):
        sign(ran, snapshot.id, CHAIR, "Again.")
    with ran.view() as now:
        (signed,) = now.all(SignOff)
    assert (signed.name, signed.identity, signed.role) == ("the chair", "typed by hand", "chair")


def test_a_viewer_takes_and_signs_nothing(ran: Store) -> None:
    viewer = Actor(name="a guest", identity="signed in with single sign-on", role="viewer")
    snapshot = taken(ran)
    for attempt in (
        lambda: sign(ran, snapshot.id, viewer, "Mine."),
        lambda: take(ran, viewer, kind="view", subject="x", title="x", as_of=DAY, runs=[], text=""),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_unknown_snapshot_says_so(ran: Store) -> None:
    taken(ran)
    for id in ("", "abc", "0" * 64):
        with pytest.raises(StoreError, match="no single snapshot"):
            find_snapshot(ran, id)
