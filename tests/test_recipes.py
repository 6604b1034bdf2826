"""The five recipes of CONTRIBUTING.md, followed to the letter in a copy of the tree: one file more, and it works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.store import Store
from tests.pages.conftest import example_runs

ROOT = Path(__file__).parent.parent
TREE = ("scorecard", "forecasts", "screens", "pages", "data", ".streamlit", "app.py")
FILE = re.compile(r"^`(?P<path>[\w./]+)`\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LATE = date(2026, 3, 10)


def recipe(title: str) -> dict[str, str]:
    """The files that a recipe of CONTRIBUTING.md adds, by their path."""
    whole = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (section,) = [part for part in whole.split("\n### ")[1:] if part.startswith(title)]
    steps = re.findall(r"^\d\. ", section, re.MULTILINE)
    assert steps == ["1. ", "2. ", "3. ", "4. "], "a recipe has four steps"
    return {found["path"]: found["text"] for found in FILE.finditer(section)}


class Tree:
    """A copy of the source in a temporary folder, with commands that run inside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tree"
        self.store = folder / "scorecard.duckdb"
        # With the compiled modules, which are good as long as the copied files keep their times.
        ignored = shutil.ignore_patterns("scorecard.duckdb*", "scorecard.files")
        for name in TREE:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, self.folder / name)

    def follow(self, title: str) -> list[Path]:
        """Add the files of a recipe; NNNN becomes the next migration's number."""
        added = []
        for name, text in recipe(title).items():
            migrations = list((self.folder / "scorecard/store/migrations").glob("*.sql"))
            path = self.folder / name.replace("NNNN", f"{len(migrations) + 1:04}")
            assert not path.exists(), f"the recipe's {name} is there already"
            path.write_text(text, encoding="utf-8")
            added.append(path)
        assert added
        return added

    def python(self, *arguments: str) -> str:
        """What a Python of the tree prints; it must succeed."""
        environment = {**os.environ, "SCORECARD_STORE": str(self.store), "COLUMNS": "200"}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_a_new_importer_reads_its_format_and_is_offered(tree: Tree) -> None:
    tree.follow("An importer")
    tree.python("-m", "scorecard", "init")
    given = tree.folder / "scores.tsv"
    given.write_text("system\tday\tscore\nGPT-5\t2025-08-07\t0.61\nGPT-5\tsoon\t0.7\n", encoding="utf-8")
    told = json.loads(
        tree.python("-m", "scorecard", "import", "auto", str(given), "--dry-run", "--new-systems", "--json")
    )
    (plan,) = told["files"]
    assert (plan["format"], plan["measurements"], len(plan["refused"])) == ("leaderboard", 1, 1)
    assert "leaderboard" in complete(tree, "preparedness import ")


def test_a_new_exporter_is_listed_and_writes_its_file(tree: Tree) -> None:
    tree.follow("An exporter")
    assert "headline" in tree.python("-m", "scorecard", "briefing", "--help")
    assert "pdf,headline" in complete(tree, "preparedness briefing --format pdf,")
    tree.python("-m", "scorecard", "init")
    out = tree.folder / "out"
    tree.python(
        *("-m", "scorecard", "briefing", "--as-of", LATE.isoformat(), "--format", "txt", "--out", str(out))
    )
    (written,) = out.iterdir()
    assert written.name == f"scorecard-{LATE}.txt"
    assert written.read_text(encoding="utf-8").startswith(f"{LATE}: ")
    offered = tree.python(
        "-c", "import screens.briefing as b; print([f.title for f in b.formats().values()])"
    )
    assert "Headline" in offered


def test_a_new_shape_enters_a_forecast_by_its_own_priors(tree: Tree) -> None:
    measured = "microsoft.fgf2026.autonomy.critical"  # by one indicator
    asked = ("--threshold", measured, "--as-of", "2026-11-30", "--method", "quick", "--json")
    tree.python("-m", "scorecard", "init")
    before = json.loads(tree.python("-m", "forecasts", "run", *asked))
    tree.follow("A shape")
    shown = tree.python("-m", "forecasts", "priors", "show", "default")
    assert "square_root.bend = lognormal(-2.5, 0.3)" in shown
    given = tree.folder / "data" / "priors" / "default.yaml"
    text = given.read_text(encoding="utf-8")
    weighed = text.replace("local_trend: 0}", "local_trend: 0, square_root: 1}")
    assert weighed != text
    given.write_text(weighed, encoding="utf-8")
    after = json.loads(tree.python("-m", "forecasts", "run", *asked))
    assert {run["id"] for run in before} & {run["id"] for run in after} == set()
    assert before
    for old, new in zip(before, after, strict=True):
        assert {name: one["weight"] for name, one in old["result"]["by_shape"].items()} == {"headline": 1.0}
        assert {name: one["weight"] for name, one in new["result"]["by_shape"].items() if one["weight"]} == {
            "headline": 0.5,
            "square_root": 0.5,
        }


def test_a_new_page_is_in_the_navigation_and_opens(tree: Tree) -> None:
    tree.follow("A page")
    store = Store(tree.store)
    facts.build(store, DATA)
    store.append(example_runs(store, datetime.now(UTC).date()), action="forecast", actor="a test")
    shown = tree.python(
        "-c",
        "from streamlit.testing.v1 import AppTest\n"
        "from screens.frame.navigation import file_of, pages\n"
        "print([p.title for p in pages().values()], file_of('sources_in_use'))\n"
        "app = AppTest.from_file('app.py', default_timeout=120)\n"
        "app.switch_page('pages/sources_in_use.py').run()\n"
        "print(app.title[0].value, app.header[0].value, list(app.exception), list(app.error))\n",
    )
    listed, drawn = shown.strip().splitlines()
    assert "'Sources in use'" in listed
    assert re.fullmatch(r"Sources in use \d+ sources are known by this day \[\] \[\]", drawn)


def test_a_new_record_kind_is_stored_verified_and_exported_and_refuses_change(tree: Tree) -> None:
    tree.follow("A record kind")
    tree.python("-m", "scorecard", "init")
    stored = tree.python(
        "-c",
        "from datetime import date\n"
        "import duckdb\n"
        "from scorecard.records.incidents import Incident\n"
        "from scorecard.store import Store, verify\n"
        "store = Store()\n"
        "made = Incident(id='one', system='a', what='it stopped', known_at=date(2026, 3, 1))\n"
        "store.append([made], action='report', actor='a researcher')\n"
        "with store.view(as_of=date(2026, 2, 1)) as early, store.view() as now:\n"
        "    print(early.all(Incident), now.get(Incident, id='one') == made, verify(store).sound)\n"
        "try:\n"
        "    duckdb.connect(str(store.path)).execute('DELETE FROM incidents')\n"
        "except duckdb.Error as error:\n"
        "    print(str(error).partition('append-only')[1:])\n",
    )
    assert stored.splitlines() == [
        "[] True True",
        "('append-only', ': rows of incidents are superseded, never changed')",
    ]
    out = tree.folder / "incidents.csv"
    tree.python("-m", "scorecard", "export", "--table", "incidents", "--out", str(out))
    assert "it stopped" in out.read_text(encoding="utf-8")


def complete(tree: Tree, line: str) -> list[str]:
    """What the shell offers after a line, asked as bash asks."""
    words = line.split(" ")
    code = (
        "import os; os.environ.update(_PREPAREDNESS_COMPLETE='complete_bash', "
        f"COMP_WORDS={line!r}, COMP_CWORD={str(len(words) - 1)!r})\n"
        "from forecasts.commands import main\nmain()\n"
    )
    return tree.python("-c", code).split()
