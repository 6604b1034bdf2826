"""Reports of single runs, in the forms that evaluation tools write: what is taken of each, and what is said of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from scorecard.evidence.importers import Imported, recognised
from scorecard.records import Indicator, Measurement
from tests.scorecard.importers import reports

DAY = date(2026, 6, 1)


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Path]:
    return reports.write_all(tmp_path)


def read(path: Path) -> Imported:
    importer = recognised(path)
    assert importer is not None, path.name
    return importer.read(path, known_at=DAY, source="paper")


def only(imported: Imported) -> Measurement:
    (m,) = [r for r in imported.records if isinstance(r, Measurement)]
    return m


def attempts(imported: Imported) -> list[dict[str, Any]]:
    assert isinstance(imported.attempts, pa.Table)
    rows: list[dict[str, Any]] = imported.attempts.to_pylist()
    return rows


FORMATS = {
    "eee/record.json": "every_eval_ever",
    "eee/instances.jsonl": "every_eval_ever",
    "swe/lab__one.run1.json": "swe_bench",
    "tb/results.json": "terminal_bench",
    "harbor/result.json": "terminal_bench",
    "helm/stats.json": "helm",
    "hal/corebench_r1_UPLOAD.json": "hal",
    "promptfoo/output.json": "promptfoo",
    "weave/calls.json": "weave",
    "mlflow/runs.json": "mlflow",
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_recognised_by_its_content_in_whatever_order(made: dict[str, Path], name: str) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(one) for one in value] if isinstance(value, list) else value

    importer = recognised(made[name])
    assert importer is not None
    assert importer.name == FORMATS[name]
    if name.endswith(".json"):
        made[name].write_text(json.dumps(turned(json.loads(made[name].read_text("utf-8")))), encoding="utf-8")
        again = recognised(made[name])
        assert again is not None
        assert again.name == FORMATS[name]
    assert read(made[name]).refusals == ()


def test_a_record_of_every_eval_ever(made: dict[str, Path]) -> None:
    imported = read(made["eee/record.json"])
    m = only(imported)
    assert (m.value, m.n, m.interval, m.system, m.marks) == (0.6, 100, 0.95, "lab/one", ("self_reported",))
    assert m.condition == "temperature 0.6; precision bfloat16; by A laboratory"
    assert imported.absent == {"of the level that says unknown": 1}
    rows = attempts(read(made["eee/instances.jsonl"]))
    assert [(row["task"], row["score"]) for row in rows] == [("s1", 1.0), ("s2", 1.0)]
    assert len({row["sample"] for row in rows}) == 2


def test_swe_bench_counts_all_instances_and_says_which_were_not_tried(made: dict[str, Path]) -> None:
    imported = read(made["swe/lab__one.run1.json"])
    m = only(imported)
    assert (m.value, m.n, m.system, m.main) == (0.4, 5, "lab/one", False)
    assert m.condition == "5 instances; run run1; 4 of 5 instances submitted"
    assert imported.absent == {"errored": 1, "not submitted": 1}
    assert {row["task"]: row["score"] for row in attempts(imported)} == {
        "a__a-1": 1,
        "b__b-2": 1,
        "c__c-3": 0,
    }


def test_a_report_of_swe_bench_without_a_model_says_how_to_name_it(
    made: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(made["swe/lab__one.run1.json"].read_bytes())
    assert "MODEL.RUN.json" in str(read(path).refusals[0])


def test_terminal_bench_takes_its_model_from_beside_and_leaves_out_what_errored(
    made: dict[str, Path],
) -> None:
    imported = read(made["tb/results.json"])
    m = only(imported)
    assert (m.value, m.n, m.system, m.condition) == (0.5, 6, "lab/one", "agent terminus")
    assert imported.absent == {"errored": 2}
    assert len(attempts(imported)) == 4
    harbor = only(read(made["harbor/result.json"]))
    assert (harbor.value, harbor.n, harbor.system, harbor.indicator) == (
        0.4,
        10,
        "one",
        "terminal_bench_terminal_bench_mean",
    )


def test_helm_takes_the_test_sets_own_metrics_alone(made: dict[str, Path]) -> None:
    imported = read(made["helm/stats.json"])
    m = only(imported)
    assert (m.value, m.n, m.system) == (0.6, 50, "lab/one")
    assert m.indicator == "helm_mmlu_subject_law_method_multiple_choice_joint_exact_match"
    assert "max train instances 5" in m.condition
    assert imported.absent == {"without a value": 1}
    made["helm/run_spec.json"].unlink()
    assert "run_spec.json in the same folder" in str(read(made["helm/stats.json"]).refusals[0])


def test_a_hal_upload(made: dict[str, Path]) -> None:
    imported = read(made["hal/corebench_r1_UPLOAD.json"])
    m = only(imported)
    assert (m.value, m.n, m.condition) == (0.5, 4, "agent An Agent; reasoning effort high")
    assert sum(row["score"] for row in attempts(imported)) == 2


def test_promptfoo_leaves_out_what_errored_and_keeps_no_key(made: dict[str, Path]) -> None:
    imported = read(made["promptfoo/output.json"])
    m = only(imported)
    assert (m.value, m.n, m.system, m.condition) == (
        0.75,
        4,
        "lab:one",
        "prompt answer briefly; temperature 0.2",
    )
    assert imported.absent == {"errored": 1}
    assert len(attempts(imported)) == 4


def test_weave_takes_the_scorers_and_no_latency(made: dict[str, Path]) -> None:
    found = {r.indicator: r for r in read(made["weave/calls.json"]).records if isinstance(r, Measurement)}
    assert {name: (m.value, m.n) for name, m in found.items()} == {
        "weave_our_suite_grader_correct": (0.6, 10),
        "weave_our_suite_length": (12.5, None),
    }


def test_mlflow_takes_the_last_value_of_a_metric(made: dict[str, Path]) -> None:
    m = only(read(made["mlflow/runs.json"]))
    assert (m.value, m.indicator, m.condition) == (0.55, "mlflow_our_set_accuracy", "top p 0.9")


def test_inspects_data_frames_give_what_its_logs_give(tmp_path: Path) -> None:
    same = {
        "eval_id": "e1",
        "task_name": "arithmetic",
        "model": "lab/one",
        "log": "a.eval",
        "solver": "react",
    }
    evals = pd.DataFrame(
        [
            {
                **same,
                "created": pd.Timestamp("2025-10-01T10:00:00Z"),
                "status": "success",
                "dataset_samples": 4,
                "total_samples": 4,
                "completed_samples": 3,
                "task_arg_level": "hard",
                "score_match_accuracy": 2 / 3,
                "score_match_stderr": 0.3,
            }
        ]
    )
    evals.to_parquet(tmp_path / "evals.parquet")
    m = only(read(tmp_path / "evals.parquet"))
    assert (round(m.value, 3), m.n, m.condition) == (0.667, 4, "solver react; level hard")
    assert "1 of 4 samples errored" in m.note
    samples = pd.DataFrame(
        [
            {
                **same,
                "sample_id": f"u{i}",
                "id": f"s{i}",
                "epoch": 1,
                "score_match": ("C", "I", "C", None)[i],
                "error": "" if i < 3 else "E",
            }
            for i in range(4)
        ]
    )
    samples.to_parquet(tmp_path / "samples.parquet")
    imported = read(tmp_path / "samples.parquet")
    assert [(row["task"], row["score"], row["sample"]) for row in attempts(imported)] == [
        ("s0", 1, "u0"),
        ("s1", 0, "u1"),
        ("s2", 1, "u2"),
    ]
    assert imported.absent == {"errored": 1}
    samples.drop(columns=["model"]).to_parquet(tmp_path / "samples.parquet")
    assert "EvalModel" in str(read(tmp_path / "samples.parquet").refusals[0])


def test_scales_of_unlike_range_are_unlike_series(tmp_path: Path) -> None:
    document = json.loads(json.dumps(reports.EVERY_EVAL_EVER))
    document["evaluation_results"][0]["metric_config"] |= {"max_score": 100}
    document["evaluation_results"][0]["score_details"]["score"] = 60
    (tmp_path / "r.json").write_text(json.dumps(document), encoding="utf-8")
    imported = read(tmp_path / "r.json")
    (series,) = [r for r in imported.records if isinstance(r, Indicator)]
    assert (series.id, series.upper, only(imported).value) == ("eee_some_bench_score_percent", 100.0, 60.0)
