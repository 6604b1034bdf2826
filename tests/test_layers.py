"""Who may import whom: pages -> forecasts -> scorecard, samplers out of the app, DuckDB in the store only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLERS = {"pymc", "arviz", "nutpie", "pytensor", "numba"}
STORE_USERS = (
    "forecasts/runs.py",
    "forecasts/changes.py",
    "forecasts/__main__.py",
    "forecasts/commands/",
    "forecasts/planning.py",
)


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


def imports_of(path: Path) -> Iterator[Import]:
    return read_imports(path.read_text(encoding="utf-8"), path.relative_to(ROOT))


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


def sources(*places: str) -> list[Path]:
    found = [path for place in places for path in sorted((ROOT / place).rglob("*.py"))]
    return found + [ROOT / place for place in places if (ROOT / place).is_file()]


def breaches(places: list[str], forbidden: Callable[[Import], bool]) -> list[str]:
    return [str(found) for path in sources(*places) for found in imports_of(path) if forbidden(found)]


def loaded_by(statement: str) -> set[str]:
    """Top-level packages that a fresh interpreter holds after running `statement`."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_record_imports_nothing_of_ours_and_no_sampler() -> None:
    upward = {"forecasts", "pages", "app", "tests", "benchmarks"} | SAMPLERS
    assert breaches(["scorecard"], lambda found: found.top in upward) == []


def test_the_maths_import_no_page() -> None:
    assert breaches(["forecasts"], lambda found: found.top in {"pages", "app", "tests", "benchmarks"}) == []


def test_nobody_imports_a_page_and_pages_import_no_sampler() -> None:
    assert breaches(["app.py", "pages"], lambda found: found.top in SAMPLERS | {"pages", "tests"}) == []


def test_only_the_screen_imports_streamlit() -> None:
    assert (
        breaches(
            ["scorecard", "forecasts"],
            lambda found: found.top == "streamlit" and not found.file.startswith("scorecard/ui/"),
        )
        == []
    )


def test_only_the_store_imports_duckdb() -> None:
    assert (
        breaches(
            ["app.py", "pages", "scorecard", "forecasts"],
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


def test_the_command_line_starts_without_samplers_or_streamlit() -> None:
    heavy = SAMPLERS | {"streamlit"}
    assert loaded_by("import scorecard, scorecard.__main__") & heavy == set()


def test_the_maths_command_line_and_what_pages_use_start_without_samplers() -> None:
    ours = {
        found.module
        for path in sources("app.py", "pages")
        for found in imports_of(path)
        if found.top in {"scorecard", "forecasts"}
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
