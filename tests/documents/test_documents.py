"""The documents: every command in them is one that the program takes, every link leads somewhere, the site builds."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from typer import core

from forecasts.commands import main, preparedness
from scorecard.clock import today
from scorecard.records import ForecastRun
from scorecard.store import Store
from tests.doors import say
from tests.pages.conftest import example_runs
from tests.scorecard.importers import files

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STARTS = {
    ("preparedness",): (),
    ("./run", "preparedness"): (),
    ("python", "-m", "scorecard"): (),
    ("./run", "python", "-m", "scorecard"): (),
    ("python", "-m", "forecasts"): ("forecast",),
    ("./run", "python", "-m", "forecasts"): ("forecast",),
}
ENDS = {"|", ">", ">>", "&&", ";", "||", "2>", "<"}


def commands(text: str) -> Iterator[list[str]]:
    """Each command of ours in the shell blocks of a document, as words, without its first ones."""
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True, posix=True)
            for start, inside in STARTS.items():
                at = next((i for i in range(len(words)) if tuple(words[i : i + len(start)]) == start), None)
                if at is not None and (at == 0 or words[at - 1] in ENDS or "=" in words[at - 1]):
                    rest = words[at + len(start) :]
                    end = next((i for i, word in enumerate(rest) if word in ENDS), len(rest))
                    yield [*inside, *rest[:end]]
                    break


def taken(words: list[str]) -> None:
    """Raise what the program would say of a command that it does not take; nothing is run."""
    group: Any = preparedness()
    context = group.context_class(group, info_name="preparedness")
    while isinstance(group, core.TyperGroup) and words and words[0] not in ("--help", "-h", "--version"):
        name, group, words = group.resolve_command(context, words)
        context = group.context_class(group, info_name=name, parent=context)
    if not isinstance(group, core.TyperGroup):
        try:
            group.make_context(context.info_name, words, parent=context.parent)
        except typer.BadParameter as wrong:  # a reader's own file need not lie here
            if not wrong.message.endswith("does not exist."):
                raise


FOUND = [(path, words) for path in DOCUMENTS for words in commands(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("path", "words"), FOUND, ids=[f"{p.stem}: {' '.join(w)}"[:80] for p, w in FOUND])
def test_a_command_in_the_documents_is_one_that_the_program_takes(path: Path, words: list[str]) -> None:
    if "--help" not in words:
        taken(words)


# What starts a server that nobody ends; tests/scorecard/doors and tests/browser start and ask each of them.
SERVERS = ("serve", "app")
DRAWING = ("briefings", "publish", "recipes")  # every format, two whole sites, a run: a minute of work
RUN = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem in DRAWING else [])
    for path in sorted({path for path, words in FOUND if words[0] not in SERVERS})
]
SNAPSHOT = "a snapshot's first characters"
MODELS = ("gpt_5_4", "claude_mythos_preview")


@pytest.mark.parametrize("path", RUN)
def test_the_commands_of_a_document_run_one_after_the_other(
    path: Path, published: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the published facts with made-up forecasts, a meeting and a snapshot, in a folder of the reader's own."""
    published.append(example_runs(published, today()), action="forecast", actor="a test")
    monkeypatch.chdir(tmp_path)
    Path("horizons.yaml").write_text(files.METR, encoding="utf-8")
    files.attempts_file(Path("own.parquet"), model=[MODELS[i // 500] for i in range(1000)])
    known = {"rows": "attempts", "constants": {"benchmark": "METR-Horizon", "scaffold": "react"}}
    Path("map.yaml").write_text(json.dumps(files.ATTEMPTS | known), encoding="utf-8")
    for words in (
        ["import", "generic", "own.parquet", "--mapping", "map.yaml"],
        ["meeting", "schedule", "--on", "2026-11-28"],
        ["snapshot", "save", "--json"],
    ):
        done = say(main, published.path, "preparedness", *words)
        assert done.returncode == 0, done.stderr
    with published.view() as now:
        newest = {one.threshold: one.id for one in now.all(ForecastRun)}
    own = {
        SNAPSHOT: json.loads(done.stdout)["id"],
        "PATH...": "horizons.yaml",
        "DAY": today().isoformat(),  # the id of a meeting is its day
        "RUN": newest["openai.pf2.ai_self_improvement.high"],
    }
    for where, words in FOUND:
        if where == path and words[0] not in SERVERS:
            told = say(main, published.path, "preparedness", *(_own(word, own) for word in words))
            assert told.returncode == 0, (words, told.stdout, told.stderr)


def _own(word: str, own: Mapping[str, str]) -> str:
    return own[SNAPSHOT][:8] if re.fullmatch(r"[0-9a-f]{8}", word) else own.get(word, word)


def test_commands_are_found_and_a_wrong_one_is_told() -> None:
    assert len(FOUND) > 15
    for wrong in (
        ["status", "--as-off", "2026-01-31"],
        ["statuss"],
        ["chart", "pie"],
        ["serve", "--port", "x"],
    ):
        with pytest.raises(Exception, match=r"No such|invalid|Invalid|not one of|not a valid|valid integer"):
            taken(wrong)
    (one,) = commands("```sh\nA=1 preparedness status --json | jq .  # as JSON\n```\n")
    assert one == ["status", "--json"]


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for link in re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+)", path.read_text(encoding="utf-8")):
            there = path.parent / link
            assert there.exists() or (path.parent.name == "docs" and link == "commands.md"), (
                f"{path.name}: {link}"
            )


def test_the_readme_is_one_screen() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 45
    assert "![" in text


def test_the_site_of_the_documents_builds_without_a_warning(tmp_path: Path) -> None:
    command = ["build", "--strict", "-f", "docs/site/mkdocs.yml", "-d", str(tmp_path / "html")]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    told = (tmp_path / "html" / "commands" / "index.html").read_text(encoding="utf-8")
    assert "publish" in told
    assert "--snapshot" in told
    outside = re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"https?://(?!example)[^\"]+", told)
    assert outside == [], "nothing is loaded from elsewhere"
