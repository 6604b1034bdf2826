"""Terminal-Bench: `results.json` of its own harness with `run_metadata.json` beside it, and Harbor's `result.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import mapping, parsed, text, whole
from scorecard.evidence.reading.gather import Gather, gathered
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, listed, measured, moment, objects, text_of
from scorecard.evidence.reading.scores import table, whole_number
from scorecard.evidence.reading.settings import phrases


def _run(gather: Gather, path: Path, document: Json) -> Imported:
    """A run of the harness `tb`: trials with `is_resolved`; model and agent stand in the metadata beside it."""
    beside = path.with_name("run_metadata.json")
    about = inner(parsed(text(beside), beside.name)) if beside.is_file() else document
    model, agent = text_of(about.get("model_name")), text_of(about.get("agent_name"))
    if not model:
        raise whole(
            path.name, "Terminal-Bench results without their model", f"{beside.name} in the same folder"
        )
    gather.system(model)
    trials = objects(document.get("results"))
    solved = [trial for trial in trials if trial.get("is_resolved") is True]
    tried = [trial for trial in trials if isinstance(trial.get("is_resolved"), bool)]
    gather.absent("errored", len(trials) - len(tried))
    dataset = text_of(about.get("dataset_name")) or "terminal-bench"
    version = text_of(about.get("dataset_version"))
    tasks = len({text_of(trial.get("task_id")) for trial in trials})
    run = Run(
        format="terminal_bench",
        title="Terminal-Bench",
        benchmark=f"{dataset} {version}".strip(),
        system=model,
        made_at=moment(about.get("start_time")),
        condition=[f"agent {agent}" if agent else "", *phrases(about.get("agent_kwargs"))],
        partial=_part(about, tasks),
        remarks=[
            f"{len(trials) - len(tried)} of {len(trials)} trials errored" if len(tried) < len(trials) else ""
        ],
    )
    if tried:
        measured(gather, run, "accuracy", len(solved) / len(tried), scale="share", n=tasks)
    attempts = [
        {
            "system": model,
            "benchmark": run.benchmark,
            "task": text_of(trial.get("task_id")) or text_of(trial.get("trial_name")),
            "score": float(trial["is_resolved"]),
            "scorer": "is_resolved",
            "scaffold": agent,
            "sample": text_of(trial.get("uuid")) or text_of(trial.get("id")),
        }
        for trial in tried
    ]
    subject = text_of(about.get("run_id")) or text_of(document.get("id")) or path.parent.name
    circumstances = {"commit": text_of(about.get("commit_hash"))} if about.get("commit_hash") else {}
    return gather.done(
        f"Terminal-Bench {subject}", table(attempts), circumstances=circumstances, made_at=run.made_at
    )


def _part(about: Json, tasks: int) -> str:
    there = whole_number(about.get("dataset_size"))
    chosen = listed(about.get("task_ids"))
    if there is not None and tasks < there:
        return f"{tasks} of {there} tasks"
    return f"{tasks} chosen tasks" if there is None and chosen and about.get("n_tasks") else ""


def _job(gather: Gather, path: Path, document: Json) -> Imported:
    """A job of Harbor, which runs Terminal-Bench 2: a mean reward for each agent, model and dataset."""
    made_at = moment(document.get("started_at"))
    for name, found in inner(inner(document.get("stats")).get("evals")).items():
        agent, model, dataset = ([*str(name).split("__"), "", "", ""])[:3]
        if not model or not dataset:
            gather.refuse(str(name), "stats.evals", name, "agent__model__dataset")
            continue
        gather.system(model)
        trials, errors = (
            whole_number(inner(found).get("n_trials"), 0),
            whole_number(inner(found).get("n_errors"), 0),
        )
        gather.absent("errored", errors or 0)
        total = whole_number(document.get("n_total_trials"), 0) or 0
        run = Run(
            format="terminal_bench",
            title="Terminal-Bench",
            benchmark=dataset,
            system=model,
            made_at=made_at,
            condition=[f"agent {agent}"],
            partial="" if document.get("finished_at") else f"{trials} of {total} trials when it was written",
            remarks=[f"{errors} trials errored" if errors else ""],
        )
        for metric in objects(inner(found).get("metrics")):
            for what, value in metric.items():
                measured(gather, run, str(what), value, scale="share", n=trials or None, place=str(name))
    return gather.done(f"Harbor {document.get('id') or path.parent.name}", made_at=made_at)


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    document: dict[str, Any] = mapping(parsed(text(path), path.name), path.name, "results of Terminal-Bench")
    if path.name == "run_metadata.json":
        raise whole(path.name, "what a run was, without its results", "results.json in the same folder")
    return _job(gather, path, document) if "stats" in document else _run(gather, path, document)


def _recognise(path: Path, seen: Glimpse) -> bool:
    return path.suffix == ".json" and (
        seen.has("results", "n_resolved")
        or seen.has("results", "resolved_ids")
        or seen.has("stats.evals", "n_total_trials")
    )


IMPORTER = Importer(
    name="terminal_bench",
    version="1",
    title="Terminal-Bench: a run's results, and Harbor's jobs",
    recognise=_recognise,
    read=_read,
)
