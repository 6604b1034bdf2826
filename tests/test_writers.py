"""Every function that appends to the store is called directly with a viewer, or writes in nobody's name.

The walk goes over the source of all packages, so that a function written tomorrow is found. The functions of
scorecard/governance are called one by one in tests/scorecard/governance/test_roles.py, those of evidence in
tests/scorecard/test_writers.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.scorecard.governance.test_roles import BY_ITSELF, CALLS
from tests.scorecard.test_writers import EVIDENCE

ROOT = Path(__file__).parents[1]
# What writes by itself, in the name of the scorecard and not of a person: facts of data/, forecasts and their records.
MACHINES = {
    "scorecard/evidence/facts.py: build",
    "forecasts/runs/request.py: store_default_priors",
    "forecasts/runs/questions.py: answered",
    "forecasts/runs/run.py: run",
    "forecasts/runs/run.py: run_own",  # from a notebook on this machine; no page quotes it
    "forecasts/runs/backtests.py: record",
}


def appending(path: Path) -> Iterator[str]:
    """The public functions of a file that append to a store, themselves or through a private one of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}

    def calls(one: ast.FunctionDef) -> set[str]:
        return {ast.unparse(n.func) for n in ast.walk(one) if isinstance(n, ast.Call)}

    writers = {name for name, one in functions.items() if any(c.endswith("store.append") for c in calls(one))}
    while more := {
        name
        for name, one in functions.items()
        if name not in writers and calls(one) & {w for w in writers if w.startswith("_")}
    }:
        writers |= more
    return (
        f"{path.relative_to(ROOT).as_posix()}: {name}" for name in sorted(writers) if not name.startswith("_")
    )


def test_every_function_that_appends_is_called_with_a_viewer_or_writes_by_itself() -> None:
    found = {
        one
        for wing in ("scorecard", "forecasts", "screens", "pages")
        for path in (ROOT / wing).rglob("*.py")
        if "store" not in path.relative_to(ROOT).parts
        for one in appending(path)
    }
    named = [name.rpartition(".") for name in CALLS.keys() | BY_ITSELF]
    governance = {f"scorecard/governance/{module.replace('.', '/')}.py: {name}" for module, _, name in named}
    assert found - governance == EVIDENCE.keys() | MACHINES
    assert len(found & governance) > 10
