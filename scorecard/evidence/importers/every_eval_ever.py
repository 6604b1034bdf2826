"""Every Eval Ever: the common schema of the EvalEval coalition, into which Inspect, HELM, lm-eval and others convert.

Schema: https://github.com/evaleval/every_eval_ever, eval.schema.json 0.1 to 0.2, and its records of single instances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import lines_of_json, mapping, parsed, text
from scorecard.evidence.reading.gather import Gather, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, measured, moment, objects, text_of
from scorecard.evidence.reading.scores import score_of, table, whole_number
from scorecard.evidence.reading.settings import phrases
from scorecard.evidence.tables import Fault

# What describes a model and changes nothing in it.
DESCRIBES = (
    "params_billions",
    "architecture",
    "licence",
    "license",
    "hub_likes",
    "co2_cost",
    "submission_date",
)


def _records(gather: Gather, path: Path) -> Imported:
    document = mapping(parsed(text(path), path.name), path.name, "a record of Every Eval Ever")
    model, source = inner(document.get("model_info")), inner(document.get("source_metadata"))
    system = text_of(model.get("id")) or text_of(model.get("name"))
    if not system:
        gather.refuse("model_info", "id", model.get("id"), "the model's id or name")
        return gather.done("Every Eval Ever")
    gather.system(system, developer=model.get("developer"))
    made_at = moment(document.get("evaluation_timestamp"))
    for place, result in enumerate(objects(document.get("evaluation_results")), start=1):
        _result(gather, document, source, model, system, made_at, place, result)
    library = inner(document.get("eval_library"))
    circumstances = {"record": text_of(document.get("evaluation_id"))}
    if library:
        circumstances["library"] = f"{library.get('name')} {library.get('version')}"
    return gather.done(
        f"Every Eval Ever {document.get('evaluation_id') or path.name}",
        circumstances=circumstances if made_at else {"library": circumstances.get("library", "not given")},
        made_at=made_at,
    )


def _result(
    gather: Gather,
    document: Json,
    source: Json,
    model: Json,
    system: str,
    made_at: str,
    place: int,
    result: Json,
) -> None:
    name = text_of(result.get("evaluation_name"))
    if not name:
        gather.refuse(
            f"result {place}", "evaluation_name", result.get("evaluation_name"), "the evaluation's name"
        )
        return
    config, details = inner(result.get("metric_config")), inner(result.get("score_details"))
    metric = text_of(config.get("metric_name")) or text_of(config.get("metric_id")) or "score"
    score = details.get("score")
    if config.get("has_unknown_level") is True and score == -1:
        gather.absent("of the level that says unknown")
        return
    run = Run(
        format="eee",
        title="Every Eval Ever",
        benchmark=name,
        system=system,
        made_at=moment(result.get("evaluation_timestamp")) or made_at,
        condition=[
            *_generation(result.get("generation_config")),
            *_generation(document.get("generation_config")),
            *phrases(model.get("additional_details"), harmless=DESCRIBES),
            *_judges(config),
            *phrases({"metric of": config.get("additional_details")}),
            f"by {source.get('source_organization_name')}" if source.get("source_organization_name") else "",
        ],
        marks=["self_reported"] if source.get("evaluator_relationship") == "first_party" else [],
    )
    uncertainty = inner(details.get("uncertainty"))
    bounds = inner(uncertainty.get("confidence_interval"))
    level = number(bounds.get("confidence_level"))
    given = level is not None and {"lower", "upper"} <= bounds.keys()
    ends = {"low": bounds["lower"], "high": bounds["upper"], "interval": level} if given else None
    se = inner(uncertainty.get("standard_error")).get("value", uncertainty.get("standard_error"))
    measured(
        gather,
        run,
        metric,
        score,
        scale=_scale(config),
        n=whole_number(uncertainty.get("num_samples")),
        se=None if ends else se,
        ends=ends,
        lower_is_better=config.get("lower_is_better") is True,
        place=f"result {place} ({name})",
    )


def _scale(config: Json) -> str:
    low, high = number(config.get("min_score")), number(config.get("max_score"))
    if config.get("score_type") == "binary" or (low, high) == (0.0, 1.0):
        return "share"
    return "per cent" if (low, high) == (0.0, 100.0) else "score"


def _generation(config: Any) -> Iterator[str]:
    given = inner(config)
    yield from phrases(given.get("generation_args"), harmless=("execution_command",))
    yield from phrases(given.get("additional_details"))


def _judges(config: Json) -> list[str]:
    scoring = inner(config.get("llm_scoring"))
    judges = [inner(inner(judge).get("model_info")).get("id") for judge in objects(scoring.get("judges"))]
    return phrases(
        {"judged by": [judge for judge in judges if judge], "judge's prompt": scoring.get("input_prompt")}
    )


def _instances(gather: Gather, path: Path) -> Imported:
    """Records of single instances as attempts."""
    attempts: list[dict[str, Any]] = []
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            gather.fault(row)
            continue
        found = inner(row.get("evaluation"))
        score = found.get("score", found.get("is_correct"))
        model, sample = row.get("model_id"), row.get("sample_id")
        if score is None:
            gather.absent("without a score")
        elif score_of(score) is None or not text_of(model) or sample is None:
            gather.refuse(line, "evaluation.score", score, "a score from 0 to 1, with model_id and sample_id")
        else:
            gather.system(model)
            attempts.append(_attempt(row, score))
    first = attempts[0]["benchmark"] if attempts else path.stem
    return gather.done(f"Every Eval Ever instances {first} {path.stem}", table(attempts))


def _attempt(row: Mapping[str, Any], score: Any) -> dict[str, Any]:
    run, sample = text_of(row.get("evaluation_id")), str(row.get("sample_id"))
    turn = whole_number(row.get("epoch")) or 1
    return {
        "system": text_of(row.get("model_id")),
        "benchmark": text_of(row.get("evaluation_name")),
        "task": sample,
        "epoch": turn,
        "score": score_of(score),
        "settings": run,
        "sample": f"{run} {sample} {turn}" if run else "",
    }


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _instances(gather, path) if path.suffix == ".jsonl" else _records(gather, path)


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix == ".jsonl":
        return seen.has("evaluation_id", "sample_id", "evaluation")
    return path.suffix == ".json" and seen.has("schema_version", "evaluation_results", "model_info")


IMPORTER = Importer(
    name="every_eval_ever",
    version="1",
    title="Every Eval Ever: records and single instances",
    recognise=_recognise,
    read=_read,
)
