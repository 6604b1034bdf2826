"""What is committed: every source file, nothing of one machine, and pins that agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = (
    "app.py",
    "run",
    ".ci",
    ".github",
    ".streamlit",
    "benchmarks",
    "data",
    "docs",
    "forecasts",
    "pages",
    "scorecard",
    "screens",
    "tests",
)
# The only files below those that may stay out of the repository: caches, and what is made from data/.
MADE = re.compile(r"(^|/)__pycache__/|\.pyc$|^data/scorecard\.(duckdb|files/)")
# Folders of one person's machine; the look-behind leaves addresses like example.org/home/x alone.
MACHINE_PATH = re.compile(r"(?<![\w.:/*~-])/(?:home|root|Users|work|opt|mnt)/[\w.]|\b[A-Z]:\\Users\\")

# What keys and passwords look like that somebody might commit by mistake; put together here, so as not to find itself.
SECRET = re.compile(
    "|".join(
        (
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE" + r" KEY-----",
            r"\b(?:AKIA|ASIA)" + r"[0-9A-Z]{16}\b",  # Amazon
            r"\bgh[pousr]_" + r"[A-Za-z0-9]{36}\b|\bgithub_pat_" + r"\w{40,}",
            r"\bglpat-" + r"[\w-]{20}\b|\bxox[abprs]-" + r"[\w-]{10,}",
            r"\bsk-" + r"(?:ant-|proj-)?[A-Za-z0-9_-]{32,}",
            r"\bAIza" + r"[\w-]{35}\b|\bhf_" + r"[A-Za-z]{34}\b|\bpypi-" + r"AgE[\w-]{50,}",
            r"\beyJ" + r"[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # a signed token
            r"\b(?i:cookie_secret|client_secret|password|passwd|api_key)\s*[=:]\s*"
            r"['\"](?=[^'\"]*\d)[A-Za-z0-9+/_=-]{24,}['\"]",
        )
    )
)


def git(*arguments: str, repository: Path | None = None) -> list[str]:
    """Lines that git prints; with `repository`, an empty one laid over the checkout (works without .git too)."""
    where = [f"--git-dir={repository}", f"--work-tree={ROOT}"] if repository else []
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *where, *arguments],
        cwd=ROOT,
        env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A repository without commits, so that every file of the checkout is either ignored or not."""
    repository = tmp_path / "blank.git"
    git("init", "--quiet", "--bare", str(repository))
    git("config", "core.bare", "false", repository=repository)
    return repository


def committed(blank: Path) -> list[str]:
    """Files that are or will be committed: all that .gitignore lets through."""
    return git("ls-files", "--others", "--exclude-standard", repository=blank)


def test_no_source_file_is_ignored(blank: Path) -> None:
    ignored = git("ls-files", "--others", "--ignored", "--exclude-standard", "--", *SOURCES, repository=blank)
    assert [path for path in ignored if not MADE.search(path)] == []


def test_every_python_file_on_disk_is_let_through(blank: Path) -> None:
    """Says the same from the other end: what the packages hold is what git would take."""
    taken = set(committed(blank))
    held = [
        path.relative_to(ROOT).as_posix()
        for folder in ("forecasts", "pages", "scorecard", "screens", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file()
    ]
    assert [path for path in held if path not in taken and not MADE.search(path)] == []


def test_no_source_file_was_forgotten() -> None:
    """In a working copy, a new file must be added; a fresh clone and an archive hold nothing else."""
    if not (ROOT / ".git").exists():
        return
    forgotten = git("ls-files", "--others", "--exclude-standard", "--", *SOURCES)
    assert forgotten == [], "not in the repository yet: `git add` them"


def test_no_environment_and_no_link_is_committed() -> None:
    """A committed `.venv`, be it a link, takes the place of everybody's environment: `git rm --cached .venv`."""
    if not (ROOT / ".git").exists():
        return
    held = [line.split(maxsplit=3) for line in git("ls-files", "--stage")]
    assert [
        name for mode, _, _, name in held if mode == "120000" or name.startswith((".venv", ".lake"))
    ] == []


def test_ignore_patterns_name_places_not_words() -> None:
    """A bare `store` or `data` in .gitignore swallows a source folder of that name."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert [
        pattern for pattern in patterns if not pattern.startswith("/") and pattern != "__pycache__/"
    ] == []


def test_every_package_says_what_lives_there() -> None:
    packages = {
        path.parent for top in ("scorecard", "forecasts", "screens") for path in (ROOT / top).rglob("*.py")
    }
    assert [str(place) for place in sorted(packages) if not (place / "__init__.py").is_file()] == []
    silent = [place for place in packages if not (place / "__init__.py").read_text().startswith('"""')]
    assert silent == []


def test_nothing_names_one_persons_machine(blank: Path) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in committed(blank)
        for number, line in enumerate(text_of(ROOT / name).splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_no_key_or_password_is_committed(blank: Path) -> None:
    found = [name for name in committed(blank) if SECRET.search(text_of(ROOT / name))]
    assert found == []


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN OPENSSH PRIVATE" + " KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1" * 18,
        "sk-ant-" + "a1" * 20,
        "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NTY3" + "." + "a" * 20,
        'cookie_secret = "' + "a1b2c3d4" * 4 + '"',
    ],
)
def test_a_key_or_password_is_found(secret: str) -> None:
    assert SECRET.search(f"x = {secret}\n")


def text_of(path: Path) -> str:
    """A file's text, or nothing for a picture, a spreadsheet and the like."""
    content = path.read_bytes() if path.is_file() else b""
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def test_launcher_and_ci_can_be_executed_and_the_launcher_is_short() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert len((ROOT / "run").read_text(encoding="utf-8").splitlines()) <= 90


def test_the_readme_opens_with_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [block.strip() for block in blocks[:2]] == ["./run", "./run test"]


def requirements(name: str) -> dict[str, tuple[str, str]]:
    """Package -> (version, rest of the line) for each pin of a requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [re.fullmatch(r"([\w.-]+)==([\w.]+)\s*(.*)", line) for line in lines if line[:1].isalpha()]
    assert None not in pins, f"{name}: every line is package==version"
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): (pin[2], pin[3]) for pin in pins if pin is not None}


def test_every_direct_dependency_is_pinned_with_a_reason_and_the_pins_agree() -> None:
    fixed = requirements("constraints.txt")
    for name in (
        "requirements.txt",
        "requirements-dask.txt",
        "requirements-serve.txt",
        "requirements-dev.txt",
    ):
        for package, (version, reason) in requirements(name).items():
            assert reason.startswith("# "), f"{name}: say why {package} is needed"
            assert fixed[package][0] == version, f"{name}: {package} differs; run ./run lock"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_package_that_is_installed_has_the_hashes_of_its_files(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text[text.index("\n") :].lstrip("\n"))
    locked = {}
    for entry in entries[1:] if entries[0].startswith("#") else entries:
        package, _, rest = entry.partition("==")
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", rest), f"{package} has no hash; run ./run lock"
        locked[re.sub(r"[-_.]+", "-", package).lower()] = rest.split()[0]
    fixed = {package: version for package, (version, _) in requirements("constraints.txt").items()}
    assert {package: fixed.get(package) for package in locked} == locked, "run ./run lock"
    asked = requirements(f"{name}.txt").keys() | requirements("requirements.txt").keys()
    assert asked <= locked.keys(), "run ./run lock"
