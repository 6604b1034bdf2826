"""What holds for every test: how many processes share them, which are the core, and the stores they start from."""

import os
import re
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

import forecasts
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.store import Store
from tests.shared_stores import build_once, copy_store, shared_folder

# Importing the package sets fast-math off and one BLAS thread, before any test imports a sampler: else
# the same seed gives other draws from a cold than from a warm compile cache.
assert forecasts.__doc__

# Heads are noted beside the tests' own temporary files, not in the state folder of whoever runs them.
os.environ["SCORECARD_WITNESS"] = str(Path(tempfile.gettempdir()) / f"scorecard-tests-{os.getuid()}-witness")

# The browser tests need requirements-dev.txt. Who installed requirements.txt only can still run the
# others; asking for `-m browser` then finds no test, which pytest reports as exit code 5.
collect_ignore = [] if find_spec("playwright") else ["browser"]

HERE = Path(__file__).parent
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
ALONE = ("browser", "lake", "office")  # one app or one server serves all of these, so one process does
# What the inner loop (`-m core`) leaves out, unread: what starts the app, typesets, publishes, samples, fits, or starts
# interpreters. All else is core, a new folder too, until somebody finds that it is slow and adds it here.
BEYOND_CORE = (
    "browser",
    "documents",
    "forecasts/dynamics",
    "forecasts/inference",
    "forecasts/judging",
    "forecasts/measurement",
    "forecasts/runs",
    "lake",
    "pages",
    "scorecard/briefings",
    "scorecard/doors",
    "scorecard/filings",
    "scorecard/importers",
    "scorecard/publishing",
    "scorecard/refresh",
    "scorecard/store/kept",
    "slow",
    "forecasts/dates/test_determination.py",
    "forecasts/test_commands.py",
    "scorecard/governance/test_commands.py",
    "scorecard/governance/test_replay.py",
    "scorecard/store/test_checkpoint.py",
    "scorecard/store/test_damage.py",
    "scorecard/store/test_processes.py",
    "scorecard/store/test_store.py",
    "scorecard/store/test_turns.py",
    "scorecard/store/test_verify.py",
    "scorecard/test_commands.py",
    "scorecard/test_doors.py",
    "scorecard/test_one_reader.py",
    "scorecard/test_published_facts.py",
    "scorecard/test_trace.py",
    "test_golden.py",
    "test_launcher.py",
    "test_packaging.py",
    "test_recipes.py",
)


def is_core(path: Path) -> bool:
    """Whether a file or folder of tests belongs to the inner loop."""
    return not any(path.is_relative_to(HERE / place) for place in BEYOND_CORE)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes share the tests when nobody has said."""
    return processes(config.getoption("markexpr"), config.args)


def processes(marks: str, arguments: Sequence[str]) -> int:
    """A process a core; none beside this one where several would have to share a thing, or cost more than they save."""
    chosen = set(re.findall(r"(?<!not )\b[a-z]+\b", marks))
    named = {argument.partition("::")[0] for argument in arguments}
    if chosen & set(ALONE) or (len(named) == 1 and named.pop().endswith(".py")):
        return 0
    return CORES


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For the inner loop, what is beyond it is not even imported."""
    return True if config.getoption("markexpr") == "core" and not is_core(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the core by where a test lies."""
    for item in items:
        if is_core(item.path) and not any(map(item.get_closest_marker, ("slow", "oracle"))):
            item.add_marker(pytest.mark.core)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all processes of this session have in common."""
    return shared_folder(tmp_path_factory, request.config)


@pytest.fixture(scope="session")
def published_folder(shared: Path) -> Path:
    """The folder of a store of data/, made once (0.5 s) in the real way; to be copied, never written to."""
    return build_once(shared, "published", lambda store: facts.build(store, DATA))


@pytest.fixture
def published(published_folder: Path, tmp_path: Path) -> Store:
    """A store of one's own with the published facts, and no forecast."""
    return copy_store(published_folder, tmp_path / "published")
