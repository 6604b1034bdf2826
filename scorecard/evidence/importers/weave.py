"""W&B Weave: exported calls of evaluations (JSON or JSON lines), whose output is the summary of the scorers.

Format: https://weave-docs.wandb.ai, calls of the op `Evaluation.evaluate`; a scorer's summary is `true_fraction` of
`true_count`, or a `mean`. Latencies are no measurement of skill and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import lines_of_json, parsed, text
from scorecard.evidence.reading.gather import Gather, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, measured, moment, objects, text_of
from scorecard.evidence.reading.scores import whole_number
from scorecard.evidence.reading.settings import phrases
from scorecard.evidence.tables import Fault

OP = "Evaluation.evaluate"
PASSED = ("model_latency", "latency", "usage", "cost")


def _calls(gather: Gather, path: Path) -> Iterator[tuple[int, Json]]:
    if path.suffix == ".jsonl":
        for line, row in lines_of_json(path):
            if isinstance(row, Fault):
                gather.fault(row)
            else:
                yield line, row
        return
    got = parsed(text(path), path.name)
    yield from enumerate(objects(got if isinstance(got, list) else inner(got).get("calls") or [got]), start=1)


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    others, moments = 0, []
    for place, call in _calls(gather, path):
        if OP not in text_of(call.get("op_name")):
            others += 1
            continue
        if call.get("exception") or not isinstance(call.get("output"), dict):
            gather.absent("errored" if call.get("exception") else "without an output")
            continue
        moments.append(_evaluation(gather, place, call))
    if others:
        gather.notes.append(f"{others} calls of other operations were passed over.")
    return gather.done(f"Weave {path.stem}", made_at=max(moments, default=""))


def _evaluation(gather: Gather, place: int, call: Json) -> str:
    inputs = inner(call.get("inputs"))
    model, evaluation = _named(inputs.get("model")), _named(inputs.get("self"))
    if not model or not evaluation:
        gather.refuse(
            f"call {place}", "inputs", call.get("inputs"), "inputs.model and inputs.self, the evaluation"
        )
        return ""
    gather.system(model)
    made_at = moment(call.get("started_at"))
    settings = inner(inputs.get("model"))
    run = Run(
        format="weave",
        title="Weave",
        benchmark=evaluation,
        system=model,
        made_at=made_at,
        condition=phrases(
            {k: v for k, v in settings.items() if not k.startswith("_") and k not in ("name", "ref")}
        ),
    )
    for scorer, summary in inner(call.get("output")).items():
        if scorer not in PASSED:
            _scorer(gather, run, str(scorer), summary, place)
    return made_at


def _scorer(gather: Gather, run: Run, name: str, summary: Any, place: int) -> None:
    """A scorer's summary: a share, a mean, or several of them by name."""
    found = inner(summary)
    if "true_fraction" in found:
        share, count = number(found["true_fraction"]), whole_number(found.get("true_count"), 0)
        n = round(count / share) if share and count else None
        measured(gather, run, name, found["true_fraction"], scale="share", n=n, place=f"call {place}, {name}")
    elif "mean" in found:
        measured(gather, run, name, found["mean"], scale="score", place=f"call {place}, {name}")
    else:
        for part, inside in found.items():
            if isinstance(inside, dict):
                _scorer(gather, run, f"{name} {part}", inside, place)


def _named(value: Any) -> str:
    """The name of an object that a call refers to: its own, or the part of its address before the version."""
    if isinstance(value, dict):
        return text_of(value.get("name")) or _named(value.get("ref") or value.get("_ref"))
    address = text_of(value)
    return address.rpartition("/object/")[2].partition(":")[0] if "/object/" in address else address


def _recognise(path: Path, seen: Glimpse) -> bool:
    keys = (("op_name", "inputs"), ("[].op_name", "[].inputs"), ("calls.op_name", "calls.inputs"))
    return path.suffix in (".json", ".jsonl") and any(seen.has(*one) for one in keys)


IMPORTER = Importer(
    name="weave",
    version="1",
    title="W&B Weave: exported calls of evaluations",
    recognise=_recognise,
    read=_read,
)
