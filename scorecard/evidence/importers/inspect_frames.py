"""Inspect's data frames in Parquet: `evals_df` as values, `samples_df` as attempts.

Format: https://inspect.aisi.org.uk/dataframe.html, columns as inspect-ai names them: eval_id, log, task_name, model,
score_SCORER_METRIC; sample_id, id, epoch, score_SCORER.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import Gather, gathered, nothing
from scorecard.evidence.reading.gather import day_of as iso_day
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Run, measured, moment, text_of
from scorecard.evidence.reading.scores import family_of, score_of, table, whole_number
from scorecard.evidence.reading.settings import phrases
from scorecard.store import StoreError
from scorecard.store.outside import bounded

MOST = 2_000_000  # rows of one frame
SPREADS = ("stderr", "std", "var", "bootstrap_stderr")
SHARES = ("accuracy",)
# Columns of settings; those of identity, time and bookkeeping are told elsewhere.
SETTINGS = (
    "solver",
    "solver_args",
    "model_args",
    "model_generate_config",
    "model_roles",
    "approval",
    "message_limit",
    "token_limit",
    "turn_limit",
    "time_limit",
    "working_limit",
    "task_version",
)
type Row = Mapping[str, Any]


def _rows(path: Path) -> Iterator[Row]:
    try:
        bounded(path, MOST)
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=8192):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, ValueError, StoreError) as error:
        raise whole(
            path.name, str(error).splitlines()[0][:160], "a whole Parquet file of ordinary size"
        ) from None


def _settings(row: Row) -> list[str]:
    given = {
        name: row[name] for name in SETTINGS if not nothing(row.get(name)) and row[name] not in ("{}", "0", 0)
    }
    arguments = {
        name.removeprefix("task_arg_"): value
        for name, value in row.items()
        if name.startswith("task_arg_") and not nothing(value)
    }
    epochs = whole_number(row.get("epochs"))
    return [*phrases(given), *phrases(arguments), f"{epochs} epochs" if epochs and epochs > 1 else ""]


def _evals(gather: Gather, path: Path) -> Imported:
    moments = []
    for place, row in enumerate(_rows(path), start=1):
        model, task = text_of(row.get("model")), text_of(row.get("task_name"))
        if not model or not task:
            gather.refuse(place, "model", row.get("model"), "the model and the task")
            continue
        gather.system(model)
        created = row.get("created")
        moments.append(moment(created.isoformat() if isinstance(created, datetime) else created))
        total, done = (whole_number(row.get(name), 0) for name in ("total_samples", "completed_samples"))
        there = whole_number(row.get("dataset_samples"))
        status = str(row.get("status"))
        tried = (total or 0) // (whole_number(row.get("epochs")) or 1)
        partial = f"status {status}" if status != "success" else ""
        if there and tried and tried < there:
            partial = f"{tried} of {there} samples"
        errored = (total or 0) - (done or 0) if total is not None and done is not None else 0
        run = Run(
            format="inspect",
            title="Inspect",
            benchmark=task,
            system=model,
            made_at=moments[-1],
            condition=_settings(row),
            partial=partial,
            remarks=[f"{errored} of {total} samples errored" if errored else "", f"log {row.get('log')}"],
        )
        for name, value in row.items():
            if not name.startswith("score_") or name.startswith("score_headline"):
                continue
            scorer, _, metric = name.removeprefix("score_").rpartition("_")
            if not scorer or metric in SPREADS or nothing(value) or isinstance(value, str):
                continue
            se = row.get(f"score_{scorer}_stderr")
            scale = "share" if metric in SHARES else "score"
            measured(
                gather,
                run,
                f"{scorer} {metric}",
                value,
                scale=scale,
                se=se,
                n=tried or None,
                place=f"row {place}",
            )
    return gather.done(f"Inspect evals_df {path.stem}", made_at=max(moments, default=""))


def _samples(gather: Gather, path: Path) -> Imported:
    attempts: list[dict[str, Any]] = []
    others: set[str] = set()
    lacking = False
    for row in _rows(path):
        model, task = text_of(row.get("model")), text_of(row.get("task_name"))
        if not model:
            lacking = True
            break
        gather.system(model)
        scores = {
            name: value
            for name, value in row.items()
            if name.startswith("score_") and "_metadata" not in name
        }
        if all(map(nothing, scores.values())):
            gather.absent("errored" if text_of(row.get("error")) else "unscored")
        for name, value in scores.items():
            if nothing(value):
                continue
            if (score := score_of(value)) is None:
                others.add(name)
                continue
            attempts.append(
                {
                    "system": model,
                    "benchmark": task,
                    "task": str(row.get("id")),
                    "family": family_of(str(row.get("id"))),
                    "epoch": whole_number(row.get("epoch")) or 1,
                    "scorer": name.removeprefix("score_"),
                    "score": score,
                    "on_day": iso_day(str(row.get("created"))),
                    "settings": "; ".join(one for one in _settings(row) if one),
                    "sample": text_of(row.get("sample_id")),
                }
            )
    if lacking:
        expected = (
            "columns of the evaluation too: samples_df(logs, columns=[*SampleSummary, *EvalModel, *EvalTask])"
        )
        raise whole(path.name, "a samples_df without the model", expected)
    for name in sorted(others):
        gather.notes.append(f"{name} gives values that are no number from 0 to 1: it brings no attempts.")
    kept = [row for row in attempts if f"score_{row['scorer']}" not in others]
    return gather.done(f"Inspect samples_df {path.stem}", table(kept))


def _columns(path: Path) -> set[str]:
    try:
        return set(parquet.read_schema(path).names)
    except (pa.ArrowException, OSError, ValueError):
        return set()


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _samples(gather, path) if {"sample_id", "epoch"} <= _columns(path) else _evals(gather, path)


def _recognise(path: Path, _seen: Glimpse) -> bool:
    if path.suffix != ".parquet" or path.with_suffix(".mapping.yaml").is_file():
        return False
    columns = _columns(path)
    return {"eval_id", "sample_id", "epoch"} <= columns or {"eval_id", "task_name", "status"} <= columns


IMPORTER = Importer(
    name="inspect_frames",
    version="1",
    title="Inspect's data frames in Parquet: evals_df and samples_df",
    recognise=_recognise,
    read=_read,
)
