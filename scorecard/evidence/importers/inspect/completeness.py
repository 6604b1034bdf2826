"""How much of its task an Inspect run did: samples done of samples there are, and why the others are missing."""

from __future__ import annotations

from dataclasses import dataclass

from scorecard.evidence.importers.inspect.log import Json, Log, sample_key
from scorecard.evidence.reading.runs import inner, objects
from scorecard.evidence.reading.scores import unscored, whole_number

ENOUGH = 0.5  # below half of what was meant to be done a value is no headline


@dataclass(frozen=True, slots=True)
class Completeness:
    """`partial` says in words what part of the task was done, where it was not the whole."""

    partial: str
    missing: tuple[str, ...]  # sentences such as "2 of 8 samples errored"
    errored: int
    unfinished: int


def completeness(log: Log) -> Completeness:
    """Judge a run by its samples and its own words."""
    results, epochs = log.results, whole_number(log.config.get("epochs")) or 1
    planned = whole_number(results.get("total_samples")) or len(log.samples)
    done = whole_number(results.get("completed_samples"), 0)
    errored = sum(bool(sample.get("error")) for sample in log.samples)
    if not log.samples and done is not None:
        errored = max(planned - done, 0)
    reasons = [_selected(log)]
    if log.status != "success":
        ended = sum(not sample.get("error") for sample in log.samples)
        reasons.append(f"{log.status} after {ended} of {_there(log) * epochs or planned}")
    stops = objects(inner(results.get("early_stopping")).get("early_stops"))
    reasons.append(f"{len(stops)} samples stopped early" if stops else "")
    resolved = whole_number(results.get("logged_samples"), 0)
    if resolved is not None and resolved < planned:
        reasons.append(f"{resolved} of {planned} samples before it was stopped")
    reasons.append(_shards(log.spec, planned))
    if planned and errored and (planned - errored) / planned < ENOUGH:
        reasons.append(f"only {planned - errored} of {planned} samples without an error")
    unfinished = 0
    if log.samples and log.status == "success":
        unfinished = (
            max(planned - len({sample_key(sample) for sample in log.samples}), 0) if _logged(log) else 0
        )
    missing = [f"{errored} of {planned} samples errored" if errored else ""]
    return Completeness(
        "; ".join(reason for reason in reasons if reason),
        tuple(one for one in missing if one),
        errored,
        unfinished,
    )


def _logged(log: Log) -> bool:
    return log.config.get("log_samples") is not False


def _there(log: Log) -> int:
    """How many samples the task has."""
    dataset = inner(log.spec.get("dataset"))
    ids = dataset.get("sample_ids")
    return whole_number(dataset.get("samples")) or (len(ids) if isinstance(ids, list) else 0)


def _selected(log: Log) -> str:
    """Which part of the task's samples was chosen, when it was not all of them."""
    limit, chosen = log.config.get("limit"), log.config.get("sample_id")
    ids = inner(log.spec.get("dataset")).get("sample_ids")
    there, taken = _there(log), len(ids) if isinstance(ids, list) else None
    shuffled = ", shuffled" if log.config.get("sample_shuffle") not in (None, False) else ""
    match limit:
        case [int(start), int(end)] if not there or start > 0 or end < there:
            return f"samples {start + 1} to {end} of {there or 'an unknown number'}{shuffled}"
        case bool():
            pass
        case int() | float() if not there or limit < there:
            return f"first {taken or f'{limit:g}'} of {there or 'an unknown number'}{shuffled}"
    if chosen not in (None, [], "") and (taken is None or not there or taken < there):
        return f"{taken or 'some'} chosen samples of {there or 'an unknown number'}"
    if taken is not None and there and taken < there:
        return f"{taken} of {there} samples"
    return ""


def _shards(spec: Json, planned: int) -> str:
    ledger = objects(inner(spec.get("shards")).get("ledger"))
    merged = sum(whole_number(one.get("samples"), 0) or 0 for one in ledger)
    return f"{merged} of {planned} samples merged from shards" if ledger and merged < planned else ""


def samples_scored(log: Log, score: Json) -> tuple[int | None, int]:
    """On how many samples a score rests, epochs counted once, and how many its scorer left without a value.

    By the log's own count where it has one; else from its samples; else from the samples done over the epochs.
    """
    rests, left = whole_number(score.get("scored_samples")), whole_number(score.get("unscored_samples"), 0)
    if rests is not None:
        return rests, left or 0
    names = {str(score.get("scorer")), str(score.get("name"))}
    with_value: set[str] = set()
    without: set[str] = set()
    for sample in log.samples:
        for scorer, given in _scores(sample).items():
            if scorer in names or len(_scores(sample)) == 1:
                (without if unscored(inner(given).get("value")) else with_value).add(sample_key(sample)[0])
    epochs = whole_number(log.config.get("epochs")) or 1
    done = whole_number(log.results.get("completed_samples"))
    of_results = -(-done // epochs) if done else None
    # A file may keep a few of many samples; what its results say then counts.
    if with_value and (of_results is None or len(with_value) >= of_results - len(without)):
        return len(with_value), len(without - with_value)
    return of_results or len(with_value) or None, 0


def _scores(sample: Json) -> Json:
    return inner(sample.get("scores"))
