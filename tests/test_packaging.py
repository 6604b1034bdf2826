"""What is installed: one version, the requirements, and archives that hold the program and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from scorecard import __version__, places

ROOT = Path(__file__).parent.parent
PACKAGES = ("scorecard", "forecasts", "screens")
SHIPPED = "scorecard/_shipped"


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line[:1].isalpha()]


def test_the_dependencies_are_those_of_the_requirements_files() -> None:
    """Else `./run` and `pip install` would give different programs: copy the pin from one to the other."""
    given = project()["project"]
    assert sorted(given["dependencies"] + given["optional-dependencies"]["tests"]) == sorted(
        pins("requirements.txt")
    )
    for extra in ("dask", "serve"):
        assert given["optional-dependencies"][extra] == pins(f"requirements-{extra}.txt")


def test_there_is_one_version_and_the_changes_open_with_it() -> None:
    assert "version" in project()["project"]["dynamic"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == __version__
    assert cited["license"] == project()["project"]["license"] == "Apache-2.0"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## ([\d.]+)", changes, re.MULTILINE)[0] == __version__


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel and a source archive, made by the backend that pyproject.toml names (a second)."""
    out = tmp_path_factory.mktemp("dist")
    code = (
        "import sys; from hatchling import build; "
        "print(build.build_wheel(sys.argv[1])); print(build.build_sdist(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    wheel, source = done.stdout.split()
    return out / wheel, out / source


def test_the_wheel_holds_the_packages_the_pages_and_the_facts_and_nothing_else(
    archives: tuple[Path, Path],
) -> None:
    held = {name for name in zipfile.ZipFile(archives[0]).namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in held} == set(PACKAGES)
    code = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    facts = [
        path for path in places.DATA.rglob("*") if path.is_file() and not path.name.startswith("scorecard.")
    ]
    facts = [path for path in facts if "scorecard.files" not in path.parts]
    shown = [places.APP, *places.PAGES.glob("*.py"), ROOT / ".streamlit" / "config.toml"]
    shipped = {f"{SHIPPED}/{path.relative_to(ROOT).as_posix()}" for path in [*facts, *shown]}
    assert held == code | shipped


def test_the_source_archive_holds_no_store_and_no_environment(archives: tuple[Path, Path]) -> None:
    with tarfile.open(archives[1]) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    tops = {name.partition("/")[0] for name in held}
    assert tops <= {
        *PACKAGES,
        *("app.py", "pages", "data", ".streamlit", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"),
        *("CITATION.cff", "requirements.txt", "constraints.txt", ".gitignore", "PKG-INFO"),
    }
    assert not [name for name in held if name.startswith(("data/scorecard.", ".streamlit/secrets"))]
    assert "data/sources.yaml" in held


def test_an_installed_copy_finds_its_facts_and_keeps_its_store_with_the_user(
    archives: tuple[Path, Path], tmp_path: Path
) -> None:
    """The wheel unpacked beside nothing of the checkout, so that no way back to it can hide a gap."""
    zipfile.ZipFile(archives[0]).extractall(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from scorecard import places; from scorecard.store import default_address; "
            "from screens.frame.navigation import pages; "
            "print(places.APP.is_file(), len(pages()), default_address())",
        ],
        cwd=tmp_path / "empty",
        env={
            "PYTHONPATH": str(tmp_path / "site"),
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "own"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there, count, store = done.stdout.split()
    assert (there, int(count)) == ("True", len(list(places.PAGES.glob("*.py"))))
    if sys.platform == "linux":
        assert store == str(tmp_path / "own" / "preparedness-scorecard" / "scorecard.duckdb")


def test_a_checkout_keeps_its_store_in_its_data() -> None:
    assert not places.INSTALLED
    assert places.default_store() == ROOT / "data" / "scorecard.duckdb"


def test_every_package_is_typed() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in PACKAGES)
