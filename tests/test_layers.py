"""Who may import whom: the floors of the house as data, samplers out of the app, DuckDB in the store only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLERS = {"pymc", "arviz", "nutpie", "pytensor", "numba"}
# From the ground up. A room may import from its own and from lower floors; rooms of one floor (in one tuple) stand
# beside each other and may not import one another. What is not named stands on the floor of the folder around it.
FLOORS: Sequence[tuple[str, ...]] = (
    ("scorecard.discovery", "scorecard.places", "scorecard.addresses"),
    ("scorecard.clock",),
    ("scorecard.records",),
    ("scorecard.words",),
    ("scorecard.store",),
    ("scorecard.people",),
    ("scorecard.evidence",),
    ("scorecard.thresholds",),
    ("scorecard.charts",),
    ("scorecard.governance",),
    ("scorecard.briefings",),
    ("scorecard.jobs",),
    ("scorecard.doors", "scorecard.publishing"),
    ("scorecard.terminal",),
    ("scorecard.commands",),
    ("scorecard.__main__",),
    ("forecasts.ops", "forecasts.series", "forecasts.prior"),
    ("forecasts.readings",),
    ("forecasts.rises",),
    ("forecasts.levels",),
    ("forecasts.headline", "forecasts.sparse"),
    ("forecasts.shapes",),
    ("forecasts.priors",),
    ("forecasts.inference",),
    ("forecasts.dates",),
    ("forecasts.worlds",),
    ("forecasts.measurement", "forecasts.dynamics", "forecasts.judging"),
    ("forecasts.runs",),
    ("forecasts.api", "forecasts.doors", "forecasts.worker", "forecasts.hub"),
    ("forecasts.commands",),
    ("forecasts.__main__",),
    ("screens.frame",),
    ("screens",),
    ("pages",),
    ("app",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
OURS = {"scorecard", "forecasts", "screens", "pages", "app", "tests", "benchmarks"}
STORE_USERS = (
    *("forecasts/runs/", "forecasts/commands/", "forecasts/__main__.py", "forecasts/worker.py"),
    "forecasts/doors.py",
)
# The record's own rooms that pure maths has no business with; the nouns and the clock it may use.
UPSTAIRS = ("scorecard.governance", "scorecard.briefings", "scorecard.commands", "scorecard.charts")


@dataclass(frozen=True)
class Import:
    """One import statement: in which file and line, of which module (dotted, absolute)."""

    file: str
    line: int
    module: str

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def imports_of(path: Path, root: Path = ROOT) -> tuple[Import, ...]:
    return _read_once(path.read_text(encoding="utf-8"), path.relative_to(root))


@cache
def _read_once(text: str, file: Path) -> tuple[Import, ...]:
    """Kept, since most tests here read every file."""
    return tuple(read_imports(text, file))


def read_imports(text: str, file: Path) -> Iterator[Import]:
    """Every import in a file, at any depth: one inside a function binds the layers as much as one on top."""
    for node in ast.walk(ast.parse(text, str(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file.as_posix(), node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            parents = file.parent.parts[: len(file.parent.parts) + 1 - node.level] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(file.as_posix(), node.lineno, f"{module}.{alias.name}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield Import(file.as_posix(), node.lineno, str(argument.value))


def room_of(name: str) -> str | None:
    """The room of the plan that a dotted name stands in; none for what stands outside the house."""
    parts = name.split(".")
    rooms = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((room for room in rooms if room in FLOOR), None)


def upward(found: Import) -> bool:
    """Whether a file imports from a higher floor, or from another room of its own."""
    name = found.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    here, there = room_of(name), room_of(found.module)
    if found.top not in OURS or here is None or there is None or here == there:
        return False
    return FLOOR[there] >= FLOOR[here]


def intrudes(found: Import) -> bool:
    """Whether a file imports a private module of a folder that is not its own."""
    if found.top not in OURS:
        return False
    folder = Path(found.file).parent.as_posix().replace("/", ".")
    parts = found.module.split(".")
    private = next((i for i, part in enumerate(parts) if part.startswith("_") and part != "__main__"), None)
    if private is None or not is_module(".".join(parts[: private + 1])):
        return False
    return ".".join(parts[:private]) != folder


def sources(*places: str, root: Path = ROOT) -> list[Path]:
    found = [path for place in places for path in sorted((root / place).rglob("*.py"))]
    return found + [root / place for place in places if (root / place).is_file()]


def breaches(places: Sequence[str], forbidden: Callable[[Import], bool], root: Path = ROOT) -> list[str]:
    return [
        str(one) for path in sources(*places, root=root) for one in imports_of(path, root) if forbidden(one)
    ]


HOUSE = ("app.py", "pages", "screens", "scorecard", "forecasts")


def loaded_by(statement: str) -> set[str]:
    """Top-level packages that a fresh interpreter holds after running `statement`."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_no_floor_imports_a_higher_one() -> None:
    assert breaches(HOUSE, upward) == []


def test_every_file_stands_on_a_floor() -> None:
    """A room that the plan does not name would be held to nothing."""
    names = [path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in sources(*HOUSE)]
    packages = {"scorecard.__init__", "forecasts.__init__"}
    assert [name for name in names if room_of(name) is None and name not in packages] == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("scorecard/store/files.py", "from scorecard.people import Actor"),
        ("scorecard/records/forecast.py", "import scorecard.store"),
        ("scorecard/governance/agenda.py", "def late():\n    from scorecard.briefings import export"),
        ("scorecard/evidence/facts.py", "from screens.frame.page import page"),
        ("forecasts/inference/fit.py", "from forecasts.dates.paths import HORIZON"),
        ("forecasts/dynamics/pace.py", "from forecasts.judging import scores"),
        ("screens/frame/page.py", "from screens import board"),
    ],
)
def test_a_planted_import_of_a_higher_floor_is_found(tmp_path: Path, file: str, line: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{(ROOT / file).read_text(encoding='utf-8')}\n\n{line}\n", encoding="utf-8")
    assert len(breaches([file], upward, root=tmp_path)) == 1


def test_no_folder_reaches_into_anothers_private_modules() -> None:
    assert breaches(HOUSE, intrudes) == []


def test_no_folder_is_crowded_and_no_file_long() -> None:
    """At most 15 source files a folder, 400 lines a file, 80 a page: more than that is not read at once."""
    files = sources(*HOUSE, "tests", "benchmarks")
    folders = {path.parent for path in files}
    crowded = [
        f"{folder.relative_to(ROOT)}: {count}"
        for folder in sorted(folders)
        if (count := len(list(folder.glob("*.py")))) > 15
    ]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    most = {path: 80 if path.parent == ROOT / "pages" else 400 for path in files}
    assert crowded == []
    assert [f"{path.relative_to(ROOT)}: {n}" for path, n in lengths.items() if n > most[path]] == []


def test_no_sampler_and_nothing_of_tests_is_imported_above_or_below_the_maths() -> None:
    strangers = SAMPLERS | {"tests", "benchmarks"}
    assert breaches(["app.py", "pages", "screens", "scorecard"], lambda found: found.top in strangers) == []


def test_the_record_knows_nothing_of_the_maths() -> None:
    assert breaches(["scorecard"], lambda found: found.top in {"forecasts", "screens", "pages", "app"}) == []


def test_the_maths_knows_nothing_of_screens() -> None:
    assert breaches(["forecasts"], lambda found: found.top in {"screens", "pages", "app", "tests"}) == []


def test_only_the_screen_imports_streamlit() -> None:
    assert breaches(["scorecard", "forecasts"], lambda found: found.top == "streamlit") == []


def test_only_the_store_imports_duckdb() -> None:
    assert (
        breaches(
            HOUSE,
            lambda found: found.top == "duckdb" and not found.file.startswith("scorecard/store/"),
        )
        == []
    )


def test_only_runs_and_commands_of_the_maths_touch_the_store() -> None:
    assert (
        breaches(
            ["forecasts"],
            lambda found: (
                f"{found.module}.".startswith("scorecard.store.") and not found.file.startswith(STORE_USERS)
            ),
        )
        == []
    )


def test_below_its_runs_the_maths_uses_only_the_grounds_of_the_record() -> None:
    assert (
        breaches(
            ["forecasts"],
            lambda found: found.module.startswith(UPSTAIRS) and not found.file.startswith(STORE_USERS),
        )
        == []
    )


def test_the_command_line_starts_without_samplers_or_streamlit() -> None:
    heavy = SAMPLERS | {"streamlit"}
    assert loaded_by("import scorecard, scorecard.__main__") & heavy == set()


def test_the_maths_command_line_and_what_pages_use_start_without_samplers() -> None:
    ours = {
        found.module
        for path in sources("app.py", "pages", "screens")
        for found in imports_of(path)
        if found.top in {"scorecard", "forecasts", "screens"}
    }
    modules = {"forecasts.__main__"} | {name for name in ours if is_module(name)}
    modules |= {name.rpartition(".")[0] for name in ours if not is_module(name)}
    assert loaded_by("\n".join(f"import {name}" for name in sorted(modules))) & SAMPLERS == set()


def is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def test_every_way_of_importing_is_seen() -> None:
    """A reader that saw no imports would pass everything."""
    text = (
        "import pymc.math\n"
        "def late():\n    from arviz import rhat\n"
        "from ..forecasts import fit\n"
        "from . import rows\n"
        "import importlib\nimportlib.import_module('nutpie')\n"
    )
    seen = {found.module for found in read_imports(text, Path("scorecard/store/example.py"))}
    assert seen == {
        "pymc.math",
        "arviz.rhat",
        "scorecard.forecasts.fit",
        "scorecard.store.rows",
        "importlib",
        "nutpie",
    }
