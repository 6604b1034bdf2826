"""MLflow: runs as its REST interface gives them (`runs/get`, `runs/search`), a value for each metric of a finished run.

Format: https://mlflow.org/docs/latest/rest-api.html. The system is the parameter or tag that names the model; all other
parameters are the run's condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import parsed, text
from scorecard.evidence.reading.gather import Gather, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, listed, measured, moment, objects, text_of
from scorecard.evidence.reading.settings import adapted, phrases

MODELS = ("model", "model_name", "model_id", "llm", "model_uri", "endpoint", "deployment")
SHARES = (
    "accuracy",
    "exact_match",
    "f1",
    "precision",
    "recall",
    "pass_rate",
    "toxicity_ratio",
    "ratio",
    "score",
)


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    got = parsed(text(path), path.name)
    runs = objects(got) if isinstance(got, list) else objects(inner(got).get("runs"))
    runs = runs or [inner(inner(got).get("run")) or inner(got)]
    moments = [_run(gather, place, run) for place, run in enumerate(runs, start=1)]
    return gather.done(f"MLflow {path.stem}", made_at=max(moments, default=""))


def _run(gather: Gather, place: int, document: Json) -> str:
    info, data = inner(document.get("info")), inner(document.get("data"))
    params, tags, metrics = (_pairs(data.get(name)) for name in ("params", "tags", "metrics"))
    id = text_of(info.get("run_id")) or text_of(info.get("run_uuid")) or f"run {place}"
    named = {**tags, **params}
    model = next((text_of(named[name]) for name in MODELS if text_of(named.get(name))), "")
    if not model:
        gather.refuse(id, "data.params", ", ".join(params)[:80], f"a parameter or tag {', '.join(MODELS)}")
        return ""
    status = str(info.get("status", "FINISHED"))
    system = adapted(model, params)
    gather.system(system)
    kept = {name: value for name, value in params.items() if name not in MODELS}
    benchmark = next(
        (
            text_of(named[name])
            for name in ("task", "dataset", "benchmark", "eval_name")
            if text_of(named.get(name))
        ),
        f"experiment {info.get('experiment_id', 'unnamed')}",
    )
    run = Run(
        format="mlflow",
        title="MLflow",
        benchmark=benchmark,
        system=system,
        made_at=moment(info.get("start_time")),
        condition=phrases(kept, harmless=("task", "dataset", "benchmark", "eval_name")),
        partial="" if status in ("FINISHED", "3") else f"status {status.lower()}",
    )
    if not metrics:
        gather.absent("without a metric")
    for metric, value in metrics.items():
        bare, shown = metric.rpartition("/")[0] or metric, number(value)
        share = any(word in bare.lower() for word in SHARES) and shown is not None and 0 <= shown <= 1
        measured(gather, run, metric, value, scale="share" if share else "score", place=f"{id}, {metric}")
    return run.made_at


def _pairs(value: Any) -> Mapping[str, Any]:
    """Names and values, as an object or as MLflow's list of keys and values; the last value of a metric counts."""
    if isinstance(value, dict):
        return value
    pairs = [one for one in listed(value) if isinstance(one, dict) and isinstance(one.get("key"), str)]
    pairs.sort(key=lambda one: (number(one.get("step")) or 0, number(one.get("timestamp")) or 0))
    return {one["key"]: one.get("value") for one in pairs}


def _recognise(path: Path, seen: Glimpse) -> bool:
    keys = (
        ("info", "data.metrics"),
        ("run.info", "run.data"),
        ("runs.info", "runs.data"),
        ("[].info", "[].data"),
    )
    return path.suffix == ".json" and any(seen.has(*one) for one in keys)


IMPORTER = Importer(
    name="mlflow",
    version="1",
    title="MLflow: runs as its REST interface gives them",
    recognise=_recognise,
    read=_read,
)
