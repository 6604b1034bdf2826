"""HAL, the Holistic Agent Leaderboard: the upload of a run (`..._UPLOAD.json`).

Format: https://github.com/princeton-pli/hal-harness; `config` says what was run, `results` what came of it.
"""

from __future__ import annotations

from pathlib import Path

from scorecard.evidence.reading.bounded import mapping, parsed, text, whole
from scorecard.evidence.reading.gather import Gather, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Run, inner, listed, measured, moment, text_of
from scorecard.evidence.reading.scores import score_of, table
from scorecard.evidence.reading.settings import adapted, phrases

PLAIN = (
    "successful_tasks",
    "failed_tasks",
    "latencies",
    "costs",
    "total_cost",
)  # of results; no metrics of skill
MODELS = ("model_name", "model", "agent.model.name")


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    upload = mapping(parsed(text(path), path.name), path.name, "an upload of HAL")
    config = {**inner(upload.get("metadata")), **inner(upload.get("config"))}
    results, arguments = inner(upload.get("results")), inner(config.get("agent_args"))
    agent, benchmark = text_of(config.get("agent_name")), text_of(config.get("benchmark_name"))
    model = next((text_of(arguments[name]) for name in MODELS if text_of(arguments.get(name))), "")
    if not benchmark or not (model or agent):
        lacking = "config.benchmark_name" if not benchmark else "config.agent_args.model_name"
        expected = f"{lacking}; without it, give the file a mapping (generic reads JSON by paths)"
        raise whole(path.name, f"a HAL upload without {lacking}", expected)
    system = adapted(model or agent, arguments)
    gather.system(system)
    solved, failed = (set(map(str, listed(results.get(name)))) for name in PLAIN[:2])
    run = Run(
        format="hal",
        title="HAL",
        benchmark=benchmark,
        system=system,
        made_at=moment(config.get("date")),
        condition=[
            f"agent {agent}" if agent and model else "",
            *phrases({name: value for name, value in arguments.items() if name not in MODELS}),
        ],
    )
    n = len(solved | failed) or len(inner(upload.get("raw_eval_results"))) or None
    for metric, value in results.items():
        if metric not in PLAIN and not isinstance(value, dict | list | str):
            shown = number(value)
            share = shown is not None and 0 <= shown <= 1
            measured(gather, run, str(metric), value, scale="share" if share else "score", n=n)
    scores = {id: float(id in solved) for id in solved | failed}
    for id, found in inner(upload.get("raw_eval_results")).items():
        score = score_of(inner(found).get("reward", inner(found).get("score", found)))
        if score is not None:
            scores.setdefault(str(id), score)
    attempts = [
        {"system": system, "benchmark": benchmark, "task": id, "score": score, "scaffold": agent}
        for id, score in sorted(scores.items())
    ]
    if not gather.entries and not attempts:
        raise whole(
            path.name, "a HAL upload without results", "results.accuracy, or tasks that succeeded and failed"
        )
    return gather.done(
        f"HAL {config.get('run_id') or path.stem}",
        table(attempts),
        circumstances={"run": text_of(config.get("run_id"))} if not run.made_at else {},
        made_at=run.made_at,
    )


def _recognise(path: Path, seen: Glimpse) -> bool:
    return path.suffix == ".json" and (
        seen.has("raw_eval_results", "results") or seen.has("raw_logging_results", "config", "results")
    )


IMPORTER = Importer(name="hal", version="1", title="HAL: a run's upload", recognise=_recognise, read=_read)
