"""lm-evaluation-harness: results files, old (`acc`) and current (`acc,none`), and samples files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.importers.lm_eval.run import LmEvalRun
from scorecard.evidence.reading.bounded import lines_of_json, mapping, parsed, text, whole
from scorecard.evidence.reading.gather import LINEAR, PERCENT, SHARE, Gather, around, gathered, number, slug
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import inner
from scorecard.evidence.reading.scores import score_of, table, unscored
from scorecard.evidence.tables import Fault

# Metrics that are shares by definition; the others (perplexity, likelihood differences) are on a line.
SHARES = {
    "acc",
    "acc_norm",
    "exact_match",
    "em",
    "f1",
    "mc1",
    "mc2",
    "pass@1",
    "pct_stereotype",
    "acc_bytes",
    "prompt_level_strict_acc",
    "inst_level_strict_acc",
}
WORSE = {
    "ppl",
    "perplexity",
    "word_perplexity",
    "byte_perplexity",
    "bits_per_byte",
    "likelihood_difference",
    "pct_stereotype",
    "brier_score",
}
LABELS = {"alias", "name", "sample_len", "sample_count", "samples"}  # beside the metrics, and none
PLACEHOLDER = "bypass"  # the metric of --predict_only, which is always 999
_SAMPLES = re.compile(r"samples_(?P<task>.+)_(?P<when>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")


def _metrics(found: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Metric, filter, value and standard error; `acc,none` and `acc` are both known."""
    for key, value in found.items():
        metric, _, filter = str(key).partition(",")
        if not metric.strip() or metric in LABELS or metric.endswith("_stderr"):
            continue
        se = found.get(f"{metric}_stderr,{filter}" if filter else f"{metric}_stderr")
        yield metric, "" if filter == "none" else filter, value, se


def _run_of(path: Path) -> LmEvalRun:
    what = "results of lm-evaluation-harness"
    return LmEvalRun(mapping(parsed(text(path), path.name), path.name, what), path.name)


def _results(gather: Gather, path: Path) -> Imported:
    run = _run_of(path)
    gather.system(run.system)
    for task, found in mapping(run.document.get("results"), path.name, "results, by task").items():
        if not isinstance(found, dict):
            gather.refuse(task, "results", found, "metrics with their values")
            continue
        metrics = list(_metrics(found))
        if not metrics:  # versions 0.4.3 and 0.4.4 print a group without a mean so
            gather.absent("without a metric")
        for metric, filter, value, se in metrics:
            if metric == PLACEHOLDER:
                gather.absent("placeholders of --predict_only")
            else:
                _measure(gather, run, task, metric, filter, value, se)
    if any(run.partial(task) for task in inner(run.document.get("results"))):
        gather.notes.append("Not the whole of every task: those values are kept and not fitted.")
    subject = f"lm-eval {run.system} {run.document.get('date', path.name)}"
    return gather.done(subject, circumstances=run.circumstances(), made_at=run.made_at)


def _measure(
    gather: Gather, run: LmEvalRun, task: str, metric: str, filter: str, value: Any, se: Any
) -> None:
    worse = inner(inner(run.document.get("higher_is_better")).get(task)).get(metric)
    shown, scale, unit = number(value), LINEAR, metric
    if metric in SHARES:
        # Some tasks (SQuAD's) print per cent under the name of a share.
        percent = shown is not None and 1 < shown <= 100
        scale, unit = (PERCENT, "%") if percent else (SHARE, "share")
    partial, day = run.partial(task), run.day or gather.vintage
    parts = (task, metric, filter, "percent" if unit == "%" else "")
    indicator = gather.indicator(
        "lm_eval_" + slug("_".join(part for part in parts if part)),
        name=f"{task}: {metric}" + (f" ({filter})" if filter else ""),
        unit=unit,
        measures=f"lm-evaluation-harness, task {task}, metric {metric}, filter {filter or 'none'}",
        direction="lower" if worse is False or (worse is None and metric in WORSE) else "higher",
        shared_tasks=True,
        **scale,
    )
    gather.measurement(
        f"{task}, {metric}",
        indicator=indicator,
        system=run.system,
        observed_on=day,
        condition=run.condition(task, partial),
        vintage=day,
        n=run.counts(task)[0],
        main=not partial,
        marks=["partial"] if partial else [],
        **around(value, se, share=unit == "share"),
    )


def _samples(gather: Gather, path: Path) -> Imported:
    """Attempts of one task; which model made them stands only in the results file beside it."""
    named = _SAMPLES.fullmatch(path.name)
    beside = path.with_name(f"results_{named['when']}.json") if named else path
    if named is None or not beside.is_file():
        expected = (
            f"{beside.name} in the same folder, which names the model" if named else "samples_TASK_DATE.jsonl"
        )
        raise whole(path.name, "samples without their results", expected)
    run, task = _run_of(beside), named["task"]
    gather.system(run.system)
    settings = run.condition(task, run.partial(task))
    attempts, others = [], set()
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            gather.fault(row)
            continue
        metrics = row.get("metrics")
        for metric in map(str, metrics if isinstance(metrics, list) and metrics else ["acc"]):
            found, score = row.get(metric), score_of(row.get(metric))
            if metric == PLACEHOLDER or unscored(found):
                gather.absent("placeholders of --predict_only" if metric == PLACEHOLDER else "unscored")
            elif score is None:
                others.add(metric)
            else:
                attempts.append(
                    {
                        "system": run.system,
                        "benchmark": task,
                        "task": str(row.get("doc_id", line)),
                        "scorer": f"{metric},{row.get('filter', 'none')}",
                        "score": score,
                        "settings": settings,
                    }
                )
    for metric in sorted(others):
        gather.notes.append(f"{metric} gives values that are no number from 0 to 1: it brings no attempts.")
    kept = [row for row in attempts if str(row["scorer"]).partition(",")[0] not in others]
    subject = f"lm-eval samples {run.system} {task} {named['when']}"
    return gather.done(subject, table(kept), made_at=run.made_at)


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _samples(gather, path) if path.suffix == ".jsonl" else _results(gather, path)


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix == ".jsonl":
        return seen.has("doc_id") or _SAMPLES.fullmatch(path.name) is not None
    return path.suffix == ".json" and (
        seen.has("results", "config.model_args")
        or seen.has("results", "config.model", "versions")
        or seen.has("results", "configs", "n-shot")
        or seen.has("results", "n-samples")
    )


IMPORTER = Importer(
    name="lm_eval",
    version="2",
    title="lm-evaluation-harness: results and samples",
    recognise=_recognise,
    read=_read,
)
