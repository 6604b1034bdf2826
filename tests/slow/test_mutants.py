"""Each check that keeps somebody out is taken away, one at a time, in a copy of the tree: some test must notice.

A mutant is the text of a file with one place changed; the tests named beside it run against the copy and must fail.
The first run is of no mutant and must pass, else a failure would say nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = (
    "scorecard",
    "screens",
    "pages",
    "forecasts",
    "tests",
    "data",
    "app.py",
    "pyproject.toml",
    ".streamlit",
)
CLAIMS = "tests/scorecard/governance/test_claims.py"
ROLES = "tests/scorecard/governance/test_roles.py"
TEXT = "tests/pages/outside/test_text.py"
WRITERS = "tests/scorecard/test_writers.py"
GUARD = "tests/pages/outside/test_guard_parts.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check taken away: in which file, what stood there, what stands there now, and who must notice."""

    file: str
    was: str
    now: str
    tests: str


FILES = {
    "claims": "scorecard/governance/claims.py",
    "people": "scorecard/people.py",
    "text": "screens/frame/text.py",
    "addresses": "scorecard/addresses.py",
    "guard": "screens/frame/guard.py",
    "words": "scorecard/words.py",
}
MUTANTS = {
    "an address that nobody checked counts": Mutant(
        "claims", "vouched and ADDRESS", "True and ADDRESS", CLAIMS
    ),
    "an address in any letters counts": Mutant(
        "claims", "and ADDRESS.fullmatch(address)", "and address", CLAIMS
    ),
    "addresses are folded": Mutant(
        "people", "return text.translate(_LOWER)", "return text.casefold()", CLAIMS
    ),
    "groups count as addresses": Mutant(
        "claims", "or address in roles.addresses", "or groups & roles.addresses", CLAIMS
    ),
    "a sign-in never ends": Mutant(
        "claims", "if age > timedelta(hours", "if age > 99 * timedelta(hours", CLAIMS
    ),
    "a sign-in may be of the future": Mutant(
        "claims", "if age < -LEEWAY", "if age < -10**9 * LEEWAY", CLAIMS
    ),
    "a time that is none": Mutant("claims", " or not isfinite(issued):", ":", CLAIMS),
    "an issuer is not asked for": Mutant("claims", "if not issuer or not subject", "if not subject", CLAIMS),
    "the issuer is no part of the person": Mutant("claims", "{self.issuer}\\0", "", CLAIMS),
    "an unknown key in [roles]": Mutant(
        "claims", "if unknown := [str(key)", "if False and [str(key)", CLAIMS
    ),
    "a text instead of a list in [roles]": Mutant(
        "claims",
        "not isinstance(entries, list | tuple) or not all(isinstance(one, str) and one",
        "not all(one",
        CLAIMS,
    ),
    "an address that is none in [roles]": Mutant("claims", "if odd := [one", "if False and [one", CLAIMS),
    "a name may end in another's address": Mutant("claims", 'r"[<>', 'r"[', CLAIMS),
    "the role is not asked": Mutant(
        "people", "if ROLES.index(self.role) < ROLES.index(lowest)", "if False", ROLES
    ),
    "a name is not asked": Mutant("people", "if not self.name.strip()", "if False", ROLES),
    "a role that is none": Mutant("people", "if self.role not in ROLES", "if False", ROLES),
    "nothing is escaped": Mutant("text", 'MARKS.sub(r"\\\\\\g<0>", words[last:])', "words[last:]", TEXT),
    "addresses in a text become links": Mutant("text", "|//|material", "|material", TEXT),
    "a line may begin a list": Mutant("text", "Marked(OPENS.sub(_opened, ", "Marked(str.join('', ", TEXT),
    "words may be reordered": Mutant(
        "text", 'LINE.sub("", UNSEEN.sub(', "LINE.sub(\"\", re.compile('$^').sub(", TEXT
    ),
    "any scheme is a link": Mutant("addresses", 'parts.scheme not in ("http", "https") or ', "", TEXT),
    "a user name in an address": Mutant("addresses", '"@" in parts.netloc or ', "", TEXT),
    "brackets and spaces in an address": Mutant("addresses", "or FOREIGN.search(given)", "", TEXT),
    "a link's host is not shown": Mutant("text", " ({escaped(host_of(to))})", "", TEXT),
    "a forwarding header is not looked at": Mutant("guard", "if lower & FORWARDING or", "if", GUARD),
    "x-forwarded is not looked at": Mutant(
        "guard", 'any(name.startswith("x-forwarded") for name in lower)', "False", GUARD
    ),
    "any peer is this machine": Mutant("guard", "not ip_address(peer).is_loopback", "False", GUARD),
    "a key works twice": Mutant("guard", "or key in self.spent ", "", GUARD),
    "any key works": Mutant(
        "guard", "or not secrets.compare_digest(given.encode(), key.encode())", "", GUARD
    ),
    "a browser without the key writes": Mutant(
        "guard", 'cookies.get(COOKIE, "") in self.cookies', "True", GUARD
    ),
    "any port of the machine connects": Mutant(
        "guard", "if origin is None or origin.lower() not in own_origins(scope)", "if origin is None", GUARD
    ),
    "no origin connects": Mutant("guard", "if origin is None or", "if origin is not None and", GUARD),
    "the page can be framed": Mutant(
        "guard", "frame-ancestors {' '.join(embedders()) or \"'none'\"}", "x-y 'none'", GUARD
    ),
    "images from anywhere": Mutant("guard", "\"img-src 'self' data:\"", '"img-src *"', GUARD),
    "scripts from anywhere": Mutant(
        "guard", "f\"script-src 'self' {inline}\"", 'f"script-src * {inline}"', GUARD
    ),
    "an embedder is not checked": Mutant("guard", "if web_address(one) != one or", "if False and", GUARD),
    "a formula in a sheet": Mutant("words", 'return f"\'{text}" if', 'return f"{text}" if', GUARD),
}
ASKED = re.compile(r"\b\w+\.require\([^()]*\)")


def unasked() -> dict[str, Mutant]:
    """Each place where a function that writes asks for the role, from the source, with the question left out."""
    found = {}
    for folder, tests in (("scorecard/governance", ROLES), ("scorecard/evidence", WRITERS)):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
            for turn, place in enumerate(ASKED.finditer(text), start=1):
                start, end = max(0, place.start() - 400), place.end() + 100
                was = text[start:end]
                now = text[start : place.start()] + "None" + text[place.end() : end]
                found[f"{name}, question {turn}"] = Mutant(name, was, now, tests)
    return found


MUTANTS |= unasked()


def run(tree: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which every named test passes."""
    copy = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", "scorecard.*"))
        else:
            shutil.copy(source, copy / part)
    done = run(copy, *sorted({one.tests for one in MUTANTS.values()}))
    assert done.returncode == 0, done.stdout[-2000:]
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_check_that_is_lost_is_noticed(tree: Path, name: str) -> None:
    mutant = MUTANTS[name]
    file = tree / FILES.get(mutant.file, mutant.file)
    whole = file.read_text(encoding="utf-8")
    assert whole.count(mutant.was) == 1, (
        f"{mutant.was!r} stands {whole.count(mutant.was)} times in {file.name}"
    )
    file.write_text(whole.replace(mutant.was, mutant.now), encoding="utf-8")
    try:
        done = run(tree, mutant.tests)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert done.returncode == 1, f"nobody noticed (exit code {done.returncode})\n{done.stdout[-2000:]}"
