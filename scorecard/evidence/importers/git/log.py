"""One `git log`, read as a stream: months of commits, changed lines and merged work, and what agents signed.

Nothing of a repository is executed, fetched or written; its dates are looked at before they are believed.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from os import devnull, environ
from pathlib import Path
from secrets import token_hex
from typing import IO

from scorecard.clock import today
from scorecard.evidence.importers.git.agents import AgentMark, Agents, agents
from scorecard.evidence.importers.git.messages import hinted, signatures
from scorecard.evidence.reading.bounded import whole

SECONDS = re.compile(rb"-?[0-9]+|")
EARLIEST = int(
    datetime(1985, 1, 1, tzinfo=UTC).timestamp()
)  # no history kept today began before that of Emacs
WIDEST = 1024 * 1024  # bytes of one line that are looked at
LONGEST = 256 * 1024  # characters of one message that are looked at
# Marks between commits and after messages; drawn anew for each process, so that no message can hold them.
START, END = f"\x1e{token_hex(8)}", f"\x1d{token_hex(8)}"
_FORMAT = f"{START}%H%x1f%P%x1f%at%x1f%ct%x1f%an <%ae>%x1f%cn <%ce>%x1f%B{END}"


@dataclass(slots=True)
class Month:
    """What a month's commits add up to: all of it, what agents signed, and what they authored."""

    commits: int = 0
    commits_ai: int = 0
    authored: int = 0
    authored_ai: int = 0
    lines: int = 0
    lines_ai: int = 0
    merged: int = 0
    merged_ai: int = 0
    signed: Counter[str] = field(default_factory=Counter)  # agent's id -> commits


@dataclass(slots=True)
class CommitHistory:
    """The whole history: months, and for each commit its parents, month and whether an agent signed it."""

    months: dict[str, Month] = field(default_factory=lambda: defaultdict(Month))
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signed: dict[str, bool] = field(default_factory=dict)
    month_of: dict[str, str] = field(default_factory=dict)
    where: Counter[str] = field(default_factory=Counter)  # agent's id and where it signed -> commits
    like: Counter[str] = field(default_factory=Counter)  # what looks like an agent of no known form
    undated: list[str] = field(default_factory=list)  # commits whose clocks were wrong, both of them
    redated: list[str] = field(default_factory=list)  # commits dated by their committer
    root: str = ""
    lines_known: bool = True


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
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": devnull,
    "LC_ALL": "C",
}


def _asked(path: Path, *arguments: str) -> str:
    """The answer of a small git command; empty when it fails."""
    try:
        done = subprocess.run(
            _git(path, *arguments), capture_output=True, check=False, env={**environ, **_ENVIRONMENT}
        )
    except OSError as error:
        raise whole(path.name, f"git: {error.strerror}", "the program git; install it") from None
    return done.stdout.decode("utf-8", errors="replace").strip()


def _log(path: Path, within: str, *, lines: bool) -> Iterator[bytes]:
    """The lines of one `git log`, as they come; raises Unreadable with git's own words when it fails."""
    command = _git(
        path,
        "log",
        *(["--numstat"] if lines else []),
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--diff-merges=off",
        "--topo-order",
        "--encoding=UTF-8",
        f"--format={_FORMAT}",
        "HEAD",
        *(["--", within] if within else []),
    )
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
        faults = [line for line in said.splitlines() if line.startswith(("fatal:", "error:"))]
        raise whole(
            path.name,
            (faults or said.splitlines() or ["git failed"])[0][:200],
            "a git repository with commits",
        )


def read_history(path: Path, within: str = "", *, known_at: date | None = None) -> CommitHistory:
    """Read a repository's commits on HEAD; `within` keeps changes below one path only.

    A shallow clone is refused, since its oldest commit seems to have added everything; of a clone without file
    contents the lines are not counted.
    """
    if _asked(path, "rev-parse", "--is-shallow-repository") == "true":
        raise whole(
            path.name,
            "a shallow clone, whose oldest commit seems to have added everything",
            "the whole history: run `git fetch --unshallow` in it (in GitHub Actions: `fetch-depth: 0`)",
        )
    filters = _asked(path, "config", "--get-regexp", r"^remote\..*\.partialclonefilter$")
    partial = bool(filters or _asked(path, "config", "--get", "extensions.partialclone"))
    if partial and within and "tree" in filters:
        raise whole(
            path.name, "a clone without folders (--filter=tree:0)", "a whole clone, to count below a path"
        )
    found = tally(_log(path, within, lines=not partial), path.name, known_at=known_at)
    found.lines_known = not partial
    return found


def tally(lines: Iterable[bytes], name: str, *, known_at: date | None = None) -> CommitHistory:
    """What lines of `git log` in our format add up to; Unreadable, naming the repository, when they have another."""
    table, found = agents(), CommitHistory()
    end_of_time = (known_at or today()) + timedelta(days=2)
    latest = int(datetime.combine(end_of_time, time(), UTC).timestamp())
    month: Month | None = None
    signed = False
    message: list[bytes] = []
    start, end = START.encode(), END.encode()
    inside = False
    for line in lines:
        if line.startswith(start):
            message, inside = [line[len(start) :]], True
        elif inside:
            message.append(line)
        if inside:
            if line.rstrip(b"\n").endswith(end):
                inside = False
                month, signed = _commit(found, b"".join(message), name, table, latest)
            continue
        added, _, rest = line.partition(b"\t")
        deleted, tab, _ = rest.partition(b"\t")
        if month is not None and tab and added.isdigit() and deleted.isdigit():  # binary files have a dash
            changed = int(added[:12]) + int(deleted[:12])
            month.lines += changed
            month.lines_ai += changed * signed
    if inside:
        raise whole(name, "a damaged commit", "a repository that `git fsck` passes")
    _merged(found)
    return found


def _commit(
    found: CommitHistory, text: bytes, name: str, table: Agents, latest: int
) -> tuple[Month | None, bool]:
    """Note one commit: its month, or None when neither of its clocks can be right, and whether an agent signed it."""
    *head, body = text.split(b"\x1f", 6)
    if len(head) < 6 or SECONDS.fullmatch(head[2]) is None or SECONDS.fullmatch(head[3]) is None:
        raise whole(name, f"a damaged commit, {text[:60]!r}", "a repository that `git fsck` passes")
    said = b"\x1f".join(head).decode("utf-8", errors="replace")
    commit, parents, seconds, later, author, committer = said.split("\x1f")
    found.parents[commit] = tuple(parents.split())
    found.root = commit
    by = _signers(found, author, committer, body, table)
    signed = found.signed[commit] = bool(by)
    stamp = _month_of(int(seconds[:14] or 0), latest)
    if stamp is None:
        stamp = _month_of(int(later[:14] or 0), latest)
        (found.undated if stamp is None else found.redated).append(commit)
        if stamp is None:
            return None, signed
    found.month_of[commit] = stamp
    month = found.months[stamp]
    month.commits += 1
    month.commits_ai += signed
    month.authored += 1
    month.authored_ai += any(where == "author" for _, where in by)
    for agent in {agent for agent, _ in by}:
        month.signed[agent] += 1
    return month, signed


def _signers(
    found: CommitHistory, author: str, committer: str, body: bytes, table: Agents
) -> set[tuple[str, str]]:
    """Which agents signed a commit, and where."""
    seen: list[tuple[str, AgentMark]] = [("author", table.of_identity(author))]
    if committer != author:
        seen.append(("author", table.of_identity(committer)))
    if hinted(body):
        seen += signatures(body[:LONGEST].decode("utf-8", errors="replace"), table)
    by: set[tuple[str, str]] = set()
    for where, one in seen:
        if one.agent and (one.agent, where) not in by:
            by.add((one.agent, where))
            found.where[f"{one.agent} as {where}"] += 1
        elif one.like:
            found.like[one.like] += 1
    return by


@lru_cache(maxsize=4096)
def _month_of_day(day: int) -> str:
    return f"{datetime.fromtimestamp(day * 86400, UTC):%Y-%m}"


def _month_of(seconds: int, latest: int) -> str | None:
    """A commit's month, or None when its clock cannot have been right."""
    return _month_of_day(seconds // 86400) if EARLIEST <= seconds < latest else None


def _merged(found: CommitHistory) -> None:
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
        if commit in found.month_of:
            month = found.months[found.month_of[commit]]
            month.merged += 1
            month.merged_ai += signed
