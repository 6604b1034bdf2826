"""A git repository itself: how much of its work AI wrote or helped to write, by month.

Story: coding agents sign what they do, as the author of a commit, in a trailer or in a footer of its message. Counting
the signatures gives a lower bound of the work they did: code that a person pasted from a chat is signed by nobody.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from scorecard.evidence.importers.git.agents import agents
from scorecard.evidence.importers.git.log import CommitHistory, Month, read_history, tally
from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import SHARE, Gather, gathered, slug
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer

__all__ = ["IMPORTER", "read_history", "tally", "within_folder"]

WHAT: Mapping[str, tuple[str, str]] = {
    "commits": ("commits", "commits on the main line and what was merged into it"),
    "authored": ("commits", "commits, of which those with an agent as author or committer"),
    "lines": ("changed lines", "lines added and deleted, binary files left out, merges counted once"),
    "merged": ("merged work", "steps along the main line: a merge with all it brought, or one commit"),
}
TITLES = {"authored": "Share of commits that AI authored"}


def _definition() -> str:
    return (
        "counted as AI: a coding agent's address, account or known form (data/agents.yaml of "
        f"{agents().known_at}) as author, committer or co-author, or in a trailer or footer for tools, those inside "
        "squash merges too. By author date, UTC months. A lower bound: unsigned help is not seen"
    )


def _take(gather: Gather, path: Path, within: str = "") -> Imported:
    found = read_history(path, within, known_at=gather.known_at)
    if not found.parents:
        raise whole(path.name, "no commit", f"commits below {within}" if within else "commits")
    system = f"repo.{slug(path.resolve().name.removesuffix('.git'))}"
    if found.months:
        gather.system(system, released_on=f"{min(found.months)}-01")
    for name, month in sorted(found.months.items()):
        _month(gather, name, month, system, within, lines=found.lines_known)
    gather.absent("commits that no clock dates", len(found.undated))
    gather.notes += _remarks(found, gather.known_at)
    return gather.done(f"git {found.root} {within}".strip())


def _month(gather: Gather, name: str, month: Month, system: str, within: str, *, lines: bool) -> None:
    year, number = map(int, name.split("-"))
    end = date(year, number, calendar.monthrange(year, number)[1])
    if end.replace(day=1) > gather.known_at:
        gather.absent(f"commits after {gather.known_at}", month.commits)
        return
    for what, (title, counts) in WHAT.items():
        total, ai = getattr(month, what), getattr(month, f"{what}_ai")
        if not total or (what == "lines" and not lines):
            continue
        indicator = gather.indicator(
            f"git_{what}_ai_share",
            name=TITLES.get(what, f"Share of {title} signed by AI"),
            unit="share",
            role="use",
            measures=f"{counts}; {_definition()}",
            **SHARE,
        )
        by = f": {_listed(month.signed)}" if what == "commits" and month.signed else ""
        gather.measurement(
            name,
            indicator=indicator,
            system=system,
            condition=f"below {within}" if within else "",
            observed_on=f"{name}-01",
            value=ai / total,
            n=total,
            marks=["date_month", *(["partial"] if end > gather.known_at else [])],
            note=f"{ai} of {total} {title}{by}",
        )


def _listed(counts: Counter[str], most: int = 12) -> str:
    named = {agent.id: agent.name for agent in agents().agents}
    shown = [f"{named.get(key, key)} {count}" for key, count in counts.most_common(most)]
    return ", ".join(shown) + (f" and {len(counts) - most} more" if len(counts) > most else "")


def _remarks(found: CommitHistory, known_at: date) -> list[str]:
    """What a person should know of the count: which signatures were seen, what looks like one, odd clocks."""
    notes = []
    if found.where:
        notes.append(f"Signatures seen, in commits: {_listed(found.where, 30)}.")
    if found.like:
        notes.append(
            f"Not counted, since they are of no known form and may be people: {_listed(found.like, 40)}. "
            "An agent among them is added to data/agents.yaml."
        )
    for commits, what in (
        (found.undated, f"have no possible date (1985 to {known_at}) and were left out"),
        (found.redated, "have no possible author date and count by their committer's"),
    ):
        if commits:
            shown = ", ".join(commit[:10] for commit in commits[:5])
            notes.append(f"{len(commits)} commits {what}: {shown}{' ...' * (len(commits) > 5)}.")
    if not found.lines_known:
        notes.append(
            "A clone without file contents (--filter): lines are not counted; for those, clone it whole."
        )
    return notes


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    return _take(gather, path)


def within_folder(path: Path, within: str, *, known_at: date, source: str) -> Imported:
    """As `read`, for what lies below one path of the repository, such as a team's folder."""
    return gathered(lambda gather, place: _take(gather, place, within))(
        path, known_at=known_at, source=source
    )


def _recognise(path: Path, _seen: Glimpse) -> bool:
    return path.is_dir() and (
        (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
    )


IMPORTER = Importer(
    name="git",
    version="2",
    at_release=False,
    title="A git repository: the share of work that AI signed",
    recognise=_recognise,
    read=_read,
)
