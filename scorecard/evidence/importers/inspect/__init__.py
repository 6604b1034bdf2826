"""Inspect's logs: `.eval` (deflate or zstd) and `.json`, log versions 1 to 3, whole, cancelled or in error.

Format: https://inspect.aisi.org.uk/eval-logs.html; why not inspect-ai's own reader: docs/imports.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from scorecard.evidence.importers.inspect import settings
from scorecard.evidence.importers.inspect.completeness import (
    ENOUGH,
    Completeness,
    completeness,
    samples_scored,
)
from scorecard.evidence.importers.inspect.log import Json, Log, read_log
from scorecard.evidence.importers.inspect.samples import Samples, edits, fallbacks, taken
from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import LINEAR, SHARE, Gather, around, day_of, gathered, slug
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import inner, objects
from scorecard.evidence.reading.scores import table
from scorecard.evidence.reading.settings import joined

KNOWN_VERSIONS = (1, 2, 3)
NEWEST = (0, 3, 285)  # of inspect-ai, whose logs have been compared with its own reader
SHARES = {"accuracy"}  # metrics that are shares by definition
ERRORS = ("stderr", "bootstrap_std", "bootstrap_stderr")
SPREADS = {*ERRORS, "std", "var"}  # how far samples lie apart: no measurement of their own


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    log = read_log(path)
    version = log.header.get("version", 1)
    if isinstance(version, bool) or version not in KNOWN_VERSIONS:
        raise whole(
            path.name, f"log version {json.dumps(version)[:20]}", "version 1, 2 or 3; update this program"
        )
    spec = log.spec
    task, model = spec.get("task"), spec.get("model")
    if not isinstance(task, str) or not isinstance(model, str) or not task or not model:
        raise whole(path.name, "no eval.task or eval.model", "an Inspect log with both")
    gather.system(settings.system_of(log))
    done = completeness(log)
    kept = f"{len(log.samples)} samples in the file" if done.unfinished > len(log.samples) else ""
    samples = taken(gather, log, joined([done.partial, kept]))
    gather.absent("not in the file", done.unfinished)
    _remark(gather, log, done)
    before = len(gather.entries)
    for score in _scores(log.results):
        _measure(gather, log, score, done, samples)
    if not samples.attempts and len(gather.entries) == before and not gather.refusals:
        gather.notes.append(f"No score: status {log.status}, {len(log.samples)} samples.")
    subject = spec.get("task_id") or spec.get("eval_id") or spec.get("run_id") or path.name
    return gather.done(
        f"Inspect {subject}",
        table(samples.attempts),
        circumstances=settings.circumstances(log),
        made_at=spec.get("created"),
    )


def _remark(gather: Gather, log: Log, done: Completeness) -> None:
    """Say what a reader of the values must know of the run."""
    if done.partial:
        gather.notes.append(f"Not the whole task ({done.partial}): its values are kept and not fitted.")
    if log.header.get("invalidated") is True:
        gather.notes.append("The log was invalidated: its values are kept and not fitted.")
    if log.config.get("log_samples") is False:
        gather.notes.append("The run did not log its samples: values, and no attempts.")
    written = str(inner(log.spec.get("packages")).get("inspect_ai") or "")
    numbers = tuple(int(part) for part in written.split(".")[:3] if part.isdigit())
    if len(numbers) == 3 and numbers > NEWEST:
        newest = ".".join(map(str, NEWEST))
        gather.notes.append(
            f"Written by inspect-ai {written}; its logs have been compared with this reader up to {newest}."
        )


def _scores(results: Json) -> Iterator[Json]:
    """The scores of a log; version 1 had one scorer, with its metrics beside it."""
    yield from objects(results.get("scores"))
    if isinstance(results.get("scorer"), dict):
        yield {**results["scorer"], "metrics": results.get("metrics")}


def _named(score: Json) -> str:
    """A score's name; with its scorer's, where several values of one scorer have names of their own."""
    name, scorer = str(score.get("name") or "score"), score.get("scorer")
    if not isinstance(scorer, str) or not scorer:
        return name
    bare = scorer.rpartition("/")[2]  # a second scorer of one name is called match1
    return name if re.fullmatch(rf"(.*/)?{re.escape(bare)}\d*", name) else f"{bare}/{name}"


def _measure(gather: Gather, log: Log, score: Json, done: Completeness, samples: Samples) -> None:
    spec, scorer, reducer = log.spec, _named(score), score.get("reducer")
    task, created = str(spec.get("task")), str(spec.get("created") or "")
    day = day_of(created)
    metrics = {name: inner(metric).get("value") for name, metric in inner(score.get("metrics")).items()}
    # Whatever it is called, an interval by the normal rule needs the standard error of this very score.
    se = next((metrics[name] for name in ERRORS if name in metrics), None)
    rests, left = samples_scored(log, score)
    few = rests is not None and left and rests / (rests + left) < ENOUGH
    partial = joined(
        [done.partial, f"only {rests} of {rests + left} samples scored" if few and rests else ""]
    )
    invalidated, others = log.header.get("invalidated") is True, fallbacks(log)
    rating, labels = scorer in samples.ratings, scorer in samples.labels
    marks = [
        *["partial"] * bool(partial),
        *["invalidated"] * invalidated,
        *["fallback_model"] * bool(others),
        *["labels_count_as_0"] * labels,  # as Inspect's own conversion has it
    ]
    said = [
        f"run on {day}" if day else "",
        *done.missing,
        f"{left} of {(rests or 0) + left} samples left unscored" if left else "",
        f"{len(log.invalid)} samples invalidated" if invalidated and log.invalid else "",
        f"{others} samples answered by another model" if others else "",
        edits(log),
    ]
    for name, value in metrics.items():
        if name in SPREADS:
            continue
        share = name in SHARES and not rating
        parts = [task, scorer, name, *([str(reducer)] if reducer else []), *["rating"] * rating]
        indicator = gather.indicator(
            "inspect_" + slug("_".join(parts)),
            name=f"{task}: {name} by {scorer}",
            unit="share" if share else "score",
            measures=f"Inspect task {task}, scorer {scorer}, metric {name}"
            + (f", {reducer}" if reducer else ""),
            shared_tasks=True,
            **(SHARE if share else LINEAR),
        )
        gather.measurement(
            f"scorer {scorer}, {name}",
            indicator=indicator,
            system=settings.system_of(log),
            condition=joined([settings.condition(log), *settings.scoring(score), partial]),
            observed_on=day.isoformat() if day else None,
            vintage=created or gather.vintage,
            n=rests,
            main=not marks,
            marks=marks,
            note="; ".join(one for one in said if one),
            **around(value, se, share=share),
        )


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix == ".eval":
        return True
    return path.suffix in (".json", ".txt") and (
        seen.has("eval", "eval.task", "status")
        or seen.has("eval", "eval.task", "plan")
        or seen.has("version", "status")
    )


IMPORTER = Importer(
    name="inspect", version="2", title="Inspect logs: .eval and .json", recognise=_recognise, read=_read
)
