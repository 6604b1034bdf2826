"""Inspect's logs: `.eval` (deflate or zstd) and `.json`, log versions 1 to 3, whole, cancelled or in error.

Only the header and the summaries of samples are read; messages, tool calls and attachments are left alone.
Format: https://inspect.aisi.org.uk/eval-logs.html; why not inspect-ai's own reader: docs/imports.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.importers._archive import Archive, opened
from scorecard.evidence.importers._attempts import family_of, score_of, table, whole_number
from scorecard.evidence.importers._gather import LINEAR, SHARE, Gather, around, day_of, gathered, number, slug
from scorecard.evidence.importers._importer import Imported, Importer
from scorecard.evidence.importers._reading import content, decoded, mapping, parsed, whole

KNOWN_VERSIONS = (1, 2, 3)
SHARES = {"accuracy"}  # metrics that are shares by definition
ERRORS = ("stderr", "bootstrap_std", "bootstrap_stderr")
SPREADS = {*ERRORS, "std", "var"}  # how far samples lie apart: no measurement of their own
LIMITS = ("message_limit", "token_limit", "time_limit", "working_limit", "cost_limit")

type _Object = Mapping[str, Any]


def _header_and_samples(path: Path) -> tuple[_Object, Iterable[Any]]:
    if path.suffix == ".eval":
        with opened(path) as archive:
            return _of_archive(archive)
    log = mapping(parsed(decoded(content(path), path.name), path.name), path.name, "an Inspect log")
    samples = log.get("samples")
    return log, samples if isinstance(samples, list) else []


def _of_archive(archive: Archive) -> tuple[_Object, Iterable[Any]]:
    def loaded(member: str) -> Any:
        return parsed(decoded(archive.read(member), f"{archive.name}, {member}"), f"{archive.name}, {member}")

    # A log cut short has no header yet, only its journal.
    start = next((name for name in ("header.json", "_journal/start.json") if name in archive), None)
    if start is None:
        raise whole(
            archive.name, "neither header.json nor _journal/start.json", "the members of an Inspect log"
        )
    header = mapping(loaded(start), archive.name, f"an object in {start}")
    if "summaries.json" in archive:
        samples = loaded("summaries.json")
    elif journal := archive.names("_journal/summaries/"):
        samples = [sample for name in journal for sample in _listed(loaded(name))]
    else:
        samples = [loaded(name) for name in archive.names("samples/")]
    return header, _listed(samples)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> _Object:
    return value if isinstance(value, dict) else {}


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    log, samples = _header_and_samples(path)
    version = log.get("version", 1)
    if version not in KNOWN_VERSIONS:
        raise whole(
            path.name, f"log version {json.dumps(version)[:20]}", "version 1, 2 or 3; update this program"
        )
    spec = _object(log.get("eval"))
    task, model = spec.get("task"), spec.get("model")
    if not isinstance(task, str) or not isinstance(model, str) or not task or not model:
        raise whole(path.name, "no eval.task or eval.model", "an Inspect log with both")
    gather.system(model)
    status = log.get("status", "started")
    results = _object(log.get("results"))
    listed = [sample for sample in samples if isinstance(sample, dict)]
    attempts = list(_attempts(gather, task, model, log, listed))
    scored = len({row["task"] for row in attempts}) or whole_number(results.get("completed_samples")) or None
    if status != "success":
        gather.notes.append(f"The run did not end: status {status}. Its values are kept and not fitted.")
    for score in _scores(results):
        _measure(gather, task, model, log, score, scored, whole_run=status == "success")
    subject = spec.get("eval_id") or spec.get("task_id") or spec.get("run_id") or path.name
    if not attempts and not gather.entries and not gather.refusals:
        raise whole(
            path.name, f"no score (status {status}, {len(listed)} samples)", "a log with scored samples"
        )
    return gather.done(f"Inspect {subject} {spec.get('run_id', '')}".strip(), table(attempts))


def _scores(results: _Object) -> Iterator[_Object]:
    """The scores of a log; version 1 had one scorer, with its metrics beside it."""
    for score in _listed(results.get("scores")):
        if isinstance(score, dict):
            yield score
    if isinstance(results.get("scorer"), dict):
        yield {**results["scorer"], "metrics": results.get("metrics")}


def _measure(
    gather: Gather, task: str, model: str, log: _Object, score: _Object, n: int | None, *, whole_run: bool
) -> None:
    spec = _object(log.get("eval"))
    created = str(spec.get("created") or "")
    day = day_of(created)
    metrics = {name: _object(metric).get("value") for name, metric in _object(score.get("metrics")).items()}
    # Whatever it is called, an interval by the normal rule needs the standard error of this very score.
    se = next((metrics[name] for name in ERRORS if name in metrics), None)
    reducer = score.get("reducer")
    for name, value in metrics.items():
        if name in SPREADS:
            continue
        share = name in SHARES
        parts = [task, str(score.get("name") or "score"), name, *([str(reducer)] if reducer else [])]
        indicator = gather.indicator(
            "inspect_" + slug("_".join(parts)), name=f"{task}: {name} by {parts[1]}",
            unit="share" if share else "score",
            measures=f"Inspect task {task}, scorer {parts[1]}, metric {name}" + (f", {reducer}" if reducer else ""),
            shared_tasks=True, **(SHARE if share else LINEAR),
        )  # fmt: skip
        gather.measurement(
            f"scorer {parts[1]}, {name}", indicator=indicator, system=model, condition=_settings(log),
            observed_on=day.isoformat() if day else None, vintage=created or gather.vintage, n=n, main=whole_run,
            marks=[] if whole_run else ["partial"], note=f"run on {day}" if day else "",
            **around(value, se, share=share),
        )  # fmt: skip


def _settings(log: _Object) -> str:
    """How the system was elicited, in words: scaffold, budget, effort, attempts."""
    parts = [_scaffold(log), _budget(log)]
    config = _object(_object(log.get("plan")).get("config"))
    effort = config.get("reasoning_effort")
    parts.append(f"effort {effort}" if isinstance(effort, str) else "")
    return "; ".join(part for part in parts if part)


def _scaffold(log: _Object) -> str:
    steps = _listed(_object(log.get("plan")).get("steps"))
    return " > ".join(str(step.get("solver")) for step in steps if isinstance(step, dict))[:200]


def _budget(log: _Object) -> str:
    config = _object(_object(log.get("eval")).get("config"))
    limits = [
        f"{name.replace('_', ' ')} {limit:g}"
        for name in LIMITS
        if (limit := number(config.get(name))) is not None
    ]
    epochs = whole_number(config.get("epochs"))
    return ", ".join(limits + ([f"{epochs} epochs"] if epochs and epochs > 1 else []))


def _tools(log: _Object) -> str:
    steps = _listed(_object(log.get("plan")).get("steps"))
    found = [
        str(_object(tool).get("name"))
        for step in steps
        for tool in _listed(_object(_object(step).get("params")).get("tools"))
        if _object(tool).get("name")
    ]
    return ", ".join(found)[:200]


def _attempts(
    gather: Gather, task: str, model: str, log: _Object, samples: Iterable[_Object]
) -> Iterator[dict[str, Any]]:
    """One attempt for each sample, epoch and scorer that gave a number; what gave none is refused."""
    day = day_of(_object(log.get("eval")).get("created"))
    same = {"system": model, "benchmark": task, "on_day": day, "scaffold": _scaffold(log), "budget": _budget(log),
            "tools": _tools(log)}  # fmt: skip
    unscored = 0
    for sample in samples:
        name, epoch = str(sample.get("id")), whole_number(sample.get("epoch", 1)) or 1
        scores = sample.get("scores")
        if not isinstance(scores, dict):
            scores = {"score": sample["score"]} if isinstance(sample.get("score"), dict) else {}
        if not scores:
            unscored += 1
            if sample.get("error"):
                error = str(_object(sample["error"]).get("message") or sample["error"])
                gather.refuse(
                    f"sample {name}, epoch {epoch}", "scores", f"an error: {error}"[:120], "a score"
                )
            continue
        for scorer, score in scores.items():
            for part, value in _values(str(scorer), _object(score).get("value")):
                number = score_of(value)
                if number is None:
                    place = f"sample {name}, epoch {epoch}, scorer {part}"
                    gather.refuse(place, "value", value, "a number between 0 and 1, or C, P, I or N")
                    continue
                yield {**same, "task": name, "family": family_of(name), "epoch": epoch, "scorer": part,
                       "score": number, "human_minutes": _minutes(sample)}  # fmt: skip
    if unscored:
        gather.notes.append(f"{unscored} samples have no score.")


def _values(scorer: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A scorer's value, or its values by name when it gives several."""
    if isinstance(value, dict):
        yield from ((f"{scorer}/{name}", inner) for name, inner in value.items())
    else:
        yield scorer, value


def _minutes(sample: _Object) -> float | None:
    """The human time of a task, where its metadata say so."""
    value = number(_object(sample.get("metadata")).get("human_minutes"))
    return value if value is not None and value > 0 else None


def _recognise(path: Path, head: bytes) -> bool:
    if path.suffix == ".eval":
        return True
    if path.suffix not in (".json", ".txt"):
        return False
    start = head.lstrip()[:400]
    return start.startswith(b"{") and b'"version"' in start and b'"status"' in start


IMPORTER = Importer(
    name="inspect", version="1", title="Inspect logs: .eval and .json", recognise=_recognise, read=_read
)
