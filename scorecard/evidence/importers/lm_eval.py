"""lm-evaluation-harness: results files, old (`acc`) and current (`acc,none`), and samples files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scorecard.evidence.importers._attempts import score_of, table
from scorecard.evidence.importers._gather import LINEAR, SHARE, Gather, around, gathered, number, slug
from scorecard.evidence.importers._importer import Imported, Importer
from scorecard.evidence.importers._reading import lines_of_json, mapping, parsed, text, whole
from scorecard.evidence.tables import Fault

# Metrics that are shares by definition; the others (perplexity, likelihood differences) are on a line.
SHARES = {"acc", "acc_norm", "exact_match", "em", "f1", "mc1", "mc2", "pass@1", "pct_stereotype", "acc_bytes",
          "prompt_level_strict_acc", "inst_level_strict_acc"}  # fmt: skip
WORSE = {"ppl", "perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "likelihood_difference",
         "pct_stereotype", "brier_score"}  # fmt: skip
_ARGUMENT = re.compile(r"(?:^|,)(pretrained|model|engine|revision)=([^,]*)")
_SAMPLES = re.compile(r"samples_(?P<task>.+)_(?P<when>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")


def _model(got: Mapping[str, Any], name: str) -> str:
    """The system's name: the model that was loaded, with its revision where it has one."""
    config = got.get("config")
    config = config if isinstance(config, dict) else {}
    arguments = config.get("model_args")
    if isinstance(arguments, str):
        named = dict(_ARGUMENT.findall(arguments))
    else:
        named = arguments if isinstance(arguments, dict) else {}
    loaded = named.get("pretrained") or named.get("model") or named.get("engine")
    revision = named.get("revision")
    found = loaded or got.get("model_name") or config.get("model")
    if not isinstance(found, str) or not found.strip():
        raise whole(name, "no model", "config.model_args or model_name")
    return f"{found} ({revision})" if isinstance(revision, str) and loaded else found


def _day(got: Mapping[str, Any]) -> str | None:
    """The day of the run, which only current files have."""
    seconds = number(got.get("date"))
    if seconds is None or not 0 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _metrics(found: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Metric, filter, value and standard error; `acc,none` and `acc` are both known."""
    for key, value in found.items():
        metric, _, filter = key.partition(",")
        if metric in ("alias", "name", "sample_len", "sample_count", "samples") or metric.endswith("_stderr"):
            continue
        se = found.get(f"{metric}_stderr,{filter}" if filter else f"{metric}_stderr")
        yield metric, "" if filter == "none" else filter, value, se


def _results(gather: Gather, path: Path) -> Imported:
    got = mapping(parsed(text(path), path.name), path.name, "results of lm-evaluation-harness")
    model, day = _model(got, path.name), _day(got)
    gather.system(model)
    results = mapping(got.get("results"), path.name, "results, by task")
    shots = got.get("n-shot")
    shots = shots if isinstance(shots, dict) else {}
    counts = got.get("n-samples")
    counts = counts if isinstance(counts, dict) else {}
    config = got.get("config")
    everywhere = config.get("num_fewshot") if isinstance(config, dict) else None
    for task, found in results.items():
        if not isinstance(found, dict):
            gather.refuse(task, "results", found, "metrics with their values")
            continue
        shot = shots.get(task, everywhere)
        n = counts.get(task)
        n = n.get("effective") if isinstance(n, dict) else None
        for metric, filter, value, se in _metrics(found):
            share = metric in SHARES
            indicator = gather.indicator(
                "lm_eval_" + slug("_".join(part for part in (task, metric, filter) if part)),
                name=f"{task}: {metric}" + (f" ({filter})" if filter else ""), unit="share" if share else metric,
                measures=f"lm-evaluation-harness, task {task}, metric {metric}, filter {filter or 'none'}",
                direction="lower" if metric in WORSE else "higher", shared_tasks=True, **(SHARE if share else LINEAR),
            )  # fmt: skip
            gather.measurement(
                f"{task}, {metric}", indicator=indicator, system=model, observed_on=day or gather.vintage,
                condition="" if shot is None else f"{shot}-shot", vintage=day or gather.vintage, n=n,
                **around(value, se, share=share),
            )  # fmt: skip
    return gather.done(f"lm-eval {model} {got.get('date', path.name)}")


def _samples(gather: Gather, path: Path) -> Imported:
    """Attempts of one task; which model made them stands only in the results file beside it."""
    named = _SAMPLES.fullmatch(path.name)
    beside = path.with_name(f"results_{named['when']}.json") if named else path
    if named is None or not beside.is_file():
        expected = (
            f"{beside.name} in the same folder, which names the model" if named else "samples_TASK_DATE.jsonl"
        )
        raise whole(path.name, "samples without their results", expected)
    got = mapping(parsed(text(beside), beside.name), beside.name, "results of lm-evaluation-harness")
    model, task = _model(got, beside.name), named["task"]
    gather.system(model)
    attempts = []
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            gather.fault(row)
            continue
        metrics = row.get("metrics")
        for metric in metrics if isinstance(metrics, list) and metrics else ["acc"]:
            score = score_of(row.get(str(metric)))
            if score is None:
                if str(metric) in SHARES:
                    gather.refuse(line, str(metric), row.get(str(metric)), "a number between 0 and 1")
                continue
            filter = row.get("filter", "none")
            attempts.append({"system": model, "benchmark": task, "task": str(row.get("doc_id", line)),
                             "scorer": f"{metric},{filter}", "score": score})  # fmt: skip
    return gather.done(f"lm-eval samples {model} {task} {named['when']}", table(attempts))


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _samples(gather, path) if path.suffix == ".jsonl" else _results(gather, path)


def _recognise(path: Path, head: bytes) -> bool:
    if path.suffix == ".jsonl":
        return b'"doc_id"' in head[:200] or _SAMPLES.fullmatch(path.name) is not None
    return path.suffix == ".json" and re.match(rb'\s*\{\s*"results"\s*:', head) is not None


IMPORTER = Importer(
    name="lm_eval",
    version="1",
    title="lm-evaluation-harness: results and samples",
    recognise=_recognise,
    read=_read,
)
