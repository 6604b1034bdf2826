"""Small reports of single runs, in the form in which each tool documents them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

EVERY_EVAL_EVER: dict[str, Any] = {
    "schema_version": "0.2.1",
    "evaluation_id": "suite/lab/one/1777382291.4",
    "evaluation_timestamp": "1777382291",
    "retrieved_timestamp": "1777382291.4",
    "source_metadata": {
        "source_type": "evaluation_run",
        "source_organization_name": "A laboratory",
        "evaluator_relationship": "first_party",
    },
    "eval_library": {"name": "lighteval", "version": "0.13"},
    "model_info": {
        "id": "lab/one",
        "name": "one",
        "developer": "Lab",
        "additional_details": {"precision": "bfloat16"},
    },
    "evaluation_results": [
        {
            "evaluation_name": "Some Bench",
            "source_data": {"dataset_name": "some", "source_type": "hf_dataset"},
            "metric_config": {
                "lower_is_better": False,
                "score_type": "continuous",
                "min_score": 0,
                "max_score": 1,
            },
            "score_details": {
                "score": 0.6,
                "uncertainty": {"standard_error": {"value": 0.05}, "num_samples": 100},
            },
            "generation_config": {"generation_args": {"temperature": 0.6}},
        },
        {
            "evaluation_name": "Levels",
            "metric_config": {
                "lower_is_better": True,
                "score_type": "levels",
                "level_names": ["low", "high"],
                "has_unknown_level": True,
            },
            "score_details": {"score": -1},
        },
    ],
}
INSTANCES = [
    {
        "schema_version": "0.2.1",
        "evaluation_id": "suite/lab/one/1777382291.4",
        "model_id": "lab/one",
        "evaluation_name": "Some Bench",
        "sample_id": f"s{i}",
        "interaction_type": "single_turn",
        "input": {"raw": "q"},
        "evaluation": {"score": 1.0 if i else None, "is_correct": bool(i)},
    }
    for i in range(3)
]
SWE_BENCH = {
    "total_instances": 5,
    "submitted_instances": 4,
    "completed_instances": 3,
    "resolved_instances": 2,
    "completed_ids": ["a__a-1", "b__b-2", "c__c-3"],
    "incomplete_ids": ["e__e-5"],
    "submitted_ids": ["a__a-1", "b__b-2", "c__c-3", "d__d-4"],
    "resolved_ids": ["a__a-1", "b__b-2"],
    "unresolved_ids": ["c__c-3"],
    "empty_patch_ids": [],
    "error_ids": ["d__d-4"],
    "schema_version": 2,
}
TERMINAL_BENCH = {
    "id": "r1",
    "results": [
        {
            "id": f"t{i}",
            "trial_name": f"task-{i}.1-of-1",
            "task_id": f"task-{i}",
            "is_resolved": (True, False, None)[i % 3],
        }
        for i in range(6)
    ],
    "n_resolved": 2,
    "n_unresolved": 4,
    "accuracy": 0.33,
}
TERMINAL_BENCH_ABOUT = {
    "run_id": "r1",
    "dataset_name": "terminal-bench-core",
    "dataset_version": "0.1.1",
    "dataset_size": 6,
    "agent_name": "terminus",
    "model_name": "lab/one",
    "start_time": "2025-10-01T10:00:00+00:00",
}
HARBOR = {
    "id": "j1",
    "started_at": "2025-12-01T10:00:00Z",
    "finished_at": "2025-12-01T12:00:00Z",
    "n_total_trials": 10,
    "stats": {
        "n_trials": 10,
        "n_errors": 1,
        "evals": {
            "terminus-2__one__terminal-bench": {"n_trials": 10, "n_errors": 1, "metrics": [{"mean": 0.4}]}
        },
    },
}


def _stat(name: str, mean: float, count: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": {"name": name, "split": "test", **more},
        "count": count,
        "sum": mean,
        "sum_squared": mean * mean,
        "min": mean,
        "max": mean,
        "mean": mean,
        "variance": 0.0,
    }


HELM = [
    _stat("num_instances", 50.0),
    _stat("exact_match", 0.6),
    _stat("exact_match", 0.4, perturbation={"name": "typos"}),
    _stat("inference_runtime", 1.5),
    {"name": {"name": "f1_score", "split": "test"}, "count": 0, "sum": 0, "sum_squared": 0},
]
HELM_SPEC = {
    "name": "mmlu:subject=law,method=multiple_choice_joint,model=lab_one",
    "adapter_spec": {
        "method": "x",
        "model": "lab/one",
        "max_train_instances": 5,
        "temperature": 0.0,
        "num_outputs": 1,
    },
    "metric_specs": [],
}
HAL = {
    "config": {
        "agent_name": "An Agent",
        "benchmark_name": "corebench_hard",
        "date": "2025-10-01",
        "run_id": "r1",
        "agent_args": {"model_name": "lab/one", "reasoning_effort": "high"},
    },
    "results": {
        "accuracy": 0.5,
        "total_cost": 1.5,
        "successful_tasks": ["a", "b"],
        "failed_tasks": ["c", "d"],
    },
    "raw_eval_results": {},
    "raw_logging_results": [],
}
PROMPTFOO = {
    "evalId": "eval-1",
    "results": {
        "version": 3,
        "timestamp": "2025-10-01T10:00:00.000Z",
        "prompts": [],
        "results": [
            {
                "id": f"c{i}",
                "testIdx": i,
                "provider": {"id": "lab:one", "label": ""},
                "prompt": {"raw": f"filled in {i}", "label": "answer briefly"},
                "success": i < 3,
                "score": float(i < 3),
                "failureReason": 2 if i == 4 else int(i == 3),
                "error": "timeout" if i == 4 else None,
            }
            for i in range(5)
        ],
        "stats": {"successes": 3, "failures": 1, "errors": 1},
    },
    "config": {
        "description": "our suite",
        "providers": [{"id": "lab:one", "config": {"temperature": 0.2, "apiKey": "k"}}],
    },
}
WEAVE = [
    {
        "id": "c1",
        "op_name": "weave:///lab/p/op/Evaluation.evaluate:abc",
        "started_at": "2025-10-01T10:00:00Z",
        "inputs": {
            "self": "weave:///lab/p/object/our-suite:v1",
            "model": {"name": "one", "temperature": 0.5, "_type": "M"},
        },
        "output": {
            "grader": {"correct": {"true_count": 6, "true_fraction": 0.6}},
            "length": {"mean": 12.5},
            "model_latency": {"mean": 1.0},
        },
    },
    {"id": "c2", "op_name": "weave:///lab/p/op/Model.predict:abc", "inputs": {}, "output": "x"},
]
MLFLOW = {
    "runs": [
        {
            "info": {"run_id": "r1", "experiment_id": "7", "status": "FINISHED", "start_time": 1759312800000},
            "data": {
                "metrics": [
                    {"key": "accuracy", "value": 0.2, "step": 0, "timestamp": 1},
                    {"key": "accuracy", "value": 0.55, "step": 1, "timestamp": 2},
                ],
                "params": [
                    {"key": "model", "value": "one"},
                    {"key": "dataset", "value": "our set"},
                    {"key": "top_p", "value": "0.9"},
                ],
                "tags": [],
            },
        }
    ]
}


def write_all(folder: Path) -> dict[str, Path]:
    """Every report below a folder of its own, with what has to lie beside it."""
    documents: dict[str, Any] = {
        "eee/record.json": EVERY_EVAL_EVER,
        "swe/lab__one.run1.json": SWE_BENCH,
        "tb/results.json": TERMINAL_BENCH,
        "tb/run_metadata.json": TERMINAL_BENCH_ABOUT,
        "harbor/result.json": HARBOR,
        "helm/stats.json": HELM,
        "helm/run_spec.json": HELM_SPEC,
        "hal/corebench_r1_UPLOAD.json": HAL,
        "promptfoo/output.json": PROMPTFOO,
        "weave/calls.json": WEAVE,
        "mlflow/runs.json": MLFLOW,
    }
    made = {}
    for name, document in documents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
        made[name] = path
    lines = folder / "eee" / "instances.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in INSTANCES), encoding="utf-8")
    frames = folder / "frames"
    frames.mkdir(exist_ok=True)
    same = {"eval_id": "e1", "task_name": "arithmetic", "model": "lab/one", "log": "a.eval"}
    scores = {"status": "success", "total_samples": 4, "completed_samples": 4, "score_match_accuracy": 0.5}
    parquet.write_table(pa.Table.from_pylist([{**same, **scores}]), frames / "evals.parquet")
    rows = [
        {**same, "sample_id": f"u{i}", "id": f"s{i}", "epoch": 1, "score_match": "CI"[i % 2]}
        for i in range(4)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), frames / "samples.parquet")
    return made | {
        "eee/instances.jsonl": lines,
        "frames/evals.parquet": frames / "evals.parquet",
        "frames/samples.parquet": frames / "samples.parquet",
    }
