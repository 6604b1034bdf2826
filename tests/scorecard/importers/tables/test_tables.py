"""Tables as offices write them: writing settled or asked, places kept, attempts read to their end."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from scorecard.evidence.importers import Imported
from scorecard.evidence.importing import plan
from scorecard.store import Store
from tests.scorecard.importers.test_kinds import put, read, values

DAY = date(2026, 3, 1)

MAPPING: dict[str, Any] = {
    "rows": "measurements",
    "columns": {"system": "model", "value": "score", "observed_on": "date", "n": "n"},
    "constants": {"indicator": "ours"},
    "indicators": [
        {
            "id": "ours",
            "name": "Ours",
            "unit": "share",
            "scale": "logit",
            "lower": 0,
            "upper": 1,
            "direction": "higher",
            "measures": "success",
        }
    ],
}


def mapped(path: Path, **more: Any) -> Imported:
    path.with_suffix(".mapping.yaml").write_text(json.dumps(MAPPING | more), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("text", "value", "day"),
    [
        ("model,score,date,n\nA,42 %,2026-01-10,100\n", 0.42, "2026-01-10"),
        ("model;score;date;n\nA;0,425;10.01.2026;100\n", 0.425, "2026-01-10"),
        ("model\tscore\tdate\tn\nA\t0.42\t10 Jan 2026\t1 000\n", 0.42, "2026-01-10"),
        (",model,score,date,n\n0,A,0.42,2026-01-10T23:30:00-05:00,100\n", 0.42, "2026-01-10"),
        ("A report of ours\n\nmodel,score,date,n\nA,0.42,13/01/2026,100\n", 0.42, "2026-01-13"),
    ],
)
def test_tables_of_text_are_understood_as_they_are_written(
    tmp_path: Path, text: str, value: float, day: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    imported = mapped(path)
    assert imported.refusals == ()
    assert [(m.value, m.observed_on.isoformat()) for m in values(imported)] == [(value, day)]
    path.write_text(text, encoding="utf-16")
    assert [m.value for m in values(mapped(path))] == [value]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,0.42,03/04/2026,100", "dates: day first"),
        ('A,"1,319",2026-01-10,100', "decimal:"),
        ("A,0.42,46032,100", "count of days"),
    ],
)
def test_what_may_mean_two_things_is_asked(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"model,score,date,n\n{row}\n", encoding="utf-8")
    (refusal,) = mapped(path).refusals
    assert words in str(refusal)
    if "dates" in words:
        (m,) = values(mapped(path, writing={"dates": "month first"}))
        assert m.observed_on == date(2026, 3, 4)


def test_a_workbooks_columns_keep_their_places(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["Our results"],
        ["model", "date", None, "score", "n", "score2"],
        ["A", date(2026, 1, 10), 7, 0.42, 100, 9],
    ):
        sheet.append(row)
    sheet["D3"].number_format = "0.0%"
    book.save(tmp_path / "b.xlsx")
    (m,) = values(mapped(tmp_path / "b.xlsx"))
    assert (m.value, m.n, m.observed_on) == (0.42, 100, date(2026, 1, 10))
    sheet["F2"] = "score"
    book.save(tmp_path / "b.xlsx")
    (refusal,) = mapped(tmp_path / "b.xlsx").refusals
    assert "'score' more than once" in str(refusal)


def test_json_is_reached_by_paths(tmp_path: Path) -> None:
    document = {"report": {"runs": {"A": {"metrics": {"acc.x": {"v": 0.42}}, "when": "2026-01-10"}}}}
    (tmp_path / "r.json").write_text(json.dumps(document), encoding="utf-8")
    columns = {"system": "@key", "value": 'metrics."acc.x".v', "observed_on": "when"}
    (m,) = values(mapped(tmp_path / "r.json", items="report.runs", columns=columns))
    assert (m.system, m.value) == ("A", 0.42)


def test_a_dry_run_reads_attempts_to_their_end_and_lenient_takes_the_good_ones(
    store: Store, tmp_path: Path
) -> None:
    mapping = {
        "rows": "attempts",
        "columns": {"system": "m", "task": "t", "score": "s", "epoch": "e"},
        "constants": {"benchmark": "b"},
    }
    path = tmp_path / "a.jsonl"
    path.with_suffix(".mapping.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    rows = [
        '{"m":"A","t":"1","s":true,"e":1}',
        '{"m":"A","t":"2","s":tr',
        '{"m":"A","t":"3","s":null,"e":1}',
        '{"m":"A","t":"4","s":0,"e":"x"}',
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (dry,) = plan(store, [path], known_at=DAY, look=True)
    assert (dry.attempts, dry.refused, dry.absent) == (1, 2, "1 without a score")
    said = " ".join(map(str, dry.refusals))
    assert "row 2 with" in said
    assert "field epoch: found row 3 with x" in said, "the third that can be read"
    (made,) = put(store, path, lenient=True)
    assert made.attempts == 1


def test_a_small_parquet_file_of_very_many_rows_is_refused_at_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000_000, pa.int8()), pa.array(["A"]))
    parquet.write_table(pa.table({"m": column, "t": column, "s": pa.array([1.0] * 3_000_000)}), path)
    assert path.stat().st_size < 60_000
    mapping = {"rows": "attempts", "columns": {"system": "m", "task": "t", "score": "s"}}
    path.with_suffix(".mapping.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    (made,) = plan(store, [path], known_at=DAY)
    assert "3,000,000 rows" in str(made.refusals[0])
