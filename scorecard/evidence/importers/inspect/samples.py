"""An Inspect log's samples as attempts: one for each sample, epoch and scorer that gave a number from 0 to 1."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scorecard.evidence.importers.inspect.log import Json, Log, sample_key
from scorecard.evidence.importers.inspect.settings import budget, further, scaffold, system_of, tools
from scorecard.evidence.reading.gather import Gather, day_of, number
from scorecard.evidence.reading.runs import inner, objects
from scorecard.evidence.reading.scores import family_of, score_of, unscored
from scorecard.evidence.reading.settings import joined
from scorecard.evidence.tables import say


@dataclass(frozen=True, slots=True)
class Samples:
    """Attempts, and the scorers whose values are ratings (numbers beyond 0 to 1) or labels."""

    attempts: list[dict[str, Any]]
    ratings: frozenset[str]
    labels: frozenset[str]


def taken(gather: Gather, log: Log, part: str = "") -> Samples:
    """The attempts of a log; what errored, was left unscored or was invalidated is counted as absent.

    A scorer with values that are no number from 0 to 1 (a rating, a label, a list) brings none, and a note: some
    of its values would look like successes. `part` is what part of the task was run, where it was not the whole.
    """
    spec = log.spec
    same = {
        "system": system_of(log),
        "benchmark": str(spec.get("task")),
        "on_day": day_of(spec.get("created")),
        "scaffold": scaffold(log),
        "budget": budget(log),
        "tools": tools(log),
        "settings": joined([*further(log), part]),
    }
    by_scorer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    others: dict[str, Any] = {}
    absent: Counter[str] = Counter()
    errors: list[str] = []
    for sample in log.samples:
        name, epoch = sample_key(sample)
        if (name, epoch) in log.invalid:
            absent["invalidated"] += 1
            continue
        scores = _scores(sample)
        if not scores:
            absent["errored" if sample.get("error") else "unscored"] += 1
            if sample.get("error"):
                errors.append(f"sample {name}: {inner(sample['error']).get('message') or sample['error']}")
            continue
        for scorer, value in (
            (key, one) for key, score in scores.items() for key, one in _values(key, score)
        ):
            if unscored(value):
                absent["unscored"] += 1
            elif (score := score_of(value)) is None:
                others.setdefault(scorer, value)
            else:
                by_scorer[scorer].append(
                    {
                        **same,
                        "task": name,
                        "family": family_of(name),
                        "epoch": epoch,
                        "scorer": scorer,
                        "score": score,
                        "human_minutes": _minutes(sample),
                        "sample": str(sample.get("uuid") or ""),
                    }
                )
    for why, count in absent.items():
        gather.absent(why, count)
    if errors:
        gather.notes.append(f"{len(errors)} samples errored; the first, {errors[0][:120]}")
    for scorer, value in others.items():
        gather.notes.append(
            f"Scorer {scorer} gives values that are no number from 0 to 1 (such as {say(value)}): "
            "its metrics are kept, and it brings no attempts."
        )
    ratings = {scorer for scorer, value in others.items() if number(value) is not None}
    return Samples(
        [row for scorer, rows in by_scorer.items() if scorer not in others for row in rows],
        frozenset(ratings),
        frozenset(set(others) - ratings),
    )


def _scores(sample: Json) -> Json:
    """A sample's scores by scorer; version 1 had one score without a name."""
    if isinstance(sample.get("scores"), dict):
        return inner(sample["scores"])
    return {"score": sample["score"]} if isinstance(sample.get("score"), dict) else {}


def _values(scorer: str, score: Any) -> Iterator[tuple[str, Any]]:
    """A scorer's value, or its values by name when it gives several."""
    value = inner(score).get("value")
    if isinstance(value, dict):
        yield from ((f"{scorer}/{name}", inner_value) for name, inner_value in value.items())
    else:
        yield scorer, value


def _minutes(sample: Json) -> float | None:
    """The human time of a task, where its metadata say so."""
    value = number(inner(sample.get("metadata")).get("human_minutes"))
    return value if value is not None and value > 0 else None


def edits(log: Log) -> str:
    """A sentence on scores that were changed after the run, by whom and why; empty when none was."""
    histories = [
        objects(inner(score).get("history"))
        for sample in log.samples
        for score in _scores(sample).values()
        if inner(score).get("history")
    ]
    if not histories:
        return ""
    by = inner(histories[0][-1].get("provenance")) if histories[0] else {}
    said = ", ".join(str(by[name])[:80] for name in ("author", "reason") if by.get(name))
    return f"{len(histories)} scores edited after the run" + (f" ({said})" if said else "")


def fallbacks(log: Log) -> int:
    """How many samples another model answered in place of the one under test."""
    return sum(bool(sample.get("model_fallbacks")) for sample in log.samples)
