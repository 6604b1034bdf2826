"""A briefing as an argument: each threshold's determination with the evidence for it and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scorecard.briefings.content.briefing import Briefing, Line, Said
from scorecard.words import day_in_words, visible

RULED_OUT = ("not crossed", "below alert")
SILENT = "no determination"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One threshold: what its developer determined, what that rests on, and what challenges it (its defeaters).

    `ruled_out` says whether the developer found the level not reached; None where nothing was determined.
    """

    line: Line
    claim: str
    ruled_out: bool | None
    evidence: tuple[Said, ...]
    defeaters: tuple[Said, ...]


def arguments(briefing: Briefing) -> tuple[Argument, ...]:
    """Every threshold of the briefing as an argument; nothing is said that the briefing does not say."""
    return tuple(
        Argument(
            line=line,
            claim=f"{line.name}: {line.status} (as of {day_in_words(briefing.as_of)})",
            ruled_out=None if line.status == SILENT else line.status in RULED_OUT,
            evidence=tuple(_evidence(line)),
            defeaters=tuple(_defeaters(line)),
        )
        for line in briefing.lines
    )


def one_line(text: str) -> str:
    """Text with what is invisible made visible and every break a blank, so that it stays one piece."""
    return " ".join(visible(" ".join(text.split())).split()) or "–"


def _evidence(line: Line) -> Iterator[Said]:
    if line.reason.text:
        yield line.reason
    if line.latest is not None:
        interval = f" ({line.latest_interval})" if line.latest_interval else ""
        on = f", {line.latest_on.text}" if line.latest_on else ""
        yield Said(
            f"Newest reading: {line.latest.text}{interval}, {line.latest_system}{on}.", line.latest.refs
        )


def _defeaters(line: Line) -> Iterator[Said]:
    """What the briefing itself holds against a determination, or against relying on it."""
    reached = line.status not in (*RULED_OUT, SILENT)
    if line.p_now is not None and not reached:
        yield Said(f"Our forecast gives {line.p_now.text} that it has been crossed already.", line.p_now.refs)
    if line.latest is not None and line.marks:
        marks = ", ".join(mark.replace("_", " ") for mark in line.marks)
        yield Said(f"The newest reading is marked: {marks}.", line.latest.refs)
    if line.outdated:
        yield Said(f"The forecast is outdated: {line.outdated}.", line.q50.refs if line.q50 else ())
    if line.unforecast:
        yield Said(f"No forecast bears on it: {line.unforecast}")
