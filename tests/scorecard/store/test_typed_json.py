"""Typed values in JSON columns: what was stored before there were types reads, and is written as the same text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_type_hints

import pytest

from scorecard.records import RECORDS, ForecastRun, NoForecast
from scorecard.records.typed_json import Mismatch, from_plain, stored_as, to_plain
from scorecard.store import StoreError
from scorecard.store.rows import Row, from_row, row_hash, to_row
from tests.scorecard.examples import run

# Rows with their hashes, as stores held them on 30 November 2026, when JSON columns had no types: a first forecast
# and a backtest of the facts in data/, and made-up runs, tripwires and a meeting.
STORED = json.loads(Path(__file__).with_name("as_stored.json").read_text(encoding="utf-8"))
TABLES = {cls.TABLE: cls for cls in RECORDS}


def stored(told: Mapping[str, Any]) -> Row:
    """A row as the database gives it, its dates no longer text."""
    hints = get_type_hints(TABLES[told["table"]])
    days = [name for name, hint in hints.items() if hint in (date, date | None)]
    return {n: date.fromisoformat(v) if n in days and v else v for n, v in told["row"].items()}


@pytest.mark.parametrize("told", STORED, ids=lambda told: f"{told['table']} {told['hash'][:8]}")
def test_a_row_of_before_reads_and_is_written_as_the_same_text(told: dict[str, Any]) -> None:
    row, cls = stored(told), TABLES[told["table"]]
    record = from_row(cls, row)
    assert to_row(record) == row
    assert row_hash(cls.TABLE, to_row(record)) == told["hash"]
    assert from_row(cls, to_row(record)) == record


def test_what_was_read_has_types_to_the_bottom() -> None:
    real, made, none, _ = (from_row(ForecastRun, stored(t)) for t in STORED if t["table"] == "forecast_runs")
    said = real.quoted
    assert said.cdf.dates[0] == real.as_of
    assert said.p_by(real.as_of) == said.p_now
    assert sum(part.weight for part in said.by_shape.values()) == pytest.approx(1.0)
    fan = said.fans[real.indicators[0]]
    assert len(fan.dates) == len(fan.q50)
    assert all(low <= high for low, high in zip(fan.q10, fan.q90, strict=True))
    assert said.parameters["loglinear"]["doubling_days"].prior is None
    assert not real.checks.passed
    assert all(check.advice for check in real.checks.failed)
    assert made == run(data_hash=made.data_hash)
    assert isinstance(none.result, NoForecast)
    assert [check.name for check in none.checks.failed] == ["Pareto k"]
    assert none.refusal.startswith("No forecast: horizon:")
    with pytest.raises(ValueError, match="only 2 of 5 shapes"):
        _ = none.quoted


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("q50",), "2031-13-01", r"result\.q50 must be a date such as 2027-12-31, not '2031-13-01'"),
        (("cdf", "p"), [0.1, "high"], r"result\.cdf\.p\[1\] must be a finite number, not 'high'"),
        (("sensitivity",), {"prior": 1, "words": ""}, r"result\.sensitivity\.likelihood must be given"),
        (("by_guess",), {}, r"result\.by_guess must be absent: no field of this version"),
        (("notes",), {}, r"result\.notes must be several in a row, not \{\}"),
    ],
)
def test_a_value_of_another_kind_is_named_with_its_field(
    path: tuple[str, ...], value: Any, words: str
) -> None:
    row = to_row(run())
    told = json.loads(row["result"])
    inside = told
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    with pytest.raises(StoreError, match=f"forecast_runs, {run().id}: {words}.*preparedness verify"):
        from_row(ForecastRun, row | {"result": json.dumps(told)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A value of a first version."""

    p: float
    at: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class After(Before):
    """The same after fields have joined it."""

    mcse: float | None = None
    weights: Mapping[str, float] | None = None
    tags: tuple[str, ...] = ()
    late: float | None = stored_as("late 3-12 months", None)


def test_fields_that_join_later_leave_what_was_stored_as_it_was() -> None:
    told = to_plain(Before(p=0.25, at=None))
    assert told == {"p": 0.25, "at": None}
    grown = from_plain(After, told)
    assert grown == After(p=0.25, at=None)
    assert to_plain(grown) == told
    full = After(p=0.25, at=date(2027, 1, 1), mcse=0.01, weights={"a": 1}, tags=("x",), late=2.5)
    assert to_plain(full) == {
        "p": 0.25,
        "at": "2027-01-01",
        "mcse": 0.01,
        "weights": {"a": 1},
        "tags": ["x"],
        "late 3-12 months": 2.5,
    }
    assert from_plain(After, json.loads(json.dumps(to_plain(full)))) == full
    with pytest.raises(Mismatch) as refused:
        from_plain(Before, to_plain(full))
    assert refused.value.place == ".late 3-12 months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Told from a square by its label."""

    kind: Literal["circle"]
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Told from a circle by its label, though it has the same keys."""

    kind: Literal["square"]
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Some of both."""

    shapes: tuple[Circle | Square, ...]


def test_a_union_is_told_apart_by_its_label_and_a_wrong_one_is_named() -> None:
    drawing = Drawing(shapes=(Square(kind="square", size=1), Circle(kind="circle", size=2.0)))
    assert from_plain(Drawing, to_plain(drawing)) == drawing
    with pytest.raises(Mismatch, match=r"one of (circle|square)") as refused:
        from_plain(Drawing, {"shapes": [{"kind": "circle", "size": 1}, {"kind": "hexagon", "size": 1}]})
    assert (refused.value.place, refused.value.found) == (".shapes[1].kind", "hexagon")


def test_a_whole_number_stays_one_in_the_text() -> None:
    assert [json.dumps(to_plain(from_plain(Before, {"p": p, "at": None}))["p"]) for p in (1, 1.0)] == [
        "1",
        "1.0",
    ]
