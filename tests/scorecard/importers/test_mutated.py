"""More damage: odd tables and YAML, git repositories, and real files where they are; bounded in work and memory."""

from __future__ import annotations

import csv
import io
import json
import random
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecard.evidence.importers import importers, recognised
from scorecard.evidence.importers.git.log import _log, tally
from scorecard.evidence.tables import Unreadable
from tests.scorecard.importers import files
from tests.scorecard.importers.test_hostile import ODD, mutated, places, read, replaced, sound
from tests.scorecard.importers.test_reference import FOLDERS, there

QUICK, MANY, MANY_ODD = 30, 2000, 1000
MOST_SECONDS = 20  # of the processor, for one small file
MOST_MEMORY = 400  # MB more than before, over all of one test
LARGEST = 100_000  # bytes of a real file that is damaged


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def small() -> Iterator[None]:
    """What is done inside takes little memory."""
    before = peak()
    yield
    assert peak() - before < MOST_MEMORY


@contextmanager
def soon() -> Iterator[None]:
    """What is done inside ends: after so many seconds of the processor it is stopped and fails."""

    def hung(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"no end after {MOST_SECONDS} s of the processor")

    before = signal.signal(signal.SIGVTALRM, hung)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# ---- tables and YAML with odd values in every place ----------------------------------------------


def written(name: str, value: object) -> bytes:
    """Nested lists and mappings as the format that a name says; halves of characters make no UTF-8."""
    if name.endswith(".csv"):
        assert isinstance(value, list)
        out = io.StringIO()
        csv.writer(out).writerows(row if isinstance(row, list) else [row] for row in value)
        return out.getvalue().encode("utf-8", errors="surrogatepass")
    if name.endswith(".yaml"):
        return yaml.safe_dump(value, allow_unicode=True).encode("utf-8", errors="surrogatepass")
    return "".join(json.dumps(row) + "\n" for row in value).encode("ascii")  # type: ignore[attr-defined]


def table(text: str) -> Callable[[], object]:
    return lambda: list(csv.reader(io.StringIO(text)))


OWN = [
    {"model": "One", "score": 0.5, "day": "2025-06-01"},
    {"model": "Two", "score": 0.7, "day": "2025-09-01"},
]
DOCUMENTS: dict[str, tuple[str, Callable[[], object]]] = {
    "eci.csv": ("epoch", table(files.ECI)),
    "matrix.csv": ("epoch", table(files.MATRIX)),
    "bench_external.csv": ("epoch", table(files.HUB)),
    "counts.csv": ("metr", table(files.COUNTS)),
    "metr.yaml": ("metr", lambda: yaml.safe_load(files.METR)),
    "own.csv": ("generic", lambda: [list(OWN[0]), *(list(row.values()) for row in OWN)]),
    "own.jsonl": ("generic", lambda: OWN),
}


def oddly(name: str, folder: Path, examples: int) -> None:
    importer, document = DOCUMENTS[name]
    (folder / "own.mapping.yaml").write_text(files.MAPPING, encoding="utf-8")
    spots = places(document())

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changes=st.lists(st.tuples(st.sampled_from(spots), ODD), min_size=1, max_size=3))
    def holds(changes: list[tuple[tuple[object, ...], object]]) -> None:
        value = document()
        for at, new in changes:
            value = replaced(value, at, new) if at in places(value) else value
        path = folder / name
        path.write_bytes(written(name, value))
        with soon():
            sound(read(importer, path), name)

    with small():
        holds()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_odd_cells_give_results_or_sentences(tmp_path: Path, name: str) -> None:
    oddly(name, tmp_path, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_many_odd_cells_give_results_or_sentences(tmp_path: Path, name: str) -> None:
    oddly(name, tmp_path, MANY_ODD)


# ---- git -----------------------------------------------------------------------------------------

COMMITS: list[dict[str, Any]] = [
    {"date": "2025-10-01", "lines": 10},
    {"date": "2025-10-02", "trailer": "Co-authored-by: Claude <a@anthropic.com>"},
    {"date": "2025-11-03", "author": "copilot-swe-agent[bot] <1+Copilot@users.noreply.github.com>"},
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return files.repository(tmp_path / "repo", COMMITS)


def damaged_repositories(repository: Path, times: int) -> None:
    """Damage one file below .git at a time, read the repository, and put the file back."""
    chance = random.Random(times)
    parts = [p for p in (repository / ".git").rglob("*") if p.is_file() and "hooks" not in p.parts]
    refused = 0
    with small():
        for _ in range(times):
            path = chance.choice(parts)
            good = path.read_bytes()
            path.chmod(0o644)
            path.write_bytes(mutated(good, chance))
            with soon():
                imported = read("git", repository)
            sound(imported, "repo")
            refused += bool(imported.refusals)
            path.write_bytes(good)
    assert 0 < refused < times, "some damage is seen, some lies where git does not look"


def test_damaged_repositories_give_results_or_sentences(repository: Path) -> None:
    damaged_repositories(repository, QUICK)


@pytest.mark.slow
def test_many_damaged_repositories_give_results_or_sentences(repository: Path) -> None:
    damaged_repositories(repository, MANY)


def damaged_logs(repository: Path, times: int) -> None:
    """The reader of git's output, given that output damaged: it counts, or says that a commit is damaged."""
    chance = random.Random(times)
    good = b"".join(_log(repository, "", lines=True))
    refused = 0
    for _ in range(times):
        lines = io.BytesIO(mutated(good, chance)).readlines()
        said, months = "", []
        try:
            months = list(tally(lines, "repo").months.values())
        except Unreadable as unreadable:
            said = str(unreadable)
        refused += bool(said)
        assert not said or "repo: found a damaged commit" in said
        assert all(month.commits_ai <= month.commits for month in months)
    assert 0 < refused < times


def test_damaged_output_of_git_is_counted_or_refused(repository: Path) -> None:
    damaged_logs(repository, 10 * QUICK)


@pytest.mark.slow
def test_much_damaged_output_of_git_is_counted_or_refused(repository: Path) -> None:
    damaged_logs(repository, MANY)


# ---- real files, where they are ------------------------------------------------------------------


def damaged_reals(folder: str, place: Path, times: int) -> None:
    """Real files of one folder, each damaged equally often, under their own names."""
    root = there(folder)
    found = sorted(root.rglob("*")) if root else []
    reals = [p for p in found if p.is_file() and p.stat().st_size <= LARGEST and recognised(p) is not None]
    chance = random.Random(folder)
    with small():
        for number, path in enumerate(reals):
            importer = recognised(path)
            assert importer is not None
            target = place / path.relative_to(path.parents[1])
            target.parent.mkdir(parents=True, exist_ok=True)
            good = path.read_bytes()
            for _ in range(times * (number + 1) // len(reals) - times * number // len(reals)):
                target.write_bytes(mutated(good, chance))
                with soon():
                    sound(read(importer.name, target), target.name)
    shutil.rmtree(place)


@pytest.mark.parametrize("folder", FOLDERS)
def test_damaged_real_files_give_results_or_sentences(tmp_path: Path, folder: str) -> None:
    damaged_reals(folder, tmp_path, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_many_damaged_real_files_give_results_or_sentences(tmp_path: Path, folder: str) -> None:
    damaged_reals(folder, tmp_path, MANY)


def test_every_importer_is_damaged() -> None:
    """A new importer must be added to these tests, or it is never tried on anything damaged."""
    from tests.scorecard.importers.test_hostile import KINDS

    assert {*KINDS.values(), *(importer for importer, _ in DOCUMENTS.values()), "git"} == set(importers())
