"""HELM: `stats.json` of a run, with `run_spec.json` beside it, which names the model and how it was asked.

Format: https://crfm-helm.readthedocs.io, benchmark_output/runs/SUITE/RUN. Bookkeeping (tokens, times) is passed over.
"""

from __future__ import annotations

import re
from pathlib import Path

from scorecard.evidence.reading.bounded import mapping, parsed, text, whole
from scorecard.evidence.reading.gather import Gather, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, measured, objects, text_of
from scorecard.evidence.reading.scores import whole_number
from scorecard.evidence.reading.settings import phrases

# Statistics that say how a run went and nothing of how good its answers were.
BOOKKEEPING = re.compile(
    r"num_|.*_cost|inference_|training_|batch_size|max_prob|logprob|bits_per|finish_reason|.*runtime|prompt_tokens|"
    r"completion_tokens|.*truncated|ece_|selective_|platt_|predicted_index"
)
SHARES = re.compile(
    r".*exact_match.*|f1_score|.*accuracy.*|classification_.*f1|rouge_.|bleu_.|ndcg.*|pass|.*_correct|ifeval_.*|"
    r".*_f1|judge_.*|chain_of_thought_correctness|math_equiv.*"
)
ASKED = ("method", "model", "model_deployment", "num_trials", "eval_splits")  # of the adapter; told elsewhere
LIMITS = ("max_eval_instances",)
BESIDE = (
    "run_spec.json",
    "scenario.json",
    "scenario_state.json",
    "per_instance_stats.json",
    "instances.json",
)


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    if path.name in BESIDE:
        gather.notes.append("Part of a HELM run: it is read with stats.json, which has the values.")
        gather.absent("values; they stand in stats.json")
        return gather.done(f"HELM {path.parent.name} {path.name}")
    stats = objects(parsed(text(path), path.name))
    beside = path.with_name("run_spec.json")
    if not beside.is_file():
        expected = "run_spec.json in the same folder, which names the model: import the run's whole folder"
        raise whole(path.name, "HELM's stats.json without its run", expected)
    spec = mapping(parsed(text(beside), beside.name), beside.name, "HELM's run_spec.json")
    adapter = inner(spec.get("adapter_spec"))
    system = text_of(adapter.get("model")) or text_of(adapter.get("model_deployment"))
    if not system:
        raise whole(beside.name, "no adapter_spec.model", "the name of the model")
    gather.system(system)
    benchmark = re.sub(
        r",?model(_deployment)?=[^,]*", "", text_of(spec.get("name")) or path.parent.name
    ).rstrip(":")
    run = Run(
        format="helm",
        title="HELM",
        benchmark=benchmark,
        system=system,
        condition=[
            *phrases({name: value for name, value in adapter.items() if name not in (*ASKED, *LIMITS)}),
            *phrases(inner(spec.get("data_augmenter_spec"))),
        ],
        partial=_limited(adapter, stats),
    )
    _values(gather, run, stats)
    return gather.done(f"HELM {spec.get('name') or path.parent.name}")


def _limited(adapter: Json, stats: list[Json]) -> str:
    limit = whole_number(adapter.get("max_eval_instances"))
    done = _instances(stats)
    return f"first {done} instances (limit {limit})" if limit and done and done >= limit else ""


def _instances(stats: list[Json]) -> int | None:
    found = [
        number(one.get("mean"))
        for one in stats
        if inner(one.get("name")).get("name") == "num_instances" and _whole(one)
    ]
    return round(max(values)) if (values := [one for one in found if one]) else None


def _whole(stat: Json) -> bool:
    """Whether a statistic is of the test set as it is, without perturbations and parts."""
    name = inner(stat.get("name"))
    return (
        not name.get("perturbation")
        and not name.get("sub_split")
        and name.get("split") in ("test", "valid", None)
    )


def _values(gather: Gather, run: Run, stats: list[Json]) -> None:
    splits = {text_of(inner(one.get("name")).get("split")) for one in stats}
    kept = "test" if "test" in splits else "valid" if "valid" in splits else None
    passed = 0
    for stat in stats:
        name = inner(stat.get("name"))
        metric = text_of(name.get("name"))
        if BOOKKEEPING.match(metric) or not _whole(stat) or name.get("split") != kept or not metric:
            passed += 1
            continue
        if not whole_number(stat.get("count")):
            gather.absent("without a value")
            continue
        mean = number(stat.get("mean"))
        share = SHARES.fullmatch(metric) is not None and mean is not None and 0 <= mean <= 1
        measured(
            gather, run, metric, stat.get("mean"), scale="share" if share else "score", n=_instances(stats)
        )
    if passed:
        gather.notes.append(f"{passed} statistics of bookkeeping, parts and perturbations were passed over.")


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix != ".json":
        return False
    if path.name in BESIDE:
        return path.with_name("stats.json").is_file() and path.with_name("run_spec.json").is_file()
    return seen.has("[].name", "[].name.name", "[].count", "[].sum_squared")


IMPORTER = Importer(
    name="helm", version="1", title="HELM: a run's statistics", recognise=_recognise, read=_read
)
