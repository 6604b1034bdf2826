"""`./run` on machines that are not this one: the interpreters are stand-ins, the launcher is the real one."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("cat", "chmod", "cksum", "cp", "dirname", "grep", "mkdir", "sh", "sort", "true", "uname")

# A stand-in interpreter: writes down how it was called, says whether it is good enough, makes an
# environment that holds a copy of itself, and "installs". Files in the checkout say what the network
# is like: `no-network` (pip gets nothing), `uv-on-index` (pip can get uv), `uv-is-blocked` (uv gets nothing).
PYTHON = """#!/bin/sh
echo "$0 $*" >>"{log}"
case "$*" in
    *'import ensurepip'*) exit {verdict} ;;
    '--version') echo 'Python 3.13.0' ;;
    '-m venv --clear .venv') mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    '-m pip install --quiet --only-binary :all: uv<1')
        [ -e uv-on-index ] || exit 1
        printf '#!/bin/sh\\necho "uv $*" >>"{log}"\\n[ ! -e uv-is-blocked ]\\n' >.venv/bin/uv
        chmod +x .venv/bin/uv ;;
    '-m pip install'*) [ ! -e no-network ] ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A temporary machine: a checkout with the launcher, a folder on the path, and a log of calls."""

    checkout: Path
    path: Path
    home: Path
    log: Path

    def python(self, place: Path, verdict: int = 0) -> Path:
        """Put a stand-in interpreter at `place`; its self-test exits with `verdict`."""
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(PYTHON.format(log=self.log, verdict=verdict))
        place.chmod(0o755)
        return place

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.checkout / "run"), *arguments],
            env={"PATH": str(self.path), "HOME": str(self.home), **environment},
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )

    def maker(self) -> str:
        """The interpreter that made the environment."""
        asked = " -m venv --clear .venv"
        (made,) = [line.removesuffix(asked) for line in self.calls() if line.endswith(asked)]
        return made

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def installs(self) -> list[str]:
        return [line for line in self.calls() if "pip install" in line and "uv<1" not in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "a checkout", tmp_path / "bin", tmp_path / "home", tmp_path / "calls.log")
    for folder in (made.checkout, made.path, made.home):
        folder.mkdir()
    for name in ("run", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, made.checkout / name)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"the launcher's tests need {tool}"
        (made.path / tool).symlink_to(found)
    return made


def test_takes_the_python_it_is_told(machine: Machine) -> None:
    told = machine.python(machine.home / "my python")
    machine.python(machine.path / "python3.14")
    assert machine.run("true", PYTHON=str(told)).returncode == 0
    assert machine.maker() == str(told)


def test_says_so_when_the_python_it_is_told_is_too_old(machine: Machine) -> None:
    told = machine.python(machine.home / "old", verdict=1)
    good = machine.python(machine.path / "python3.12")
    done = machine.run("true", PYTHON=str(told))
    assert machine.maker() == str(good)
    assert f"PYTHON={told} does not run as Python 3.12 to 3.14" in done.stderr


def test_takes_the_newest_on_the_path(machine: Machine) -> None:
    for minor in (12, 13, 14):
        machine.python(machine.path / f"python3.{minor}")
    machine.run("true")
    assert machine.maker().endswith("python3.14")


def test_skips_a_shim_that_exits_127_and_a_python3_that_is_too_old(machine: Machine) -> None:
    machine.python(machine.path / "python3.13", verdict=127)
    machine.python(machine.path / "python3", verdict=1)
    good = machine.python(machine.path / "python3.12")
    machine.run("true")
    assert machine.maker() == str(good)


def test_falls_to_the_newest_that_pyenv_has_installed(machine: Machine) -> None:
    machine.python(machine.path / "python3", verdict=127)
    versions = machine.home / ".pyenv" / "versions"
    for version in ("3.9.18", "3.12.1", "3.13.2", "3.13.10"):
        machine.python(versions / version / "bin" / "python")
    machine.run("true")
    assert machine.maker() == str(versions / "3.13.10" / "bin" / "python")


def test_finds_pyenv_where_it_was_put(machine: Machine) -> None:
    good = machine.python(machine.home / "else where" / "versions" / "3.12.1" / "bin" / "python")
    machine.run("true", PYENV_ROOT=str(machine.home / "else where"))
    assert machine.maker() == str(good)


def test_asks_uv_when_no_python_will_do(machine: Machine) -> None:
    fetched = machine.python(machine.home / "fetched" / "python")
    uv = machine.path / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "uv $*" >>"{machine.log}"\ncase "$*" in *find*) echo "{fetched}" ;; esac\n'
    )
    uv.chmod(0o755)
    machine.python(machine.path / "python3", verdict=1)
    done = machine.run("true")
    assert done.returncode == 0
    assert "uv python install --quiet 3.13" in machine.calls()
    assert machine.maker() == str(fetched)


def test_stops_with_one_sentence_when_there_is_nothing(machine: Machine) -> None:
    done = machine.run("true")
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("run: needs a Python 3.12, 3.13 or 3.14")
    assert "PYTHON=" in line
    assert not (machine.checkout / ".venv").exists()


def test_second_start_installs_nothing_until_a_pin_changes(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    assert "installing requirements.txt with pip" in machine.run("true").stderr
    assert len(machine.installs()) == 1
    assert machine.run("true").stderr == ""
    assert len(machine.installs()) == 1
    with (machine.checkout / "requirements.lock").open("a") as pins:
        pins.write("# one more\n")
    machine.run("true")
    assert len(machine.installs()) == 2


def test_the_developers_set_includes_the_users(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    machine.run("test")
    machine.run("true")
    assert [call.rsplit(" ", 1)[1] for call in machine.installs()] == ["requirements-dev.lock"]


def test_uses_uv_when_pip_can_get_it(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    (machine.checkout / "uv-on-index").touch()
    assert "with uv" in machine.run("true").stderr
    assert machine.installs() == [
        "uv pip install --quiet --no-build --require-hashes --python .venv/bin/python -r requirements.lock"
    ]


def test_falls_to_pip_when_uv_cannot_install(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    (machine.checkout / "uv-on-index").touch()
    (machine.checkout / "uv-is-blocked").touch()
    done = machine.run("true")
    assert done.returncode == 0
    assert "with pip (about a minute), since uv could not" in done.stderr
    with_uv, with_pip = machine.installs()
    assert with_uv.startswith("uv pip install")
    assert with_pip.endswith(
        "-m pip install --quiet --only-binary :all: --require-hashes -r requirements.lock"
    )


def test_an_install_that_broke_off_is_done_again(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    (machine.checkout / "no-network").touch()
    done = machine.run("true")
    assert done.returncode == 1
    assert "start again" in done.stderr
    (machine.checkout / "no-network").unlink()
    assert machine.run("true").returncode == 0
    assert len(machine.installs()) == 2
    assert len([call for call in machine.calls() if "-m venv" in call]) == 1


def test_an_environment_whose_python_is_gone_is_made_again(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    machine.run("true")
    (machine.checkout / ".venv" / "bin" / "python").unlink()
    assert "making .venv" in machine.run("true").stderr


def test_starts_the_app_the_tests_or_any_command(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    machine.run("--server.port", "8600")
    machine.run("preparedness", "status", "--as-of", "2026-01-31")
    machine.run("test", "-k", "a name")
    started = [
        call.split(".venv/bin/python ", 1)[1] for call in machine.calls() if ".venv/bin/python -" in call
    ]
    assert "-m scorecard app --server.port 8600" in started
    assert "-c from forecasts.commands import main; main() status --as-of 2026-01-31" in started
    assert "-m pytest -k a name" in started


def test_a_command_runs_where_its_caller_stands_and_finds_the_checkouts_packages(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    shown = machine.run("sh", "-c", 'echo "$PWD|$VIRTUAL_ENV|${PATH%%:*}|$PYTHONPATH"')
    venv = machine.checkout / ".venv"
    assert shown.stdout.strip() == f"{machine.home}|{venv}|{venv / 'bin'}|{machine.checkout}"
    shown = machine.run("sh", "-c", 'echo "$PYTHONPATH"', PYTHONPATH="of my own")
    assert shown.stdout.strip() == f"{machine.checkout}:of my own"


def test_a_relative_path_means_what_it_says(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    assert machine.run("sh", "-c", "echo rows >x.csv").returncode == 0
    assert (machine.home / "x.csv").read_text() == "rows\n"
    assert not (machine.checkout / "x.csv").exists()


def test_the_tools_of_the_checkout_work_on_the_checkout(machine: Machine) -> None:
    """`test`, `ruff` and `mypy` read the settings and tests that lie there, wherever they are called from."""
    machine.python(machine.path / "python3.13")
    machine.run("true")
    ruff = machine.checkout / ".venv" / "bin" / "ruff"
    ruff.write_text("#!/bin/sh\npwd\n")
    ruff.chmod(0o755)
    assert machine.run("ruff", "check").stdout.strip() == str(machine.checkout)


def test_a_commands_output_and_exit_code_come_through_clean(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    done = machine.run("sh", "-c", "echo answer; exit 7")
    assert (done.stdout, done.returncode) == ("answer\n", 7)


def test_help_installs_nothing(machine: Machine) -> None:
    done = machine.run("help")
    assert "./run test" in done.stdout
    assert machine.calls() == []


def test_bytecode_is_kept_where_the_caller_forbids_it(machine: Machine) -> None:
    machine.python(machine.path / "python3.13")
    said = machine.run("sh", "-c", 'echo "${PYTHONDONTWRITEBYTECODE-kept}"', PYTHONDONTWRITEBYTECODE="1")
    assert said.stdout == "kept\n"
