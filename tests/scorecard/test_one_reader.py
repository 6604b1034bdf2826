"""No file under data/ is opened outside the one reader of facts; what else reads there is named with its reason."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from scorecard.places import DATA, HOME
from scorecard.store import Store

READER = "facts.build"  # storing a folder's facts is what the one reader is for
# Modules that name data/ for anything else, and why that is no fact that a number of the record rests on unseen.
OTHERS = {
    "scorecard/places.py": "says where data/ is",
    "scorecard/evidence/importers/git/agents.py": (
        "by which signs an import tells coding agents from people: read with the reader's own tables and checks; an "
        "import keeps what it counted, so that a later edit changes later imports alone"
    ),
    "scorecard/evidence/readings/left_out.py": (
        "how two methods predicted tasks left out: a study of method, as the class is, said beside METR's horizon from "
        "its day on; no number of the record rests on it"
    ),
    "scorecard/commands/evidence/refresh.py": "which hosts a refresh may ask: what it brings in is stored as an import",
    "forecasts/runs/request.py": "the shapes' default priors, stored as a prior set before anything is forecast",
    "forecasts/api.py": "the same for a library's user who has no record",
    "forecasts/worlds/building.py": "what the headline model learnt from the reference class: a part of the model",
    "forecasts/judging/compared.py": "the same, for research on models that stores nothing in the record",
    "forecasts/judging/reference/series_class.py": "the reference class models are judged on, which is no evidence",
    "forecasts/commands/judge.py": "judges models on the reference class and writes what was learnt",
}
LOOK = """
import contextlib, io, json, sys
seen, under = [], sys.argv[1]
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(under):
        seen.append(arguments[0])
sys.addaudithook(hook)
from forecasts.commands import main
for command in json.loads(sys.argv.pop()):
    sys.argv[1:] = command
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            main()
    except SystemExit as ended:
        assert not ended.code, (command, ended.code)
print(json.dumps(sorted(set(seen))))
"""


def naming_data() -> set[str]:
    """The modules that name DATA other than to have the one reader store it."""
    found = set()
    for top in ("scorecard", "forecasts", "pages", "screens"):
        for path in (HOME / top).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            handed = {
                id(argument)
                for call in ast.walk(tree)
                if isinstance(call, ast.Call) and ast.unparse(call.func) == READER
                for argument in call.args
            }
            named = [
                node
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and node.id == "DATA" and id(node) not in handed
            ]
            if named:
                found.add(path.relative_to(HOME).as_posix())
    return found


def test_whoever_else_reads_data_is_named_with_a_reason() -> None:
    assert naming_data() == set(OTHERS)


def test_with_a_store_nothing_that_is_shown_opens_a_file_under_data(published: Store, tmp_path: Path) -> None:
    """The calendar, bars, rules and priors of data/ are read from the record; editing a file there changes nothing."""
    commands = [
        ["status", "--no-run", "--as-of", "2026-11-25", "--json"],
        ["briefing", "--as-of", "2026-11-25", "--format", "json,md", "--out", str(tmp_path)],
        ["oversight", "--as-of", "2026-11-25"],
        ["verify"],
    ]
    arguments = [sys.executable, "-c", LOOK, str(DATA), json.dumps(commands)]
    env = {**os.environ, "SCORECARD_STORE": published.address}
    done = subprocess.run(arguments, env=env, capture_output=True, text=True, cwd=HOME, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
