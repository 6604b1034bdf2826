"""The command lines as a whole: what is listed is what there is, and a list costs no import of what is behind it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from forecasts import commands as maths
from forecasts.commands import preparedness
from scorecard import __version__
from scorecard import commands as record
from scorecard.discovery import DuplicateName
from scorecard.terminal.doors import declared, found
from tests.doors import joined

ROOT = Path(__file__).parents[2]
HEAVY = {
    "altair",
    "arviz",
    "duckdb",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pymc",
    "rich",
    "scipy",
    "yaml",
}
FRONTS = {
    "preparedness": "from forecasts.commands import main; main()",
    "python -m scorecard": "from scorecard.__main__ import main; main()",
    "python -m forecasts": "from forecasts.__main__ import main; main()",
}


# What starts a server, and what writes files and prints their paths.
WITHOUT_JSON = {
    "app", "serve", "export", "briefing", "watch", "issue", "chart", "draws", "duty write",
}  # fmt: skip
# `--by` is who does it, but where a chance by a day is asked for, as at the read doors.
BY_A_DAY = {"ask", "forecast ask", "forecast changes", "forecast goalposts"}


def leaves(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command of the one command line with its words."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from leaves(command, *path, name)
        else:
            yield " ".join((*path, name)), command


@pytest.fixture(scope="module")
def tree() -> dict[str, Any]:
    return dict(leaves(preparedness()))


def parameters(tree: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, command in tree.items() for one in command.params if one.name != "help")


def test_everything_that_answers_does_so_as_json(tree: Mapping[str, Any]) -> None:
    asked = {name for name, one in parameters(tree) if "--json" in one.opts}
    assert tree.keys() - asked == WITHOUT_JSON


def test_what_can_be_listed_can_be_shown(tree: Mapping[str, Any]) -> None:
    nouns = {
        verb: {name.rpartition(" ")[0] for name in tree if name.endswith(f" {verb}")}
        for verb in ("list", "show")
    }
    assert nouns["list"] == nouns["show"]
    assert len(nouns["list"]) > 12
    # What is proposed or put down in a group is a noun of that group.
    made = {
        name.rpartition(" ")[0]
        for name in tree
        if name.rpartition(" ")[2] in ("propose", "add", "plan", "set")
    }
    assert made <= nouns["list"]


def test_every_word_is_explained_and_a_switch_that_is_off_has_one_name(tree: Mapping[str, Any]) -> None:
    context = tree["status"].context_class(tree["status"])
    for name, one in parameters(tree):
        told = one.get_help_record(context)
        assert told is not None, f"{name} hides {one.name}"
        assert told[1].partition("[")[0].strip(), f"{name} does not explain {told[0]}"
        if getattr(one, "is_flag", False) and one.default is False:
            assert not one.secondary_opts, f"{name}: {one.secondary_opts} says what holds anyway"
        assert len(one.opts) == 1 or one.opts == ["--by", "--on"], f"{name}: two names, {one.opts}"


def test_an_option_means_the_same_everywhere(tree: Mapping[str, Any]) -> None:
    told: dict[str, dict[str, list[str]]] = {}
    for name, one in parameters(tree):
        for option in one.opts:
            kind = "DATE" if "DATE" in (one.metavar or "") else "text"
            if option.startswith("--") and not (option == "--by" and name in BY_A_DAY):
                told.setdefault(option, {}).setdefault(kind, []).append(name)
    both = {option: kinds for option, kinds in told.items() if len(kinds) > 1}
    assert both == {}
    days = {name for name, one in parameters(tree) if one.metavar == "DATE" and "--as-of" in one.opts}
    assert len(days) > 20


def test_methods_are_chosen_by_one_option(tree: Mapping[str, Any]) -> None:
    offered = {name: told for name, command in tree.items() for told in [_options(command)]}
    assert not [name for name, options in offered.items() if options & {"--quick", "--fast", "--sampled"}]
    assert {"forecast run", "forecast changes", "forecast goalposts", "issue"} == {
        name for name, options in offered.items() if "--method" in options
    }


def _options(command: Any) -> set[str]:
    return {option for one in command.params for option in one.opts}


def test_no_text_names_the_modules_behind_the_one_command() -> None:
    """People type `preparedness`; `python -m` works still, and `run` starts the app by it."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    inside = ("run", "tests/scorecard/test_doors.py", "tests/test_launcher.py")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if name not in inside and path.is_file():
            text = path.read_bytes()
            found = re.search(rb"python3? -m (?:scorecard|forecasts)\b(?!\.)", text)
            assert found is None, f"{name} says {found and found[0].decode()}; say `preparedness`"


def run(front: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FRONTS[front], *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("package", [record.__name__, maths.__name__])
def test_what_is_read_from_the_text_is_what_the_files_register(package: str) -> None:
    read = {(door.module, name): door.words for name, door in found(package).items()}
    whole = typer.main.get_group(joined(import_module(package))).commands
    there = {
        (door.module, name): (whole[name].help or "").partition("\n")[0]
        for name, door in found(package).items()
    }
    assert len(whole) == len(there)
    assert read == there


def test_every_file_of_a_folder_of_commands_puts_something_on_its_app() -> None:
    for package in (record, maths):
        for path in Path(str(package.__file__)).parent.rglob("[!_]*.py"):
            assert list(declared(path)), f"{path.name} declares no command"


def test_two_commands_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "doubled"
    package.mkdir()
    (package / "__init__.py").write_text('"""Commands."""\n')
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(
            'import typer\n\napp = typer.Typer()\n\n\n@app.command("same")\ndef it() -> None:\n    """Do it."""\n'
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DuplicateName, match=r"'same' is declared in doubled\.one and doubled\.two"):
        found("doubled")


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",), ()], ids=str)
def test_a_list_of_commands_loads_nothing_heavy(front: str, arguments: tuple[str, ...]) -> None:
    code = f"import sys\ntry:\n    {FRONTS[front]}\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert {name.partition(".")[0] for name in done.stderr.split()} & HEAVY == set()
    assert (f"preparedness {__version__}" if arguments == ("--version",) else "Commands") in done.stdout or (
        "The record:" in done.stdout
    )


def test_status_does_without_what_only_charts_fits_and_tables_need(tmp_path: Path) -> None:
    environment = {**os.environ, "SCORECARD_STORE": str(tmp_path / "scorecard.duckdb")}
    for command in ("init", "status"):
        code = (
            f"import sys\nsys.argv = ['x', {command!r}, *(['--no-run'] if {command!r} == 'status' else [])]\n"
            "try:\n    from scorecard.__main__ import main\n    main()\n"
            "finally:\n    print(*sys.modules, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert loaded & (HEAVY - {"duckdb", "pydantic", "yaml"}) == set()


def test_the_one_command_has_every_command_of_both_wings() -> None:
    listed = run("preparedness", "--help").stdout
    assert all(f"  {name} " in listed for name in found(record.__name__))
    inside = run("preparedness", "forecast", "--help").stdout
    assert all(f"  {name} " in inside for name in found(maths.__name__))
    assert "propose" in run("preparedness", "forecast", "priors", "-h").stdout
    assert "--as-of" in run("preparedness", "forecast", "run", "-h").stdout


def test_a_name_of_another_group_is_told_with_its_place() -> None:
    wrong = run("preparedness", "backtest")
    assert wrong.returncode == 2
    assert "No such command 'backtest'. Did you mean 'forecast backtest'?" in wrong.stderr
    assert "Did you mean 'status'?" in run("python -m scorecard", "statsu").stderr


def test_a_wrong_word_for_a_choice_lists_the_choices() -> None:
    wrong = run("preparedness", "briefing", "--audience", "press")
    assert wrong.returncode == 2
    assert all(word in wrong.stderr for word in ("internal", "board", "public"))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("preparedness st", ["status"]),
        ("preparedness forecast back", ["backtest"]),
        ("preparedness forecast priors pro", ["propose"]),
        ("preparedness briefing --audience b", ["board"]),
        ("preparedness forecast run --method q", ["quick"]),
        ("preparedness chart over", ["overview"]),
        ("preparedness briefing --format pdf,js", ["pdf,json"]),
        ("preparedness import lm", ["lm_eval"]),
    ],
)
def test_completion_knows_commands_groups_and_choices(line: str, offered: list[str]) -> None:
    at = str(len(line.split(" ")) - 1)
    done = run("preparedness", _PREPAREDNESS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=at)
    assert done.stdout.split() == offered


@pytest.mark.parametrize(
    "words", [("alerts",), ("alerts", "rules"), ("forecast", "hub"), ("forecast",)], ids=str
)
def test_a_group_called_with_nothing_tells_what_there_is(words: tuple[str, ...]) -> None:
    told = run("preparedness", *words)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"Usage: preparedness {' '.join(words)} ")


def test_the_modules_tell_the_name_that_people_type() -> None:
    assert run("python -m scorecard", "status", "-h").stdout.startswith("Usage: preparedness status ")
    assert run("python -m forecasts", "run", "-h").stdout.startswith("Usage: preparedness forecast run ")


def test_a_lifted_command_refuses_in_a_sentence_too(tmp_path: Path) -> None:
    for words in (("ask",), ("forecast", "ask")):
        told = run("preparedness", *words, "nothing", SCORECARD_STORE=str(tmp_path / "scorecard.duckdb"))
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith("there is no indicator 'nothing'; ")


def test_what_the_record_refuses_is_a_sentence_by_every_front(tmp_path: Path) -> None:
    for front in ("preparedness", "python -m scorecard"):
        done = run(front, "verify", SCORECARD_STORE=str(tmp_path / "none.duckdb"))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("there is no store at")
