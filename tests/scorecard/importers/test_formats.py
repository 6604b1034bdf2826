"""What each importer reads out of a small file of its format, and what it refuses and why."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scorecard.evidence.importers import Imported, importers, recognised
from scorecard.records import Indicator, Measurement
from tests.scorecard.importers import files

DAY = date(2026, 3, 1)


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Path]:
    """A good file of every kind."""
    return files.write_all(tmp_path)


def read(path: Path) -> Imported:
    importer = recognised(path)
    assert importer is not None, path.name
    return importer.read(path, known_at=DAY, source="paper")


def values(imported: Imported) -> dict[tuple[str, str, str], Measurement]:
    found = [r for r in imported.records if isinstance(r, Measurement)]
    return {(m.indicator, m.system, m.condition): m for m in found}


def text_of(path: Path, text: str) -> Imported:
    path.write_text(text, encoding="utf-8")
    return read(path)


def attempts(imported: Imported) -> list[dict[str, Any]]:
    assert isinstance(imported.attempts, pa.Table)
    rows: list[dict[str, Any]] = imported.attempts.to_pylist()
    return rows


def test_every_kind_of_file_is_recognised_and_read_without_refusal(made: dict[str, Path]) -> None:
    for name, path in made.items():
        imported = read(path)
        assert imported.refusals == (), name
        assert imported.entries or imported.attempts is not None, name


def test_importers_are_those_that_the_guide_names() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "imports.md").read_text("utf-8")
    assert set(importers()) == set(re.findall(r"^\| `(\w+)` \| ", guide, re.M))


# ---- METR ----------------------------------------------------------------------------------------


def test_metr_values_come_with_95_percent_and_marks(made: dict[str, Path]) -> None:
    found = values(read(made["metr.yaml"]))
    one, two = found["metr_p50_horizon", "one", ""], found["metr_p50_horizon", "two", ""]
    assert (one.value, one.low, one.high, one.interval) == (60.0, 30.0, 120.0, 0.95)
    assert one.marks == ("metr_sota",)
    assert two.marks == ("out_of_range",), "beyond 960 minutes METR's suite does not measure"
    assert found["metr_doubling_time", "org.metr", "from 2023"].value == 130.0


def test_another_suite_is_another_series(tmp_path: Path) -> None:
    for suite, series in (("METR-Horizon-v1", "_th10"), ("METR-Horizon-v2.0", "_v2_0")):
        found = values(text_of(tmp_path / "m.yaml", files.METR.replace("METR-Horizon-v1.1", suite)))
        assert (f"metr_p50_horizon{series}", "one", "") in found
        assert ("metr_p50_horizon", "one", "") not in found


def test_counts_of_runs_become_attempts_and_impossible_ones_are_refused(tmp_path: Path) -> None:
    rows = attempts(read_counts(tmp_path, ""))
    assert [(r["score"], r["runs"], r["human_minutes"]) for r in rows] == [
        (0.75, 4, 10),
        (0.25, 4, 60),
        (0.0, 4, 240),
    ]
    bad = read_counts(tmp_path, "one,family_b/2,family_b,5,9,4,1.0\none,family_b/3,family_b,-5,1,4,1.0\n")
    assert [(r.row, r.fault.field) for r in bad.refusals] == [(5, "score"), (6, "human_minutes")]
    assert "9 of 4" in str(bad.refusals[0])


def read_counts(folder: Path, more: str) -> Imported:
    return text_of(folder / "counts.csv", files.COUNTS + more)


def test_human_runs_are_no_system(made: dict[str, Path]) -> None:
    assert {row["system"] for row in attempts(read(made["runs.jsonl"]))} == {"one"}


# ---- Epoch ---------------------------------------------------------------------------------------


def test_epoch_intervals_are_90_percent_and_anchors_have_none(made: dict[str, Path]) -> None:
    found = values(read(made["eci.csv"]))
    assert found["epoch_eci", "One", ""].interval == 0.9
    assert found["epoch_eci", "Two", ""].interval is None


def test_a_hub_table_takes_the_first_score_and_its_error_and_keeps_repeats_apart(
    made: dict[str, Path],
) -> None:
    found = values(read(made["bench_external.csv"]))
    one = found["epoch_bench", "one", ""]
    assert one.value == 0.5
    assert one.low == pytest.approx(0.5 - 1.96 * 0.05, abs=1e-4)
    assert (found["epoch_bench", "two", ""].main, found["epoch_bench", "two", "result 2"].main) == (
        True,
        False,
    )


def test_difficulties_of_benchmarks_are_refused(tmp_path: Path) -> None:
    imported = text_of(tmp_path / "edi.csv", "benchmark_name,is_anchor,edi\nX,False,50\n")
    assert "difficulties of benchmarks" in str(imported.refusals[0])


# ---- Inspect -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["old.eval", "new.eval", "log.json"])
def test_an_inspect_log_gives_its_metric_and_every_epoch(made: dict[str, Path], name: str) -> None:
    imported = read(made[name])
    (m,) = values(imported).values()
    assert (m.value, m.n, m.system, m.vintage) == (0.5, 4, "one", "2025-10-01T10:00:00+00:00")
    assert m.low == pytest.approx(0.5 - 1.96 * 0.2, abs=1e-4)
    assert m.condition == "react; message limit 30, 2 epochs; react: tools bash"
    rows = attempts(imported)
    assert len(rows) == 8
    assert {(r["epoch"], r["scaffold"], r["tools"], r["benchmark"]) for r in rows} == {
        (1, "react", "bash", "arithmetic"),
        (2, "react", "bash", "arithmetic"),
    }
    assert sum(r["score"] for r in rows) == 4


def test_a_cancelled_log_is_kept_and_not_fitted(tmp_path: Path) -> None:
    (m,) = values(read(files.eval_file(tmp_path / "c.eval", files.inspect_log(status="cancelled")))).values()
    assert (m.main, m.marks) == (False, ("partial",))


def test_a_log_cut_short_is_read_from_its_journal(tmp_path: Path) -> None:
    log = files.inspect_log()
    journal = {
        "_journal/start.json": json.dumps(
            {"version": 2, "eval": log["header"]["eval"], "plan": log["header"]["plan"]}
        ),
        "_journal/summaries/1.json": json.dumps(log["summaries"][:3]),
    }
    path = files.eval_file(
        tmp_path / "j.eval",
        {"header": None, "summaries": None},
        members={name: text.encode() for name, text in journal.items()},
    )
    assert len(attempts(read(path))) == 3


def test_an_error_log_counts_its_samples_and_tells_the_first_error(tmp_path: Path) -> None:
    log = files.inspect_log(status="error", samples=1, epochs=1)
    log["header"]["results"] = None
    log["summaries"] = [{"id": "s0", "epoch": 1, "scores": {}, "error": "TimeoutError()"}]
    imported = read(files.eval_file(tmp_path / "e.eval", log))
    assert (imported.refusals, imported.absent) == ((), {"errored": 1})
    assert "sample s0: TimeoutError()" in imported.notes[0]


@pytest.mark.parametrize("version", [4, 99, "2"])
def test_a_newer_log_version_is_refused(tmp_path: Path, version: Any) -> None:
    (refusal,) = read(files.eval_file(tmp_path / "v.eval", files.inspect_log(version=version))).refusals
    assert "expected version 1, 2 or 3" in str(refusal)


def test_a_metric_that_is_no_number_is_absent_and_no_fault(tmp_path: Path) -> None:
    log = files.inspect_log()
    log["header"]["results"]["scores"][0]["metrics"]["accuracy"]["value"] = float("nan")
    imported = read(files.eval_file(tmp_path / "n.eval", log))
    assert (imported.refusals, imported.absent) == ((), {"no value": 1})


# ---- lm-evaluation-harness -----------------------------------------------------------------------


def test_lm_eval_old_and_current_keys(made: dict[str, Path]) -> None:
    old, new = values(read(made["old.json"])), values(read(made["results.json"]))
    assert old["lm_eval_task_a_acc", "lab/one (step1)", "0-shot; version 1"].value == 0.25
    assert old["lm_eval_task_b_ppl", "lab/one (step1)", "0-shot; version 0"].interval == 0.95
    assert new["lm_eval_task_a_acc", "lab/one", "5-shot"].n == 40
    assert new["lm_eval_task_a_f1_strict", "lab/one", "5-shot"].interval is None, "N/A is no standard error"


def test_lm_eval_samples_need_their_results(tmp_path: Path) -> None:
    samples = tmp_path / "samples_task_a_2026-01-01T00-00-00.0.jsonl"
    line = {"doc_id": 0, "metrics": ["acc"], "acc": 1.0, "filter": "none"}
    assert "in the same folder" in str(text_of(samples, json.dumps(line) + "\n").refusals[0])
    (tmp_path / "results_2026-01-01T00-00-00.0.json").write_text(json.dumps(files.LM_EVAL), encoding="utf-8")
    (row,) = attempts(read(samples))
    assert (row["system"], row["benchmark"], row["task"], row["score"]) == ("lab/one", "task_a", "0", 1.0)


# ---- use of coding tools -------------------------------------------------------------------------


def test_copilot_days_and_shares(made: dict[str, Path]) -> None:
    found = [r for r in read(made["copilot.json"]).records if isinstance(r, Measurement)]
    shares = [m for m in found if m.indicator == "copilot_acceptance_share"]
    assert [(m.observed_on.day, m.value, m.n) for m in shares] == [(1, 0.25, 20), (2, 0.25, 20)]


def test_copilot_reports_on_users_are_added_up_without_names(tmp_path: Path) -> None:
    report = {
        "report_day": "2026-02-01",
        "organization_id": "7",
        "user_totals": [{"user_id": i, "login": f"person{i}", "loc_added_sum": 10 * i} for i in (1, 2)],
    }
    imported = text_of(tmp_path / "users.json", json.dumps(report))
    assert {m.indicator: m.value for m in values(imported).values()} == {
        "copilot_loc_added_sum": 30.0,
        "copilot_daily_active_users": 2.0,
    }
    assert "person1" not in repr(imported)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ([{"date": "2024-11-04", "copilot_ide_chat": {}}], "shut down on 2 April 2026"),
        ([{"day": "2024-03-18", "total_suggestions_count": 8}], "retired before the metrics API"),
        ({"total_seats": 1, "seats": []}, "who has a seat"),
        ({"download_links": ["x"]}, "links to reports"),
    ],
)
def test_what_copilot_no_longer_offers_is_refused_with_its_reason(
    tmp_path: Path, payload: Any, reason: str
) -> None:
    (refusal,) = text_of(tmp_path / "c.json", json.dumps(payload)).refusals
    assert reason in str(refusal)


def test_running_totals_are_not_counted_twice(tmp_path: Path) -> None:
    points = [files.point(5, 1, "added"), files.point(9, 2, "added"), files.point(20, 30, "added")]
    cumulative = by_day(text_of(tmp_path / "c.jsonl", files.telemetry(points, 2)))
    assert cumulative == {1: 9.0, 2: 11.0}
    assert by_day(text_of(tmp_path / "d.jsonl", files.telemetry(points, 1))) == {1: 14.0, 2: 20.0}


def by_day(imported: Imported) -> dict[int, float]:
    found = [r for r in imported.records if isinstance(r, Measurement)]
    return {m.observed_on.day: m.value for m in found if m.indicator == "claude_code_lines_added"}


def test_the_analytics_export_is_added_up_without_names(made: dict[str, Path]) -> None:
    imported = read(made["analytics.json"])
    found = {m.indicator: m.value for m in values(imported).values()}
    assert found["claude_code_sessions"] == 4
    assert found["claude_code_cost_usd"] == 5.0
    assert found["claude_code_acceptance_share"] == 0.8
    assert "example.org" not in repr(imported)


# ---- any table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "xlsx"])
def test_one_mapping_reads_every_kind_of_table(made: dict[str, Path], suffix: str) -> None:
    imported = read(made[f"own.{suffix}"])
    one = values(imported)["own_series", "one", ""]
    assert (one.value, one.low, one.high, one.interval) == (0.4, 0.3, 0.5, 0.9)
    (series,) = [r for r in imported.records if isinstance(r, Indicator)]
    assert (series.scale, series.upper) == ("logit", 1.0)


def test_a_mapping_with_an_unknown_field_says_which(tmp_path: Path) -> None:
    (tmp_path / "own.mapping.yaml").write_text(
        "rows: measurements\ncolumns: {valeu: points}\n", encoding="utf-8"
    )
    (refusal,) = text_of(tmp_path / "own.csv", "who,points\none,5\n").refusals
    assert "columns: valeu" in str(refusal)
