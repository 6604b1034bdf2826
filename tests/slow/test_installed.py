"""Installed from the checkout's path into a fresh environment, and used from an empty folder, as a stranger would."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.documents.test_documents import commands

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
DRAWN = ("evidence.py", "explore.py")
PAGES = f"""
from streamlit.testing.v1 import AppTest
from scorecard.places import APP
for page in {DRAWN!r}:
    app = AppTest.from_file(str(APP), default_timeout=300)
    app.switch_page("pages/" + page).run()
    print(page, len(app.title), list(app.exception))
"""


@dataclass(frozen=True)
class Stranger:
    """An environment with the package in it, an empty folder to stand in, and a home of one's own."""

    environment: Path
    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTENSOR_FLAGS") if name in os.environ}
        home = self.folder.parent / "home"
        return {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "COLUMNS": "200"}

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.environment / "bin" / program), *arguments],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """Installs with uv where it is (some ten seconds), else with pip (a minute)."""
    place = tmp_path_factory.mktemp("installed")
    made = Stranger(place / "environment", place / "empty")
    made.folder.mkdir()
    (place / "home").mkdir()
    subprocess.run([sys.executable, "-m", "venv", str(made.environment)], check=True)
    python = str(made.environment / "bin" / "python")
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    pip = (
        [uv, "pip", "install", "--quiet", "--python", python]
        if uv
        else [python, "-m", "pip", "install", "--quiet"]
    )
    done = subprocess.run(
        [*pip, "-c", str(ROOT / "constraints.txt"), str(ROOT)],
        cwd=made.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


def test_the_record_is_built_and_read(stranger: Stranger) -> None:
    built = stranger.run("preparedness", "init", "--json")
    assert built.returncode == 0, built.stderr
    store = Path(json.loads(built.stdout)["store"])
    assert store.is_file()
    assert stranger.folder.parent / "home" in store.parents
    told = stranger.run("preparedness", "status", "--no-run", "--json")
    assert told.returncode == 0, told.stderr
    assert {row["developer"] for row in json.loads(told.stdout)} >= {"OpenAI", "Anthropic"}
    assert list(stranger.folder.iterdir()) == []


def test_an_export_is_written_where_one_stands(stranger: Stranger) -> None:
    done = stranger.run("preparedness", "export", "--table", "sources", "--out", "x.csv")
    assert done.returncode == 0, done.stderr
    assert (stranger.folder / "x.csv").read_text(encoding="utf-8").count("\n") > 50
    (stranger.folder / "x.csv").unlink()


def test_the_notebook_leads_from_a_table_to_dates(stranger: Stranger) -> None:
    cells = json.loads((ROOT / "docs" / "own-table.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    done = stranger.run("python", "-c", "\n".join([*code, "print(list(dates.columns), len(scores))"]))
    assert done.returncode == 0, done.stderr
    assert "p_12_months" in done.stdout
    assert list(stranger.folder.iterdir()) == []


def test_the_tutorials_are_followed_to_the_letter(stranger: Stranger, tmp_path: Path) -> None:
    """A first briefing and then a first meeting, from an empty folder and a home without a record."""
    newcomer = replace(stranger, folder=tmp_path / "empty")
    newcomer.folder.mkdir()
    (tmp_path / "home").mkdir()
    own: dict[str, str] = {}
    for tutorial in ("first-briefing", "first-meeting"):
        for words in commands((ROOT / "docs" / f"{tutorial}.md").read_text("utf-8")):
            if "RUN" in words:
                rows = json.loads(newcomer.run("preparedness", "status", "--no-run", "--json").stdout)
                about = words[words.index("--threshold") + 1]
                own["RUN"] = next(row["forecast_run"] for row in rows if row["threshold"] == about)
                (meeting,) = json.loads(newcomer.run("preparedness", "meeting", "list", "--json").stdout)
                own["DAY"] = meeting["id"]
            done = newcomer.run("preparedness", *(own.get(word, word) for word in words))
            assert done.returncode == 0, (words, done.stderr)
    assert sorted({path.suffix for path in (newcomer.folder / "out").iterdir()}) == [".html", ".md", ".pdf"]
    (decided,) = json.loads(newcomer.run("preparedness", "decisions", "list", "--json").stdout)
    assert decided["forecast_run"] == own["RUN"]


@pytest.fixture
def served(stranger: Stranger) -> Iterator[str]:
    """The address of the running app; stopped by its process's number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(stranger.environment / "bin" / "preparedness"), "app", "--port", str(port), "--no-browser"],
        cwd=stranger.folder,
        env=stranger.variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_the_app_is_served_and_its_pages_draw(stranger: Stranger, served: str) -> None:
    for _ in range(600):  # as long as a machine needs: only a server that never answers fails
        try:
            with urlopen(f"{served}/_stcore/health") as answer:
                assert answer.read() == b"ok"
                break
        except (URLError, ConnectionError):
            sleep(0.5)
    with urlopen(served) as answer:
        assert b"<title>Streamlit" in answer.read()
    drawn = stranger.run("python", "-c", PAGES)
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stdout.splitlines() == [f"{page} 1 []" for page in DRAWN]
