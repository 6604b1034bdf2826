"""An Inspect log's header and its samples' summaries; messages, tool calls and attachments are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.archive import Archive, opened
from scorecard.evidence.reading.bounded import content, decoded, mapping, parsed, whole
from scorecard.evidence.reading.runs import inner, objects
from scorecard.evidence.reading.scores import whole_number

type Json = Mapping[str, Any]

# A log cut short has no header yet, only its journal.
STARTS = ("header.json", "_journal/start.json")


@dataclass(frozen=True, slots=True)
class Log:
    """What is read of a log: `header` as the file has it, `samples` as summaries, `invalid` as (id, epoch)."""

    header: Json
    samples: tuple[Json, ...]
    invalid: frozenset[tuple[str, int]]

    @property
    def spec(self) -> Json:
        """What was run: the part `eval`."""
        return inner(self.header.get("eval"))

    @property
    def config(self) -> Json:
        """How it was run: limits, epochs, what counts as an error."""
        return inner(self.spec.get("config"))

    @property
    def results(self) -> Json:
        """What came of it."""
        return inner(self.header.get("results"))

    @property
    def steps(self) -> list[Json]:
        """The solvers, in their order."""
        return objects(inner(self.header.get("plan")).get("steps"))

    @property
    def status(self) -> str:
        """How the run ended; a log without an end has only started."""
        return str(self.header.get("status", "started"))


def read_log(path: Path) -> Log:
    """Read a log of either form; Unreadable when it is none."""
    if path.suffix == ".eval":
        with opened(path) as archive:
            return _of_archive(archive)
    header = mapping(parsed(decoded(content(path), path.name), path.name), path.name, "an Inspect log")
    samples = objects(header.get("samples"))
    return Log(header, tuple(samples), frozenset(_invalid(samples)))


def _of_archive(archive: Archive) -> Log:
    start = next((name for name in STARTS if name in archive), None)
    if start is None:
        raise whole(archive.name, f"neither {' nor '.join(STARTS)}", "the members of an Inspect log")
    header = mapping(_loaded(archive, start), archive.name, f"an object in {start}")
    invalid: frozenset[tuple[str, int]] = frozenset()
    if header.get("invalidated") is True:  # only whole samples say which of them it is
        invalid = frozenset(_invalid(inner(_loaded(archive, name)) for name in archive.names("samples/")))
    return Log(header, tuple(_summaries(archive)), invalid)


def _summaries(archive: Archive) -> list[Json]:
    if "summaries.json" in archive:
        return objects(_loaded(archive, "summaries.json"))
    if journal := archive.names("_journal/summaries/"):
        return [sample for name in journal for sample in objects(_loaded(archive, name))]
    return objects([_loaded(archive, name) for name in archive.names("samples/")])


def _loaded(archive: Archive, member: str) -> Any:
    place = f"{archive.name}, {member}"
    return parsed(decoded(archive.read(member), place), place)


def _invalid(samples: Any) -> Iterator[tuple[str, int]]:
    return (sample_key(sample) for sample in samples if sample.get("invalidation"))


def sample_key(sample: Json) -> tuple[str, int]:
    """What tells the samples of one log apart: id and epoch."""
    return str(sample.get("id")), whole_number(sample.get("epoch", 1)) or 1
