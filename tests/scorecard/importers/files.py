"""Small files of every format, made up here: what the importers' tests read."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook
from pyarrow import parquet

METR = """benchmark_name: METR-Horizon-v1.1
doubling_time_in_days:
  from_2023_on:
    ci_high: 160.0
    ci_low: 100.0
    point_estimate: 130.0
results:
  one:
    benchmark_name: METR-Horizon-v1.1
    metrics:
      average_score:
        estimate: 0.4
      is_sota: true
      p50_horizon_length:
        ci_high: 120.0
        ci_low: 30.0
        estimate: 60.0
      p80_horizon_length:
        ci_high: 20.0
        ci_low: 5.0
        estimate: 10.0
    release_date: 2025-03-01
  two:
    metrics:
      is_sota: false
      p50_horizon_length:
        ci_high: 4000.0
        ci_low: 300.0
        estimate: 1000.0
      p80_horizon_length:
        ci_high: 90.0
        ci_low: 30.0
        estimate: 50.0
    release_date: 2025-09-01
"""
COUNTS = """agent,task_id,task_family,human_minutes,n_successes,n_runs,task_weight
one,family_a/1,family_a,10,3,4,0.7071
one,family_a/2,family_a,60,1,4,0.7071
one,family_b/1,family_b,240,0,4,1.0
"""
RUNS = [
    {
        "task_id": "family_a/1",
        "task_family": "family_a",
        "alias": "one",
        "score_binarized": 1,
        "human_minutes": 10.0,
    },
    {
        "task_id": "family_a/2",
        "task_family": "family_a",
        "alias": "one",
        "score_binarized": 0,
        "human_minutes": 90.0,
    },
    {
        "task_id": "family_b/1",
        "task_family": "family_b",
        "alias": "human",
        "score_binarized": 1,
        "human_minutes": 5.0,
    },
]
ECI = """Model,Display name,eci,eci_ci_low,eci_ci_high,date,Organization
One,One,130.5,128.1,133.0,2025-03-01,Lab
Two,Two,150.0,,,2025-09-01,Lab
"""
MATRIX = """model_id,benchmark_id,performance,benchmark,model,Model,date,source
m1,b1,0.6,Some Bench,one-v1,One,2025-03-01,a paper
m2,b1,0.7,Some Bench,two-v1,Two,2025-09-01,a paper
"""
HUB = """Model version,mean_score,Best score (across scorers),Release date,Organization,stderr,id
one,0.5,0.6,2025-03-01,Lab,0.05,a
two,0.75,0.75,2025-09-01,Lab,0.04,b
two,0.7,0.75,2025-09-01,Lab,0.04,c
"""
LM_EVAL_OLD = {
    "results": {"task_a": {"acc": 0.25, "acc_stderr": 0.02}, "task_b": {"ppl": 30.0, "ppl_stderr": 1.0}},
    "versions": {"task_a": 1, "task_b": 0},
    "config": {"model": "hf", "model_args": "pretrained=lab/one,revision=step1", "num_fewshot": 0},
}
LM_EVAL = {
    "results": {
        "task_a": {
            "alias": "task_a",
            "acc,none": 0.25,
            "acc_stderr,none": 0.02,
            "f1,strict": 0.5,
            "f1_stderr,strict": "N/A",
        }
    },
    "n-shot": {"task_a": 5},
    "n-samples": {"task_a": {"original": 40, "effective": 40}},
    "config": {"model": "hf", "model_args": {"pretrained": "lab/one"}},
    "date": 1760000000.0,
    "model_name": "lab/one",
}
COPILOT = {
    "organization_id": "7",
    "report_start_day": "2026-02-01",
    "report_end_day": "2026-02-02",
    "day_totals": [
        {
            "day": f"2026-02-0{day}",
            "organization_id": "7",
            "daily_active_users": 3,
            "loc_added_sum": 40,
            "code_generation_activity_count": 20,
            "code_acceptance_activity_count": 5,
        }
        for day in (1, 2)
    ],
}
ANALYTICS = {
    "data": [
        {
            "date": "2026-02-01T00:00:00Z",
            "organization_id": "7",
            "actor": {"email_address": f"{who}@example.org"},
            "core_metrics": {
                "num_sessions": 2,
                "lines_of_code": {"added": 100, "removed": 10},
                "commits_by_claude_code": 3,
                "pull_requests_by_claude_code": 1,
            },
            "tool_actions": {"edit_tool": {"accepted": 8, "rejected": 2}},
            "model_breakdown": [
                {
                    "model": "m",
                    "tokens": {"input": 5, "output": 7},
                    "estimated_cost": {"currency": "USD", "amount": 250},
                }
            ],
        }
        for who in ("a", "b")
    ],
    "has_more": False,
}


def point(value: int, hour: int, kind: str, **more: str) -> dict[str, Any]:
    """A data point of a counter, so many hours after the start of 1 February 2026 (UTC)."""
    attributes = {"organization.id": "7", "user.email": "a@example.org", "type": kind, **more}
    return {
        "asInt": str(value),
        "startTimeUnixNano": "1769904000000000000",
        "timeUnixNano": str(1769904000000000000 + hour * 3600 * 10**9),
        "attributes": [{"key": key, "value": {"stringValue": text}} for key, text in attributes.items()],
    }


def telemetry(points: list[dict[str, Any]], temporality: int) -> str:
    """A line of OTLP JSON with one counter of lines of code."""
    metric = {
        "name": "claude_code.lines_of_code.count",
        "sum": {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": points},
    }
    return json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}) + "\n"


def inspect_log(
    version: int = 2, status: str = "success", samples: int = 4, epochs: int = 2
) -> dict[str, Any]:
    """The parts of an Inspect log: header, and a summary for each sample and epoch."""
    summaries = [
        {
            "id": f"s{i}",
            "epoch": epoch,
            "input": "q",
            "target": "a",
            "scores": {"match": {"value": "C" if i % 2 else "I"}},
        }
        for epoch in range(1, epochs + 1)
        for i in range(samples)
    ]
    header = {
        "version": version,
        "status": status,
        "eval": {
            "task": "arithmetic",
            "task_id": "t1",
            "run_id": "r1",
            "eval_id": "e1",
            "created": "2025-10-01T10:00:00+00:00",
            "model": "one",
            "config": {"epochs": epochs, "message_limit": 30},
        },
        "plan": {"steps": [{"solver": "react", "params": {"tools": [{"name": "bash"}]}}], "config": {}},
        "results": {
            "total_samples": samples,
            "completed_samples": samples,
            "scores": [
                {
                    "name": "match",
                    "scorer": "match",
                    "metrics": {
                        "accuracy": {"name": "accuracy", "value": 0.5},
                        "stderr": {"name": "stderr", "value": 0.2},
                    },
                }
            ],
        },
    }
    return {"header": header, "summaries": summaries}


def eval_file(
    path: Path, log: Mapping[str, Any], *, zstd: bool = False, members: Mapping[str, bytes] | None = None
) -> Path:
    """Write an Inspect `.eval`: a zip, compressed as old versions did it or, with zstd, as new ones do."""
    parts = {
        "header.json": json.dumps(log["header"]).encode(),
        "summaries.json": json.dumps(log["summaries"]).encode(),
    }
    parts = {name: body for name, body in parts.items() if body != b"null"} | dict(members or {})
    if zstd:
        path.write_bytes(zstd_zip(parts))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, body in parts.items():
                file.writestr(name, body)
    return path


def zstd_zip(parts: Mapping[str, bytes], claim: Callable[[int], int] = lambda size: size) -> bytes:
    """A zip with method 93, which zipfile of Python 3.13 cannot write; `claim` falsifies the size it states."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, content in parts.items():
        packed = pa.Codec("zstd").compress(content, asbytes=True)
        raw, crc, at = name.encode(), zlib.crc32(content), body.tell()
        same = struct.pack("<3H2H3I2H", 63, 0, 93, 0, 33, crc, len(packed), claim(len(content)), len(raw), 0)
        body.write(b"PK\x03\x04" + same + raw + packed)
        directory.write(
            b"PK\x01\x02" + struct.pack("<H", 63) + same + struct.pack("<3H2I", 0, 0, 0, 0, at) + raw
        )
    start = body.tell()
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(parts), len(parts), directory.tell(), start, 0)
    return body.getvalue() + directory.getvalue() + end


MAPPING = """rows: measurements
columns: {system: who, observed_on: day, value: points, low: from, high: to}
constants: {indicator: own_series, interval: 0.9}
times: {value: 0.01, low: 0.01, high: 0.01}
indicators:
  - {id: own_series, name: Our own series, unit: share, scale: logit, lower: 0, upper: 1, direction: higher,
     measures: success}
"""
ROWS = [
    {"who": "one", "day": "2025-03-01", "points": 40, "from": 30, "to": 50},
    {"who": "two", "day": "2025-09-01", "points": 60, "from": 50, "to": 70},
]


def tables(folder: Path) -> dict[str, Path]:
    """The same two rows as CSV, JSON lines, Parquet and XLSX."""
    paths = {suffix: folder / f"own.{suffix}" for suffix in ("csv", "jsonl", "parquet", "xlsx")}
    lines = [",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]
    paths["csv"].write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths["jsonl"].write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    parquet.write_table(pa.Table.from_pylist(ROWS), paths["parquet"])
    book = Workbook()
    sheet = book.active
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    book.save(paths["xlsx"])
    return paths


def attempts_file(path: Path, rows: int = 1000, **columns: Any) -> Path:
    """Attempts as a lab might have them in Parquet, under names of its own."""
    table = {
        "model": ["one" if i % 2 else "two" for i in range(rows)],
        "item": [f"t{i % 50}" for i in range(rows)],
        "ok": [float(i % 3 == 0) for i in range(rows)],
        "minutes": [float(1 + i % 50) for i in range(rows)],
        **columns,
    }
    parquet.write_table(pa.table(table), path)
    return path


ATTEMPTS = {
    "rows": "attempts",
    "columns": {"system": "model", "task": "item", "score": "ok", "human_minutes": "minutes"},
    "constants": {"benchmark": "own", "scaffold": "react"},
}


def repository(folder: Path, commits: list[dict[str, Any]]) -> Path:
    """A git repository with the commits given: author, date, lines added, trailer, file."""
    folder.mkdir(parents=True)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: str, **more: str) -> None:
        subprocess.run(
            ["git", "-C", str(folder), *arguments],
            check=True,
            capture_output=True,
            env={**environment, **more},
        )

    git("init", "-q", "-b", "main")
    for number, commit in enumerate(commits):
        file = folder / commit.get("file", f"f{number}.txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("line\n" * commit.get("lines", 10), encoding="utf-8")
        name = commit.get("author", "A researcher <r@example.org>")
        who, _, address = name.partition(" <")
        when = f"{commit['date']}T12:00:00+00:00"
        message = f"change {number}" + (f"\n\n{commit['trailer']}" if "trailer" in commit else "")
        git("add", "-A")
        git(
            "commit",
            "-q",
            "-m",
            message,
            GIT_AUTHOR_NAME=who,
            GIT_AUTHOR_EMAIL=address.rstrip(">"),
            GIT_AUTHOR_DATE=when,
            GIT_COMMITTER_NAME="c",
            GIT_COMMITTER_EMAIL="c@example.org",
            GIT_COMMITTER_DATE=when,
        )
    return folder


def write_all(folder: Path) -> dict[str, Path]:
    """A good file of every importer but git, by a name that says which kind it is."""
    texts: dict[str, str] = {
        "metr.yaml": METR,
        "counts.csv": COUNTS,
        "runs.jsonl": "".join(json.dumps(row) + "\n" for row in RUNS),
        "eci.csv": ECI,
        "matrix.csv": MATRIX,
        "bench_external.csv": HUB,
        "old.json": json.dumps(LM_EVAL_OLD),
        "results.json": json.dumps(LM_EVAL),
        "copilot.json": json.dumps(COPILOT, indent=1),
        "analytics.json": json.dumps(ANALYTICS),
        "otel.jsonl": telemetry([point(5, 1, "added"), point(9, 30, "added")], 2),
    }
    log = inspect_log()
    texts["log.json"] = json.dumps({**log["header"], "samples": log["summaries"]})
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    eval_file(folder / "old.eval", log)
    eval_file(folder / "new.eval", log, zstd=True)
    own = tables(folder)
    (folder / "own.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return {name: folder / name for name in (*texts, "old.eval", "new.eval")} | {
        p.name: p for p in own.values()
    }
