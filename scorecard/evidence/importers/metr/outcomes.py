"""METR's outcomes of tasks as attempts: counts of runs, majorities, runs, and responses by system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.importers.metr.suites import PERSON
from scorecard.evidence.reading.bounded import lines_of_json, whole
from scorecard.evidence.reading.gather import Gather, nothing, number
from scorecard.evidence.reading.importer import Imported
from scorecard.evidence.reading.scores import family_of, score_of, table, whole_number
from scorecard.evidence.tables import Fault

type _Attempt = dict[str, Any]


def outcomes(
    gather: Gather, rows: Iterator[tuple[int, Mapping[str, Any]]], to: Callable[[Mapping[str, Any]], _Attempt]
) -> list[_Attempt]:
    """Attempts of good rows; a row without a score or task, or with impossible minutes, is refused."""
    attempts = []
    for line, row in rows:
        attempt = to(row)
        if nothing(attempt["_found"]):
            gather.absent("without a score")
            continue
        wrong = [
            (name, expected)
            for name, expected in (("system", "the system's name"), ("task", "the task's id"))
            if not isinstance(attempt[name], str) or not attempt[name].strip()
        ]
        if attempt["score"] is None:
            wrong.append(("score", "a number between 0 and 1"))
        if attempt.get("runs", 1) is None:
            wrong.append(("runs", "a whole number above 0"))
        minutes = attempt.get("human_minutes")
        if minutes is not None and (number(minutes) is None or float(minutes) <= 0):
            wrong.append(("human_minutes", "a number above 0, or nothing"))
        for name, expected in wrong:
            gather.refuse(line, name, attempt[name] if name != "score" else attempt["_found"], expected)
        if not wrong:
            attempt["human_minutes"] = number(minutes)
            attempt["weight"] = number(attempt.get("weight", 1.0)) or 1.0
            gather.system(attempt["system"])
            attempts.append(attempt)
    return attempts


def counts(row: Mapping[str, Any]) -> _Attempt:
    runs, successes = whole_number(row["n_runs"]), whole_number(row["n_successes"], 0)
    good = runs is not None and successes is not None and successes <= runs
    return {
        "system": row["agent"],
        "benchmark": "METR-Horizon",
        "task": row["task_id"],
        "family": row["task_family"],
        "score": successes / runs if good and runs and successes is not None else None,
        "runs": runs,
        "human_minutes": row["human_minutes"] or None,
        "weight": row["task_weight"],
        "_found": f"{row['n_successes']} of {row['n_runs']}",
    }


def majority(row: Mapping[str, Any]) -> _Attempt:
    return {
        "system": row["model"],
        "benchmark": "METR-Horizon-v1 (majority of runs)",
        "task": row["task_id"],
        "family": row["task_family"],
        "score": score_of(row["solved_majority"]),
        "human_minutes": row["human_minutes"] or None,
        "_found": row["solved_majority"],
    }


def _run(row: Mapping[str, Any]) -> _Attempt:
    found = row.get("score_binarized", row.get("score_cont"))
    task = row.get("task_id")
    return {
        "system": row.get("alias") or row.get("model"),
        "benchmark": "METR-Horizon",
        "task": task,
        "family": row.get("task_family") or family_of(str(task)),
        "score": score_of(found),
        "human_minutes": row.get("human_minutes"),
        "weight": row.get("invsqrt_task_weight", 1.0),
        "scaffold": str(row.get("scaffold") or ""),
        "_found": found,
    }


def runs(gather: Gather, path: Path) -> Imported:
    """Lines of METR's runs, or of responses by system with the tasks' minutes in a file beside it."""
    faults: list[Fault] = []
    rows: list[tuple[int, dict[str, Any]]] = []
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            faults.append(row)
        else:
            rows.append((line, row))
    for fault in faults:
        gather.fault(fault)
    if rows and set(rows[0][1]) == {"task_id", "human_minutes"}:
        raise whole(
            path.name,
            "lengths of tasks without results",
            "results; keep this file beside them, where it is read with them",
        )
    if rows and "responses" in rows[0][1]:
        rows = _unfolded(gather, rows, _minutes_beside(path))
        benchmark = "BRIDGE responses"
    else:
        rows = [
            (line, row) for line, row in rows if row.get("alias") != PERSON and row.get("model") != PERSON
        ]
        benchmark = "METR-Horizon"
    attempts = outcomes(gather, iter(rows), lambda row: {**_run(row), "benchmark": benchmark})
    return gather.done(f"{benchmark} {path.stem}", table(attempts))


def _unfolded(
    gather: Gather, rows: list[tuple[int, dict[str, Any]]], minutes: Mapping[str, float]
) -> list[tuple[int, dict[str, Any]]]:
    found: list[tuple[int, dict[str, Any]]] = []
    for line, row in rows:
        if not isinstance(row.get("responses"), dict):
            gather.refuse(line, "responses", row.get("responses"), "an object of task ids and scores")
            continue
        for task, score in row["responses"].items():
            found.append(
                (
                    line,
                    {
                        "model": row.get("subject_id"),
                        "task_id": task,
                        "score_cont": score,
                        "human_minutes": minutes.get(task),
                    },
                )
            )
    if not minutes:
        gather.notes.append(
            "No file of task lengths (*human_minutes*.jsonl) stands beside it: no horizons from it."
        )
    return found


def _minutes_beside(path: Path) -> Mapping[str, float]:
    minutes: dict[str, float] = {}
    for other in sorted(path.parent.glob("*human_minutes*.jsonl")):
        for _, row in lines_of_json(other):
            if isinstance(row, dict) and isinstance(row.get("task_id"), str):
                value = number(row.get("human_minutes"))
                if value is not None and value > 0:
                    minutes[row["task_id"]] = value
    return minutes
