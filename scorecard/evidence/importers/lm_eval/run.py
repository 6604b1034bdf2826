"""What one run of lm-evaluation-harness was: its model, its settings, and how much of each task it did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import empty, number
from scorecard.evidence.reading.runs import inner
from scorecard.evidence.reading.scores import whole_number
from scorecard.evidence.reading.settings import (
    ADAPTERS,
    adapted,
    arguments_of,
    fingerprint,
    given,
    joined,
    phrases,
    spoken,
)

type Json = Mapping[str, Any]

SEEDS: Json = {
    "random_seed": 0,
    "numpy_seed": 1234,
    "torch_seed": 1234,
    "fewshot_seed": 1234,
}  # as set by default
# Parts of `config` that say where and how fast it ran, or that are told elsewhere.
RUNNING = frozenset(
    {
        *SEEDS,
        "model",
        "model_args",
        "batch_sizes",
        "use_cache",
        "no_cache",
        "cache_requests",
        "limit",
        "samples",
        "bootstrap_iters",
        "gen_kwargs",
        "num_fewshot",
        "log_samples",
        "predict_only",
        "write_out",
        "check_integrity",
        "verbosity",
        "confirm_run_unsafe_code",
        "output_path",
        "model_num_parameters",
        "model_dtype",
        "model_revision",
        "model_sha",
        "peft_sha",
        "delta_sha",
    }
)
NAMES = ("pretrained", "model", "engine", "path", "filename")  # arguments that say which model was loaded
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class LmEvalRun:
    """The document of a run's results; `name` is its file's, for what is refused."""

    document: Json
    name: str

    @property
    def config(self) -> Json:
        """How the harness was called."""
        return inner(self.document.get("config"))

    @property
    def arguments(self) -> Json:
        """How the model was loaded."""
        return arguments_of(self.config.get("model_args"))

    @property
    def system(self) -> str:
        """The model that was loaded, with its revision and with what was loaded on top of it."""
        loaded = next((self.arguments[name] for name in NAMES if self.arguments.get(name)), None)
        found = loaded or self.document.get("model_name") or self.config.get("model")
        if not isinstance(found, str) or empty(found):
            raise whole(self.name, "no model", "config.model_args or model_name")
        revision = self.arguments.get("revision")
        named = f"{found} ({revision})" if isinstance(revision, str) and loaded else found
        return adapted(named, self.arguments)

    @property
    def day(self) -> str | None:
        """The day of the run, which only current files have."""
        moment = self._moment()
        return None if moment is None else moment.date().isoformat()

    @property
    def made_at(self) -> str:
        """The moment of the run."""
        moment = self._moment()
        return "" if moment is None else moment.isoformat()

    def _moment(self) -> datetime | None:
        seconds = number(self.document.get("date"))
        if seconds is None or not 0 < seconds < 4e9:
            return None
        return datetime.fromtimestamp(seconds, UTC)

    def condition(self, task: str, partial: str = "") -> str:
        """How the model was asked in a task, in words: shots, and whatever else is recorded of it."""
        document, config = self.document, self.config
        shots = inner(document.get("n-shot")).get(task, config.get("num_fewshot"))
        version = inner(document.get("versions")).get(task)
        loading = {
            name: value
            for name, value in self.arguments.items()
            if name not in (*NAMES, *ADAPTERS, "revision")
        }
        seeds = {
            name: config[name]
            for name, usual in SEEDS.items()
            if given(config.get(name)) and config[name] != usual
        }
        return joined(
            [
                "" if shots is None else f"{spoken(shots)}-shot",
                f"version {spoken(version)}" if given(version) and version != "N/A" else "",
                *_fingerprints(document),
                "few-shot as multiturn" if document.get("fewshot_as_multiturn") is True else "",
                *phrases(arguments_of(config.get("gen_kwargs"))),
                *phrases(loading),
                *phrases(seeds),
                *phrases(config, harmless=RUNNING),
                _task(inner(document.get("configs")).get(task)),
                partial,
            ]
        )

    def circumstances(self) -> dict[str, str]:
        """The weights that were loaded, as the harness saw them."""
        names = ("model_sha", "peft_sha", "delta_sha", "model_dtype")
        return {name: str(self.config[name]) for name in names if given(self.config.get(name))}

    def counts(self, task: str) -> tuple[int | None, int | None]:
        """How many samples of a task were done, and how many there are; a group has those of its tasks."""
        counted = inner(self.document.get("n-samples")).get(task)
        if isinstance(counted, dict):
            return whole_number(counted.get("effective")), whole_number(counted.get("original"))
        parts = [self.counts(one) for one in self._tasks_of(task, frozenset())]
        done, there = ([part[place] for part in parts] for place in (0, 1))
        return _total(done), _total(there)

    def _tasks_of(self, group: str, seen: frozenset[str]) -> Iterator[str]:
        groups = inner(self.document.get("group_subtasks"))
        for one in groups.get(group) or () if isinstance(groups.get(group), list) else ():
            if isinstance(one, str) and one not in seen and one != group:
                if one in inner(self.document.get("n-samples")):
                    yield one
                else:
                    yield from self._tasks_of(one, seen | {group})

    def partial(self, task: str) -> str:
        """What part of a task was done, where it was not the whole: `first 10 of 14042`."""
        done, there = self.counts(task)
        if done is not None and there is not None:
            if done >= there:
                return ""
            chosen = given(self.config.get("samples"))
            return f"{done} chosen of {there}" if chosen else f"first {done} of {there}"
        limit = self.config.get("limit")
        if number(limit) is not None:
            return f"first {spoken(limit)} of an unknown number"
        return "chosen samples" if given(self.config.get("samples")) else ""


def _total(numbers: list[int | None]) -> int | None:
    known = [one for one in numbers if one is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _fingerprints(document: Json) -> Iterator[str]:
    """The chat template and the system's instruction, by the harness's own hash or ours."""
    for name in ("system_instruction", "chat_template"):
        value, digest = document.get(name), document.get(f"{name}_sha")
        if given(digest) or given(value):
            yield f"{name.replace('_', ' ')} " + (
                f"#{str(digest)[:8]}" if given(digest) else fingerprint(value)
            )


def _task(config: Any) -> str:
    """A task's own configuration (prompt, choices, filters, generation) as a fingerprint."""
    told = {
        name: value
        for name, value in inner(config).items()
        if name not in ("num_fewshot", "metadata", "task", "tag", "group", "task_alias")
    }
    return f"task {fingerprint(_ADDRESS.sub('', str(sorted(told.items(), key=str))))}" if told else ""
