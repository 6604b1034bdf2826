"""A git repository itself: how much of its work AI wrote or helped to write, by month.

Story: coding agents sign what they do, as the author of a commit or in a trailer of its message. Counting the
signatures gives a lower bound of the work they did: code that a person pasted from a chat is signed by nobody.
One `git log --numstat` is read as a stream; nothing of the repository is executed, fetched or written.
"""

from __future__ import annotations

import calendar
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from os import devnull, environ
from pathlib import Path
from typing import IO

from scorecard.evidence.importers._gather import SHARE, Gather, gathered, slug
from scorecard.evidence.importers._importer import Imported, Importer
from scorecard.evidence.importers._reading import whole

# Names and addresses that coding agents sign with, as author or in Co-authored-by and like trailers.
AGENTS = re.compile(
    r"@anthropic\.com|\bclaude\b|copilot@github\.com|\+copilot@users\.noreply|\bcopilot\b|cursoragent|cursor agent|"
    r"\bcodex\b|devin-ai|devin ai|google-labs-jules|\bjules\b|gemini-code-assist|gemini-cli|\(aider\)|aider@|\baider\b|"
    r"openhands|sweep-ai|amp@ampcode|ampcode\.com|windsurf|\bcline\b|roo ?code|opencode|factory-droid|warp agent|"
    r"chatgpt|\bgpt-\d",
    re.IGNORECASE,
)
TRAILERS = ("Co-authored-by", "Assisted-by", "Generated-by", "Co-developed-by")
DEFINITION = (
    "counted as AI: the author, or a trailer ("
    + ", ".join(TRAILERS)
    + "), has the name or address of a coding agent "
    "(list of importer git 1). By author date, UTC months. A lower bound: unsigned help is not seen"
)
SECONDS = re.compile(r"-?[0-9]+|")
LATEST = 4_000_000_000  # seconds; a commit dated later counts as of then
WIDEST = 1024 * 1024  # bytes of one line that are looked at
_FORMAT = "%x1e%H%x1f%P%x1f%at%x1f%an <%ae>%x1f" + "%x1f".join(
    f"%(trailers:key={key},valueonly,separator=%x1d)" for key in TRAILERS
)


@dataclass(slots=True)
class _Month:
    """What a month's commits add up to: all of it, and what AI signed."""

    commits: int = 0
    commits_ai: int = 0
    lines: int = 0
    lines_ai: int = 0
    merged: int = 0
    merged_ai: int = 0


@dataclass(slots=True)
class _History:
    """The whole history: months, and for each commit its parents, month and whether AI signed it."""

    months: dict[str, _Month] = field(default_factory=lambda: defaultdict(_Month))
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signed: dict[str, bool] = field(default_factory=dict)
    month_of: dict[str, str] = field(default_factory=dict)
    root: str = ""
    last: str = ""


def _git(path: Path, *arguments: str) -> list[str]:
    """A git command that runs nothing of the repository's own: no pager, hooks, filters, signatures or fetches."""
    safe = (
        "core.fsmonitor=false",
        "log.showSignature=false",
        "core.quotePath=true",
        "core.hooksPath=" + devnull,
    )
    return ["git", "--no-pager", *(part for one in safe for part in ("-c", one)), "-C", str(path), *arguments]


_ENVIRONMENT: Mapping[str, str] = {
    "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": devnull, "LC_ALL": "C",
}  # fmt: skip


def _log(path: Path, within: str) -> Iterator[bytes]:
    """The lines of one `git log --numstat`, as they come; raises Unreadable with git's own words when it fails."""
    command = _git(
        path, "log", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-show-signature",
        "--diff-merges=off", "--topo-order", f"--format={_FORMAT}", "HEAD", *(["--", within] if within else []),
    )  # fmt: skip
    try:
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**environ, **_ENVIRONMENT}
        )
    except OSError as error:
        raise whole(path.name, f"git: {error.strerror}", "the program git; install it") from None
    with running:
        stream: IO[bytes] = running.stdout  # type: ignore[assignment]  # it is a pipe
        yield from iter(lambda: stream.readline(WIDEST), b"")
        said = running.stderr.read(4096).decode("utf-8", errors="replace").strip() if running.stderr else ""
    if running.returncode:
        raise whole(
            path.name, (said.splitlines() or ["git failed"])[0][:200], "a git repository with commits"
        )


def history(path: Path, within: str = "") -> _History:
    """Read a repository's commits on HEAD; `within` keeps changes below one path only."""
    return counted(_log(path, within), path.name)


def counted(lines: Iterable[bytes], name: str) -> _History:
    """What lines of `git log` in our format add up to; Unreadable, naming the repository, when they have another."""
    found = _History()
    month, signed = _Month(), False
    for line in lines:
        if line.startswith(b"\x1e"):
            parts = line[1:].decode("utf-8", errors="replace").rstrip("\n").split("\x1f")
            if len(parts) < 4 or SECONDS.fullmatch(parts[2]) is None:
                raise whole(name, f"a damaged commit, {line[:60]!r}", "a repository that `git fsck` passes")
            commit, parents, seconds, author = parts[:4]
            moment = datetime.fromtimestamp(min(max(int(seconds[:12] or 0), 0), LATEST), UTC)
            signed = AGENTS.search(author) is not None or any(AGENTS.search(who) for who in parts[4:])
            stamp = f"{moment:%Y-%m}"
            month = found.months[stamp]
            month.commits += 1
            month.commits_ai += signed
            found.parents[commit] = tuple(parents.split())
            found.signed[commit], found.month_of[commit] = signed, stamp
            found.last = max(found.last, moment.date().isoformat())
            found.root = commit
            continue
        added, _, rest = line.partition(b"\t")
        deleted, tab, _ = rest.partition(b"\t")
        if tab and added.isdigit() and deleted.isdigit():  # binary files have a dash
            changed = int(added[:12]) + int(deleted[:12])
            month.lines += changed
            month.lines_ai += changed * signed
    _merged(found)
    return found


def _merged(found: _History) -> None:
    """Count merged work along the first parents: each step is a merge with all it brought, or one commit."""
    head = next(iter(found.parents), None)
    line = []
    while head is not None and head in found.parents:
        line.append(head)
        head = next(iter(found.parents[head]), None)
    seen = set(line)
    for commit in reversed(line):  # oldest first, so that a merge has only what no earlier one brought
        signed = found.signed[commit]
        waiting = list(found.parents[commit][1:])
        while waiting:
            other = waiting.pop()
            if other in seen or other not in found.parents:
                continue
            seen.add(other)
            signed = signed or found.signed[other]
            waiting += found.parents[other]
        month = found.months[found.month_of[commit]]
        month.merged += 1
        month.merged_ai += signed


WHAT: Mapping[str, tuple[str, str]] = {
    "commits": ("commits", "commits on the main line and what was merged into it"),
    "lines": ("changed lines", "lines added and deleted, binary files left out, merges counted once"),
    "merged": ("merged work", "steps along the main line: a merge with all it brought, or one commit"),
}


def _take(gather: Gather, path: Path, within: str = "") -> Imported:
    found = history(path, within)
    if not found.months:
        raise whole(path.name, "no commit", f"commits below {within}" if within else "commits")
    system = f"repo.{slug(path.resolve().name.removesuffix('.git'))}"
    first = min(found.months)
    gather.system(system, released_on=f"{first}-01")
    for name, month in sorted(found.months.items()):
        year, number = map(int, name.split("-"))
        end = date(year, number, calendar.monthrange(year, number)[1])
        if end.replace(day=1) > gather.known_at:
            gather.refuse(name, "known_at", str(gather.known_at), f"a day not before {end.replace(day=1)}")
            continue
        for what, (title, counted) in WHAT.items():
            total, ai = getattr(month, what), getattr(month, f"{what}_ai")
            if not total:
                continue
            indicator = gather.indicator(
                f"git_{what}_ai_share", name=f"Share of {title} signed by AI", unit="share", role="use",
                measures=f"{counted}; {DEFINITION}", **SHARE,
            )  # fmt: skip
            gather.measurement(
                name, indicator=indicator, system=system, condition=f"below {within}" if within else "",
                observed_on=f"{name}-01", value=ai / total, n=total,
                marks=["date_month", *(["partial"] if end > gather.known_at else [])],
                note=f"{ai} of {total} {title}",
            )  # fmt: skip
    return gather.done(f"git {found.root} {within}".strip())


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _take(gather, path)


def below(path: Path, within: str, *, known_at: date, source: str) -> Imported:
    """As `read`, for what lies below one path of the repository, such as a team's folder."""
    return gathered(lambda gather, place: _take(gather, place, within))(
        path, known_at=known_at, source=source
    )


def _recognise(path: Path, _head: bytes) -> bool:
    return path.is_dir() and (
        (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
    )


IMPORTER = Importer(
    name="git",
    version="1",
    at_release=False,
    title="A git repository: the share of work that AI signed",
    recognise=_recognise,
    read=_read,
)
