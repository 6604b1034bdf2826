"""Installed from the checkout's path into a fresh environment, and used from an empty folder, as a stranger would."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
NOTEBOOK = """
import pandas as pd
from forecasts.api import crossing_dates, fit
days = pd.date_range("2021-02-01", periods=16, freq="QS")
table = pd.DataFrame({"system": list("abcdefghijklmnop"), "date": days, "value": [2.0 ** (i / 2) for i in range(16)]})
fits = fit(table, scale="log2", unit="minutes", sample=False)
print(sorted(crossing_dates(fits, 1000.0).columns))
"""
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


def test_a_notebook_fits_a_table_of_its_own(stranger: Stranger) -> None:
    done = stranger.run("python", "-c", NOTEBOOK)
    assert done.returncode == 0, done.stderr
    assert "p_12_months" in done.stdout


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
